"""What the decisions of a reading come to: sentences of our own, and what each must and must not give."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import sijill
from sijill.model import Claim, Report

PUBLISHED = "2018-11-07T12:00+02:00"


def read(text: str) -> Report:
    return sijill.read(text, published=PUBLISHED)


def of_type(report: Report, type_id: str) -> list[Claim]:
    return [c for c in report.claims if c.type == type_id]


def actors(claim: Claim) -> tuple[set[str], set[str]]:
    return {p.actor or p.name for p in claim.initiators}, {p.actor or p.name for p in claim.targets}


@pytest.mark.parametrize(
    ("text", "did", "suffered"),
    [
        ("قصفت قوات النظام مواقع هيئة تحرير الشام في ريف اللاذقية.", "syria-government", "hts"),
        ("قصف لقوات النظام على مواقع هيئة تحرير الشام في ريف اللاذقية.", "syria-government", "hts"),
        ("تعرضت مواقع هيئة تحرير الشام لقصف من قبل قوات النظام في ريف اللاذقية.", "syria-government", "hts"),
        ("استهدفت هيئة تحرير الشام بقذائف الهاون مواقع قوات النظام في ريف اللاذقية.", "hts", "syria-government"),
    ],
)
def test_roles_are_told_by_grammar_not_by_order(text: str, did: str, suffered: str) -> None:
    initiators, targets = actors(of_type(read(text), "shelling")[0])
    assert did in initiators and did not in targets
    assert suffered in targets and suffered not in initiators


def test_both_sides_of_a_clash_are_initiators() -> None:
    text = "اندلعت اشتباكات عنيفة بين قوات سوريا الديمقراطية وتنظيم الدولة في محيط بلدة هجين."
    assert actors(of_type(read(text), "armed-clash")[0])[0] == {"sdf", "is"}


REPEATED = """غارات روسية على مدينة أريحا توقع قتلى

2018-11-07
شبكة الضفة

شنت طائرات حربية روسية، اليوم الأربعاء، ثلاث غارات جوية على مدينة أريحا جنوبي إدلب، ما أدى إلى مقتل خمسة مدنيين.

وأفاد مراسلنا بأن الغارات استهدفت سوقا شعبية وسط المدينة.
"""


def test_headline_lead_and_recap_are_one_claim() -> None:
    strikes = of_type(read(REPEATED), "air-strike")
    assert len(strikes) == 1
    assert len(strikes[0].mentions) >= 2
    assert [(c.outcome, c.min) for c in strikes[0].casualties] == [("killed", 5)]
    assert strikes[0].date is not None and strikes[0].date.start == strikes[0].date.end == "2018-11-07"


def test_two_places_told_apart_are_two_claims() -> None:
    text = (
        "قصفت قوات النظام بالمدفعية بلدة كفرنبل جنوبي إدلب صباح اليوم وأصيب رجلان.\n\n"
        "وفي حلب، قصفت قوات سوريا الديمقراطية بالصواريخ مدينة عفرين مساء أمس وقتل طفل."
    )
    shelled = of_type(read(text), "shelling")
    assert {p.name for c in shelled for p in c.places} >= {"كفرنبل", "عفرين"}
    assert len(shelled) >= 2


def test_a_list_of_towns_is_one_claim_of_several_places() -> None:
    text = "استهدفت قوات النظام بقذائف المدفعية قرى كنصفرة والبارة والفطيرة في جبل الزاوية جنوبي إدلب."
    shelled = of_type(read(text), "shelling")
    assert len(shelled) == 1
    assert len(shelled[0].places) >= 3


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("قال المرصد السوري لحقوق الإنسان إن قوات النظام قصفت مدينة خان شيخون.", "monitor"),
        ("قصفت قوات النظام مدينة خان شيخون، بحسب ناشطين محليين.", "activist"),
        ("قصفت قوات النظام مدينة خان شيخون بالمدفعية الثقيلة.", "outlet"),
    ],
)
def test_the_teller_is_the_source(text: str, kind: str) -> None:
    assert of_type(read(text), "shelling")[0].source.kind == kind


def test_no_day_is_made_up() -> None:
    assert of_type(read("قصفت قوات النظام مدينة خان شيخون بالمدفعية الثقيلة."), "shelling")[0].date is None


def test_what_is_planned_or_denied_is_marked() -> None:
    planned = read("هدد الجيش التركي بشن عملية عسكرية جديدة ضد قوات سوريا الديمقراطية في منبج.")
    assert {c.modality for c in of_type(planned, "operation-start")} == {"planned"}
    denied = read("نفت وزارة الدفاع الروسية قصف مدينة أريحا جنوبي إدلب.")
    assert all(c.modality == "denied" for c in denied.claims)


SENTENCES = (
    "شنت طائرات حربية روسية غارات على بلدة البارة، ما أسفر عن مقتل ثلاثة مدنيين.",
    "وأضاف المرصد أن اشتباكات دارت بين فصائل المعارضة وقوات النظام في محور كبانة.",
    "انفجرت سيارة مفخخة في مدينة الباب شرقي حلب أمس الثلاثاء.",
    "اعتقلت قوات سوريا الديمقراطية عشرة شبان في ريف دير الزور الشرقي.",
    "وسيطر تنظيم الدولة على قرية قرب السخنة يوم السبت الماضي.",
    "افتتحت البلدية حديقة عامة في وسط المدينة.",
)


@settings(max_examples=40, deadline=None)
@given(st.lists(st.sampled_from(SENTENCES), min_size=1, max_size=6), st.sampled_from(("\n", "\n\n", " ")))
def test_any_order_of_sentences_keeps_the_promises(parts: list[str], joint: str) -> None:
    report = read(joint.join(parts))
    ids = [c.id for c in report.claims]
    assert len(ids) == len(set(ids))
    assert report == read(joint.join(parts))
    for c in report.claims:
        assert report.text[c.trigger.start : c.trigger.end] == c.trigger.quote
        assert not {p.actor or p.name for p in c.initiators} & {p.actor or p.name for p in c.targets}
        assert c.evidence


def test_the_text_s_own_today_holds_for_all_its_todays() -> None:
    text = (
        "خبر\n\n2018-11-07\n\nقصفت طائرات التحالف الدولي اليوم الثلاثاء مدينة هجين.\n\n"
        "وقصفت قوات النظام اليوم بلدة الشعفة بالمدفعية."
    )
    report = read(text)
    days = {c.date.start for c in report.claims if c.date}
    assert days == {"2018-11-06"}
    assert any("Tuesday" in w.message or "الثلاثاء" in w.message for w in report.warnings)


@pytest.mark.parametrize("text", ["قرية ٹ", "بلدة ۇ قرب ٿ", "تل ڃڃ", "حي \u0640\u0640", "قصف ڲ ٺ ڿ"])
def test_letters_of_other_languages_are_no_error(text: str) -> None:
    assert read(text).text == text
