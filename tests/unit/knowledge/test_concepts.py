"""A question's concepts: what stands for each of them in the index, and how much hangs on it."""

from __future__ import annotations

import pytest

from knowledge.concepts import MAX_CONCEPTS, Concept, concepts, rarity, search_terms
from knowledge.question import understand
from knowledge.swedish.stems import stem
from knowledge.swedish.steps import ALL, Step
from tests.fakes.knowledge import MemoryIndex, WordList, passage, small_library

NONE = WordList()


def only(text: str, index: MemoryIndex, synonyms: WordList = NONE, context: tuple[str, ...] = ()) -> Concept:
    [found] = [one for one in concepts(understand(text, context), index, synonyms) if not one.carried]
    return found


@pytest.fixture(scope="module")
def index() -> MemoryIndex:
    return small_library()


def test_a_word_of_the_index_is_known_and_stands_for_itself(index: MemoryIndex) -> None:
    found = only("portföljstyrningen", index)
    assert found.known
    assert found.terms[stem("portföljstyrning")] == 1.0
    assert (found.corrected, found.generic, found.carried) == (False, False, False)


def test_parts_of_a_compound_count_less_than_the_word(index: MemoryIndex) -> None:
    found = only("incidentrapportering", MemoryIndex([passage("En incident ska följas av en rapportering.")]))
    assert found.known
    assert 0 < found.terms[stem("rapportering")] < 1.0


def test_a_word_that_the_index_lacks_in_every_form_is_unknown(index: MemoryIndex) -> None:
    found = only("vattenskoterförbud", index)
    assert not found.known
    assert not found.corrected


def test_a_synonym_stands_for_the_word_with_less_strength(index: MemoryIndex) -> None:
    found = only("hackerattack", index, WordList(("hackerattack", "incident")))
    assert found.known
    assert 0 < found.terms[stem("incident")] < 1.0


def test_a_synonym_of_several_words_does_not_stand_for_the_word(index: MemoryIndex) -> None:
    found = only("hackerattack", index, WordList(("hackerattack", "betydande incident")))
    assert stem("incident") not in found.terms
    assert stem("betydande") not in found.terms


def test_a_misspelt_word_is_corrected(index: MemoryIndex) -> None:
    found = only("portföljstynring", index)
    assert found.known
    assert found.corrected
    assert 0 < found.terms[stem("portföljstyrning")] < 1.0


def test_a_word_with_a_synonym_in_the_index_is_not_corrected(index: MemoryIndex) -> None:
    found = only("inciden", index, WordList(("inciden", "utmaningar")))
    assert not found.corrected


@pytest.mark.parametrize("name", ["nis3", "2024/1688"])
def test_names_and_law_numbers_are_never_corrected(index: MemoryIndex, name: str) -> None:
    assert not only(name, index).corrected


def test_a_word_found_only_inside_longer_words_is_known_by_them() -> None:
    index = MemoryIndex([passage("Kommunen har ett digitaliseringsråd och en cybersäkerhetslag.")])
    found = only("cybersäkerhet", index)
    assert found.known
    assert not found.corrected
    longer = [term for term in found.terms if term.startswith("cybersäkerhetsl")]
    assert longer
    assert 0 < found.terms[longer[0]] < 1.0


def test_a_rare_word_weighs_more_than_a_common_one() -> None:
    index = MemoryIndex([passage(f"Enkäten {n} visar läget.") for n in range(9)] + [passage("Enkäten om bredband.")])
    common, rare = concepts(understand("enkäten bredband"), index, NONE)
    assert rare.weight > common.weight > 0


def test_steering_words_are_generic_unless_they_are_all_there_is(index: MemoryIndex) -> None:
    both = concepts(understand("Vad säger rapporten om portföljstyrning?"), index, NONE)
    assert [one.generic for one in both if one.surface == "portföljstyrning"] == [False]
    assert all(one.generic for one in both if one.surface != "portföljstyrning")
    weights = {one.surface: one.weight for one in both}
    assert weights["portföljstyrning"] > weights["rapporten"]
    alone = concepts(understand("Vad säger rapporten?"), index, NONE)
    assert alone
    assert not any(one.generic for one in alone)


def test_what_is_carried_over_weighs_less_and_comes_last(index: MemoryIndex) -> None:
    found = concepts(understand("När anmäls den?", ["Vad är en betydande incident?"]), index, NONE)
    assert [one.carried for one in found] == sorted(one.carried for one in found)
    fresh = concepts(understand("incident"), index, NONE)[0]
    carried = next(one for one in found if one.surface == "incident")
    assert carried.carried
    assert 0 < carried.weight < fresh.weight
    terms = search_terms(found)
    assert terms[stem("incident")] < search_terms([fresh])[stem("incident")]


def test_a_word_asked_twice_is_one_concept(index: MemoryIndex) -> None:
    assert len(concepts(understand("portföljstyrning portföljstyrningen"), index, NONE)) == 1


def test_a_question_without_content_has_no_concepts(index: MemoryIndex) -> None:
    assert concepts(understand("och?"), index, NONE) == ()
    assert search_terms(()) == {}


def test_a_term_of_two_concepts_keeps_its_greatest_strength() -> None:
    strong = Concept("a", {"x": 1.0}, 1.0, True)
    weak = Concept("b", {"x": 0.4, "y": 0.5}, 1.0, True)
    assert search_terms([weak, strong]) == {"x": 1.0, "y": 0.5}


def test_rarity_falls_with_every_passage_that_holds_the_word() -> None:
    index = MemoryIndex([passage("enkät råd"), passage("enkät arkiv"), passage("enkät")])
    assert rarity("finnsinte", index) == 1.0
    assert 1.0 > rarity("råd", index) > rarity("enkät", index) >= 0.0


def test_rarity_in_an_empty_index_is_whole() -> None:
    assert rarity("ord", MemoryIndex([])) == 1.0


def test_a_name_with_another_number_is_unknown() -> None:
    [found] = concepts(understand("NIS 3"), small_library(), WordList())
    assert not found.known
    [held] = concepts(understand("NIS 2"), small_library(), WordList())
    assert held.known


def test_of_a_very_long_question_the_first_words_are_looked_at() -> None:
    words = [f"{a}{b}okänd" for a in "abcdefghij" for b in "klmnopqrst"]
    found = concepts(understand(" ".join(words)), small_library(), WordList())
    assert [one.surface for one in found] == words[:MAX_CONCEPTS]


TEXTS = (passage("Kommunernas digitaliseringsstrategi antogs."), passage("En incident ska anmälas."))


def without(*steps: Step) -> MemoryIndex:
    return MemoryIndex(TEXTS, steps=ALL.difference(steps))


def test_without_stems_only_the_same_form_is_known() -> None:
    assert only("kommunerna", MemoryIndex(TEXTS)).known is only("kommunernas", MemoryIndex(TEXTS)).known is True
    assert only("anmäler", MemoryIndex(TEXTS)).known
    assert not only("anmäler", without(Step.STEMS, Step.SPELLING)).known
    assert only("anmälas", without(Step.STEMS)).terms == {"anmälas": 1.0}


def test_without_stems_steering_words_still_are_generic() -> None:
    found = concepts(understand("Vad säger rapporten om incident?"), without(Step.STEMS), NONE)
    assert [one.generic for one in found] == [True, True, False]


def test_without_spelling_nothing_is_corrected() -> None:
    assert only("incidnet", MemoryIndex(TEXTS)).corrected
    assert not only("incidnet", without(Step.SPELLING)).known


def test_without_compounds_a_word_is_not_found_inside_longer_ones() -> None:
    assert only("strategi", MemoryIndex(TEXTS)).known
    assert not only("strategi", without(Step.COMPOUNDS)).known


def test_what_is_carried_over_goes_through_the_same_steps() -> None:
    found = concepts(understand("När anmäls den?", ["Vad är incidenter?"]), without(Step.STEMS), NONE)
    [carried] = [one for one in found if one.carried]
    assert next(iter(carried.terms)) == "incidenter"


def test_a_name_in_several_words_is_looked_for_by_its_words_where_all_are_held() -> None:
    index = MemoryIndex([passage("AI Act delar in system."), passage("Data delas.")])
    table = WordList(("ai-lagen", "AI Act"), ("dga", "Data Governance Act"), ("smidighet", "delar system"))
    law = only("ai-lagen", index, table)
    assert 0 < law.terms["act"] < law.terms["ai"]
    assert not only("dga", index, table).known
    assert only("smidighet", index, table).terms == {stem("smidighet"): 1.0}


def test_words_of_a_name_do_not_make_it_known() -> None:
    index = MemoryIndex([passage("Digital post."), passage("En marknad."), passage("Ett act.")])
    found = only("dma", index, WordList(("dma", "Digital Marknad Act")))
    assert found.terms["act"] > 0
    assert not found.known


def test_an_english_phrase_is_looked_for_by_the_words_of_what_it_means() -> None:
    index = MemoryIndex([passage("En allmän handling lämnas ut."), passage("Annat.")])
    table = WordList(("public record", "allmän handling"))
    asked = understand("Where can I get the public record?")
    assert all(one.known for one in concepts(asked, index, table) if one.surface in ("public", "record"))


def test_a_numbered_name_has_its_synonyms_however_it_is_written() -> None:
    index = MemoryIndex([passage("Cybersäkerhetslagen gäller.")])
    table = WordList(("nis 2", "cybersäkerhetslagen"))
    assert only("NIS 2", index, table).known
