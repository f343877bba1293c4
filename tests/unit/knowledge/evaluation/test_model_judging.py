"""A model that judges answers: its scores, its failures, and its prompts."""

from __future__ import annotations

import json

import pytest

from knowledge.composing.ports import ModelRequest
from knowledge.errors import ModelFailed
from knowledge.evaluation import MODEL_MEASURES, ModelJudge, Result, data, report
from knowledge.evaluation.judging import judge
from knowledge.evaluation.model_judging import Claimed, ModelScores, claims_of
from prompts.loader import Prompts
from tests.fakes.chat_model import Scripted, ScriptedModel
from tests.fakes.evaluation import ANSWER, question, said

PROMPTS = Prompts.load()


def result(name: str, *, refused: bool = False) -> Result:
    asked = question(name)
    answer = said(name, None if refused else ANSWER)
    return Result(asked, answer, judge(asked, answer, ()))


def verdict(*, supported: bool = True, complete: bool = True, supports: bool = True, claims: int = 1) -> str:
    citations = [{"number": 1, "supports": supports}]
    one = {"supported": supported, "complete": complete, "citations": citations}
    return json.dumps({"claims": [{"claim": n, **one} for n in range(1, claims + 1)]})


async def judged(*answers: Scripted, results: list[Result]) -> tuple[ModelScores, ScriptedModel]:
    model = ScriptedModel(*answers)
    return await ModelJudge(model, PROMPTS).judge(results), model


def test_claims_are_what_stands_before_markers() -> None:
    text = "Åtta av tio. [1] Och\nnio [2][3]\n\nUtan källa."
    assert claims_of(text, [1, 2]) == (
        Claimed("Åtta av tio.", (1,)),
        Claimed("Och\nnio", (2,)),
        Claimed("Utan källa.", ()),
    )


async def test_scores_are_means_over_answers_with_intervals() -> None:
    bad = verdict(supported=False, complete=False, supports=True)
    found, model = await judged(
        verdict(), '{"score": 5}', bad, '{"score": 2}', results=[result("a"), result("b"), result("c", refused=True)]
    )
    assert found.scores == {
        "groundedness": 0.5,
        "claim_citation_precision": 1.0,
        "claim_citation_recall": 0.5,
        "relevance": 0.625,
    }
    assert all(interval is not None for interval in found.intervals.values())
    assert found.judge == "fake/model"
    assert found.failures == {}
    assert found.generators == {"extractive": 2}
    assert model.purposes == ["judge"] * 4


async def test_the_judge_reads_passages_claims_and_question_as_data() -> None:
    _, model = await judged(verdict(), '{"score": 5}', results=[result("Hur många svarade?")])
    grounded, relevance = model.requests
    passage, claim = ANSWER
    for text in (passage.text, claim, "Påstående 1 (hänvisar till 1)", "Källa 1"):
        assert text in grounded.user
    assert "Hur många svarade?" in relevance.user
    assert "<<" in relevance.user
    assert grounded.schema["additionalProperties"] is False


FAILING: dict[str, tuple[Scripted, str]] = {
    "down": (ModelFailed("gone", "unavailable"), "unavailable"),
    "no JSON": ("hej", "invalid"),
    "a claim left out": ('{"claims": []}', "invalid"),
    "a claim made up": (verdict(claims=2), "invalid"),
}


@pytest.mark.parametrize("name", FAILING)
async def test_a_judge_that_fails_is_counted_and_scores_nothing(name: str) -> None:
    answer, reason = FAILING[name]
    found, _ = await judged(answer, '{"score": 9}', results=[result("a")])
    assert found.failures == ({reason: 2} if reason == "invalid" else {reason: 1, "invalid": 1})
    assert found.scores == dict.fromkeys(MODEL_MEASURES)
    assert found.intervals == dict.fromkeys(MODEL_MEASURES)


async def test_the_report_tells_the_scores_or_why_there_are_none() -> None:
    def by_purpose(request: ModelRequest) -> str:
        return verdict() if request.name == "groundedness" else '{"score": 4}'

    results = [result("a"), result("b")]
    found, _ = await judged(by_purpose, results=results)
    told = data(report(results, model=found))["model"]
    assert told["scores"]["relevance"] == 0.75
    assert [one["id"] for one in told["results"]] == ["a", "b"]
    none = data(report(results))["model"]
    assert (none["judge"], none["reason"]) == (None, "extractive")
    assert none["scores"] == dict.fromkeys(MODEL_MEASURES)
