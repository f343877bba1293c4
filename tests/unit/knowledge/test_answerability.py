"""Whether to answer: more of the question covered makes an answer likelier, what is missing makes it less so."""

from __future__ import annotations

from dataclasses import fields, replace

import pytest

from knowledge import answerability
from knowledge.answerability import NOTHING, Features, features, probability
from knowledge.concepts import Concept
from knowledge.evidence import weigh
from knowledge.pieces import PieceReader
from knowledge.question import understand
from knowledge.retrieval import retrieve
from tests.fakes.knowledge import MemoryIndex, RecordingEmbedder, WordList, small_library

MODEL = "fake/words"
NAMES = [field.name for field in fields(Features)]
NEUTRAL = Features(**dict.fromkeys(NAMES, 0.5))


async def of(text: str, index: MemoryIndex) -> Features:
    question = understand(text)
    found = await retrieve(question, index, RecordingEmbedder(), WordList())
    return features(question, found, weigh(question, found.concepts, found.hits, PieceReader(index.split)))


@pytest.mark.parametrize(
    "text",
    [
        "Hur många svarade på enkäten?", "hur ska en betydande incident anmälas", "vattenskoterförbud", "Varför?",
        "What is the fine?", "Vad kostar e-arkivet i Åmål 2019?", "a", "?",
    ],
)  # fmt: skip
@pytest.mark.parametrize("model", [None, MODEL])
async def test_every_feature_is_a_share(text: str, model: str | None) -> None:
    found = await of(text, small_library(model=model))
    for name in NAMES:
        assert 0.0 <= getattr(found, name) <= 1.0, name


async def test_a_covered_question_is_likelier_answered_than_an_uncovered_one() -> None:
    index = small_library()
    covered = probability(await of("Hur många personer besvarade enkäten?", index))
    about_it = probability(await of("Hur många personer i Orust besvarade enkäten om vattenskoterförbud?", index))
    nothing = probability(await of("vad blir det för lunch", index))
    assert covered > about_it > nothing


async def test_an_unknown_word_and_a_missing_place_show_in_the_features() -> None:
    index = small_library()
    plain = await of("Vad kostar e-arkivet?", index)
    unknown = await of("Vad kostar e-arkivets vattenskoterförbud?", index)
    elsewhere = await of("Vad kostar e-arkivet i Åmål?", index)
    assert unknown.unknown > plain.unknown
    assert (plain.missing, elsewhere.missing) == (0.0, 1.0)


async def test_without_evidence_nothing_speaks_for_an_answer() -> None:
    assert await of("vattenskoterförbud", small_library()) == NOTHING
    assert NOTHING.unknown == 1.0
    assert NOTHING.coverage == NOTHING.top == NOTHING.agreement == 0.0


async def test_agreement_needs_both_legs() -> None:
    text = "Hur många personer besvarade enkäten?"
    assert (await of(text, small_library())).agreement == 0.0
    assert (await of(text, small_library(model=MODEL))).agreement == 1.0


@pytest.mark.parametrize("name", ["coverage", "top", "meant", "agreement"])
def test_what_speaks_for_an_answer_never_lowers_its_probability(name: str) -> None:
    low, high = replace(NEUTRAL, **{name: 0.0}), replace(NEUTRAL, **{name: 1.0})
    assert 0.0 < probability(low) <= probability(high) < 1.0


@pytest.mark.parametrize("name", ["unknown", "missing", "shape", "focus", "elsewhere"])
def test_what_speaks_against_an_answer_never_raises_its_probability(name: str) -> None:
    low, high = replace(NEUTRAL, **{name: 0.0}), replace(NEUTRAL, **{name: 1.0})
    assert probability(low) >= probability(high)


def test_a_question_of_unknown_words_is_outside_whatever_was_talked_of_before() -> None:
    unknown = Concept("lunch", {"lunch": 1.0}, weight=1.0, known=False)
    carried = Concept("mognad", {"mogn": 1.0}, weight=0.3, known=True, carried=True)
    assert answerability.is_outside([unknown, carried])
    assert not answerability.is_outside([replace(unknown, known=True), carried])
    assert not answerability.is_outside([carried])
