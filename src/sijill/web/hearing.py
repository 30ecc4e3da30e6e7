"""Words: which claims have them, by the record's own index of words, over all claims that there are."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from sqlalchemy import func, select

from sijill.record import Record
from sijill.search.narrow import spoken
from sijill.search.query import Term
from sijill.web.columns import Longs


@lru_cache(maxsize=64)
def claims_with(record: Record, _version: int, said: tuple[Term, ...]) -> Longs:
    """The numbers of all claims that have the words, ascending, at one state of the record."""
    with record.reading() as connection:
        docs = spoken(connection, list(said)).subquery()
        if connection.dialect.name == "sqlite":
            # One long line of numbers comes out of the database many times faster than a row for each.
            told = connection.execute(select(func.group_concat(docs.c.doc))).scalar()
            found = np.fromstring(told or "", np.int64, sep=",")
        else:
            found = np.array(connection.execute(select(func.array_agg(docs.c.doc))).scalar() or [], np.int64)
    return np.sort(found) // 2
