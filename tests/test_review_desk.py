"""Decisions stand beside what was read; they can be undone, and never change what was there."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count
from pathlib import Path

import pytest
from sqlalchemy import select

from claims_builder import READ, Maker, item
from sijill.record import Record
from sijill.record.blobs import get
from sijill.record.errors import RecordError
from sijill.record.schema import incidents, states
from sijill.record.settings import Settings
from sijill.record.verify import verify
from sijill.review.agreement import agreement
from sijill.review.decisions_file import import_decisions
from sijill.review.desk import STATES, Desk
from sijill.review.errors import ReviewError
from sijill.review.history import facts_as_of, history, incident, moment, state_of, to_look_at

pytest_plugins = ("record_fixtures",)


@pytest.fixture
def desk(record: Record) -> Iterator[Desk]:
    """A desk on a record of three incidents: i1 of two claims, i2 and i3 of one each. Its clock ticks by days."""
    days = count(1)
    record.clock = lambda: f"2026-03-{next(days):02}T08:00:00.000000Z"
    makers = [
        Maker("أ").claim("قصف الطيران مدينة سراقب وقتل خمسة مدنيين", killed=5),
        Maker("ب").claim("خمسة قتلى في غارة على سراقب", killed=5),
        Maker("ج").claim("اشتباكات في منبج", type="armed-clash", places=("منبج",)),
        Maker("د").claim("مظاهرة في اعزاز", type="protest", places=("اعزاز",)),
    ]
    record.add([item(maker.report(), name=f"{n}") for n, maker in enumerate(makers)], read=READ, reader="first")
    yield Desk(record, "سلمى")
    assert verify(record).faults == ()


def held(desk: Desk) -> dict[int, list[int]]:
    with desk.record.reading() as connection:
        return {number: [fact.claim for fact in facts] for number, facts in facts_as_of(connection).items()}


def killed(desk: Desk, as_of: str | None = None) -> tuple[int, int | None]:
    found = incident(desk.record, "i1", as_of=as_of)
    return next((harm.low, harm.high) for harm in found.harm if harm.who == "all")


def test_a_correction_lies_over_the_reading_and_changes_the_incident(desk: Desk) -> None:
    desk.correct("c1", "killed", [[7, 7, "civilian"]], "رأيت القائمة")
    assert killed(desk) == (5, 7)
    with desk.record.reading() as connection:
        assert connection.execute(select(incidents.c.killed_high).where(incidents.c.id == 1)).scalar() == 7
        assert desk.record.report(connection, 1).claims[0].casualties[0].min == 5


def test_what_was_said_on_an_earlier_day_is_still_told(desk: Desk) -> None:
    desk.correct("c1", "killed", [[7, 7, "civilian"]])
    desk.correct("c1", "killed", [[9, 9, "civilian"]])
    assert [killed(desk, day) for day in ("2026-03-01", "2026-03-02", "2026-03-03", None)] == [
        (5, 5),
        (5, 7),
        (5, 9),
        (5, 9),
    ]
    with pytest.raises(ReviewError, match="no such incident as of"):
        incident(desk.record, "i1", as_of="2026-02-01")


def test_the_history_of_a_value_tells_everything(desk: Desk) -> None:
    first = desk.correct("c1", "killed", [[7, 7, "civilian"]], "قائمة")
    Desk(desk.record, "عمر").accept("c1", "killed")
    desk.undo(first, "خطأ")
    told = history(desk.record, "c1", "killed")
    assert [(said.who, said.kind, said.undone) for said in told] == [
        ("first", "read", False), ("سلمى", "correct", True), ("عمر", "accept", False), ("سلمى", "undo", False),
    ]  # fmt: skip
    assert told[1].value == [[7, 7, "civilian"]] and told[1].why == "قائمة"


def test_undoing_a_correction_brings_the_reading_back(desk: Desk) -> None:
    number = desk.correct("c1", "killed", [[7, 7, "civilian"]])
    desk.undo(number)
    assert killed(desk) == (5, 5)
    with pytest.raises(ReviewError, match="undone already"):
        desk.undo(number)


def test_a_rejected_claim_and_field_are_left_out(desk: Desk) -> None:
    desk.reject("c2", why="نسخة من خبر قديم")
    assert held(desk)[1] == [1]
    desk.reject("c1", "places")
    assert incident(desk.record, "i1").places == ()


VALUES: list[tuple[str, object]] = [
    ("type", "shelling"),
    ("modality", "denied"),
    ("date", ["2018-03-01", "2018-03-02"]),
    ("places", [{"name": "بنش"}]),
    ("initiators", [["russia", "روسيا"]]),
    ("targets", [[None, "السوق"]]),
    ("injured", [[3, None, "unknown"]]),
]


def test_every_field_can_be_corrected(desk: Desk) -> None:
    for field, value in VALUES:
        desk.correct("c4", field, value)
        said = history(desk.record, "c4", field)[-1]
        assert (said.kind, said.value) == ("correct", value)


def test_a_value_of_another_form_is_refused_with_the_form(desk: Desk) -> None:
    for field, value in (("killed", "سبعة"), ("places", [{"nome": "x"}]), ("date", "2018"), ("type", 3)):
        with pytest.raises(ReviewError, match="the form is as in"):
            desk.correct("c1", field, value)
    with pytest.raises(ReviewError, match="no such field"):
        desk.correct("c1", "colour", "red")


def test_merging_and_undoing_it(desk: Desk) -> None:
    before = held(desk)
    number = desk.merge("i2", "i3", "الحدث نفسه")
    assert held(desk) == {1: [1, 2], 2: [3, 4]}
    desk.undo(number)
    assert held(desk) == before


def test_splitting_keeps_apart_until_it_is_undone(desk: Desk) -> None:
    before = held(desk)
    number = desk.split("i1", ["c2"])
    assert held(desk) == {1: [1], 2: [3], 3: [4], 4: [2]}
    bridge = Maker("ه").claim("غارة سراقب قتلت خمسة مدنيين وفق شهود", killed=5).report()
    desk.record.add([item(bridge, name="late")], read=READ, reader="first")
    now = held(desk)
    assert len(now[1]) + len(now[4]) == 3 and 1 in now[1] and 2 in now[4]
    desk.undo(number)
    assert set(held(desk)[1]) >= set(before[1])


def test_a_split_takes_some_claims_of_the_incident(desk: Desk) -> None:
    for wrong in ([], ["c1", "c2"], ["c3"]):
        with pytest.raises(ReviewError, match="split off some"):
            desk.split("i1", wrong)


def test_what_was_moved_again_is_undone_from_the_newest(desk: Desk) -> None:
    first = desk.move("c3", "i3")
    second = desk.move("c3", "i1")
    with pytest.raises(ReviewError, match=f"undo decision {second} first"):
        desk.undo(first)
    desk.undo(second)
    desk.undo(first)
    assert held(desk)[2] == [3]


def test_states_are_those_documenters_know_and_can_be_undone(desk: Desk) -> None:
    desk.assign("i1", "عمر")
    number = desk.state("i1", "reviewed")
    with desk.record.reading() as connection:
        assert state_of(connection, "i1") == ("reviewed", "عمر")
    desk.undo(number)
    with desk.record.reading() as connection:
        assert state_of(connection, "i1") == ("assigned", "عمر")
        assert state_of(connection, "i2") == ("machine-read", None)
    with pytest.raises(ReviewError, match="no such state"):
        desk.state("i1", "done")  # type: ignore[arg-type]
    assert len(STATES) == 6


def test_final_asks_for_another_person_where_the_settings_say_so(desk: Desk) -> None:
    desk.record.set_settings(Settings(final_needs_second=True))
    desk.state("i1", "reviewed")
    with pytest.raises(ReviewError, match="another person"):
        desk.state("i1", "final")
    Desk(desk.record, "عمر").state("i1", "final")


def test_a_field_for_two_counts_when_two_agree(desk: Desk) -> None:
    desk.record.set_settings(Settings(second_person=("killed",)))
    desk.correct("c1", "killed", [[7, 7, "civilian"]])
    assert killed(desk) == (5, 5)
    Desk(desk.record, "عمر").correct("c1", "killed", [[8, 8, "civilian"]])
    assert killed(desk) == (5, 5)
    Desk(desk.record, "ليلى").correct("c1", "killed", [[7, 7, "civilian"]])
    assert killed(desk) == (5, 7)


def test_disagreement_is_measured_by_field(desk: Desk) -> None:
    omar = Desk(desk.record, "عمر")
    for claim, ours, theirs in (("c1", 5, 5), ("c2", 5, 6), ("c3", 1, 1), ("c4", 2, 2)):
        desk.correct(claim, "killed", [[ours, ours, "civilian"]])
        omar.correct(claim, "killed", [[theirs, theirs, "civilian"]])
        desk.accept(claim, "type")
        omar.accept(claim, "type")
    found = {entry.field: entry for entry in agreement(desk.record)}
    # By hand: values 5,5 | 5,6 | 1,1 | 2,2; observed disagreement 2/8, expected (64 - (9 + 1 + 4 + 4)) / 56.
    assert found["killed"].alpha == pytest.approx(1 - (2 / 8) / ((64 - 18) / 56), abs=1e-4)
    assert found["type"].alpha == 1.0
    assert found["killed"].claims == 4 and found["killed"].reviewers == 2


def test_decisions_hold_on_to_their_claim_when_it_is_read_again(desk: Desk) -> None:
    desk.correct("c1", "killed", [[7, 7, "civilian"]])
    desk.record.reread(read=READ, reader="second")
    assert killed(desk) == (5, 7)
    assert to_look_at(desk.record) == []
    assert history(desk.record, "c5", "killed")[0].who == "first"
    assert killed(desk, "2026-03-01") == (5, 5)


def test_decisions_ask_for_a_new_look_when_the_words_are_gone(desk: Desk) -> None:
    desk.correct("c1", "killed", [[7, 7, "civilian"]])
    desk.record.reread(read="test_review_desk:blind", reader="blind")
    assert [said.value for said in to_look_at(desk.record)] == ["c1"]
    with pytest.raises(ReviewError, match="no longer stand"):
        desk.accept("c1")


def blind(source: bytes, **told: object) -> object:
    """A reader that finds no claims any more."""
    import msgspec

    from claims_builder import read

    return msgspec.structs.replace(read(source, **told), claims=())  # type: ignore[arg-type]


def test_a_capture_may_be_removed_for_safety_and_its_story_stays(desk: Desk) -> None:
    desk.withhold("r4", "خطر على المصدر", remove=True)
    with desk.record.reading() as connection, pytest.raises(RecordError, match="not in the record"):
        get(connection, desk.record.folder, 4)
    assert desk.record.counts()["captures"] == 4


def test_decisions_come_from_a_file_whole_or_not_at_all(desk: Desk, tmp_path: Path) -> None:
    path = tmp_path / "decisions.csv"
    path.write_text(
        'kind,target,field,value,why\ncorrect,c1,killed,"[[6,6,""civilian""]]",\nstate,i1,,reviewed,تم\n',
        encoding="utf-8",
    )
    assert len(import_decisions(desk.record, path, "عمر")) == 2
    assert killed(desk) == (5, 6)
    path.write_text("kind,target,field,value,why\nstate,i2,,final,\nstate,i99,,final,\n", encoding="utf-8")
    with pytest.raises(ReviewError, match="line 3: i99"):
        import_decisions(desk.record, path, "عمر")
    with desk.record.reading() as connection:
        assert connection.execute(select(states.c.target)).scalars().all() == ["i1"]


def test_unknown_targets_are_refused(desk: Desk) -> None:
    for target in ("c99", "x1", "i0", "", "c1; DROP TABLE claims"):
        with pytest.raises(ReviewError):
            desk.comment(target, "ملاحظة")


def test_a_decision_needs_a_name(record: Record) -> None:
    with pytest.raises(ReviewError, match="who decides"):
        Desk(record, " ")


def test_days_and_times_are_understood() -> None:
    assert moment("2026-03-01") == "2026-03-01T23:59:59.999999Z"
    assert moment("2026-03-01T12:00:00+03:00") == "2026-03-01T09:00:00.000000Z"
    with pytest.raises(ReviewError, match="not a day"):
        moment("yesterday")
