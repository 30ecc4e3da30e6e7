"""A small record to export: an air strike told twice, a clash, a protest, a plan, and a hostile name."""

from __future__ import annotations

from pathlib import Path

import pytest

from claims_builder import READ, Maker, item
from sijill.record import Record

RUSSIA, SDF, IS, CIVILIANS = (
    ("الطيران الروسي", "russia"),
    ("قوات سوريا الديمقراطية", "sdf"),
    ("تنظيم الدولة", "is"),
    ("المدنيين", "civilians"),
)
HOSTILE = '=HYPERLINK("http://evil.example";"اضغط")'


def made(folder: Path) -> Record:
    """The record, filled."""
    record = Record.init(folder / "record")
    strike = Maker("الراصد", title="غارات على سراقب").claim(
        "غارة للطيران الروسي على المدنيين في سراقب تقتل خمسة", initiators=(RUSSIA,), targets=(CIVILIANS,), killed=5
    )
    again = Maker("المرصد الشمالي").claim(
        "قصف جوي روسي أوقع عشرات القتلى المدنيين في سراقب", initiators=(RUSSIA,), killed=(24, None), injured=7
    )
    clash = Maker("أخبار الشرق").claim(
        "اشتباكات بين قوات سوريا الديمقراطية\n وتنظيم الدولة قرب هجين تقتل ثلاثة",
        type="armed-clash", initiators=(SDF, IS), places=("هجين",), killed=3, who="combatant",
    )  # fmt: skip
    protest = Maker(HOSTILE).claim(
        f"{HOSTILE} خرج متظاهرون في إدلب", type="protest", places=("إدلب",), initiators=(HOSTILE,)
    )
    plan = Maker("الراصد").claim("ستشن القوات هجوما على منبج", type="attack", modality="planned", places=("منبج",))
    nowhere = Maker("الراصد").claim("مقتل رجل في بلدة مجهولة", type="killing", places=("تل لا يعرفه أحد",), killed=1)
    reports = [strike, again, clash, protest, plan, nowhere]
    found = record.add(
        (item(maker.report(url=f"https://news.example/{n}"), name=f"{n}.json") for n, maker in enumerate(reports)),
        read=READ,
    )
    assert not found.failures, found.failures
    return record


def needs_font() -> None:
    """Pass over a test where the machine has no font with Arabic letters."""
    from sijill.export import ExportError
    from sijill.export.dossier import find_font

    try:
        find_font()
    except ExportError:
        pytest.skip("no font with Arabic letters on this machine")


def number_of(record: Record, kind: str) -> str:
    """The name of the incident of a type."""
    from sijill.export import Choice, collect

    return next(incident.id for incident in collect(record, Choice()) if incident.told.type == kind)
