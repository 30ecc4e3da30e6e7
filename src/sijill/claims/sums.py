"""Sums of weights by few look-ups. Conjunctions are brought together in groups, and each group remembers the sums of
its weights by the values of its attributes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from math import prod
from operator import itemgetter
from typing import Any, NamedTuple

Bag = tuple[str, ...]
Row = tuple[str | Bag, ...]
"""The values of a decision's attributes, in their order. A bag holds any number of values at once: a conjunction with
it holds for each of them."""
Template = tuple[str, ...]
"""The attributes of a conjunction."""
Table = dict[Bag, float]
"""The weights of one conjunction by the values of its attributes."""

# How many sums a group remembers, and how many combinations of values may make a group.
_MOST_KEPT = 20_000
_MOST_COMBINED = 4_000


class _Group(NamedTuple):
    """Attributes, and the conjunctions of some of them, each with the way to its values among the group's."""

    names: Template
    parts: list[tuple[Callable[[Bag], Bag], Table]]


class _Sums(dict[Bag, float]):
    """The sums of the weights of a group by the values of its attributes, worked out as they are first asked for: most
    values come again and again."""

    __slots__ = ("_parts",)

    def __init__(self, group: _Group) -> None:
        super().__init__()
        self._parts = group.parts

    def __missing__(self, values: Bag) -> float:
        total = 0.0
        for chosen, table in self._parts:
            total += table.get(chosen(values), 0.0)  # A feature without a weight says nothing either way.
        if len(self) < _MOST_KEPT:
            self[values] = total
        return total


def sum_of(
    name: str, attributes: Template, bags: frozenset[str], bias: float, tables: dict[Template, Table]
) -> Callable[[Row], float]:
    """The function from a row to the sum of the weights that hold of it.

    It is written out and compiled: to go through the groups one by one takes three times as long, and nothing else in
    reading a report is done as often.
    """
    at = {attribute: f"a{n}" for n, attribute in enumerate(attributes)}
    known: dict[str, Any] = {}
    terms = [repr(bias)]
    for group in _grouped({t: table for t, table in tables.items() if not bags & set(t)}):
        table = f"t{len(known)}"
        known[table] = _Sums(group)
        terms.append(f"{table}[{', '.join(at[attribute] for attribute in group.names)},]")
    for template, weights in tables.items():
        if bags & set(template):  # which it names last
            table = f"t{len(known)}"
            known[table] = weights.get
            *others, bag = (at[attribute] for attribute in template)
            terms.append(f"sum([{table}(({', '.join([*others, 'value'])},), 0.0) for value in {bag}])")
    lines = f"def score(row):\n    {', '.join(at.values())}, = row\n    return {' + '.join(terms)}\n"
    exec(compile(lines, f"<weights of {name}>", "exec"), known)
    score: Callable[[Row], float] = known["score"]
    return score


class _Columns(dict[Bag | str, tuple[float, ...]]):
    """The sums of the weights of a group for each of several options; () where all are nought."""

    __slots__ = ("_options", "_parts")

    def __init__(self, options: Bag, group: _Group) -> None:
        super().__init__()
        self._options = options
        self._parts = group.parts

    def __missing__(self, values: Bag | str) -> tuple[float, ...]:
        held = (values,) if isinstance(values, str) else values
        sums = [0.0] * len(self._options)
        for chosen, table in self._parts:
            rest = chosen(held)
            for n, option in enumerate(self._options):
                sums[n] += table.get((option, *rest), 0.0)
        totals = tuple(sums) if any(sums) else ()
        if len(self) < _MOST_KEPT:
            self[values] = totals
        return totals


class Choice:
    """The sums of weights for several values of a decision's first attribute, which every conjunction begins with."""

    __slots__ = ("_bags", "_bias", "_groups")

    def __init__(
        self, attributes: Template, bags: frozenset[str], bias: float, tables: dict[Template, Table], options: Bag
    ) -> None:
        first, *others = attributes
        at = {name: n for n, name in enumerate(others)}
        rest = {template[1:]: table for template, table in tables.items() if template[0] == first}
        assert len(rest) == len(tables), f"a conjunction does not begin with {first}"
        alone = rest.pop((), {})
        self._bias = tuple(bias + alone.get((option,), 0.0) for option in options)
        groups = _grouped({t: table for t, table in rest.items() if not bags & set(t)}, skip=1)
        self._groups = [(_chooser([at[name] for name in group.names]), _Columns(options, group)) for group in groups]
        self._bags = [
            (at[t[0]], _Columns(options, _Group(t, [(tuple, table)]))) for t, table in rest.items() if bags & set(t)
        ]

    def scores(self, rest: Row) -> list[float]:
        """The sum for each option, from the values of all attributes but the first."""
        columns = [self._bias]
        for values, sums in self._groups:
            column = sums[values(rest)]
            if column:
                columns.append(column)
        for at, sums in self._bags:
            columns += filter(None, map(sums.__getitem__, rest[at]))
        return list(map(sum, zip(*columns, strict=True)))


def _chooser(places: list[int]) -> Callable[[Any], Any]:
    """A function from a row to the tuple of its values at certain places."""
    if len(places) == 1:
        place = places[0]
        return lambda row: (row[place],)
    return itemgetter(*places)


def _grouped(tables: dict[Template, Table], skip: int = 0) -> list[_Group]:
    """Conjunctions brought together such that few look-ups find all of their weights, and the values of the attributes
    of each group do not make too many combinations. `skip`: values that stand before those of the template's
    attributes."""
    counts: dict[str, set[str]] = {}
    for template, table in tables.items():
        for name, values in zip(template, list(zip(*table, strict=True))[skip:], strict=True):
            counts.setdefault(name, set()).update(values)

    def size(names: Iterable[str]) -> int:
        return prod(len(counts[name]) + 1 for name in names)

    groups: list[tuple[Template, list[Template]]] = []
    for template in sorted(tables, key=lambda names: (-len(names), -size(names), names)):
        joined = [
            (size(union), n, union)
            for n, (names, _) in enumerate(groups)
            for union in [names + tuple(name for name in template if name not in names)]
        ]
        best = min(joined, default=None)
        if best is not None and (best[2] == groups[best[1]][0] or best[0] <= _MOST_COMBINED):
            groups[best[1]] = (best[2], [*groups[best[1]][1], template])
        else:
            groups.append((template, [template]))
    return [
        _Group(names, [(_chooser([names.index(name) for name in template]), tables[template]) for template in members])
        for names, members in groups
    ]
