"""Claims join incidents as they come, and the incidents are those that happened."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
from sqlalchemy import select

from claims_builder import READ, Maker, item
from cluster_measures import b_cubed, ceaf_e, conll, muc
from sijill.model import Report
from sijill.record import Record
from sijill.record.schema import claims, incidents, members
from synthetic_record import World, exact_keys, windows, world

pytest_plugins = ("record_fixtures",)


def joined(record: Record, reports: list[Report], batch: int = 0) -> dict[str, int]:
    """Which incident every claim of the reports stands in, after adding them all."""
    items = [item(report, name=f"{n}", url=report.source.url) for n, report in enumerate(reports)]
    step = batch or len(items)
    for start in range(0, len(items), step):
        record.add(items[start : start + step], read=READ)
    with record.reading() as connection:
        rows = connection.execute(
            select(claims.c.key, members.c.incident_id).join(members, members.c.claim_id == claims.c.id)
        )
        return {row[0]: row[1] for row in rows}


@pytest.fixture(scope="module")
def made() -> World:
    return world()


def test_incidents_agree_with_the_truth_and_beat_both_baselines(tmp_path: Path) -> None:
    ours, theirs = [], []
    for seed in (11, 12, 13):
        made = world(seed=seed)
        found = joined(Record.init(tmp_path / str(seed)), made.reports)
        ours.append((b_cubed(made.truth, found).f1, conll(made.truth, found)))
        for baseline in (windows(made.reports), exact_keys(made.reports)):
            known = {claim: cluster for claim, cluster in baseline.items() if claim in found}
            theirs.append((b_cubed(made.truth, known).f1, conll(made.truth, known)))
    mean = [sum(score[n] for score in ours) / len(ours) for n in (0, 1)]
    assert mean[0] >= 0.90
    assert mean[0] >= max(score[0] for score in theirs) + 0.10
    assert mean[1] >= max(score[1] for score in theirs) + 0.10


def test_late_and_early_reports_give_much_the_same_incidents(made: World, tmp_path: Path) -> None:
    mixed = list(made.reports)
    random.Random(5).shuffle(mixed)
    found = joined(Record.init(tmp_path / "r"), mixed, batch=50)
    assert b_cubed(made.truth, found).f1 >= 0.88


def _strike(outlet: str, **told: object) -> Report:
    return Maker(outlet).claim("قصف الطيران مدينة سراقب وقتل خمسة مدنيين", **{"killed": 5, **told}).report()  # type: ignore[arg-type]


def test_a_claim_over_three_towns_stands_in_one_incident(record: Record) -> None:
    wave = Maker("أ").claim("غارات على سراقب وأريحا وبنش", places=("سراقب", "أريحا", "بنش")).report()
    one = Maker("ب").claim("غارات على بنش صباح اليوم", places=("بنش",)).report()
    found = joined(record, [wave, one])
    assert len(set(found.values())) == 1
    with record.reading() as connection:
        assert connection.execute(select(incidents.c.claims)).scalars().all() == [2]


def test_a_late_claim_joins_an_old_incident(record: Record) -> None:
    joined(record, [_strike("أ")])
    joined(record, [Maker("ج", "2018-06-01").claim("اشتباكات في منبج", type="armed-clash", places=("منبج",)).report()])
    late = Maker("ب", "2018-09-01").claim("ضحايا غارة سراقب في آذار خمسة مدنيين", killed=5).report()
    found = joined(record, [late])
    assert found[late.claims[0].id] == 1


def test_one_teller_in_one_report_keeps_its_events_apart(record: Record) -> None:
    maker = Maker().claim("غارة صباحا على سراقب قتلت ثلاثة", killed=3).claim("غارة مساء على سراقب قتلت ثلاثة", killed=3)
    assert len(set(joined(record, [maker.report()]).values())) == 2


def test_a_bridging_claim_draws_two_incidents_together(record: Record) -> None:
    one = Maker("أ").claim("قصف على سراقب", type="shelling", places=("سراقب",), date=None, killed=9).report()
    other = (
        Maker("ب", "2018-03-12")
        .claim("تسعة قتلى في سراقب", type="killing", places=(), date="2018-03-04", killed=9)
        .report()
    )
    bridge = Maker("ج").claim("قصف على سراقب يقتل تسعة", type="shelling", places=("سراقب",), killed=9).report()
    found = joined(record, [one, other, bridge])
    assert found[one.claims[0].id] == found[bridge.claims[0].id]


def test_incidents_are_the_same_whoever_reads_in_parallel(made: World, tmp_path: Path) -> None:
    items = [item(report, name=f"{n}", url=report.source.url) for n, report in enumerate(made.reports[:120])]
    alone, together = Record.init(tmp_path / "a"), Record.init(tmp_path / "b")
    alone.add(items, read=READ)
    together.add(items, read=READ, jobs=2)
    for record in (alone, together):
        with record.reading() as connection:
            rows = connection.execute(
                select(members.c.claim_id, members.c.incident_id).order_by(members.c.claim_id)
            ).all()
        if record is alone:
            expected = rows
    assert rows == expected


def test_measures_know_the_ends() -> None:
    truth = {"a": 1, "b": 1, "c": 2}
    assert b_cubed(truth, truth).f1 == muc(truth, truth).f1 == ceaf_e(truth, truth).f1 == 1.0
    apart = {"a": 1, "b": 2, "c": 3}
    assert b_cubed(truth, apart).precision == 1.0
    assert b_cubed(truth, apart).recall == pytest.approx((0.5 + 0.5 + 1) / 3)
    assert muc(truth, apart).recall == 0.0
    assert ceaf_e(truth, apart).f1 == pytest.approx(
        2 * ((2 / 3 + 1) / 3 * (2 / 3 + 1) / 2) / ((2 / 3 + 1) / 3 + (2 / 3 + 1) / 2)
    )
