"""Gold reports laid beside what the reader sees in them: which triggers, parties, times ... each gold claim means."""

from __future__ import annotations

from pathlib import Path
from typing import Any, NamedTuple

import yaml

from sijill.claims.scene import Scene
from sijill.claims.seen import TriggerMention
from sijill.codebook import GROUP_OF
from sijill.lexicon import default_lexicon
from sijill.mentions.parties import PartyMention
from sijill.reader import prepare
from sijill.scoring.match import same_name

Claim = dict[str, Any]
"""A claim of a gold file as it stands there."""


class Gold(NamedTuple):
    """A gold file, its report's text and scene, what each trigger tells: trigger index -> (claim index, type); and how
    many times it counts."""

    path: Path
    raw: Claim
    data: bytes
    text: str
    scene: Scene
    told: dict[int, list[tuple[int, str]]]
    times: int = 1

    @property
    def claims(self) -> list[Claim]:
        """The gold claims."""
        return self.raw.get("claims") or []

    def triggers_of(self, k: int) -> list[TriggerMention]:
        """The triggers that tell a gold claim, the fullest first."""
        scene = self.scene
        mine = [scene.triggers[i] for i, told in self.told.items() if any(n == k for n, _ in told)]
        return sorted(mine, key=lambda t: (GROUP_OF[t.type] == "killing", scene.zone[t.sentence] != "body", t.first))


def load(folder: Path, times: int = 1) -> list[Gold]:
    """The gold of a folder of pairs NAME.yaml and the text it names, each to count so many times."""
    found = []
    for path in sorted(folder.glob("*.yaml")):
        raw = yaml.safe_load(path.read_text(encoding="utf-8"))
        data = (path.parent / raw["report"]).read_bytes()
        prepared = prepare(data, name=raw["report"])
        text, scene = prepared.page.text, prepared.scene
        found.append(Gold(path, raw, data, text, scene, told_by_triggers(raw.get("claims") or [], text, scene), times))
    return found


def spans(text: str, quote: str) -> list[tuple[int, int]]:
    """Where a quote stands in a text."""
    found, at = [], text.find(quote)
    while at >= 0:
        found.append((at, at + len(quote)))
        at = text.find(quote, at + 1)
    return found


def told_by_triggers(claims: list[Claim], text: str, scene: Scene) -> dict[int, list[tuple[int, str]]]:
    """Trigger index -> the gold claims it tells, as (claim index, gold type)."""
    found: dict[int, list[tuple[int, str]]] = {}
    for k, claim in enumerate(claims):
        want = claim["type"]
        mine: list[int] = []
        for main, quote in [(True, claim["trigger"]), *((False, q) for q in claim.get("also") or [])]:
            for a, b in spans(text, quote):
                mine += _inside(scene, a, b, want, main)
        for i in dict.fromkeys([*mine, *_harm_words(text, scene, claim)]):
            found.setdefault(i, []).append((k, want))
    return found


def _inside(scene: Scene, a: int, b: int, want: str, main: bool) -> list[int]:
    """The triggers within a quote that may tell a claim of the wanted type."""
    tokens, senses = scene.tokens, default_lexicon().senses
    inside = [(i, t) for i, t in enumerate(scene.triggers) if tokens.start[t.first] < b and a < tokens.end[t.last]]
    exact = [i for i, t in inside if GROUP_OF[t.type] == GROUP_OF[want]]
    other = [] if exact else [
        i for i, t in inside if want in senses.get(t.base, ()) or want in senses.get(t.type, ())
    ]  # fmt: skip
    harm = [i for i, t in inside if i not in exact and GROUP_OF[t.type] == "killing" and (not main or not exact)]
    return exact + other + harm


def _harm_words(text: str, scene: Scene, claim: Claim) -> list[int]:
    """The triggers that tell the harm of a claim, found by the words of its casualties."""
    tokens = scene.tokens
    found = []
    for outcome in ("killed", "injured"):
        for entry in claim.get(outcome) or []:
            for a, b in spans(text, str(entry.get("quote") or "\0")):
                for h in scene.harm:
                    if h.outcome == outcome and tokens.start[h.people.first] < b and a < tokens.end[h.people.last]:
                        found += [
                            i
                            for i, t in enumerate(scene.triggers)
                            if t.first <= h.word <= t.last and GROUP_OF[t.type] == "killing"
                        ]
    return found


def is_party(fill: Claim, p: PartyMention, scene: Scene) -> bool:
    """Whether a party of the text is one that the gold names."""
    if fill.get("id") and p.actor:
        return bool(p.actor == fill["id"])
    return same_name(fill["quote"], scene.tokens.text[p.start : p.end])


def date_of(claim: Claim) -> tuple[str, str] | None:
    """The days of a gold claim."""
    return (str(claim["date"][0]), str(claim["date"][1])) if claim.get("date") else None


def is_place(claim: Claim, name: str) -> int | None:
    """Which of a gold claim's places a name is."""
    return next((n for n, f in enumerate(claim.get("places") or []) if same_name(f["quote"], name)), None)
