"""How well a clustering agrees with the truth: B-cubed, and CoNLL (the mean F1 of MUC, B-cubed and CEAF-e).

Both sides map a claim to a cluster; only claims that both know are counted.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from typing import NamedTuple

import numpy as np
from scipy.optimize import linear_sum_assignment


class Score(NamedTuple):
    """Precision, recall and their harmonic mean."""

    precision: float
    recall: float

    @property
    def f1(self) -> float:
        """The harmonic mean."""
        both = self.precision + self.recall
        return 2 * self.precision * self.recall / both if both else 0.0


Clusters = list[set[Hashable]]


def b_cubed(truth: Mapping[Hashable, Hashable], found: Mapping[Hashable, Hashable]) -> Score:
    """Of the claims put together with a claim, the share that belongs there, and the reverse, over all claims."""
    real, made = _by_item(truth, found), _by_item(found, truth)
    items = real.keys()
    precision = sum(len(real[item] & made[item]) / len(made[item]) for item in items) / len(items)
    recall = sum(len(real[item] & made[item]) / len(real[item]) for item in items) / len(items)
    return Score(precision, recall)


def muc(truth: Mapping[Hashable, Hashable], found: Mapping[Hashable, Hashable]) -> Score:
    """Links kept, of links there were; single claims count for nothing."""
    return Score(_links(found, truth), _links(truth, found))


def ceaf_e(truth: Mapping[Hashable, Hashable], found: Mapping[Hashable, Hashable]) -> Score:
    """Clusters matched one to one by their likeness."""
    real, made = _clusters(truth, found), _clusters(found, truth)
    likeness = np.zeros((len(real), len(made)))
    where: dict[Hashable, list[int]] = {}
    for n, cluster in enumerate(made):
        for item in cluster:
            where.setdefault(item, []).append(n)
    for n, cluster in enumerate(real):
        for other in {m for item in cluster for m in where.get(item, ())}:
            likeness[n, other] = 2 * len(cluster & made[other]) / (len(cluster) + len(made[other]))
    rows, columns = linear_sum_assignment(-likeness)
    total = float(likeness[rows, columns].sum())
    return Score(total / len(made), total / len(real))


def conll(truth: Mapping[Hashable, Hashable], found: Mapping[Hashable, Hashable]) -> float:
    """The mean F1 of the three."""
    return (muc(truth, found).f1 + b_cubed(truth, found).f1 + ceaf_e(truth, found).f1) / 3


def _clusters(side: Mapping[Hashable, Hashable], other: Mapping[Hashable, Hashable]) -> Clusters:
    groups: dict[Hashable, set[Hashable]] = {}
    for item, cluster in side.items():
        if item in other:
            groups.setdefault(cluster, set()).add(item)
    return list(groups.values())


def _by_item(side: Mapping[Hashable, Hashable], other: Mapping[Hashable, Hashable]) -> dict[Hashable, set[Hashable]]:
    return {item: cluster for cluster in _clusters(side, other) for item in cluster}


def _links(side: Mapping[Hashable, Hashable], other: Mapping[Hashable, Hashable]) -> float:
    """The share of `side`'s links that `other` keeps."""
    kept = there = 0
    for cluster in _clusters(side, other):
        parts = len({other[item] for item in cluster})
        kept += len(cluster) - parts
        there += len(cluster) - 1
    return kept / there if there else 1.0
