"""The sheets on initiatives tell the same things in the same order, dated, and agree with the data on challenges."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest
import yaml

import knowledge
from ingest.loaders.markdown import MarkdownLoader
from ingest.model import BlockKind, LoadedDocument
from knowledge.swedish.tokens import sentences

LIBRARY = Path(knowledge.__file__).parent / "library"
SHEETS = (
    "id-federation",
    "sdk",
    "kompetensgemenskaper",
    "valfardsteknik",
    "ekonomiskt-bistand",
    "digital-post",
    "digitala-hjalpmedel",
    "smart-region-iot",
    "dataportal-vast",
    "millennium",
    "sml-it",
    "dalsland-forstudie",
    "e-arkiv-vast",
    "digitaliseringsradet",
    "dimios",
)
LONGEST_SENTENCE = 260
LONGEST_SECTION = 220

# What a reader asks about an initiative, in the order the sheets answer it: a pattern per heading.
ORDER = {
    "what it is and why": r"^Vad .+ (är|var) och varför ",
    "who runs it and who pays": r"^Vem som (driver|drev) och betala",
    "what a municipality gets": r"^Vad kommun(en|erna) (får|fick|skulle få) av ",
    "how a municipality joins, or why it cannot": (
        r"^(Hur kommunen (går med i|börjar använda|når) |Varför (kommunen inte kan gå|andra kommuner inte går) med i )"
    ),
    "what the report said": r"^Vad statusrapporten sa om .+ i maj 2024$",
    "what has happened since": r"^Vad som har hänt .*efter maj 2024",
    "which challenges it answers": r"^Vilka av rapportens utmaningar ",
}
STATE = re.compile(r"i november 2026$")
PAGE = re.compile(r"\(avsnitt \d(\.\d){1,2}, sid(an \d+|orna \d+ och \d+)\)")


class Section(NamedTuple):
    """What stands below one heading, as paragraphs and list rows."""

    heading: str
    texts: tuple[str, ...]

    @property
    def sentences(self) -> tuple[str, ...]:
        rows = (row.removeprefix("- ") for text in self.texts for row in text.split("\n"))
        return tuple(sentence for row in rows for sentence in sentences(row))

    @property
    def words(self) -> int:
        return sum(len(text.split()) for text in self.texts)


def sections_of(sheet: LoadedDocument) -> Iterator[Section]:
    heading, texts = "", list[str]()
    for block in sheet.blocks:
        if block.kind is not BlockKind.HEADING:
            texts.append(block.text)
            continue
        if heading:
            yield Section(heading, tuple(texts))
        heading, texts = block.text, []
    yield Section(heading, tuple(texts))


@pytest.fixture(scope="module", params=SHEETS)
def sheet(request: pytest.FixtureRequest) -> LoadedDocument:
    relative = f"initiativ/{request.param}.md"
    return MarkdownLoader().load(LIBRARY / relative, relative)


@pytest.fixture(scope="module")
def sections(sheet: LoadedDocument) -> tuple[Section, ...]:
    return tuple(sections_of(sheet))


@pytest.fixture(scope="module")
def challenges() -> list[dict[str, Any]]:
    data: dict[str, list[dict[str, Any]]] = yaml.safe_load((LIBRARY / "samband.yaml").read_text(encoding="utf-8"))
    return data["challenges"]


def test_a_sheet_says_where_it_comes_from_and_of_what_day_it_is(sheet: LoadedDocument) -> None:
    assert sheet.source
    assert sheet.as_of is not None
    assert sheet.as_of > "2024-05-17", "a sheet that is no younger than the report has nothing to add to it"


def test_the_reader_finds_the_same_answers_in_the_same_order(sections: tuple[Section, ...]) -> None:
    headings = [section.heading for section in sections]
    places = dict[str, int]()
    for answer, pattern in ORDER.items():
        matching = [place for place, heading in enumerate(headings) if re.search(pattern, heading)]
        assert len(matching) == 1, f"{answer}: {len(matching)} of the headings {headings}"
        places[answer] = matching[0]
    assert list(places.values()) == sorted(set(places.values())), headings
    state = [place for place, heading in enumerate(headings) if STATE.search(heading)]
    assert len(state) == 1, headings
    assert places["what has happened since"] <= state[0] < places["which challenges it answers"], headings


def test_the_report_is_cited_by_page_and_dated(sections: tuple[Section, ...]) -> None:
    (report,) = (section for section in sections if re.search(ORDER["what the report said"], section.heading))
    cited = [sentence for sentence in report.sentences if PAGE.search(sentence)]
    assert cited
    assert any("i maj 2024" in sentence.casefold() for sentence in cited)
    undated = [one for one in cited if not re.search(r"2024|Digital motor", one)]
    assert not undated


def test_the_present_state_is_not_told_in_the_words_of_the_report(sections: tuple[Section, ...]) -> None:
    (state,) = (section for section in sections if STATE.search(section.heading))
    assert any("november 2026" in sentence for sentence in state.sentences)
    assert not [sentence for sentence in state.sentences if PAGE.search(sentence)]


def test_challenges_agree_with_the_data(
    sheet: LoadedDocument, sections: tuple[Section, ...], challenges: list[dict[str, Any]]
) -> None:
    answered = sections[-1]
    told = dict[str, set[str]](direct=set(), indirect=set(), weak=set())
    for sentence in answered.sentences:
        named = {one["name"] for one in challenges if one["name"].casefold() in sentence.casefold()}
        if "svagt" in sentence:
            told["weak"] |= named
        elif re.search(r"\bindirekt\b", sentence):
            told["indirect"] |= named
        elif re.search(r"\bdirekt\b", sentence):
            told["direct"] |= named
        else:
            assert not named, f"{sentence!r} says neither direct nor indirect"
        for one in challenges:
            if one["name"] in named and "svagt" not in sentence:
                assert f"nummer {one['number']})" in sentence, sentence
    for strength in ("direct", "indirect"):
        linked = {
            one["name"]
            for one in challenges
            for initiative in one["initiatives"]
            if initiative["document"] == sheet.id and initiative["strength"] == strength
        }
        assert told[strength] == linked, strength
        assert not told["weak"] & linked


def test_sentences_and_sections_are_short_enough_to_quote(sections: tuple[Section, ...]) -> None:
    for section in sections:
        assert section.texts, section.heading
        assert section.words <= LONGEST_SECTION, section.heading
        for sentence in section.sentences:
            assert len(sentence) <= LONGEST_SENTENCE, sentence
