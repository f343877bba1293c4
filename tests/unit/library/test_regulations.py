"""The fact sheets on laws: built alike, dated, referenced, and plain on what is ahead or only proposed."""

from __future__ import annotations

import re
from datetime import date
from enum import StrEnum
from itertools import groupby, pairwise

import pytest

from knowledge.model import DocumentKind
from tests.unit.library.sheets import Section, Sheet, dates, read_folder

NUMBERS = {
    "ai-forordningen": ("2024/1689",),
    "cyberresiliensforordningen": ("2024/2847",),
    "cybersakerhetsakten": ("2019/881",),
    "dataforordningen": ("2023/2854",),
    "dataforvaltningsforordningen": ("2022/868",),
    "dataskydd-gdpr": ("2016/679",),
    "digital-tillganglighet-dos": ("2018:1937", "2016/2102"),
    "ehds-halsodata": ("2025/327",),
    "eidas2-digital-identitet": ("2024/1183", "910/2014"),
    "gigabitinfrastruktur": ("2024/1309",),
    "interoperabelt-europa": ("2024/903",),
    "nis2-cybersakerhetslagen": ("2022/2555", "2025:1506", "2025:1507"),
    "oppna-data": ("2022:818", "2019/1024"),
    "sdg-forordningen": ("2018/1724",),
}
"""The 14 sheets by document id, with the numbers of their acts."""

UNNAMED_IN_THE_REPORT = {"dataskydd-gdpr", "digital-tillganglighet-dos", "oppna-data"}

MOST_WORDS = 220
LONGEST_SENTENCE = 260
MOST_DEMANDS = 8

OFFICIAL = re.compile(
    r"https://(?:eur-lex\.europa\.eu/eli/(?:reg|dir)/\d{4}/\d+/oj"
    r"|www\.riksdagen\.se/sv/dokument-och-lagar/dokument/svensk-forfattningssamling/sfs-\d{4}-\d+)"
)
REFERENCE = re.compile(r"\bartik(?:el|larna) \d|\b\d+ kap\. \d|\b\d+(?: [a-z])? §")
AHEAD = "ligger framåt i tiden"
TOWARDS = re.compile(r"\bframåt\b|\b(?:från|senast|efter|före) den \d")
PROPOSAL = re.compile(r"COM\(\d{4}\) \d+|SOU \d{4}:\d+")
ADOPTED = {"COM(2025) 836"}
"""Proposals that have become law: (EU) 2026/1744."""
MARK = re.compile(r"\bförslag\b.*\binte gällande rätt\b")


class Part(StrEnum):
    """The parts that every sheet has, in this order."""

    WHAT = "what"
    SCOPE = "scope"
    DEMANDS = "demands"
    DATES = "dates"
    LAW = "law"
    SANCTIONS = "sanctions"
    STEPS = "steps"
    RELATIONS = "relations"
    REPORT = "report"
    WORDS = "words"


HEADINGS = {
    Part.WHAT: r"Vad .+ är",
    Part.SCOPE: r"(?:Vem|Vilka) .+ gäller för i kommunen.*",
    Part.DEMANDS: r"Vad .+ kräver av kommunen",
    Part.DATES: r"När .+ gäller: datum .+",
    Part.LAW: r"Svensk lag och tillsynsmyndighet för .+",
    Part.SANCTIONS: r"Sanktioner enligt .+",
    Part.STEPS: r"Råd om de tre första stegen med .+",
    Part.RELATIONS: r"Hur .+ hänger ihop med andra regelverk",
    Part.REPORT: r"Vad statusrapporten säger om .+ och vilka utmaningar som berörs",
    Part.WORDS: r"Ord i .+",
}


def part_of(section: Section) -> Part | None:
    """The part that a heading opens; None for a section that goes deeper into one matter."""
    return next((part for part, pattern in HEADINGS.items() if re.fullmatch(pattern, section.heading)), None)


def sections_of(sheet: Sheet, part: Part) -> list[Section]:
    return [section for section in sheet.sections if part_of(section) is part]


def items_of(sheet: Sheet, part: Part) -> list[str]:
    return [item for section in sections_of(sheet, part) for item in section.items]


def text_of(sheet: Sheet, part: Part) -> str:
    return "\n".join(section.text for section in sections_of(sheet, part))


def as_of(sheet: Sheet) -> date:
    assert sheet.document.as_of is not None
    return date.fromisoformat(sheet.document.as_of)


@pytest.fixture(scope="module")
def sheets() -> dict[str, Sheet]:
    return read_folder("regelverk")


@pytest.fixture(params=sorted(NUMBERS))
def sheet(request: pytest.FixtureRequest, sheets: dict[str, Sheet]) -> Sheet:
    return sheets[request.param]


def test_there_is_one_sheet_for_each_act(sheets: dict[str, Sheet]) -> None:
    assert set(sheets) == set(NUMBERS)


class TestFrontMatter:
    def test_is_a_regulation_with_a_day_and_an_official_link(self, sheet: Sheet) -> None:
        assert sheet.document.kind is DocumentKind.REGULATION
        assert sheet.document.as_of is not None
        assert OFFICIAL.fullmatch(sheet.document.url or ""), sheet.document.url

    def test_leaves_the_day_and_the_word_of_caution_to_the_program(self, sheet: Sheet) -> None:
        assert not sheet.document.notes

    def test_the_numbers_are_among_the_names_to_search_by(self, sheet: Sheet) -> None:
        assert set(NUMBERS[sheet.document.id]) <= set(sheet.document.aliases)


class TestSections:
    def test_all_parts_are_there_and_in_order(self, sheet: Sheet) -> None:
        found = [part for part, _ in groupby(filter(None, map(part_of, sheet.sections)))]
        assert found == list(Part)

    def test_what_goes_deeper_stands_between_sanctions_and_relations(self, sheet: Sheet) -> None:
        parts = [part_of(section) for section in sheet.sections]
        between = range(parts.index(Part.SANCTIONS), parts.index(Part.RELATIONS))
        deeper = [place for place, part in enumerate(parts) if part is None]
        assert all(place in between for place in deeper), [sheet.sections[place].heading for place in deeper]

    def test_none_is_long(self, sheet: Sheet) -> None:
        assert not [(section.heading, section.words) for section in sheet.sections if section.words > MOST_WORDS]

    def test_no_heading_stands_twice(self, sheet: Sheet) -> None:
        headings = [section.heading for section in sheet.sections]
        assert len(set(headings)) == len(headings)


class TestSentences:
    def test_are_short_enough_to_quote(self, sheet: Sheet) -> None:
        assert not [sentence for sentence in sheet.sentences if len(sentence) > LONGEST_SENTENCE]

    def test_are_written_once(self, sheet: Sheet) -> None:
        assert len(set(sheet.sentences)) == len(sheet.sentences)

    def test_are_told_apart(self, sheet: Sheet) -> None:
        # One that begins with a small letter (eIDAS) or follows “bilaga I.” would be quoted with the one before it.
        assert not [sentence for sentence in sheet.sentences if re.search(r"(?<!\bkap)\. \S", sentence)]


class TestWhatItIs:
    def test_states_number_and_kind_of_act(self, sheet: Sheet) -> None:
        text = text_of(sheet, Part.WHAT)
        assert all(number in text for number in NUMBERS[sheet.document.id])
        assert re.search(r"\b(?:EU-förordning|direktiv|svensk lag)\b", text)

    def test_nis_2_is_called_a_directive_though_the_report_calls_it_a_regulation(
        self, sheets: dict[str, Sheet]
    ) -> None:
        text = text_of(sheets["nis2-cybersakerhetslagen"], Part.WHAT)
        assert "Statusrapporten kallar NIS 2 för en förordning, men NIS 2 är ett direktiv." in text


class TestDemands:
    def test_are_few_and_each_has_its_reference(self, sheet: Sheet) -> None:
        items = items_of(sheet, Part.DEMANDS)
        assert 1 <= len(items) <= MOST_DEMANDS
        assert not [item for item in items if not REFERENCE.search(item)]


class TestDates:
    def test_come_oldest_first(self, sheet: Sheet) -> None:
        items = items_of(sheet, Part.DATES)
        days = [dates(item)[0] for item in items]
        assert len(days) >= 3
        assert all(earlier <= later for earlier, later in pairwise(days)), days

    def test_each_begins_with_its_day(self, sheet: Sheet) -> None:
        assert not [item for item in items_of(sheet, Part.DATES) if not re.match(r"Den \d{1,2} \w+ \d{4}\b", item)]

    def test_are_marked_as_ahead_if_and_only_if_they_are(self, sheet: Sheet) -> None:
        for item in items_of(sheet, Part.DATES):
            assert (AHEAD in item) == (dates(item)[0] > as_of(sheet)), item

    def test_that_are_ahead_are_nowhere_told_as_past(self, sheet: Sheet) -> None:
        for sentence in sheet.sentences:
            if any(day > as_of(sheet) for day in dates(sentence)):
                assert TOWARDS.search(sentence), sentence

    @pytest.mark.parametrize(
        ("document", "day"),
        [("ai-forordningen", date(2026, 12, 2)), ("eidas2-digital-identitet", date(2026, 12, 24))],
    )
    def test_the_two_nearest_are_there(self, sheets: dict[str, Sheet], document: str, day: date) -> None:
        assert day in [dates(item)[0] for item in items_of(sheets[document], Part.DATES)]


class TestProposals:
    def test_are_called_proposals_wherever_they_are_named(self, sheet: Sheet) -> None:
        for sentence in sheet.sentences:
            if PROPOSAL.search(sentence):
                assert re.search(r"försl|föresl", sentence, re.IGNORECASE), sentence

    def test_are_said_not_to_be_law(self, sheet: Sheet) -> None:
        named = set(PROPOSAL.findall("\n".join(sheet.sentences))) - ADOPTED
        marked = {name for sentence in sheet.sentences if MARK.search(sentence) for name in PROPOSAL.findall(sentence)}
        assert named <= marked, named - marked

    def test_among_the_dates_carry_the_mark_themselves(self, sheet: Sheet) -> None:
        for item in items_of(sheet, Part.DATES):
            if "föresl" in item or PROPOSAL.search(item):
                assert MARK.search(item), item


class TestFirstSteps:
    def test_are_three(self, sheet: Sheet) -> None:
        assert len(items_of(sheet, Part.STEPS)) == 3

    def test_are_said_to_be_advice(self, sheet: Sheet) -> None:
        assert "inte krav i lagen" in text_of(sheet, Part.STEPS)
        assert all(item.startswith("Ett råd om ") for item in items_of(sheet, Part.STEPS))


class TestReport:
    def test_section_and_page_are_given(self, sheet: Sheet) -> None:
        text = text_of(sheet, Part.REPORT)
        assert re.search(r"\bavsnitt 3\.1\.1\b", text)
        assert re.search(r"\bsid(?:an|orna) (?:9|10)\b", text)

    def test_a_fault_of_the_report_is_called_one(self, sheet: Sheet) -> None:
        assert re.search(r"^(?:Fel|Brist) i rapporten: ", text_of(sheet, Part.REPORT), re.MULTILINE) or (
            sheet.document.id in UNNAMED_IN_THE_REPORT
        )

    def test_the_challenges_are_named_by_number_or_said_to_be_none(self, sheet: Sheet) -> None:
        text = text_of(sheet, Part.REPORT)
        numbers = [int(number) for number in re.findall(r"\(nummer (\d+)\)", text)]
        assert numbers == sorted(set(numbers))
        assert all(1 <= number <= 21 for number in numbers)
        assert numbers or "Ingen av rapportens 21 utmaningar" in text
