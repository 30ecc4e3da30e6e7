"""What there is to learn from a gold report: for each decision, the choices laid out as the reader sees them, and which
of them the gold takes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, NamedTuple

from gold import Claim, Gold, date_of, is_party, is_place

from sijill.claims.alone import Alone, read_alone
from sijill.claims.carry import Chain
from sijill.claims.choose import Chosen, choose_triggers, keep_options, sense_row, senses_of
from sijill.claims.cluster import Cluster
from sijill.claims.decide import DECISIONS, join_alone
from sijill.claims.harm import harm_options
from sijill.claims.join import same_options
from sijill.claims.rank import claim_rows
from sijill.claims.roles import Before, Earlier, carried_role_options, key_of, role_options
from sijill.claims.seen import TriggerMention
from sijill.claims.sums import Row
from sijill.claims.teller import TELLER_KINDS, kind_row, source_options
from sijill.claims.weigh import Weights
from sijill.claims.when import carried_time_options, time_options
from sijill.claims.where import carried_place_options, place_key, place_options
from sijill.codebook import GROUP_OF
from sijill.lexicon import default_lexicon
from sijill.scoring.match import same_name


class Example(NamedTuple):
    """One option of a decision: its attributes, and whether the gold takes it."""

    decision: str
    row: Row
    taken: bool


FIRST = tuple(name for name in DECISIONS if name not in ("same", "rank"))
"""The decisions that rest on the text alone; "same" rests on these, "rank" on all."""


def first_rows(gold: Gold) -> list[Example]:
    """The examples of all decisions that rest on the text alone."""
    scene = gold.scene
    rows: list[Example] = []
    for i, (t, row) in enumerate(keep_options(scene)):
        rows.append(Example("keep", row, i in gold.told))
        wanted = {want for _, want in gold.told.get(i, ())}
        if wanted and not (GROUP_OF[t.type] == "killing" and all(GROUP_OF[w] != "killing" for w in wanted)):
            types = senses_of(t, default_lexicon().senses)
            if len(types) > 1 and wanted & set(types):
                rest = sense_row(scene, t)
                rows += [Example("sense", (other, *rest), other in wanted) for other in types]
    for k, claim in enumerate(gold.claims):
        triggers = [t.of_type(claim["type"]) for t in gold.triggers_of(k)]
        if triggers:
            rows += _own_rows(gold, claim, triggers)
    return rows + _carried_rows(gold)


Options = list[tuple[Any, TriggerMention, Row]]


def _options(
    triggers: list[TriggerMention], options_of: Callable[[TriggerMention], Iterable[tuple[Any, Row]]]
) -> Options:
    return [(x, t, row) for t in triggers for x, row in options_of(t)]


def _nearest(
    name: str, options: Options, good: Callable[[Any], Any], at: Callable[[Any], tuple[int, int]]
) -> list[Example]:
    """The nearest option of each gold value is taken, its repetitions are left out, all else is not taken."""
    best: dict[Any, tuple[int, int]] = {}
    for n, (x, t, _) in enumerate(options):
        key = good(x)
        if key is not None:
            first, last = at(x)
            distance = first - t.last if first > t.last else t.first - last
            if key not in best or distance < best[key][0]:
                best[key] = (distance, n)
    chosen = {n for _, n in best.values()}
    return [Example(name, row, n in chosen) for n, (x, _, row) in enumerate(options) if n in chosen or good(x) is None]


def _own_rows(gold: Gold, claim: Claim, triggers: list[TriggerMention]) -> list[Example]:
    """The slots of a claim as filled from its own sentences."""
    scene = gold.scene
    rows: list[Example] = []
    options = _options(triggers, lambda t: role_options(scene, t))
    for name, slot in (("initiator", "initiators"), ("target", "targets")):
        fills = claim.get(slot) or []
        rows += _nearest(
            name,
            [o for o in options if name == "target" or o[0].form != "thing"],
            lambda p, fills=fills: next((n for n, f in enumerate(fills) if is_party(f, p, scene)), None),
            lambda p: (p.first, p.last),
        )
    rows += _nearest(
        "place", _options(triggers, lambda t: place_options(scene, t)),
        lambda k: is_place(claim, scene.places[k].name),
        lambda k: (scene.places[k].first, scene.places[k].last),
    )  # fmt: skip
    date = date_of(claim)
    rows += _nearest(
        "time", _options(triggers, lambda t: time_options(scene, t)),
        lambda k: 0 if date and scene.date_range(k) == date else None,
        lambda k: (scene.times[k].first, scene.times[k].last),
    )  # fmt: skip
    tolls = [(o, f.get("n")) for o in ("killed", "injured", "captured") for f in claim.get(o) or []]

    def harmed(k: int) -> int | None:
        h = scene.harm[k]
        for n, (outcome, count) in enumerate(tolls):
            low, high = count if isinstance(count, list) else (count, count)
            if outcome == h.outcome and (low, high) == (h.people.low, h.people.high):
                return n
        return None

    rows += _nearest(
        "harm", _options(triggers, lambda t: harm_options(scene, t)), harmed,
        lambda k: (scene.harm[k].people.first, scene.harm[k].people.last),
    )  # fmt: skip
    source = claim.get("source") or {"kind": "outlet"}

    def tells(k: int) -> int | None:
        a = scene.tellers[k]
        named = same_name(source["name"], a.name) if source.get("name") else a.kind == source["kind"]
        return 0 if source["kind"] != "outlet" and named else None

    options = _options(triggers[:1], lambda t: source_options(scene, t))
    rows += _nearest("source", options, tells, lambda k: (scene.tellers[k].first, scene.tellers[k].last))
    for n in {n for n, _, _ in options if tells(n) is not None}:
        rest = kind_row(scene.tellers[n])
        rows += [Example("kind", (kind, *rest), kind == source["kind"]) for kind in TELLER_KINDS]
    return rows


def _carried_rows(gold: Gold) -> list[Example]:
    """Claims whose own sentences lack a value, against what was told before them."""
    scene = gold.scene
    rows: list[Example] = []
    earlier: Before = {}
    times, places = Chain(), Chain()
    order = sorted(
        ((k, claim, gold.triggers_of(k)) for k, claim in enumerate(gold.claims)),
        key=lambda item: min((t.first for t in item[2]), default=0),
    )
    for k, claim, triggers in order:
        if not triggers:
            continue
        t = triggers[0].of_type(claim["type"])
        fills = claim.get("initiators") or []
        near = [p for x in triggers for p, _ in role_options(scene, x)]
        own = {key_of(p): p for p in near if any(is_party(f, p, scene) for f in fills)}
        if not own:
            for p, row in carried_role_options(scene, earlier, t):
                rows.append(Example("initiator-before", row, any(is_party(f, p, scene) for f in fills)))
        if own:
            told = Earlier(claim["type"], triggers, list(own.values()))
            earlier.setdefault(GROUP_OF[claim["type"]], []).append(told)
        rows += _carried_time(gold, k, triggers, t, times)
        rows += _carried_place(gold, k, triggers, t, places)
    return rows


def _carried_time(gold: Gold, k: int, triggers: list[TriggerMention], t: TriggerMention, times: Chain) -> list[Example]:
    scene, claim = gold.scene, gold.claims[k]
    date = date_of(claim)
    key = "/".join(date) if date else ""
    own = next((n for x in triggers for n, _ in time_options(scene, x) if scene.times[n].key == key), None)
    rows: list[Example] = []
    if own is None and scene.digest_time is None:
        options = [(n, t, row) for n, row in carried_time_options(scene, t, times)]
        rows = _nearest(
            "time-before", options, lambda n: 0 if scene.times[n].key == key else None,
            lambda n: (scene.times[n].first, scene.times[n].last),
        )  # fmt: skip
        own = next((n for n, _, _ in options if scene.times[n].key == key), None)
    times.add(key, own)
    return rows


def _carried_place(
    gold: Gold, k: int, triggers: list[TriggerMention], t: TriggerMention, places: Chain
) -> list[Example]:
    scene, claim = gold.scene, gold.claims[k]
    own = next(
        (n for x in triggers for n, _ in place_options(scene, x) if is_place(claim, scene.places[n].name) is not None),
        None,
    )
    rows: list[Example] = []
    if own is None:
        options = [(n, t, row) for n, row in carried_place_options(scene, t, places)]
        rows = _nearest(
            "place-before", options, lambda n: is_place(claim, scene.places[n].name),
            lambda n: (scene.places[n].first, scene.places[n].last),
        )  # fmt: skip
        own = next((n for n, _, _ in options if is_place(claim, scene.places[n].name) is not None), None)
    places.add(place_key(scene, own) if own is not None else "", own)
    return rows


def same_rows(gold: Gold, weights: Weights) -> list[Example]:
    """Pairs of triggers that tell claims, with what each tells alone by the weights of the first decisions."""
    scene = gold.scene
    kept: list[Alone] = []
    claims: list[set[int]] = []
    for i, told in sorted(gold.told.items()):
        t = scene.triggers[i]
        if GROUP_OF[t.type] != "killing" or GROUP_OF[told[0][1]] == "killing":
            t = t.of_type(told[0][1])
        kept.append(read_alone(scene, Chosen(t, 0.0, {t.type: 0.0}), weights))
        claims.append({k for k, _ in told})
    return [Example("same", row, bool(claims[a] & claims[b])) for a, b, row in same_options(scene, kept)]


def rank_rows(gold: Gold, weights: Weights) -> list[Example]:
    """The claims that the other decisions make, and which of them the gold has: each gold claim goes to the one that
    shares most of its triggers."""
    scene = gold.scene
    alone = [read_alone(scene, chosen, weights) for chosen in choose_triggers(scene, weights, default_lexicon().senses)]
    clusters = join_alone(scene, alone, weights)
    index = {t.first: i for i, t in enumerate(scene.triggers)}
    shared: list[tuple[int, int, int]] = []
    for n, c in enumerate(clusters):
        for k, claim in enumerate(gold.claims):
            if GROUP_OF[claim["type"]] == GROUP_OF[c.type]:
                both = sum(any(m == k for m, _ in gold.told.get(index[t.first], ())) for t in c.triggers)
                if both:
                    shared.append((-_agreement(gold, claim, c, both), n, k))
    taken: dict[int, int] = {}
    for _, n, k in sorted(shared):
        if n not in taken and k not in taken.values():
            taken[n] = k
    return [Example("rank", row, n in taken) for n, row in enumerate(claim_rows(scene, clusters))]


def _agreement(gold: Gold, claim: Claim, c: Cluster, both: int) -> int:
    """How much a claim read is like a gold claim: shared triggers, and slots that agree."""
    scene = gold.scene
    date = date_of(claim)
    return (
        both
        + sum(any(is_party(f, p, scene) for p in c.initiators) for f in claim.get("initiators") or [])
        + sum(any(is_party(f, p, scene) for p in c.targets) for f in claim.get("targets") or [])
        + sum(is_place(claim, scene.places[k].name) is not None for k in c.places)
        + (c.time is not None and scene.date_range(c.time) == date)
    )
