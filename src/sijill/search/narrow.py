"""Narrowing: a query as one SQL statement, on SQLite and on PostgreSQL.

A condition that few claims meet is asked first and the rest are checked on those; a condition that very many meet is
checked claim by claim from the newest on, until there are enough. Which is which is counted, up to a limit, each time.
"""

from __future__ import annotations

import math
from typing import Any, NamedTuple

from sqlalchemy import (
    ARRAY,
    ColumnElement,
    CompoundSelect,
    Connection,
    Integer,
    Select,
    Text,
    and_,
    cast,
    column,
    exists,
    false,
    func,
    literal,
    or_,
    select,
    table,
    union_all,
)

from sijill.arabic.fold import fold
from sijill.errors import OptionError
from sijill.record import index, postgres
from sijill.record.fact import day_of, plain_name
from sijill.record.schema import claim_parties, claim_places, claims, members, readings, states
from sijill.search.areas import area_of, kept_as
from sijill.search.query import Box, Near, Query, Term, box_of, plain_words, terms

_FEW = 4_000
"""Up to so many claims a condition is asked first."""
_LONGEST = 800
"""No claim's days span more than this."""
_FARTHEST = 20_100
"""Half way around the globe, in kilometres."""
_KM = 111.195
"""A degree of latitude."""

_lite_words = table("words", column("rowid"), column("words"))
_team_words = table("words", column("id"), column("said", ARRAY(Integer)))
_boxes = table("boxes", column("id"), column("south"), column("north"), column("west"), column("east"))


Ids = Select[Any] | CompoundSelect[Any]


class _Condition(NamedTuple):
    """A condition on claims in two forms: the ids that meet it, and whether one claim does.

    `counted` are rows as many as the ids or some more, quicker to count than these where there are very many.
    """

    ids: Ids
    holds: ColumnElement[bool]
    counted: Ids


def ids_of(connection: Connection, query: Query) -> Select[Any]:
    """The ids of the claims that a query asks for, the newest first."""
    query = plain_words(query)
    wanted = select(claims.c.id).where(claims.c.current, *_columns(query))
    few = query.incident is not None or query.state is not None
    for condition in _conditions(connection, query):
        if _is_few(connection, condition.counted):
            wanted, few = wanted.where(claims.c.id.in_(condition.ids)), True
        else:
            wanted = wanted.where(condition.holds)
    said = terms(query.text)
    if not said:
        return wanted.order_by(claims.c.first.desc(), claims.c.id.desc())
    docs = spoken(connection, said)
    newest = (claims.c.first.desc(), claims.c.id.desc())
    if few or _is_few(connection, docs):
        numbers = docs.with_only_columns(_claim_of(docs.selected_columns.doc))
        return wanted.where(claims.c.id.in_(numbers)).order_by(*newest)
    # Words that stand in very many claims: from the claim added last on, until there are enough.
    found = docs.subquery()
    return wanted.join(found, claims.c.id == _claim_of(found.c.doc)).order_by(found.c.doc.desc())


def spoken(connection: Connection, said: list[Term], reports: bool = False) -> Select[Any]:
    """The documents (`doc`) that have the words: those of claims, or those of whole reports."""
    parity = 1 if reports else 0
    if connection.dialect.name == "sqlite":
        phrases = [f'"{" ".join(term.words)}"' for term in said if not term.without]
        barred = [f'"{" ".join(term.words)}"' for term in said if term.without]
        match = " AND ".join(phrases) + "".join(f" NOT {phrase}" for phrase in barred)
        doc = _lite_words.c.rowid
        return select(doc.label("doc")).where(_lite_words.c.words.op("MATCH")(match), doc % 2 == parity)
    found = select(_team_words.c.id.label("doc")).where(_team_words.c.id % 2 == parity)
    for term in said:
        has = _says(index.codes(" ".join(term.words)))
        found = found.where(~has if term.without else has)
    return found


def _says(codes: list[int]) -> ColumnElement[bool]:
    """Whether a document of PostgreSQL's has words one after the other: the index finds those that have them all."""
    said, wanted = _team_words.c.said, literal(codes, ARRAY(Integer))
    has: ColumnElement[bool] = said.op("@>", is_comparison=True)(wanted)
    if len(codes) == 1:
        return has
    places = func.unnest(func.array_positions(said, literal(codes[0], Integer)))
    at = places.table_valued("first").render_derived(name="at")
    run = said[at.c.first : at.c.first + (len(codes) - 1)]
    return and_(has, exists(select(1).select_from(at).where(run == wanted).correlate(_team_words)))


def incident_name() -> ColumnElement[str]:
    """The name under which states of a claim's incident are kept."""
    return literal("i").op("||")(cast(members.c.incident_id, Text))


def _claim_of(doc: ColumnElement[int]) -> ColumnElement[int]:
    """The claim of a document; whole-number division in both stores."""
    return doc.op("/")(2)


def _is_few(connection: Connection, ids: Ids) -> bool:
    return int(connection.execute(select(func.count()).select_from(ids.limit(_FEW).subquery())).scalar_one()) < _FEW


def _columns(query: Query) -> list[ColumnElement[bool]]:
    """Conditions on the row of a claim."""
    found: list[ColumnElement[bool]] = []
    if query.types:
        found.append(claims.c.type.in_(query.types))
    if query.modality:
        found.append(claims.c.modality == query.modality)
    if query.killed is not None:
        found.append(claims.c.killed >= query.killed)
    if query.injured is not None:
        found.append(claims.c.injured >= query.injured)
    if query.kind:
        found.append(claims.c.source_kind == query.kind)
    if query.since:
        since = _day(query.since)
        found += [claims.c.first >= since - _LONGEST, claims.c.last >= since]
    if query.until:
        found.append(claims.c.first <= _day(query.until))
    if query.since and query.until and _day(query.since) > _day(query.until):
        found.append(false())  # no index knows that there is nothing between the two
    if query.incident is not None:
        held = select(members.c.claim_id).where(members.c.incident_id == query.incident)
        found.append(claims.c.id.in_(held))
    if query.state:
        found.append(_in_state(query.state))
    return found


def _in_state(state: str) -> ColumnElement[bool]:
    """Claims that are, or whose incident is, in a state; nothing decided is "machine-read"."""
    own = literal("c").op("||")(cast(claims.c.thread, Text))
    decided = exists().where(states.c.target == own)
    its = exists().where(members.c.claim_id == claims.c.id, states.c.target == incident_name())
    if state == "machine-read":
        return and_(~decided, ~its)
    return or_(
        exists().where(states.c.target == own, states.c.state == state),
        exists().where(members.c.claim_id == claims.c.id, states.c.target == incident_name(), states.c.state == state),
    )


def _day(iso: str) -> int:
    day = day_of(iso)
    if day is None:
        raise OptionError(f"{iso}: not a day; write it as 2018-03-04")
    return day


def _conditions(connection: Connection, query: Query) -> list[_Condition]:
    """Conditions on the places, the parties and the teller of a claim."""
    found = []
    if query.place:
        named = _named(query.place)
        found.append(_of_places(named, named))
    if query.near:
        found.append(_in_circle(connection, query.near))
    if query.box:
        found.append(_in_box(connection, query.box, _between(query.box)))
    if query.source:
        found.append(_told_by(connection, query.source))
    if query.party:
        name = fold(query.party)
        is_party = or_(claim_parties.c.actor == query.party, claim_parties.c.name == name)
        ids = select(claim_parties.c.claim_id).where(is_party)
        found.append(_Condition(ids, exists().where(claim_parties.c.claim_id == claims.c.id, is_party), ids))
    return found


def _told_by(connection: Connection, source: str) -> _Condition:
    """Claims that a source tells, and all claims of the reports of an outlet of that name."""
    keys = {source, fold(source)}
    told = claims.c.source.in_(keys)
    outlets = connection.execute(select(readings.c.outlet).where(readings.c.outlet.is_not(None)).distinct()).scalars()
    written = [outlet for outlet in outlets if plain_name(outlet).strip() in keys]
    by_source = select(claims.c.id).where(told)
    if not written:
        return _Condition(by_source, told, by_source)
    in_outlet = readings.c.outlet.in_(written)
    by_outlet = select(claims.c.id).join(readings, readings.c.id == claims.c.reading_id).where(in_outlet)
    ids = union_all(by_source, by_outlet)
    its = exists().where(readings.c.id == claims.c.reading_id, in_outlet)
    return _Condition(ids, or_(told, its), ids)


def _in_circle(connection: Connection, near: Near) -> _Condition:
    if not (-90 <= near.lat <= 90 and -180 <= near.lon <= 180 and 0 <= near.km <= _FARTHEST):
        raise OptionError(f"{near.lat},{near.lon},{near.km}: not a point and kilometres around it")
    if connection.dialect.name == "postgresql" and postgres.has_index(connection):
        circle = postgres.within(near.lat, near.lon, near.km)
        return _of_places(circle, circle)
    return _in_box(connection, box_of(near), _within(near))


def _of_places(indexed: ColumnElement[bool], plain: ColumnElement[bool]) -> _Condition:
    """A condition on a claim's places, as an index answers it and as one place is checked."""
    ids = select(claim_places.c.claim_id).where(indexed)
    return _Condition(ids, exists().where(claim_places.c.claim_id == claims.c.id, plain), ids)


def _in_box(connection: Connection, box: Box, plain: ColumnElement[bool]) -> _Condition:
    """A condition on places that lie in a box."""
    if connection.dialect.name == "sqlite":
        # SQLite's tree keeps 32-bit numbers, rounded outward; it is counted alone, and asked through when that is few.
        low = and_(_boxes.c.south <= box.north, _boxes.c.north >= box.south)
        counted = select(_boxes.c.id).where(low, _boxes.c.west <= box.east, _boxes.c.east >= box.west)
        return _of_places(and_(claim_places.c.id.in_(counted), _between(box), plain), plain)._replace(counted=counted)
    here = claim_places.c
    area = func.box(func.point(box.west, box.south), func.point(box.east, box.north))
    return _of_places(and_(func.point(here.lon, here.lat).op("<@")(area), _between(box), plain), plain)


def _named(place: str) -> ColumnElement[bool]:
    """The place itself, by name or id, and everything in the area of that name."""
    names, here = kept_as(place), claim_places.c
    return or_(
        here.name.in_(names),
        here.admin1.in_(names),
        here.admin2.in_(names),
        here.place_id == place,
        here.country == area_of(place),
    )


def _between(box: Box) -> ColumnElement[bool]:
    if not (box.south <= box.north and box.west <= box.east):
        raise OptionError(f"{box.south},{box.west},{box.north},{box.east}: not south,west,north,east")
    here = claim_places.c
    return and_(here.lat.between(box.south, box.north), here.lon.between(box.west, box.east))


def _within(near: Near) -> ColumnElement[bool]:
    """Within a circle, on a plane that fits the sphere there; good to a percent up to some hundred km."""
    north = (claim_places.c.lat - near.lat) * _KM
    east = (claim_places.c.lon - near.lon) * _KM * math.cos(math.radians(near.lat))
    return north * north + east * east <= near.km * near.km
