"""How mentions stand to triggers: the words and events beside them, as counted by hand."""

from __future__ import annotations

import pytest

from sijill.claims.around import STANDING, head_before, standing, stem_at, word_at
from sijill.claims.scene import Scene
from sijill.claims.seen import TriggerMention
from sijill.mentions.parties import PartyMention
from sijill.reader import prepare

TEXT = (
    "قصفت قوات النظام بالمدفعية بلدة كفرنبل، وردت هيئة تحرير الشام باستهداف مواقع قوات النظام في ريف حماة، "
    "ما أدى إلى مقتل ثلاثة عناصر.\n\n"
    "وقال المرصد السوري لحقوق الإنسان إن الدخان تصاعد من أطراف بلدة حاس بعد غارات روسية."
)
NAMES = STANDING.split()


@pytest.fixture(scope="module")
def scene() -> Scene:
    return prepare(TEXT).scene


def beside(scene: Scene, t: TriggerMention, p: PartyMention) -> tuple[str, str]:
    """The types of the events nearest on both sides of a party in the sentence of a trigger, looked for one by one."""
    events = [x for x in scene.triggers if x.sentence == t.sentence]
    left = [x for x in events if x.first < p.first]
    right = [x for x in events if x.first >= p.first]

    def told(event: TriggerMention) -> str:
        return "self" if event.first == t.first else event.type

    return told(left[-1]) if left else "none", told(right[0]) if right else "none"


def test_the_events_on_both_sides_of_a_mention_are_the_nearest(scene: Scene) -> None:
    assert len(scene.triggers) >= 4
    for t in scene.triggers:
        # Those of every sentence: a teller of the sentence before is weighed, too.
        for row, p in zip(
            standing(scene, t, [(p.first, p.last, p.outer) for p in scene.parties]), scene.parties, strict=True
        ):
            assert (row[NAMES.index("left")], row[NAMES.index("right")]) == beside(scene, t, p), (t.lemma, p.name)


@pytest.mark.parametrize(("name", "head"), [("حاس", "اطراف"), ("كفرنبل", "party")])
def test_what_a_place_belongs_to_is_the_last_word_of_its_own_weight(scene: Scene, name: str, head: str) -> None:
    (k,) = [k for k, place in enumerate(scene.places) if place.name == name]
    begin, _ = scene.sentences[scene.sentence_at[scene.places[k].first]]
    assert head_before(scene, scene.place_views[k].outer, begin) == head


def test_outside_the_text_there_is_no_word(scene: Scene) -> None:
    end = len(scene.stems)
    assert stem_at(scene, -1) == stem_at(scene, end) == ""
    assert word_at(scene, -1) == word_at(scene, end) == "^"
