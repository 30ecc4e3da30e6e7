"""Names as they were written. Facts keep names folded, for comparing; people are shown the spelling of a report.

The spelling is looked up in the readings and never kept beside them, so that a report that is removed takes it along.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import Connection, func, select

from sijill.model import Report
from sijill.record.adding import in_chunks, report_of
from sijill.record.fact import outlet_of, plain_name
from sijill.record.schema import claims, readings

_FIRST = 1_000
"""So many claims of a name are met, and the first of them asked: those of a common one are too many to be sorted."""


def in_claims(connection: Connection, ids: Iterable[int]) -> dict[str, str]:
    """How the first of some claims write each name of a party, a place, an area, a source and an outlet, by its folded
    form. Claims of removed reports write none."""
    wanted = select(claims.c.id, claims.c.key, claims.c.reading_id, readings.c.data)
    joined = wanted.join(readings, readings.c.id == claims.c.reading_id)
    found: dict[str, str] = {}
    reports: dict[int, Report] = {}
    rows = in_chunks(connection, joined, claims.c.id, sorted(set(ids)))
    for row in sorted(rows, key=lambda row: row.id):
        if row.data:
            if row.reading_id not in reports:
                reports[row.reading_id] = report_of(row.data)
            report = reports[row.reading_id]
            for folded, name in written(report, row.key).items():
                found.setdefault(folded, name)
            if report.outlet and (outlet := outlet_of(report)):
                found.setdefault(outlet, report.outlet.strip())
    return found


def of(connection: Connection, key: Any, claim: Any, names: Sequence[str]) -> dict[str, str]:
    """How one of the first claims writes each name of a column of names (`key`, beside the column of claims' ids)."""
    firsts = []
    for name in dict.fromkeys(names):
        some = select(claim.label("claim")).where(key == name).limit(_FIRST).subquery()
        firsts.append(connection.execute(select(func.min(some.c.claim))).scalar())
    return in_claims(connection, [first for first in firsts if first is not None])


def written(report: Report, key: str) -> dict[str, str]:
    """How one claim of a report writes the names it tells, by their folded form."""
    claim = next((claim for claim in report.claims if claim.id == key), None)
    if claim is None:
        return {}
    names = [party.name for party in (*claim.initiators, *claim.targets)]
    names += [name for place in claim.places for name in (place.name, place.admin1, place.admin2) if name]
    names += [claim.source.name] if claim.source.name else []
    return {plain_name(name): name for name in reversed(names)}
