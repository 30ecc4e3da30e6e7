"""The columns of a board: claims and incidents of a record as arrays, one value a row, and the registers they count in.

They hold no words of reports: numbers, ids and names of places, parties and tellers alone. Columns are never changed
once they are made; `grown` makes the next ones.
"""

from __future__ import annotations

import threading
from collections.abc import Hashable, Iterable, Sequence
from typing import Any, Generic, TypeVar

import msgspec
import numpy as np
from numpy.typing import NDArray

from sijill.codebook import SOURCE_KINDS, TYPES
from sijill.incidents.outline import DISPUTES, HARMED, Outline
from sijill.record.fact import Fact, Spot
from sijill.review.desk import STATES

Ints = NDArray[np.int32]
Longs = NDArray[np.int64]
Bools = NDArray[np.bool_]
NEVER = np.int32(-1)
"""Stands for a day that is not told, and for every other value that is not there."""
TYPE = {name: n for n, name in enumerate(TYPES)}
KIND = {name: n for n, name in enumerate(SOURCE_KINDS)}
STATE: dict[str, int] = {name: n for n, name in enumerate(STATES)}
DISPUTE = {name: 1 << n for n, name in enumerate(DISPUTES)}
"""Each is a bit of `i_disputes`."""
HARM = {told: n for n, told in enumerate(HARMED)}
"""The values of `harm`: outcome and who."""
V = TypeVar("V")


class IncidentRow(msgspec.Struct, frozen=True):
    """What the board keeps of an incident; `live` unless it was merged away or has no claims. Days as ordinals."""

    id: int
    type: str
    first: int | None
    last: int | None
    killed_low: int | None
    killed_high: int | None
    state: str = "machine-read"
    live: bool = True
    outline: Outline = Outline()


class Register(Generic[V]):
    """Values and their numbers. It only grows, and so may be shared by boards and asked from threads."""

    def __init__(self, values: Iterable[V] = ()) -> None:
        self.values: list[V] = list(values)
        self.numbers: dict[Hashable, int] = {self.key(value): n for n, value in enumerate(self.values)}
        self._lock = threading.Lock()

    def key(self, value: V) -> Hashable:
        """What tells values apart."""
        return value

    def number(self, value: V) -> int:
        """The number of a value, given at first sight."""
        key = self.key(value)
        found = self.numbers.get(key)
        if found is None:
            with self._lock:
                found = self.numbers.get(key)
                if found is None:
                    found = len(self.values)
                    self.values.append(value)
                    self.numbers[key] = found
        return found


class Spots(Register[Spot]):
    """Places; a tuple is told apart many times faster than a struct."""

    def key(self, value: Spot) -> Hashable:
        """Its fields."""
        return msgspec.structs.astuple(value)


class Registers(msgspec.Struct):
    """What the numbers in columns stand for. A party is its actor's id and its folded name; a doer its key alone."""

    places: Spots = msgspec.field(default_factory=Spots)
    parties: Register[tuple[str | None, str]] = msgspec.field(default_factory=Register)
    sources: Register[str] = msgspec.field(default_factory=Register)
    doers: Register[str] = msgspec.field(default_factory=Register)


class Columns(msgspec.Struct):
    """Claims (`claim` ascending), the places and parties of claims, incidents (`id` ascending), and their doers."""

    claim: Longs
    held: Ints
    """The row of the claim's incident; NEVER for a claim that counts no more."""
    type: Ints
    first: Ints
    last: Ints
    kind: Ints
    source: Ints
    outlet: Ints
    against: Bools
    """Whether another claim of its incident contradicts it."""
    place_of: Ints
    """The row of the claim that tells `place`."""
    place: Ints
    party_of: Ints
    party: Ints
    id: Longs
    i_type: Ints
    i_first: Ints
    i_last: Ints
    i_low: Ints
    i_high: Ints
    i_state: Ints
    i_disputes: Ints
    background: Bools
    """Whether the incident's numbers are those of no event of its own (`outline.is_background`)."""
    live: Bools
    doer_of: Ints
    """The row of the incident that `doer` is said to have done."""
    doer: Ints
    harm_of: Ints
    """The row of the incident that tells people harmed, at least `harm_low`, at most `harm_high` (NEVER: open)."""
    harm: Ints
    harm_low: Ints
    harm_high: Ints

    @classmethod
    def empty(cls) -> Columns:
        """No rows."""
        kinds = {"Longs": np.int64, "Ints": np.int32, "Bools": np.bool_}
        return cls(**{name: np.zeros(0, kinds[str(kind)]) for name, kind in cls.__annotations__.items()})


_OF_CLAIM = ("held", "type", "first", "last", "kind", "source", "outlet")
_OF_INCIDENT = (
    "i_type", "i_first", "i_last", "i_low", "i_high", "i_state", "i_disputes", "background", "live",
)  # fmt: skip


def grown(
    old: Columns,
    rows: Iterable[IncidentRow],
    facts: Iterable[tuple[Fact, int]],
    gone: Iterable[int],
    known: Registers,
) -> Columns:
    """Columns with incidents and claims (each with its incident's id) new or told anew, and without claims `gone`.

    Of an incident told anew every claim must stand or be told: who contradicts whom is told of the whole.
    """
    rows = sorted(rows, key=lambda row: row.id)
    columns = _with_claims(_with_incidents(old, rows, known), facts, gone, known)
    anew = np.zeros(len(columns.id), np.bool_)
    anew[np.searchsorted(columns.id, np.array([row.id for row in rows], np.int64))] = True
    marks = columns.against.copy()
    held = columns.held >= 0
    marks[held] &= ~anew[columns.held[held]]
    marks[rows_of(columns.claim, (claim for row in rows for claim in row.outline.against))] = True
    return msgspec.structs.replace(columns, against=marks)


def _with_incidents(old: Columns, rows: Sequence[IncidentRow], known: Registers) -> Columns:
    told = np.array([_incident(row) for row in rows], np.int64).reshape(-1, 1 + len(_OF_INCIDENT))
    at, before = _places_in(old.id, told[:, 0])
    ids = np.insert(old.id, at[~before], told[~before, 0])
    moved = _moved(old.id, ids)
    row_of = np.searchsorted(ids, told[:, 0]).astype(np.int32)
    new: dict[str, Any] = {"id": ids, "held": _renumbered(moved, old.held)}
    for n, name in enumerate(_OF_INCIDENT, start=1):
        new[name] = _filled(getattr(old, name), moved, len(ids), row_of, told[:, n])
    anew = np.zeros(len(ids), np.bool_)
    anew[row_of] = True
    doer_of = _renumbered(moved, old.doer_of)
    kept = ~anew[doer_of]
    pairs = [(row, known.doers.number(key)) for row, one in zip(row_of, rows, strict=True) for key in one.outline.doers]
    more = np.array(pairs, np.int32).reshape(-1, 2)
    new["doer_of"] = np.concatenate([doer_of[kept], more[:, 0]])
    new["doer"] = np.concatenate([old.doer[kept], more[:, 1]])
    harm_of = _renumbered(moved, old.harm_of)
    kept = ~anew[harm_of]
    harmed = [(row, HARM[outcome, who], _told(low), _told(high)) for row, one in zip(row_of, rows, strict=True)
              for outcome, who, low, high in one.outline.harm]  # fmt: skip
    more = np.array(harmed, np.int32).reshape(-1, 4)
    new["harm_of"] = np.concatenate([harm_of[kept], more[:, 0]])
    for n, name in enumerate(("harm", "harm_low", "harm_high"), start=1):
        new[name] = np.concatenate([getattr(old, name)[kept], more[:, n]])
    return msgspec.structs.replace(old, **new)


def _with_claims(old: Columns, facts: Iterable[tuple[Fact, int]], gone: Iterable[int], known: Registers) -> Columns:
    facts = sorted(facts, key=lambda pair: pair[0].claim)
    number = known.sources.number
    rows = [
        (
            fact.claim, held, TYPE.get(fact.type, -1), _day(fact.first), _day(fact.last),
            KIND.get(fact.source_kind, -1), number(fact.source) if fact.source else -1,
            number(fact.outlet) if fact.outlet else -1,
        )
        for fact, held in facts
    ]  # fmt: skip
    told = np.array(rows, np.int64).reshape(-1, 8)
    told[:, 1] = np.searchsorted(old.id, told[:, 1])
    at, before = _places_in(old.claim, told[:, 0])
    claim = np.insert(old.claim, at[~before], told[~before, 0])
    moved = _moved(old.claim, claim)
    row_of = np.searchsorted(claim, told[:, 0]).astype(np.int32)
    new: dict[str, Any] = {"claim": claim}
    for n, name in enumerate(_OF_CLAIM, start=1):
        new[name] = _filled(getattr(old, name), moved, len(claim), row_of, told[:, n])
    new["against"] = _filled(old.against, moved, len(claim), row_of[:0], told[:0, 0])
    new["held"][rows_of(claim, gone)] = NEVER
    anew = np.zeros(len(claim), np.bool_)
    anew[row_of] = True
    spots = [(row, known.places.number(plain(spot))) for row, (fact, _) in zip(row_of, facts, strict=True)
             for spot in fact.spots]  # fmt: skip
    sides = [(row, known.parties.number((side.actor, side.name))) for row, (fact, _) in zip(row_of, facts, strict=True)
             for side in (*fact.initiators, *fact.targets)]  # fmt: skip
    for name, pairs in (("place", spots), ("party", sides)):
        of = _renumbered(moved, getattr(old, f"{name}_of"))
        kept = ~anew[of]
        more = np.array(pairs, np.int32).reshape(-1, 2)
        new[f"{name}_of"] = np.concatenate([of[kept], more[:, 0]])
        new[name] = np.concatenate([getattr(old, name)[kept], more[:, 1]])
    return msgspec.structs.replace(old, **new)


def joined(parts: Sequence[Columns]) -> Columns:
    """Columns of parts that share no claim and no incident, whose ids may come in any order."""
    whole = Columns(**{
        name: np.concatenate([getattr(part, name) for part in (Columns.empty(), *parts)])
        for name in Columns.__struct_fields__
    })  # fmt: skip
    claims, incidents = np.cumsum([0] + [len(p.claim) for p in parts]), np.cumsum([0] + [len(p.id) for p in parts])
    by_claim, by_id = np.argsort(whole.claim, kind="stable"), np.argsort(whole.id, kind="stable")
    claim_now, incident_now = _inverse(by_claim), _inverse(by_id)

    def renumbered(name: str, starts: Any, now: Ints) -> Ints:
        return np.concatenate([np.zeros(0, np.int32), *(
            now[getattr(part, name) + start] for part, start in zip(parts, starts[:-1], strict=True)
        )])  # fmt: skip

    new: dict[str, Any] = {name: getattr(whole, name)[by_claim] for name in ("claim", "against", *_OF_CLAIM)}
    new |= {name: getattr(whole, name)[by_id] for name in ("id", *_OF_INCIDENT)}
    return msgspec.structs.replace(
        whole,
        **{**new, "held": renumbered("held", incidents, incident_now)[by_claim]},
        place_of=renumbered("place_of", claims, claim_now),
        party_of=renumbered("party_of", claims, claim_now),
        doer_of=renumbered("doer_of", incidents, incident_now),
        harm_of=renumbered("harm_of", incidents, incident_now),
    )


def rows_of(ids: Longs, wanted: Iterable[int]) -> Ints:
    """The rows of those wanted that are there."""
    at, there = _places_in(ids, np.array(sorted(wanted), np.int64))
    return at[there]


def plain(spot: Spot) -> Spot:
    """A place without how it was told to lie: "near" counts as the place."""
    return spot if spot.relation == "in" else msgspec.structs.replace(spot, relation="in")


def _incident(row: IncidentRow) -> tuple[int, ...]:
    told = row.outline
    return (
        row.id, TYPE.get(row.type, -1), _day(row.first), _day(row.last), _told(row.killed_low), _told(row.killed_high),
        STATE.get(row.state, -1), sum(DISPUTE[value] for value in told.disputes), told.background, row.live,
    )  # fmt: skip


def _places_in(ids: Longs, wanted: Longs) -> tuple[Ints, Bools]:
    """Where ids stand, or would have to be put, and whether they are there."""
    at = np.searchsorted(ids, wanted).astype(np.int32)
    there = np.zeros(len(wanted), np.bool_)
    inside = at < len(ids)
    there[inside] = ids[at[inside]] == wanted[inside]
    return at, there


def _moved(old: Longs, new: Longs) -> Ints | None:
    """The new row of each old one; None where they stay as they are, as all do that are added at the end."""
    if len(old) == 0 or new[len(old) - 1] == old[-1]:
        return None
    return np.searchsorted(new, old).astype(np.int32)


def _renumbered(moved: Ints | None, rows: Ints) -> Ints:
    if moved is None:
        return rows
    return np.where(rows >= 0, moved[rows], NEVER).astype(np.int32)


def _filled(old: Any, moved: Ints | None, size: int, rows: Ints, values: Longs) -> Any:
    """A column with its old values where their rows are now, and new values in their rows."""
    column = np.zeros(size, old.dtype)
    column[slice(0, len(old)) if moved is None else moved] = old
    column[rows] = values
    return column


def _inverse(order: NDArray[np.intp]) -> Ints:
    now = np.zeros(len(order), np.int32)
    now[order] = np.arange(len(order), dtype=np.int32)
    return now


def _day(day: int | None) -> int:
    return -1 if day is None else day


def _told(number: int | None) -> int:
    return -1 if number is None else min(number, 2**31 - 1)
