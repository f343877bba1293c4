"""The advice: true to the library, on every answer, in plain words, and chosen by the rule that is written down."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given as over
from hypothesis import settings
from hypothesis import strategies as st

from bot.knowledge_base import LIBRARY
from bot.maturity.advice_file import FOLDER, load_advice, parse_advice
from bot.maturity.errors import DataInvalid
from bot.maturity.instrument import Item, Kind, Null
from bot.maturity.instrument_file import INSTRUMENTS, load_folder
from bot.maturity.ports import Sources
from bot.maturity.recommendations import Advice, AdviceFile, Quote, Recommendation, choose
from bot.maturity.session import Given
from bot.serving import ServedKnowledge
from knowledge.adapters.generation import GenerationStore
from knowledge.advisor import Advisor
from knowledge.ports import Index
from knowledge.relations import Challenge, load
from knowledge.swedish.tokens import sentences
from tests.fakes.knowledge import MemoryIndex, ShownKeys, WordList
from tests.fakes.library import FACTS, publish_generation
from tests.unit.ingest.report import report_text
from tests.unit.library.reading import passages
from tests.unit.library.runs import runs

INSTRUMENT = load_folder(INSTRUMENTS)["fyrbodal-mognad"]
CHALLENGES = {challenge.id: challenge for challenge in load(LIBRARY / "samband.yaml").challenges}


def shipped() -> AdviceFile:
    found = load_advice(INSTRUMENT)
    assert found is not None
    return found


ADVICE = shipped()


def all_advice() -> Iterator[tuple[str, Advice]]:
    for own in ADVICE.items.values():
        yield from ((own.item, one) for one in dict.fromkeys(own.levels.values()))
        yield from ((own.item, gap.advice) for gap in own.gaps)


def quotes() -> list[Quote]:
    told = [quote for _, one in all_advice() for quote in (*one.sources, *one.initiatives)]
    return list(dict.fromkeys(told))


def said_of(challenge: Challenge) -> set[str]:
    helps, rules = [one.why for one in challenge.initiatives], [one.why for one in challenge.regulations]
    return {challenge.summary, challenge.risk, *helps, *rules}


EVERY = [pytest.param(item, one, id=f"{item}: {one.title.sv}") for item, one in all_advice()]


# ------------------------------------------------------------------------------------------------- what the file holds


def test_every_quote_is_one_sentence_of_the_library_word_for_word() -> None:
    held: dict[str, set[str]] = {}
    for passage in passages():
        told = {" ".join(text.split()).removeprefix("- ") for text in sentences(passage.text)}
        held.setdefault(passage.document, set()).update(told)
    assert [quote for quote in quotes() if quote.quote not in held.get(quote.document, ())] == []


def test_every_answer_that_can_be_given_has_its_advice() -> None:
    for item in INSTRUMENT.items:
        if item.kind is Kind.LEVEL:
            assert set(ADVICE.items[item.id].levels) == {option.code for option in item.options}
            assert len(set(ADVICE.items[item.id].levels.values())) == 3, item.id
        elif item.kind is Kind.CHOICES:
            told = [code for gap in ADVICE.items[item.id].gaps for code in gap.codes]
            assert sorted(told) == sorted(option.code for option in item.options if not option.exclusive)


def test_obstacles_count_where_they_are_chosen_and_forums_where_they_are_missing() -> None:
    missing = {item: {gap.missing for gap in own.gaps} for item, own in ADVICE.items.items() if own.gaps}
    assert missing == {"forum": {True}, "roller": {True}, "org_hinder": {False}, "tekniska_hinder": {False}}


@pytest.mark.parametrize(("item", "advice"), EVERY)
def test_a_challenge_is_spoken_of_in_its_own_sentences(item: str, advice: Advice) -> None:
    """What is quoted about a numbered challenge is said of it, and help that is direct goes first."""
    assert advice.sources
    assert advice.initiatives
    challenge = CHALLENGES.get(advice.challenge)
    if challenge is None:
        assert advice.challenge in ("samverkan", "innovation", "expertis")
        return
    everything = {text for one in CHALLENGES.values() for text in said_of(one)}
    own = said_of(challenge)
    told = {quote.quote for quote in (*advice.sources, *advice.initiatives) if quote.document == "utmaningar-och-stod"}
    assert told <= everything
    assert len(told - own) <= 1
    if challenge.direct and ADVICE.items[item].levels:
        direct = {one.document for one in challenge.direct} | {one.why for one in challenge.direct}
        assert any({quote.document, quote.quote} & direct for quote in advice.initiatives)


@pytest.mark.parametrize(("item", "advice"), EVERY)
def test_a_text_is_two_to_four_plain_sentences_in_both_languages(item: str, advice: Advice) -> None:
    for text in (advice.text.sv, advice.text.en):
        parts = sentences(text)
        assert 2 <= len(parts) <= 4, text
        assert max(map(len, parts)) <= 260, text
    for title in (advice.title.sv, advice.title.en):
        assert len(title) <= 80
        assert not title.endswith(".")
    everything = " ".join((advice.title.sv, advice.text.sv, advice.title.en, advice.text.en)).lower()
    loud = (
        r"!|\b(?:bra jobbat|snyggt|grattis|vi|ni|er|era|måste|tyvärr|well done|great|excellent|we|our|unfortunately)\b"
    )
    assert re.findall(loud, everything) == []


def test_every_text_is_written_once() -> None:
    told = [one for _, one in all_advice()]
    assert len({one.title.sv for one in told}) == len({one.text.sv for one in told}) == len(told)
    assert len({one.title.en for one in told}) == len({one.text.en for one in told}) == len(told)


def test_no_run_of_eight_words_is_shared_with_the_report() -> None:
    report = set(runs(report_text()))
    assert [
        one.title.sv for _, one in all_advice() if report.intersection(runs(f"{one.title.sv}. {one.text.sv}"))
    ] == []


# ------------------------------------------------------------------------------------------------ what the file may be


def lines(text: str) -> str:
    return f"""\
instrument: fyrbodal-mognad
unknown:
  weighs: 70
  title: {{sv: "Ta reda på: {{topic}}", en: "Find out: {{topic}}"}}
  text: {{sv: Fråga någon., en: Ask somebody.}}
items:
{text}"""


BAND = "title: {sv: Gör, en: Do}, text: {sv: Så här., en: Like this.}"
HEAD = "  - item: portfoljstyrning\n    challenge: U01\n    sources: [{document: d, quote: Så är det.}]\n"
GAPS = "  - item: org_hinder\n    challenge: U12\n    sources: [{document: d, quote: Så är det.}]\n"
HINDERS = "forandringstrangsel, expertis, ledarskap, motstand, samarbete"


@pytest.mark.parametrize(
    ("text", "line", "what"),
    [
        ("  - item: okand\n", 7, "has no item 'okand'"),
        ("  - item: fri_mal\n", 7, "advice on levels stands under bands"),
        (f"{HEAD}    chosen:\n      - {{options: [a], weighs: 1, {BAND}}}\n", 7, "advice on levels stands under bands"),
        (f"{HEAD}    bands:\n      - {{levels: 0-2, {BAND}}}\n      - {{levels: 4-5, {BAND}}}\n", 12, "level 3"),
        (f"{HEAD}    bands:\n      - {{levels: 0-2, {BAND}}}\n      - {{levels: 2-5, {BAND}}}\n", 12, "level 3"),
        (f"{HEAD}    bands:\n      - {{levels: 0-6, {BAND}}}\n", 11, "the levels 0 to 5"),
        (f"{HEAD}    bands:\n      - {{levels: 0-4, {BAND}}}\n", 11, "has 6 levels, and 5 have advice"),
        (f"{HEAD}    bands:\n      - {{levels: låg, {BAND}}}\n", 11, "not a band"),
        (f"{GAPS}    chosen:\n      - {{options: [expertis], weighs: 1, {BAND}}}\n", 11, "forandringstrangsel"),
        (f"{GAPS}    chosen:\n      - {{options: [inget], weighs: 1, {BAND}}}\n", 11, "'inget' is no option"),
        (f"{GAPS}    chosen:\n      - {{options: [{HINDERS}], weighs: 101, {BAND}}}\n", 11, "between 0 and 100"),
        (f"  - item: org_hinder\n    chosen:\n      - {{options: [{HINDERS}], weighs: 9, {BAND}}}\n", 9, "are needed"),
    ],
)
def test_advice_that_does_not_fit_the_instrument_is_refused_with_its_line(text: str, line: int, what: str) -> None:
    with pytest.raises(DataInvalid, match=what) as raised:
        parse_advice(lines(text), "prov.yaml", INSTRUMENT)
    assert (raised.value.file, raised.value.line) == ("prov.yaml", line)


def test_what_stands_at_the_item_is_shared_by_its_bands() -> None:
    own = "initiatives: [{document: e, quote: Någon hjälper.}]"
    text = f"{HEAD}    bands:\n      - {{levels: 0-2, {BAND}}}\n      - {{levels: 3-5, {BAND}, {own}}}\n"
    levels = parse_advice(lines(text), "prov.yaml", INSTRUMENT).items["portfoljstyrning"].levels
    assert {code: (one.challenge, len(one.sources), len(one.initiatives)) for code, one in levels.items()} == {
        **dict.fromkeys("012", ("U01", 1, 0)),
        **dict.fromkeys("345", ("U01", 1, 1)),
    }


def test_an_instrument_without_a_file_has_no_advice(tmp_path: Path) -> None:
    assert load_advice(INSTRUMENT, tmp_path) is None
    assert load_advice(INSTRUMENT, tmp_path, FOLDER) == ADVICE
    assert choose(None, INSTRUMENT, INSTRUMENT.items, {}) == ()
    others = [one for one in load_folder(INSTRUMENTS).values() if one.id != INSTRUMENT.id]
    assert [load_advice(one) for one in others] == [None] * len(others)
    assert {path.stem for path in FOLDER.glob("*.yaml")} == {INSTRUMENT.id}


def test_the_advice_of_another_instrument_is_refused(tmp_path: Path) -> None:
    (tmp_path / f"{INSTRUMENT.id}.yaml").write_text("instrument: annat\nunknown: 1\nitems: 1\n", encoding="utf-8")
    with pytest.raises(DataInvalid, match="named after the instrument"):
        load_advice(INSTRUMENT, tmp_path, FOLDER)
    (tmp_path / f"{INSTRUMENT.id}.yaml").write_bytes(b"\xff\xfe")
    with pytest.raises(DataInvalid, match="UTF-8"):
        load_advice(INSTRUMENT, tmp_path)


# ---------------------------------------------------------------------------------------------------------- the choice


def chosen(roles: tuple[str, ...], answers: dict[str, Given], count: int = 3) -> list[Recommendation]:
    return list(choose(ADVICE, INSTRUMENT, INSTRUMENT.routed(roles, {}), answers, count))


def levels_of(roles: tuple[str, ...], code: str, **others: str) -> dict[str, Given]:
    items = [item for item in INSTRUMENT.routed(roles, {}) if item.kind is Kind.LEVEL]
    return {item.id: Given(codes=(others.get(item.id, code),)) for item in items}


def test_the_lowest_answers_come_first_with_the_text_for_their_level() -> None:
    answers = levels_of(("it_nara",), "4", sdk="0", infrastruktur="3", kompetensmix="2")
    told = chosen(("it_nara",), answers)
    assert [(one.item, one.index) for one in told] == [("sdk", 0), ("kompetensmix", 40), ("infrastruktur", 60)]
    assert [one.advice for one in told] == [
        ADVICE.items["sdk"].levels["0"],
        ADVICE.items["kompetensmix"].levels["2"],
        ADVICE.items["infrastruktur"].levels["3"],
    ]


def test_all_answers_high_gives_the_texts_for_high_levels() -> None:
    told = chosen(("it_nara",), levels_of(("it_nara",), "4"))
    assert len(told) == 3
    assert all(one.advice == ADVICE.items[one.item].levels["4"] for one in told)


def test_of_equal_answers_one_from_each_area_is_taken_first() -> None:
    told = chosen(("verksamhetsnara",), levels_of(("verksamhetsnara",), "1", digital_mognad="3"))
    assert [(one.item, one.area) for one in told] == [
        ("samv_erfarenhet", "samverkan"),
        ("processorientering", "organisation"),
        ("oronmarkta_medel", "ekonomi"),
    ]


def test_an_obstacle_that_was_chosen_is_a_gap_and_none_of_these_is_not() -> None:
    high = levels_of(("verksamhetsnara",), "4")
    told = chosen(("verksamhetsnara",), high | {"org_hinder": Given(codes=("motstand",))})
    assert (told[0].item, told[0].advice.challenge) == ("org_hinder", "U13")
    assert "org_hinder" not in [
        one.item for one in chosen(("verksamhetsnara",), high | {"org_hinder": Given(codes=("inget",))}, 20)
    ]


def test_a_forum_that_was_not_named_is_a_gap_and_one_that_was_is_not() -> None:
    high = levels_of(("overgripande",), "5", digital_mognad="4")
    forum = INSTRUMENT.item("forum")
    assert forum is not None
    everything = [option.code for option in forum.options if not option.exclusive]
    some = tuple(code for code in everything if code not in ("digitaliseringsrad", "samverkansforum"))
    told = chosen(("overgripande",), high | {"forum": Given(codes=some)})
    assert [(one.item, one.advice.challenge) for one in told if one.item == "forum"] == [("forum", "U07")]
    for full in (tuple(everything), (*some, "samverkansforum")):
        assert "forum" not in [one.item for one in chosen(("overgripande",), high | {"forum": Given(codes=full)}, 20)]
    none = chosen(("overgripande",), high | {"forum": Given(codes=("inget",))}, 20)
    assert len([one for one in none if one.item == "forum"]) == len(ADVICE.items["forum"].gaps)


def test_the_same_challenge_is_advised_on_once() -> None:
    both = levels_of(("it_nara", "verksamhetsnara"), "4", kompetensmix="0", it_miljo="0")
    told = chosen(("it_nara", "verksamhetsnara"), both)
    assert [one.item for one in told if one.advice.challenge == "U20"] == ["kompetensmix"]


def test_who_knows_nothing_is_advised_to_find_out() -> None:
    roles = ("overgripande",)
    told = chosen(roles, {item.id: Given(null=Null.DONT_KNOW) for item in INSTRUMENT.routed(roles, {})})
    assert len(told) == 3
    for one in told:
        item = INSTRUMENT.item(one.item)
        assert item is not None
        assert one.advice.title.sv == f"Ta reda på läget: {item.topic.sv}"
        assert item.topic.en in one.advice.title.en
        assert one.advice.sources
    assert len({one.area for one in told}) == 2


def test_not_knowing_goes_before_what_already_works_and_after_what_does_not() -> None:
    answers = levels_of(("it_nara",), "4", infrastruktur="3") | {"sdk": Given(null=Null.DONT_KNOW)}
    assert [one.item for one in chosen(("it_nara",), answers)][:2] == ["infrastruktur", "sdk"]


@pytest.mark.parametrize("null", [Null.SKIPPED, Null.NOT_APPLICABLE])
def test_what_was_skipped_or_does_not_apply_gives_no_advice(null: Null) -> None:
    assert chosen(("it_nara",), {item.id: Given(null=null) for item in INSTRUMENT.items}) == []


def answer_to(item: Item) -> st.SearchStrategy[Given]:
    codes = [option.code for option in item.options]
    nulls = st.sampled_from(Null).map(lambda null: Given(null=null))
    if item.kind is Kind.TEXT:
        return st.just(Given(text="mål"))
    if item.kind is Kind.CHOICES:
        several = st.sets(st.sampled_from(codes), min_size=1).map(lambda chosen: Given(codes=tuple(sorted(chosen))))
        return st.one_of(several, nulls)
    return st.one_of(st.sampled_from(codes).map(lambda code: Given(codes=(code,))), nulls)


ANSWERS = st.fixed_dictionaries({}, optional={item.id: answer_to(item) for item in INSTRUMENT.items})
ROLES = st.sets(st.sampled_from([role.id for role in INSTRUMENT.roles]), min_size=1)


@settings(max_examples=60, deadline=None)
@over(ROLES, ANSWERS)
def test_whatever_is_answered_the_choice_keeps_its_promises(roles: set[str], answers: dict[str, Given]) -> None:
    items = INSTRUMENT.routed(roles, {item: given.codes for item, given in answers.items()})
    told = choose(ADVICE, INSTRUMENT, items, answers)
    assert told == choose(ADVICE, INSTRUMENT, items, dict(reversed(answers.items())))
    assert len(told) <= 3
    assert len({one.advice.challenge for one in told}) == len(told)
    assert [one.index for one in told] == sorted(one.index for one in told)
    assert {one.item for one in told} <= {item.id for item in items} & answers.keys()
    assert "{topic}" not in "".join(one.advice.title.sv + one.advice.text.en for one in told)
    if any(answers[item.id].null is None for item in items if item.kind is Kind.LEVEL and item.id in answers):
        assert told


# --------------------------------------------------------------------------------------- finding a quote while serving


def advise(index: Index) -> Advisor:
    return Advisor(index, None, WordList(), ShownKeys())


class OneIndex:
    """Implements `bot.serving.Generations` with an index in memory."""

    def __init__(self, index: Index) -> None:
        self._index = index

    def current(self) -> str:
        return self._index.generation

    def refresh(self) -> None:
        return None

    def open(self, model: str | None) -> Index:
        return self._index


@pytest.fixture(scope="module")
def whole_library() -> MemoryIndex:
    return MemoryIndex(passages())


@pytest.mark.slow
async def test_every_quote_is_found_in_the_library_that_is_served(whole_library: MemoryIndex) -> None:
    served: Sources
    served = knowledge = ServedKnowledge(OneIndex(whole_library), advise, model=None)
    await knowledge.load()
    for quote in quotes():
        found = served.quoted(quote.document, quote.quote)
        assert found is not None, quote
        assert found.document == quote.document
        assert quote.quote in " ".join(found.text.split())
    assert len(whole_library.lexical_searches) == len(quotes())


async def test_a_sentence_is_found_in_its_own_document_only_and_with_the_generation(tmp_path: Path) -> None:
    [sentence, other] = FACTS.values()
    await asyncio.to_thread(publish_generation, tmp_path)
    knowledge = ServedKnowledge(GenerationStore(tmp_path), advise, model=None)
    assert knowledge.quoted("prov", sentence) is None
    await knowledge.load()
    found = knowledge.quoted("prov", sentence.replace(" ", "\n  "))
    assert found is not None
    assert found.headings == ("Portföljstyrning",)
    assert knowledge.quoted("annat", sentence) is None
    assert knowledge.quoted("prov", sentence.replace("17", "18")) is None
    await asyncio.to_thread(publish_generation, tmp_path, {"Fyrar": other})
    assert await knowledge.reload()
    assert knowledge.quoted("prov", sentence) is None
    assert knowledge.quoted("prov", other) is not None
