"""The terms found in a text, by kind."""

from __future__ import annotations

from sijill.arabic.words import Tokens
from sijill.lexicon import default_lexicon
from sijill.lexicon.terms import Hits, PartyHead, PartyName, Speech, Thing, Trigger

TEXT = "قال المرصد السوري إن قوات النظام قصفت بالمدفعية منازل المدنيين في ريف إدلب، وأضاف أن ثلاثة قتلوا"


def test_kinds_are_the_hits_of_that_kind_in_order() -> None:
    hits = default_lexicon().scan(Tokens(TEXT))
    for kind in (Speech, Trigger, PartyHead):
        assert hits.of(kind) == [hit for hit in hits.all if isinstance(hit.entry, kind)] != []


def test_several_kinds_keep_the_order_of_the_text() -> None:
    hits = default_lexicon().scan(Tokens(TEXT))
    kinds = (Thing, PartyName, PartyHead)
    assert hits.of_any(*kinds) == [hit for hit in hits.all if isinstance(hit.entry, kinds)] != []


def test_a_kind_without_hits_is_empty() -> None:
    hits = Hits([hit for hit in default_lexicon().scan(Tokens(TEXT)).all if isinstance(hit.entry, Speech)])
    assert hits.of(Speech) == hits.all != []
    assert hits.of(Thing) == hits.of_any(Thing, Trigger) == []
