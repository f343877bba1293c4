"""Whether a claim speaks of what its passages speak of: shared content words, names, and the same yes or no."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable

from knowledge.composing.numerals import in_digits
from knowledge.question import GENERIC, Question
from knowledge.swedish.analysis import Term
from knowledge.swedish.tokens import TokenKind

SHARE = 0.6
"""How many of a Swedish claim's own content words must stand in its passages. Chosen by hand: no table of cases has
measured it yet."""
FOREIGN_SHARE = 0.4
"""The same for a claim in another language than its passages, where only related words can be found again."""
_FIGURES = frozenset(("procent", "percent", "pct"))
_COMMON = 5
"""Letters that two related words begin with."""
_NEGATION = re.compile(
    r"\b(?:inte|ingen|inget|inga|aldrig|icke|ej|saknar|saknas|saknade|utan|not|no|never|none|without|lacks?|cannot|isn't|"
    r"don't|doesn't|aren't|varken|neither|nor)\b",
    re.IGNORECASE,
)


_NOT = re.compile(r"\b(?:inte|ingen|inget|inga|aldrig|not|never)\b", re.IGNORECASE)
_LACKS = re.compile(r"\b(?:sakna\w*|utan|lack\w*|without)\b", re.IGNORECASE)


def own_terms(terms: Iterable[Term], question: Question) -> list[Term]:
    """The content words that a claim adds to its question; figures are held elsewhere."""
    asked = {term.main for term in (*question.terms, *question.background)}
    return [
        term
        for term in terms
        if term.token.kind is TokenKind.WORD
        and term.main not in GENERIC
        and term.main not in asked
        and term.token.text not in _FIGURES
        and not in_digits(term.token.text).isdigit()
    ]


def related(term: Term, held: Collection[str]) -> bool:
    """Whether a word, a part of it, or a word of the same beginning stands in the passages."""
    if term.main in held or any(part in held for part in term.parts if len(part) > 2):
        return True
    start = term.main[:_COMMON]
    return len(start) == _COMMON and any(word.startswith(start) for word in held)


def grounded(own: Collection[Term], held: Collection[str], *, foreign: bool) -> bool:
    """Whether enough of a claim's words stand in its passages."""
    if not own:
        return True
    found = sum(related(term, held) for term in own)
    return found / len(own) >= (FOREIGN_SHARE if foreign else SHARE)


def negated(text: str) -> bool:
    """Whether a text denies something."""
    return _NEGATION.search(text) is not None


def lacks(text: str) -> bool:
    """Whether a text says that something is missing, which another denial would turn around."""
    return _LACKS.search(text) is not None


def says_not(text: str) -> bool:
    """Whether a text denies something by a small word that turns it into its opposite where it is left out."""
    return _NOT.search(text) is not None
