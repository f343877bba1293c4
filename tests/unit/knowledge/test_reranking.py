"""The second look: the passage with one sentence that speaks to the whole question, in the question's own order."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from knowledge.concepts import concepts
from knowledge.model import Hit, Passage
from knowledge.pieces import PieceReader
from knowledge.question import understand
from knowledge.reranking import reranked
from knowledge.retrieval import Retrieval
from knowledge.swedish.steps import ALL, Step, Steps
from tests.fakes.knowledge import PASSAGES, MemoryIndex, WordList, passage


def ranked(text: str, *passages: Passage, scores: tuple[float, ...] = (), steps: Steps = ALL) -> list[Hit]:
    index = MemoryIndex(passages, steps=steps)
    question = understand(text)
    hits = tuple(
        Hit(rank, score, one)
        for rank, (one, score) in enumerate(zip(passages, scores or (0.5,) * len(passages), strict=True), start=1)
    )
    found = Retrieval(hits, concepts(question, index, WordList()), None)
    return reranked(question, found, PieceReader(index.split, steps=steps))


TOGETHER = passage("Kommunen inför gemensam kalender för alla nämnder.")
APART = passage("Kalender finns för alla nämnder, men gemensam är bara den som kommunen inför.")


def test_words_that_stand_together_beat_the_same_words_apart() -> None:
    for order in ((APART, TOGETHER), (TOGETHER, APART)):
        assert ranked("gemensam kalender", *order)[0].passage == TOGETHER


def test_a_heading_counts_as_text() -> None:
    headed = passage("Det görs nu.", "Gemensam kalender")
    plain = passage("Det görs nu.", "Kalender för nämnder, gemensam")
    assert ranked("gemensam kalender", plain, headed)[0].passage == headed


def test_which_word_comes_first_makes_no_difference() -> None:
    turned = passage("En kalender gemensam för alla nämnder införs av kommunen.")
    assert ranked("gemensam kalender", APART, turned)[0].passage == turned


def test_words_stand_together_also_where_they_are_not_stemmed() -> None:
    steps = ALL - {Step.STEMS, Step.COMPOUNDS, Step.LEXICON}
    phrase, parted = passage("Kommunens kalender gäller här."), passage("Kalender gäller här, kommunens.")
    assert ranked("kommunens kalender", parted, phrase, steps=steps)[0].passage == phrase


def test_one_sentence_that_says_all_beats_several_that_say_a_part_each() -> None:
    whole = passage("Nämnden i hamnen ansvarar numera för det digitala arkivet. Kranen är gul.")
    parts = passage("Nämnden är gul. Kranen är digital. Numera ansvarar kajen. Hamnen är öppen. Staden äger arkivet.")
    assert ranked("Vilken nämnd ansvarar för arkivet?", parts, whole)[0].passage == whole


def test_what_retrieval_found_much_better_stays_first() -> None:
    assert ranked("gemensam kalender", APART, TOGETHER, scores=(3.0, 0.1))[0].passage == APART


def test_passages_that_speak_alike_keep_their_order() -> None:
    same = [replace(TOGETHER, id=f"p{n}") for n in range(4)]
    assert [hit.passage for hit in ranked("gemensam kalender", *same)] == same


def test_nothing_found_is_nothing_ranked() -> None:
    assert ranked("gemensam kalender") == []


_WORDS = [
    "vem", "ansvarar", "enkäten", "incident", "portföljstyrning", "NIS", "2", "gemensam", "e-arkivet", "Tanum",
    "17", "?", "och",
]  # fmt: skip


@given(
    st.lists(st.sampled_from(_WORDS), min_size=1, max_size=6).map(" ".join),
    st.lists(st.sampled_from(PASSAGES), min_size=1, unique=True),
    st.data(),
)
def test_no_hit_is_lost_or_added_and_the_best_stand_first(text: str, found: list[Passage], data: st.DataObject) -> None:
    scores = data.draw(st.lists(st.floats(0.0, 1.0), min_size=len(found), max_size=len(found)))
    hits = ranked(text, *found, scores=tuple(sorted(scores, reverse=True)))
    assert sorted(hit.passage.id for hit in hits) == sorted(one.id for one in found)
    assert [hit.score for hit in hits] == sorted((hit.score for hit in hits), reverse=True)
