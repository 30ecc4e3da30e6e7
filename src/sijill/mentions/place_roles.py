"""What else than an event's place a place can be: a speaker's, the fighters' origin, a hospital, a state that acts."""

from __future__ import annotations

from typing import Final

from sijill.arabic.words import Kind, Tokens
from sijill.mentions.place_areas import Span
from sijill.mentions.place_words import WordInfo, WordReader

FEWEST_HEADINGS: Final = 2
"""One place at the head of a line is a dateline; so many are the headings of a digest."""
_DATELINE_TOKENS: Final = 120
_TELLERS: Final = frozenset(
    {"مراسل", "مراسلنا", "مراسله", "مراسلتنا", "مراسلو", "مراسلينا", "موفد", "موفدنا", "مصدر", "مصادر"}
)


def role_hints(tokens: Tokens, infos: list[WordInfo | None], spans: list[Span], reader: WordReader) -> list[str | None]:
    """One hint for each mention."""
    hints: list[str | None] = []
    heads = {n for n, span in enumerate(spans) if stands_as_heading(tokens, span.at, span.last)}
    if len(heads) < FEWEST_HEADINGS:
        heads.clear()
    for n, span in enumerate(spans):
        hint = _hint(tokens, infos, span, reader, n in heads)
        if span.follows and hints and span.sense is None:
            if hint is None and hints[-1] in ("origin", "hospital"):
                hint = hints[-1]
            elif hint == "party" and hints[-1] is None:
                hint = None  # "في العراق وسوريا": what governs the first governs the second.
        hints.append(hint)
    return hints


def stands_as_heading(tokens: Tokens, first: int, last: int) -> bool:
    """Whether a name, with what stands before it, opens a line, and a colon or the line's end follows."""
    if first > 0 and tokens.kind[first - 1] is not Kind.BREAK:
        return False
    return last + 1 == len(tokens) or tokens.form[last + 1] in (":", "\n")


def _hint(tokens: Tokens, infos: list[WordInfo | None], span: Span, reader: WordReader, heading: bool) -> str | None:
    if not heading and _dateline(tokens, span):
        return "speaker"
    at = span.sense_at if span.sense_at >= 0 else span.at
    sense = span.sense
    if span.sense_at > 0 and sense in ("from", "in") and not _TELLERS.isdisjoint(tokens.form[max(0, at - 3) : at]):
        return "speaker"
    last = infos[at - 1] if at else None
    if last is not None and last.origin and (sense == "from" or (sense is None and not span.letters)):
        return "origin"
    before_last = infos[at - 2] if at > 1 else None
    if sense == "from" and before_last is not None and before_last.origin:
        return "origin"
    if sense in ("to", "in", "of"):
        for info in infos[max(0, at - 4) : at]:
            if info is not None and info.hospital:
                return "hospital"
    return _party(tokens, infos, span, reader)


def _dateline(tokens: Tokens, span: Span) -> bool:
    """ "دمشق - وكالات" at the head of a line, "13:31 دمشق" beside the clock."""
    first, after = span.at, span.last + 1
    if first > _DATELINE_TOKENS:
        return False
    opens = first == 0 or tokens.kind[first - 1] is Kind.BREAK
    mark = tokens.form[after] if after < len(tokens) else "\n"
    if opens and (mark in "-–—/|(:" or mark == "\n"):
        return True
    clock = first > 2 and tokens.form[first - 2] == ":" and tokens.kind[first - 1] is Kind.NUMBER
    return clock and (after == len(tokens) or tokens.kind[after] is Kind.BREAK)


def _party(tokens: Tokens, infos: list[WordInfo | None], span: Span, reader: WordReader) -> str | None:
    if span.area or span.placed or span.cue is not None or span.relation != "in":
        return None
    if span.rows and reader.places(span.rows).state:
        return None if span.sense in ("in", "to", "from", "via", "on") else "party"
    if span.sense is not None or span.letters:
        return None
    around = [infos[j] for j in (span.first - 1, span.last + 1) if 0 <= j < len(infos)]
    return "party" if any(info is not None and info.speech for info in around) else None
