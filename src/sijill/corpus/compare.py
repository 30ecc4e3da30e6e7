"""What linking compares: the claims and reports of a corpus as rows. Pairs come from the record's blocks."""

from __future__ import annotations

from array import array
from typing import Any

import msgspec
import pyarrow as pa

from sijill.incidents.blocks import sought, written
from sijill.incidents.pair import HARM_ONLY, LEAST_WORDS, families, total
from sijill.record.copies import bands
from sijill.record.fact import Fact, decode

SCHEMA = pa.schema(
    [
        ("unique_id", pa.string()), ("report", pa.string()), ("type", pa.string()), ("kind", pa.string()),
        ("family", pa.string()), ("harm_alone", pa.bool_()), ("first", pa.int64()), ("last", pa.int64()),
        ("published", pa.int64()), ("spots", pa.binary()), ("several", pa.bool_()), ("doers", pa.list_(pa.string())),
        ("others", pa.list_(pa.string())), ("killed", pa.int64()), ("killed_most", pa.int64()),
        ("injured", pa.int64()), ("injured_most", pa.int64()), ("means", pa.list_(pa.string())),
        ("damage", pa.list_(pa.string())), ("words", pa.list_(pa.int32())), ("planned", pa.bool_()),
        ("teller", pa.string()), ("keys", pa.list_(pa.string())), ("fact", pa.binary()),
    ]
)  # fmt: skip
"""A claim. `killed_most` and `injured_most` are -1 where a number is open upward."""
SIGNED = pa.schema([("report", pa.string()), ("key", pa.int64()), ("whole", pa.bool_()), ("signature", pa.binary())])
"""A key under which a report meets others that may be copies: of all its words, or of a band of its signature."""
_REACH_DAYS = 2
_OPEN = -1


def compared(claims: pa.RecordBatch | pa.Table) -> pa.Table:
    """Claims (`id`, `report`, `fact`) as the rows that are compared, of `SCHEMA`."""
    rows = [
        _row(claim["id"], claim["report"], decode(claim["fact"])) | {"fact": claim["fact"]}
        for claim in claims.to_pylist()
    ]
    return pa.Table.from_pylist(rows, schema=SCHEMA)


def signed(reports: pa.RecordBatch | pa.Table) -> pa.Table:
    """Reports (`id`, `words_digest`, `signature`) as the rows by which copies are found, of `SIGNED`."""
    rows = []
    for report in reports.to_pylist():
        told = {"report": report["id"], "signature": report["signature"]}
        rows.append({**told, "key": int.from_bytes(report["words_digest"][:8], "big", signed=True), "whole": True})
        rows += [{**told, "key": key, "whole": False} for key in bands(report["signature"])]
    return pa.Table.from_pylist(rows, schema=SIGNED)


def _row(claim: str, report: str, fact: Fact) -> dict[str, Any]:
    kind, family = families().get(fact.type, (fact.type, fact.type))
    words = array("i", fact.word_codes)
    row = {
        "unique_id": claim,
        "report": report,
        "type": fact.type,
        "kind": kind,
        "family": family,
        "harm_alone": fact.type in HARM_ONLY,
        "first": fact.first,
        "last": fact.last if fact.last is not None else fact.first,
        "published": fact.published,
        "spots": msgspec.msgpack.encode(fact.spots) if fact.spots else None,
        "several": len(fact.spots) > 1,
        "doers": [side.key for side in fact.initiators] or None,
        "others": [side.key for side in fact.targets] or None,
        "means": list(fact.means) or None,
        "damage": [kind for kind, _ in fact.damage if kind != "other"] or None,
        "words": words if len(words) >= LEAST_WORDS else None,
        "planned": fact.modality == "planned",
        "teller": f"{fact.source_kind} {fact.source or ''}",
        "keys": _keys(fact),
    }
    for outcome in ("killed", "injured"):
        if told := total(fact, outcome):
            row |= {outcome: told[0], f"{outcome}_most": _OPEN if told[1] is None else told[1]}
    return row


def _keys(fact: Fact) -> list[str]:
    """The blocks of a claim as text: two claims meet in one where the record would compare them, within two days."""
    pairs = set(written(fact))
    look = sought(fact)
    if look:
        days = {day for _, day in pairs}
        pairs |= {(key, day) for key in look[0] for day in days}
    # A fact outside a record has no origin: the key of copies would bring all together.
    own = {key for key, _ in written(msgspec.structs.replace(fact, spots=(), harm=()))}
    return sorted({f"{key}:{day + later}" for key, day in pairs if key not in own for later in range(_REACH_DAYS + 1)})
