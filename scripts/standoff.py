"""Gold for reports whose texts are not ours to carry: the claims by their places in the text, without a word of it.

    python scripts/standoff.py pack FOLDER [FOLDER ...] > training/standoff.jsonl
    python scripts/standoff.py lay CORPUS.jsonl[.gz] training/standoff.jsonl OUT

`lay` writes the pairs NAME.txt and NAME.yaml that `make fit` and `sijill score` read, for those who have the corpus:
one JSON object a line with id, title, published or seen, outlet and text (the ANT corpus and SaudiNewsNet, say). A
report whose text is not the one that was coded is passed over and named.
"""

from __future__ import annotations

import argparse
import gzip
import hashlib
import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import yaml

Claim = dict[str, Any]
QUOTED = ("initiators", "targets", "places", "killed", "injured", "captured", "missing", "displaced")


def text_of(row: dict[str, Any]) -> str:
    """A report of the corpus as it was coded: headline, stamp, outlet, body."""
    stamp = (row.get("published") or row.get("seen") or "")[:16].replace("T", " ")
    head = [row["title"], "", stamp, row["outlet"], ""] if stamp else [row["title"], "", row["outlet"], ""]
    return "\n".join([*head, row["text"].strip()]) + "\n"


def converted(claim: Claim, turn: Callable[[Any], Any]) -> Claim:
    """A claim with each of its quotes turned into its place, or each place into its quote."""
    out: Claim = {**claim, "trigger": turn(claim["trigger"])}
    if claim.get("also"):
        out["also"] = [turn(quote) for quote in claim["also"]]
    for slot in QUOTED:
        if claim.get(slot):
            out[slot] = [{**fill, "quote": turn(fill["quote"])} if "quote" in fill else fill for fill in claim[slot]]
    if (claim.get("source") or {}).get("name"):
        out["source"] = {**claim["source"], "name": turn(claim["source"]["name"])}
    return out


def pack(folders: list[Path]) -> None:
    """Print the gold of folders, without its words."""
    for path in sorted(path for folder in folders for path in folder.glob("*.yaml")):
        raw = yaml.safe_load(path.read_text(encoding="utf-8"))
        text = (path.parent / raw["report"]).read_text(encoding="utf-8")

        def place(quote: Any, text: str = text) -> list[int]:
            start = text.index(str(quote))
            return [start, start + len(str(quote))]

        claims = [converted(claim, place) for claim in raw.get("claims") or []]
        line = {"id": path.stem, "sha256": hashlib.sha256(text.encode()).hexdigest(), "claims": claims}
        print(json.dumps(line, ensure_ascii=False, default=str, separators=(",", ":")))


def lay(corpus: Path, standoff: Path, out: Path) -> None:
    """Write texts and gold side by side."""
    opened = gzip.open if corpus.suffix == ".gz" else open
    with opened(corpus, "rt", encoding="utf-8") as file:
        rows = {row["id"]: row for row in map(json.loads, file)}
    out.mkdir(parents=True, exist_ok=True)
    for line in map(json.loads, standoff.read_text(encoding="utf-8").splitlines()):
        text = text_of(rows[line["id"]]) if line["id"] in rows else ""
        if hashlib.sha256(text.encode()).hexdigest() != line["sha256"]:
            print(f"{line['id']}: not in {corpus}, or not the text that was coded; passed over", file=sys.stderr)
            continue

        def quote(place: list[int], text: str = text) -> str:
            return text[place[0] : place[1]]

        claims = [converted(claim, quote) for claim in line["claims"]]
        gold = {"report": f"{line['id']}.txt", "claims": claims}
        (out / f"{line['id']}.txt").write_text(text, encoding="utf-8")
        (out / f"{line['id']}.yaml").write_text(yaml.safe_dump(gold, allow_unicode=True), encoding="utf-8")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = parser.add_subparsers(dest="command", required=True)
    packing = commands.add_parser("pack")
    packing.add_argument("folders", type=Path, nargs="+")
    laying = commands.add_parser("lay")
    laying.add_argument("corpus", type=Path)
    laying.add_argument("standoff", type=Path)
    laying.add_argument("out", type=Path)
    args = parser.parse_args()
    if args.command == "pack":
        pack(args.folders)
    else:
        lay(args.corpus, args.standoff, args.out)


if __name__ == "__main__":
    main()
