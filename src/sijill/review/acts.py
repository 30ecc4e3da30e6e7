"""What a decision does to the working tables: who stands in which incident, what state a thing is in. Each act follows
from its decision alone and can be undone, by a decision again.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Literal

import msgspec
from sqlalchemy import Connection, delete, func, insert, select, update

from sijill.incidents.join import Placing, blank, log_placings
from sijill.record import Record
from sijill.record.decided import FIELDS, VALUES, changed, state_after, value_of
from sijill.record.engine import next_id
from sijill.record.fact import Fact, decode
from sijill.record.ledger import Entry
from sijill.record.prepare import anchor_of
from sijill.record.removal import erase, same_text
from sijill.record.schema import (
    bars,
    captures,
    claims,
    decisions,
    incidents,
    member_log,
    members,
    states,
    withheld,
)
from sijill.review.errors import ReviewError

State = Literal["machine-read", "assigned", "reviewed", "second-review", "final", "rejected"]
STATES: tuple[State, ...] = ("machine-read", "assigned", "reviewed", "second-review", "final", "rejected")

_LONGEST_NAME = 19
"""A letter and the digits of the largest number that a database keeps."""


class Withholding(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """What is done to a capture: hidden, or with `remove` emptied for good, its addresses too with `origin`.

    `also` names captures of the same text, which go with it; the record fills it in.
    """

    remove: bool = False
    origin: bool = False
    also: tuple[int, ...] = ()


class Decision:
    """A decision while it is being made."""

    def __init__(
        self,
        record: Record,
        connection: Connection,
        at: str,
        who: str,
        kind: str,
        target: str,
        field: str | None,
        value: Any,
    ) -> None:
        self.record, self.connection, self.at, self.who = record, connection, at, who
        self.kind, self.target, self.field, self.value = kind, target, field, value
        self.number = 0
        self.replaces: int | None = None
        self.anchor: str | None = None
        self.entries: list[Entry] = []
        self.touched: set[int] = set()


def number_of(target: str, letter: str) -> int:
    """The number in a name such as `c12`. Raises `ReviewError` for another kind of name."""
    if not target.startswith(letter) or not target[1:].isdecimal() or len(target) > _LONGEST_NAME:
        kind = {"c": "a claim (c12)", "i": "an incident (i7)", "r": "a capture (r3)"}[letter]
        raise ReviewError(f"{target}: not {kind}")
    return int(target[1:])


def current_claim(connection: Connection, thread: int) -> tuple[int, Fact, int]:
    """Row id, fact and reading of the current claim of a thread."""
    wanted = select(claims).where(claims.c.thread == thread, claims.c.current).order_by(claims.c.id.desc()).limit(1)
    row = connection.execute(wanted).first()
    if row is None:
        raise ReviewError(f"c{thread}: there is no such claim, or its words no longer stand in the newest reading")
    return row.id, decode(row.fact), row.reading_id


def canonical(connection: Connection, target: str) -> str:
    """The name under which decisions are kept: a claim's is that of its thread."""
    if target[:1] == "c":
        number = number_of(target, "c")
        thread = connection.execute(select(claims.c.thread).where(claims.c.id == number)).scalar()
        if thread is None:
            raise ReviewError(f"{target}: there is no such claim")
        return f"c{thread}"
    if target[:1] == "i":
        wanted = select(incidents.c.id).where(incidents.c.id == number_of(target, "i"))
    else:
        wanted = select(captures.c.id).where(captures.c.id == number_of(target, "r"))
    if connection.execute(wanted).scalar() is None:
        raise ReviewError(f"{target}: there is none in this record")
    return target


def _known(_decision: Decision) -> None:
    """A remark changes nothing."""


def _value(decision: Decision) -> None:
    number, fact, reading = current_claim(decision.connection, number_of(decision.target, "c"))
    report = decision.record.report(decision.connection, reading)
    key = decision.connection.execute(select(claims.c.key).where(claims.c.id == number)).scalar_one()
    decision.anchor = next(anchor_of(claim) for claim in report.claims if claim.id == key)
    if decision.field is not None and decision.field not in FIELDS:
        raise ReviewError(f"{decision.field}: no such field; one of {', '.join(FIELDS)}")
    if decision.kind == "correct":
        if decision.field is None:
            raise ReviewError(f"{decision.target}: say which field is to be corrected")
        try:
            changed(fact, decision.field, decision.value)
        except (msgspec.ValidationError, TypeError) as error:
            form = msgspec.json.encode(value_of(fact, decision.field)).decode()
            raise ReviewError(f"{decision.target} {decision.field}: {error}; the form is as in {form}") from error
    before = (
        select(func.max(decisions.c.id))
        .where(decisions.c.target == decision.target, decisions.c.who == decision.who, decisions.c.kind.in_(VALUES))
        .where(decisions.c.field.is_(None) if decision.field is None else decisions.c.field == decision.field)
    )
    decision.replaces = decision.connection.execute(before).scalar()
    decision.touched.add(_incident_of(decision.connection, number))


def _incident_of(connection: Connection, claim: int) -> int:
    wanted = select(members.c.incident_id).where(members.c.claim_id == claim)
    return int(connection.execute(wanted).scalar_one())


def _state(decision: Decision) -> None:
    connection, target = decision.connection, decision.target
    if decision.kind == "state" and decision.value not in STATES:
        raise ReviewError(f"{decision.value}: no such state; one of {', '.join(STATES)}")
    if decision.value == "final" and decision.record.settings.final_needs_second:
        reviewed = select(decisions.c.who).where(decisions.c.target == target, decisions.c.kind == "state")
        last = connection.execute(
            reviewed.where(decisions.c.value.in_(['"reviewed"', '"second-review"'])).order_by(decisions.c.id.desc())
        ).scalar()
        if last is None or last == decision.who:
            raise ReviewError(f"{target}: another person than {decision.who} must have reviewed it before it is final")
    previous = connection.execute(
        select(func.max(decisions.c.id)).where(decisions.c.target == target, decisions.c.kind == decision.kind)
    ).scalar()
    decision.replaces = previous
    row = connection.execute(select(states).where(states.c.target == target)).first()
    assignee = decision.value if decision.kind == "assign" else row.assignee if row else None
    _set_state(connection, target, "assigned" if decision.kind == "assign" else decision.value, assignee)


def _set_state(connection: Connection, target: str, state: str, assignee: str | None) -> None:
    connection.execute(delete(states).where(states.c.target == target))
    if state != "machine-read" or assignee:
        connection.execute(insert(states).values(target=target, state=state, assignee=assignee))


def _place(decision: Decision, ids: Sequence[int], incident: int, why: str, pinned: bool = True) -> None:
    """Move claims to an incident, and say so in the log."""
    connection = decision.connection
    decision.touched |= {_incident_of(connection, claim) for claim in ids} | {incident}
    placings = [Placing(claim, incident, 0.0, why) for claim in ids]
    decision.entries += log_placings(connection, decision.at, placings, decision.number)
    for claim in ids:
        where = update(members).where(members.c.claim_id == claim)
        connection.execute(where.values(incident_id=incident, pinned=pinned))


def _held(connection: Connection, incident: int) -> list[int]:
    wanted = select(members.c.claim_id).where(members.c.incident_id == incident).order_by(members.c.claim_id)
    return list(connection.execute(wanted).scalars())


def _merge(decision: Decision) -> None:
    keep, leave = number_of(decision.target, "i"), number_of(canonical(decision.connection, decision.value), "i")
    ids = _held(decision.connection, leave)
    if keep == leave or not ids or not _held(decision.connection, keep):
        raise ReviewError(f"i{keep} and i{leave}: two incidents that hold claims are needed to merge")
    _place(decision, ids, keep, "merged")
    decision.connection.execute(update(incidents).where(incidents.c.id == leave).values(merged_into=keep))


def _split(decision: Decision) -> None:
    connection, incident = decision.connection, number_of(decision.target, "i")
    threads = [number_of(canonical(connection, name), "c") for name in decision.value]
    ids = [current_claim(connection, thread)[0] for thread in threads]
    held = set(_held(connection, incident))
    if not ids or not set(ids) < held:
        raise ReviewError(f"i{incident}: split off some of its claims, not all and none of another")
    new = next_id(connection, incidents)
    connection.execute(insert(incidents).values(blank(new, decision.at)))
    connection.execute(insert(bars).values(low=incident, high=new, decision_id=decision.number))
    _place(decision, ids, new, "split")


def _move(decision: Decision) -> None:
    incident = number_of(canonical(decision.connection, decision.value), "i")
    claim = current_claim(decision.connection, number_of(decision.target, "c"))[0]
    _place(decision, [claim], incident, "moved")


def _withhold(decision: Decision) -> None:
    connection, capture, asked = decision.connection, number_of(decision.target, "r"), decision.value
    before = connection.execute(select(withheld.c.removed).where(withheld.c.capture_id == capture)).scalar()
    remove = bool(before) or asked.remove  # what was removed stays so
    if asked.origin and not remove:
        raise ReviewError(f'{decision.target}: addresses are removed only with the report: {{"remove": true}}')
    ids = same_text(connection, capture) if remove else [capture]
    connection.execute(delete(withheld).where(withheld.c.capture_id.in_(ids)))
    rows = [{"capture_id": one, "decision_id": decision.number, "removed": remove} for one in ids]
    connection.execute(insert(withheld), rows)
    also = tuple(one for one in ids if one != capture)
    decision.value = Withholding(remove, asked.origin, also)
    if remove:
        touched, entries = erase(connection, decision.record.folder, ids, origin=asked.origin)
        decision.touched |= touched
        decision.entries += entries


def _undo(decision: Decision) -> None:
    connection, undone = decision.connection, decision.value
    if isinstance(undone, bool) or not isinstance(undone, int):
        raise ReviewError("undo: needs the number of a decision")
    row = connection.execute(select(decisions).where(decisions.c.id == undone)).first()
    if row is None:
        raise ReviewError(f"decision {undone}: there is none")
    again = connection.execute(select(decisions.c.id).where(decisions.c.kind == "undo", decisions.c.replaces == undone))
    if row.kind == "undo" or again.first():
        raise ReviewError(f"decision {undone}: is undone already, or is an undoing itself; decide anew instead")
    decision.replaces = undone
    if row.kind in ("merge", "split", "move"):
        _put_back(decision, row)
    elif row.kind in ("state", "assign"):
        _older_state(decision, row)
    elif row.kind == "withhold":
        if msgspec.json.decode(row.value, type=Withholding).remove:
            raise ReviewError(f"decision {undone}: the report was removed for good and cannot come back")
        connection.execute(delete(withheld).where(withheld.c.decision_id == undone))
    elif row.kind in VALUES:
        decision.touched.add(_incident_of(connection, current_claim(connection, number_of(row.target, "c"))[0]))


def _put_back(decision: Decision, row: Any) -> None:
    """Return the claims that a decision moved to where the log says they stood before."""
    connection = decision.connection
    undone = select(decisions.c.replaces).where(decisions.c.kind == "undo")
    undoing = select(decisions.c.id).where(decisions.c.kind == "undo")
    cancelled = set(connection.execute(undone).scalars()) | set(connection.execute(undoing).scalars())
    moved = select(member_log.c.claim_id).where(member_log.c.decision_id == row.id)
    for thread in connection.execute(select(claims.c.thread).where(claims.c.id.in_(moved))).scalars().all():
        same = select(claims.c.id).where(claims.c.thread == thread)
        log = select(member_log).where(member_log.c.claim_id.in_(same), member_log.c.why != "read-again")
        steps = [
            step for step in connection.execute(log.order_by(member_log.c.id)) if step.decision_id not in cancelled
        ]
        if steps[-1].decision_id != row.id:
            last = steps[-1].decision_id
            raise ReviewError(f"decision {row.id}: c{thread} was moved again since; undo decision {last} first")
        claim = current_claim(connection, thread)[0]
        _place(decision, [claim], steps[-2].incident_id, "undone", pinned=steps[-2].decision_id is not None)
    connection.execute(delete(bars).where(bars.c.decision_id == row.id))
    if row.kind == "merge":
        leave = number_of(msgspec.json.decode(row.value), "i")
        connection.execute(update(incidents).where(incidents.c.id == leave).values(merged_into=None))


def _older_state(decision: Decision, row: Any) -> None:
    """The state that stood before the undone decision."""
    undone = select(decisions.c.replaces).where(decisions.c.kind == "undo")
    kept = (
        select(decisions)
        .where(decisions.c.target == row.target, decisions.c.kind.in_(("state", "assign")))
        .where(decisions.c.id != row.id, decisions.c.id.not_in(undone))
        .order_by(decisions.c.id)
    )
    state, assignee = state_after(decision.connection.execute(kept))
    _set_state(decision.connection, row.target, state, assignee)


ACTS: dict[str, Callable[[Decision], None]] = {
    **dict.fromkeys(VALUES, _value),
    "comment": _known,
    "assign": _state,
    "state": _state,
    "merge": _merge,
    "split": _split,
    "move": _move,
    "withhold": _withhold,
    "undo": _undo,
}
"""What each kind of decision does."""
