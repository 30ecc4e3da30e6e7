"""FollowTheMoney: statements of entities, each with where it was told: events, parties, places and articles."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Iterable, Iterator

from followthemoney import model
from followthemoney.proxy import EntityProxy
from followthemoney.statement import CSV, Statement, write_statements

from sijill.export import tables
from sijill.export.cells import inert
from sijill.export.incident import Actor, Incident, LeftOut, Telling, Where

DATASET = "sijill"


def file(incidents: list[Incident]) -> tuple[bytes, list[LeftOut]]:
    """Statements as CSV, in the columns that the library itself reads."""
    out = _Kept()
    write_statements(out, CSV, _statements(incidents))
    return out.whole, []


class _Kept(io.BytesIO):
    """Bytes that outlive the library's closing of the file it wrote."""

    whole = b""

    def close(self) -> None:
        self.whole = self.getvalue()
        super().close()


def _statements(incidents: list[Incident]) -> Iterator[Statement]:
    seen: set[str] = set()
    for incident in incidents:
        for entity in _entities(incident):
            if entity.id is None or entity.id in seen:
                continue
            seen.add(entity.id)
            yield from Statement.from_entity(
                entity, dataset=DATASET, first_seen=incident.tellings[0].captured, last_seen=incident.changed,
                origin=incident.id,
            )  # fmt: skip


def _entities(incident: Incident) -> Iterator[EntityProxy]:
    articles = [_article(telling) for telling in incident.tellings]
    parties = [_party(actor) for actor in incident.initiators + incident.targets if actor.key]
    places = [_address(place) for place in incident.places if place.name]
    yield from articles
    yield from parties
    yield from places
    told = incident.told
    arabic, english = tables.type_names(told.type)
    where = incident.place
    event = _made("Event", f"sijill-{incident.id}")
    _add(event, "name", [f"{english}, {where.english or where.name}" if where else english])
    _add(event, "alias", [f"{arabic} {where.name}" if where else arabic])
    _add(event, "recordId", [incident.id])
    _add(event, "startDate", [told.first])
    _add(event, "endDate", [told.last])
    _add(event, "keywords", [told.type])
    _add(event, "country", [place.country for place in incident.places])
    _add(event, "involved", [party.id for party in parties])
    _add(event, "addressEntity", [place.id for place in places])
    _add(event, "proof", [article.id for article in articles])
    _add(event, "summary", [telling.words for telling in incident.tellings])
    for harm in told.harm:
        if harm.who == "all":
            most = "more" if harm.high is None else str(harm.high)
            _add(event, "notes", [f"{harm.outcome}: {harm.low} to {most} (rule {told.rule})"])
    yield event


def _article(telling: Telling) -> EntityProxy:
    entity = _made("Article", f"sijill-capture-{telling.sha256}")
    _add(entity, "title", [telling.title])
    _add(entity, "publisher", [telling.outlet])
    _add(entity, "sourceUrl", [telling.url])
    _add(entity, "publishedAt", [telling.published])
    _add(entity, "retrievedAt", [telling.captured])
    _add(entity, "notes", [f"sha256:{telling.sha256}"])
    return entity


def _party(actor: Actor) -> EntityProxy:
    kind = "Organization" if actor.listed else "LegalEntity"
    entity = _made(kind, f"sijill-party-{_key(actor.key)}")
    _add(entity, "name", [actor.en, actor.ar])
    return entity


def _address(place: Where) -> EntityProxy:
    entity = _made("Address", f"sijill-place-{_key(place.place_id or place.name)}")
    parts = [place.english or place.name, place.admin2, place.admin1]
    _add(entity, "full", [", ".join(part for part in parts if part)])
    _add(entity, "name", [place.name])
    _add(entity, "country", [place.country])
    _add(entity, "latitude", [None if place.lat is None else str(place.lat)])
    _add(entity, "longitude", [None if place.lon is None else str(place.lon)])
    return entity


def _key(name: str) -> str:
    return hashlib.sha256(name.encode()).hexdigest()[:20]


def _add(entity: EntityProxy, name: str, values: Iterable[str | None]) -> None:
    """Add values to an entity, inert as in every table: statements are opened as spreadsheets, too."""
    entity.add(name, [inert(value) for value in values])


def _made(schema: str, entity_id: str) -> EntityProxy:
    entity = model.make_entity(schema)
    entity.id = entity_id
    return entity
