"""Places: from words to coordinates, with a precision, a reason, and the rivals not chosen.

Every candidate of a mention is scored by a few features with weights that stand in `lexicon/data/places/weights.csv`.
First the mentions are scored by themselves, then again beside the others of the report, so that a report about one
district pulls its namesakes there. Nothing falls back to a country's middle: what cannot be placed stays open.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from functools import lru_cache

import msgspec

from sijill.arabic.words import Tokens
from sijill.gazetteer import Entry, Gazetteer, PlaceKind
from sijill.gazetteer.names import name_key, within_one_edit
from sijill.gazetteer.place import AREAS
from sijill.mentions.places import PlaceMention
from sijill.model import Alternative, Place, PlacePrecision, Span
from sijill.resolve.place_areas import area_point, beside, border_point, direction_of, reaches
from sijill.resolve.place_features import (
    Anchor,
    Choice,
    best_first,
    closeness,
    is_inside,
    kind_features,
    km_between,
    own_features,
    pulls,
    weights,
)

_ALONE = frozenset({PlaceKind.COUNTRY, PlaceKind.CITY})
MOST_RIVALS = 5
_MOST_KNOWN = 100_000
KNOWN_EVERYWHERE = 0.95
"""Countries, capitals and great cities: named without a noun before them, they are meant."""
_PRECISION: Mapping[PlaceKind, PlacePrecision] = {
    PlaceKind.COUNTRY: "country", PlaceKind.GOVERNORATE: "governorate", PlaceKind.DISTRICT: "district",
    PlaceKind.SUBDISTRICT: "district", PlaceKind.REGION: "region", PlaceKind.COUNTRYSIDE: "region",
    PlaceKind.CITY: "town", PlaceKind.TOWN: "town", PlaceKind.VILLAGE: "town", PlaceKind.ROAD: "region",
    PlaceKind.RIVER: "region", PlaceKind.LAKE: "region", PlaceKind.MOUNTAIN: "region", PlaceKind.ISLAND: "region",
}  # fmt: skip


class PlaceContext(msgspec.Struct, frozen=True):
    """What is known beside the text.

    `regions` are countries (two-letter codes) or English governorate names the outlet writes about; `countries` those
    in which the parties named fight; `headings` the Arabic name of the governorate under whose heading a token stands,
    as (first token, name), in order.
    """

    regions: tuple[str, ...] = ()
    countries: tuple[str, ...] = ()
    headings: tuple[tuple[int, str], ...] = ()


def resolve_places(
    mentions: list[PlaceMention], tokens: Tokens, gazetteer: Gazetteer, *, context: PlaceContext | None = None
) -> list[Place]:
    """Resolve the mentions of one text: one place for each, in the same order."""
    return _Resolver(mentions, tokens, gazetteer, context or PlaceContext()).run()


def explain_places(
    mentions: list[PlaceMention], tokens: Tokens, gazetteer: Gazetteer, *, context: PlaceContext | None = None
) -> list[list[Choice]]:
    """For each mention its candidates with their scores and features, the best first."""
    resolver = _Resolver(mentions, tokens, gazetteer, context or PlaceContext())
    resolver.run()
    return resolver.choices


@lru_cache(maxsize=4)
def _known(gazetteer: Gazetteer) -> dict[tuple[str, str | None, bool, int], Choice]:
    """What speaks for a place by itself, remembered for a name, its cue, whether an area is asked, and the row."""
    return {}


class _Resolver:
    def __init__(
        self, mentions: list[PlaceMention], tokens: Tokens, gazetteer: Gazetteer, context: PlaceContext
    ) -> None:
        self.mentions = mentions
        self.tokens = tokens
        self.gazetteer = gazetteer
        self.context = context
        self.weights = weights()
        self.known = _known(gazetteer)
        self.has_context = context != PlaceContext()
        self.choices: list[list[Choice]] = [[] for _ in mentions]
        self.best: list[Entry | None] = [None] * len(mentions)
        self.misspelt: set[int] = set()
        self.told: dict[tuple[int, int, str], tuple[tuple[Alternative, ...], float, str]] = {}

    def run(self) -> list[Place]:
        candidates = [self._candidates(n) for n in range(len(self.mentions))]
        groups = self._groups(candidates)
        countries = self._countries()
        anchors = self._anchors(candidates)
        for group in groups:
            n = group[0]
            if len(candidates[n]) > 1:
                self._beside_others(group, anchors, countries)
            elif not candidates[n]:
                for m in group:
                    self._respell(m, anchors, countries)
        return [self._place(n) for n in range(len(self.mentions))]

    def _groups(self, candidates: list[list[Entry]]) -> list[list[int]]:
        """Mentions of one name with the same cue and container are one place: each group is scored once."""
        groups: dict[tuple[object, ...], list[int]] = {}
        for n in self._containers_first():
            mention = self.mentions[n]
            container = self.best[mention.within] if mention.within is not None else None
            key = (mention.candidates, mention.cue, mention.area, container and container.row)
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

        def visit(n: int) -> None:
            if n in seen:
                return
            seen.add(n)
            within = self.mentions[n].within
            if within is not None:
                visit(within)
            order.append(n)

        for n in range(len(self.mentions)):
            visit(n)
        return order

    def _candidates(self, n: int) -> list[Entry]:
        return [self.gazetteer.place(row) for row in self.mentions[n].candidates]

    # Scores

    def _choose(self, n: int, candidates: list[Entry]) -> None:
        """Score the candidates of a mention by itself."""
        if not candidates:
            return
        mention = self.mentions[n]
        quote = self.tokens.text[mention.start : mention.end]
        self._keep([n], [self._score(mention, quote, entry) for entry in candidates])

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
            if mention.cue is None and entry.weight >= KNOWN_EVERYWHERE and entry.kind in _ALONE:
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

    def _sum(self, features: Iterable[tuple[str, float]]) -> float:
        weights = self.weights
        total = 0.0
        for name, value in features:
            total += weights[name] * value
        return total

    def _beside_others(self, group: list[int], anchors: list[Anchor], countries: Mapping[str, float]) -> None:
        """Score the candidates of a name again, now beside the rest of the report."""
        firsts = [self.mentions[n].first for n in group]
        others = pulls(anchors, firsts, self.choices[group[0]])
        weights = self.weights
        near_weight, report_weight = weights["near-named"], weights["near-report"]
        country_weight = weights["country-of-report"]
        choices = []
        for entry, score, features in self.choices[group[0]]:
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
            choices.append(Choice(entry, score, features))
        self._keep(group, choices)

    def _container_features(self, mention: PlaceMention, within: int, entry: Entry) -> list[tuple[str, float]]:
        outer, container = self.mentions[within], self.best[within]
        if container is None:
            return []
        if entry.row == container.row:
            doubled = bool(set(mention.candidates) & set(outer.candidates))
            return [("named-container", 1.0)] if doubled else []
        if is_inside(entry, container) or self._is_chief_town(container, entry):
            return [("named-container", 1.0)]
        reach = 90.0 if container.kind in (PlaceKind.CITY, PlaceKind.GOVERNORATE) else 45.0
        if outer.relation != "in":
            reach *= 1.8  # "شرق دير الزور" reaches farther than "في دير الزور".
        away = km_between(entry, container) - container.radius_km
        if away < reach:
            return [("named-container", max(0.3, 1.0 - max(0.0, away) / reach))]
        return [("outside-container", 1.0)]

    def _is_chief_town(self, container: Entry, entry: Entry) -> bool:
        """Whether a town named as holding a place bears the name of its governorate: "المزرق في حجة"."""
        if container.kind not in (PlaceKind.CITY, PlaceKind.TOWN) or entry.admin1_row < 0:
            return False
        return container.admin1_row == entry.admin1_row and container.weight >= 0.5

    def _context_features(self, mention: PlaceMention, entry: Entry) -> list[tuple[str, float]]:
        features = []
        heading = next((name for first, name in reversed(self.context.headings) if first <= mention.first), None)
        if heading is not None and entry.admin1_row >= 0:
            governorate = self.gazetteer.place(entry.admin1_row)
            if name_key(heading) in map(name_key, (governorate.name, *governorate.other_names)):
                features.append(("heading", 1.0))
        if entry.country in self.context.regions or entry.admin1 in self.context.regions:
            features.append(("region-of-outlet", 1.0))
        if entry.country in self.context.countries:
            features.append(("country-of-party", 1.0))
        return features

    def _countries(self) -> dict[str, float]:
        counts: dict[str, float] = {}
        for n, entry in enumerate(self.best):
            if entry is not None and self.mentions[n].role_hint != "party":
                sure = 1.0 if len(self.mentions[n].candidates) == 1 or entry.weight > 0.5 else 0.3
                counts[entry.country] = counts.get(entry.country, 0.0) + sure
        total = sum(counts.values())
        return {country: count / total for country, count in counts.items()} if total else {}

    def _anchors(self, candidates: list[list[Entry]]) -> list[Anchor]:
        """The places that are plain by themselves, each with the mentions of it: they pull the others."""
        anchors: dict[int, Anchor] = {}
        for n, entry in enumerate(self.best):
            if entry is None or entry.kind is PlaceKind.COUNTRY or self.mentions[n].role_hint == "party":
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
        if mention.cue is None or mention.cue == "ريف" or mention.area:
            return
        key = name_key(self.tokens.text[mention.start : mention.end])
        if len(key) < 5:
            return
        container = self.best[mention.within] if mention.within is not None else None
        around = [container] if container is not None else [anchor.entry for anchor in anchors]
        found = []
        for row in self.gazetteer.alike(key):
            entry = self.gazetteer.place(row)
            keys = [name_key(name).replace(" ", "") for name in (entry.name, *entry.other_names)]
            if not any(within_one_edit(key.replace(" ", ""), other) for other in keys):
                continue
            if any(km_between(entry, other) < other.radius_km + 40 for other in around):
                found.append(entry)
        if found:
            self.misspelt.add(n)
            self._choose(n, found)
            self._beside_others([n], anchors, countries)

    # Places

    def _place(self, n: int) -> Place:
        mention, entry = self.mentions[n], self.best[n]
        quote = self.tokens.text[mention.start : mention.end]
        span = Span(mention.start, mention.end, quote)
        if self._is_computed(mention):
            return self._area(n, span)
        if entry is None:
            return self._unlisted(n, span)
        outside = self._outside(n, entry)
        if outside is not None:
            why = f"the places of this name lie outside {outside.name}, which is said to hold it"
            return self._made(n, span, outside, None, None, "unknown", why, own=False, rivals=True)
        lat, lon, precision, why = entry.lat, entry.lon, _PRECISION.get(entry.kind, "site"), ""
        direction = direction_of(mention.relation)
        if direction is not None and not mention.area and entry.kind is not PlaceKind.COUNTRY:
            lat, lon, why = beside(entry, mention, self.tokens, self.gazetteer)
            precision = "region"
        if entry.kind is PlaceKind.COUNTRY:
            # A country's middle is no place where anything happened.
            return self._made(n, span, entry, None, None, "country", "a country is named, no place in it")
        return self._made(n, span, entry, lat, lon, precision, why)

    def _outside(self, n: int, entry: Entry) -> Entry | None:
        """The place said to hold a mention, if what was chosen lies outside it: then nothing is chosen."""
        within = self.mentions[n].within
        container = self.best[within] if within is not None else None
        if within is None or container is None or container.row == entry.row or self._doubled(n, within):
            return None
        if self.mentions[within].relation != "in" and not self.mentions[within].area:
            return None
        if any(name == "outside-container" for name, _ in self.choices[n][0].features):
            return container
        if container.kind is PlaceKind.GOVERNORATE and entry.admin1_row != container.row:
            return None if reaches(container, entry.lat, entry.lon) else container
        return None

    def _doubled(self, n: int, m: int) -> bool:
        return bool(set(self.mentions[n].candidates) & set(self.mentions[m].candidates))

    def _is_computed(self, mention: PlaceMention) -> bool:
        if not mention.area:
            return False
        plain = mention.relation == "in" and mention.cue != "ريف" and bool(mention.candidates)
        return not plain

    def _area(self, n: int, span: Span) -> Place:
        """Parts of governorates and countries, and borders: a point near the middle of that part."""
        mention = self.mentions[n]
        base = self.best[n] or self._base_before(n)
        if base is None:
            return Place(name=span.quote, span=span, relation=mention.relation, reason="no place named it is part of")
        if mention.relation == "between" and len(mention.candidates) == 2:
            ends = [self.gazetteer.place(row) for row in mention.candidates]
            point = border_point(ends[0], ends[1])
            if point is None:
                return self._made(n, span, base, None, None, "region", "a border, not placed", keep_admin=False)
            return self._made(n, span, base, *point, "region", "between the two places", keep_admin=False)
        if base.kind is PlaceKind.COUNTRY and direction_of(mention.relation) is None:
            return self._made(n, span, base, None, None, "country", "part of a country that is not placed")
        lat, lon, why = area_point(base, mention.relation, self.gazetteer)
        if lat is None:
            return self._made(n, span, base, None, None, "region", why)
        return self._made(n, span, base, lat, lon, "region", why)

    def _base_before(self, n: int) -> Entry | None:
        """For "الريف الشمالي" or "جنوب البلاد": the governorate, city or country last named before it."""
        mention = self.mentions[n]
        wanted = "البلاد" in self.tokens.form[mention.first : mention.last + 1]
        zone = mention.cue == "منطقه"
        for m in range(n - 1, -1, -1):
            entry = self.best[m]
            if entry is None or self.mentions[m].role_hint == "speaker":
                continue
            if wanted or zone:
                if entry.kind is PlaceKind.COUNTRY:
                    return entry
                found = self.gazetteer.by_id(f"country:{entry.country.lower()}")
                if found is not None:
                    return found
            elif entry.kind in (PlaceKind.GOVERNORATE, PlaceKind.CITY, PlaceKind.TOWN, PlaceKind.COUNTRYSIDE):
                return entry
        return None

    def _unlisted(self, n: int, span: Span) -> Place:
        mention = self.mentions[n]
        container = self.best[mention.within] if mention.within is not None else None
        small = container is not None and container.kind not in (*AREAS, PlaceKind.DISTRICT)
        if container is None:
            return Place(name=span.quote, span=span, relation=mention.relation, reason="not in the gazetteer")
        if small and direction_of(self.mentions[mention.within or 0].relation) is None:
            why = f"not in the gazetteer; placed at {container.name}, in which it is said to lie"
            return self._made(n, span, container, container.lat, container.lon, "town", why, own=False)
        why = f"not in the gazetteer; said to lie in {container.name}"
        return self._made(n, span, container, None, None, "unknown", why, own=False)

    def _made(
        self,
        n: int,
        span: Span,
        entry: Entry,
        lat: float | None,
        lon: float | None,
        precision: PlacePrecision,
        why: str,
        *,
        own: bool = True,
        rivals: bool = False,
        keep_admin: bool = True,
    ) -> Place:
        """The place of a mention. Not `own`: `entry` only holds it; `rivals`: the candidates stand beside it still."""
        others, told, reason = self._told(n, entry, why)
        confidence = told if own else 0.3
        return Place(
            name=entry.name if own and not self.mentions[n].area else span.quote,
            span=span,
            place_id=entry.id if own else None,
            lat=None if lat is None else round(lat, 5),
            lon=None if lon is None else round(lon, 5),
            precision=precision,
            relation=self.mentions[n].relation,
            country=entry.country if keep_admin else None,
            admin1=entry.admin1 if keep_admin else None,
            admin2=entry.admin2 if keep_admin else None,
            confidence=confidence if lat is not None else 0.0,
            alternatives=others if own or rivals else (),
            reason=reason if own else why,
        )

    def _told(self, n: int, entry: Entry, why: str) -> tuple[tuple[Alternative, ...], float, str]:
        """The rivals, the confidence and the reason: alike for all mentions of a group."""
        choices = self.choices[n]
        key = (id(choices), entry.row, why)
        found = self.told.get(key)
        if found is None:
            rivals = tuple(
                Alternative(c.entry.id, c.entry.name, c.entry.lat, c.entry.lon, c.entry.admin1, round(c.score, 3))
                for c in choices[: MOST_RIVALS + 1]
                if c.entry.row != entry.row
            )[:MOST_RIVALS]
            found = (rivals, self._confidence(n, entry, choices), self._reason(n, entry, choices, why))
            self.told[key] = found
        return found

    def _confidence(self, n: int, entry: Entry, choices: list[Choice]) -> float:
        """The share of the chosen place among its rivals that lie elsewhere, never quite certain."""
        mine = next((c.score for c in choices if c.entry.row == entry.row), None)
        if mine is None:
            return 0.5
        rivals = [math.exp(min(0.0, choice.score - mine)) for choice in choices if km_between(choice.entry, entry) > 15]
        top = 0.75 if n in self.misspelt else 0.95
        return round(top / (1.0 + sum(rivals)), 3)

    def _reason(self, n: int, entry: Entry, choices: list[Choice], why: str) -> str:
        parts = [why] if why else []
        if n in self.misspelt:
            parts.append(f"spelt like {entry.name}, near what is named")
        mine = next((choice for choice in choices if choice.entry.row == entry.row), None)
        if len(choices) < 2 or mine is None:
            return "; ".join(parts or ["the only place of this name"])
        told = sorted(mine.features, key=lambda f: -abs(self.weights[f[0]] * f[1]))[:3]
        parts += [f"{name} {self.weights[name] * value:+.1f}" for name, value in told]
        return "; ".join(parts)
