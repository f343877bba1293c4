"""Questions picked for evaluation, and the file of them that `fyren eval` reads."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import datetime
from typing import Final

from bot.questions.model import EvaluationRow, Pressed
from knowledge.model import Status

FILE: Final = "fyren-evaluation-questions.jsonl"


def row_of(answer: Pressed, by: str, at: datetime, *, must_refuse: bool) -> EvaluationRow:
    """The question of an answer, with what answers it. A refusal cites nothing: what cannot be said to be answered by
    some document must be refused, or is kept without an expectation until somebody writes that document."""
    if must_refuse:
        return EvaluationRow(answer.answer_id, answer.question, True, (), (), by, at)
    documents = tuple(dict.fromkeys(each.document for each in answer.cited if each.document))
    passages = tuple(dict.fromkeys(each.passage for each in answer.cited if each.passage))
    return EvaluationRow(answer.answer_id, answer.question, False, documents, passages, by, at)


def must_be_refused(answer: Pressed) -> bool:
    """What one press makes of an answer: a refusal is to stay one."""
    return answer.status == Status.REFUSED.value


def lines(rows: Iterable[EvaluationRow]) -> str:
    """JSON lines, one question each, as `knowledge.evaluation.questions.load` reads them.

    Documents are named and passages are not: a passage's id changes with the text around it.
    """
    written = []
    for row in rows:
        line: dict[str, object] = {"id": row.answer_id, "question": row.question}
        if row.must_refuse:
            line["class"] = "refuse"
        elif row.documents:
            line |= {"class": "answerable", "documents": list(row.documents)}
        written.append(json.dumps(line, ensure_ascii=False) + "\n")
    return "".join(written)
