"""The one door: cited answers with their reservations, honest refusals with a way on, whatever is typed."""

from __future__ import annotations

import asyncio
import logging
import re
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from knowledge.advisor import Advisor, AdvisorOptions
from knowledge.answerability import ANY_MODEL, Answerability, Weights
from knowledge.errors import EmbeddingFailed
from knowledge.model import Answer, Document, Origin, Passage, PassageKind, Status
from knowledge.ports import Vectors
from knowledge.related import SUGGESTIONS
from knowledge.retrieval import LONGEST
from knowledge.verify import problems
from tests.fakes.knowledge import (
    ARCHIVE,
    CHALLENGES,
    DEFINITION,
    FIGURE,
    GOALS,
    INCIDENTS,
    METHOD,
    PORTFOLIO,
    PROJECTS,
    MemoryIndex,
    RecordingEmbedder,
    ShownKeys,
    WordList,
    document,
    judged_by_coverage,
    passage,
    small_library,
)

MODEL = "fake/words"
ALWAYS = AdvisorOptions(operating_point=0.0)
NEVER = AdvisorOptions(operating_point=1.1)


def advisor(
    index: MemoryIndex | None = None,
    embedder: RecordingEmbedder | None = None,
    phrases: ShownKeys | None = None,
    options: AdvisorOptions | None = None,
    answerability: Answerability | None = None,
) -> Advisor:
    return Advisor(
        index or small_library(),
        embedder,
        WordList(),
        phrases or ShownKeys(),
        options,
        answerability=answerability or judged_by_coverage(),
    )


class NarrowEmbedder(RecordingEmbedder):
    """Says it is the index's model, and is another one."""

    async def embed_query(self, text: str) -> Vectors:
        return (await super().embed_query(text))[:3]


def holds(answer: Answer) -> bool:
    """Whether an answer has what every answer must have."""
    body = answer.text.split("\n\n", 1)[1]
    return bool(answer.citations) and not problems(body, answer.citations)


@pytest.mark.parametrize(
    ("question", "source"),
    [
        ("Hur många personer besvarade enkäten?", METHOD),
        ("Vilka är utmaningarna för kommunernas digitalisering?", CHALLENGES),
        ("I vilka steg ska en betydande incident anmälas?", INCIDENTS),
        ("Vilka kommuner driver e-arkivet?", ARCHIVE),
        ("Vad är portföljstyrning?", DEFINITION),
    ],
)
@pytest.mark.parametrize("vectors", [True, False], ids=["hybrid", "lexical"])
async def test_a_question_that_the_library_covers_is_answered_from_the_right_place(
    question: str, source: object, vectors: bool
) -> None:
    index = small_library(model=MODEL if vectors else None)
    answer = await advisor(index, RecordingEmbedder()).ask(question)
    assert answer.status is Status.ANSWERED
    assert answer.citations[0].passage == source
    assert holds(answer)
    assert answer.question == question
    assert answer.generation == index.generation
    assert answer.generator == "extractive"


@pytest.mark.parametrize(
    ("question", "source"),
    [
        ("hur många personer besvarade enkätne", METHOD),
        ("vilka komuner driver e-arkivet", ARCHIVE),
        ("vad e portfoljstyrning", DEFINITION),
        ("HUR SKA EN BETYDANDE INCIDENT ANMÄLAS", INCIDENTS),
        ("betydande  incident ,, anmälan ??", INCIDENTS),
    ],
)
async def test_typing_errors_capitals_and_loose_words_lead_to_the_same_place(question: str, source: object) -> None:
    answer = await advisor(options=ALWAYS).ask(question)
    assert answer.citations[0].passage == source
    assert holds(answer)


@pytest.mark.parametrize(
    "question",
    ["vad blir det för lunch idag", "vem vann hockeymatchen", "Vilket väder blir det?", "vattenskoterförbud?"],
)
async def test_a_question_from_elsewhere_is_refused_with_what_the_service_is_for(question: str) -> None:
    answer = await advisor().ask(question)
    assert answer.status is Status.REFUSED
    assert answer.citations == ()
    assert answer.figure is None
    assert answer.notes == ()
    assert answer.text.startswith("<answer.refused.")


async def test_a_refusal_offers_the_nearest_headings_as_questions() -> None:
    phrases = ShownKeys()
    answer = await advisor(phrases=phrases, options=NEVER).ask("Hur är det med portföljstyrning och projektstyrning?")
    assert answer.status is Status.REFUSED
    assert answer.text.startswith("<answer.refused.near sv topics=")
    assert "Portföljstyrning" in answer.text
    assert 1 <= len(answer.suggestions) <= SUGGESTIONS
    assert "<answer.suggestion sv topic=Portföljstyrning>" in answer.suggestions
    assert len(set(answer.suggestions)) == len(answer.suggestions)


async def test_a_refusal_with_nothing_near_offers_nothing() -> None:
    answer = await advisor(options=NEVER).ask("vattenskoterförbud")
    assert answer.text == "<answer.refused.nothing sv>"
    assert answer.suggestions == ()


async def test_headings_that_recur_are_offered_once() -> None:
    index = MemoryIndex([passage(f"Bredband {n}.", f"Avsnitt {n}", "Bredband") for n in range(6)])
    answer = await advisor(index, options=NEVER).ask("bredband")
    assert answer.suggestions == ("<answer.suggestion sv topic=Bredband>",)


async def test_passages_without_headings_are_never_offered() -> None:
    answer = await advisor(MemoryIndex([passage("Bredband.")]), options=NEVER).ask("bredband")
    assert answer.suggestions == ()


async def test_an_answer_offers_other_headings_than_the_quoted_one() -> None:
    answer = await advisor(options=ALWAYS).ask("Hur många har en väl fungerande projektstyrning?")
    assert PROJECTS in [citation.passage for citation in answer.citations]
    assert not any("topic=Projektstyrning" in one for one in answer.suggestions)


async def test_known_errors_of_what_is_quoted_and_of_its_document_are_told() -> None:
    answer = await advisor(options=ALWAYS).ask("Hur många anger att portföljstyrning saknas helt?")
    assert PORTFOLIO in [citation.passage for citation in answer.citations]
    assert PORTFOLIO.notes[0] in answer.notes
    law = await advisor(options=ALWAYS).ask("I vilka steg ska en betydande incident anmälas?")
    assert [note for note in law.notes if note.startswith("Lagtexten är läst")]


async def test_an_act_is_told_with_its_day_and_that_this_is_no_legal_advice() -> None:
    law = await advisor(options=ALWAYS).ask("I vilka steg ska en betydande incident anmälas?")
    assert law.notes[-2:] == ("<answer.note.as_of sv date=2026-11-23>", "<answer.note.guidance sv>")
    report = await advisor(options=ALWAYS).ask("Hur många personer besvarade enkäten?")
    assert not any("answer.note" in note for note in report.notes)


async def test_the_source_s_own_reservation_becomes_a_note_and_is_not_quoted() -> None:
    answer = await advisor(options=ALWAYS).ask("Hur många beskriver portföljstyrningen som ostrukturerad?")
    assert "Andelarna gäller svar och inte kommuner." in answer.notes
    assert "Obs" not in answer.text


async def test_the_same_note_is_told_once() -> None:
    passages = [
        passage(f"Bredband i {place} byggs ut av kommunen.", place, notes=("Siffran är osäker.",))
        for place in ("Tanum", "Orust", "Lysekil")
    ]
    answer = await advisor(MemoryIndex(passages), options=ALWAYS).ask("berätta om bredband i kommunen")
    assert answer.notes == ("Siffran är osäker.",)


async def test_notes_of_passages_that_are_not_quoted_stay_out() -> None:
    answer = await advisor(options=ALWAYS).ask("Hur många personer besvarade enkäten?")
    assert [citation.passage for citation in answer.citations] == [METHOD]
    assert answer.notes == ()


async def test_a_survey_figure_travels_with_the_answer() -> None:
    answer = await advisor(options=ALWAYS).ask("Hur många svarar att målstyrning inte finns alls?")
    assert answer.figure == FIGURE
    assert answer.citations[0].passage == GOALS
    assert answer.text.startswith("<answer.lead.figure sv>")


@pytest.mark.parametrize(
    ("question", "lead"),
    [
        ("I vilka steg ska en betydande incident anmälas?", "answer.lead.regulation"),
        ("Vilka kommuner driver e-arkivet?", "answer.lead.initiative"),
        ("Hur många personer besvarade enkäten?", "answer.lead.report"),
        ("Vad är portföljstyrning?", "answer.lead.definition"),
    ],
)
async def test_the_lead_says_what_kind_of_source_speaks(question: str, lead: str) -> None:
    answer = await advisor(options=ALWAYS).ask(question)
    assert answer.text.startswith(f"<{lead} sv>\n\n")


async def test_a_question_in_english_gets_an_english_frame_around_the_source_s_own_words() -> None:
    answer = await advisor(options=ALWAYS).ask("How many responded to the enkäten?")
    assert answer.language == "en"
    assert answer.text.split("\n\n")[0].endswith(" en>")
    assert all(suggestion.startswith("<answer.suggestion en ") for suggestion in answer.suggestions)
    assert holds(answer)
    refused = await advisor(options=NEVER).ask("What is the weather like?")
    assert refused.text.endswith(" en>")


async def test_the_reader_s_language_can_be_given() -> None:
    answer = await advisor(options=ALWAYS).ask("Hur många personer besvarade enkäten?", language="en")
    assert answer.language == "en"
    assert answer.text.startswith("<answer.lead.report en>")


async def test_a_follow_up_is_answered_with_what_was_asked_before() -> None:
    answer = await advisor(options=ALWAYS).ask(
        "och projektstyrning då?", ["hur många har en väl fungerande portföljstyrning"]
    )
    assert answer.question == "och projektstyrning då?"
    assert answer.citations[0].passage == PROJECTS
    assert "väl fungerande projektstyrning" in answer.text


async def test_a_comparison_cites_both_things_compared() -> None:
    answer = await advisor(options=ALWAYS).ask("Vad är skillnaden mellan projektstyrning och målstyrning?")
    assert {PROJECTS, GOALS} <= {citation.passage for citation in answer.citations}
    assert holds(answer)


async def test_a_citation_has_the_address_of_its_document() -> None:
    answer = await advisor(options=ALWAYS).ask("I vilka steg ska en betydande incident anmälas?")
    assert answer.citations[0].url == "https://example.org/nis2"


async def test_documents_with_the_same_file_name_and_different_origins_keep_their_notes_apart() -> None:
    sources = [document(path="a.md", notes=("Eget underlag.",)), document("annan", path="b.md")]
    index = MemoryIndex([passage("Bredbandet byggs ut i Orust.", path="a.md")], sources)
    answer = await advisor(index, options=ALWAYS).ask("Var byggs bredbandet ut?")
    assert answer.notes == ("Eget underlag.",)


async def test_an_embedding_failure_leaves_the_words_to_answer_and_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    embedder = RecordingEmbedder()
    embedder.error = EmbeddingFailed("the server is away")
    with caplog.at_level(logging.WARNING):
        answer = await advisor(small_library(model=MODEL), embedder).ask("Hur många personer besvarade enkäten?")
    assert answer.status is Status.ANSWERED
    assert answer.citations[0].passage == METHOD
    assert "lexical" in caplog.text
    assert "the server is away" in caplog.text


async def test_a_search_falls_back_to_words_except_where_vectors_were_asked_for() -> None:
    embedder = RecordingEmbedder()
    embedder.error = EmbeddingFailed("the server is away")
    asked = advisor(small_library(model=MODEL), embedder)
    assert (await asked.search("besvarade enkäten"))[0].passage == METHOD
    with pytest.raises(EmbeddingFailed):
        await asked.search("besvarade enkäten", mode="dense")


async def test_search_gives_k_ranked_hits_and_find_resolves_the_conversation() -> None:
    asked = advisor()
    hits = await asked.search("portföljstyrning projektstyrning", k=2)
    assert [hit.rank for hit in hits] == [1, 2]
    found = await asked.find("och projektstyrning då?", ["Hur många har portföljstyrning?"], k=1)
    assert [hit.passage for hit in found] == [PROJECTS]


@pytest.mark.parametrize("text", ["", "   ", "\n", "och", "???", "😀😀", "\x00", "​", "\u202e", "]]>", "[1]"])
async def test_odd_and_empty_input_gets_a_refusal_and_no_hits(text: str) -> None:
    asked = advisor(small_library(model=MODEL), RecordingEmbedder())
    assert (await asked.ask(text)).status is Status.REFUSED
    assert len(await asked.search(text)) <= 10
    assert len(await asked.find(text)) <= 10


async def test_an_empty_knowledge_base_refuses() -> None:
    answer = await advisor(MemoryIndex([])).ask("Vad är portföljstyrning?")
    assert answer.status is Status.REFUSED
    assert answer.text == "<answer.refused.nothing sv>"


async def test_thousands_of_characters_around_a_question_are_borne() -> None:
    text = "Hur många personer besvarade enkäten? " + "bakgrund om annat " * 400
    answer = await advisor(small_library(model=MODEL), RecordingEmbedder()).ask(text)
    assert answer.status in Status
    assert len(answer.text) < 1000


async def test_one_very_long_word_is_borne() -> None:
    answer = await advisor().ask("Hur många besvarade " + "enkät" * 60)
    assert answer.status in Status


async def test_a_long_source_is_answered_in_a_few_sentences() -> None:
    long = passage(" ".join(f"Bredbandet i by nummer {n} byggs ut av kommunen under året." for n in range(300)))
    listed = passage(
        "Bredband byggs ut i många byar:\n" + "\n".join(f"- By nummer {n} får bredband." for n in range(200))
    )
    for question in ("Vilka byar får bredband?", "berätta om bredbandet", "Hur många byar får bredband?"):
        answer = await advisor(MemoryIndex([long, listed]), options=ALWAYS).ask(question)
        assert answer.status is Status.ANSWERED
        assert len(answer.text) <= 960
        assert holds(answer)


async def test_an_answer_that_does_not_hold_is_not_sent_and_is_logged(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr("knowledge.advisor.render", lambda quotes, urls: ("19 personer svarade. [1]", ()))
    with caplog.at_level(logging.ERROR):
        answer = await advisor(options=ALWAYS).ask("Hur många personer besvarade enkäten?")
    assert answer.status is Status.REFUSED
    assert answer.citations == ()
    assert "was not sent" in caplog.text


async def test_a_source_with_numbers_in_brackets_can_be_quoted() -> None:
    bracketed = passage("Bredbandet byggs ut enligt källa [7].", "Bredband")
    answer = await advisor(MemoryIndex([bracketed]), options=ALWAYS).ask("Hur byggs bredbandet ut?")
    assert answer.status is Status.ANSWERED
    assert holds(answer)


async def test_a_table_without_a_sentence_above_it_is_answered() -> None:
    rows = "| Kommun | Invånare |\n| --- | --- |\n| Tanum | 12 873 |\n| Orust | 15 290 |"
    table = passage(rows, "Invånare", kind=PassageKind.TABLE)
    answer = await advisor(MemoryIndex([table]), options=ALWAYS).ask("Hur många invånare har Orust?")
    assert answer.status is Status.ANSWERED
    assert "| Kommun | Invånare |\n| --- | --- |\n" in answer.text
    assert "| Orust | 15 290 |" in answer.text
    assert holds(answer)


async def test_documents_of_the_same_path_keep_their_addresses_apart() -> None:
    own = document(path="a.md", url="https://example.org/own")
    theirs = document("annan", path="a.md", origin=Origin.INGESTED, url="https://example.org/theirs")
    one = passage("Bredbandet byggs ut i Orust.", path="a.md")
    other = passage("Arkivet drivs av Tanum.", path="a.md", document="annan", origin=Origin.INGESTED)
    answer = await advisor(MemoryIndex([one, other], [own, theirs]), options=ALWAYS).ask("Var byggs bredbandet ut?")
    assert answer.citations[0].url == "https://example.org/own"


@pytest.mark.parametrize("kind", [PassageKind.TEXT, PassageKind.DEFINITION])
@pytest.mark.parametrize("between", [", ", ",\u00a0", " 1 000, "], ids=["words", "one word", "figures"])
async def test_one_endless_sentence_is_cut_and_holds(kind: PassageKind, between: str) -> None:
    text = "Bredbandet byggs ut i " + between.join(f"by nummer {n} vid vägen" for n in range(150)) + "."
    answer = await advisor(MemoryIndex([passage(text, kind=kind)]), options=ALWAYS).ask("Var byggs bredbandet ut?")
    assert answer.status is Status.ANSWERED
    assert 500 < len(answer.text) <= 900
    assert answer.text.endswith("… [1]")
    assert holds(answer)
    assert text.startswith(answer.citations[0].quote)


async def test_a_dense_search_without_vectors_or_without_an_engine_says_so() -> None:
    with pytest.raises(EmbeddingFailed, match="no vectors"):
        await advisor(small_library(model=MODEL), None).search("enkäten", mode="dense")
    with pytest.raises(EmbeddingFailed, match="no vectors"):
        await advisor(small_library(), RecordingEmbedder()).search("enkäten", mode="dense")


async def test_a_question_vector_of_another_width_than_the_index_leaves_the_words_to_answer() -> None:
    asked = advisor(small_library(model=MODEL), NarrowEmbedder())
    answer = await asked.ask("Hur många personer besvarade enkäten?")
    assert answer.citations[0].passage == METHOD
    with pytest.raises(EmbeddingFailed):
        await asked.search("enkäten", mode="dense")


async def test_of_a_long_conversation_what_is_embedded_is_bounded() -> None:
    embedder = RecordingEmbedder()
    asked = advisor(small_library(model=MODEL), embedder)
    await asked.ask("Hur många besvarade enkäten? " + "bakgrund " * 900)
    await asked.ask("när gäller den?", ["Vad är NIS 2? " + "bakgrund " * 900])
    assert max(map(len, embedder.queries)) <= LONGEST
    assert embedder.queries[0].startswith("Hur många besvarade")
    assert embedder.queries[1].endswith("när gäller den?")


COVERED = "Hur många personer besvarade enkäten?"
OUTSIDE = "vad blir det för lunch idag"


@pytest.mark.parametrize("vectors", [True, False], ids=["hybrid", "lexical"])
async def test_how_sure_it_is_is_told_of_answers_and_of_refusals(vectors: bool) -> None:
    asked = advisor(small_library(model=MODEL if vectors else None), RecordingEmbedder())
    answered, refused = await asked.ask(COVERED), await asked.ask(OUTSIDE)
    assert answered.status is Status.ANSWERED
    assert refused.status is Status.REFUSED
    assert answered.confidence is not None
    assert refused.confidence is not None
    assert 1.0 > answered.confidence >= 0.5 > refused.confidence >= 0.0
    assert (await asked.ask("")).confidence is None  # nothing was looked for


async def test_an_answer_is_given_from_the_operating_point_on() -> None:
    confidence = (await advisor(options=ALWAYS).ask(COVERED)).confidence
    assert confidence is not None
    for point, status in ((confidence, Status.ANSWERED), (confidence + 1e-9, Status.REFUSED)):
        answer = await advisor(options=AdvisorOptions(operating_point=point)).ask(COVERED)
        assert (answer.status, answer.confidence) == (status, confidence)


@pytest.mark.parametrize("intercept", [0.0, 1e9])
async def test_an_operating_point_of_one_refuses_everything(intercept: float) -> None:
    weights = Weights(intercept=intercept, features={})
    sure = Answerability({ANY_MODEL: {"asked": weights, "plain": weights}})
    answer = await advisor(options=AdvisorOptions(operating_point=1.0), answerability=sure).ask(COVERED)
    assert answer.status is Status.REFUSED
    assert answer.text.startswith("<answer.refused.near sv")


async def test_where_nothing_is_found_nothing_is_answered_at_any_operating_point(
    caplog: pytest.LogCaptureFixture,
) -> None:
    answer = await advisor(options=ALWAYS).ask("vattenskoterförbud")
    assert answer.status is Status.REFUSED
    assert answer.confidence == 0.0
    assert caplog.text == ""  # an answer that does not hold would be told of as an error


async def test_an_answer_that_does_not_hold_tells_how_sure_it_was(monkeypatch: pytest.MonkeyPatch) -> None:
    confidence = (await advisor().ask(COVERED)).confidence
    monkeypatch.setattr("knowledge.advisor.render", lambda quotes, urls: ("19 personer svarade. [1]", ()))
    answer = await advisor().ask(COVERED)
    assert (answer.status, answer.confidence) == (Status.REFUSED, confidence)


BYLAW = "Nämnden prövar ansökan om bidrag till lokala föreningar och beslutar inom sex veckor."


def edition(year: int, text: str = BYLAW) -> tuple[Document, Passage]:
    """An edition of a document that tells of grants."""
    name = f"bidrag-{year}"
    return document(name, title=f"Bidrag {year}"), passage(text, document=name, title=f"Bidrag {year}")


def grants(*more: Passage) -> tuple[MemoryIndex, Passage, Passage]:
    (old_source, old), (new_source, new) = edition(2021, BYLAW.replace("sex", "nio")), edition(2025)
    sources = [document(one.document, title=one.title) for one in more]
    return MemoryIndex([old, new, *more], [old_source, new_source, *sources]), old, new


async def test_the_newest_edition_answers_and_is_what_a_search_finds() -> None:
    index, old, new = grants()
    asked = advisor(index, options=ALWAYS)
    answer = await asked.ask("När beslutar nämnden om bidrag?")
    assert {citation.passage for citation in answer.citations} == {new}
    assert [hit.passage for hit in await asked.search("bidrag till föreningar")] == [new]
    earlier = await asked.ask("När beslutade nämnden om bidrag 2021?")
    assert {citation.passage for citation in earlier.citations} == {old}


async def test_copies_stand_behind_what_is_said_once_and_ranks_are_in_order() -> None:
    copy = passage(BYLAW, document="webben", title="Webben")
    others = [passage(f"Bidrag ges till {name}.", document=name, title=name) for name in ("körer", "lag", "scouter")]
    index, _, new = grants(copy, *others)
    hits = await advisor(index).search("bidrag till lokala föreningar", k=5)
    assert [hit.rank for hit in hits] == [1, 2, 3, 4, 5]
    assert {hit.passage for hit in hits[:4]} & {new, copy} == {hits[0].passage}
    assert hits[4].passage in (new, copy)
    assert len(await advisor(index).search("bidrag till lokala föreningar", k=1)) == 1


async def test_both_sides_of_a_comparison_are_told_once_though_one_of_them_has_copies() -> None:
    copies = [passage(PROJECTS.text, *PROJECTS.headings, document=name, title=name) for name in ("kopia", "annan")]
    index = MemoryIndex([PROJECTS, *copies, GOALS])
    answer = await advisor(index, options=ALWAYS).ask("Vad är skillnaden mellan projektstyrning och målstyrning?")
    quoted = [citation.passage.text for citation in answer.citations]
    assert {PROJECTS.text, GOALS.text} <= set(quoted)
    assert quoted.count(PROJECTS.text) == 1


async def test_a_side_of_a_comparison_comes_from_the_edition_that_the_question_names() -> None:
    roads = passage("Vägar lagas av driften varje vår.", document="driften", title="Driften")
    index, old, new = grants(roads)
    reworded = replace(new, text="Nämnden prövar ansökan om bidrag till lokala föreningar och kansliet svarar snart.")
    renewed = MemoryIndex([old, reworded, roads], index.documents)
    answer = await advisor(renewed, options=ALWAYS).ask("Vad är skillnaden mellan bidrag 2021 och vägar?")
    quoted = {citation.passage for citation in answer.citations}
    assert {old, roads} <= quoted
    assert reworded not in quoted


@pytest.mark.parametrize("vectors", [True, False], ids=["hybrid", "lexical"])
async def test_a_search_puts_the_passage_with_the_whole_phrase_first(vectors: bool) -> None:
    together = passage("Kommunen inför gemensam kalender för alla nämnder.")
    apart = passage("Kalender finns för alla nämnder, men gemensam är bara den som kommunen inför.")
    for order in ((apart, together), (together, apart)):
        index = MemoryIndex(order, model=MODEL if vectors else None)
        hits = await advisor(index, RecordingEmbedder()).search("gemensam kalender")
        assert [hit.passage for hit in hits] == [together, apart]


async def test_times_are_told_and_add_up() -> None:
    for question in ("Hur många personer besvarade enkäten?", "vad blir det för lunch", ""):
        timing = (await advisor().ask(question)).timing
        assert timing.retrieve >= 0
        assert timing.answer >= 0
        assert timing.total == pytest.approx(timing.retrieve + timing.answer, abs=0.05)


async def test_many_questions_at_once_get_their_own_answers() -> None:
    asked = advisor(small_library(model=MODEL), RecordingEmbedder(), options=ALWAYS)
    questions = ["Hur många personer besvarade enkäten?", "Vilka kommuner driver e-arkivet?"] * 10
    answers = await asyncio.gather(*(asked.ask(question) for question in questions))
    assert [answer.question for answer in answers] == questions
    assert [answer.citations[0].passage for answer in answers] == [METHOD, ARCHIVE] * 10


async def test_the_same_question_gets_the_same_answer() -> None:
    asked = advisor(small_library(model=MODEL), RecordingEmbedder(), options=ALWAYS)
    first, second = [await asked.ask("Vilka utmaningar finns för digitalisering?") for _ in range(2)]
    assert (first.text, first.citations, first.notes) == (second.text, second.citations, second.notes)


_SHARED = advisor(small_library(model=MODEL), RecordingEmbedder(), options=ALWAYS)


@settings(max_examples=60, deadline=None)
@given(
    st.one_of(
        st.text(max_size=80),
        st.lists(
            st.sampled_from(
                ["vad", "är", "hur", "många", "NIS", "2", "enkäten", "Tanum", "och", "då", "?", "skillnaden", "2024"]
            ),
            max_size=9,
        ).map(" ".join),
    ),
    st.lists(st.text(max_size=30), max_size=2),
)
async def test_whatever_is_asked_every_answer_holds_against_its_sources(question: str, context: list[str]) -> None:
    answer = await _SHARED.ask(question, context)
    if answer.status is Status.ANSWERED:
        assert holds(answer)
        assert {int(n) for n in re.findall(r"\[(\d+)\]", answer.text)} == {one.n for one in answer.citations}
        assert len(answer.suggestions) <= SUGGESTIONS
    else:
        assert answer.citations == ()
