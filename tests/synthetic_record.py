"""A record with known truth: events that are made up, and reports that tell them late, vaguely, wrongly or again.

Only for measuring. Nothing of it is used to set a weight.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from claims_builder import TOWNS, Maker
from sijill.incidents.pair import kilometres
from sijill.model import Report, Source

_START = date(2018, 3, 1)
_KINDS: dict[str, tuple[str, tuple[str, ...]]] = {
    "air-strike": ("غارات جوية", ("shelling", "killing")),
    "shelling": ("قصف مدفعي", ("air-strike", "killing")),
    "drone-strike": ("غارة بطائرة مسيرة", ("air-strike",)),
    "car-bomb": ("انفجار سيارة مفخخة", ("explosion",)),
    "explosion": ("انفجار عبوة ناسفة", ("car-bomb",)),
    "armed-clash": ("اشتباكات عنيفة", ("attack",)),
    "attack": ("هجوم مسلح", ("armed-clash",)),
    "assassination": ("اغتيال بالرصاص", ("killing",)),
    "arrest": ("حملة اعتقالات", ()),
    "protest": ("مظاهرة شعبية", ()),
}
_DOERS = {
    "syria-government": "قوات النظام",
    "russia": "الطيران الروسي",
    "sdf": "قوات سوريا الديمقراطية",
    "is": "تنظيم الدولة",
    "sna": "فصائل المعارضة",
    "unknown-gunmen": "مسلحون مجهولون",
}
_SIGHTS = [
    "سوقا شعبيا",
    "مدرسة ابتدائية",
    "مشفى ميدانيا",
    "حيا سكنيا",
    "مخيما للنازحين",
    "فرنا للخبز",
    "مقرا للدفاع المدني",
    "مسجدا قديما",
    "جسرا رئيسيا",
    "محطة مياه",
    "قافلة شاحنات",
    "حاجزا على المدخل",
    "مزرعة زيتون",
    "ورشة صناعية",
    "ملعبا بلديا",
]
_OPENINGS = [
    "أفادت مصادر محلية بأن",
    "قال مراسلنا إن",
    "ذكر ناشطون أن",
    "نقلت شبكات محلية أن",
    "أعلن الدفاع المدني أن",
    "علمنا من الأهالي أن",
]
_CLOSINGS = [
    "وسط حركة نزوح للأهالي",
    "وما زالت فرق الإنقاذ تعمل في المكان",
    "ولم تعرف الحصيلة النهائية بعد",
    "وسمع دوي قوي في الأرجاء",
    "بحسب ما أكد شهود عيان",
    "فيما نقل الجرحى إلى نقاط طبية قريبة",
    "في ظل تحليق مكثف",
    "بعد هدوء دام أياما",
]
_OUTLETS = [
    f"وكالة {name}"
    for name in ["الفرات", "الشهباء", "قاسيون", "الساحل", "البادية", "الغوطة", "العاصي", "الجزيرة العليا", "الميدان"]
]


@dataclass
class Event:
    """What happened, in the made-up world."""

    kind: str
    day: date
    towns: tuple[str, ...]
    doer: str | None
    killed: int
    injured: int
    sight: str


@dataclass
class World:
    """Events, the reports on them in the order of their publication, and which claim tells which event."""

    events: list[Event] = field(default_factory=list)
    reports: list[Report] = field(default_factory=list)
    truth: dict[str, int] = field(default_factory=dict)


def world(events: int = 220, days: int = 45, seed: int = 11) -> World:
    """A world of some events, all made from one seed."""
    chance = random.Random(seed)
    made = World(events=[_event(chance, days) for _ in range(events)])
    told: list[tuple[int, Report]] = []
    for n, event in enumerate(made.events):
        mine: list[Maker] = []
        for outlet in chance.sample(_OUTLETS, chance.choice((1, 1, 2, 2, 3, 4, 6))):
            if mine and chance.random() < 0.25:
                maker = _copy(chance, chance.choice(mine), outlet)
            else:
                maker = _telling(chance, event, outlet)
            mine.append(maker)
            report = maker.report(url=f"http://{len(told)}.example/")
            made.truth |= {claim.id: n for claim in report.claims}
            told.append((_published(report), report))
    made.reports = [report for _, report in sorted(told, key=lambda pair: pair[0])]
    return made


def _event(chance: random.Random, days: int) -> Event:
    kind = chance.choices(list(_KINDS), (6, 6, 2, 2, 2, 3, 3, 2, 2, 1))[0]
    first = chance.choice(list(TOWNS))
    near = sorted(TOWNS, key=lambda name: _apart(first, name))[1:5]
    more = (
        tuple(chance.sample(near, chance.choice((1, 2))))
        if kind in ("air-strike", "shelling") and chance.random() < 0.3
        else ()
    )
    harmless = kind in ("arrest", "protest") or chance.random() < 0.2
    killed = 0 if harmless else min(60, int(chance.paretovariate(0.9)))
    doer = chance.choice(list(_DOERS)) if kind != "protest" else None
    injured = killed * 2 + chance.randrange(6) if not harmless else 0
    day = _START + timedelta(days=chance.randrange(days))
    return Event(kind, day, (first, *more), doer, killed, injured, chance.choice(_SIGHTS))


def _telling(chance: random.Random, event: Event, outlet: str) -> Maker:
    late = chance.choices((0, 1, 3, 6), (6, 5, 2, 1))[0]
    maker = Maker(outlet, (event.day + timedelta(days=late)).isoformat())
    kind = event.kind
    if chance.random() < 0.2 and (others := _KINDS[event.kind][1]):
        kind = chance.choice([other for other in others if other != "killing" or event.killed] or [kind])
    towns = event.towns if chance.random() < 0.6 else (chance.choice(event.towns),)
    doer = (
        event.doer
        if chance.random() < 0.7
        else chance.choice(list(_DOERS))
        if chance.random() < 0.2 and event.doer
        else None
    )
    killed = _number(chance, event.killed)
    injured = _number(chance, event.injured) if chance.random() < 0.6 else None
    day: str | None = event.day.isoformat()
    if chance.random() < 0.07:
        day = (event.day + timedelta(days=chance.choice((-1, 1)))).isoformat()
    elif chance.random() < 0.08:
        day = None
    names: tuple[Any, ...] = towns
    vague = chance.random()
    if vague < 0.12:
        names = (TOWNS[towns[0]][3],)
    elif vague < 0.15:
        names = ()
    sight = f" استهدفت {event.sight}" if chance.random() < 0.6 else ""
    by = f" نفذتها {_DOERS[doer]}" if doer else ""
    where = " و".join(names) or "المنطقة"
    harm = f" وأوقعت {killed if isinstance(killed, int) else 'عددا من'} قتلى" if killed else ""
    words = f"{chance.choice(_OPENINGS)} {_KINDS[event.kind][0]}{by}{sight} في {where}{harm} {chance.choice(_CLOSINGS)}"
    source = chance.choice((None, None, Source("activist"), Source("monitor", "الدفاع المدني"), Source("witness")))
    return maker.claim(
        words,
        type=kind,
        date=day,
        places=names,
        killed=killed,
        injured=injured,
        source=source,
        initiators=((_DOERS[doer], doer),) if doer else (),
    )


def _number(chance: random.Random, real: int) -> int | tuple[int, None] | None:
    if not real:
        return None
    dice = chance.random()
    if dice < 0.6:
        return real
    if dice < 0.8:
        return max(1, round(real * chance.uniform(0.5, 0.9)))
    return (max(1, real - chance.randrange(1, 4)), None) if dice < 0.9 else None


def _copy(chance: random.Random, original: Maker, outlet: str) -> Maker:
    """The same telling under another name, sometimes with a line of its own."""
    later = date.fromisoformat(original.published or "") + timedelta(days=chance.choice((0, 1)))
    copied = Maker(outlet, later.isoformat())
    said = f"نقلا عن {original.outlet} " if chance.random() < 0.7 else "خاص "
    first = original.claims[0]
    when = first.date
    harm = {entry.outcome: (entry.min, entry.max) for entry in first.casualties}
    return copied.claim(
        said + first.evidence[0].quote,
        type=first.type,
        date=(when.start, when.end) if when else None,
        places=tuple(place.name for place in first.places),
        source=first.source,
        initiators=tuple((party.name, party.actor or party.name) for party in first.initiators),
        killed=harm.get("killed"),
        injured=harm.get("injured"),
    )


def _published(report: Report) -> int:
    return date.fromisoformat(report.published or "").toordinal()


def _apart(one: str, other: str) -> float:
    return kilometres(*TOWNS[one][1:3], *TOWNS[other][1:3])


def windows(reports: list[Report]) -> dict[str, int]:
    """The first baseline: claims of one type within 5 km and 2 days of each other are one incident (single link)."""
    claims = [claim for report in reports for claim in report.claims]
    root = list(range(len(claims)))

    def find(n: int) -> int:
        while root[n] != n:
            n = root[n]
        return n

    for a, one in enumerate(claims):
        for b in range(a):
            other = claims[b]
            if one.type == other.type and one.date and other.date and _near(one.places, other.places):
                gap = abs(date.fromisoformat(one.date.start) - date.fromisoformat(other.date.start)).days
                if gap <= 2:
                    root[find(a)] = find(b)
    return {claim.id: find(n) for n, claim in enumerate(claims)}


def _near(ours: Any, theirs: Any) -> bool:
    return any(
        a.lat is not None and b.lat is not None and kilometres(a.lat, a.lon, b.lat, b.lon) <= 5
        for a in ours
        for b in theirs
    )


def exact_keys(reports: list[Report]) -> dict[str, tuple[Any, ...]]:
    """The second baseline: the same type, day and places."""
    return {
        claim.id: (
            claim.type,
            claim.date.start if claim.date else claim.id,
            *sorted(place.name for place in claim.places),
        )
        for report in reports
        for claim in report.claims
    }
