"""Places: from words to coordinates, with a precision, a reason, and the rivals not chosen.

`place_choice` says which place each name means; here it becomes a point: the place itself, a side of it, a part of an
area. Nothing falls back to a country's middle: what cannot be placed stays open.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from operator import itemgetter
from typing import Final

import msgspec

from sijill.arabic.words import Tokens
from sijill.gazetteer import Entry, Gazetteer, PlaceKind
from sijill.gazetteer.names import name_key
from sijill.gazetteer.place import AREAS, SETTLEMENTS
from sijill.mentions.places import PlaceMention
from sijill.model import Alternative, Place, PlacePrecision, Span
from sijill.resolve.place_amid import CONFIDENCE, Surroundings, is_part
from sijill.resolve.place_areas import (
    area_point,
    beside,
    border_point,
    direction_of,
    middle_of,
    moved,
    reaches,
    told_distance,
)
from sijill.resolve.place_choice import Chooser, PlaceContext
from sijill.resolve.place_features import Choice, km_between
from sijill.resolve.place_headings import headings

__all__ = ["PlaceContext", "explain_places", "resolve_places"]

_LOOSE: Final = frozenset(
    {PlaceKind.REGION, PlaceKind.COUNTRYSIDE, PlaceKind.MOUNTAIN, PlaceKind.RIVER, PlaceKind.ROAD}
)
MOST_RIVALS: Final = 5
NEARBY_KM: Final = 40.0
"""The airport of a town lies no farther."""
_FAR_BEHIND: Final = 12.0
_ONLY: Final = "the only place of this name"
_by_size = itemgetter(0)
_STRIP: Final = "ps:gov-gaza-strip"
_SMALL: Final = frozenset({PlaceKind.TOWN, PlaceKind.VILLAGE, PlaceKind.NEIGHBOURHOOD, PlaceKind.CAMP, PlaceKind.SITE})
"""A village "east of" one of these lies near it; "east of" a city it may lie 60 km off, and stays open."""
_LONG: Final = frozenset({PlaceKind.ROAD, PlaceKind.RIVER, PlaceKind.LAKE})
_WITHIN_KM: Final = 3.0
"""How far from a town's middle its eastern quarter is taken to lie, at most."""
_CALLED_AFTER: Final = frozenset(
    {
        "مطار", "معبر", "حاجز", "ميناء", "مرفا", "مستشفي", "مشفي", "قاعده", "معسكر", "سجن", "مصفاه", "محطه", "صوامع",
        "مفرق", "مثلث", "فرن", "سوق",
    }
)  # fmt: skip
"""Nouns of facilities that are mostly called after the town they lie at; schools, mosques and squares are not."""
_QUOTES: Final = " \"“”«»'()[]"
_SURE: Final = 0.5
"""A place of at least this confidence tells where a name that the gazetteer lacks lies."""
_PRECISION: Final[Mapping[PlaceKind, PlacePrecision]] = {
    PlaceKind.COUNTRY: "country", PlaceKind.GOVERNORATE: "governorate", PlaceKind.DISTRICT: "district",
    PlaceKind.SUBDISTRICT: "district", PlaceKind.REGION: "region", PlaceKind.COUNTRYSIDE: "region",
    PlaceKind.CITY: "town", PlaceKind.TOWN: "town", PlaceKind.VILLAGE: "town", PlaceKind.ROAD: "region",
    PlaceKind.RIVER: "region", PlaceKind.LAKE: "region", PlaceKind.MOUNTAIN: "region", PlaceKind.ISLAND: "region",
}  # fmt: skip


def resolve_places(
    mentions: list[PlaceMention], tokens: Tokens, gazetteer: Gazetteer, *, context: PlaceContext | None = None
) -> list[Place]:
    """Resolve the mentions of one text: one place for each, in the same order.

    Headings of a digest are read from the text where `context` names none.
    """
    maker = _Maker(_chosen(mentions, tokens, gazetteer, context))
    return [maker.place(n) for n in range(len(mentions))]


def explain_places(
    mentions: list[PlaceMention], tokens: Tokens, gazetteer: Gazetteer, *, context: PlaceContext | None = None
) -> list[list[Choice]]:
    """For each mention its candidates with their scores and features, the best first."""
    return _chosen(mentions, tokens, gazetteer, context).choices


def _chosen(
    mentions: list[PlaceMention], tokens: Tokens, gazetteer: Gazetteer, context: PlaceContext | None
) -> Chooser:
    context = context or PlaceContext()
    if not context.headings and (found := headings(mentions, tokens, gazetteer)):
        context = msgspec.structs.replace(context, headings=found)
    return Chooser(mentions, tokens, gazetteer, context).run()


class _Maker:
    """Makes the places of one text from what was chosen."""

    def __init__(self, chosen: Chooser) -> None:
        self.mentions = chosen.mentions
        self.tokens = chosen.tokens
        self.gazetteer = chosen.gazetteer
        self.weights = chosen.weights
        self.capitals = chosen.capitals
        self.countries = chosen.countries
        self.choices = chosen.choices
        self.best = chosen.best
        self.misspelt = chosen.misspelt
        self.too_far = chosen.too_far
        self.around: Surroundings | None = None
        self.told: dict[tuple[int, int, str], tuple[tuple[Alternative, ...], float, str]] = {}

    def place(self, n: int) -> Place:
        """The place of a mention."""
        mention, entry = self.mentions[n], self.best[n]
        quote = self.tokens.text[mention.start : mention.end]
        span = Span(mention.start, mention.end, quote)
        if self._is_computed(mention):
            return self._area(n, span)
        if n in self.too_far:
            far = self.too_far[n]
            why = (
                f"left open: the likeliest place of this name, {far.entry.name} ({far.entry.country}), "
                f"lies {far.away:.0f} km from {far.nearest.name}"
            )
            return self._unlisted(n, span, why)
        if entry is None:
            return self._capital(n, span) or self._again(n, span) or self._unlisted(n, span, "not in the gazetteer")
        outside = self._outside(n, entry)
        if outside is not None:
            return self._unlisted(n, span, f"the places of this name lie outside {outside.name}")
        lat, lon, precision, why = entry.lat, entry.lon, self._precision(entry), ""
        direction = direction_of(mention.relation)
        if direction is not None and not mention.area and entry.kind is not PlaceKind.COUNTRY:
            lat, lon, why = beside(entry, mention, self.tokens, self.gazetteer)
            precision = "region"
        if entry.kind is PlaceKind.GOVERNORATE and precision == "governorate":
            lat, lon = middle_of(entry)
        if entry.kind is PlaceKind.COUNTRY:
            # A country's middle is no place where anything happened.
            return self._made(n, span, entry, None, None, "country", "a country is named, no place in it")
        return self._made(n, span, entry, lat, lon, precision, why)

    def _precision(self, entry: Entry) -> PlacePrecision:
        return _PRECISION.get(entry.kind, "site")

    def _outside(self, n: int, entry: Entry) -> Entry | None:
        """The place said to hold a mention, if what was chosen lies outside it: then nothing is chosen."""
        within = self.mentions[n].within
        container = self.best[within] if within is not None else None
        if within is None or container is None or container.row == entry.row or self._doubled(n, within):
            return None
        aside = self.mentions[within].relation != "in" and not self.mentions[within].area
        if aside and (self.mentions[n].area or container.kind not in SETTLEMENTS):
            return None
        if any(name == "outside-container" for name, _ in self.choices[n][0].features):
            # Where a region or countryside ends is a matter of words; a governorate or town is not.
            return None if container.kind in _LOOSE else container
        if aside:
            return None
        if container.kind is PlaceKind.GOVERNORATE and entry.admin1_row != container.row:
            return None if reaches(container, entry.lat, entry.lon) else container
        return None

    def _doubled(self, n: int, m: int) -> bool:
        return bool(set(self.mentions[n].candidates) & set(self.mentions[m].candidates))

    def _is_computed(self, mention: PlaceMention) -> bool:
        if not mention.area:
            return False
        named = bool(mention.candidates) or mention.cue not in (None, "ريف", "منطقه")
        return not (mention.relation == "in" and mention.cue != "ريف" and named)

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

    def _capital(self, n: int, span: Span) -> Place | None:
        """For "the capital": that of the country most of the places lie in."""
        if self.mentions[n].cue != "عاصمه":
            return None
        country = max(self.countries, key=self.countries.__getitem__, default="")
        entry = self.gazetteer.by_id(self.capitals.get(country, ""))
        if entry is None or self.countries[country] < 0.5:
            return None
        return self._made(n, span, entry, entry.lat, entry.lon, "town", f"the capital of {country}")

    def _again(self, n: int, span: Span) -> Place | None:
        """For "the airport": the one named last, else that of the town named last."""
        found = self._named_before(n)
        if found is None:
            return None
        entry, why = found
        return self._made(n, span, entry, entry.lat, entry.lon, self._precision(entry), why)

    def _named_before(self, n: int) -> tuple[Entry, str] | None:
        mention = self.mentions[n]
        word = self.tokens.form[mention.last]
        if mention.first != mention.last or not word.endswith("ال" + (mention.cue or " ")):
            return None
        for m in range(n - 1, -1, -1):
            entry = self.best[m]
            if entry is None or self.mentions[m].role_hint == "speaker":
                continue
            if name_key(entry.name).split(" ")[0] == mention.cue or (mention.cue == "قطاع" and entry.id == _STRIP):
                return entry, "named before"
            if entry.kind in (PlaceKind.CITY, PlaceKind.TOWN):
                found = [near for near in self.gazetteer.search(f"{mention.cue} {entry.name}")
                         if near.row != entry.row and km_between(near, entry) < NEARBY_KM]  # fmt: skip
                if found:
                    return found[0], f"that of {entry.name}, named before"
        return None

    def _holder(self, n: int) -> Entry | None:
        """The place said to hold a mention: the one it names, or the one that its words stand for (وسط المخيم)."""
        within, seen = self.mentions[n].within, {n}
        while within is not None and within not in seen:
            if self.best[within] is not None:
                return self.best[within]
            found = self._named_before(within)
            if found is not None:
                return found[0]
            seen.add(within)
            within = self.mentions[within].within
        return None

    def _unlisted(self, n: int, span: Span, why: str) -> Place:
        """A name without a place of its own: at what is said to hold it, or amid what is named around it, or open."""
        mention = self.mentions[n]
        container = self._holder(n)
        if container is None:
            return self._called_after(n, span, why) or self._amid(n, span, why) or self._open(n, span, why)
        outer = self.mentions[mention.within or 0]
        relation = outer.relation
        if relation != "in" and is_part(mention) and container.kind in SETTLEMENTS:
            # A quarter or a mosque "east of the town" lies in its east; a village lies outside.
            at = moved(container.lat, container.lon, direction_of(relation) or 0, min(_WITHIN_KM, container.radius_km))
            if direction_of(relation) is not None:
                why = f"{why}; placed in the {relation} of {container.name}, where it is said to lie"
                return self._made(n, span, container, *at, "region", why, own=False, rivals=True)
        held = container.kind not in AREAS and container.kind not in _LONG
        told = told_distance(self.tokens, outer.first) is not None
        if held and not outer.area and direction_of(relation) is not None and (told or container.kind in _SMALL):
            lat, lon, where = beside(container, outer, self.tokens, self.gazetteer)
            why = f"{why}; placed {where}, where it is said to lie"
            return self._made(n, span, container, lat, lon, "region", why, own=False, rivals=True)
        if held and not outer.area and relation in ("in", "near"):
            wide = container.kind in (PlaceKind.DISTRICT, PlaceKind.SUBDISTRICT)
            vague = relation == "near" or container.kind in _LOOSE
            precision: PlacePrecision = "district" if wide else "region" if vague else "town"
            why = f"{why}; placed at {container.name}, {'in' if relation == 'in' else 'near'} which it is said to lie"
            return self._made(n, span, container, container.lat, container.lon, precision, why, own=False, rivals=True)
        amid = self._amid(n, span, why, container)
        if amid is not None:
            return amid
        why = f"{why}; said to lie in {container.name}"
        return self._made(n, span, container, None, None, "unknown", why, own=False, rivals=True)

    def _open(self, n: int, span: Span, why: str) -> Place:
        rivals = self._rivals(None, self.choices[n])
        return Place(name=span.quote, span=span, relation=self.mentions[n].relation, alternatives=rivals, reason=why)

    def _called_after(self, n: int, span: Span, why: str) -> Place | None:
        """A checkpoint, hospital or airport at the village it is called after, if that lies near the certain places."""
        mention = self.mentions[n]
        if mention.cue not in _CALLED_AFTER or mention.first == mention.last or mention.role_hint is not None:
            return None
        name = self.tokens.text[self.tokens.start[mention.first + 1] : mention.end].strip(_QUOTES)
        certain = [known.entry for known in self._surroundings().known]
        near = [
            (min(km_between(entry, other) for other in certain), entry.id, entry)
            for entry in (self.gazetteer.search(name) if certain else ())
            if entry.kind in SETTLEMENTS
        ]
        if not near or min(near)[0] > NEARBY_KM:
            return None
        entry = min(near)[2]
        why = f"{why}; placed at {entry.name}, which it is called after"
        return self._made(n, span, entry, entry.lat, entry.lon, "region", why, own=False, rivals=True)

    def _surroundings(self) -> Surroundings:
        if self.around is None:
            self.around = Surroundings(self.mentions, [self._sure(m) for m in range(len(self.mentions))], self.tokens)
        return self.around

    def _amid(self, n: int, span: Span, why: str, container: Entry | None = None) -> Place | None:
        """At a point that the certain places around a name tell, unless that lies outside what is said to hold it."""
        found = self._surroundings().point(n)
        if found is None:
            return None
        held = container is not None and container.kind is PlaceKind.GOVERNORATE
        if held and container is not None and not reaches(container, found.lat, found.lon):
            return None
        why = f"{why}; {found.why}"
        place = self._made(n, span, found.entry, found.lat, found.lon, "region", why, own=False, rivals=True)
        return msgspec.structs.replace(place, confidence=CONFIDENCE, admin1=found.admin1, admin2=None)

    def _sure(self, m: int) -> Entry | None:
        """The place that a mention surely means, or None."""
        entry = self.best[m]
        if entry is None or m in self.misspelt or m in self.too_far or self._outside(m, entry) is not None:
            return None
        choices = self.choices[m]
        mine = next((choice for choice in choices if choice.entry.row == entry.row), None)
        return entry if self._confidence(m, mine, choices) >= _SURE else None

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
            mine = next((choice for choice in choices if choice.entry.row == entry.row), None)
            if len(choices) == 1 and mine is not None and n not in self.misspelt and not _is_doubted(mine):
                found = ((), 0.95, why or _ONLY)
            else:
                confidence = self._confidence(n, mine, choices)
                found = (self._rivals(entry, choices), confidence, self._reason(n, entry, mine, choices, why))
            self.told[key] = found
        return found

    def _rivals(self, entry: Entry | None, choices: list[Choice]) -> tuple[Alternative, ...]:
        rivals: list[Alternative] = []
        for choice in choices[: MOST_RIVALS + 1]:
            rival = choice.entry
            if (entry is None or rival.row != entry.row) and len(rivals) < MOST_RIVALS:
                name, lat, lon = rival.name, rival.lat, rival.lon
                rivals.append(Alternative(rival.id, name, lat, lon, rival.admin1, round(choice.score, 3)))
        return tuple(rivals)

    def _confidence(self, n: int, mine: Choice | None, choices: list[Choice]) -> float:
        """The share of the chosen place among its rivals that lie elsewhere, never quite certain."""
        if mine is None:
            return 0.5
        chosen, best = mine.entry, mine.score
        rivals = 0.0
        for choice in choices:
            score = choice.score
            # Those far behind do not count, wherever they lie.
            if score > best - _FAR_BEHIND and km_between(choice.entry, chosen) > 15:
                rivals += math.exp(score - best) if score < best else 1.0
        if _is_doubted(mine):
            rivals += math.exp(-best)  # Staying open is a rival of sum 0.
        top = 0.75 if n in self.misspelt else 0.95
        return round(top / (1.0 + rivals), 3)

    def _reason(self, n: int, entry: Entry, mine: Choice | None, choices: list[Choice], why: str) -> str:
        parts = [why] if why else []
        if n in self.misspelt:
            parts.append(f"spelt like {entry.name}, near what is named")
        if mine is None or (len(choices) < 2 and not _is_doubted(mine)):
            return "; ".join(parts or [_ONLY])
        weights = self.weights
        told = sorted([(-abs(weights[name] * value), name, value) for name, value in mine.features], key=_by_size)[:3]
        parts += [f"{name} {weights[name] * value:+.1f}" for _, name, value in told]
        return "; ".join(parts)


def _is_doubted(choice: Choice) -> bool:
    """Whether a choice lies far from the rest of its report, or in a country not named."""
    return any(name in ("far-from-report", "country-not-named") for name, _ in choice.features)
