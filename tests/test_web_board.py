"""The board: grown step by step it is what it is read at once, and it finds what the incidents themselves tell."""

from __future__ import annotations

from collections import Counter
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from claims_builder import READ, Maker, item
from sijill.incidents.derive import derive
from sijill.incidents.outline import _tells_background, is_background, outline
from sijill.record import Record
from sijill.review.desk import Desk
from sijill.review.history import facts_as_of
from sijill.web.app import create_app
from sijill.web.board import Board
from sijill.web.boarding import Keeper, _whole, board_of
from sijill.web.door import House
from sijill.web.figures import disputes, figures, tellers, timeline
from sijill.web.filters import Filters, filters_of
from sijill.web.kept import Kept
from sijill.web.looking import Look, version
from sijill.web.roles import Role, Viewer
from synthetic_record import world
from web_house import client_of

pytest_plugins = ("record_fixtures",)
EYES = Viewer("x", Role.ADMINISTRATOR)


def _items(reports: list[Any], start: int = 0) -> list[Any]:
    return [item(report, url=f"http://{start + n}.example/") for n, report in enumerate(reports)]


def _same(one: Board, other: Board) -> None:
    """The same incidents and claims, with the same values; registers may number them otherwise."""
    for name in ("id", "i_type", "i_first", "i_last", "i_low", "i_high", "i_state", "live", "background", "i_disputes"):
        assert np.array_equal(getattr(one.c, name), getattr(other.c, name)), name
    assert _claims(one) == _claims(other)
    assert _doers(one) == _doers(other)
    assert _harm(one) == _harm(other)
    assert _told_at(one) == _told_at(other)


def _doers(board: Board) -> set[tuple[int, str]]:
    return {
        (int(board.c.id[row]), board.known.doers.values[n])
        for row, n in zip(board.c.doer_of, board.c.doer, strict=True)
    }


def _harm(board: Board) -> set[tuple[int, ...]]:
    c = board.c
    return {
        (int(c.id[row]), *map(int, told)) for row, *told in zip(c.harm_of, c.harm, c.harm_low, c.harm_high, strict=True)
    }


def _told_at(board: Board) -> list[tuple[int, str]]:
    spots = [board.known.places.values[board.atlas.head[n]] for n in board.at_group]
    ids = board.c.id[board.at_incident]
    return sorted((int(number), spot.place_id or spot.name) for number, spot in zip(ids, spots, strict=True))


def _claims(board: Board) -> dict[int, Any]:
    c = board.c
    places: dict[int, set[Any]] = {}
    parties: dict[int, set[Any]] = {}
    for row, value in zip(c.place_of, c.place, strict=True):
        places.setdefault(int(row), set()).add(board.known.places.values[value])
    for row, value in zip(c.party_of, c.party, strict=True):
        parties.setdefault(int(row), set()).add(board.known.parties.values[value])
    return {
        int(c.claim[row]): (
            int(c.id[c.held[row]]), int(c.type[row]), int(c.first[row]), int(c.last[row]), int(c.kind[row]),
            board.known.sources.values[c.source[row]] if c.source[row] >= 0 else None,
            bool(c.against[row]), frozenset(places.get(row, ())), frozenset(parties.get(row, ())),
        )
        for row in range(len(c.claim)) if c.held[row] >= 0
    }  # fmt: skip


def test_a_board_follows_whatever_happens_to_the_record(where: str) -> None:
    reports = world(events=60, seed=3).reports
    with Record.init(where) as record:
        record.add(_items(reports[:40]), read=READ)
        keeper = Keeper(record)

        def follow() -> None:
            with record.reading() as connection:
                _same(keeper.board(version(record)), _whole(connection))

        follow()
        record.add(_items(reports[40:], 40), read=READ)
        follow()
        desk = Desk(record, "somebody")
        desk.correct("c1", "type", "arrest")
        desk.correct("c2", "places", [{"name": "دوما", "place_id": "x", "lat": 33.57, "lon": 36.4}])
        follow()
        rejected = desk.reject("c3")
        follow()
        desk.undo(rejected)
        follow()
        alive = [int(n) for n in keeper.board(version(record)).c.id[keeper.board(version(record)).c.live]]
        merged = desk.merge(f"i{alive[0]}", f"i{alive[1]}")
        follow()
        desk.undo(merged)
        follow()
        desk.state(f"i{alive[2]}", "reviewed")
        follow()
        record.reread(read=READ, reader="another reader")
        follow()


@pytest.fixture(scope="module")
def record(tmp_path_factory: pytest.TempPathFactory) -> Any:
    with Record.init(tmp_path_factory.mktemp("board") / "record") as made:
        made.add(_items(world(events=80, seed=9).reports), read=READ)
        yield made


def _most_killed(one: Any) -> int:
    return max((h.high or h.low for h in one.harm if (h.outcome, h.who) == ("killed", "all")), default=0)


def _in_box(claims: list[Any]) -> bool:
    return any(p.lat and 35 <= p.lat <= 36.5 and 36 <= p.lon <= 37.5 for one in claims for p in one.places)


FILTERS: dict[str, Any] = {
    "type=air-strike": lambda one, claims: one.type == "air-strike",
    "since=2018-03-20": lambda one, claims: (one.last or "") >= "2018-03-20",
    "until=2018-03-10": lambda one, claims: one.first is not None and one.first <= "2018-03-10",
    "killed=3": lambda one, claims: _most_killed(one) >= 3,
    "state=final": lambda one, claims: False,
    "state=machine-read": lambda one, claims: True,
    "party=russia": lambda one, claims: any(p.actor == "russia" for claim in claims for p in claim.initiators),
    "place=إدلب": lambda one, claims: any("ادلب" in (p.told, p.admin1) for claim in claims for p in claim.places),
    "kind=witness": lambda one, claims: any(claim.source_kind == "witness" for claim in claims),
    "box=35,36,36.5,37.5": lambda one, claims: _in_box(claims),
    "box=36.5,37.5,35,36": lambda one, claims: _in_box(claims),
}


@pytest.mark.parametrize("query", FILTERS)
def test_filters_find_what_incidents_tell(record: Record, query: str) -> None:
    look = Look(record, EYES)
    name, _, value = query.partition("=")
    found = {one.id for one in look.incidents(filters_of({name: value}), limit=10_000).items}
    everything, _ = look.claim_ids(Filters(), limit=10_000)
    claims: dict[str, list[Any]] = {}
    for claim in look.claims(everything):
        claims.setdefault(claim.incident, []).append(claim)
    shown = look.incidents(Filters(), limit=10_000).items
    assert found == {one.id for one in shown if FILTERS[query](one, claims[one.id])}


def test_words_are_found_on_the_claims_that_have_them(record: Record) -> None:
    look = Look(record, EYES)
    found, _ = look.claim_ids(Filters(q="مدرسة"), limit=1_000)
    spoken = {one.id for one in look.claims(found)}
    everything, _ = look.claim_ids(Filters(), limit=10_000)
    assert spoken == {
        one.id for one in look.claims(everything) if "مدرسة" in "".join(piece.words for piece in one.evidence)
    }
    assert 0 < len(spoken) < len(everything)


@pytest.mark.parametrize("order", ["day", "added"])
def test_pages_go_through_everything_once_and_in_order(record: Record, order: str) -> None:
    look, filters = Look(record, EYES), Filters(order=order)
    whole = [one.id for one in look.incidents(filters, limit=10_000).items]
    walked: list[str] = []
    after: str | None = ""
    while after is not None:
        part = look.incidents(filters, after=after, limit=7)
        walked += [one.id for one in part.items]
        after = part.next
    assert walked == whole and len(set(whole)) == len(whole) > 30


def test_the_site_stands_over_either_store(where: str, tmp_path: Path) -> None:
    with Record.init(where) as made:
        made.add(_items(world(events=30, seed=5).reports), read=READ)
        app = create_app(House(made, None, "tester", kept=Kept(tmp_path), folder=tmp_path))
        with client_of(app) as client:
            for path in ("/", "/?place=إدلب&killed=1", "/incidents/1", "/reports/1", "/search?q=مدرسة", "/overview",
                         "/review", "/parties/named/russia", "/export", "/api/v1/claims", "/api/v1/feed.atom",
                         "/api/v1/export/csv"):  # fmt: skip
                assert client.get(path).status_code == 200, path


def test_lists_as_of_a_time_are_what_was_seen_then(where: str) -> None:
    reports = world(events=40, seed=4).reports
    seen: list[tuple[str, Any, Any]] = []
    with Record.init(where) as record:

        def look() -> None:
            now = Look(record, EYES)
            seen.append((record.clock(), now.incidents(Filters(), limit=10_000), _claims_of(now)))

        record.add(_items(reports[:20]), read=READ)
        look()
        record.add(_items(reports[20:], 20), read=READ)
        look()
        desk = Desk(record, "somebody")
        desk.correct("c1", "type", "arrest")
        rejected = desk.reject("c3")
        desk.state("i1", "reviewed")
        look()
        alive = [int(n) for n in board_of(record, version(record)).c.id[board_of(record, version(record)).c.live]]
        merged = desk.merge(f"i{alive[2]}", f"i{alive[3]}")
        desk.undo(rejected)
        look()
        desk.undo(merged)
        record.reread(read=READ, reader="another reader")
        look()
        desk.state("i1", "final")
        for moment, incidents, claims in seen:
            then = Look(record, EYES, moment)
            assert then.incidents(Filters(), limit=10_000) == incidents
            assert _claims_of(then) == claims
            assert {one.id for one in then.walk(Filters(type="arrest"), limit=10_000)[0]} == {
                one.id for one in incidents.items if one.type == "arrest"
            }
        assert Look(record, EYES, "2001-01-01").incidents(Filters()).items == ()


def _claims_of(look: Look) -> list[Any]:
    return look.claims(look.claim_ids(Filters(), limit=10_000)[0])


def test_outlines_tell_what_deriving_tells(record: Record) -> None:
    with record.reading() as connection:
        held = facts_as_of(connection)
    for facts in held.values():
        told, short = derive(facts), outline(facts)
        own = [f for f in facts if not _tells_background(f)]
        counted = derive(own or facts).harm
        assert short.background == (not own)
        assert set(short.harm) == {(h.outcome, h.who, h.low, h.high) for h in counted if h.who != "unknown"}
        assert sorted(short.doers) == sorted(key for key, _ in told.initiators)
        assert short.disputes == tuple(found.value for found in told.contradictions)
        assert short.against == {n for found in told.contradictions for _, ids in found.sides for n in ids}
    assert any(outline(facts).against for facts in held.values())


def test_a_number_is_background_without_day_and_place_or_over_long() -> None:
    day = date(2018, 3, 4).toordinal()
    for first, last, precisions, killed, background in (
        (day, day, ["town"], 1_000, False), (day, day, [], 3, False), (None, None, ["town"], 3, False),
        (day, day + 10, ["town"], 30, False), (day, day + 10, ["country"], 30, True),
        (day, day + 10, ["town"], 300, True), (day, day + 40, ["site"], 3, True), (None, None, ["country"], 3, True),
        (None, None, [], 3, True), (None, None, ["town"], 6_000, True), (day, day, ["region"], 1_400, True),
    ):  # fmt: skip
        assert is_background(first, last, precisions, killed) == background, (first, last, precisions, killed)


def test_tolls_of_wars_and_years_stand_in_no_sum(tmp_path: Path) -> None:
    told = [
        Maker("الراصد").claim("غارة قتلت ثلاثة", killed=3, date="2018-03-04"),
        Maker("الشهباء").claim("غارة قتلت سبعة", killed=7, date="2018-03-09", places=("دوما",)),
        Maker("الميدان").claim("قتلت الحرب نصف مليون", killed=500_000, date=("2011-03-15", "2018-03-04")),
        Maker("العالم").claim("قتل ألفان", killed=2_000, date=None, places=()),
    ]
    with Record.init(tmp_path / "record") as record:
        record.add(_items([maker.report(f"http://{n}.example/") for n, maker in enumerate(told)]), read=READ)
        counted = figures(record, EYES, Filters())
        assert counted.counted == 4 and counted.background == (2, 502_000)
        killed = counted.killed
        assert killed and (killed.low, killed.high, killed.incidents, killed.median, killed.most) == (10, 10, 2, 5, 7)
        assert sum(bar.killed for bar in timeline(record, EYES, Filters()).bars) == 10
        assert sum(place.killed for place in counted.places) == 10
        with client_of(create_app(House(record, None, "tester"))) as client:
            page = client.get("/overview").text
            assert "Left out of the sums" in page and "502,000 killed" in page and "502,010" not in page
            place = client.get("/places/named/دوما").text
            assert "Left out of the sums" not in place and ">Killed</th>" in place


def test_the_overview_counts_every_incident_of_a_view(record: Record) -> None:
    shown = Look(record, EYES).incidents(Filters(type="air-strike"), limit=10_000).items
    told = disputes(record, EYES, Filters(type="air-strike"))
    assert told.counted == len(shown) and told.contested == sum(bool(one.contradictions) for one in shown) > 0
    named = Counter(found.value for one in shown for found in one.contradictions)
    assert dict(told.disputes) == named
    doers = Counter(party.actor or party.ar for one in shown for party in one.initiators)
    assert {party.key: party.incidents for party in told.parties} == doers
    everybody = tellers(record, EYES, Filters())
    assert sum(counts[0] for _, counts in everybody) == len(_claims_of(Look(record, EYES)))
    assert any(counts[1] for _, counts in everybody)


def test_an_empty_record_has_an_empty_board(tmp_path: Path) -> None:
    with Record.init(tmp_path / "record") as record:
        board = board_of(record, version(record))
        assert board.page(board.find(Filters(place="x", party="y")), True, None, 5) == []
        record.add(_items([Maker("الراصد").claim("غارة على سراقب").report()]), read=READ)
        assert len(board_of(record, version(record)).c.claim) == 1
