"""Which survey figure an answer tells of, where it quotes a text about the figure and not the figure itself."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from knowledge.model import Bar, Citation, Figure, Passage
from knowledge.swedish.tokens import sentences

ENOUGH = 2
"""One share alone may be the same number by chance, and one mention alone may be a remark by the way."""

_WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")
_LONG = 5
"""Letters from which on a word of a figure's title says what it is about."""


def figure_told(citations: Sequence[Citation], passages: Iterable[Passage]) -> Figure | None:
    """The figure among `passages` that most is quoted of; None where no figure has enough.

    What counts stands in a sentence of the figure's document that has a word of its title: each share (an option with
    its percentage), and a mention of the figure's number (`figur 3`).
    """
    quoted = [(citation.passage.document, *_read(line)) for citation in citations for line in _lines(citation.quote)]
    best: Figure | None = None
    most = ENOUGH - 1
    for passage in passages:
        if passage.figure is None:
            continue
        lines = [(text, words) for document, text, words in quoted if document == passage.document]
        count = _told_of(passage.figure, lines)
        if count > most:
            best, most = passage.figure, count
    return best


def _lines(quote: str) -> Iterator[str]:
    for line in quote.splitlines():
        yield from sentences(line)


def _read(line: str) -> tuple[str, tuple[str, ...]]:
    text = line.lower()
    return text, tuple(_WORD.findall(text))


def _told_of(figure: Figure, lines: Sequence[tuple[str, tuple[str, ...]]]) -> int:
    topic = [_stem(word) for word in _WORD.findall(figure.title.lower()) if len(word) >= _LONG]
    about = [(text, words) for text, words in lines if any(_has(words, stem) for stem in topic)]
    mention = re.compile(rf"\bfigur {re.escape(figure.number)}\b")
    mentioned = any(mention.search(text) for text, _ in about)
    return mentioned + sum(any(_told(bar, text, words) for text, words in about) for bar in figure.bars)


def _told(bar: Bar, text: str, words: tuple[str, ...]) -> bool:
    if not bar.percent:
        return False
    number = f"{bar.percent:g}".replace(".", ",")
    option = _WORD.search(bar.label.lower())
    return (
        option is not None
        and _has(words, _stem(option.group()))
        and re.search(rf"(?<![\d,]){number} (?:procent|%)", text) is not None
    )


def _stem(word: str) -> str:
    """What the forms of a word share: `ostrukturerad`, `ostrukturerade`."""
    return word[: max(4, len(word) - 2)]


def _has(words: tuple[str, ...], stem: str) -> bool:
    return any(word.startswith(stem) for word in words)
