"""Which questions went wrong, why, and how much harm that does."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum

from knowledge.evaluation.judging import Result


class Why(StrEnum):
    """Why a question counts as missed, the worst first."""

    ANSWERED = "answered"
    SOURCE = "source"
    FACT = "fact"
    REFUSED = "refused"


_HARM = {why: place for place, why in enumerate(Why)}


def why(result: Result) -> Why | None:
    """The worst thing that went wrong; None where nothing did, or the set does not say what is right.

    ANSWERED: it must be refused. SOURCE: no right source is cited. FACT: the answer lacks a fact. REFUSED: it can be
    answered.
    """
    judgement = result.judgement
    if judgement.must_refuse is None:
        return None
    if judgement.must_refuse:
        return None if judgement.refused else Why.ANSWERED
    if judgement.refused:
        return Why.REFUSED
    if judgement.cited is False:
        return Why.SOURCE
    return Why.FACT if judgement.contains is False else None


def right(result: Result) -> bool:
    """Whether the question went as it should: refused where it must be, else answered with the fact and its source."""
    return why(result) is None


def worst(results: Sequence[Result], most: int) -> list[Result]:
    """The misses that do most harm: by why, then where an answer was wrong the surest first, where it was refused the
    one furthest from an answer first; else in the set's order."""
    missed = [(reason, one) for one in results if (reason := why(one)) is not None]
    return [one for _, one in sorted(missed, key=lambda each: (_HARM[each[0]], _sureness(*each)))[:most]]


def _sureness(reason: Why, result: Result) -> float:
    confidence = result.answer.confidence
    if confidence is None:
        return 0.0
    return confidence if reason is Why.REFUSED else -confidence
