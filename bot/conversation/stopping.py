"""The words by which a person stops an answer that is under way."""

from __future__ import annotations

import re

from bot.conversation.texts import LANGUAGES, Texts


class StopWords:
    """Knows them in every language: whoever wants to stop does not think of the language of the question."""

    def __init__(self, texts: Texts) -> None:
        lines = (line for language in LANGUAGES for line in texts.lines("stream.stop_words", language))
        self._phrases = frozenset(map(_bare, lines))

    def holds(self, message: str) -> bool:
        """Whether a message is one of them and nothing more, case and punctuation aside."""
        return _bare(message) in self._phrases


def _bare(text: str) -> str:
    return " ".join(re.sub(r"[^\w\s]", " ", text.casefold()).split())
