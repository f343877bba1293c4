"""Unanswered questions by topic: what they are about makes a topic, and the words of asking make none."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import pytest

from bot.questions.grouping import Topic, topics_of
from bot.questions.model import Unanswered
from knowledge.swedish.lexicon import NO_LEXICON

NOON = datetime(2026, 11, 1, 12, tzinfo=UTC)


def topics(*questions: str) -> Sequence[Topic]:
    """The first was asked last."""
    asked = [
        Unanswered(str(number), NOON - timedelta(days=number), question, "sv")
        for number, question in enumerate(questions)
    ]
    return topics_of(asked, NO_LEXICON)


def test_questions_about_one_thing_make_a_topic_that_is_named_by_it() -> None:
    first, rest = topics(
        "Vilka bidrag finns för bredband på landsbygden?",
        "Finns det bidrag till bredband i skärgården?",
        "vilka bidrag finns för bredband på landsbygden",
        "Hur loggar jag in i lönesystemet?",
    )
    assert set(first.words[:2]) == {"bredband", "bidrag"}
    assert [(each.latest.answer_id, each.times) for each in first.questions] == [("0", 2), ("1", 1)]
    assert (first.times, first.last) == (3, NOON)
    assert (rest.words, len(rest.questions)) == ((), 1)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Finns det en mall?", "Finns det ett staket?"),
        ("Hur får jag parkera?", "Hur får man bygga?"),
        ("Vad gäller för hundar?", "Vad gäller om katter?"),
        ("Hur fungerar växeln?", "Fungerar skrivaren?"),
        ("Vad betyder molntjänst?", "Vad betyder registrator?"),
        ("Var hittar jag blanketten?", "Hur hittar vi lokalen?"),
        ("Vad säger kommunen om dagis?", "Vad säger kommunen om snö?"),
        ("How does parking work?", "How do grants work?"),
    ],
)
def test_words_of_asking_make_no_topic(one: str, other: str) -> None:
    [alone] = topics(one, other)
    assert (alone.words, len(alone.questions)) == ((), 2)


def test_nothing_asked_is_no_topic() -> None:
    assert not topics()
