"""A dossier: one incident printed, with its evidence, the hashes of its captures, and its history."""

from __future__ import annotations

import logging
import os
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

import msgspec
from fpdf import FPDF

from sijill.export import tables
from sijill.export.incident import Incident, Telling
from sijill.export.package import ExportError
from sijill.record.fact import iso_of
from sijill.review.history import Said

_FONTS = ("NotoNaskhArabic-Regular.ttf", "Amiri-Regular.ttf", "DejaVuSans.ttf")
_FOLDERS = ("/usr/share/fonts", "/usr/local/share/fonts", "/Library/Fonts", "C:/Windows/Fonts")
_FAMILY = "text"
_LINE = 6
logging.getLogger("fontTools").setLevel(logging.ERROR)


def find_font(named: Path | None = None) -> Path:
    """A font that has Arabic letters: the one named (or in SIJILL_FONT), else one the machine has."""
    told = named or (Path(os.environ["SIJILL_FONT"]) if os.environ.get("SIJILL_FONT") else None)
    if told is not None:
        if not told.is_file():
            raise ExportError(f"{told}: there is no such font file")
        return told
    for name in _FONTS:
        for folder in _FOLDERS:
            found = next(Path(folder).rglob(name), None) if Path(folder).is_dir() else None
            if found:
                return found
    raise ExportError("no font with Arabic letters found; install DejaVu Sans or Noto Naskh Arabic, or set SIJILL_FONT")


def dossier(incident: Incident, history: Sequence[Said], font: Path, head: str, *, withhold: bool = False) -> bytes:
    """The dossier as PDF. `head` is the record's ledger head, which proves what stands in it.

    With `withhold` the values that claims disagree on, the words of decisions and who made them stay out.
    """
    pdf = _Sheet(font, incident, head)
    _values(pdf, incident, withhold)
    pdf.heading("الروايات · Evidence")
    for telling in incident.tellings:
        _evidence(pdf, telling)
    pdf.heading("السجل · History")
    for said in history:
        value = "" if said.value is None or withhold else f" = {msgspec.json.encode(said.value).decode()}"
        undone = " (undone)" if said.undone else ""
        why = "" if withhold else said.why
        who = "a reviewer" if withhold else said.who
        pdf.say(f"{said.at}  {who}: {said.kind} {said.field or ''}{value}{undone} {why}".rstrip())
    if not history:
        pdf.say("Nobody has decided anything on it.")
    return bytes(pdf.output())


class _Sheet(FPDF):
    """Pages with the incident's name above and the ledger's head below."""

    def __init__(self, font: Path, incident: Incident, head: str) -> None:
        super().__init__(format="A4")
        self.label, self.head = f"Sijill {incident.id}", head
        self.add_font(_FAMILY, fname=font)
        self.set_font(_FAMILY, size=10)
        self.set_text_shaping(True)
        self.set_title(self.label)
        self.set_creation_date(datetime.fromisoformat(incident.changed))
        self.set_auto_page_break(True, margin=18)
        self.add_page()

    def header(self) -> None:
        self.set_font(_FAMILY, size=8)
        self.cell(0, 6, self.label, align="L", new_x="LMARGIN", new_y="NEXT")
        self.set_font(_FAMILY, size=10)

    def footer(self) -> None:
        self.set_y(-14)
        self.set_font(_FAMILY, size=6)
        self.cell(0, 5, f"ledger {self.head}   {self.page_no()}", align="C")

    def heading(self, words: str) -> None:
        self.ln(3)
        self.set_font(_FAMILY, size=13)
        self.multi_cell(0, 8, words, align="L", new_x="LMARGIN", new_y="NEXT")
        self.set_font(_FAMILY, size=10)

    def say(self, words: str, arabic: bool = False) -> None:
        self.multi_cell(0, _LINE, words, align="R" if arabic else "L", new_x="LMARGIN", new_y="NEXT")


def _values(pdf: _Sheet, incident: Incident, withhold: bool) -> None:
    told = incident.told
    arabic, english = tables.type_names(told.type)
    pdf.heading(f"{incident.id} · {arabic} · {english}")
    days = told.first if told.first == told.last else f"{told.first} to {told.last}"
    pdf.say(f"Days: {days or 'not told'}    Review: {incident.state}    Rule for numbers: {told.rule}")
    for place in incident.places:
        at = "not on the map" if place.lat is None else f"{place.lat:.4f}, {place.lon:.4f}"
        pdf.say(f"{place.name}  {place.english}  ({at}; {place.precision})")
    for label, actors in (("By", incident.initiators), ("Against", incident.targets)):
        if actors:
            pdf.say(
                f"{label}: " + ", ".join(f"{actor.ar} ({actor.en})" if actor.listed else actor.ar for actor in actors)
            )
    for harm in told.harm:
        most = " or more" if harm.high is None else f" to {harm.high}" if harm.high != harm.low else ""
        pdf.say(f"{harm.outcome}, {harm.who}: {harm.low}{most}")
    grades = told.grades
    pdf.say(
        f"Grades: occurrence {grades.occurrence}, attribution {grades.attribution}, count {grades.count}, "
        f"place {grades.place}. {len(told.claims)} claims, {told.independent} independent tellers."
    )
    for found in told.contradictions:
        if withhold:
            pdf.say(f"Claims disagree on {found.value}.")
            continue
        sides = "; ".join(f"{said}: {', '.join(f'c{claim}' for claim in ids)}" for said, ids in found.sides)
        pdf.say(f"Claims disagree on {found.value}: {sides}")


def _evidence(pdf: _Sheet, telling: Telling) -> None:
    fact = telling.fact
    pdf.say(
        f"c{telling.thread}  {fact.type}, {fact.modality}, {iso_of(fact.first) or 'no day'}; "
        f"published {telling.published or '(no day)'}; told by {telling.teller}; {telling.outlet}"
    )
    pdf.say(telling.words or "(withheld)", arabic=bool(telling.words))
    pdf.say(f"{telling.url}  captured {telling.captured}".strip())
    pdf.say(f"SHA-256 {telling.sha256}")
    pdf.ln(2)
