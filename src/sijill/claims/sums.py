"""Sums of weights by few look-ups. Conjunctions are brought together in groups, and each group remembers the sums of
its weights by the values of its attributes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from math import nan, prod
from operator import itemgetter
from sys import intern
from types import FunctionType
from typing import Any, Final, NamedTuple, final

from librt.vecs import append, vec
from mypy_extensions import i64

Bag = tuple[str, ...]
Row = tuple[str | Bag, ...]
"""The values of a decision's attributes, in their order. A bag holds any number of values at once: a conjunction with
it holds for each of them."""
Template = tuple[str, ...]
"""The attributes of a conjunction."""
Table = dict[Bag, float]
"""The weights of one conjunction by the values of its attributes."""

# How many sums a group remembers, and how many combinations of values may make a group.
_MOST_KEPT: Final = 20_000
_MOST_COMBINED: Final = 4_000
# How many combinations a group may have whose sums stand in a list.
_MOST_LISTED: Final = 1_000_000


class _Group(NamedTuple):
    """Attributes, and the conjunctions of some of them, each with the way to its values among the group's."""

    names: Template
    parts: list[tuple[Callable[[Bag], Bag], Table]]
    tables: list[tuple[Template, Table]]
    """The conjunctions by their attributes."""


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


@final
class Sum:
    """The sum of the weights that hold of a row.

    Nothing else in reading a report is done as often. So it is written out and compiled to Python's bytecode, where to
    go through the groups one by one takes three times as long; and where this module runs as machine code, the values
    are taken as numbers (`Numbered`), which takes a third of the time. The sums are the same to the last bit.
    """

    __slots__ = ("_numbered", "_written")

    def __init__(
        self, name: str, attributes: Template, bags: frozenset[str], bias: float, tables: dict[Template, Table]
    ) -> None:
        groups = grouped({t: table for t, table in tables.items() if not bags & set(t)})
        self._numbered: Numbered | None = None
        if not isinstance(grouped, FunctionType):
            numbered = Numbered(attributes, bias, groups, {t: table for t, table in tables.items() if bags & set(t)})
            self._numbered = numbered if numbered.fits else None
        self._written = written(name, attributes, bags, bias, tables, groups) if self._numbered is None else None

    def of(self, row: Row) -> float:
        """The sum for a row."""
        if self._numbered is not None:
            return self._numbered.score(row)
        assert self._written is not None
        return self._written(row)


def written(
    name: str,
    attributes: Template,
    bags: frozenset[str],
    bias: float,
    tables: dict[Template, Table],
    groups: list[_Group],
) -> Callable[[Row], float]:
    """The sum for a row as a function of its own."""
    at = {attribute: f"a{n}" for n, attribute in enumerate(attributes)}
    known: dict[str, Any] = {}
    terms = [repr(bias)]
    for group in groups:
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


@final
class _NumberedGroup:
    """The sums of a group, each at the number of the combination; not a number: not asked for yet."""

    __slots__ = ("_parts", "_places", "end", "sums")

    def __init__(self, group: _Group, places: list[int], end: int, size: int) -> None:
        self._parts = group.parts
        self._places = places
        self.end: i64 = end
        """Where its digits end among those of all groups."""
        self.sums = vec[float]([nan] * (size if size <= _MOST_LISTED else 0))

    def work_out(self, row: Row, number: i64) -> float:
        """The sum for a row, kept at its number."""
        values: Any = tuple([row[place] for place in self._places])
        total = 0.0
        for chosen, table in self._parts:
            total += table.get(chosen(values), 0.0)
        self.sums[number] = total
        return total


@final
class Numbered:
    """The sum of the weights that hold of a row, by numbers that stand for the values of its attributes: 0 for all that
    no weight is known of. Not `fits`: one of the groups has too many combinations for a list.

    The number of a combination has a digit for each of the group's attributes: the number of its value, which stands
    at a place in the row, times what it counts there."""

    __slots__ = ("_bags", "_bias", "_counts", "_groups", "_numbers", "_places", "fits")

    def __init__(self, attributes: Template, bias: float, groups: list[_Group], bagged: dict[Template, Table]) -> None:
        at = {name: n for n, name in enumerate(attributes)}
        self._bags = [_WordSums([at[name] for name in names], table) for names, table in bagged.items()]
        self._bias = bias
        self._numbers: list[dict[Any, int]] = [{} for _ in attributes]
        for group in groups:
            for template, table in group.tables:
                for values in table:
                    for name, value in zip(template, values, strict=True):
                        known = self._numbers[at[name]]
                        # One string for one value, here and in rows: to find it is to see that it is the same.
                        known.setdefault(intern(value), len(known) + 1)
        self._groups: list[_NumberedGroup] = []
        places: list[int] = []
        counts: list[int] = []
        for group in groups:
            mine = [at[name] for name in group.names]
            size = 1
            for place in mine:
                places.append(place)
                counts.append(size)
                size *= len(self._numbers[place]) + 1
            self._groups.append(_NumberedGroup(group, mine, len(places), size))
        self._places = vec[i64](places)
        self._counts = vec[i64](counts)
        self.fits = all(len(group.sums) > 0 for group in self._groups)

    def score(self, row: Row) -> float:
        """The sum for a row."""
        numbers = vec[i64](capacity=len(row))
        for n, value in enumerate(row):
            numbers = append(numbers, self._numbers[n].get(value, 0))
        places, counts = self._places, self._counts
        total = self._bias
        digit: i64 = 0
        for group in self._groups:
            number: i64 = 0
            while digit < group.end:
                number += numbers[places[digit]] * counts[digit]
                digit += 1
            weights = group.sums[number]
            if weights != weights:
                weights = group.work_out(row, number)
            total += weights
        for bag in self._bags:
            total += bag.of(row)
        return total


@final
class _WordSums:
    """The weights of a conjunction with a bag, which it names last."""

    __slots__ = ("_at", "_places", "_tables")

    def __init__(self, places: list[int], table: Table) -> None:
        *self._places, self._at = places
        self._tables: dict[Bag, dict[str, float]] = {}
        for (*others, value), weight in table.items():
            self._tables.setdefault(tuple(others), {})[value] = weight

    def of(self, row: Row) -> float:
        """The sum for all values of the bag of a row."""
        held: Any = tuple([row[place] for place in self._places])
        weights = self._tables.get(held)
        total = 0.0
        if weights is not None:
            for value in row[self._at]:
                total += weights.get(value, 0.0)
        return total


@final
class _Column:
    """The sums of the weights of a group for each of several options."""

    __slots__ = ("sums",)

    def __init__(self, sums: list[float]) -> None:
        self.sums = vec[float](sums)


class _Columns(dict[Bag | str, _Column | None]):
    """The sums of a group for each of several options by the values of its attributes, or the one value of its only
    attribute; None where all are nought."""

    __slots__ = ("_options", "_parts")

    def __init__(self, options: Bag, group: _Group) -> None:
        super().__init__()
        self._options = options
        self._parts = group.parts

    def __missing__(self, values: Bag | str) -> _Column | None:
        held = (values,) if isinstance(values, str) else values
        sums = [0.0] * len(self._options)
        for chosen, table in self._parts:
            rest = chosen(held)
            for n, option in enumerate(self._options):
                sums[n] += table.get((option, *rest), 0.0)
        column = _Column(sums) if any(sums) else None
        if len(self) < _MOST_KEPT:
            self[values] = column
        return column


class Choices:
    """The sums of weights for several values of a decision's first attribute, which every conjunction begins with."""

    __slots__ = ("_alone", "_at", "_bags", "_bias", "_groups", "_known")

    def __init__(self, attributes: Template, bags: frozenset[str], bias: float, tables: dict[Template, Table]) -> None:
        first, *others = attributes
        self._at = {name: n for n, name in enumerate(others)}
        rest = {template[1:]: table for template, table in tables.items() if template[0] == first}
        assert len(rest) == len(tables), f"a conjunction does not begin with {first}"
        self._bias = bias
        self._alone: Table = rest.pop((), {})
        self._groups = grouped({t: table for t, table in rest.items() if not bags & set(t)}, skip=1)
        self._bags = [_Group(t, [(tuple, table)], [(t, table)]) for t, table in rest.items() if bags & set(t)]
        self._known: dict[Bag, _Choice] = {}

    def scores(self, options: Bag, rest: Row) -> list[float]:
        """The sum for each option, from the values of all attributes but the first."""
        choice = self._known.get(options)
        if choice is None:
            choice = self._known[options] = self._choice(options)
        return choice.scores(rest)

    def _choice(self, options: Bag) -> _Choice:
        at = self._at
        return _Choice(
            tuple([self._bias + self._alone.get((option,), 0.0) for option in options]),
            [(itemgetter(*[at[name] for name in group.names]), _Columns(options, group)) for group in self._groups],
            [(at[group.names[0]], _Columns(options, group)) for group in self._bags],
        )


class _Choice:
    """The sums for the same options each time: what they begin with, and those of the groups and of the bags."""

    __slots__ = ("_bags", "_begin", "_groups")

    def __init__(
        self,
        begin: tuple[float, ...],
        groups: list[tuple[Callable[[Any], Any], _Columns]],
        bags: list[tuple[int, _Columns]],
    ) -> None:
        self._begin = begin
        self._groups = groups
        self._bags = bags

    def scores(self, rest: Row) -> list[float]:
        """The sum for each option."""
        totals = vec[float](self._begin)
        for values, columns in self._groups:
            _add(totals, columns[values(rest)])
        for at, columns in self._bags:
            for value in rest[at]:
                _add(totals, columns[value])
        return list(totals)


def _add(totals: vec[float], column: _Column | None) -> None:
    if column is not None:
        sums = column.sums
        n: i64 = 0
        while n < len(totals):
            totals[n] += sums[n]
            n += 1


def _chooser(places: list[int]) -> Callable[[Any], Any]:
    """A function from a row to the tuple of its values at certain places."""
    if len(places) == 1:
        place = places[0]
        return lambda row: (row[place],)
    return itemgetter(*places)


def grouped(tables: dict[Template, Table], skip: int = 0) -> list[_Group]:
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
        _Group(
            names,
            [(_chooser([names.index(name) for name in template]), tables[template]) for template in members],
            [(template, tables[template]) for template in members],
        )
        for names, members in groups
    ]
