"""Why a report was read as it was: every span that counts, the rule that read it, and the sum that decided."""

from __future__ import annotations

from typing import NamedTuple

from sijill.claims import decide
from sijill.claims.decide import Cluster
from sijill.claims.scene import Scene
from sijill.claims.weights import Model, Weights, score
from sijill.gazetteer import default_gazetteer
from sijill.resolve.place_features import sum_of
from sijill.resolve.places import explain_places

_SHOWN = 4


class Mark(NamedTuple):
    """A span of the text, what it was read as, by which rule, and the log-odds of a decision that was weighed."""

    start: int
    end: int
    label: str
    rule: str
    score: float | None


def explain_claims(scene: Scene, clusters: list[Cluster], weights: Weights) -> tuple[Mark, ...]:
    """The marks of all claims, by their place in the text."""
    kept = dict(_keep_scores(scene, weights))
    marks: list[Mark] = []
    for number, c in enumerate(clusters, start=1):
        for t in c.triggers:
            value, names = kept[t.first]
            rule = f"claim {number}: the {t.part} «{t.lemma}» tells {c.type}; {_sum(weights['keep'], names)}"
            marks.append(Mark(t.start, scene.tokens.end[t.last], c.type, rule, round(value, 2)))
        marks += _party_marks(scene, c, number, weights)
        marks += _value_marks(scene, c, number)
    return tuple(sorted(marks))


def _keep_scores(scene: Scene, weights: Weights) -> list[tuple[int, tuple[float, list[str]]]]:
    return [(t.first, (score(weights["keep"], names), names)) for t, names in decide.keep_options(scene)]


def _sum(model: Model, names: list[str]) -> str:
    """The features that weighed most, with their weights."""
    weighed = sorted(((model[n], n) for n in names if n in model), key=lambda item: -abs(item[0]))[:_SHOWN]
    return ", ".join(f"{name} {weight:+.2f}" for weight, name in weighed)


def _party_marks(scene: Scene, c: Cluster, number: int, weights: Weights) -> list[Mark]:
    marks = []
    chosen = [("initiator", p) for p in c.initiators] + [("target", p) for p in c.targets]
    options = decide.party_options(scene, c.triggers, c.type)
    for role, party in chosen:
        mine = [(score(weights[role], names), names) for p, _, names in options if p.first == party.first]
        value, names = max(mine, default=(0.0, []))
        why = _sum(weights[role], names) or "carried over from an earlier claim"
        rule = f"claim {number}: {role} {party.name} ({party.form}); {why}"
        marks.append(Mark(party.start, party.end, role, rule, round(value, 2)))
    return marks


def _value_marks(scene: Scene, c: Cluster, number: int) -> list[Mark]:
    tokens = scene.tokens
    marks = []
    choices = explain_places(scene.place_mentions, tokens, default_gazetteer()) if c.places else []
    for k in c.places:
        place = scene.resolved_places[k]
        how = "carried over; " if c.places_inherited else ""
        rule = f"claim {number}: {how}{place.relation} {place.name}; {place.reason or 'not resolved'}"
        if choices[k]:
            rule += f"; {sum_of(choices[k])}"
        marks.append(Mark(place.span.start, place.span.end, "place", rule, place.confidence))
    if c.time is not None:
        seen = scene.times[c.time]
        start, end = scene.date_range(c.time)
        how = "carried over; " if c.time_inherited else ""
        rule = f"claim {number}: {how}{scene.time_rule(c.time)}: {start} to {end}"
        marks.append(Mark(tokens.start[seen.first], tokens.end[seen.last], "time", rule, None))
    for k in c.harm:
        h = scene.harm[k]
        rule = f"claim {number}: {h.outcome} {h.people.low} to {h.people.high}, {h.people.who}"
        marks.append(Mark(tokens.start[h.people.first], tokens.end[h.people.last], h.outcome, rule, None))
    if c.source is not None:
        a = scene.tellers[c.source]
        marks.append(Mark(a.start, a.end, "source", f"claim {number}: {c.source_kind} tells it, by {a.form}", None))
    return marks
