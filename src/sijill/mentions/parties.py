"""Parties: who is named in a text, as whom, and what of theirs is meant."""

from __future__ import annotations

import re
from bisect import bisect_right
from typing import Final, cast, final

from sijill.arabic.words import Cut, Kind, Tokens
from sijill.lexicon.terms import (
    Connective,
    Country,
    Cue,
    Generic,
    Harm,
    Hit,
    Hits,
    PartyHead,
    PartyName,
    People,
    Speech,
    Teller,
    Thing,
    Trigger,
)
from sijill.mentions.people import is_adjective
from sijill.mentions.persons import Names

_QUOTES: Final = frozenset("\"“”„«»'‘’()[]")
_MAY_NAME: Final = frozenset((PartyName, Generic, PartyHead, Thing, People))
# A head noun may have adjectives between it and the party's adjective ("طائرة حربية روسية", "القوات الجوية السورية").
_HEAD_REACH: Final = 3
_FULL_NAME: Final = 2
_NO_CUT: Final = Cut("", False, "", "")
_BELONGING_REACH: Final = 4
_BELONGING: Final = frozenset(
    ("تابع", "تابعين", "تابعان", "عايد", "خاص", "موالين", "مشترك", "عسكري", "التابع", "التابعين", "العايد")
)
"""Words between a thing and whose it is, in folded spelling; feminine ones all end in the same letter."""


@final
class PartyMention:
    """A party named by tokens `first`..`last` (included), offsets `start`..`end` without clitics.

    `actor` is an id of the actors' list or "". `role` is that of its head noun (asset, holding, member, force, group,
    event, area, voice) or "". `form`: name, adj, country, generic, group, people, thing. `lead`: the clitics before
    the first word.
    `outer` is the first token of the phrase with its head.
    """

    __slots__ = ("actor", "end", "first", "form", "last", "lead", "name", "outer", "role", "start")

    def __init__(
        self,
        first: int,
        last: int,
        start: int,
        end: int,
        name: str,
        actor: str,
        role: str,
        form: str,
        lead: str,
        outer: int,
    ) -> None:
        self.first = first
        self.last = last
        self.start = start
        self.end = end
        self.name = name
        self.actor = actor
        self.role = role
        self.form = form
        self.lead = lead
        self.outer = outer


class Setting:
    """Which country each sentence is about, told by the country words around it."""

    def __init__(self, hits: Hits) -> None:
        self._at = [(hit.first, cast(Country, hit.entry).code) for hit in hits.of(Country)]
        total: dict[str, int] = {}
        for _, code in self._at:
            total[code] = total.get(code, 0) + 1
        self.main = max(total, key=total.__getitem__) if total else ""
        self._plain = not self._at or total[self.main] * 3 >= 2 * len(self._at)

    def near(self, token: int) -> str:
        """The country of the nearest country word before `token`, unless the report is plainly about one."""
        if self._plain:
            return self.main
        n = bisect_right(self._at, token, key=lambda at: at[0])
        return self._at[n - 1][1] if n else self.main


def find_parties(
    tokens: Tokens, hits: Hits, published: str | None, names: Names, events: set[int]
) -> list[PartyMention]:
    """All parties in the text, in order, not overlapping; of readings that overlap the longest name wins."""
    setting = Setting(hits)
    day = published[:10] if published else ""
    heads: dict[int, Hit] = {}
    for hit in hits.of(PartyHead):
        heads.setdefault(hit.last, hit)
    blocked = {hit.first for kind in (Connective, Speech, Cue) for hit in hits.of(kind)}
    blocked |= {hit.first for hit in hits.of(Trigger) if cast(Trigger, hit.entry).part != "noun"}
    # "الدفاع المدني" is a teller by name, in which no civilian is told of.
    telling = {j for hit in hits.of(Teller) if cast(Teller, hit.entry).named for j in range(hit.first, hit.last + 1)}
    found: list[PartyMention] = []
    for hit in hits.all:
        entry = hit.entry
        kind = type(entry)
        if kind not in _MAY_NAME:
            continue
        if isinstance(entry, PartyName):
            mention = _named(tokens, hit, entry, heads, setting, day)
        elif isinstance(entry, PartyHead):
            mention = _unlisted(tokens, hit, entry, blocked) if entry.alone else None
        elif isinstance(entry, People) and (hit.first in telling or is_adjective(tokens, entry, hit.first, events)):
            continue
        else:
            mention = _read(tokens, hit, heads, names)
        if mention is not None:
            found.append(mention)
    found += _persons(tokens, hits, names)
    return _resolve_generic(_longest(_without_members(found)))


def _persons(tokens: Tokens, hits: Hits, names: Names) -> list[PartyMention]:
    """People known by name alone, right after the noun of what befell them ("اغتيال فلان الفلاني")."""
    found: list[PartyMention] = []
    for hit in hits.of(Harm):
        if not isinstance(hit.entry, Harm) or hit.entry.form != "noun" or hit.cut.article or hit.cut.tail:
            continue
        first, end = names.after(hit.last)
        if end - first >= _FULL_NAME:
            found.append(
                _mention(tokens, first, end - 1, _NO_CUT, tokens.quote(first, end - 1), "", "", "people", None)
            )
    return found


def _without_members(found: list[PartyMention]) -> list[PartyMention]:
    """Fighters told to be a party's are that party: "عناصر الميليشيا", "ثلاثة عناصر للجيش"."""
    members = {m.outer for m in found if m.role == "member" and m.outer < m.first}
    return [m for m in found if m.form != "people" or m.actor or m.first not in members]


def _named(
    tokens: Tokens, hit: Hit, entry: PartyName, heads: dict[int, Hit], setting: Setting, day: str
) -> PartyMention | None:
    """A party by its name, where the country and the day of the report are those of the name."""
    if entry.countries and setting.near(hit.first) not in entry.countries:
        return None
    if day:
        if (entry.valid_from and day < entry.valid_from) or (entry.valid_to and day >= entry.valid_to):
            return None
    elif entry.valid_from:
        return None
    head = _head_before(tokens, heads, hit, entry.form == "adj")
    if entry.form == "adj":
        return _adjective(tokens, hit, entry, head) if head is not None else None
    return _mention(tokens, hit.first, hit.last, hit.cut, entry.canonical, entry.actor, _role(head), entry.form, head)


def _role(head: Hit | None) -> str:
    return head.entry.role if head is not None and isinstance(head.entry, PartyHead) else ""


def _read(tokens: Tokens, hit: Hit, heads: dict[int, Hit], names: Names) -> PartyMention | None:
    """A party meant by "the organisation", by a thing that is somebody's, or by a noun for people."""
    entry = hit.entry
    if isinstance(entry, Generic):
        return _mention(tokens, hit.first, hit.last, hit.cut, " ".join(entry.actors), "", "", "generic", None)
    if isinstance(entry, Thing):
        quote = tokens.quote(hit.first, hit.last)
        return _mention(tokens, hit.first, hit.last, hit.cut, quote, "", entry.object, "thing", None)
    if isinstance(entry, People) and not entry.outcome and (entry.actor or entry.who == "combatant"):
        head = _head_before(tokens, heads, hit, False)
        last = _named_to(tokens, hit, entry, names)
        quote = tokens.quote(hit.first, last)
        return _mention(tokens, hit.first, last, hit.cut, quote, entry.actor, _role(head), "people", head)
    return None


def _named_to(tokens: Tokens, hit: Hit, entry: People, names: Names) -> int:
    """The last token of one person with the name that follows: "الشاب سالم الراوي"."""
    if entry.number != "sg" or not hit.cut.article:
        return hit.last
    first, end = names.after(hit.last)
    return hit.last if end == first or tokens.form[first].startswith("ال") else end - 1


def _head_before(tokens: Tokens, heads: dict[int, Hit], hit: Hit, adjective: bool) -> Hit | None:
    """The head noun of a name or adjective: right before it, or up to two adjectives further.

    Before a name what belongs to it may be told apart: "مواقع مشتركة لقوات", "نقطة تابعة للجيش", "عنصر من ميليشيا".
    """
    if hit.cut.lead.strip("ل") and not adjective:
        return None
    forms = tokens.form
    belongs = "ل" in hit.cut.lead
    among = False
    j = hit.first - 1
    for step in range(_HEAD_REACH if adjective else _BELONGING_REACH):
        while j >= 0 and forms[j] in _QUOTES:
            j -= 1
        if j < 0 or tokens.kind[j] is not Kind.WORD:
            return None
        head = heads.get(j)
        if head is not None:
            return None if among and _role(head) != "member" else _outermost(tokens, heads, head)
        if not adjective:
            if forms[j] == "ل":
                belongs = True
            elif forms[j] == "من" and not step:
                among = True
            elif among or not belongs or (forms[j] not in _BELONGING and not forms[j].endswith("ه")):
                return None
        j -= 1
    return None


def _outermost(tokens: Tokens, heads: dict[int, Hit], head: Hit) -> Hit:
    """The head whose complement another head is: "مواقع ميليشيا فلان" are sites, "عنصر من ميليشيا فلان" is a member."""
    j = head.first - 1
    among = j > 0 and tokens.form[j] == "من"
    outer = heads.get(j - 1 if among else j)
    if outer is None or head.cut.article or head.cut.lead:
        return head
    return outer if _role(outer) in (("member",) if among else ("member", "holding")) else head


def _adjective(tokens: Tokens, hit: Hit, entry: PartyName, head: Hit) -> PartyMention | None:
    if not isinstance(head.entry, PartyHead):
        return None
    if hit.cut.lead or hit.cut.tail or head.cut.tail:
        return None
    if any(form.startswith("وال") for form in tokens.form[head.last + 1 : hit.first]):
        return None  # "الجيش التركي والوطني السوري" are two.
    accusative = head.last + 1 == hit.first and tokens.form[head.last].endswith("ا")
    if tokens.form[hit.last].endswith("ا") and not accusative:
        return None  # "قوات في سوريا" names the country; "جنديا سوريا" agrees.
    # "جيش النظام السوري" is reached through the name; "قوات سورية" agrees; "رئيس الوزراء السوري" is no head here.
    agrees = head.cut.article == hit.cut.article or (hit.cut.article and tokens.form[head.last + 1].startswith("ال"))
    if not agrees and head.entry.role not in ("asset", "event"):
        return None
    role = head.entry.role
    first = head.first if role in ("force", "group", "member", "asset", "voice") else hit.first
    cut = head.cut if first == head.first else hit.cut
    return _mention(tokens, first, hit.last, cut, entry.canonical, entry.actor, role, "adj", head)


def _unlisted(tokens: Tokens, hit: Hit, entry: PartyHead, blocked: set[int]) -> PartyMention | None:
    """A group known by its pattern alone: "لواء", "كتيبة", "حركة" ... and the word or two after it."""
    j = hit.last + 1
    while j < len(tokens) and tokens.form[j] in _QUOTES:
        j += 1
    if j >= len(tokens) or tokens.kind[j] is not Kind.WORD or j in blocked or len(tokens.form[j]) < 3 or hit.cut.tail:
        return None
    return _mention(tokens, hit.first, j, hit.cut, tokens.quote(hit.first, j), "", "", "group", None)


def _mention(
    tokens: Tokens, first: int, last: int, cut: Cut, name: str, actor: str, role: str, form: str, head: Hit | None
) -> PartyMention:
    start = without_lead(tokens, first, cut) if cut.lead else tokens.start[first]
    end = tokens.end[last]
    if last > first:
        start, end = _balanced(tokens.text, start, end)
    if form == "group":
        name = tokens.text[start:end]
    outer = min(head.first, first) if head else first
    lead = head.cut.lead if head and head.first <= first else cut.lead
    return PartyMention(first, last, start, end, name, actor, role, form, lead, outer)


_BRACKET: Final = re.compile('[«»“”„()\\[\\]"]')
_PAIRS: Final = {"«": "»", "“": "”", "„": "”", "(": ")", "[": "]", '"': '"'}


def _balanced(text: str, start: int, end: int) -> tuple[int, int]:
    """The span with the mark that closes what it opens, or opens what it closes, where that stands right beside it."""
    if _BRACKET.search(text, start, end) is None:
        return start, end
    for opening, closing in _PAIRS.items():
        inside = text[start:end]
        odd = inside.count(opening) % 2 if opening == closing else inside.count(opening) - inside.count(closing)
        if odd > 0 and text[end : end + 1] == closing:
            end += 1
        elif odd and start and text[start - 1] == opening and (odd < 0 or opening == closing):
            start -= 1
    return start, end


def without_lead(tokens: Tokens, first: int, cut: Cut) -> int:
    """The offset where a word begins without its clitics; the whole word where its article hides in "لل"."""
    start = tokens.start[first]
    lead = len(cut.lead)
    if not lead or (cut.article and cut.lead.endswith("ل")):
        return start
    raw = tokens.text[start : tokens.end[first]]
    seen = 0
    for offset, char in enumerate(raw):
        if "\u0621" <= char <= "\u064a" and char != "\u0640":
            if seen == lead:
                return start + offset
            seen += 1
    return start


_FORM_RANK: Final = {"name": 3, "adj": 3, "generic": 2, "country": 2, "group": 1, "people": 1, "thing": 0}


def _longest(found: list[PartyMention]) -> list[PartyMention]:
    found.sort(key=lambda m: (-_FORM_RANK[m.form], m.first - m.last, m.first, m.actor == ""))
    taken: set[int] = set()
    kept: list[PartyMention] = []
    for mention in found:
        span = range(mention.first, mention.last + 1)
        if taken.isdisjoint(span):
            taken.update(span)
            kept.append(mention)
    kept.sort(key=lambda m: m.first)
    return kept


def _resolve_generic(found: list[PartyMention]) -> list[PartyMention]:
    """ "The organisation" is the last of its candidates that was named; unresolved it is no party."""
    last: dict[str, int] = {}
    names: dict[str, str] = {}
    resolved: list[PartyMention] = []
    for mention in found:
        if mention.form == "generic":
            candidates = [actor for actor in mention.name.split() if actor in last]
            if not candidates:
                continue
            actor = max(candidates, key=last.__getitem__)
            mention = PartyMention(
                mention.first, mention.last, mention.start, mention.end, names[actor], actor, mention.role,
                mention.form, mention.lead, mention.outer,
            )  # fmt: skip
        if mention.actor:
            last[mention.actor] = mention.first
            names[mention.actor] = mention.name
        resolved.append(mention)
    return resolved
