"""Learn the weights of the reader's decisions from gold reports, and say how well they do on reports not learned from.

    fit.py GOLD_DIR [GOLD_DIR ...] [--out weights.csv] [--folds 5]

Each GOLD_DIR holds pairs NAME.yaml + the text it names, in the codebook's form. Needs scikit-learn.
"""

from __future__ import annotations

import argparse
import csv
import json
from collections import Counter
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import yaml
from sklearn.feature_extraction import DictVectorizer
from sklearn.linear_model import LogisticRegression

from sijill.claims import decide
from sijill.claims.features import GROUP_OF
from sijill.claims.scene import Scene
from sijill.claims.seen import TriggerMention
from sijill.claims.weights import MODELS, Weights
from sijill.lexicon import default_lexicon
from sijill.reader import prepare, read
from sijill.scoring.match import same_name

Row = tuple[str, list[str], bool]

# How strongly each model is held back from trusting rare features (smaller is stronger), and a shift of its threshold
# that balances misses against false alarms; chosen by cross-validation.
STRENGTH = dict.fromkeys(MODELS, 0.2) | {
    "sense": 1.0, "initiator": 0.3, "place": 0.1, "place-before": 0.1, "time-before": 0.3, "harm": 0.1, "teller": 1.0,
    "initiator-before": 0.1,
}  # fmt: skip
SHIFT = dict.fromkeys(MODELS, 0.0) | {
    "keep": 0.1, "same": -0.3, "initiator": 0.8, "target": 0.8, "place": 0.6, "place-before": 0.5, "time": 0.6,
    "harm": 1.0, "source": 0.3,
}  # fmt: skip
SMALLEST = 0.05
RAREST = 3
"""A feature that holds in fewer rows is left out: it would tell of single sentences."""


class Gold(NamedTuple):
    path: Path
    raw: dict[str, Any]
    text: str
    scene: Scene


def load(folder: Path) -> list[Gold]:
    found = []
    for path in sorted(folder.glob("*.yaml")):
        raw = yaml.safe_load(path.read_text(encoding="utf-8"))
        data = (path.parent / raw["report"]).read_bytes()
        prepared = prepare(data, name=raw["report"])
        found.append(Gold(path, raw, prepared.page.text, prepared.scene))
    return found


def spans(text: str, quote: str) -> list[tuple[int, int]]:
    found, at = [], text.find(quote)
    while at >= 0:
        found.append((at, at + len(quote)))
        at = text.find(quote, at + 1)
    return found


def aligned(gold: Gold) -> dict[int, list[tuple[int, str]]]:
    """Trigger index -> the gold claims it tells, as (claim index, gold type)."""
    tokens, scene = gold.scene.tokens, gold.scene
    senses = default_lexicon().senses
    found: dict[int, list[tuple[int, str]]] = {}
    for k, claim in enumerate(gold.raw.get("claims") or []):
        want = claim["type"]
        for main, quote in [(True, claim["trigger"]), *((False, q) for q in claim.get("also") or [])]:
            for a, b in spans(gold.text, quote):
                inside = [
                    (i, t) for i, t in enumerate(scene.triggers) if tokens.start[t.first] < b and a < tokens.end[t.last]
                ]
                exact = [i for i, t in inside if GROUP_OF[t.type] == GROUP_OF[want]]
                other = [
                    i
                    for i, t in inside
                    if i not in exact
                    and (want in senses.get(t.base, ()) or want in senses.get(t.type, ()))
                    and not exact
                ]
                harm = [
                    i for i, t in inside if i not in exact and GROUP_OF[t.type] == "killing" and (not main or not exact)
                ]
                for i in dict.fromkeys(exact + other + harm):
                    if (k, want) not in found.setdefault(i, []):
                        found[i].append((k, want))
        for i in harm_words(gold, claim):
            if (k, want) not in found.setdefault(i, []):
                found[i].append((k, want))
    return found


def harm_words(gold: Gold, claim: dict[str, Any]) -> list[int]:
    """The triggers that tell the harm of a claim, found by the words of its casualties."""
    tokens, scene = gold.scene.tokens, gold.scene
    found = []
    for outcome in ("killed", "injured"):
        for entry in claim.get(outcome) or []:
            for a, b in spans(gold.text, str(entry.get("quote") or "\0")):
                for h in scene.harm:
                    if h.outcome == outcome and tokens.start[h.people.first] < b and a < tokens.end[h.people.last]:
                        found += [
                            i
                            for i, t in enumerate(scene.triggers)
                            if t.first <= h.word <= t.last and GROUP_OF[t.type] == "killing"
                        ]
    return found


def rows_of(gold: Gold) -> list[Row]:
    scene = gold.scene
    lexicon = default_lexicon()
    told = aligned(gold)
    rows: list[Row] = []
    for i, (t, names) in enumerate(decide.keep_options(scene)):
        rows.append(("keep", names, i in told))
        if i in told and not (GROUP_OF[t.type] == "killing" and all(GROUP_OF[w] != "killing" for _, w in told[i])):
            wanted = {w for _, w in told[i]}
            options = decide.sense_options(scene, t, lexicon.senses)
            if any(other in wanted for other, _ in options) and len(options) > 1:
                rows += [("sense", names, other in wanted) for other, names in options]
    kept = [(i, scene.triggers[i]) for i in sorted(told)]
    kept_t = [
        t if GROUP_OF[t.type] == "killing" and GROUP_OF[told[i][0][1]] != "killing" else t._replace(type=told[i][0][1])
        for i, t in kept
    ]
    for a, b, names in decide.same_options(scene, kept_t):
        ka, kb = {k for k, _ in told[kept[a][0]]}, {k for k, _ in told[kept[b][0]]}
        rows.append(("same", names, bool(ka & kb)))
    rows += carried_rows(gold, told)
    for k, claim in enumerate(gold.raw.get("claims") or []):
        triggers = [scene.triggers[i] for i, ks in told.items() if any(n == k for n, _ in ks)]
        if triggers:
            triggers.sort(key=lambda t: (GROUP_OF[t.type] == "killing", scene.zone[t.sentence] != "body", t.first))
            rows += slot_rows(gold, claim, triggers)
    return rows


def is_party(fill: dict[str, Any], p: Any, scene: Scene) -> bool:
    return bool(fill.get("id") and p.actor == fill["id"]) or (
        not (fill.get("id") and p.actor) and same_name(fill["quote"], scene.tokens.text[p.start : p.end])
    )


def carried_rows(gold: Gold, told: dict[int, list[tuple[int, str]]]) -> list[Row]:
    """Claims whose own sentences name none of their initiators, against the initiators of claims before them."""
    scene = gold.scene
    rows: list[Row] = []
    before: list[tuple[decide.Cluster, list[Any]]] = []
    for k, claim in enumerate(gold.raw.get("claims") or []):
        triggers = [scene.triggers[i] for i, ks in sorted(told.items()) if any(n == k for n, _ in ks)]
        if not triggers:
            continue
        triggers.sort(key=lambda t: (GROUP_OF[t.type] == "killing", scene.zone[t.sentence] != "body", t.first))
        c = decide.Cluster(triggers, claim["type"], 1.0)
        near = [p for p, _, _ in decide.party_options(scene, triggers, claim["type"])]
        fills = claim.get("initiators") or []
        own = [p for p in near if any(is_party(f, p, scene) for f in fills)]
        if not own:
            for p, names in decide.carried_party_options(scene, before, c):
                rows.append(("initiator-before", names, any(is_party(f, p, scene) for f in fills)))
        seen = {(p.actor or p.name): p for p in own}
        before.append((c, list(seen.values())))
    return rows


def gap(t: TriggerMention, first: int, last: int) -> int:
    return first - t.last if first > t.last else t.first - last


def nearest_rows(model: str, options: list[tuple[Any, TriggerMention, list[str]]], good: Any, at: Any) -> list[Row]:
    """The nearest option of each gold value is positive, its repetitions are left out, all else is negative."""
    best: dict[Any, tuple[int, int]] = {}
    for n, (x, t, _names) in enumerate(options):
        key = good(x)
        if key is not None:
            distance = gap(t, *at(x))
            if key not in best or distance < best[key][0]:
                best[key] = (distance, n)
    chosen = {n for _, n in best.values()}
    return [(model, names, n in chosen) for n, (x, _t, names) in enumerate(options) if n in chosen or good(x) is None]


def slot_rows(gold: Gold, claim: dict[str, Any], triggers: list[TriggerMention]) -> list[Row]:
    scene, type_id = gold.scene, claim["type"]
    rows: list[Row] = []

    def party(slot: str) -> Any:
        fills = claim.get(slot) or []

        def good(p: Any) -> Any:
            return next((n for n, fill in enumerate(fills) if is_party(fill, p, scene)), None)

        return good

    options = decide.party_options(scene, triggers, type_id)
    for model, slot in (("initiator", "initiators"), ("target", "targets")):
        mine = [o for o in options if model == "target" or o[0].form != "thing"]
        rows += nearest_rows(model, mine, party(slot), lambda p: (p.first, p.last))

    told = claim.get("places") or []
    rows += kept_rows(
        "place", scene, triggers, type_id, decide.place_options,
        lambda k: next((n for n, f in enumerate(told) if same_name(f["quote"], scene.places[k].name)), None),
        lambda k: (scene.places[k].first, scene.places[k].last),
    )  # fmt: skip
    date = tuple(str(d) for d in claim["date"]) if claim.get("date") else None
    rows += kept_rows(
        "time", scene, triggers, type_id, decide.time_options,
        lambda k: 0 if date and scene.date_range(k) == date else None,
        lambda k: (scene.times[k].first, scene.times[k].last),
    )  # fmt: skip
    fills = [(o, f.get("n")) for o in ("killed", "injured", "captured") for f in claim.get(o) or []]

    def harmed(k: int) -> Any:
        h = scene.harm[k]
        for n, (outcome, count) in enumerate(fills):
            low, high = count if isinstance(count, list) else (count, count)
            if outcome == h.outcome and (low, high) == (h.people.low, h.people.high):
                return n
        return None

    rows += nearest_rows(
        "harm", decide.harm_options(scene, triggers, type_id), harmed,
        lambda k: (scene.harm[k].people.first, scene.harm[k].people.last),
    )  # fmt: skip
    source = claim.get("source") or {"kind": "outlet"}

    def tells(k: int) -> Any:
        a = scene.tellers[k]
        if source["kind"] != "outlet" and (
            same_name(source["name"], a.name) if source.get("name") else a.kind == source["kind"]
        ):
            return 0
        return None

    rows += nearest_rows(
        "source", decide.source_options(scene, triggers, type_id), tells,
        lambda k: (scene.tellers[k].first, scene.tellers[k].last),
    )  # fmt: skip
    for k in {k for k, _, _ in decide.source_options(scene, triggers, type_id) if tells(k) is not None}:
        for kind, names in decide.teller_options(scene.tellers[k]):
            rows.append(("teller", names, kind == source["kind"]))
    return rows


def kept_rows(model: str, scene: Scene, triggers: Any, type_id: str, options_of: Any, good: Any, at: Any) -> list[Row]:
    own = nearest_rows(model, options_of(scene, triggers, type_id, own=True), good, at)
    if any(label for _, _, label in own):
        return own
    return own + nearest_rows(f"{model}-before", options_of(scene, triggers, type_id, own=False), good, at)


def fit(rows: list[Row]) -> Weights:
    models: dict[str, dict[str, float]] = {}
    for name in MODELS:
        mine = [(names, label) for model, names, label in rows if model == name]
        labels = np.array([label for _, label in mine])
        times = Counter(f for names, _ in mine for f in set(names))
        if len(set(labels.tolist())) < 2:
            models[name] = {"bias": -5.0}
            continue
        vectorizer = DictVectorizer()
        x = vectorizer.fit_transform([{f: 1.0 for f in names if times[f] >= RAREST} for names, _ in mine])
        x.indices, x.indptr = x.indices.astype(np.int32), x.indptr.astype(np.int32)
        learner = LogisticRegression(C=STRENGTH[name], solver="liblinear", fit_intercept=name == "sense", max_iter=300)
        learner.fit(x, labels)
        weights = dict(zip(vectorizer.get_feature_names_out(), learner.coef_[0], strict=True))
        weights["bias"] = weights.get("bias", 0.0) + SHIFT[name]
        models[name] = {f: round(float(w), 3) for f, w in weights.items() if abs(w) >= SMALLEST}
    return Weights(models)


def write(weights: Weights, out: Path) -> None:
    with out.open("w", encoding="utf-8", newline="") as file:
        table = csv.writer(file, lineterminator="\n")
        table.writerow(["model", "feature", "weight"])
        for name in MODELS:
            for feature, weight in sorted(weights[name].items(), key=lambda item: (-abs(item[1]), item[0])):
                table.writerow([name, feature, weight])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("gold", type=Path, nargs="+")
    parser.add_argument("--out", type=Path, default=Path("src/sijill/claims/weights.csv"))
    parser.add_argument("--folds", type=int, default=5)
    parser.add_argument("--predictions", type=Path, help="write the cross-validated readings here, a file a folder")
    args = parser.parse_args()
    folders = {folder: load(folder) for folder in args.gold}
    golds = [gold for golds in folders.values() for gold in golds]
    rows = [rows_of(gold) for gold in golds]
    if args.folds > 1:
        order = np.random.default_rng(7).permutation(len(golds))
        lines: dict[Path, list[str]] = {}
        for fold in range(args.folds):
            held = set(order[fold :: args.folds].tolist())
            weights = fit([row for i, mine in enumerate(rows) if i not in held for row in mine])
            for i in held:
                gold = golds[i]
                report = read(
                    (gold.path.parent / gold.raw["report"]).read_bytes(), name=gold.raw["report"], weights=weights
                )
                lines.setdefault(gold.path.parent, []).append(json.dumps(report.to_dict(), ensure_ascii=False))
        if args.predictions:
            args.predictions.mkdir(parents=True, exist_ok=True)
            for folder, mine in lines.items():
                (args.predictions / f"{folder.name}.jsonl").write_text("\n".join(mine), encoding="utf-8")
    weights = fit([row for mine in rows for row in mine])
    write(weights, args.out)
    for name in MODELS:
        mine = [label for group in rows for model, _, label in group if model == name]
        print(f"{name:12} {len(mine):6} rows, {sum(mine):5} true, {len(weights[name]):5} weights")


if __name__ == "__main__":
    main()
