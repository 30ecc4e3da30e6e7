"""Learn the weights of the reader's decisions from gold reports, and say how well they do on reports not learned from.

    python scripts/fit GOLD_DIR[=TIMES] [...] [--out weights.csv] [--folds 5] [--on DIR ...]

Each GOLD_DIR holds pairs NAME.yaml + the text it names, in the codebook's form; "=3" counts its reports three times.
`--on` names folders to read with the weights learned, and nothing learned from them; `--folds` learns from a part and
reads the rest, in turns; the readings are written to --predictions, to be scored. Needs scikit-learn.
"""

from __future__ import annotations

import argparse
import csv
import json
from pathlib import Path

import numpy as np
from gold import Gold, load
from learn import learn
from rows import first_rows

from sijill.claims.decide import DECISIONS
from sijill.claims.weigh import Weights
from sijill.reader import read


def write(weights: Weights, out: Path) -> None:
    """Write the table of weights, the weightiest first."""
    with out.open("w", encoding="utf-8", newline="") as file:
        table = csv.writer(file, lineterminator="\n")
        table.writerow(["decision", "feature", "weight"])
        for name in DECISIONS:
            for feature, weight in sorted(weights[name].weights().items(), key=lambda item: (-abs(item[1]), item[0])):
                table.writerow([name, feature, weight])


def reading(gold: Gold, weights: Weights) -> str:
    """The report of a gold file, read with given weights, as a line of JSON."""
    report = read(gold.data, name=gold.raw["report"], weights=weights)
    return json.dumps(report.to_dict(), ensure_ascii=False)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("gold", nargs="+", help="a folder of gold, or FOLDER=TIMES")
    parser.add_argument("--out", type=Path, help="the table of weights to write")
    parser.add_argument("--folds", type=int, default=0, help="cross-validate in so many parts")
    parser.add_argument("--draws", type=int, default=1, help="the mean of so many draws of what is learned from others")
    parser.add_argument("--on", type=Path, nargs="*", default=[], help="folders to read that are not learned from")
    parser.add_argument("--predictions", type=Path, default=Path(".venv/fit"), help="where to write readings")
    args = parser.parse_args()
    golds: list[Gold] = []
    for name in args.gold:
        folder, _, times = name.partition("=")
        golds += load(Path(folder), int(times or 1))
    rows = [first_rows(gold) for gold in golds]
    args.predictions.mkdir(parents=True, exist_ok=True)
    if args.folds > 1:
        lines: dict[str, list[str]] = {}
        parts = np.random.default_rng(7).permutation(len(golds)) % args.folds
        for fold in range(args.folds):
            mine = [i for i, part in enumerate(parts) if part != fold]
            weights = learn([golds[i] for i in mine], [rows[i] for i in mine])
            for gold in (golds[i] for i, part in enumerate(parts) if part == fold):
                lines.setdefault(gold.path.parent.name, []).append(reading(gold, weights))
        for name, mine_lines in lines.items():
            (args.predictions / f"{name}.folds.jsonl").write_text("\n".join(mine_lines), encoding="utf-8")
    if args.on or args.out:
        weights = learn(golds, rows, draws=args.draws)
        for folder in args.on:
            text = "\n".join(reading(gold, weights) for gold in load(folder))
            (args.predictions / f"{folder.name}.jsonl").write_text(text, encoding="utf-8")
        if args.out:
            write(weights, args.out)
        for name in DECISIONS:
            print(f"{name:16} {len(weights[name].weights()):6} weights")


if __name__ == "__main__":
    main()
