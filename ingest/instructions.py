"""Finds text in documents that reads as if it spoke to a language model, for an administrator to look at.

The text stays: it is data wherever it goes, and no answer depends on the list of signs being complete.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence

from ingest.instruction_signs import DROP, SIGNS
from ingest.model import LoadedDocument

QUOTES = 5
"""How many places of a document are shown."""
QUOTE_LENGTH = 120
"""Characters of a quote."""

_Sign = tuple[frozenset[str], re.Pattern[str]]
_COMPILED: tuple[_Sign, ...] = tuple(
    (frozenset(words.split("|")), re.compile(sign, re.IGNORECASE)) for words, sign in SIGNS
)
_WORDS = tuple(sorted(frozenset[str]().union(*(words for words, _ in _COMPILED))))
_NEGATED = re.compile(r"(?:\b(?:inte|aldrig|ej|f[åa]r du|never|not|must not|cannot)|n't)\s+(?:\w+\s+)?$", re.IGNORECASE)
_INSTEAD = re.compile(r"^\w+\s+(?:inte|aldrig|ej)\b", re.IGNORECASE)
_DROPPING = re.compile(rf"^{DROP}", re.IGNORECASE)
_SENTENCE_END = re.compile(r"(?<=[.!?])\s|\n")


def suspicious(document: LoadedDocument) -> tuple[str, ...]:
    """Up to QUOTES short quotes, in reading order, of what speaks to a model; empty for nearly every document."""
    quotes: dict[str, None] = {}
    for text in _texts(document):
        for quote in quotes_of(text):
            quotes.setdefault(quote)
            if len(quotes) == QUOTES:
                return tuple(quotes)
    return tuple(quotes)


def quotes_of(text: str) -> Iterator[str]:
    """The sentences of a text that speak to a model, shortened, in the order in which they stand."""
    text = text if text.isascii() else unicodedata.normalize("NFKC", text)
    there = _there(text, _WORDS)
    if not there:
        return
    signs = [(words, pattern) for words, pattern in _COMPILED if not there.isdisjoint(words)]
    for sentence in _SENTENCE_END.split(text):
        match = _sign(sentence, _there(sentence, there), signs)
        if match is not None:
            yield _quote(sentence, match.start())


def _there(text: str, words: Iterable[str]) -> set[str]:
    folded = text.lower()
    return {word for word in words if word in folded}


def _sign(sentence: str, there: set[str], signs: Sequence[_Sign]) -> re.Match[str] | None:
    for words, pattern in signs:
        if there.isdisjoint(words):
            continue
        match = pattern.search(sentence)
        if match is not None and not _forbidden(match):
            return match
    return None


def _texts(document: LoadedDocument) -> Iterator[str]:
    yield document.title
    for block in document.blocks:
        yield block.text
        yield from block.notes


def _forbidden(match: re.Match[str]) -> bool:
    """Whether it is told that something must not be ignored, which is what ordinary rules say."""
    if not _DROPPING.match(match.group()) or match.group().lower().startswith(("do not", "don't", "följ inte")):
        return False
    return bool(_NEGATED.search(match.string[: match.start()]) or _INSTEAD.match(match.group()))


def _quote(sentence: str, begin: int) -> str:
    quote = " ".join(sentence.split())
    if len(quote) > QUOTE_LENGTH:
        quote = " ".join(sentence[begin:].split())
    return quote if len(quote) <= QUOTE_LENGTH else quote[: QUOTE_LENGTH - 1].rstrip() + "…"
