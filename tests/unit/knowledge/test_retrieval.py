"""Ranked passages: both legs fused, one alone where the other is off or missing."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from knowledge.editions import Editions
from knowledge.errors import EmbeddingFailed
from knowledge.model import Passage
from knowledge.question import understand
from knowledge.retrieval import Mode, Retrieval, retrieve
from knowledge.swedish.stems import stem
from tests.fakes.knowledge import INCIDENTS, PORTFOLIO, MemoryIndex, RecordingEmbedder, WordList, passage, small_library

MODEL = "fake/words"
MODES: tuple[Mode, ...] = ("hybrid", "dense", "lexical")


async def found(
    text: str, index: MemoryIndex, embedder: RecordingEmbedder | None, mode: Mode = "hybrid", k: int = 12
) -> Retrieval:
    return await retrieve(understand(text), index, embedder, WordList(), k=k, mode=mode)


@pytest.mark.parametrize("mode", MODES)
async def test_every_mode_puts_the_passage_with_the_question_s_words_first(mode: Mode) -> None:
    result = await found(
        "portföljstyrning saknas helt i enkäten", small_library(model=MODEL), RecordingEmbedder(), mode
    )
    assert result.hits[0].passage == PORTFOLIO


@pytest.mark.parametrize("mode", MODES)
async def test_hits_are_ranked_from_one_and_never_repeat_a_passage(mode: Mode) -> None:
    result = await found("anmäla en betydande incident", small_library(model=MODEL), RecordingEmbedder(), mode)
    assert [hit.rank for hit in result.hits] == list(range(1, len(result.hits) + 1))
    scores = [hit.score for hit in result.hits]
    assert scores == sorted(scores, reverse=True)
    assert len({hit.passage.id for hit in result.hits}) == len(result.hits)


@pytest.mark.parametrize("k", [0, 1, 3, 100])
async def test_no_more_than_k_hits_are_given(k: int) -> None:
    index = small_library(model=MODEL)
    result = await found("enkäten incident lagen", index, RecordingEmbedder(), k=k)
    assert len(result.hits) <= min(k, len(index.passages))


async def test_the_lexical_mode_asks_for_no_vector() -> None:
    index, embedder = small_library(model=MODEL), RecordingEmbedder()
    result = await found("portföljstyrning", index, embedder, "lexical")
    assert embedder.queries == []
    assert index.dense_searches == 0
    assert result.vector is None
    assert all(hit.dense == 0.0 for hit in result.hits)


async def test_the_dense_mode_looks_up_no_words() -> None:
    index = small_library(model=MODEL)
    result = await found("portföljstyrning", index, RecordingEmbedder(), "dense")
    assert index.lexical_searches == []
    assert len(result.hits) == len(index.passages)


async def test_the_hybrid_mode_uses_both() -> None:
    index, embedder = small_library(model=MODEL), RecordingEmbedder()
    result = await found("portföljstyrning", index, embedder)
    assert len(embedder.queries) == index.dense_searches == len(index.lexical_searches) == 1
    assert result.hits[0].lexical > 0
    assert result.hits[0].dense > 0
    assert result.vector is not None


async def test_an_index_without_vectors_is_searched_by_words_and_nothing_is_embedded() -> None:
    embedder = RecordingEmbedder()
    result = await found("portföljstyrning", small_library(), embedder)
    assert embedder.queries == []
    assert "portföljstyrning" in result.hits[0].passage.text.lower()


async def test_without_an_embedder_an_index_with_vectors_is_searched_by_words() -> None:
    index = small_library(model=MODEL)
    result = await found("portföljstyrning", index, None)
    assert index.dense_searches == 0
    assert result.hits


@pytest.mark.parametrize("mode", ["hybrid", "dense"])
async def test_a_failing_embedder_is_the_caller_s_to_handle(mode: Mode) -> None:
    embedder = RecordingEmbedder()
    embedder.error = EmbeddingFailed("no answer")
    with pytest.raises(EmbeddingFailed):
        await found("portföljstyrning", small_library(model=MODEL), embedder, mode)


async def test_the_vector_is_made_of_the_question_that_a_follow_up_stands_for() -> None:
    embedder = RecordingEmbedder()
    asked = understand("och projektstyrning då?", ["Hur många har portföljstyrning?"])
    await retrieve(asked, small_library(model=MODEL), embedder, WordList())
    assert embedder.queries == [asked.standalone]
    assert "Hur många" in embedder.queries[0]


async def test_meaning_finds_what_words_do_not() -> None:
    index = MemoryIndex([passage("Alfa beta."), passage("Gamma delta.")], model=MODEL)
    lexical = await found("epsilon", index, RecordingEmbedder(), "lexical")
    hybrid = await found("epsilon", index, RecordingEmbedder())
    assert lexical.hits == ()
    assert len(hybrid.hits) == 2


async def test_a_passage_is_found_by_a_question_that_it_answers_and_its_words_are_not() -> None:
    like = passage("Alfa beta.", questions=("var köper man glass",))
    index = MemoryIndex([passage("Gamma delta."), like, passage("Epsilon zeta.")], model=MODEL)
    for mode in ("hybrid", "dense", "lexical"):
        best = (await found("var kan man köpa glass", index, RecordingEmbedder(), mode)).hits[0]
        assert best.passage == like
        assert [asked.text for asked, _ in best.asked] == (["var köper man glass"] if mode != "lexical" else [])


async def test_the_nearest_of_many_questions_tells_more_than_the_texts() -> None:
    like = passage("Alfa beta.", questions=("var köper man glass",))
    other = passage("Gamma delta.", questions=("hur parkerar man bilen", "när öppnar badet"))
    index = MemoryIndex([other, passage("Epsilon zeta."), like], model=MODEL)
    for mode in ("hybrid", "dense"):
        result = await found("var kan man köpa glass", index, RecordingEmbedder(), mode)
        assert result.hits[0].passage == like
        assert [nearness for _, nearness in result.hits[0].asked] == [1.0]
        assert result.nearest_question > 0.5


@pytest.mark.parametrize("mode", ["hybrid", "dense"])
async def test_a_single_question_counts_as_near_as_it_is(mode: Mode) -> None:
    """Alone it is the nearest of all, also where it has nothing to do with what is asked."""
    only = passage("Alfa beta.", questions=("hur parkerar man bilen",))
    index = MemoryIndex([only, passage("Glass säljs i kiosken.")], model=MODEL)
    near = (await found("hur parkerar man bilen", index, RecordingEmbedder(), mode)).hits[0]
    assert near.passage == only
    assert near.asked[0][1] == pytest.approx(1.0)
    far = await found("glass kiosken", index, RecordingEmbedder(), mode)
    assert far.hits[0].passage != only
    [(_, nearness)] = far.hits[1].asked
    assert 0.0 <= nearness < 0.5


async def test_passages_that_are_as_near_share_their_score() -> None:
    index = MemoryIndex([passage("Alfa beta."), passage("Alfa beta.", document="annan")], model=MODEL)
    scores = [hit.score for hit in (await found("alfa beta", index, RecordingEmbedder(), "dense")).hits]
    assert scores[0] == scores[1] > 0.5


async def test_the_only_passage_counts_as_near_as_it_is() -> None:
    index = MemoryIndex([passage("Alfa beta.")], model=MODEL)
    near, far = [
        (await found(text, index, RecordingEmbedder(), "dense")).hits[0].score for text in ("alfa beta", "epsilon zeta")
    ]
    assert 1.0 >= near > far >= 0.0


@pytest.mark.parametrize("mode", MODES)
async def test_a_passage_without_questions_is_at_no_disadvantage(mode: Mode) -> None:
    """It is judged by what it has, and wins over one whose questions are about something else."""
    text = "Glass säljs i kiosken vid hamnen."
    bare = passage(text)
    others = [
        passage("Alfa beta.", questions=("hur parkerar man bilen",)),
        passage("Gamma delta.", questions=("när öppnar badet", "vad kostar badet")),
    ]
    result = await found(text, MemoryIndex([*others, bare], model=MODEL), RecordingEmbedder(), mode)
    assert result.hits[0].passage == bare
    if mode == "dense":
        assert result.hits[0].score == pytest.approx(1.0)


async def test_the_score_of_a_passage_without_questions_does_not_hang_on_those_of_others() -> None:
    text = "var säljs glass"
    bare = passage("Glass säljs i kiosken vid hamnen.")
    scores = []
    for questions in ((), ("hur parkerar man bilen",)):
        index = MemoryIndex([passage("Bilar parkeras vid hamnen.", questions=questions), bare], model=MODEL)
        result = await found(text, index, RecordingEmbedder(), "dense")
        scores += [hit.score for hit in result.hits if hit.passage == bare]
    assert scores[0] == pytest.approx(scores[1])


async def test_by_words_alone_questions_and_texts_count_alike() -> None:
    """Where there are no vectors nothing but the words can rank, and they count in full for every passage."""
    telling = passage("Alfa beta glass.", questions=("var köper man våfflor",))
    bare = passage("Alfa beta glass.", document="annan")
    result = await found("glass", MemoryIndex([telling, bare]), None)
    assert [hit.score == hit.lexical > 0 for hit in result.hits] == [True, True]
    by_question = await found("våfflor", MemoryIndex([telling, bare]), None)
    assert [hit.passage for hit in by_question.hits] == [telling]


@pytest.mark.parametrize("mode", MODES)
async def test_every_score_is_within_zero_and_one_and_a_half(mode: Mode) -> None:
    index = small_library(model=MODEL)
    for text in ("portföljstyrning", "anmäla en betydande incident", "Vad kostar e-arkivet?"):
        assert all(0.0 <= hit.score <= 1.5 for hit in (await found(text, index, RecordingEmbedder(), mode)).hits)


async def test_where_editions_are_known_every_hit_says_something_else() -> None:
    copies = [passage("Glass säljs i kiosken.", document=name) for name in "abc"]
    other = passage("Våfflor och glass säljs vid badet om somrarna.")
    index = MemoryIndex([*copies, other], model=MODEL)
    question = understand("var säljs glass i kiosken")
    apart = await retrieve(
        question, index, RecordingEmbedder(), WordList(), k=2, mode="hybrid", editions=Editions(index.documents)
    )
    assert [hit.passage for hit in apart.hits] == [copies[0], other]
    assert [hit.rank for hit in apart.hits] == [1, 2]
    together = await retrieve(question, index, RecordingEmbedder(), WordList(), k=3)
    assert [hit.passage for hit in together.hits] == copies


async def test_a_question_with_no_known_word_finds_nothing_without_vectors() -> None:
    result = await found("vattenskoterförbud", small_library(), None)
    assert result.hits == ()
    assert [concept.known for concept in result.concepts] == [False]


async def test_a_synonym_brings_the_passage() -> None:
    synonyms = WordList(("hackerattack", "incident"))
    result = await retrieve(understand("hackerattack?"), small_library(), None, synonyms)
    assert result.hits[0].passage == INCIDENTS


async def test_a_part_of_a_compound_brings_the_passage() -> None:
    index = MemoryIndex([passage("Portföljen kräver styrning."), passage("Något helt annat.")])
    result = await found("portföljstyrningen", index, None)
    assert index.split("portföljstyrningen") == (stem("portfölj"), stem("styrning"))
    assert [hit.passage for hit in result.hits] == [index.passages[0]]


async def test_lexical_scores_are_shares_of_a_ceiling_so_that_questions_compare() -> None:
    for text in ("portföljstyrning", "hur ska en betydande incident anmälas i tre steg"):
        result = await found(text, small_library(), None)
        assert 0.0 < max(hit.lexical for hit in result.hits) <= 1.5


async def test_an_empty_index_finds_nothing() -> None:
    result = await found("portföljstyrning", MemoryIndex([]), None)
    assert result.hits == ()


async def test_the_best_hit_stands_out_of_the_pool() -> None:
    result = await found(PORTFOLIO.context, small_library(model=MODEL), RecordingEmbedder())
    assert result.hits[0].passage == PORTFOLIO
    assert result.nearest_question == 0.0


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("weight", [1.0, 0.6])
async def test_what_only_explains_ranks_below_what_binds_and_says_the_same(mode: Mode, weight: float) -> None:
    """A recital may be nearer to the question in words: its weight sets it after the article all the same."""
    said = "Den som använder ett AI-system ska utse en människa som övervakar systemet."
    recital = replace(passage(said, "skäl 12 om att övervaka AI-system"), weight=weight)
    article = passage(said, "artikel 9")
    index = MemoryIndex((recital, article, *small_library().passages), model=MODEL)
    result = await found("vem ska övervaka ett AI-system", index, RecordingEmbedder(), mode)
    expected = (recital, article) if weight == 1.0 else (article, recital)
    assert tuple(hit.passage for hit in result.hits[:2]) == expected
    assert result.hits[0].score >= result.hits[1].score


async def test_only_passages_that_may_be_among_the_best_are_read() -> None:
    many = tuple(passage(f"Portföljstyrning {'saknas ' * number}", "Styrning") for number in range(1, 40))
    read: list[int] = []

    class Table(MemoryIndex):
        def is_asked(self, position: int) -> bool:
            return False

    class Watched(tuple[Passage, ...]):
        def __getitem__(self, place: Any) -> Any:
            read.append(place)
            return super().__getitem__(place)

    index = Table(many)
    index.passages = Watched(many)
    result = await found("portföljstyrning", index, None, k=3)
    assert [hit.passage for hit in result.hits] == list(many[:3])
    assert set(read) == {0, 1, 2}
