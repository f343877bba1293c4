"""The library is in our own words, in sentences that stand alone, and every passage can be found by a question."""

from __future__ import annotations

import re
from collections import Counter
from functools import cache

import pytest

from bot.knowledge_base import LIBRARY
from knowledge.model import Passage, PassageKind
from knowledge.survey.loading import load
from knowledge.swedish.tokens import sentences
from tests.unit.ingest.report import report_text
from tests.unit.library.reading import passages
from tests.unit.library.runs import runs

LONGEST = 260


@cache
def _sentences() -> list[tuple[Passage, str]]:
    return [(passage, text) for passage in passages() for text in sentences(passage.text)]


def test_no_run_of_eight_words_is_shared_with_the_report() -> None:
    """Survey items are quoted as they were put; everything else is ours."""
    items = [item.question for item in load(LIBRARY / "enkat-2024.yaml").items]
    theirs = set(runs(report_text())).difference(*map(runs, items))
    shared = [
        f"{path.name}: {run}"
        for path in sorted(LIBRARY.rglob("*"))
        if path.suffix in (".md", ".yaml")
        for run in runs(path.read_text(encoding="utf-8"))
        if run in theirs
    ]
    assert shared == []


def test_sentences_are_short_enough_to_be_taken_in() -> None:
    long = [
        f"{passage.path}: {text}"
        for passage, text in _sentences()
        if len(text) > LONGEST and not text.startswith("|") and passage.path != "enkat-2024.yaml"
    ]
    assert long == []


def test_sentences_name_their_subject_since_answers_quote_them_alone() -> None:
    pointing = re.compile(r"^(?:- )?(?:Den här|Detta|Dessa|Denna|Det innebär|Där |Därför|Dessutom|Ovan)\b")
    dangling = [f"{passage.path}: {text}" for passage, text in _sentences() if pointing.match(text)]
    assert dangling == []


@pytest.mark.parametrize("mark", ["!", "we ", " vi "])
def test_the_tone_is_plain(mark: str) -> None:
    loud = [f"{passage.path}: {text}" for passage, text in _sentences() if mark in text and "”" not in text]
    assert loud == []


def test_headings_are_unique_within_their_file() -> None:
    def place(passage: Passage) -> tuple[str, ...]:
        return (passage.path, *passage.headings)

    order = [place(passage) for passage in passages()]
    starts = [one for one, before in zip(order, [None, *order], strict=False) if one != before]
    assert [place for place, times in Counter(starts).items() if times > 1] == []


def test_every_passage_lists_questions_that_it_answers() -> None:
    """A definition is found by its word and needs none; rules that touch a challenge come with the challenge."""
    bare = [
        f"{passage.path}: {passage.section}"
        for passage in passages()
        if not passage.questions
        and passage.kind is not PassageKind.DEFINITION
        and not passage.headings[-1].endswith("regler som berör")
    ]
    assert bare == []


def test_questions_are_short_and_asked_once_in_a_file() -> None:
    counted = Counter((passage.path, asked.text.lower()) for passage in passages() for asked in set(passage.questions))
    assert [question for (_, question) in counted if len(question) > 120] == []
    # A passage that is cut in two keeps its questions on both halves.
    assert [key for key, times in counted.items() if times > 3] == []
