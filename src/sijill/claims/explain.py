"""Why a report was read as it was: every span that counts, the rule that read it, and the sum that decided."""

from __future__ import annotations

from typing import Final, NamedTuple

from sijill.claims.choose import keep_options
from sijill.claims.cluster import Cluster
from sijill.claims.roles import role_options
from sijill.claims.scene import Scene
from sijill.claims.sums import Row
from sijill.claims.weigh import Model, Weights
from sijill.gazetteer import default_gazetteer
from sijill.resolve.place_features import sum_of
from sijill.resolve.places import explain_places

_SHOWN: Final = 4


class Mark(NamedTuple):
    """A span of the text, what it was read as, by which rule, and the log-odds of a decision that was weighed."""

    start: int
    end: int
    label: str
    rule: str
    score: float | None


def explain_claims(scene: Scene, clusters: list[Cluster], weights: Weights) -> tuple[Mark, ...]:
    """The marks of all claims, by their place in the text."""
    kept = {t.first: row for t, row in keep_options(scene)}
    marks: list[Mark] = []
    for number, c in enumerate(clusters, start=1):
        for t in c.triggers:
            row = kept[t.first]
            rule = f"claim {number}: the {t.part} «{t.lemma}» tells {c.type}; {_sum(weights['keep'], row)}"
            value = weights["keep"].score(row)
            marks.append(Mark(t.start, scene.tokens.end[t.last], c.type, rule, round(value, 2)))
        marks += _party_marks(scene, c, number, weights)
        marks += _value_marks(scene, c, number)
    return tuple(sorted(marks))


def _sum(model: Model, row: Row) -> str:
    """The features that weighed most, with their weights."""
    return ", ".join(f"{name} {weight:+.2f}" for name, weight in model.reasons(row)[:_SHOWN])


def _party_marks(scene: Scene, c: Cluster, number: int, weights: Weights) -> list[Mark]:
    marks = []
    chosen = [("initiator", p) for p in c.initiators] + [("target", p) for p in c.targets]
    options = [option for t in c.triggers for option in role_options(scene, t)]
    for role, party in chosen:
        model = weights[role]
        mine = [(model.score(row), row) for p, row in options if p.first == party.first]
        value, why = 0.0, "carried over from an earlier claim"
        if mine:
            value, row = max(mine)
            why = _sum(model, row)
        rule = f"claim {number}: {role} {party.name} ({party.form}); {why}"
        marks.append(Mark(party.start, party.end, role, rule, round(value, 2)))
    return marks


def _value_marks(scene: Scene, c: Cluster, number: int) -> list[Mark]:
    tokens = scene.tokens
    marks = []
    choices = (
        explain_places(scene.place_mentions, tokens, default_gazetteer(), context=scene.place_context)
        if c.places
        else []
    )
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
