"""The desk: where a person decides. Every decision is a row that names who, when and why, and is never changed.

What a decision does to the working tables is told in `acts`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec
from sqlalchemy import Connection, select

from sijill.incidents.summary import summarise
from sijill.record import Record
from sijill.record.decisions import put_decision
from sijill.record.engine import next_id
from sijill.record.ledger import append
from sijill.record.schema import decisions
from sijill.review.acts import ACTS, STATES, Decision, State, Withholding, canonical
from sijill.review.errors import ReviewError

__all__ = ["KINDS", "STATES", "Desk", "State"]

KINDS = tuple(ACTS)
_FORMS: dict[str, Any] = {
    "comment": str,
    "assign": str,
    "state": str,
    "merge": str,
    "move": str,
    "split": list[str],
    "withhold": Withholding,
}
"""The form of the value that a decision needs."""


class Desk:
    """The decisions of one person on one record. Claims are named `c12`, incidents `i7`, captures `r3`.

    Every method returns the number of the decision it made, and raises `ReviewError` for one that cannot stand.
    """

    def __init__(self, record: Record, who: str) -> None:
        if not who.strip():
            raise ReviewError("a decision needs a name: say who decides")
        self.record, self.who = record, who

    def accept(self, claim: str, field: str | None = None, why: str = "") -> int:
        """A claim, or one field of it, is as it was read."""
        return self._one("accept", claim, field, None, why)

    def correct(self, claim: str, field: str, value: Any, why: str = "") -> int:
        """A field says something else; `sijill.record.decided.changed` tells the form of each field's value."""
        return self._one("correct", claim, field, value, why)

    def reject(self, claim: str, field: str | None = None, why: str = "") -> int:
        """A claim is none, or a field says nothing of the kind."""
        return self._one("reject", claim, field, None, why)

    def comment(self, target: str, words: str) -> int:
        """A remark on a claim or an incident."""
        return self._one("comment", target, None, words, "")

    def assign(self, target: str, to: str, why: str = "") -> int:
        """Somebody is asked to look at it."""
        return self._one("assign", target, None, to, why)

    def state(self, target: str, state: State, why: str = "") -> int:
        """How far the work on it has come."""
        return self._one("state", target, None, state, why)

    def merge(self, incident: str, other: str, why: str = "") -> int:
        """Two incidents are one: the claims of `other` move to `incident`, and stay."""
        return self._one("merge", incident, None, other, why)

    def split(self, incident: str, claims_out: Sequence[str], why: str = "") -> int:
        """Some claims are another event: they move to an incident of their own, and are kept apart from the first."""
        return self._one("split", incident, None, list(claims_out), why)

    def move(self, claim: str, incident: str, why: str = "") -> int:
        """A claim belongs to another incident."""
        return self._one("move", claim, None, incident, why)

    def withhold(self, capture: str, why: str, remove: bool = False, origin: bool = False) -> int:
        """A capture is not to be shown; or all its words are removed for somebody's safety, with every copy of them.

        The hashes and the story of a removed capture stay; with `origin` the addresses it came from go as well.
        """
        return self._one("withhold", capture, None, {"remove": remove, "origin": origin}, why)

    def undo(self, decision: int, why: str = "") -> int:
        """Take a decision back, as if it had not been made; it stays in the history."""
        with self.record.writing() as connection:
            row = connection.execute(select(decisions.c.target).where(decisions.c.id == decision)).first()
            if row is None:
                raise ReviewError(f"decision {decision}: there is none")
            return self.decide(connection, "undo", row.target, None, decision, why)

    def _one(self, kind: str, target: str, field: str | None, value: Any, why: str) -> int:
        with self.record.writing() as connection:
            return self.decide(connection, kind, target, field, value, why)

    def decide(self, connection: Connection, kind: str, target: str, field: str | None, value: Any, why: str) -> int:
        """Any of the above, in a transaction of the caller's: for many decisions that stand or fall together."""
        if kind not in ACTS:
            raise ReviewError(f"{kind}: no such decision; one of {', '.join(KINDS)}")
        if kind in _FORMS:
            value = _formed(kind, value)
        at = self.record.clock()
        decision = Decision(self.record, connection, at, self.who, kind, canonical(connection, target), field, value)
        decision.number = next_id(connection, decisions)
        ACTS[kind](decision)
        number, entry = put_decision(
            connection,
            at,
            self.who,
            kind,
            decision.target,
            field=field,
            value=None if decision.value is None else msgspec.json.encode(decision.value).decode(),
            why=why,
            replaces=decision.replaces,
            anchor=decision.anchor,
        )
        append(connection, at, [entry, *decision.entries])
        if decision.touched:
            summarise(connection, decision.touched)
        return number


def _formed(kind: str, value: Any) -> Any:
    try:
        return msgspec.convert({} if kind == "withhold" and value is None else value, _FORMS[kind])
    except msgspec.ValidationError as error:
        needs = {"split": 'a list of claims (["c2"])', "withhold": '{"remove": true, "origin": true}, or nothing'}.get(
            kind, "a word or a name"
        )
        raise ReviewError(f"{kind}: needs {needs}") from error
