"""Recommendations as an answer with citations: each sentence that is quoted points at its place in the sources."""

from __future__ import annotations

import logging
from collections.abc import Sequence

from bot.conversation.replies import AnswerReply, Reply
from bot.conversation.texts import Texts
from bot.maturity.ports import Sources
from bot.maturity.recommendations import Quote, Recommendation
from knowledge.errors import KnowledgeError
from knowledge.model import Answer, Citation, Passage, Status

_log = logging.getLogger(__name__)

CURATED = "curated"
"""The generator of texts that people wrote beforehand and rules picked."""


def advice_reply(
    recommendations: Sequence[Recommendation], sources: Sources, texts: Texts, language: str
) -> list[Reply]:
    """One answer with all of them; nothing where there are none.

    A sentence that the knowledge base does not hold at the moment (another library is served) is left out, marker and
    all: nothing is quoted that cannot be looked up.
    """
    if not recommendations:
        return []
    cited = _Cited(sources)
    key = "check.result.advice" if len(recommendations) >= 3 else "check.result.advice_some"
    paragraphs = [texts.say(key, language)]
    for number, advice in enumerate((each.advice for each in recommendations), start=1):
        title, text = advice.title.say(language), advice.text.say(language)
        paragraphs.append(texts.say("check.result.advice_item", language, number=number, title=title, text=text))
        quoted = [cited.mark(quote) for quote in (*advice.sources, *advice.initiatives)]
        paragraphs += [f"- {line}" for line in quoted if line]
    answer = Answer(
        question="",
        status=Status.ANSWERED,
        language=language,
        text="\n\n".join(paragraphs),
        citations=tuple(cited.citations),
        notes=(texts.say("check.result.advice_curated", language),),
        generator=CURATED,
    )
    return [AnswerReply("", answer, curated=True)]


class _Cited:
    """Counts the markers; a sentence that is quoted twice keeps its number."""

    def __init__(self, sources: Sources) -> None:
        self._sources = sources
        self._numbers: dict[Quote, int] = {}
        self.citations: list[Citation] = []

    def mark(self, quote: Quote) -> str:
        """The sentence in quotation marks with its marker; empty where it cannot be looked up."""
        if quote not in self._numbers:
            passage = self._found(quote)
            if passage is None:
                return ""
            number = len(self.citations) + 1
            self._numbers[quote] = number
            self.citations.append(Citation(number, passage, quote.quote))
        return f"”{quote.quote}” [{self._numbers[quote]}]"

    def _found(self, quote: Quote) -> Passage | None:
        try:
            return self._sources.quoted(quote.document, quote.quote)
        except KnowledgeError as error:
            # The advice stands without its source; the check must not fail with the knowledge base.
            _log.error("a source of the advice could not be looked up: %s", error)
            return None
