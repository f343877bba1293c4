"""Unanswered questions grouped by topic: by the words that they share, as themes of free texts are.

Even two questions make a group, and a group shows each of them: it is the federation's own log, in which nobody is
named and personal data are masked, so nothing is held back as it is in results.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from bot.questions.model import Unanswered
from bot.results.themes import grouped
from knowledge.question import GENERIC
from knowledge.swedish.lexicon import Lexicon

LEAST: Final = 2
"""Different questions that make a group."""


@dataclass(frozen=True, slots=True)
class Asked:
    """One question in the words of who asked it last, and how often it was asked."""

    latest: Unanswered
    times: int


@dataclass(frozen=True, slots=True)
class Topic:
    """Questions about one thing, the latest first; `words` name it, and are none for those that share nothing."""

    words: tuple[str, ...]
    questions: tuple[Asked, ...]

    @property
    def times(self) -> int:
        """How often any of them was asked."""
        return sum(each.times for each in self.questions)

    @property
    def last(self) -> datetime:
        """When one of them was asked last, UTC."""
        return self.questions[0].latest.at


def topics_of(unanswered: Sequence[Unanswered], lexicon: Lexicon | None = None) -> Sequence[Topic]:
    """The topics, those asked about most first, and what belongs to none at the end. Equal questions count as one.

    Reads the dictionary where no `lexicon` is given, and blocks for a second; call it in a thread.
    """
    counted: dict[str, list[Unanswered]] = {}
    for each in sorted(unanswered, key=lambda one: (one.at, one.answer_id), reverse=True):
        counted.setdefault(_plain(each.question), []).append(each)
    asked = [Asked(same[0], len(same)) for same in counted.values()]
    if not asked:
        return ()
    # Words that steer a question, such as `finns` and `gäller`, say nothing of what it is about.
    found = grouped([each.latest.question for each in asked], LEAST, lexicon, ignored=GENERIC)
    topics = [Topic(words, tuple(asked[place] for place in sorted(members))) for words, members in found]
    topics.sort(key=lambda topic: (-topic.times, topic.words))
    alone = set(range(len(asked))).difference(*(members for _, members in found))
    if alone:
        topics.append(Topic((), tuple(asked[place] for place in sorted(alone))))
    return topics


def _plain(question: str) -> str:
    return " ".join(question.casefold().split()).rstrip(" ?.!")
