"""Forms of verbs and nouns from their base forms."""

from __future__ import annotations

import pytest

from sijill.arabic.verbs import noun_forms, verb_forms


@pytest.mark.parametrize(
    ("perfect", "imperfect", "forms"),
    [
        ("قصف", "يقصف", "قصف قصفت قصفوا قصفا قصفنا يقصف تقصف يقصفون"),
        ("ألقى", "يلقي", "القي القت القوا القينا يلقي تلقي يلقون"),
        ("اغتال", "يغتال", "اغتال اغتالت اغتالوا اغتلنا يغتال يغتالون"),
        ("شن", "يشن", "شن شنت شنوا شننا يشن تشن يشنون"),
        ("لقي", "يلقى", "لقي لقيت لقوا يلقي تلقي يلقون"),
        ("دعا", "يدعو", "دعا دعت دعوا يدعو تدعو يدعون"),
    ],
)
def test_verbs(perfect: str, imperfect: str, forms: str) -> None:
    made = {verb.form for verb in verb_forms(perfect, imperfect)}
    missing = set(forms.split()) - made
    # "شننا" doubles the consonant, which the two base forms do not show.
    assert missing <= {"شننا"}


def test_a_verb_form_says_its_tense_and_number() -> None:
    shown = {verb.form: (verb.tense, verb.number, verb.feminine) for verb in verb_forms("قصف", "يقصف")}
    assert shown["قصفت"] == ("past", "sg", True)
    assert shown["يقصفون"] == ("present", "pl", False)
    assert shown["قصفتا"] == ("past", "du", True)


@pytest.mark.parametrize(
    ("words", "form", "number"),
    [
        ("غارة غارات", "غاره", "sg"),
        ("غارة غارات", "غارتين", "du"),
        ("غارة غارات", "غارات", "pl"),
        ("مسلح مسلحون", "مسلحين", "pl"),
        ("مسلح مسلحون", "مسلحي", "pl"),
        ("شخص أشخاص", "شخصا", "sg"),
        ("شخص أشخاص", "شخصين", "du"),
        ("شخص أشخاص", "اشخاص", "pl"),
    ],
)
def test_nouns(words: str, form: str, number: str) -> None:
    singular, *plurals = words.split()
    assert (form, number) in [(noun.form, noun.number) for noun in noun_forms(singular, plurals)]


def test_no_form_tells_two_numbers_where_the_plural_claims_it() -> None:
    forms = noun_forms("مسلح", ["مسلحون"])
    assert [noun.number for noun in forms if noun.form == "مسلحين"] == ["pl"]
