"""A report's text cut into pieces, each with what its words were read as."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import pairwise

import msgspec

from sijill.model import Claim, Report, Span
from sijill.page.model import Block
from sijill.web.shapes import Piece

ROLES = ("trigger", "harm", "initiators", "targets", "places", "date", "source", "damage", "means")
_NOT_THE_REPORT = {"furniture", "related"}


def spans(claim: Claim) -> Iterator[tuple[str, Span]]:
    """The words of a claim with the role each plays."""
    yield "trigger", claim.trigger
    for role, told in (
        ("harm", claim.casualties),
        ("initiators", claim.initiators),
        ("targets", claim.targets),
        ("places", claim.places),
        ("damage", claim.damage),
        ("means", claim.means),
    ):
        for value in told:
            yield role, value.span
    if claim.date and claim.date.span:
        yield "date", claim.date.span
    if claim.source.span:
        yield "source", claim.source.span


def cut(
    text: str,
    start: int,
    end: int,
    marked: Iterable[tuple[int, int, str, int]],
    blocks: Iterable[Block] = (),
) -> Iterator[Piece]:
    """`text[start:end]` cut wherever a span (start, end, role, claim) or a block of furniture begins or ends."""
    inside = sorted(span for span in marked if span[0] < end and span[1] > start)
    dull = [(b.start, b.end) for b in blocks if b.kind in _NOT_THE_REPORT and b.start < end and b.end > start]
    edges = {start, end}
    for left, right in [*((span[0], span[1]) for span in inside), *dull]:
        edges |= {max(start, left), min(end, right)}
    covering: list[tuple[int, int, str, int]] = []
    coming = iter(inside)
    following = next(coming, None)
    greyed = iter(sorted(dull))
    grey = next(greyed, None)
    for left, right in pairwise(sorted(edges)):
        covering = [span for span in covering if span[1] > left]
        while following and following[0] <= left:
            if following[1] > left:
                covering.append(following)
            following = next(coming, None)
        while grey and grey[1] <= left:
            grey = next(greyed, None)
        roles = {role for _, _, role, _ in covering}
        yield Piece(
            words=text[left:right],
            start=left,
            kind="furniture" if grey and grey[0] <= left else "text",
            roles=tuple(role for role in ROLES if role in roles),
            claims=tuple(sorted({claim for *_, claim in covering})),
        )


def sentence(report: Report, key: str, number: int) -> tuple[Piece, ...]:
    """The sentences a claim was read from, its words marked."""
    claim = next((claim for claim in report.claims if claim.id == key), None)
    if claim is None:
        return ()
    marked = [(span.start, span.end, role, number) for role, span in spans(claim)]
    pieces: list[Piece] = []
    for n, span in enumerate(claim.evidence):
        if n:
            pieces.append(Piece(" … ", span.start))
        pieces += cut(report.text, span.start, span.end, marked)
    return tuple(pieces)


def shortened(pieces: Iterable[Piece], most: int) -> tuple[Piece, ...]:
    """The first letters of a text, at most so many; an ellipsis stands for the rest."""
    kept: list[Piece] = []
    left = most
    for piece in pieces:
        if len(piece.words) > left:
            kept.append(msgspec.structs.replace(piece, words=f"{piece.words[:left]}…"))
            break
        kept.append(piece)
        left -= len(piece.words)
    return tuple(kept)
