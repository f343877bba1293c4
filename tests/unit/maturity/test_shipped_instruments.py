"""The shipped instruments ask what the survey of 2024 asked, in its words, of those whom it concerns."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

import pytest

from bot.knowledge_base import LIBRARY
from bot.maturity.instrument import Instrument, Item, Kind, Wording
from bot.maturity.instrument_file import INSTRUMENTS, load_folder, parse
from knowledge.survey.loading import load
from knowledge.survey.model import DONT_KNOW, Baseline

SURVEY = load(LIBRARY / "enkat-2024.yaml")
ASKED_IN_2024 = {item.id: item for item in SURVEY.items if item.baseline is not Baseline.NONE}
SHIPPED = load_folder(INSTRUMENTS)
CHECK, SHORT = SHIPPED["fyrbodal-mognad"], SHIPPED["kort-avstamning"]
ITEMS = {item.id: item for item in CHECK.items}
BOTH = pytest.mark.parametrize("instrument", [CHECK, SHORT], ids=lambda each: each.id)

AS_PRINTED = {
    "samv_erfarenhet": "Vår förvalning har goda erfarenheter av samarbeten med andra kommuner",
    "informationssakerhet": "Hur väl etablerad är informationssäkerhetsarbetet i kommunen?",
    "processorientering": "Hur väl etablerat är processorienterade arbetssätt i er förvaltning",
    "innovationskultur": (
        "Hur väl utvecklad är er förvaltnings kultur när det gäller innovation och att prova nya digitala lösningar"
    ),
    "oronmarkta_medel": (
        "Hur skulle du beskriva er förvaltnings finansiering av digitalisering med avseende på att avsätta specifika "
        "öronmärka ekonomiska medel?"
    ),
    "nyttorealisering": "Hur väl etablerat är nyttokalkyler och nyttorealisering i er förvaltning?",
    "sdk": "Hur långt har ni kommit i införandet av Säkert Digital Kommunikation (SDK)?",
}
"""Questions with typing errors as the report prints them; everything else is word for word what was asked."""

ASKED = {
    "it_nara": [
        *("digital_mognad", "bestallarkompetens", "systemforvaltning", "arkitekturstyrning", "infrastruktur"),
        *("teknisk_skuld", "sdk", "kompetensmix", "fri_initiativ"),
    ],
    "overgripande": [
        *("portfoljstyrning", "projektstyrning", "informationshantering", "informationssakerhet", "digital_mognad"),
        *("forum", "roller", "fri_initiativ"),
    ],
    "verksamhetsnara": [
        *("samv_erfarenhet", "samv_ledning", "digital_mognad", "processorientering", "innovationskultur", "org_hinder"),
        *("digital_kompetens", "oronmarkta_medel", "nyttorealisering", "it_miljo", "tekniska_hinder"),
        *("fri_initiativ", "fri_mal"),
    ],
}
"""What a role is asked, in order, before anything is answered."""


def ids(instrument: Instrument, *roles: str, **codes: str) -> list[str]:
    return [item.id for item in instrument.routed(roles, {item: (code,) for item, code in codes.items()})]


def wordings(instrument: Instrument) -> Iterator[tuple[str, Wording]]:
    """Every text of an instrument, with where it stands."""
    yield "title", instrument.title
    yield from ((area.id, area.title) for area in instrument.areas)
    yield from ((operation.id, operation.title) for operation in instrument.operations)
    for role in instrument.roles:
        yield from ((role.id, text) for text in (role.title, role.help) if text)
    for item in instrument.items:
        yield from ((item.id, text) for text in (item.topic, item.question, item.help) if text)
        for option in item.options:
            yield from ((f"{item.id}.{option.code}", text) for text in (option.label, option.level) if text)


class TestComparedWith2024:
    def test_every_question_of_the_survey_is_asked_again_and_one_follows_up(self) -> None:
        assert len(ASKED_IN_2024) == 26
        assert {item.baseline for item in CHECK.items} - {""} == set(ASKED_IN_2024)
        assert all(item.baseline in ("", item.id) for item in CHECK.items)
        assert [item.id for item in CHECK.items if not item.baseline] == ["systemforvaltning_modell"]

    @pytest.mark.parametrize("item", ASKED_IN_2024)
    def test_it_is_asked_word_for_word(self, item: str) -> None:
        assert ITEMS[item].question.sv == ASKED_IN_2024[item].question

    @pytest.mark.parametrize("item", AS_PRINTED)
    def test_only_typing_errors_are_corrected(self, item: str) -> None:
        asked = re.findall(r"\w+", ITEMS[item].question.sv)
        printed = re.findall(r"\w+", AS_PRINTED[item])
        differing = [(one, other) for one, other in zip(asked, printed, strict=True) if one != other]
        assert ITEMS[item].question.sv != AS_PRINTED[item]
        assert len(differing) <= 3
        assert all(one[:5].lower() == other[:5].lower() for one, other in differing)

    @pytest.mark.parametrize("item", [item for item in CHECK.items if item.baseline], ids=lambda item: item.id)
    def test_the_options_are_the_surveys_own(self, item: Item) -> None:
        before = ASKED_IN_2024[item.baseline]
        scale = {level.code: level for level in SURVEY.scales.get(before.scale, ())}
        answers = [option for option in before.options if option.code != DONT_KNOW]
        own = [option for option in item.options if not option.exclusive]
        if not answers:
            return
        assert [option.code for option in own] == [answer.code for answer in answers]
        for option, answer in zip(own, answers, strict=True):
            label = scale[answer.code].label if scale else answer.label
            assert option.label.sv == label
            if not answer.differs:
                assert answer.label.casefold() in {word.casefold() for word in (option.label.sv, *option.forms)}

    def test_its_statements_without_a_printed_scale_have_the_surveys_scale_for_statements(self) -> None:
        labels = [level.label for level in SURVEY.scales["instammande6"]]
        for item in ("samv_erfarenhet", "samv_ledning", "infrastruktur"):
            assert [option.label.sv for option in ITEMS[item].options] == labels

    @pytest.mark.parametrize("item", [item for item in CHECK.items if item.baseline], ids=lambda item: item.id)
    def test_levels_are_described_as_the_knowledge_base_describes_them(self, item: Item) -> None:
        told = {option.code: option.level for option in ASKED_IN_2024[item.baseline].options if option.level}
        described = {option.code: option.level.sv for option in item.options if option.level}
        assert {code: described.get(code) for code in told} == told


class TestRouting:
    @pytest.mark.parametrize("role", ASKED)
    def test_a_role_is_asked_what_concerns_it(self, role: str) -> None:
        assert ids(CHECK, role) == ASKED[role]

    def test_two_roles_are_asked_what_both_are_each_item_once_in_order(self) -> None:
        both = ids(CHECK, "it_nara", "overgripande")
        assert set(both) == {*ASKED["it_nara"], *ASKED["overgripande"]}
        assert both == [item.id for item in CHECK.items if item.id in both]

    @pytest.mark.parametrize("level", ["1", "2", "3", "4", "5"])
    def test_those_who_have_a_model_are_asked_which(self, level: str) -> None:
        asked = ids(CHECK, "it_nara", systemforvaltning=level)
        assert asked[asked.index("systemforvaltning") + 1] == "systemforvaltning_modell"

    def test_those_without_a_model_and_other_roles_are_not(self) -> None:
        assert "systemforvaltning_modell" not in ids(CHECK, "it_nara", systemforvaltning="0")
        assert "systemforvaltning_modell" not in ids(CHECK, "overgripande", systemforvaltning="3")

    def test_open_questions_come_last_and_the_others_area_by_area(self) -> None:
        kinds = [item.kind is Kind.TEXT for item in CHECK.items]
        assert kinds == sorted(kinds)
        order = [area.id for area in CHECK.areas]
        closed = [order.index(item.area) for item in CHECK.items if item.kind is not Kind.TEXT]
        assert closed == sorted(closed)

    def test_what_only_those_close_to_it_are_asked_is_the_organisations_statement(self) -> None:
        statements = {item.id for item in CHECK.items if CHECK.is_official(item)}
        assert statements == {*ASKED["it_nara"], "systemforvaltning_modell"} - {"digital_mognad", "fri_initiativ"}
        assert not any(SHORT.is_official(item) for item in SHORT.items)

    def test_everybody_is_asked_the_same_where_there_are_no_roles(self) -> None:
        assert len(ids(SHORT)) == len(SHORT.items) == 5


class TestWhoIsAsked:
    def test_the_fourteen_municipalities_and_an_organisation_of_three(self) -> None:
        alone = [organisation for organisation in CHECK.organisations if not organisation.shared]
        assert len(alone) == 14
        assert all(organisation.municipalities == (organisation.id,) for organisation in alone)
        shared = CHECK.organisation("sml-it")
        assert shared is not None
        assert shared.municipalities == ("lysekil", "munkedal", "sotenas")
        assert SHORT.organisations == tuple(alone)

    def test_ten_areas_of_operation_and_three_roles_with_a_sentence_each(self) -> None:
        assert len(CHECK.operations) == 10
        assert [role.id for role in CHECK.roles] == list(ASKED)
        assert all(role.help for role in CHECK.roles)
        assert CHECK.official_roles == {"it_nara"}
        assert (SHORT.roles, SHORT.operations) == ((), ())

    def test_answers_about_security_are_marked(self) -> None:
        assert [item.id for item in CHECK.items if item.security] == ["informationssakerhet", "teknisk_skuld"]


@BOTH
class TestTexts:
    def test_every_level_is_described(self, instrument: Instrument) -> None:
        levels = [(item.id, option) for item in instrument.items for option in item.options if item.kind is Kind.LEVEL]
        assert [(item, option.code) for item, option in levels if option.level is None] == []

    def test_sentences_are_whole_and_plain(self, instrument: Instrument) -> None:
        sentences = [(item.id, item.help) for item in instrument.items] + [
            (f"{item.id}.{option.code}", option.level) for item in instrument.items for option in item.options
        ]
        for place, sentence in sentences:
            for text in (sentence.sv, sentence.en) if sentence else ():
                assert re.fullmatch(r"[A-ZÅÄÖ].*\.", text), place
                assert len(text) <= 160, place

    def test_no_text_is_loud_or_left_in_the_other_language(self, instrument: Instrument) -> None:
        for place, text in wordings(instrument):
            assert "!" not in text.sv + text.en, place
            assert not re.search("[åäöÅÄÖ]", text.en), place
            if " " in text.sv:
                assert text.sv != text.en or text.sv.endswith("(ESM)"), place

    def test_topics_tell_the_items_apart(self, instrument: Instrument) -> None:
        for language in ("sv", "en"):
            topics = Counter(item.topic.say(language) for item in instrument.items)
            assert [topic for topic, times in topics.items() if times > 1] == []

    def test_the_source_gives_the_same_instrument_again(self, instrument: Instrument) -> None:
        assert parse(instrument.source, "stored.yaml") == instrument


def test_every_item_of_the_check_says_what_is_meant() -> None:
    assert [item.id for item in CHECK.items if item.help is None] == []


def test_both_are_short_enough_for_the_minutes_they_promise() -> None:
    assert (CHECK.minutes, SHORT.minutes) == (6, 2)
    for role in ASKED:
        assert len(ids(CHECK, role, systemforvaltning="3")) <= 13
