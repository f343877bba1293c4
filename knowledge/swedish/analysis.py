"""Text to weighted terms: the one analysis that indexing, questions and evidence share."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import NamedTuple

from knowledge.swedish.stems import STOP_WORDS, stem
from knowledge.swedish.steps import ALL, Step, Steps
from knowledge.swedish.tokens import Token, TokenKind, normalise, tokenize

PART_WEIGHT = 0.4
"""What a compound's part counts beside the whole word; measured on development questions (see `make bench`)."""

Split = Callable[[str], tuple[str, ...]]


class Term(NamedTuple):
    """One analysed token: the surface it came from, its main term, and further terms with lower weight.

    A tuple for the sake of speed, like Token.
    """

    token: Token
    main: str
    parts: tuple[str, ...] = ()


def no_split(word: str) -> tuple[str, ...]:
    """A splitter that finds no compounds, for texts whose vocabulary is not known yet."""
    return ()


def analyse(text: str, split: Split = no_split, steps: Steps = ALL) -> list[Term]:
    """Content terms of a text, in order; stop words leave no term. Never raises.

    `NIS 2` and `NIS2` both give the term `nis2`; `SML-IT` gives `sml-it` with the parts `sml` and `it`.
    """
    clean = normalise(text)
    tokens = tokenize(clean)
    found: list[Term] = []
    for position, token in enumerate(tokens):
        previous = tokens[position - 1] if position else None
        if _joins(previous, token, clean) and found and previous is not None and found[-1].token is previous:
            joined = previous.text + token.text
            whole = Token(joined, TokenKind.CODE, previous.start, token.end, previous.capital)
            found[-1] = Term(whole, joined, (previous.text,))
            continue
        term = term_of(token, split, steps)
        if term is not None:
            found.append(term)
    return found


_NUMBERED_NAMES = frozenset(("nis", "eidas"))
"""Abbreviations that people write in small letters before their number, too."""


def _joins(previous: Token | None, token: Token, text: str) -> bool:
    """Whether a short abbreviation and a single digit are one name: `NIS 2`, `eIDAS 2`, `COM 2`, but not `minst 3`.

    An abbreviation has a capital after its first letter, or is one that is known.
    """
    return (
        previous is not None
        and previous.kind is TokenKind.WORD
        and 2 <= len(previous.text) <= 5
        and previous.text not in STOP_WORDS
        and token.kind is TokenKind.NUMBER
        and len(token.text) == 1
        and 0 <= token.start - previous.end <= 1
        and (previous.text in _NUMBERED_NAMES or _has_inner_capital(text[previous.start : previous.end]))
    )


def _has_inner_capital(word: str) -> bool:
    return any(letter.isupper() for letter in word[1:])


def term_of(token: Token, split: Split = no_split, steps: Steps = ALL) -> Term | None:
    """The term of a single token; none for a stop word."""
    if token.kind is TokenKind.CODE:
        letters = token.text.rstrip("0123456789")
        return Term(token, token.text, (letters,) if letters and letters != token.text else ())
    if token.kind is not TokenKind.WORD:
        return Term(token, token.text)
    word = token.text.strip("'-")
    if word in STOP_WORDS or (len(word) < 2 and not token.capital):
        return None
    stemmed = stem if Step.STEMS in steps else str
    parted = split if Step.COMPOUNDS in steps else no_split
    if "-" in word:
        pieces = [piece for piece in word.split("-") if piece and piece not in STOP_WORDS]
        parts: list[str] = []
        for piece in pieces:
            parts.append(stemmed(piece))
            parts.extend(parted(piece))
        head, _, last = word.rpartition("-")
        return Term(token, f"{head}-{stemmed(last)}", tuple(dict.fromkeys(parts)))
    return Term(token, stemmed(word), parted(word))


def weights(terms: Iterable[Term], part_weight: float = PART_WEIGHT) -> dict[str, float]:
    """Term -> summed weight: one a main term, `part_weight` a part."""
    summed: dict[str, float] = {}
    for term in terms:
        summed[term.main] = summed.get(term.main, 0.0) + 1.0
        for part in term.parts:
            if part != term.main:
                summed[part] = summed.get(part, 0.0) + part_weight
    return summed
