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
        self._known: set[int] = set()
        for hit in hits.all:
            kind = type(hit.entry)
            if kind is not Title and kind is not Country:
                for j in range(hit.first, hit.last + 1):
                    self._known.add(j)
        self._grammar = grammar

    def after(self, i: int) -> tuple[int, int]:
        """The name that may stand behind token `i`, perhaps in quotation marks: its first token, and the token after
        it; twice the same where there is none."""
        tokens, first = self._tokens, i + 1
        while first < len(tokens) and tokens.form[first] in _QUOTES:
            first += 1
        j = first
        while (
            j < len(tokens)
            and j - first < _MOST_WORDS
            and tokens.kind[j] is Kind.WORD
            and j not in self._known
            and not self._stops(tokens.form[j])
        ):
            j += 1
        return first, j

    def _stops(self, form: str) -> bool:
        """Whether a word of grammar ends a name."""
        grammar = self._grammar
        return form in grammar.function or form in grammar.phrase_end or form in grammar.aside or form in grammar.among
