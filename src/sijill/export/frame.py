"""Frames: incidents or claims of a record as Polars or pandas data frames, for a notebook."""

from __future__ import annotations

from importlib import import_module
from typing import Any, Literal

from sijill.errors import OptionError
from sijill.export.collect import Choice, collect
from sijill.export.package import ExportError
from sijill.record import Record


def frame(
    record: Record,
    of: Literal["incidents", "claims"] = "incidents",
    choice: Choice | None = None,
    *,
    library: Literal["polars", "pandas"] = "polars",
) -> Any:
    """Incidents (a row each, in the columns of the CSV export) or claims (a row each, with `incident`).

    Returns a `polars.DataFrame` or a `pandas.DataFrame`. Raises `OptionError` for another `of` or `library`,
    `ExportError` where the library is not installed.
    """
    if of not in ("incidents", "claims") or library not in ("polars", "pandas"):
        raise OptionError(f"{of}, {library}: frames are of incidents or claims, in polars or pandas")
    try:
        from sijill.export.parquet import arrow

        whole = arrow(list(collect(record, choice or Choice())))
        if library == "pandas":
            pandas = import_module("pandas")
            table = whole.to_pandas()
            if of == "incidents":
                return table.drop(columns="claim_list")
            return pandas.json_normalize(_claims(whole.to_pylist()))
        import polars
    except ImportError as error:
        raise ExportError(f"frames need an extra: pip install 'sijill[export]' ({error.name})") from error
    incidents = polars.from_arrow(whole)
    assert isinstance(incidents, polars.DataFrame)
    if of == "incidents":
        return incidents.drop("claim_list")
    listed = incidents.select(polars.col("id").alias("incident"), "claim_list").explode("claim_list")
    return listed.unnest("claim_list")


def _claims(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [{"incident": row["id"], **claim} for row in rows for claim in row["claim_list"]]
