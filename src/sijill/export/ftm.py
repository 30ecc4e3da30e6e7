"""FollowTheMoney: statements of entities, each with where it was told: events, parties, places and articles."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Iterator

from followthemoney import model
from followthemoney.proxy import EntityProxy
from followthemoney.statement import CSV, Statement, write_statements

from sijill.export import tables
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
    event.add("name", [f"{english}, {where.english or where.name}" if where else english])
    event.add("alias", [f"{arabic} {where.name}" if where else arabic])
    event.add("recordId", [incident.id])
    event.add("startDate", [told.first])
    event.add("endDate", [told.last])
    event.add("keywords", [told.type])
    event.add("country", [place.country for place in incident.places])
    event.add("involved", [party.id for party in parties])
    event.add("addressEntity", [place.id for place in places])
    event.add("proof", [article.id for article in articles])
    event.add("summary", [telling.words for telling in incident.tellings])
    for harm in told.harm:
        if harm.who == "all":
            most = "more" if harm.high is None else str(harm.high)
            event.add("notes", [f"{harm.outcome}: {harm.low} to {most} (rule {told.rule})"])
    yield event


def _article(telling: Telling) -> EntityProxy:
    entity = _made("Article", f"sijill-capture-{telling.sha256}")
    entity.add("title", [telling.title])
    entity.add("publisher", [telling.outlet])
    entity.add("sourceUrl", [telling.url])
    entity.add("publishedAt", [telling.published])
    entity.add("retrievedAt", [telling.captured])
    entity.add("notes", [f"sha256:{telling.sha256}"])
    return entity


def _party(actor: Actor) -> EntityProxy:
    kind = "Organization" if actor.listed else "LegalEntity"
    entity = _made(kind, f"sijill-party-{_key(actor.key)}")
    entity.add("name", [actor.en, actor.ar])
    return entity


def _address(place: Where) -> EntityProxy:
    entity = _made("Address", f"sijill-place-{_key(place.place_id or place.name)}")
    parts = [place.english or place.name, place.admin2, place.admin1]
    entity.add("full", [", ".join(part for part in parts if part)])
    entity.add("name", [place.name])
    entity.add("country", [place.country])
    entity.add("latitude", [None if place.lat is None else str(place.lat)])
    entity.add("longitude", [None if place.lon is None else str(place.lon)])
    return entity


def _key(name: str) -> str:
    return hashlib.sha256(name.encode()).hexdigest()[:20]


def _made(schema: str, entity_id: str) -> EntityProxy:
    entity = model.make_entity(schema)
    entity.id = entity_id
    return entity
