"""How the tokens and sentences of a text lie to each other: tables worked out once, that the decisions look up."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Collection
from itertools import accumulate, pairwise


def sentence_at(count: int, firsts: list[int]) -> list[int]:
    """Token -> index of the sentence that holds it."""
    at = [0] * count
    for first in firsts[1:]:
        at[first] = 1
    return list(accumulate(at))


def running_totals(count: int, at: Collection[int]) -> list[int]:
    """Running totals: at index i, how many of the tokens before i are among some."""
    totals = [0] * (count + 1)
    for i in at:
        totals[i + 1] = 1
    return list(accumulate(totals))


def latest_before(count: int, at: Collection[int]) -> list[int]:
    """At index i, the last of some tokens that stands before i; -1 where none does."""
    latest: list[int] = []
    before = -1
    for i in sorted(at):
        latest += [before] * (i + 1 - len(latest))
        before = i
    latest += [before] * (count + 1 - len(latest))
    return latest


def stem(word: str) -> str:
    """A word without conjunction and article, "" for one of two letters."""
    if len(word) > 3 and word[0] in "وف":
        word = word[1:]
    for article in ("بال", "كال", "لل", "ال"):
        if word.startswith(article) and len(word) - len(article) > 2:
            word = word[len(article) :]
            break
    return word if len(word) > 2 else ""


def past_opening(opening: list[str], past: set[str]) -> str:
    """Whether a sentence opens with a word that tells what was before ("وكان", "سبق"), and which."""
    for word in opening:
        core = word.removeprefix("و")
        if core in past:
            return core
    return "no"


def zone_at(blocks: list[tuple[str, int, int]], offset: int) -> str:
    """The kind of the block that holds an offset."""
    n = bisect_right(blocks, offset, key=lambda block: block[1]) - 1
    return blocks[n][0] if n >= 0 and offset < blocks[n][2] else "body"


def lead_sentences(zone: list[str]) -> frozenset[int]:
    """The title's sentences and the first two of the body."""
    body = [n for n, name in enumerate(zone) if name == "body"][:2]
    return frozenset([*(n for n, name in enumerate(zone) if name == "title"), *body])


def joined_to(spans: list[tuple[int, int, int, str]], forms: list[str]) -> dict[int, int]:
    """First token of a mention -> first token of the one before it that "و" or a comma joins it to."""
    found: dict[int, int] = {}
    for (_, first, last, _), (outer, first_b, _, lead) in pairwise(spans):
        between: list[str] = []
        joins = True
        for form in forms[last + 1 : outer]:
            if form in '"«»()“”':
                continue
            if len(between) == 2 or (form != "،" and form != "و" and form != ","):
                joins = False
                break
            between.append(form)
        if joins and (lead.startswith("و") or forms[outer].startswith("و") or between in (["،"], ["و"], ["،", "و"])):
            found[first_b] = first
    return found
