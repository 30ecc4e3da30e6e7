"""Do reviewers agree? Krippendorff's alpha for each field, over claims that two people or more have judged."""

from __future__ import annotations

from typing import Any

import krippendorff
import msgspec
import numpy as np
from sqlalchemy import select

from sijill.record import Record
from sijill.record.decided import VALUES, value_of
from sijill.record.fact import decode
from sijill.record.schema import claims, decisions


class Agreement(msgspec.Struct, frozen=True):
    """Alpha of one field: 1 full agreement, 0 as by chance. None where there is nothing to disagree about."""

    field: str
    claims: int
    reviewers: int
    alpha: float | None


def agreement(record: Record) -> list[Agreement]:
    """Agreement on every field that two people judged. Accepting a value counts as giving it."""
    judged = _judged(record)
    return [
        _alpha(field, by_claim)
        for field, by_claim in sorted(judged.items())
        if any(len(said) > 1 for said in by_claim.values())
    ]


def _judged(record: Record) -> dict[str, dict[str, dict[str, str]]]:
    """Field, claim, reviewer: the value that the reviewer gives, as JSON; the newest of each."""
    with record.reading() as connection:
        undone = select(decisions.c.replaces).where(decisions.c.kind == "undo")
        wanted = (
            select(decisions)
            .where(decisions.c.kind.in_(VALUES), decisions.c.id.not_in(undone))
            .order_by(decisions.c.id)
        )
        found: dict[str, dict[str, dict[str, str]]] = {}
        for row in connection.execute(wanted).all():
            if row.kind == "correct" and row.value is None:
                continue  # its words were removed with the report
            field = row.field or "claim"
            value = row.value or row.kind
            if row.kind == "accept" and row.field:
                fact = connection.execute(select(claims.c.fact).where(claims.c.id == int(row.target[1:]))).scalar_one()
                if not fact:
                    continue
                value = msgspec.json.encode(value_of(decode(fact), row.field)).decode()
            found.setdefault(field, {}).setdefault(row.target, {})[row.who] = value
        return found


def _alpha(field: str, by_claim: dict[str, dict[str, str]]) -> Agreement:
    shared = {claim: said for claim, said in by_claim.items() if len(said) > 1}
    people = sorted({who for said in shared.values() for who in said})
    values = sorted({value for said in shared.values() for value in said.values()})
    alpha: float | None = None
    if len(values) > 1:
        codes: Any = np.full((len(people), len(shared)), np.nan)
        for column, said in enumerate(shared.values()):
            for who, value in said.items():
                codes[people.index(who), column] = values.index(value)
        alpha = round(float(krippendorff.alpha(reliability_data=codes, level_of_measurement="nominal")), 4)
    return Agreement(field, len(shared), len(people), alpha)
