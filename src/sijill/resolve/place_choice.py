"""Which place a name means: every candidate scored, by itself and then beside the others of the report.

The features' weights stand in `lexicon/data/places/weights.csv`. A report about one district pulls its namesakes there.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Final, NamedTuple

import msgspec

from sijill.arabic.words import Tokens
from sijill.gazetteer import Entry, Gazetteer, PlaceKind
from sijill.gazetteer.names import name_key, within_one_edit
from sijill.gazetteer.place import SETTLEMENTS
from sijill.mentions.place_words import place_words
from sijill.mentions.places import PlaceMention
from sijill.resolve.outlet_home import NO_HOME, Home, home_of
from sijill.resolve.place_features import (
    FAR_KM,
    KNOWN_ABROAD,
    KNOWN_ENOUGH,
    Anchor,
    Choice,
    best_first,
    closeness,
    cue_kinds,
    far_features,
    is_inside,
    kind_features,
    km_between,
    km_from,
    own_features,
    pulls,
    weights,
)
from sijill.resolve.place_listed import outlying, quarters_afar
from sijill.resolve.place_quarters import Strayed, strayed

_WITHOUT_PLACE: Final = frozenset({PlaceKind.COUNTRY, PlaceKind.ROAD, PlaceKind.RIVER})
"""Of these the point says nothing of where a report's places lie: they are too long or too wide."""
_MOST_KNOWN: Final = 100_000
_MOST_NAMESAKES: Final = 40
_MOST_RANKED: Final = 5_000
_COUNTRY_OF_OUTLET: Final = 0.25
"""A place of the outlet's country, but of no governorate it is at home in, counts by a quarter."""
_HELD: Final = 0.7
"""The text says where a place lies if it is inside what the words name around it, or all but inside."""
_WIDEST: Final = 30.0
_MISSPELT_KM: Final = 40.0
"""A name is taken for another, misspelt, no farther from what holds it or is named beside it."""
_NO_QUARTERS: Final = frozenset({PlaceKind.COUNTRY, PlaceKind.GOVERNORATE})
"""What "حي" is never said of: حي القادسية is not the governorate."""
_BORDERING: Final = frozenset({PlaceKind.MOUNTAIN, PlaceKind.RIVER, PlaceKind.LAKE})
"""These often lie in two countries: they tell neither (جبل الشيخ)."""
_TOWNS: Final = frozenset({PlaceKind.CITY, PlaceKind.TOWN})
_QUARTER_REACH_KM: Final = 30.0
"""A quarter lies no farther from the town that is said to hold it."""
_CHIEF: Final = 0.7
"""At least so much a place of the governorate counts as held by its chief town, however far: near it, rather."""
_OF_COUNTRY: Final = ("country-of-report", "country-of-party")
_MANY_NAMESAKES: Final = SETTLEMENTS | {PlaceKind.NEIGHBOURHOOD}
"""Of these the country of a party tells little: each country has places of such names."""
_QUARTER_KM: Final = 25.0
"""A namesake of a quarter no farther from it is rather its own town's."""
_GREAT: Final = 0.95
"""A city of at least this weight is meant where the text is about its country."""


class PlaceContext(msgspec.Struct, frozen=True):
    """What is known beside the text.

    `regions` are the countries (two-letter codes) and governorates the outlet writes about, or its own name;
    `countries` those in which the parties named fight; `headings` the Arabic name of the governorate under whose
    heading a token stands, as (first token, name), in order.
    """

    regions: tuple[str, ...] = ()
    countries: tuple[str, ...] = ()
    headings: tuple[tuple[int, str], ...] = ()


Named = dict[str, set[int]]
"""The countries of a report, each with the rows of the places that tell it."""


class TooFar(NamedTuple):
    """A name left open: its likeliest place, how many kilometres that is from the nearest certain one, and which."""

    entry: Entry
    away: float
    nearest: Entry


Ranked = dict[tuple[str, str | None, bool, tuple[int, ...], tuple[str, ...], Home], list[Choice]]


@lru_cache(maxsize=4)
def _ranked(gazetteer: Gazetteer) -> Ranked:
    """The candidates of names that stand by themselves, the best first, remembered with what they were judged by."""
    return {}


@lru_cache(maxsize=4)
def _known(gazetteer: Gazetteer) -> dict[tuple[str, str | None, bool, int], Choice]:
    """What speaks for a place by itself, remembered for a name, its cue, whether an area is asked, and the row."""
    return {}


@lru_cache(maxsize=20_000)
def _settlements_called(gazetteer: Gazetteer, name: str) -> tuple[Entry, ...]:
    """The settlements whose usual name this is, with the article or without; none where they are too many."""
    rows = [match.row for match in gazetteer.lookup(name_key(name))[0] if not match.alias]
    if len(rows) > _MOST_NAMESAKES:
        return ()
    return tuple(entry for entry in map(gazetteer.place, rows) if entry.kind in SETTLEMENTS)


class Chooser:
    """The candidates of each mention with their scores, the best first, in `choices`; the best ones in `best`."""

    def __init__(
        self, mentions: list[PlaceMention], tokens: Tokens, gazetteer: Gazetteer, context: PlaceContext
    ) -> None:
        self.mentions = mentions
        self.tokens = tokens
        self.gazetteer = gazetteer
        self.context = context
        self.weights = weights()
        self.known = _known(gazetteer)
        self.ranked = _ranked(gazetteer)
        self.capitals = place_words().capitals
        self.countries: Mapping[str, float] = {}
        self.heading_at = [first for first, _ in context.headings]
        self.home = home_of(gazetteer, context.regions) if context.regions else NO_HOME
        self.has_context = bool(context.countries or context.headings) or self.home != NO_HOME
        self.choices: list[list[Choice]] = [[] for _ in mentions]
        self.best: list[Entry | None] = [None] * len(mentions)
        self.misspelt: set[int] = set()
        self.too_far: dict[int, TooFar] = {}
        """Of the mentions left open because their places lie too far from the rest of the report."""

    def run(self) -> Chooser:
        """Score all mentions, those first that hold others."""
        agreeing = [self._candidates(n) for n in range(len(self.mentions))]
        candidates = [self._widened(n, agreeing[n]) for n in range(len(self.mentions))]
        groups = self._groups(candidates)
        votes = self._votes(range(len(self.mentions)))
        self.countries = _shares(votes)
        by_name: dict[tuple[int, ...], list[int]] = {}
        for n, mention in enumerate(self.mentions):
            by_name.setdefault(mention.candidates, []).append(n)
        # A name is no witness for itself: which country the report is about, its other names tell.
        own = {name: self._votes(same) for name, same in by_name.items()}
        anchors = self._anchors(agreeing)
        certain, named = self._certain(anchors)
        anchors = [anchor for anchor in anchors if self._may_pull(anchor.entry, certain, named)]
        for group in groups:
            n = group[0]
            if self.mentions[n].within in self.too_far:
                for m in group:
                    self._choose(m, candidates[m])  # What was said to hold it is open itself.
            if len(candidates[n]) > 1:
                itself = own[self.mentions[n].candidates]
                others = {country: vote - itself.get(country, 0.0) for country, vote in votes.items()}
                self._beside_others(group, anchors, _shares(others))
            elif not candidates[n]:
                for m in group:
                    self._respell(m, anchors, self.countries)
            if certain and self.choices[n]:
                self._weigh_distance(group, certain, named)
        self._carry_over(groups)
        self._keep_together(list(strayed(self.mentions, self.best, self.choices)))
        self._keep_together(list(outlying(self.mentions, self.best, self.choices)))
        self._keep_together(list(quarters_afar(self.mentions, self.best, certain)))
        return self

    def _keep_together(self, astray: list[Strayed]) -> None:
        """A quarter's name listed with the quarters of a town is one of that town: the one known, or it stays open.

        So is a village listed with villages that lie close together.
        """
        for n, nearest, away in astray:
            near = [choice for choice in self.choices[n] if km_between(choice.entry, nearest) < _QUARTER_KM]
            if near:
                self.best[n] = near[0].entry
                self.choices[n] = [*near, *(choice for choice in self.choices[n] if choice not in near)]
                continue
            self.too_far[n] = TooFar(self.choices[n][0].entry, away, nearest)
            self.best[n] = None

    def _carry_over(self, groups: list[list[int]]) -> None:
        """A name of which the text says once where it lies means that place wherever else the report names it."""
        told: dict[tuple[int, ...], list[Choice]] = {}
        for group in groups:
            choices, mention = self.choices[group[0]], self.mentions[group[0]]
            if len(choices) < 2 or self.best[group[0]] is None or mention.within is None:
                continue
            if dict(choices[0].features).get("named-container", 0.0) < _HELD or choices[0].entry.weight >= _GREAT:
                continue  # Of a great city or governorate other words tell each time which of the two is meant.
            same = told.setdefault(mention.candidates, choices)
            if same[0].entry.row != choices[0].entry.row:
                told[mention.candidates] = []  # Two places of one name: neither is carried over.
        for group in groups:
            mention = self.mentions[group[0]]
            choices = told.get(mention.candidates, [])
            if choices and mention.within is None:
                self._keep(group, choices)
                for n in group:
                    self.too_far.pop(n, None)

    # Far from the rest of the report

    def _certain(self, anchors: list[Anchor]) -> tuple[list[Entry], Named]:
        """The places that leave no doubt, and the countries they lie in or that are named, with what tells them."""
        certain = [anchor.entry for anchor in anchors if anchor.entry.weight >= KNOWN_ENOUGH]
        named: dict[str, set[int]] = {}
        for entry in certain:
            if entry.kind not in _BORDERING:
                named.setdefault(entry.country, set()).add(entry.row)
        for best, mention in zip(self.best, self.mentions, strict=True):
            if best is not None and best.kind is PlaceKind.COUNTRY and mention.role_hint != "party":
                named.setdefault(best.country, set()).add(best.row)
        return certain, named

    def _may_pull(self, entry: Entry, certain: list[Entry], named: Named) -> bool:
        """Whether a plain place is not a namesake far off, which would pull others there."""
        if entry.weight >= KNOWN_ENOUGH:
            return True
        found = km_from(entry, certain)
        return found is None or (found[0] < FAR_KM and not _is_abroad(named, entry))

    def _weigh_distance(self, group: list[int], certain: list[Entry], named: Named) -> None:
        """Weigh how far a little known place lies from the certain ones; below zero the name stays open."""
        best = self.choices[group[0]][0].entry
        if best.weight >= KNOWN_ABROAD:
            return
        found = km_from(best, certain)
        of_kind = _is_of_kind(self.choices[group[0]][0], self.choices[group[0]])
        if found is None or not far_features(best, found[0], _is_abroad(named, best), of_kind=of_kind):
            return
        choices = []
        far: dict[int, tuple[float, Entry]] = {}
        for choice in self.choices[group[0]]:
            entry = choice.entry
            away = km_from(entry, certain)
            of_kind = _is_of_kind(choice, self.choices[group[0]])
            against = [] if away is None else far_features(entry, away[0], _is_abroad(named, entry), of_kind=of_kind)
            if away is not None and against:
                far[entry.row] = away
            choices.append(Choice(entry, choice.score + self._sum(against), (*choice.features, *against)))
        self._keep(group, choices)
        top = self.choices[group[0]][0]
        away = far.get(top.entry.row)
        if away is None or self._without_country(top) >= 0.0:
            return
        for n in group:
            self.best[n] = None
            if n in self.misspelt:
                self.misspelt.discard(n)  # It was no misspelling, then.
                self.choices[n] = []
            else:
                self.too_far[n] = TooFar(top.entry, *away)

    def _without_country(self, choice: Choice) -> float:
        """The sum but for what its country adds: a country is wide."""
        namesakes = choice.entry.kind in _MANY_NAMESAKES and choice.entry.source != "sijill"
        told = _OF_COUNTRY if namesakes else _OF_COUNTRY[:1]
        return choice.score - self._sum(item for item in choice.features if item[0] in told)

    def _groups(self, candidates: list[list[Entry]]) -> list[list[int]]:
        """Mentions of one name with one cue, container and heading are one place: each group is scored once."""
        groups: dict[tuple[object, ...], list[int]] = {}
        for n in self._containers_first():
            mention = self.mentions[n]
            container = self.best[mention.within] if mention.within is not None else None
            heading = self._heading(mention) if self.context.headings else None
            key = (mention.candidates, mention.cue, mention.area, container and container.row, heading)
            group = groups.setdefault(key, [])
            if group:
                self._keep([n], self.choices[group[0]])
            else:
                self._choose(n, candidates[n])
            group.append(n)
        return list(groups.values())

    def _containers_first(self) -> list[int]:
        order: list[int] = []
        seen: set[int] = set()
        for n in range(len(self.mentions)):
            chain: list[int] = []
            m: int | None = n
            while m is not None and m not in seen:
                seen.add(m)
                chain.append(m)
                m = self.mentions[m].within
            order += reversed(chain)
        return order

    def _candidates(self, n: int) -> list[Entry]:
        entries = [self.gazetteer.place(row) for row in self.mentions[n].candidates]
        kinds = cue_kinds(self.mentions[n].cue)
        if PlaceKind.NEIGHBOURHOOD in kinds and PlaceKind.SITE not in kinds and not self.mentions[n].area:
            return [entry for entry in entries if entry.kind not in _NO_QUARTERS]
        return entries

    def _widened(self, n: int, agreeing: list[Entry]) -> list[Entry]:
        """The candidates with the villages of that name that have the article where the text has none, or none."""
        mention = self.mentions[n]
        if (
            mention.area
            or not agreeing
            or any(entry.kind not in SETTLEMENTS or entry.weight >= KNOWN_ENOUGH for entry in agreeing)
        ):
            return agreeing
        rows = {entry.row for entry in agreeing}
        others = _settlements_called(self.gazetteer, self.tokens.text[mention.start : mention.end])
        return agreeing + [entry for entry in others if entry.row not in rows]

    # Scores

    def _choose(self, n: int, candidates: list[Entry]) -> None:
        """Score the candidates of a mention by itself."""
        if not candidates:
            return
        mention = self.mentions[n]
        quote = self.tokens.text[mention.start : mention.end]
        if mention.within is not None or self.context.headings or len(candidates) < 2:
            self._keep([n], [self._score(mention, quote, entry) for entry in candidates])
            return
        # Nothing of this text but the parties' countries and the outlet's home speaks for a candidate yet.
        rows = tuple([entry.row for entry in candidates])
        key = (quote, mention.cue, mention.area, rows, self.context.countries, self.home)
        choices = self.ranked.get(key)
        if choices is None:
            if len(self.ranked) > _MOST_RANKED:
                self.ranked.clear()
            choices = [self._score(mention, quote, entry) for entry in candidates]
            choices = self.ranked[key] = sorted(choices, key=best_first)
        self.choices[n] = choices
        self.best[n] = choices[0].entry

    def _keep(self, group: list[int], choices: list[Choice]) -> None:
        if not choices:
            return
        if len(choices) > 1:
            choices = sorted(choices, key=best_first)
        for n in group:
            self.choices[n] = choices
            self.best[n] = choices[0].entry

    def _score(self, mention: PlaceMention, quote: str, entry: Entry) -> Choice:
        key = (quote, mention.cue, mention.area, entry.row)
        choice = self.known.get(key)
        if choice is None:
            features = [*own_features(quote, entry), *kind_features(mention.cue, mention.area, entry.kind)]
            if mention.cue is None and self._is_known_everywhere(entry):
                features.append(("known-everywhere", 1.0))
            if len(self.known) > _MOST_KNOWN:
                self.known.clear()
            choice = self.known[key] = Choice(entry, self._sum(features), tuple(features))
        more = self._container_features(mention, mention.within, entry) if mention.within is not None else []
        if self.has_context:
            more += self._context_features(mention, entry)
        if not more:
            return choice
        return Choice(entry, choice.score + self._sum(more), (*choice.features, *more))

    def _is_known_everywhere(self, entry: Entry) -> bool:
        """Whether a place is a country or its capital."""
        return entry.kind is PlaceKind.COUNTRY or self.capitals.get(entry.country) == entry.id

    def _sum(self, features: Iterable[tuple[str, float]]) -> float:
        weights = self.weights
        total = 0.0
        for name, value in features:
            total += weights[name] * value
        return total

    def _beside_others(self, group: list[int], anchors: list[Anchor], countries: Mapping[str, float]) -> None:
        """Score the candidates of a name again, now beside the rest of the report."""
        firsts = sorted([self.mentions[n].first for n in group])
        others = pulls(anchors, firsts, self.choices[group[0]])
        weights = self.weights
        near_weight, report_weight = weights["near-named"], weights["near-report"]
        country_weight, great_weight = weights["country-of-report"], weights["great-city"]
        cued = self.mentions[group[0]].cue is not None
        choices = []
        for known in self.choices[group[0]]:
            entry, score, features = known.entry, known.score, known.features
            near, report = closeness(entry, others)
            country = countries.get(entry.country, 0.0)
            if near > 0.001:
                score += near_weight * near
                features = (*features, ("near-named", near))
            if report > 0.001:
                score += report_weight * report
                features = (*features, ("near-report", report))
            if country > 0.001:
                score += country_weight * country
                features = (*features, ("country-of-report", country))
                if not cued and entry.kind is PlaceKind.CITY and entry.weight >= _GREAT:
                    score += great_weight * country
                    features = (*features, ("great-city", country))
            choices.append(Choice(entry, score, features))
        self._keep(group, choices)

    def _container_features(self, mention: PlaceMention, within: int, entry: Entry) -> list[tuple[str, float]]:
        outer, container = self.mentions[within], self.best[within]
        if container is None:
            return []
        if entry.row == container.row:
            doubled = bool(set(mention.candidates) & set(outer.candidates))
            return [("named-container", 1.0)] if doubled else []
        if is_inside(entry, container) or self._lies_along(container, entry):
            return [("named-container", 1.0)]
        chief = self._is_chief_town(container, entry)
        reach = 90.0 if container.kind in (PlaceKind.CITY, PlaceKind.GOVERNORATE) else 45.0
        if entry.kind is PlaceKind.NEIGHBOURHOOD and container.kind in _TOWNS:
            reach = _QUARTER_REACH_KM
        if outer.relation != "in":
            reach *= 1.8  # "شرق دير الزور" reaches farther than "في دير الزور".
        away = km_between(entry, container) - container.radius_km
        if away < reach or chief:
            return [("named-container", max(_CHIEF if chief else 0.3, 1.0 - max(0.0, away) / reach))]
        return [("outside-container", 1.0)]

    def _lies_along(self, region: Entry, entry: Entry) -> bool:
        """Whether a region lies in a governorate, or that of a great city, named as its part."""
        if region.kind is not PlaceKind.REGION or region.admin1_row < 0:
            return False
        return region.admin1_row == entry.row or (entry.weight >= _GREAT and region.admin1_row == entry.admin1_row)

    def _is_chief_town(self, container: Entry, entry: Entry) -> bool:
        """Whether a town named as holding a place bears the name of its governorate: "المزرق في حجة".

        A quarter lies in the town itself.
        """
        if container.kind not in (PlaceKind.CITY, PlaceKind.TOWN) or entry.admin1_row < 0:
            return False
        if entry.kind is PlaceKind.NEIGHBOURHOOD:
            return False
        return container.admin1_row == entry.admin1_row and container.weight >= 0.5

    def _heading(self, mention: PlaceMention) -> str | None:
        """The governorate under whose heading a mention stands."""
        n = bisect_right(self.heading_at, mention.first)
        return self.context.headings[n - 1][1] if n else None

    def _context_features(self, mention: PlaceMention, entry: Entry) -> list[tuple[str, float]]:
        features = []
        heading = self._heading(mention) if self.context.headings else None
        if heading is not None and entry.admin1_row >= 0:
            governorate = self.gazetteer.place(entry.admin1_row)
            if name_key(heading) in map(name_key, (governorate.name, *governorate.other_names)):
                features.append(("heading", 1.0))
        if entry.admin1_row in self.home.governorates:
            features.append(("region-of-outlet", 1.0))
        elif entry.country in self.home.countries:
            features.append(("region-of-outlet", _COUNTRY_OF_OUTLET))
        if entry.country in self.context.countries:
            features.append(("country-of-party", 1.0))
        return features

    def _votes(self, mentions: Iterable[int]) -> dict[str, float]:
        """How much these mentions speak for each country."""
        votes: dict[str, float] = {}
        for n in mentions:
            entry = self.best[n]
            if entry is not None and self.mentions[n].role_hint != "party":
                sure = 1.0 if len(self.mentions[n].candidates) == 1 or entry.weight > 0.5 else 0.3
                votes[entry.country] = votes.get(entry.country, 0.0) + sure
        return votes

    def _anchors(self, candidates: list[list[Entry]]) -> list[Anchor]:
        """The places that are plain by themselves, each with the mentions of it: they pull the others."""
        anchors: dict[int, Anchor] = {}
        for n, entry in enumerate(self.best):
            if entry is None or entry.kind in _WITHOUT_PLACE or self.mentions[n].role_hint == "party":
                continue
            plain = entry.weight >= 0.45 or len(candidates[n]) == 1 or self._margin(n) > 2.0
            if plain or all(km_between(entry, other) < 60 for other in candidates[n]):
                anchors.setdefault(entry.row, Anchor(entry, [])).mentions.append((n, self.mentions[n].first))
        return list(anchors.values())

    def _margin(self, n: int) -> float:
        choices = self.choices[n]
        return choices[0].score - choices[1].score if len(choices) > 1 else 99.0

    def _respell(self, n: int, anchors: list[Anchor], countries: Mapping[str, float]) -> None:
        """A name the gazetteer lacks: one of one other letter, if it is of the cue's kind and near what is named."""
        mention = self.mentions[n]
        if mention.cue in (None, "ريف", "عاصمه") or mention.area:
            return
        key = name_key(self.tokens.text[mention.start : mention.end])
        if key == mention.cue:
            return
        if len(key) < 5:
            return
        container = self.best[mention.within] if mention.within is not None else None
        around = [container] if container is not None else [anchor.entry for anchor in anchors]
        # Of a wide region only its middle counts: too much that is spelt alike lies in it.
        reach = [
            (other, min(other.radius_km, _WIDEST) if other.kind is PlaceKind.REGION else other.radius_km)
            for other in around
        ]
        found = []
        for row in self.gazetteer.alike(key):
            entry = self.gazetteer.place(row)
            keys = [name_key(name).replace(" ", "") for name in (entry.name, *entry.other_names)]
            if not any(within_one_edit(key.replace(" ", ""), other) for other in keys):
                continue
            if any(km_between(entry, other) < radius + _MISSPELT_KM for other, radius in reach):
                found.append(entry)
        if found:
            self.misspelt.add(n)
            self._choose(n, found)
            self._beside_others([n], anchors, countries)


def _shares(votes: Mapping[str, float]) -> dict[str, float]:
    """The share of each country in all votes."""
    total = sum(votes.values())
    return {country: vote / total for country, vote in votes.items()} if total > 0.001 else {}


def _is_of_kind(choice: Choice, choices: list[Choice]) -> bool:
    """Whether the text does not speak of another kind of place: of a village, or of no quarter where other places of
    its country are so called."""
    told = {name for name, _ in choice.features}
    if "cue-other-kind" in told:
        return False
    entry = choice.entry
    elsewhere = (other.entry for other in choices if other.entry.country == entry.country)
    return "quarter-unasked" not in told or all(km_between(entry, other) < _QUARTER_KM for other in elsewhere)


def _is_abroad(named: Named, entry: Entry) -> bool:
    """Whether no other place than this one tells its country."""
    rows = named.get(entry.country)
    return rows is None or (len(rows) == 1 and entry.row in rows)
