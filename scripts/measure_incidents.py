"""How well incidents agree with the truth, on made-up worlds: the record's joining, `sijill link`, and two baselines.

    python scripts/measure_incidents.py --seeds 21 22 23 24 25

Prints B-cubed precision, recall and F1 and the CoNLL F1, each the mean over the seeds.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from collections.abc import Callable, Hashable, Mapping
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent / "tests"))

import pyarrow.parquet as pq
from sqlalchemy import select

from claims_builder import READ, item
from cluster_measures import b_cubed, conll
from sijill.corpus.link import link
from sijill.corpus.run import run
from sijill.record import Record
from sijill.record.schema import claims, members
from synthetic_record import World, exact_keys, windows, world

Found = Mapping[Hashable, Hashable]


def by_record(made: World, folder: Path) -> Found:
    """The incident of every claim that a record keeps."""
    record = Record.init(folder / "record")
    record.add([item(report, name=f"{n}", url=report.source.url) for n, report in enumerate(made.reports)], read=READ)
    wanted = select(claims.c.key, members.c.incident_id).join(members, members.c.claim_id == claims.c.id)
    with record.reading() as connection:
        return {row[0]: row[1] for row in connection.execute(wanted)}


def by_link(made: World, folder: Path) -> Found:
    """The incident of every claim of a corpus."""
    lines = [json.dumps({"text": report.to_json().decode()}, ensure_ascii=False) for report in made.reports]
    (folder / "in.jsonl").write_text("\n".join(lines), encoding="utf-8")
    run(folder / "in.jsonl", folder / "out", read=READ)
    link(folder / "out")
    rows = pq.read_table(folder / "out" / "incidents.parquet", columns=["claim", "incident"]).to_pylist()
    return {row["claim"]: row["incident"] for row in rows}


WAYS: dict[str, Callable[[World, Path], Found]] = {
    "record": by_record,
    "link": by_link,
    "windows": lambda made, _: dict(windows(made.reports)),
    "exact keys": lambda made, _: dict(exact_keys(made.reports)),
}


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seeds", type=int, nargs="+", default=[21, 22, 23, 24, 25])
    parser.add_argument("--ways", nargs="+", choices=list(WAYS), default=list(WAYS))
    asked = parser.parse_args()
    for way in asked.ways:
        sums = [0.0] * 4
        for seed in asked.seeds:
            made = world(seed=seed)
            with tempfile.TemporaryDirectory() as folder:
                found = WAYS[way](made, Path(folder))
            cubed = b_cubed(dict(made.truth), found)
            told = (cubed.precision, cubed.recall, cubed.f1, conll(dict(made.truth), found))
            sums = [before + now for before, now in zip(sums, told, strict=True)]
        print(f"{way:<12}", *(f"{total / len(asked.seeds):.3f}" for total in sums), flush=True)


if __name__ == "__main__":
    main()
