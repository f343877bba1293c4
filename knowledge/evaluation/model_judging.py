"""Scores that only a reader can give, here a language model: is what is said in the sources, and does it answer?

Citation recall and precision follow Gao et al., "Enabling Large Language Models to Generate Text with Citations"
(EMNLP 2023): a claim counts as recalled where its own citations support all of it, and a citation as precise where it
supports a part of its claim. Groundedness asks the same of all passages that the answer cites.
"""

from __future__ import annotations

import asyncio
import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal, TypeVar

import numpy as np
from pydantic import BaseModel, Field, ValidationError

from knowledge.composing.calls import ModelCalls
from knowledge.composing.ports import NOBODY, ChatModel, ModelRequest
from knowledge.composing.spotlight import Spotlight
from knowledge.errors import ModelFailed
from knowledge.evaluation.intervals import Interval, of_means
from knowledge.evaluation.judging import Result
from prompts.loader import Prompts, Rendered

MODEL_MEASURES: Final = ("groundedness", "claim_citation_precision", "claim_citation_recall", "relevance")
ANSWER_TOKENS: Final = 1500

Shares = tuple[float | None, float | None, float | None]

_MARKED = re.compile(r"(?P<text>\S.*?)\s*(?P<markers>(?:\[\d+\]\s*)+)", re.DOTALL)
_MARKER = re.compile(r"\[(\d+)\]")


@dataclass(frozen=True, slots=True)
class Claimed:
    """A part of an answer up to its markers, and the citations that they point at."""

    text: str
    numbers: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class ModelJudgement:
    """What the judge says of one answer, each from 0 to 1; None where it said nothing. `failed` says why, if so."""

    id: str
    groundedness: float | None = None
    claim_citation_precision: float | None = None
    claim_citation_recall: float | None = None
    relevance: float | None = None
    failed: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ModelScores:
    """The judge's scores of a run: means over answers. `failures` counts its failures by reason.

    `generators` counts answers by who worded them: with a model that failed some are in the sources' own words.
    """

    judge: str
    judgements: tuple[ModelJudgement, ...]
    scores: Mapping[str, float | None]
    intervals: Mapping[str, Interval | None]
    failures: Mapping[str, int]
    generators: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class NotRun:
    """Why no model judged: `extractive` (it was not asked for) or `no_model` (none is configured)."""

    reason: Literal["extractive", "no_model"]


class _OneCitation(BaseModel):
    number: int
    supports: bool


class _OneClaim(BaseModel):
    claim: int
    supported: bool
    complete: bool
    citations: list[_OneCitation]


class _Groundedness(BaseModel):
    claims: list[_OneClaim]


class _Relevance(BaseModel):
    score: int = Field(ge=1, le=5)


_Said = TypeVar("_Said", _Groundedness, _Relevance)


def _object(**properties: object) -> dict[str, object]:
    """A JSON schema in the form that strict servers take."""
    return {"type": "object", "properties": properties, "required": list(properties), "additionalProperties": False}


_BOOLEAN: Final = {"type": "boolean"}
_INTEGER: Final = {"type": "integer"}
_CITATION_SCHEMA: Final = _object(number=_INTEGER, supports=_BOOLEAN)
_CLAIM_SCHEMA: Final = _object(
    claim=_INTEGER, supported=_BOOLEAN, complete=_BOOLEAN, citations={"type": "array", "items": _CITATION_SCHEMA}
)
_GROUNDEDNESS_SCHEMA: Final = _object(claims={"type": "array", "items": _CLAIM_SCHEMA})
_RELEVANCE_SCHEMA: Final = _object(score={"type": "integer", "enum": [1, 2, 3, 4, 5]})


class ModelJudge:
    """Asks a model about answers; `deadline` is seconds for one question to it."""

    def __init__(self, model: ChatModel, prompts: Prompts, deadline: float = 60.0) -> None:
        self._calls = ModelCalls(model, None)
        self._prompts = prompts
        self._deadline = deadline

    async def judge(
        self, results: Sequence[Result], progress: Callable[[int], None] = lambda done: None
    ) -> ModelScores:
        """Every answer that was given, one after the other; refusals are not judged. Failures are counted."""
        answered = [one for one in results if not one.refused]
        found = []
        for result in answered:
            found.append(await self._one(result))
            progress(len(found))
        table = np.array([_row(one) for one in found], dtype=np.float64).reshape(len(found), len(MODEL_MEASURES))
        known = [column[~np.isnan(column)] for column in table.T]
        means = [float(column.mean()) if column.size else None for column in known]
        return ModelScores(
            judge=self._calls.name,
            judgements=tuple(found),
            scores=dict(zip(MODEL_MEASURES, means, strict=True)),
            intervals=dict(zip(MODEL_MEASURES, of_means(table), strict=True)),
            failures=dict(Counter(reason for one in found for reason in one.failed)),
            generators=dict(Counter(one.answer.generator for one in answered)),
        )

    async def _one(self, result: Result) -> ModelJudgement:
        failed: list[str] = []
        grounded: Shares = (None, None, None)
        relevance = None
        claims = claims_of(result.answer.text, [one.n for one in result.answer.citations])
        if claims:
            try:
                grounded = await self._grounded(result, claims)
            except ModelFailed as error:
                failed.append(error.reason)
        try:
            relevance = await self._relevance(result)
        except ModelFailed as error:
            failed.append(error.reason)
        return ModelJudgement(result.question.id, *grounded, relevance, tuple(failed))

    async def _grounded(self, result: Result, claims: Sequence[Claimed]) -> Shares:
        light = Spotlight()
        prompt = self._prompts.render(
            "judge_groundedness",
            mark=light.mark,
            claims=[
                {"text": light.data(one.text), "numbers": ", ".join(map(str, one.numbers)) or "inga källor"}
                for one in claims
            ],
            passages=[
                {"number": one.n, "text": light.data(f"{one.passage.section}\n{one.passage.text}")}
                for one in result.answer.citations
            ],
        )
        said = await self._asked(prompt, "groundedness", _GROUNDEDNESS_SCHEMA)
        return shares(claims, _read(_Groundedness, said).claims)

    async def _relevance(self, result: Result) -> float:
        light = Spotlight()
        context = "\n".join(result.question.context)
        prompt = self._prompts.render(
            "judge_relevance",
            mark=light.mark,
            context=light.data(context) if context else "",
            question=light.data(result.question.question),
            answer=light.data(result.answer.text),
        )
        said = await self._asked(prompt, "relevance", _RELEVANCE_SCHEMA)
        return (_read(_Relevance, said).score - 1) / 4

    async def _asked(self, prompt: Rendered, name: str, schema: Mapping[str, object]) -> str:
        request = ModelRequest("judge", prompt.system, prompt.user, name, schema, ANSWER_TOKENS)
        limit = asyncio.get_running_loop().time() + self._deadline
        async with self._calls.opened(request, NOBODY, limit) as stream:
            return "".join([piece async for piece in stream])


def claims_of(text: str, numbers: Sequence[int]) -> tuple[Claimed, ...]:
    """The parts of an answer that end with markers; what follows the last of them is a claim without a citation."""
    found = []
    end = 0
    for match in _MARKED.finditer(text):
        own = tuple(dict.fromkeys(int(n) for n in _MARKER.findall(match["markers"]) if int(n) in numbers))
        found.append(Claimed(match["text"].strip(), own))
        end = match.end()
    rest = text[end:].strip()
    return (*found, Claimed(rest, ())) if rest else tuple(found)


def shares(claims: Sequence[Claimed], said: Sequence[_OneClaim]) -> Shares:
    """Groundedness, citation precision and recall. Raises ModelFailed where the judge left a claim out."""
    by_number = {one.claim: one for one in said}
    if by_number.keys() != set(range(1, len(claims) + 1)):
        raise ModelFailed("the judge did not judge every claim", "invalid")
    judged = [by_number[n] for n in range(1, len(claims) + 1)]
    supports = [
        {one.number: one.supports for one in verdict.citations}.get(number, False)
        for claim, verdict in zip(claims, judged, strict=True)
        for number in claim.numbers
    ]
    whole = [verdict.complete and bool(claim.numbers) for claim, verdict in zip(claims, judged, strict=True)]
    return _share([one.supported for one in judged]), _share(supports), _share(whole)


def _share(values: Sequence[bool]) -> float | None:
    return sum(values) / len(values) if values else None


def _row(one: ModelJudgement) -> list[float]:
    return [np.nan if (value := getattr(one, name)) is None else value for name in MODEL_MEASURES]


def _read(kind: type[_Said], said: str) -> _Said:
    try:
        return kind.model_validate_json(said)
    except ValidationError as error:
        raise ModelFailed("the judge did not answer in the form that was asked for", "invalid") from error
