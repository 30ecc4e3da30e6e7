"""Verb and noun forms: from the two base forms an analyst writes down to all that stand in a text.

A verb is given by its perfect and imperfect, third person masculine singular ("قصف يقصف", "ألقى يلقي"), without vowel
signs; a passive that differs in letters is a verb of its own ("أصيب يصاب"). All forms are folded.
"""

from __future__ import annotations

from typing import Literal, NamedTuple

from sijill.arabic.fold import fold

Number = Literal["sg", "du", "pl"]


class VerbForm(NamedTuple):
    """One form of a verb: tense, and the gender and number its subject shows. `we` marks the first person plural."""

    form: str
    tense: Literal["past", "present"]
    feminine: bool
    number: Number
    we: bool = False


class NounForm(NamedTuple):
    """One form of a noun and the number it tells."""

    form: str
    number: Number


def verb_forms(perfect: str, imperfect: str) -> list[VerbForm]:
    """All third-person forms (and "we", in which parties speak of themselves) of a verb in the news."""
    past, present = fold(perfect), fold(imperfect)
    return _past_forms(past, perfect) + _present_forms(present, imperfect)


def _past_forms(past: str, raw: str) -> list[VerbForm]:
    defective = raw.endswith(("ى", "ا"))
    weak_y = raw.endswith("ي")  # "لقي": لقيت، لقوا
    stem = past[:-1] if defective else past
    plural_stem = past[:-1] if defective or weak_y else past
    dual = stem + "يا" if defective else past + "ا"
    first = stem + "ينا" if defective else _before_consonant(past) + "نا"
    return [
        VerbForm(past, "past", False, "sg"),
        VerbForm(stem + "ت", "past", True, "sg"),
        VerbForm(plural_stem + "وا", "past", False, "pl"),
        VerbForm(dual, "past", False, "du"),
        VerbForm(stem + "تا", "past", True, "du"),
        VerbForm(first, "past", False, "pl", True),
    ]


def _before_consonant(past: str) -> str:
    """The perfect before a consonant ending: the hollow verb loses its alef ("اغتال" -> "اغتل")."""
    if len(past) > 3 and past[-2] == "ا":
        return past[:-2] + past[-1]
    return past


def _present_forms(present: str, raw: str) -> list[VerbForm]:
    defective = raw.endswith(("ي", "ى", "و"))
    stem = present[:-1] if defective else present
    body, plural = present[1:], stem[1:]
    dual = body if not raw.endswith("ى") else body[:-1] + "ي"
    return [
        VerbForm("ي" + body, "present", False, "sg"),
        VerbForm("ت" + body, "present", True, "sg"),
        VerbForm("ن" + body, "present", False, "pl", True),
        VerbForm("ي" + plural + "ون", "present", False, "pl"),
        VerbForm("ي" + plural + "وا", "present", False, "pl"),
        VerbForm("ي" + dual + "ان", "present", False, "du"),
        VerbForm("ت" + dual + "ان", "present", True, "du"),
    ]


def noun_forms(singular: str, plurals: list[str]) -> list[NounForm]:
    """The forms of a noun: its singular, its dual in both cases and before a complement, and its plurals as given.

    A plural in "ون" also gives "ين" and the construct "و"/"ي" ("مسلحون": مسلحين، مسلحو، مسلحي).
    """
    base = fold(singular)
    found = [NounForm(base, "sg")]
    if not singular.endswith("ا"):
        found.append(NounForm(base + "ا", "sg"))  # the accusative alef: "شخصاً"
    open_base = base[:-1] + "ت" if singular.endswith(("ة", "ه")) else base
    found += [NounForm(open_base + ending, "du") for ending in ("ان", "ين")]
    if open_base != base:
        found += [NounForm(open_base + ending, "du") for ending in ("ا", "ي")]  # before a complement: "جثتي شخصين"
    for plural in plurals:
        whole = fold(plural)
        found.append(NounForm(whole, "pl"))
        if plural.endswith("ون"):
            found += [NounForm(whole[:-2] + ending, "pl") for ending in ("ين", "و", "ي")]
        elif not plural.endswith(("ات", "اء", "ى", "ا")):
            found.append(NounForm(whole + "ا", "pl"))
    # A sound masculine plural and the dual share "ين": the plural is by far the commoner reading.
    plural_forms = {noun.form for noun in found if noun.number == "pl"}
    return [noun for noun in found if noun.number != "du" or noun.form not in plural_forms]
