"""What stands before a name: cue, direction, preposition, or something that makes it no place."""

from __future__ import annotations

from typing import Final, final

from sijill.arabic.words import Kind, Tokens
from sijill.mentions.place_words import DIRECTIONS, Cue, WordInfo
from sijill.model import Relation

_OPENING: Final = frozenset("\"“”«'([")
_SENSE_OF_LETTER: Final = {"ب": "in", "ل": "of", "وب": "in", "ول": "of", "فب": "in", "فل": "of"}


@final
class Before:
    """The words before a name. `at` is the first token that belongs to them (the name's own where there are none)."""

    __slots__ = ("at", "blocks", "cue", "direction_at", "person", "placed", "relation", "sense", "sense_at")

    def __init__(
        self,
        at: int,
        cue: Cue | None,
        relation: Relation,
        sense: str | None,
        sense_at: int,
        direction_at: int,
        blocks: bool,
        person: bool,
        placed: bool = False,
    ) -> None:
        self.at = at
        self.cue = cue
        self.relation = relation
        self.sense = sense
        """Of the preposition: in, from, to, on, via, of, with."""
        self.sense_at = sense_at
        """Token of the preposition, -1 where there is none or it is a letter of the name."""
        self.direction_at = direction_at
        """First token of the direction (شمال، شمال شرقي), -1 where there is none."""
        self.blocks = blocks
        """A group, an institution, a person: the name is no place."""
        self.person = person
        self.placed = placed
        """A word that speaks of places stands right before it (قصفت، أهالي)."""

    @property
    def places(self) -> bool:
        """Whether these words make a place likely."""
        if self.placed or self.cue is not None or self.relation != "in":
            return True
        return self.sense in ("in", "to", "from", "on", "via")


def look_before(tokens: Tokens, infos: list[WordInfo | None], i: int, letters: str) -> Before:
    """Read backwards from the name at token `i`, from which `letters` were cut."""
    cue: Cue | None = None
    at = i
    if letters:
        sense = _SENSE_OF_LETTER.get(letters)
        # "وحلب" may stand in a list, "بحلب" is complete: nothing before it governs it.
        return Before(i, None, "in", sense, -1, -1, False, False)
    j = _step(tokens, i)
    if j >= 0 and tokens.kind[j] is Kind.WORD and tokens.text[tokens.start[i] - 1] != "_":
        info = infos[j]
        if info is not None and info.cue is not None and not info.article and not info.anaphor:
            cue, at = info.cue, j
            if info.lead:
                found = _SENSE_OF_LETTER.get(info.lead)
                if found or info.lead in ("و", "ف"):
                    return Before(j, cue, "in", found, -1, -1, False, False)
            j = _step(tokens, j)
    direction, direction_at, j = _direction(tokens, infos, j)
    if direction:
        at = direction_at
        info = infos[direction_at]
        if info is not None and info.lead:
            return Before(at, cue, direction, _SENSE_OF_LETTER.get(info.lead), -1, direction_at, False, False)
    relation: Relation = direction or "in"
    sense, sense_at = None, -1
    blocks = person = placed = False
    if j >= 0 and tokens.kind[j] is Kind.WORD:
        info = infos[j]
        if info is not None:
            if info.sense and info.form == "من" and j > 0:
                behind = infos[j - 1]
                if behind is not None and behind.relation == "near" and not behind.cue:
                    return Before(j - 1, cue, direction or "near", "in", -1, direction_at, False, False)
            if info.relation and not info.anaphor and (cue is None or info.cue is None):
                at = j
                relation = direction or info.relation
                sense = "in"
            elif info.sense:
                sense, sense_at = info.sense, j
            elif cue is None and direction is None:
                blocks = info.group and not info.article
                person = info.given or info.title
                placed = info.placer
    return Before(at, cue, relation, sense, sense_at, direction_at, blocks, person, placed)


def _step(tokens: Tokens, i: int) -> int:
    """The token before `i`, opening marks and hash signs skipped; -1 at the start."""
    j = i - 1
    while j >= 0 and tokens.form[j] in _OPENING:
        j -= 1
    return j


def _direction(tokens: Tokens, infos: list[WordInfo | None], j: int) -> tuple[Relation | None, int, int]:
    """A direction that ends at token `j`: it, its first token, and the token before."""
    if j < 0:
        return None, -1, j
    last = infos[j]
    if last is None or last.direction is None or last.article:
        return None, -1, j
    first = infos[j - 1] if j > 0 else None
    if not last.lead and first is not None and first.direction and not first.article:
        joined = DIRECTIONS.get(first.direction + last.direction)
        if joined is not None:
            return joined, j - 1, j - 2
    return last.direction, j, j - 1  # type: ignore[return-value]
