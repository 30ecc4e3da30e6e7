"""Personal names, which no lexicon can list: words it does not know, where a name may stand."""

from __future__ import annotations

from sijill.arabic.words import Kind, Tokens
from sijill.lexicon.terms import Country, Grammar, Hits, Title

_MOST_WORDS = 4
_QUOTES = frozenset(('"', "«", "“", "#", "("))


class Names:
    """Where names may stand in a text: between the words of the lexicon and those of grammar."""

    def __init__(self, tokens: Tokens, hits: Hits, grammar: Grammar) -> None:
        self._tokens = tokens
        self._known = {
            j for hit in hits.all if not isinstance(hit.entry, Title | Country) for j in range(hit.first, hit.last + 1)
        }
        self._stops = grammar.function | grammar.phrase_end | grammar.aside | grammar.among

    def begin(self, first: int) -> int:
        """The first token of what stands at `first`, without marks of quotation."""
        forms = self._tokens.form
        while first < len(forms) and forms[first] in _QUOTES:
            first += 1
        return first

    def end(self, first: int) -> int:
        """The token after the name that may begin at `first`; `first` itself where none does."""
        tokens, j = self._tokens, first
        while (
            j < len(tokens)
            and j - first < _MOST_WORDS
            and tokens.kind[j] is Kind.WORD
            and j not in self._known
            and tokens.form[j] not in self._stops
        ):
            j += 1
        return j
