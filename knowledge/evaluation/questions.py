"""Question sets: one JSON object a line, from `{"id", "question"}` alone to all that a right answer must hold."""

from __future__ import annotations

import difflib
import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError, model_validator

from knowledge.errors import LibraryInvalid

Class = Literal["", "answerable", "refuse", "followup", "english", "noisy"]
Part = Literal["", "report", "regulation", "initiative", "glossary"]
Reason = Literal["", "unknowable", "related", "unrelated"]

LISTS = ("context", "facts", "documents", "passage")
"""Fields that hold a list, and in a set written by hand often the one thing itself."""
SLIP = 0.75
"""How alike an unknown field and a known one are, from 0 to 1, for the one to be taken for a slip of the other."""


class EvaluationQuestion(BaseModel):
    """One line of a question set. Only `id` and `question` are needed; what is not stated is not scored.

    `kind` (in the file `class`): `refuse` where nothing answers; the others are answered, and differ in how they are
    asked. Where it is not stated but something of a right answer is, the question counts as answerable.

    What is right is told by the first of these that the question has. `passage`: ids, any of which is right.
    `documents`: ids or paths, any of which is right, with `pages`, any of which is right (None, or empty, where the
    source has no pages). `facts`: a passage is right that holds them all.

    `facts`: every inner list holds spellings of one fact, and an answer must contain one of each. `context`: the
    person's earlier questions, oldest first. `part`: which part of the library answers. `reason`: why a question must
    be refused; what it asks cannot be known, lies beside what the library covers, or has nothing to do with it.
    `section`: the report's section, for whoever reads the set. Other fields are kept and not used.
    """

    model_config = ConfigDict(frozen=True, extra="allow", coerce_numbers_to_str=True)

    id: str = Field(min_length=1)
    kind: Class = Field("", alias="class")
    question: str
    context: tuple[str, ...] = ()
    facts: tuple[tuple[str, ...], ...] = ()
    documents: tuple[str, ...] = ()
    pages: tuple[int, ...] | None = None
    passage: tuple[str, ...] = ()
    part: Part = ""
    reason: Reason = ""
    section: str = ""
    note: str = ""

    @model_validator(mode="before")
    @classmethod
    def _as_written(cls, line: object) -> object:
        if not isinstance(line, Mapping):
            return line
        _refuse_slips(line)
        read = {key: [value] if key in LISTS and isinstance(value, str) else value for key, value in line.items()}
        facts = read.get("facts")
        if isinstance(facts, list):
            read["facts"] = [[fact] if isinstance(fact, str) else fact for fact in facts]
        if not read.get("class") and any(read.get(field) for field in ("facts", "documents", "passage")):
            read["class"] = "answerable"
        return read

    @property
    def must_refuse(self) -> bool | None:
        """Whether it must be refused; None where the set does not say."""
        return self.kind == "refuse" if self.kind else None

    @property
    def unknown_fields(self) -> tuple[str, ...]:
        """Fields of the line that mean nothing here."""
        return tuple(self.model_extra or ())

    @property
    def mark(self) -> str:
        """Another for any other question or other right answer; tells nothing of either."""
        meant = self.model_dump(include={"kind", "question", "context", "facts", "documents", "pages", "passage"})
        return hashlib.sha256(json.dumps(meant, sort_keys=True).encode()).hexdigest()[:12]


_FIELDS = tuple(field.alias or name for name, field in EvaluationQuestion.model_fields.items())
_QUESTION = TypeAdapter(EvaluationQuestion)


def load(path: Path) -> tuple[EvaluationQuestion, ...]:
    """A question set from JSON lines. Raises LibraryInvalid naming the file and, where one is wrong, the line."""
    try:
        content = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise LibraryInvalid(f"{path.name}: {error}") from error
    return read_lines(content, path.name)


def read_lines(content: str, name: str) -> tuple[EvaluationQuestion, ...]:
    """The same from the content itself; `name` is what errors call it."""
    found: list[EvaluationQuestion] = []
    lines: dict[str, int] = {}
    # Not `splitlines`: JSON strings may hold other line separators than the one that ends a line of the file.
    for number, line in enumerate(content.split("\n"), start=1):
        if not line.strip():
            continue
        try:
            one = _QUESTION.validate_json(line)
        except ValidationError as error:
            raise LibraryInvalid(f"{name}, line {number}: {_detail(error)}") from error
        if one.id in lines:
            raise LibraryInvalid(f"{name}, line {number}: the id {one.id} stands on line {lines[one.id]} too")
        lines[one.id] = number
        found.append(one)
    return tuple(found)


def _refuse_slips(line: Mapping[Any, object]) -> None:
    """Raises ValueError: a slip in a field's name would otherwise leave the field's score out without a word."""
    for name in line:
        meant = difflib.get_close_matches(str(name), _FIELDS, 1, SLIP)
        if name not in _FIELDS and meant:
            raise ValueError(f"{name}: there is no such field; is {meant[0]} meant?")


def _detail(error: ValidationError) -> str:
    first = error.errors(include_url=False)[0]
    place = ".".join(map(str, first["loc"]))
    return f"{place}: {first['msg']}" if place else first["msg"]
