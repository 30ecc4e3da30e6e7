"""The figures: precision, recall and F1 of claims and slots, how sure they are, and where they come from."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from pathlib import PurePath

import msgspec

from sijill.scoring.claims import SLOTS, Fill, ScoredClaim, Slot
from sijill.scoring.gold import GoldReport
from sijill.scoring.match import Pair, pair, shared_fills
from sijill.scoring.predictions import Prediction


class ReportScore(msgspec.Struct, frozen=True):
    """One report scored. `state`: read, missing (not predicted), or changed (its text is not the gold's)."""

    report: str
    state: str
    gold: tuple[ScoredClaim, ...]
    predicted: tuple[ScoredClaim, ...]
    pairs: tuple[Pair, ...]
    quotes: int
    grounded: int
    lost: tuple[tuple[Fill, ...], ...]
    """Of each pair, the gold's fills that were not found."""
    extra: tuple[tuple[Fill, ...], ...]
    """Of each pair, the predicted fills that are not the gold's."""

    def counts(self) -> Counter[str]:
        """What the figures are made of, as sums over reports."""
        tally: Counter[str] = Counter(
            gold=len(self.gold),
            predicted=len(self.predicted),
            paired=len(self.pairs),
            exact=sum(not lost and not extra for lost, extra in zip(self.lost, self.extra, strict=True)),
            quotes=self.quotes,
            grounded=self.grounded,
        )
        for claim in self.gold:
            tally.update(f"gold {fill.slot}" for fill in claim.fills)
        for claim in self.predicted:
            tally.update(f"predicted {fill.slot}" for fill in claim.fills)
        for found in self.pairs:
            tally.update({f"hit {slot}": n for slot, n in found.hits.items()})
        return tally


class TypeRow(msgspec.Struct, frozen=True):
    """How well one type is read: `found` gold claims paired with any claim of the group, `same` with this type."""

    type: str
    gold: int
    predicted: int
    found: int
    same: int

    @property
    def precision(self) -> float:
        return self.same / self.predicted if self.predicted else 0.0

    @property
    def recall(self) -> float:
        return self.same / self.gold if self.gold else 0.0

    @property
    def f1(self) -> float:
        return _f1(self.same, self.gold, self.predicted)[2]


class Scored:
    """All reports of a gold folder, scored."""

    def __init__(self, reports: Sequence[ReportScore]) -> None:
        self.reports = tuple(reports)

    @cached_property
    def _counts(self) -> list[Counter[str]]:
        return [report.counts() for report in self.reports]

    def figures(self) -> dict[str, float | int]:
        """The figures by name; numbers of things as int, shares and F1 as float from 0 to 1."""
        total = _sum(self._counts)
        states = Counter(report.state for report in self.reports)
        counts: dict[str, float | int] = {
            "reports": len(self.reports),
            "gold claims": total["gold"],
            "predicted claims": total["predicted"],
        }
        shares: dict[str, float | int] = dict(_shares(total))
        states_of: dict[str, float | int] = {"reports missing": states["missing"], "texts changed": states["changed"]}
        slots: dict[str, float | int] = {f"{slot} F1": _slot_f1(total, (slot,))[2] for slot in SLOTS}
        return counts | shares | states_of | slots

    def intervals(self, *, level: float = 0.95, resamples: int = 1000, seed: int = 0) -> dict[str, tuple[float, float]]:
        """Bootstrap intervals of the shares and F1s.

        Whole reports are drawn, because the claims of one report stand or fall together. The same
        seed gives the same intervals.
        """
        draw = random.Random(seed)
        samples: dict[str, list[float]] = {}
        for _ in range(resamples):
            total = _sum(draw.choices(self._counts, k=len(self._counts)))
            drawn = _shares(total) | {f"{slot} F1": _slot_f1(total, (slot,))[2] for slot in SLOTS}
            for name, value in drawn.items():
                samples.setdefault(name, []).append(value)
        cut = (1 - level) / 2
        return {name: _interval(sorted(values), cut) for name, values in samples.items()}

    def by_type(self) -> list[TypeRow]:
        """One row for each type in gold or predictions, the most frequent in gold first."""
        gold: Counter[str] = Counter()
        predicted: Counter[str] = Counter()
        found: Counter[str] = Counter()
        same: Counter[str] = Counter()
        for report in self.reports:
            gold.update(claim.type for claim in report.gold)
            predicted.update(claim.type for claim in report.predicted)
            for i, j, _ in report.pairs:
                type_ = report.gold[i].type
                found[type_] += 1
                same[type_] += report.predicted[j].type == type_
        types = sorted(gold | predicted, key=lambda type_: (-gold[type_], type_))
        return [TypeRow(type_, gold[type_], predicted[type_], found[type_], same[type_]) for type_ in types]


def score(gold: Iterable[GoldReport], predictions: Mapping[str, Prediction], *, place_names: bool = False) -> Scored:
    """Score predictions (by file name) against gold. `place_names`: places by name alone, without coordinates."""
    return Scored([_report(report, predictions.get(PurePath(report.report).name), place_names) for report in gold])


def _report(gold: GoldReport, read: Prediction | None, place_names: bool) -> ReportScore:
    if read is None:
        claims = tuple(gold.scored(gold.text or ""))
        return ReportScore(gold.report, "missing", claims, (), (), 0, 0, (), ())
    text = read.text if gold.text is None else gold.text
    golds = tuple(gold.scored(text))
    if read.text != text:
        return ReportScore(gold.report, "changed", golds, (), (), read.quotes, read.grounded, (), ())
    pairs = tuple(pair(golds, read.claims, place_names=place_names))
    lost, extra = [], []
    for i, j, _ in pairs:
        shared = shared_fills(golds[i], read.claims[j], place_names=place_names)
        lost.append(_without(golds[i].fills, [want for want, _ in shared]))
        extra.append(_without(read.claims[j].fills, [got for _, got in shared]))
    return ReportScore(
        gold.report, "read", golds, read.claims, pairs, read.quotes, read.grounded, tuple(lost), tuple(extra)
    )


def _without(fills: tuple[Fill, ...], used: list[Fill]) -> tuple[Fill, ...]:
    left = list(fills)
    for fill in used:
        left.remove(fill)
    return tuple(left)


def _shares(total: Counter[str]) -> dict[str, float]:
    claim = _f1(total["paired"], total["gold"], total["predicted"])
    slot = _slot_f1(total, SLOTS)
    return {
        "claim P": claim[0],
        "claim R": claim[1],
        "claim F1": claim[2],
        "slot P": slot[0],
        "slot R": slot[1],
        "slot F1": slot[2],
        "exact claims": total["exact"] / total["gold"] if total["gold"] else 0.0,
        "grounding": total["grounded"] / total["quotes"] if total["quotes"] else 0.0,
    }


def _slot_f1(total: Counter[str], slots: Sequence[Slot]) -> tuple[float, float, float]:
    hit, gold, predicted = (sum(total[f"{side} {slot}"] for slot in slots) for side in ("hit", "gold", "predicted"))
    return _f1(hit, gold, predicted)


def _f1(hit: int, gold: int, predicted: int) -> tuple[float, float, float]:
    """Precision, recall and their harmonic mean."""
    precision = hit / predicted if predicted else 0.0
    recall = hit / gold if gold else 0.0
    mean = 2 * precision * recall / (precision + recall) if precision + recall else 0.0
    return precision, recall, mean


def _sum(counts: Iterable[Counter[str]]) -> Counter[str]:
    total: Counter[str] = Counter()
    for tally in counts:
        for name, n in tally.items():
            total[name] += n
    return total


def _interval(ordered: list[float], cut: float) -> tuple[float, float]:
    last = len(ordered) - 1
    return ordered[round(cut * last)], ordered[round((1 - cut) * last)]
