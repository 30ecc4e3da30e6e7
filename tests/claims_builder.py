"""Reports made by hand for the tests of the record: claims with the values a test is about, and words to hold them.

A made report travels as its own JSON, and `read` here reads that back, so that a record can be filled without the
reader. `claims_builder:read` is the name to give to `Record.add`.
"""

from __future__ import annotations

import hashlib
from typing import Any

import msgspec

from sijill.capture.item import Item
from sijill.errors import InputError
from sijill.model import Casualties, Claim, Damage, Date, Means, Party, Place, Report, Source, SourceFile, Span

READ = "claims_builder:read"

# name: (id, lat, lon, governorate)
TOWNS: dict[str, tuple[str, float, float, str]] = {
    "سراقب": ("t:saraqib", 35.864, 36.806, "إدلب"),
    "أريحا": ("t:ariha", 35.813, 36.609, "إدلب"),
    "معرة النعمان": ("t:maarrat", 35.643, 36.675, "إدلب"),
    "بنش": ("t:binnish", 35.955, 36.712, "إدلب"),
    "تفتناز": ("t:taftanaz", 35.998, 36.785, "إدلب"),
    "كفرنبل": ("t:kafr-nabl", 35.614, 36.561, "إدلب"),
    "جسر الشغور": ("t:jisr", 35.815, 36.318, "إدلب"),
    "الباب": ("t:bab", 36.371, 37.516, "حلب"),
    "منبج": ("t:manbij", 36.528, 37.954, "حلب"),
    "اعزاز": ("t:azaz", 36.586, 37.045, "حلب"),
    "عندان": ("t:anadan", 36.293, 37.042, "حلب"),
    "دوما": ("t:douma", 33.572, 36.403, "ريف دمشق"),
    "حرستا": ("t:harasta", 33.558, 36.365, "ريف دمشق"),
    "عربين": ("t:arbin", 33.539, 36.366, "ريف دمشق"),
    "الميادين": ("t:mayadin", 35.017, 40.453, "دير الزور"),
    "البوكمال": ("t:bukamal", 34.453, 40.919, "دير الزور"),
    "هجين": ("t:hajin", 34.693, 40.831, "دير الزور"),
    "الشعفة": ("t:shaafa", 34.567, 40.946, "دير الزور"),
    "تلبيسة": ("t:talbiseh", 34.842, 36.731, "حمص"),
    "الرستن": ("t:rastan", 34.925, 36.733, "حمص"),
}
AREAS = {
    "إدلب": (35.93, 36.63),
    "حلب": (36.2, 37.16),
    "ريف دمشق": (33.5, 36.4),
    "دير الزور": (35.3, 40.1),
    "حمص": (34.7, 36.7),
}


def item(report: Report, *, url: str | None = None, name: str = "made.json") -> Item:
    """A made report as an input of `Record.add`."""
    return Item(data=report.to_json(), name=name, how="file", url=url, media_type="application/json")


def read(source: str | bytes, *, name: str, url: str | None = None, **_told: Any) -> Report:
    """Read a made report back from its JSON."""
    try:
        report = msgspec.json.decode(source, type=Report)
    except msgspec.DecodeError as error:
        raise InputError(f"{name}: not a made report: {error}") from error
    source_file = msgspec.structs.replace(report.source, name=name, url=url or report.source.url)
    return msgspec.structs.replace(report, source=source_file)


class Maker:
    """Puts a report together: every sentence is a claim's evidence, every name a span of the text."""

    def __init__(self, outlet: str | None = "الراصد", published: str | None = "2018-03-05", title: str = "") -> None:
        self.outlet, self.published = outlet, published
        self.text = title + "\n" if title else ""
        self.title = Span(0, len(title), title) if title else None
        self.claims: list[Claim] = []

    def claim(
        self,
        sentence: str,
        *,
        type: str = "air-strike",
        trigger: str | None = None,
        modality: str = "reported",
        date: str | tuple[str, str] | None = "2018-03-04",
        places: tuple[str | Place, ...] = ("سراقب",),
        initiators: tuple[str | tuple[str, str], ...] = (),
        targets: tuple[str | tuple[str, str], ...] = (),
        killed: int | tuple[int | None, int | None] | None = None,
        injured: int | tuple[int | None, int | None] | None = None,
        captured: int | tuple[int | None, int | None] | None = None,
        who: str = "civilian",
        source: Source | None = None,
        damage: tuple[str, ...] = (),
        means: tuple[str, ...] = (),
        count: int | None = None,
    ) -> Maker:
        """Add a sentence that tells one claim."""
        start = len(self.text)
        self.text += sentence + " "
        span = Span(start, start + len(sentence), sentence)
        key = f"{start}:{len(self.claims)}"

        def at(words: str) -> Span:
            found = self.text.find(words, start)
            return Span(found, found + len(words), words) if found >= 0 else span

        days = (date, date) if isinstance(date, str) else date
        told = {"killed": killed, "injured": injured, "captured": captured}
        harm = [_harm(outcome, number, who, span) for outcome, number in told.items()]
        self.claims.append(
            Claim(
                id=hashlib.sha256(f"{self.outlet}{key}{sentence}".encode()).hexdigest()[:16],
                type=type,
                modality=modality,  # type: ignore[arg-type]
                trigger=at(trigger or sentence.split()[0]),
                mentions=(),
                evidence=(span,),
                source=source or Source("outlet"),
                initiators=tuple(_party(party, at) for party in initiators),
                targets=tuple(_party(party, at) for party in targets),
                places=tuple(place if isinstance(place, Place) else town(place, at(place)) for place in places),
                date=Date(days[0], days[1], "day" if days[0] == days[1] else "days", "stated") if days else None,
                casualties=tuple(entry for entry in harm if entry),
                damage=tuple(Damage(kind, span) for kind in damage),
                means=tuple(Means(name, span) for name in means),
                count=count,
            )
        )
        return self

    def report(self, url: str | None = None) -> Report:
        """The report."""
        data = self.text.encode()
        return Report(
            id=hashlib.sha256(data).hexdigest(),
            source=SourceFile("made", "text/plain", len(data), url),
            text=self.text,
            title=self.title,
            published=self.published,
            claims=tuple(self.claims),
            warnings=(),
            outlet=self.outlet,
        )


def town(name: str, span: Span) -> Place:
    """A town of the list, a governorate of the list, or a name that is on no map."""
    if name in TOWNS:
        place_id, lat, lon, admin1 = TOWNS[name]
        return Place(name, span, place_id, lat, lon, "town", country="SY", admin1=admin1, confidence=0.9)
    if name in AREAS:
        lat, lon = AREAS[name]
        return Place(name, span, f"a:{name}", lat, lon, "governorate", country="SY", admin1=name, confidence=0.9)
    return Place(name, span)


def _party(party: str | tuple[str, str], at: Any) -> Party:
    name, actor = (party, None) if isinstance(party, str) else party
    return Party(name, at(name), actor)


def _harm(outcome: Any, number: Any, who: Any, span: Span) -> Casualties | None:
    if number is None:
        return None
    low, high = number if isinstance(number, tuple) else (number, number)
    return Casualties(outcome, low, span, high, who)
