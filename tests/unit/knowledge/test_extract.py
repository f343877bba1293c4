"""From evidence to quotes: whole lists, tables with their header, both sides of a comparison, never a wall of text."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from knowledge.concepts import Concept, concepts
from knowledge.evidence import weigh
from knowledge.extract import choose, compared, reservations
from knowledge.model import Hit, Passage, PassageKind
from knowledge.pieces import PieceReader, Role
from knowledge.question import understand
from knowledge.quotes import MAX_LENGTH, Quote
from knowledge.render import render
from knowledge.swedish.analysis import no_split
from knowledge.verify import problems
from tests.fakes.knowledge import (
    CHALLENGES,
    DEFINITION,
    FINES,
    GOALS,
    INCIDENTS,
    METHOD,
    PORTFOLIO,
    PROJECTS,
    MemoryIndex,
    WordList,
    passage,
)


def quotes(text: str, *passages: Passage, synonyms: WordList | None = None) -> tuple[Quote, ...]:
    index = MemoryIndex([*passages, passage("Utfyllnad om annat.", document="annat", title="Annat")])
    reader = PieceReader(index.split)
    question = understand(text)
    found = concepts(question, index, synonyms or WordList())
    hits = [Hit(rank, 1.0, one) for rank, one in enumerate(passages, start=1)]
    return choose(question, found, weigh(question, found, hits, reader), reader)


def texts(found: tuple[Quote, ...]) -> list[str]:
    return [piece.text for quote in found for piece in quote.pieces]


@pytest.mark.parametrize("text", ["Vilka utmaningar lyfter rapporten?", "utmaningar för kommunernas digitalisering"])
def test_a_list_is_quoted_whole_with_its_lead_in(text: str) -> None:
    found = quotes(text, CHALLENGES, METHOD)
    assert "\n".join(piece.text for piece in found[0].pieces) == CHALLENGES.text
    assert found[0].is_list


def test_a_list_is_quoted_whole_where_a_law_asks_for_steps() -> None:
    [first, *_] = quotes("Vilka steg ska en betydande incident anmälas i?", INCIDENTS, METHOD)
    assert "\n".join(piece.text for piece in first.pieces) == INCIDENTS.text


def test_a_list_under_a_plain_sentence_is_quoted_with_that_sentence() -> None:
    one = passage("Rapporten nämner flera initiativ.\n- Handslaget\n- Dataportal Väst\n- Digital motor")
    [first, *_] = quotes("Vilka initiativ nämner rapporten: Handslaget, Dataportal Väst, Digital motor?", one)
    assert texts((first,)) == one.text.split("\n")


def test_a_table_keeps_its_header_and_introduction() -> None:
    [first, *_] = quotes("Hur stor är sanktionsavgiften för offentlig verksamhet?", FINES, METHOD)
    lines = texts((first,))
    if first.pieces[0].role is Role.ROW or len(lines) > 1:
        assert "| Verksamhetsutövare | Högsta belopp |" in lines
        assert any("10 miljoner kronor" in line for line in lines)
        assert lines.index("| Verksamhetsutövare | Högsta belopp |") <= 1


def test_a_row_that_answers_is_quoted_under_its_header() -> None:
    table = passage(
        "| Kommun | Invånare |\n| --- | --- |\n| Tanum | 12 873 |\n| Orust | 15 290 |\n| Lysekil | 14 293 |",
        kind=PassageKind.TABLE,
    )
    [first, *_] = quotes("Hur många invånare har Orust?", table)
    assert texts((first,))[0] == "| Kommun | Invånare |"
    assert "| Orust | 15 290 |" in texts((first,))


def test_a_definition_is_quoted_as_it_stands_and_alone_in_its_passage() -> None:
    [first, *_] = quotes("Vad är portföljstyrning?", DEFINITION, PORTFOLIO)
    assert first == Quote(DEFINITION, first.pieces)
    assert texts((first,)) == [DEFINITION.text]


def test_a_figure_is_quoted_as_one_sentence() -> None:
    [first, *_] = quotes("Hur många har ingen målstyrning?", GOALS, METHOD)
    assert first.passage == GOALS
    assert texts((first,)) == [GOALS.text]


def test_a_comparison_quotes_both_sides() -> None:
    found = quotes("Vad är skillnaden mellan portföljstyrning och projektstyrning?", PORTFOLIO, PROJECTS, METHOD)
    assert {quote.passage for quote in found[:2]} == {PORTFOLIO, PROJECTS}


def test_a_comparison_of_one_thing_is_answered_like_any_question() -> None:
    found = quotes("Hur skiljer sig projektstyrning?", PROJECTS, METHOD)
    assert found[0].passage == PROJECTS


def test_the_place_that_holds_the_fact_comes_first_whatever_else_is_found() -> None:
    for order in ([METHOD, CHALLENGES, DEFINITION], [DEFINITION, CHALLENGES, METHOD]):
        found = quotes("Hur många personer besvarade enkäten?", *order)
        assert found[0].passage == METHOD


def test_the_same_sentence_is_not_quoted_twice_from_two_passages() -> None:
    twin = passage(METHOD.text, "Sammanfattning", document="annan", title="Annan källa")
    found = texts(quotes("berätta om enkäten som personer i kommuner besvarades av", METHOD, twin))
    assert len(found) == len(set(found)) == 1


def test_sentences_of_one_passage_keep_the_source_s_order() -> None:
    one = passage("Arkivet startade 2021. Arkivet drivs av Tanum. Bredbandet byggs ut. Arkivet kostar pengar.")
    for quote in quotes("berätta om arkivet", one):
        positions = [piece.position for piece in quote.pieces]
        assert positions == sorted(set(positions))


def test_a_reservation_is_never_quoted_as_the_answer() -> None:
    found = quotes("Gäller andelarna svar eller kommuner?", PORTFOLIO)
    assert not any(text.startswith("Obs:") for text in texts(found))


def test_a_passage_of_reservations_only_is_quoted_all_the_same() -> None:
    one = passage("Obs: enkäten besvarades av 18 personer.")
    assert texts(quotes("enkäten besvarades av?", one)) == [one.text]


def test_the_reservation_after_a_quoted_sentence_becomes_a_note() -> None:
    reader = PieceReader(no_split)
    pieces = reader.read(PORTFOLIO).pieces
    assert reservations([Quote(PORTFOLIO, (pieces[1],))], reader) == ("Andelarna gäller svar och inte kommuner.",)


def test_a_reservation_about_something_else_is_left_out() -> None:
    one = passage("Enkäten är ny. Bredbandet byggs ut. Vägarna är långa.\nObs: siffran om avgifter är osäker.")
    reader = PieceReader(no_split)
    assert reservations([Quote(one, (reader.read(one).pieces[0],))], reader) == ()


def test_a_quoted_reservation_is_not_repeated_as_a_note() -> None:
    one = passage("Obs: enkäten är liten.")
    reader = PieceReader(no_split)
    assert reservations([Quote(one, reader.read(one).pieces)], reader) == ()


def test_a_long_list_loses_items_from_its_end_only() -> None:
    items = [
        f"- Punkt nummer {n} handlar om bredband och tar plats i svaret som alla andra punkter." for n in range(40)
    ]
    one = passage("Listan om bredband har många punkter:\n" + "\n".join(items), kind=PassageKind.LIST)
    [first, *_] = quotes("Vilka punkter har listan om bredband?", one)
    lines = texts((first,))
    assert one.text.startswith("\n".join(lines))
    assert 2 < len(lines) < 40


WORDS = st.sampled_from(["bredband", "enkäten", "arkiv", "Tanum", "17", "2024", "utmaningar", "kommun", "mål", "avtal"])
SENTENCES = st.lists(WORDS, min_size=2, max_size=14).map(lambda words: f"Om {' '.join(words)}.")
LINES = st.one_of(SENTENCES, SENTENCES.map(lambda text: f"- {text}"), SENTENCES.map(lambda text: f"{text[:-1]}:"))
QUESTIONS = st.sampled_from(
    [
        "Vad är bredband?", "Vilka utmaningar finns för digitalisering?", "Hur många arkiv har Tanum?",
        "Vad är skillnaden mellan arkiv och enkäten?", "När tecknades avtal 2024?", "berätta om mål och bredband",
    ]
)  # fmt: skip


@settings(max_examples=60, deadline=None)
@given(st.lists(st.lists(LINES, min_size=1, max_size=25), min_size=1, max_size=5), QUESTIONS)
def test_whatever_is_found_the_answer_is_short_exact_and_without_repetition(bodies: list[list[str]], text: str) -> None:
    passages = [passage("\n".join(lines), id=f"p{n}") for n, lines in enumerate(bodies)]
    found = quotes(text, *passages)
    assert found
    for quote in found:
        assert quote.pieces
        assert quote.passage in passages
        assert all(piece.text in quote.passage.text for piece in quote.pieces)
        positions = [piece.position for piece in quote.pieces]
        assert positions == sorted(set(positions))
    quoted = [(quote.passage.id, piece.position) for quote in found for piece in quote.pieces]
    assert len(quoted) == len(set(quoted))
    assert sum(quote.length for quote in found) <= MAX_LENGTH <= 900
    assert problems(*render(found, {})) == ()


def test_what_is_compared_are_known_words_of_weight() -> None:
    one, two = Concept("arkiv", {"arkiv": 1.0}, 0.9, True), Concept("enkät", {"enkät": 1.0}, 0.8, True)
    unknown = Concept("finnsinte", {"finnsinte": 1.0}, 1.0, False)
    steering = Concept("skillnaden", {"skillnad": 1.0}, 0.1, True, generic=True)
    assert compared([steering, one, unknown, two]) == (one, two)
    assert compared([steering, one, unknown]) == ()
    assert compared([]) == ()


def test_a_list_whose_heading_asks_the_question_is_quoted_whole() -> None:
    duties = passage(
        "Lagen ställer dessa krav:\n- Kommunen ska anmäla sig.\n- Kommunen ska utbilda ledningen.",
        "Vad cybersäkerhetslagen kräver av kommunen",
        kind=PassageKind.LIST,
    )
    aside = passage("Cybersäkerhetslagen kräver inget nytt av bibliotek.", "Cybersäkerhetslagen och andra lagar")
    found = quotes("Vad kräver cybersäkerhetslagen av kommunen?", duties, aside)
    assert [piece.text for piece in found[0].pieces] == [
        "Lagen ställer dessa krav:",
        "- Kommunen ska anmäla sig.",
        "- Kommunen ska utbilda ledningen.",
    ]
