"""Checking `events.yaml`: the types of events and the words that tell them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import yaml

from sijill.arabic.fold import fold
from sijill.arabic.words import Tokens
from sijill.codebook import TYPES
from sijill.errors import LexiconError
from sijill.lexicon.faults import Fault
from sijill.lexicon.letters import letters_of, spaces_of
from sijill.lexicon.load import Lexicon
from sijill.lexicon.terms import Trigger

EVENTS = "events.yaml"
FIELDS = ("ar", "en", "verbs", "passives", "nouns", "phrases", "examples", "counter")
_WORD_FIELDS = ("verbs", "passives", "nouns", "phrases")
_PAIR_FIELDS = ("verbs", "passives")

Words = dict[tuple[str, str], str]
"""(field, folded word) -> the type it stands under."""


class Item(NamedTuple):
    """One word, phrase or sentence of the file, and where it stands."""

    type: str
    field: str
    words: str
    line: int


def lint_events(text: str, known: Words, folders: list[Path]) -> Iterator[Fault]:
    """The faults of an events file.

    `known` are the words of the data that it is laid over; `folders` all folders of language data, by which its
    examples are read.
    """
    try:
        root = yaml.compose(text, Loader=yaml.SafeLoader)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        yield Fault(EVENTS, line, "not-yaml", error.problem or "")
        return
    if not isinstance(root, yaml.MappingNode):
        yield Fault(EVENTS, 1, "not-yaml", "type: {...}")
        return
    seen: dict[str, int] = {}
    for key, value in root.value:
        line = key.start_mark.line + 1
        if key.value in seen:
            yield Fault(EVENTS, line, "duplicate", key.value, str(seen[key.value]))
        seen.setdefault(key.value, line)
        if key.value not in TYPES:
            yield Fault(EVENTS, line, "unknown-type", key.value, ", ".join(TYPES))
        if not isinstance(value, yaml.MappingNode):
            yield Fault(EVENTS, line, "not-yaml", f"{key.value}: ...")
            continue
        for field, _ in value.value:
            if field.value not in FIELDS:
                yield Fault(EVENTS, field.start_mark.line + 1, "unknown-field", field.value, ", ".join(FIELDS))
    items = list(_items(root))
    yield from _lint_words(items, dict(known))
    yield from _lint_examples(items, folders)


def event_words(folder: Path) -> Words:
    """The words of a folder's events file."""
    root = yaml.compose((folder / EVENTS).read_text(encoding="utf-8"), Loader=yaml.SafeLoader)
    return {key: item.type for item in _items(root) for key in _keys(item)}


def _items(root: yaml.Node | None) -> Iterator[Item]:
    for type_, event in root.value if isinstance(root, yaml.MappingNode) else ():
        for field, values in event.value if isinstance(event, yaml.MappingNode) else ():
            if isinstance(values, yaml.SequenceNode):
                for node in values.value:
                    yield Item(type_.value, field.value, str(node.value), node.start_mark.line + 1)


def _keys(item: Item) -> list[tuple[str, str]]:
    """What of an item may stand under one type only: each form of a noun, the pair of a verb, the whole phrase."""
    if item.field not in _WORD_FIELDS:
        return []
    words = fold(item.words)
    return [(item.field, word) for word in (words.split() if item.field == "nouns" else [words])]


def _lint_words(items: list[Item], known: Words) -> Iterator[Fault]:
    lines: dict[tuple[str, str, str], int] = {}
    for item in items:
        if item.field not in _WORD_FIELDS:
            continue
        bad = spaces_of(item.words) or letters_of(item.words)
        if bad:
            yield Fault(EVENTS, item.line, bad.fault, item.words, bad.mended)
        if item.field in _PAIR_FIELDS and not is_pair(item.words):
            yield Fault(EVENTS, item.line, "not-a-pair", item.words)
        whole = (item.type, item.field, fold(item.words))
        if whole in lines:
            yield Fault(EVENTS, item.line, "duplicate", item.words, str(lines[whole]))
        lines.setdefault(whole, item.line)
        for key in _keys(item):
            if known.setdefault(key, item.type) != item.type:
                yield Fault(EVENTS, item.line, "two-types", key[1], known[key])


def _lint_examples(items: list[Item], folders: list[Path]) -> Iterator[Fault]:
    """Examples that hold no word of their type, looked for as the reader does."""
    examples = [item for item in items if item.field == "examples"]
    try:
        lexicon = Lexicon(list(folders)) if examples else None
    except (LexiconError, ValueError):
        return  # data that cannot be loaded has faults of its own, told elsewhere
    for item in examples:
        if lexicon and item.type not in _told(lexicon, item.words):
            yield Fault(EVENTS, item.line, "example-unread", item.words)


def _told(lexicon: Lexicon, words: str) -> set[str]:
    """The types that the words may tell, those counted that a weapon or the sense turns them into."""
    types = {hit.entry.type for hit in lexicon.scan(Tokens(words)).all if isinstance(hit.entry, Trigger)}
    becomes = {new for (old, _), new in lexicon.refine.items() if old in types}
    return types | becomes | {other for type_ in types for other in lexicon.senses.get(type_, ())}


def is_pair(words: str) -> bool:
    """Whether words are a perfect and an imperfect: two words, the second of which begins with ي."""
    parts = fold(words).split()
    return len(parts) == 2 and parts[1].startswith("ي")
