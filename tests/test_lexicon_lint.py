"""Checking the language data: each fault is found where it is, and told in two languages."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from sijill.errors import LexiconError
from sijill.lexicon import lint as lint_module
from sijill.lexicon.faults import Fault
from sijill.lexicon.letters import letters_of, spaces_of
from sijill.lexicon.lint import lint
from sijill.lexicon.lint_events import FIELDS, is_pair
from sijill.lexicon.schema import file_rules

ACTOR_NAMES = "actor,form,name,country,from,to\n"


def faults(folder: Path, name: str, text: str | bytes) -> list[tuple[int, str, str]]:
    """(line, code, value) of the faults of one overlay file."""
    path = folder / name
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return [(fault.line, fault.code, fault.value) for fault in lint(folder)]


def test_the_built_in_data_has_no_faults() -> None:
    assert [f"{fault.file}:{fault.line}: {fault.says('en')}" for fault in lint()] == []


def test_every_built_in_file_is_described() -> None:
    built_in = {
        path.relative_to(lint_module.BUILT_IN).as_posix()
        for path in lint_module.BUILT_IN.rglob("*")
        if path.suffix in (".csv", ".yaml")
    }
    assert built_in - {"events.yaml"} == set(file_rules())


def test_good_rows_of_an_overlay(tmp_path: Path) -> None:
    rows = "hts,name,غرفة عمليات الفتح,SY,2020-01-01,2024-12-08\n"
    assert faults(tmp_path, "actor_names.csv", ACTOR_NAMES + rows) == []


def test_an_overlay_may_use_its_own_ids(tmp_path: Path) -> None:
    (tmp_path / "actors.csv").write_text("actor,ar,en,kind\nwagner,فاغنر,Wagner,militia\n", encoding="utf-8")
    assert faults(tmp_path, "actor_names.csv", ACTOR_NAMES + "wagner,name,مجموعة فاغنر,,,\n") == []


@pytest.mark.parametrize(
    ("row", "line", "code", "value"),
    [
        ("wagner,name,فاغنر,,,", 2, "unknown-id", "wagner"),
        ("hts,nmae,غرفة الفتح,,,", 2, "bad-value", "nmae"),
        ("hts,name,غرفة الفتح,XX SY,,", 2, "unknown-id", "XX"),
        ("hts,name,غرفة الفتح,,2020-1-1,", 2, "bad-value", "2020-1-1"),
        ("hts,name,غرفة الفتح,,", 2, "wrong-width", "5"),
        ("hts,name,,,,", 2, "empty", "name"),
        ("hts,name,غرفة  الفتح,,,", 2, "spaces", "غرفة  الفتح"),
        ("hts,name,غرفة الفتح ,,,", 2, "spaces", "غرفة الفتح "),
        ("hts,name,غرفة الفتح\u200f,,,", 2, "invisible", "غرفة الفتح\u200f"),
        ("hts,name,الجهاد الاسلامی,,,", 2, "wrong-letter", "الجهاد الاسلامی"),
        ("hts,name,ﻏﺮﻓﺔ,,,", 2, "wrong-letter", "ﻏﺮﻓﺔ"),
        ("hts,name,Tahrir,,,", 2, "not-arabic", "Tahrir"),
        ("hts,name,غرفة الفتح,,,\nhts,name,غرفة الفتح,,,", 3, "duplicate", "hts name غرفة الفتح"),
        ("hts,name,غرفة الفتح,SY,,\nhts,name,غرفه الفتح,LB,,", 3, "duplicate", "hts name غرفه الفتح"),
    ],
)
def test_faulty_rows(tmp_path: Path, row: str, line: int, code: str, value: str) -> None:
    assert faults(tmp_path, "actor_names.csv", ACTOR_NAMES + row + "\n") == [(line, code, value)]


def test_other_spellings_that_say_the_same_may_stand(tmp_path: Path) -> None:
    assert faults(tmp_path, "things.csv", "word,object\nمخبأ,position\nمخبا,position\n") == []


def test_an_unknown_file_is_told_the_names_it_may_have_meant(tmp_path: Path) -> None:
    (tmp_path / "thing.csv").write_text("word,object\n", encoding="utf-8")
    (fault,) = lint(tmp_path)
    assert "things.csv" in fault.says("en")
    assert "places/area_heads.csv" not in fault.says("en")


@pytest.mark.parametrize(
    ("name", "text", "line", "code", "value"),
    [
        ("things.csv", "word\nمخبأ\n", 1, "missing-column", "object"),
        ("things.csv", "word,object,colour\nمخبأ,position,أحمر\n", 1, "unknown-column", "colour"),
        ("things.csv", "object\nposition\n", 1, "missing-column", "word"),
        ("thing.csv", "word,object\n", 1, "unknown-file", "thing.csv"),
        ("things.csv", "word,object\nمخبأ,position\n".encode("cp1256"), 1, "not-utf8", ""),
        ("light_verbs.csv", "verb,voice\nباشر,does\n", 2, "not-a-pair", "باشر"),
        ("harm.csv", "words,outcome,form\nباد,killed,verb\n", 2, "not-a-pair", "باد"),
        ("senses.csv", "type,other\nattack,parade\n", 2, "unknown-type", "parade"),
        ("calendar/weekdays.csv", "word,weekday,definite\nجمعة,five,yes\n", 2, "bad-value", "five"),
        ("events.yaml", "shelling: {verbs: [باشر]}", 1, "not-a-pair", "باشر"),
        ("events.yaml", "release:\n  passives:\n    - أطلق سراح\n", 3, "not-a-pair", "أطلق سراح"),
        ("events.yaml", "shelling: {nouns: [قصف اغتيال]}", 1, "two-types", "اغتيال"),
        (
            "events.yaml",
            "shelling: {phrases: [نيران زاحفة]}\nattack: {phrases: [نيران زاحفة]}",
            2,
            "two-types",
            "نيران زاحفه",
        ),
        ("events.yaml", "shelling:\n  phrases:\n  - نيران زاحفة\n  - نيران زاحفه", 4, "duplicate", "نيران زاحفه"),
        ("events.yaml", "parade: {nouns: [استعراض]}", 1, "unknown-type", "parade"),
        ("events.yaml", "shelling:\n  nuons: [رشق]", 2, "unknown-field", "nuons"),
        ("events.yaml", "shelling: {ar: قصف}\nshelling: {en: Shelling}", 2, "duplicate", "shelling"),
        (
            "events.yaml",
            "shelling: {nouns: [زلغب], examples: [عقد اجتماع]}",
            1,
            "example-unread",
            "عقد اجتماع",
        ),
        ("events.yaml", "shelling: [قصف]", 1, "not-yaml", "shelling: ..."),
        ("events.yaml", "قصف", 1, "not-yaml", "type: {...}"),
        ("events.yaml", "shelling: {nouns: [قصف}", 1, "not-yaml", "expected ',' or ']', but got '}'"),
    ],
)
def test_faulty_files(tmp_path: Path, name: str, text: str | bytes, line: int, code: str, value: str) -> None:
    assert faults(tmp_path, name, text) == [(line, code, value)]


def test_good_events_of_an_overlay(tmp_path: Path) -> None:
    text = "shelling:\n  verbs: [رشق يرشق]\n  phrases: [نيران زاحفة]\n  examples: [رشقت القوات القرية بنيران زاحفة]\n"
    assert faults(tmp_path, "events.yaml", text) == []


def test_every_fault_is_told_in_both_languages_with_its_repair() -> None:
    messages = yaml.safe_load((lint_module.BUILT_IN.parent / "faults.yaml").read_text(encoding="utf-8"))
    for code, words in messages.items():
        fault = Fault("f.csv", 1, code, "القيمة", "المعروف")
        assert set(words) == {"ar", "en", "mend_ar", "mend_en"}
        assert ("{value}" in words["en"] + words["mend_en"]) == ("القيمة" in fault.says("ar"))
        assert "{" not in fault.says("ar") + fault.says("en")
        assert "؛" in fault.says("ar") and ";" in fault.says("en")


def test_a_missing_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(LexiconError, match="no such folder"):
        lint(tmp_path / "none")


@pytest.mark.parametrize(
    ("words", "fault", "mended"),
    [
        ("الاسلامی", "wrong-letter", "الاسلامي"),
        ("کرکوک", "wrong-letter", "كركوك"),
        ("ﷺ", "wrong-letter", "صلى الله عليه وسلم"),
        ("دا\u200cعش", "invisible", "داعش"),
        ("كلب آباد", None, ""),
        ("پنجوين", None, ""),
        ("قوّات", None, ""),
    ],
)
def test_letters(words: str, fault: str | None, mended: str) -> None:
    found = letters_of(words)
    assert (found and found.fault) == fault
    assert not found or found.mended == mended


def test_spaces() -> None:
    assert spaces_of("قوات\u00a0النظام") is not None
    assert spaces_of("قوات النظام") is None


def test_pairs() -> None:
    assert is_pair("قصف يقصف")
    assert not is_pair("قصف")
    assert not is_pair("أطلق سراح")
    assert not is_pair("قصف يقصف قصفا")
    assert set(FIELDS) >= {"verbs", "nouns"}
