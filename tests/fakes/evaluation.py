"""A knowledge base that answers from a table, and the results that evaluating it gives."""

from __future__ import annotations

from collections.abc import Sequence

from knowledge.evaluation import EvaluationQuestion, Judgement, Result
from knowledge.model import Answer, Citation, Hit, Passage, Status, Timing
from tests.fakes.knowledge import METHOD

ANSWER = (METHOD, "Enkäten besvarades av 18 personer.")


class Scripted:
    """Implements `knowledge.evaluation.Answering` from a table: question -> cited passage and text, None to refuse."""

    def __init__(
        self,
        answers: dict[str, tuple[Passage, str] | None],
        found: dict[str, Sequence[Passage]] | None = None,
        confidence: dict[str, float] | None = None,
    ) -> None:
        self._answers = answers
        self._found = found or {}
        self._confidence = confidence or {}
        self.asked: list[tuple[str, tuple[str, ...]]] = []
        self.searched: list[tuple[str, int]] = []

    async def ask(self, question: str, context: Sequence[str] = ()) -> Answer:
        self.asked.append((question, tuple(context)))
        known = self._answers[question]
        return said(question, known, self._confidence.get(question), milliseconds=float(len(self.asked)))

    async def find(self, question: str, context: Sequence[str] = (), k: int = 10) -> Sequence[Hit]:
        self.searched.append((question, k))
        return [Hit(rank, 1.0 / rank, one) for rank, one in enumerate(self._found.get(question, ()), start=1)]


def said(
    question: str,
    known: tuple[Passage, str] | None,
    confidence: float | None = None,
    *,
    milliseconds: float = 1.0,
    language: str = "sv",
) -> Answer:
    """An answer that quotes a passage, or a refusal."""
    timing = Timing(0.0, 0.0, milliseconds)
    if known is None:
        return Answer(question, Status.REFUSED, language, "Vet inte.", timing=timing, confidence=confidence)
    cited = (Citation(1, known[0], known[1]),)
    text = f"{known[1]} [1]"
    return Answer(question, Status.ANSWERED, language, text, cited, timing=timing, confidence=confidence)


def question(name: str, **changes: object) -> EvaluationQuestion:
    """A question that METHOD answers, unless something else is given; its text is its id."""
    values: dict[str, object] = {
        "id": name,
        "class": "answerable",
        "question": name,
        "documents": ["statusrapport-2024"],
        "facts": [["18 personer"]],
        "pages": [12],
    }
    return EvaluationQuestion.model_validate(values | changes)


def answerable(
    name: str,
    *,
    rank: int | None = 1,
    contains: bool = True,
    cited: bool = True,
    precision: float | None = 1.0,
    refused: bool = False,
    confidence: float | None = None,
    language: str = "sv",
    kind: str = "answerable",
    **changes: object,
) -> Result:
    """The result of a question that can be answered."""
    answer = said(name, None if refused else ANSWER, confidence, language=language)
    if refused:
        contains, cited, precision = False, False, None
    judgement = Judgement(False, refused, True, rank, contains, cited, precision)
    return Result(question(name, **{"class": kind, **changes}), answer, judgement)


def refusable(name: str, *, refused: bool = True, confidence: float | None = None, **changes: object) -> Result:
    """The result of a question that must be refused."""
    nothing: dict[str, object] = {"class": "refuse", "facts": [], "documents": [], "pages": None}
    answer = said(name, None if refused else ANSWER, confidence)
    return Result(question(name, **(nothing | changes)), answer, Judgement(True, refused))


def bare(name: str) -> Result:
    """The result of a question of which nothing is known."""
    asked = EvaluationQuestion.model_validate({"id": name, "question": name})
    return Result(asked, said(name, ANSWER), Judgement(None, False))
