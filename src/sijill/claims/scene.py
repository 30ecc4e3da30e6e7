"""The scene: everything found in a text, laid out so that a claim's parts can be weighed against each other."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Sequence
from datetime import date, datetime
from functools import lru_cache
from itertools import accumulate
from sys import intern
from typing import Any, Final, NamedTuple, Protocol, TypeVar, cast

import msgspec

from sijill import model
from sijill.arabic.fold import fold
from sijill.arabic.numbers import Quantity, find_numbers
from sijill.arabic.words import Kind, Memo, Tokens, kind_of, sentences
from sijill.claims.layout import (
    joined_to,
    latest_before,
    lead_sentences,
    past_opening,
    running_totals,
    sentence_at,
    stem,
    zone_at,
)
from sijill.claims.seen import PlaceSeen, PlaceView, TimeSeen, TriggerMention
from sijill.claims.triggers import find_triggers
from sijill.gazetteer import default_gazetteer
from sijill.lexicon import Lexicon
from sijill.lexicon.terms import (
    Connective,
    Cue,
    GenericPlace,
    Hit,
    LightVerb,
    PartyHead,
    Speech,
    Thing,
    Weapon,
)
from sijill.mentions.harm import HarmMention, find_harm
from sijill.mentions.parties import PartyMention, find_parties
from sijill.mentions.people import PeopleMention, event_words, find_people
from sijill.mentions.persons import Names
from sijill.mentions.place_words import place_words
from sijill.mentions.places import find_places
from sijill.mentions.tellers import Attribution, find_tellers
from sijill.mentions.time_values import Day, Since
from sijill.mentions.times import TimeMention, find_times
from sijill.resolve.places import PlaceContext, resolve_places
from sijill.resolve.times import ResolvedTime, resolve_time

_AND: Final = frozenset(("و", "ف"))
_COMMAS: Final = frozenset(("،", ",", "؛", ";"))
_NAMES: Final[Memo[str]] = Memo(fold)


class Shape(NamedTuple):
    """What a folded word shows by itself: its stem, its label, and whether it is a comma or a word of cause (0 or 1).

    The label is the form where that shows grammar, "#" for a number, "^" for a line's end, else "".
    """

    stem: str
    label: str
    comma: int
    cause: int


@lru_cache(maxsize=4)
def _shapes(lexicon: Lexicon) -> Memo[Shape]:
    """The shapes of the words met, for one lexicon."""
    function, causes = lexicon.grammar.function, lexicon.grammar.cause

    def shape(form: str) -> Shape:
        kind = kind_of(form)
        plain = form if form in function or form[:1] not in _AND else form[1:]
        label = plain if kind is Kind.PUNCT or plain in function else "#" if kind is Kind.NUMBER else ""
        return Shape(
            intern(stem(form)) if kind is Kind.WORD else "",
            "^" if kind is Kind.BREAK else intern(label),
            int(form in _COMMAS),
            int(form.lstrip("و") in causes),
        )

    return Memo(shape)


Facts = TypeVar("Facts")


class HasFirst(Protocol):
    """A mention with the token it begins with."""

    @property
    def first(self) -> int: ...


def first_token(mention: HasFirst) -> int:
    """The token a mention begins with."""
    return mention.first


class Scene:
    """One text with its mentions. `zone` names the block of each sentence: title, caption, body, other.

    `regions` are the country and governorates the outlet writes about.
    """

    def __init__(
        self,
        tokens: Tokens,
        lexicon: Lexicon,
        published: str | None,
        blocks: list[tuple[str, int, int]],
        regions: tuple[str, ...] = (),
    ) -> None:
        self.tokens = tokens
        self._kept: dict[tuple[Callable[[Scene, int], Any], int], Any] = {}
        self.sentences = sentences(tokens)
        self._firsts = [first for first, _ in self.sentences]
        self.sentence_at = sentence_at(len(tokens), self._firsts)
        self.zone = [zone_at(blocks, tokens.start[first]) for first, _ in self.sentences]
        self.hits = lexicon.scan(tokens)
        self.numbers: list[Quantity] = find_numbers(tokens)
        names = Names(tokens, self.hits, lexicon.grammar)
        events = event_words(self.hits)
        self.parties: list[PartyMention] = find_parties(tokens, self.hits, published, names, events)
        among = lexicon.grammar.among
        self.people: list[PeopleMention] = find_people(tokens, self.hits, self.numbers, among, events)
        self.harm: list[HarmMention] = find_harm(tokens, self.hits, self.people, self.numbers, among, names)
        self.tellers: list[Attribution] = find_tellers(tokens, self.hits, self.parties, lexicon.grammar)
        self.telling = {j for a in self.tellers for j in range(a.first, a.last + 1)}
        self.warnings: tuple[model.Warning, ...] = ()
        self._find_times(published)
        self._find_places(regions)
        self._index(lexicon)

    def once(self, work: Callable[[Scene, int], Facts], sentence: int) -> Facts:
        """What `work` finds in a sentence, kept: each of its triggers asks for it."""
        key = work, sentence
        found: Facts | None = self._kept.get(key)
        if found is None:
            found = self._kept[key] = work(self, sentence)
        return found

    def parties_in(self, first: int, end: int) -> list[PartyMention]:
        """The parties whose words begin in a range of tokens."""
        return self.parties[bisect_left(self.party_at, first) : bisect_left(self.party_at, end)]

    def harm_in(self, first: int, end: int) -> list[tuple[int, HarmMention]]:
        """The people harmed that are named in a range of tokens, with their indices."""
        begin, stop = bisect_left(self.harm_at, first), bisect_left(self.harm_at, end)
        return [(k, self.harm[k]) for k in range(begin, stop)]

    def weapons_in(self, first: int, end: int) -> list[tuple[int, str]]:
        """The weapons named in a range of tokens: the token and the class of each."""
        return self.weapons[bisect_left(self._weapon_at, first) : bisect_left(self._weapon_at, end)]

    def weapon_hits_in(self, first: int, end: int) -> list[Hit]:
        """The words for weapons in a range of tokens."""
        return self._weapon_hits[bisect_left(self._weapon_at, first) : bisect_left(self._weapon_at, end)]

    def things_in(self, first: int, end: int) -> list[Hit]:
        """The words in a range of tokens for things that can be destroyed."""
        return self._things[bisect_left(self._thing_at, first) : bisect_left(self._thing_at, end)]

    def people_in(self, first: int, end: int) -> list[PeopleMention]:
        """The people named or counted in a range of tokens."""
        return self.people[bisect_left(self._people_at, first) : bisect_left(self._people_at, end)]

    def last_cue(self, first: int, end: int) -> str:
        """The last cue in a range of tokens, or "none"."""
        n = bisect_left(self._cue_at, end) - 1
        return self.cue[self._cue_at[n]] if n >= 0 and self._cue_at[n] >= first else "none"

    def teller_key(self, k: int) -> str:
        """What tells one teller from another."""
        a = self.tellers[k]
        return a.actor or a.name

    def teller_of(self, t: TriggerMention) -> int:
        """Index of the teller that most simply governs a trigger: in its sentence, before it, else "according to"."""
        chosen = -1
        begin, end = self.sentences[t.sentence]
        for k in range(bisect_left(self.teller_at, begin), bisect_left(self.teller_at, end)):
            if self.tellers[k].first < t.first or self.tellers[k].form == "according":
                chosen = k
        return chosen

    def _find_times(self, published: str | None) -> None:
        """Times with the days they resolve to; those that resolve to nothing are left out."""
        stamp = _stamp(published)
        self.times: list[TimeSeen] = []
        self._resolved: list[ResolvedTime] = []
        found = find_times(self.tokens, self.sentences, self.numbers)
        anchor: tuple[date, date] | None = None
        warnings: dict[tuple[str, str], model.Warning] = {}
        today = _today_told(found, stamp)
        for mention in found:
            near = isinstance(mention.value, Day) and mention.value.shift is not None and mention.value.weekday is None
            resolved = resolve_time(mention, today if near else stamp, anchor=anchor)
            if resolved is None:
                continue
            readings = [(mention.kind, resolved)]
            if isinstance(mention.value, Since):
                # "Since Sunday" is a stretch for a battle, and a day for what began it.
                began = resolve_time(mention._replace(value=mention.value.start), stamp, anchor=anchor)
                if began is not None:
                    readings.append(("since-start", began))
            for kind, reading in readings:
                key = f"{reading.start}/{reading.end}"
                self.times.append(TimeSeen(mention.first, mention.last, kind, key, _day(reading, stamp)))
                self._resolved.append(reading)
            anchor = (resolved.start, resolved.end)
            if resolved.warning:
                words = self._span(mention.first, mention.last)
                warnings.setdefault(resolved.warning, model.Warning(*resolved.warning, words))
        self.warnings = tuple(warnings.values())

    def date_range(self, k: int) -> tuple[str, str]:
        """The ISO days of a time, both included."""
        resolved = self._resolved[k]
        return resolved.start.isoformat(), resolved.end.isoformat()

    def time_rule(self, k: int) -> str:
        """The rule that resolved a time, in words."""
        return self._resolved[k].rule

    def date_of(self, k: int | None, inherited: bool) -> tuple[model.Date | None, tuple[model.Warning, ...]]:
        """The date of a claim from a time of the text, with the warning that belongs to it."""
        if k is None:
            return None, ()
        resolved, seen = self._resolved[k], self.times[k]
        start, end = self.date_range(k)
        words = self._span(seen.first, seen.last)
        basis: model.Basis = "inherited" if inherited else "stated"
        warnings = (model.Warning(*resolved.warning, words),) if resolved.warning else ()
        return model.Date(start, end, resolved.precision, basis, words), warnings

    def _span(self, first: int, last: int) -> model.Span:
        tokens = self.tokens
        return model.Span(tokens.start[first], tokens.end[last], tokens.quote(first, last))

    def _homes(self) -> tuple[str, ...]:
        """The countries in which the parties named fight."""
        homes = place_words().homes
        return tuple(sorted({country for party in self.parties for country in homes.get(party.actor, ())}))

    def _find_places(self, regions: tuple[str, ...]) -> None:
        """Places by name, resolved against the gazetteer."""
        gazetteer = default_gazetteer()
        taken = [
            (p.outer if p.form in ("name", "adj") else p.first, p.last)
            for p in self.parties
            if p.form not in ("country", "thing", "people")
        ]
        found = find_places(self.tokens, self.sentences, taken, gazetteer)
        self.place_mentions = found
        self.place_context = PlaceContext(regions, self._homes())
        self.resolved_places: list[model.Place] = resolve_places(
            found, self.tokens, gazetteer, context=self.place_context
        )
        containers = {m.within for m in found if m.within is not None}
        self.places: list[PlaceSeen] = []
        self.place_views: list[PlaceView] = []
        for k, (m, resolved) in enumerate(zip(found, self.resolved_places, strict=True)):
            lead = self._lead(m.first, m.start)
            # "بلدة البحرة": the noun stands before the name; "معبر الباغوز": it is a part of it.
            outer = m.first - 1 if m.cue and m.cue not in self.tokens.form[m.first] else m.first
            name = _NAMES[self.tokens.text[m.start : m.end]]
            self.places.append(PlaceSeen(m.first, m.last, name, lead))
            self.place_views.append(
                PlaceView(
                    first=m.first,
                    outer=outer,
                    lead=lead,
                    relation=m.relation,
                    cue=m.cue or "",
                    area=m.area,
                    hint=m.role_hint or "",
                    container=k in containers,
                    contained=m.within is not None,
                    country=resolved.precision == "country",
                    kind=resolved.precision,
                )
            )

    def _lead(self, first: int, start: int) -> str:
        """The clitics before a name, as written."""
        begin = self.tokens.start[first]
        return intern(self.tokens.text[begin:start]) if start > begin else ""

    def place_of(self, k: int, inherited: bool) -> model.Place:
        """A place as the claim tells it; `inherited` where the text before carries it over."""
        place = self.resolved_places[k]
        return msgspec.structs.replace(place, inherited=True) if inherited else place

    def _index(self, lexicon: Lexicon) -> None:
        count = len(self.tokens)
        self.party_at = [p.first for p in self.parties]
        self.place_at = [p.first for p in self.places]
        self.time_at = [m.first for m in self.times]
        self.teller_at = [a.first for a in self.tellers]
        self.harm_at = [h.people.first for h in self.harm]
        self._people_at = [p.first for p in self.people]
        self._sort_hits()
        self.number_at = {q.last: q for q in reversed(self.numbers)}
        self.lead = lead_sentences(self.zone)
        self.lead_end = self.sentences[max(self.lead)][1] if self.lead else 0
        self.joined = joined_to([(p.outer, p.first, p.last, p.lead) for p in self.parties], self.tokens.form)
        place_at = {p.first: k for k, p in enumerate(self.places)}
        spans = [(v.outer, p.first, p.last, p.lead) for v, p in zip(self.place_views, self.places, strict=True)]
        self.place_joined = {place_at[a]: place_at[b] for a, b in joined_to(spans, self.tokens.form).items()}
        named = {j for p in self.parties if p.form == "name" for j in range(p.first + 1, p.last + 1)}
        self.triggers = find_triggers(
            self.tokens, self.hits, lexicon, self.sentences, self.sentence_at, named, self.light, self.weapons
        )
        self.digest_time = self._digest_time(lexicon.grammar.digest)
        self.days_told = str(min(5, len({m.key for m in self.times})))
        form = self.tokens.form
        shapes = list(map(_shapes(lexicon).__getitem__, form))
        self.label = self._labels([shape[1] for shape in shapes])
        self.stems = [shape[0] for shape in shapes]
        self.commas = list(accumulate([shape[2] for shape in shapes], initial=0))
        self.cause_count = list(accumulate([shape[3] for shape in shapes], initial=0))
        self.trigger_count = running_totals(count, [t.first for t in self.triggers])
        self.dotted = [name or "." for name in self.label]
        self.link_before = latest_before(count, self.links)
        self._cue_at = sorted(self.cue)
        told: dict[str, int] = {}
        for _, weapon in self.weapons:
            told[weapon] = told.get(weapon, 0) + 1
        self.main_weapon = max(told, key=told.__getitem__) if told else "none"
        past = lexicon.grammar.past
        self.pluperfect = [past_opening(form[begin : min(end, begin + 4)], past) for begin, end in self.sentences]
        self.actors_told = Counter([p.actor for p in self.parties])
        self.actors_at = [
            frozenset([p.actor for p in self.parties_in(begin, end) if p.actor]) for begin, end in self.sentences
        ]
        self.by_sentence: list[list[TriggerMention]] = [[] for _ in self.sentences]
        self.rank_in_sentence: dict[int, int] = {}
        for trigger in self.triggers:
            self.rank_in_sentence[trigger.first] = len(self.by_sentence[trigger.sentence])
            self.by_sentence[trigger.sentence].append(trigger)

    def _sort_hits(self) -> None:
        """The terms by what they are to a claim; of readings of one word the first counts."""
        hits = self.hits
        self.light: dict[int, str] = {}
        self.cue: dict[int, str] = {}
        self.links: dict[int, str] = {}
        for hit in hits.of(LightVerb):
            self.light.setdefault(hit.first, cast(LightVerb, hit.entry).voice)
        for hit in hits.of(Cue):
            self.cue.setdefault(hit.first, cast(Cue, hit.entry).cue)
        for hit in hits.of(Connective):
            self.links.setdefault(hit.first, cast(Connective, hit.entry).link)
        self.speech = [hit.first for hit in hits.of(Speech)]
        self._weapon_hits: list[Hit] = hits.of(Weapon)
        self.weapons = [(hit.first, cast(Weapon, hit.entry).weapon) for hit in self._weapon_hits]
        self._weapon_at = [hit.first for hit in self._weapon_hits]
        self._things: list[Hit] = hits.of(Thing)
        self._thing_at = [hit.first for hit in self._things]
        self.holdings = [hit.first for hit in hits.of(PartyHead) if cast(PartyHead, hit.entry).role == "holding"]
        self.generic_places = [hit.first for hit in hits.of(GenericPlace)]

    def _digest_time(self, heads: set[str]) -> int | None:
        """The time in the title of a digest ("حصاد يوم الجمعة"), which holds for every event it lists."""
        title = next((n for n, zone in enumerate(self.zone) if zone == "title"), None)
        if title is None:
            return None
        begin, end = self.sentences[title]
        if heads.isdisjoint(self.tokens.form[begin:end]):
            return None
        return next((k for k, moment in enumerate(self.times) if begin <= moment.first < end), None)

    def _labels(self, labels: list[str]) -> list[str]:
        """One short label for each token: what it is to a claim, else that of its word alone, as given."""
        for position in self.speech:
            labels[position] = "say"
        for position in self.light:
            labels[position] = "light"
        for position, _weapon in self.weapons:
            labels[position] = "weapon"
        for people in self.people:
            for j in range(people.first, people.last + 1):
                labels[j] = "people"
        for position in self.holdings:
            labels[position] = "holding"
        for seen in self.places:
            for j in range(seen.first, seen.last + 1):
                labels[j] = "place"
        for moment in self.times:
            for j in range(moment.first, moment.last + 1):
                labels[j] = "time"
        for party in self.parties:
            for j in range(party.first, party.last + 1):
                labels[j] = "thing" if party.form == "thing" else "party"
        for trigger in self.triggers:
            for j in range(trigger.first, trigger.last + 1):
                labels[j] = "event"
        return labels


def _day(resolved: ResolvedTime, stamp: datetime | date | None) -> str:
    if resolved.start != resolved.end:
        return "stretch"
    if stamp is None:
        return "unknown"
    gap = ((stamp.date() if isinstance(stamp, datetime) else stamp) - resolved.start).days
    return {0: "that", 1: "before"}.get(gap, "week" if 0 < gap < 8 else "other")


def _today_told(found: Sequence[TimeMention], stamp: datetime | date | None) -> datetime | date | None:
    """The day that a text itself calls today: where a page of Wednesday says "today, Tuesday", its other "today" is
    that Tuesday too."""
    for mention in found:
        value = mention.value
        if isinstance(value, Day) and value.shift == 0 and value.weekday is not None:
            resolved = resolve_time(mention, stamp)
            if resolved is not None and resolved.warning is not None:
                return resolved.start
    return stamp


def _stamp(published: str | None) -> datetime | date | None:
    if not published:
        return None
    if len(published) <= 10:
        return date.fromisoformat(published)
    return datetime.fromisoformat(published)
