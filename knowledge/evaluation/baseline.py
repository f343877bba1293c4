"""A stored run of a question set, and whether a new one is worse than it by more than chance.

The file holds judgements only, no texts, so that it may lie beside a set whose questions are not to be read.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from knowledge.errors import LibraryInvalid
from knowledge.evaluation.intervals import Interval, of_differences
from knowledge.evaluation.judging import Judgement, Result
from knowledge.evaluation.metrics import FEWER_IS_BETTER, MEASURES, NEUTRAL, Values, means, measured

FORMAT = 1
NOISE = 1e-9
"""Differences below it come from how floating-point numbers are added up."""


class Stored(BaseModel):
    """One question's judgement as the file holds it; `mark` tells whether the question is still the same."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    mark: str
    must_refuse: bool | None
    refused: bool
    sought: bool = False
    rank: int | None = Field(None, ge=1)
    contains: bool | None = None
    cited: bool | None = None
    precision: float | None = Field(None, ge=0, le=1)

    @property
    def judgement(self) -> Judgement:
        """The judgement."""
        return Judgement(**self.model_dump(exclude={"mark"}))


class Baseline(BaseModel):
    """The judgements of a whole run, by question id."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    format: int = Field(ge=FORMAT, le=FORMAT)
    questions: Mapping[str, Stored]

    @classmethod
    def read(cls, path: Path) -> Baseline:
        """The baseline of a file. Raises LibraryInvalid naming the file and what is wrong."""
        try:
            return cls.model_validate_json(path.read_bytes())
        except OSError as error:
            raise LibraryInvalid(f"{path.name}: {error.strerror}") from error
        except ValidationError as error:
            first = error.errors(include_url=False)[0]
            place = ".".join(map(str, first["loc"]))
            raise LibraryInvalid(f"{path.name}: {place}: {first['msg']}") from error

    def dump(self) -> str:
        """The file's content, a question a line, so that a change can be read as one."""
        lines = [
            f"  {json.dumps(name, ensure_ascii=False)}: {one.model_dump_json(exclude_defaults=True)}"
            for name, one in self.questions.items()
        ]
        return f'{{"format": {self.format}, "questions": {{\n' + ",\n".join(lines) + "\n}}\n"


def baseline_of(results: Sequence[Result]) -> Baseline:
    """The baseline that these results make."""
    return Baseline(format=FORMAT, questions={one.question.id: _stored(one) for one in results})


@dataclass(frozen=True, slots=True)
class Change:
    """A score before and now, over the questions that both runs hold.

    `interval` is the difference's. `fell` and `rose` are whether the change is beyond noise: the interval lies wholly
    on one side of zero.
    """

    score: str
    before: float
    now: float
    interval: Interval | None
    fell: bool
    rose: bool

    @property
    def difference(self) -> float:
        """Now less before."""
        return self.now - self.before


@dataclass(frozen=True, slots=True)
class Moved:
    """A question by its id, and by which measures it went worse, or better, than before."""

    id: str
    scores: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Comparison:
    """A run beside its baseline. `unknown`: ids that the baseline lacks, or knows as another question; `gone`: ids
    that the set lacks. Neither are compared."""

    compared: int
    changes: tuple[Change, ...]
    worse: tuple[Moved, ...]
    better: tuple[Moved, ...]
    unknown: tuple[str, ...]
    gone: tuple[str, ...]

    @property
    def fell(self) -> tuple[str, ...]:
        """The scores that fell beyond noise."""
        return tuple(change.score for change in self.changes if change.fell)


def compare(before: Baseline, results: Sequence[Result]) -> Comparison:
    """Question by question."""
    known = [one for one in results if _is_known(before, one)]
    earlier = [before.questions[one.question.id].judgement for one in known]
    then, now = measured(earlier), measured([one.judgement for one in known])
    names = {one.question.id for one in results}
    return Comparison(
        compared=len(known),
        changes=tuple(_changes(then, now)) if known else (),
        worse=tuple(_moved(known, then - now)),
        better=tuple(_moved(known, now - then)),
        unknown=tuple(one.question.id for one in results if not _is_known(before, one)),
        gone=tuple(name for name in before.questions if name not in names),
    )


def _is_known(before: Baseline, result: Result) -> bool:
    stored = before.questions.get(result.question.id)
    return stored is not None and stored.mark == result.question.mark


def _stored(result: Result) -> Stored:
    one = result.judgement
    return Stored(
        mark=result.question.mark,
        must_refuse=one.must_refuse,
        refused=one.refused,
        sought=one.sought,
        rank=one.rank,
        contains=one.contains,
        cited=one.cited,
        precision=one.precision,
    )


def _changes(then: Values, now: Values) -> list[Change]:
    found = []
    columns = zip(MEASURES, means(then), means(now), of_differences(then, now), strict=True)
    for name, before, after, interval in columns:
        if before is None or after is None or name in NEUTRAL:
            continue
        below = interval is not None and interval.high < -NOISE
        above = interval is not None and interval.low > NOISE
        fell, rose = (above, below) if name in FEWER_IS_BETTER else (below, above)
        found.append(Change(name, before, after, interval, fell, rose))
    return found


def _moved(results: Sequence[Result], lost: Values) -> list[Moved]:
    """Those whose row holds a loss; where fewer is better a gain is one."""
    found = []
    for one, row in zip(results, lost, strict=True):
        signed = ((name, -loss if name in FEWER_IS_BETTER else loss) for name, loss in zip(MEASURES, row, strict=True))
        names = tuple(name for name, loss in signed if name not in NEUTRAL and loss > NOISE)
        if names:
            found.append(Moved(one.question.id, names))
    return found
