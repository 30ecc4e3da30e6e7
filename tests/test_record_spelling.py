"""People are shown names as the first claim writes them; the folded form is for comparing alone."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import click
import pytest
from click.testing import CliRunner

from claims_builder import READ, Maker, item
from sijill.cli import record_search, record_show
from sijill.export import Choice, export
from sijill.model import Source
from sijill.record import Record
from sijill.review.desk import Desk
from sijill.search.find import facets, find
from sijill.search.query import Query
from sijill.web.figures import disputes, figures, tellers
from sijill.web.filters import Filters
from sijill.web.looking import Look
from sijill.web.pages import _shown_name
from sijill.web.roles import Role, Viewer

pytest_plugins = ("record_fixtures",)

PARTY, OTHER, PLACE = "مجموعة مسلّحة", "فصائلُ محلية", "مزرعة أبي حمزة"
SOURCE, OUTLET = "مصادر عسكريّة", "شبكة الأخبار"
WRITTEN = (PARTY, OTHER, PLACE, SOURCE, OUTLET)
FOLDED = ("مجموعه", "فصايل", "مزرعه", "عسكريه", "شبكه")
EYES = Viewer("سلمى", Role.READER)


@pytest.fixture
def told(record: Record) -> Record:
    def maker(party: str, place: str, source: str, outlet: str, first: str = "هاجمت") -> Maker:
        return Maker(outlet).claim(
            f"{first} {party} نقطة في {place} قال ذلك {source}", type="attack", places=(place,), initiators=(party,),
            source=Source("unnamed", source), killed=3,
        )  # fmt: skip

    makers = [
        maker(PARTY, PLACE, SOURCE, OUTLET),
        maker(OTHER, PLACE, SOURCE, OUTLET).claim("وانسحبت", type="withdrawal", initiators=(OTHER,)),
        maker("مجموعه مسلحه", "مزرعه ابي حمزه", "مصادر عسكريه", "شبكه الاخبار", "استهدفت"),
    ]
    record.add([item(one.report(), name=f"{n}") for n, one in enumerate(makers)], read=READ)
    return record


def shown(*words: str) -> tuple[str, str]:
    """What a command says, in words and as JSON."""

    def run(command: click.Command, *more: str) -> str:
        found = CliRunner().invoke(command, [*words[1:], *more])
        assert found.exit_code == 0, found.output
        return found.output

    command = {"show": record_show.show, "incidents": record_show.incidents, "search": record_search.search}[words[0]]
    return run(command), run(command, "--json")


def said(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)


def only_written(value: Any, *names: str) -> None:
    text = said(value)
    assert [name for name in names if name not in text] == []
    assert [folded for folded in FOLDED if folded in text] == []


def test_commands_show_names_as_written(told: Record) -> None:
    where = str(told.where)
    for output in shown("show", "i1", "-r", where):
        only_written(output, PARTY, PLACE)
    for output in shown("show", "c1", "-r", where):
        only_written(output, PARTY, PLACE)
    for output in shown("incidents", "-r", where):
        only_written(output, PLACE)
    for output in shown("search", "", "--facets", "--source", OUTLET, "--limit", "2", "-r", where):
        only_written(output[output.index("types") :], *WRITTEN[:4])  # a hit is told as it is written


def test_searches_and_their_facets_show_names_as_written(told: Record) -> None:
    assert {hit.outlet for hit in find(told, Query()).hits[-2:]} <= {OUTLET}
    found = facets(told, Query())
    assert found.sources == {SOURCE: 3, OUTLET: 1}
    assert found.parties == {PARTY: 2, OTHER: 2} and found.places[PLACE] == 3
    for value in found.parties:
        assert len(find(told, Query(party=value)).hits) == found.parties[value]
    for value in found.sources:
        assert len(find(told, Query(source=value)).hits) >= found.sources[value]


def test_the_site_shows_names_as_written(told: Record) -> None:
    look = Look(told, EYES)
    incident, claims = look.incident(1)
    only_written([party.ar for party in incident.initiators] + [place.ar for place in incident.places], PARTY, PLACE)
    only_written([side for found in incident.contradictions for side, _ in found.sides], PARTY, OTHER)
    only_written([[claims[0].source, claims[0].outlet], [party.ar for party in claims[0].initiators]], PARTY, SOURCE)
    assert dict(tellers(told, EYES, Filters()))[SOURCE][0] == 3
    assert {party.ar for party in disputes(told, EYES, Filters()).parties} == {PARTY, OTHER}
    assert PLACE in {spread.place.ar for spread in figures(told, EYES, Filters()).places}
    for kind, name in (("party", PARTY), ("source", SOURCE), ("source", OUTLET), ("place", PLACE)):
        for asked in (name, name.translate(str.maketrans("ةأئ", "هاي", "ّ"))):
            assert _shown_name(look, kind, asked) == name


def test_exports_show_names_as_written(told: Record, tmp_path: Path) -> None:
    export(told, "geojson", tmp_path / "out", Choice(Query(incident=1)))
    text = "".join(path.read_text(encoding="utf-8") for path in (tmp_path / "out").glob("*.geojson"))
    assert PARTY in text and PLACE in text


def test_a_removed_report_takes_its_spelling_along(told: Record) -> None:
    Desk(told, "سلمى").withhold("r1", "خطر", remove=True)
    Desk(told, "سلمى").withhold("r2", "خطر", remove=True)
    assert set(facets(told, Query()).sources) == {"مصادر عسكريه"}
