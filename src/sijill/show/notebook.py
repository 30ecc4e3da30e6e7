"""A report as HTML for a notebook: its text with coloured spans, and a table of its claims."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape
from itertools import pairwise

from sijill.lexicon import default_lexicon
from sijill.model import Claim, Report, Span
from sijill.show.words import Language, Words, one_line

# Of spans that cover the same words the first of these gives the colour. Backgrounds are see-through, so that they
# suit light and dark notebooks alike; letters keep their colour.
_COLOURS = {
    "killed": "#e5484d66",
    "trigger": "#f76b1566",
    "initiators": "#3b82f666",
    "targets": "#a855f766",
    "places": "#22c55e66",
    "date": "#eab30866",
    "source": "#06b6d466",
}
_LABELS = {"killed": "casualties", "trigger": "type"}


def report_html(report: Report, language: Language = "en") -> str:
    """The report as one self-contained piece of HTML; all words of the report are escaped."""
    words = Words(language, default_lexicon().type_names)
    direction = "rtl" if language == "ar" else "ltr"
    title = escape(one_line(report.title.quote)) if report.title else escape(words["no-title"])
    about = " · ".join(escape(part) for part in (report.outlet, report.published, report.source.name) if part)
    text = "".join(_coloured(report, words))
    legend = " ".join(
        f'<span style="background:{colour};padding:0 .4em">{escape(words[_LABELS.get(role, role)])}</span>'
        for role, colour in _COLOURS.items()
    )
    return (
        f'<div class="sijill" dir="{direction}"><h4 dir="auto">{title}</h4><p dir="auto">{about}</p><p>{legend}</p>'
        f'<div dir="auto" style="white-space:pre-wrap;line-height:1.9;unicode-bidi:plaintext">{text}</div>'
        f"{_table(report, words)}</div>"
    )


def _spans(claim: Claim) -> Iterator[tuple[str, Span]]:
    yield "trigger", claim.trigger
    for harm in claim.casualties:
        yield "killed", harm.span
    for party in claim.initiators:
        yield "initiators", party.span
    for party in claim.targets:
        yield "targets", party.span
    for place in claim.places:
        yield "places", place.span
    if claim.date and claim.date.span:
        yield "date", claim.date.span
    if claim.source.span:
        yield "source", claim.source.span


def _coloured(report: Report, words: Words) -> Iterator[str]:
    """The text cut where a span begins or ends; each piece in the colour of the first role that covers it."""
    spans = sorted(
        (span.start, span.end, role, f"{number}: {words[_LABELS.get(role, role)]}")
        for number, claim in enumerate(report.claims, start=1)
        for role, span in _spans(claim)
    )
    edges = sorted({0, len(report.text), *(edge for start, end, *_ in spans for edge in (start, end))})
    covering: list[tuple[int, int, str, str]] = []
    coming = iter(spans)
    following = next(coming, None)
    for start, end in pairwise(edges):
        covering = [span for span in covering if span[1] > start]
        while following and following[0] <= start:
            covering.append(following)
            following = next(coming, None)
        piece = escape(report.text[start:end])
        roles = {role for _, _, role, _ in covering}
        colour = next((_COLOURS[role] for role in _COLOURS if role in roles), None)
        what = escape("; ".join(dict.fromkeys(what for *_, what in covering)), quote=True)
        yield f'<mark style="background:{colour};color:inherit" title="{what}">{piece}</mark>' if colour else piece


def _table(report: Report, words: Words) -> str:
    if not report.claims:
        return f"<p>{escape(words['no-claims'])}</p>"
    rows = []
    for number, claim in enumerate(report.claims, start=1):
        fields = "<br>".join(f"<b>{escape(label)}</b> {escape(value)}" for label, value in words.fields(claim))
        modality = "" if claim.modality == "reported" else f" ({escape(words[claim.modality])})"
        quote = escape(one_line(claim.trigger.quote))
        rows.append(
            f"<tr><td>{number}</td><td>{escape(words.type(claim.type))}{modality}</td>"
            f'<td dir="auto">{quote}</td><td style="text-align:start">{fields}</td></tr>'
        )
    return f"<table><tbody>{''.join(rows)}</tbody></table>"
