"""What the quality gate tells. Apart from the gate, as whoever keeps or shows a report has no answers to weigh."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Verdict(StrEnum):
    """What became of a question. The first two groups need an expectation or a refusal to tell them from the last."""

    REFUSED = "refused"
    ANSWERED_WRONGLY = "answered_wrongly"
    OTHER_SOURCE = "other_source"
    FACT_MISSING = "fact_missing"

    ANSWERED = "answered"
    REFUSED_RIGHTLY = "refused_rightly"
    RIGHT_SOURCE = "right_source"
    FACT_TOLD = "fact_told"

    CHANGED = "changed"


WORSE = frozenset({Verdict.REFUSED, Verdict.ANSWERED_WRONGLY, Verdict.OTHER_SOURCE, Verdict.FACT_MISSING})
BETTER = frozenset({Verdict.ANSWERED, Verdict.REFUSED_RIGHTLY, Verdict.RIGHT_SOURCE, Verdict.FACT_TOLD})


@dataclass(frozen=True, slots=True)
class Cited:
    """A citation of an answer, as a reader sees it."""

    n: int
    document: str
    title: str
    section: str
    pages: tuple[int, ...]
    quote: str


@dataclass(frozen=True, slots=True)
class Said:
    """An answer, or a refusal, to one question."""

    refused: bool
    text: str
    citations: tuple[Cited, ...]


@dataclass(frozen=True, slots=True)
class AnswerChange:
    """A question that is answered otherwise than before."""

    id: str
    question: str
    verdict: Verdict
    before: Said
    after: Said


@dataclass(frozen=True, slots=True)
class GateReport:
    """What became of the questions: `unchanged` of the `asked` ones say the same from the same sources.

    `changed` are answered otherwise, of which the set does not tell whether that is better. `skipped` were not asked,
    because there are too many or time had run out.
    """

    asked: int = 0
    better: tuple[AnswerChange, ...] = ()
    worse: tuple[AnswerChange, ...] = ()
    changed: tuple[AnswerChange, ...] = ()
    skipped: int = 0
    seconds: float = 0.0

    @property
    def unchanged(self) -> int:
        """Questions that are answered as before."""
        return self.asked - len(self.better) - len(self.worse) - len(self.changed)
