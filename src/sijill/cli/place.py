"""`sijill place`: what the gazetteer knows of a name, and which place wins."""

from __future__ import annotations

import click
import msgspec

from sijill.arabic.words import Tokens
from sijill.errors import OptionError
from sijill.gazetteer import Gazetteer, PlaceKind, default_gazetteer
from sijill.gazetteer.names import name_key, name_words, within_one_edit
from sijill.mentions.places import PlaceMention
from sijill.resolve.place_features import Choice, meanings, weights
from sijill.resolve.places import PlaceContext, explain_places
from sijill.show.words import isolate


@click.command()
@click.argument("name")
@click.option("--near", help="A place it is said to lie in or near.")
@click.option("--in", "governorate", help="The governorate it is known to lie in.")
@click.option("--cue", help="The word before it: بلدة، قرية، حي ...")
@click.option("--most", default=10, show_default=True, help="How many candidates to show.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a candidate.")
@click.option("--explain", is_flag=True, help="What each weight means, below the candidates.")
@click.option("--lang", type=click.Choice(["ar", "en"]), default="en", show_default=True, help="Language of that.")
def place(
    name: str,
    near: str | None,
    governorate: str | None,
    cue: str | None,
    most: int,
    as_json: bool,
    explain: bool,
    lang: str,
) -> None:
    """Show the places called NAME, the likeliest first, and why."""
    gazetteer = default_gazetteer()
    choices = ranked(gazetteer, name, near, cue, governorate)
    if not choices:
        raise OptionError(f"no place called {name} is known; `sijill gazetteer import` brings more in")
    for n, choice in enumerate(choices[:most]):
        click.echo(_json(choice) if as_json else _line(n, choice))
    if explain and not as_json:
        says = meanings(lang)
        for feature in dict.fromkeys(feature for choice in choices[:most] for feature, _ in choice.features):
            click.echo(f"{feature:18} {weights()[feature]:+.1f}  {isolate(says[feature])}")


def ranked(
    gazetteer: Gazetteer, name: str, near: str | None = None, cue: str | None = None, governorate: str | None = None
) -> list[Choice]:
    """The candidates of a name with their scores, the best first; misspelt names find what is spelt alike."""
    parts = [name] if near is None else [name, near]
    if any(not name_words(part) for part in parts):
        raise OptionError("a place's name needs letters")
    if governorate and all(e.kind is not PlaceKind.GOVERNORATE for e in gazetteer.search(governorate)):
        raise OptionError(f"no governorate called {governorate} is known")
    tokens = Tokens("\n".join(" ".join(part.split()) for part in parts))
    cut = tokens.form.index("\n") if near is not None else len(tokens)
    mentions = []
    for n, (part, (first, last)) in enumerate(zip(parts, [(0, cut - 1), (cut + 1, len(tokens) - 1)], strict=False)):
        rows = tuple(entry.row for entry in gazetteer.search(part)) or _alike(gazetteer, part)
        within = 1 if n == 0 and near is not None else None
        start = tokens.start[first]
        mentions.append(
            PlaceMention(first, last, start, tokens.end[last], "in", cue if n == 0 else None, False, rows, within, None)
        )
    if near is not None and not mentions[1].candidates:
        raise OptionError(f"no place called {near} is known")
    context = PlaceContext(headings=((0, governorate),)) if governorate else None
    choices = explain_places(mentions, tokens, gazetteer, context=context)[0]
    # A governorate that is known, not only read above, rules out what lies elsewhere.
    return sorted(choices, key=lambda choice: not _lies_there(choice)) if governorate else choices


def _lies_there(choice: Choice) -> bool:
    return any(name == "heading" for name, _ in choice.features)


def _alike(gazetteer: Gazetteer, name: str) -> tuple[int, ...]:
    key = name_key(name).replace(" ", "")
    return tuple(
        row
        for row in gazetteer.alike(key)
        for entry in (gazetteer.place(row),)
        if any(within_one_edit(key, name_key(other).replace(" ", "")) for other in (entry.name, *entry.other_names))
    )


def _line(n: int, choice: Choice) -> str:
    entry = choice.entry
    where = " / ".join(part for part in (entry.country, entry.admin1, entry.admin2) if part)
    why = ", ".join(f"{name} {weights()[name] * value:+.1f}" for name, value in choice.features)
    names = "، ".join((entry.name, *entry.other_names[:4]))
    head = "*" if n == 0 else " "
    return (
        f"{head} {choice.score:6.2f}  {entry.kind.label:13} {names}  ({entry.english})\n"
        f"          {entry.lat:.4f}, {entry.lon:.4f}  {where}  [{entry.id}]\n          {why}"
    )


def _json(choice: Choice) -> str:
    entry = choice.entry
    return msgspec.json.encode(
        {
            "place_id": entry.id,
            "name": entry.name,
            "other_names": entry.other_names,
            "english": entry.english,
            "kind": entry.kind.label,
            "country": entry.country,
            "admin1": entry.admin1,
            "admin2": entry.admin2,
            "lat": entry.lat,
            "lon": entry.lon,
            "score": round(choice.score, 3),
            "features": dict(choice.features),
        }
    ).decode()
