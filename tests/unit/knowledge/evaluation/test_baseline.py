"""A fall beyond noise is told and one within it is not, question by question, and a stored run holds no texts."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import pytest

from knowledge.errors import LibraryInvalid
from knowledge.evaluation import Baseline, Comparison, Result, baseline_of, compare
from tests.fakes.evaluation import answerable, bare, refusable

SIZE = 100


def good(but: Sequence[Result] = ()) -> list[Result]:
    """Hundred questions that go well and twenty that are rightly refused, but for those given."""
    every = [answerable(f"a{number}") for number in range(SIZE)] + [refusable(f"r{number}") for number in range(20)]
    replaced = {one.question.id: one for one in but}
    return [replaced.get(one.question.id, one) for one in every]


def beside(now: Sequence[Result], before: Sequence[Result] | None = None) -> Comparison:
    return compare(baseline_of(good() if before is None else before), now)


def test_the_same_run_is_no_change() -> None:
    found = beside(good())
    assert found.compared == 120
    assert {(change.difference, change.fell, change.rose) for change in found.changes} == {(0.0, False, False)}
    assert (found.fell, found.worse, found.better, found.unknown, found.gone) == ((), (), (), (), ())


@pytest.mark.parametrize(("lost", "falls"), [(1, False), (2, False), (6, True), (20, True)])
def test_a_fall_beyond_noise_fails_and_one_within_does_not(lost: int, falls: bool) -> None:
    now = good([answerable(f"a{number}", contains=False) for number in range(lost)])
    found = beside(now)
    assert found.fell == (("contains",) if falls else ())
    assert [one.id for one in found.worse] == [f"a{number}" for number in range(lost)]
    [change] = [one for one in found.changes if one.score == "contains"]
    assert change.before == 1.0
    assert change.now == pytest.approx(1 - lost / SIZE)
    assert change.interval is not None
    assert change.interval.low <= change.difference <= change.interval.high


def test_what_is_lost_here_and_won_there_is_noise() -> None:
    before = good([answerable(f"a{number}", contains=False) for number in range(10)])
    now = good([answerable(f"a{number}", contains=False) for number in range(8, 20)])
    found = beside(now, before)
    assert found.fell == ()
    assert (len(found.worse), len(found.better)) == (10, 8)


def test_more_false_refusals_are_a_fall_and_fewer_a_rise() -> None:
    refusing = good([answerable(f"a{number}", refused=True) for number in range(10)])
    found = beside(refusing)
    assert set(found.fell) == {"contains", "cited", "false_refusals"}
    assert set(found.worse[0].scores) == {"contains", "cited", "false_refusals"}
    again = beside(good(), refusing)
    assert again.fell == ()
    assert {one.score for one in again.changes if one.rose} == {"contains", "cited", "false_refusals"}


def test_questions_that_must_be_refused_fall_when_they_are_answered() -> None:
    found = beside(good([refusable(f"r{number}", refused=False) for number in range(6)]))
    assert found.fell == ("refusal_recall",)
    assert found.worse[0].scores == ("refusal_recall",)


def test_a_lower_place_is_a_fall_of_the_ranked_measures_only() -> None:
    found = beside(good([answerable(f"a{number}", rank=2) for number in range(30)]))
    assert found.fell == ("hit_at_1", "mrr_at_10", "ndcg_at_10")
    assert found.worse[0].scores == ("hit_at_1", "mrr_at_10", "ndcg_at_10")


def test_new_changed_and_gone_questions_are_told_and_not_compared() -> None:
    before = [answerable("same"), answerable("changed"), answerable("gone")]
    now = [answerable("same"), answerable("changed", facts=[["annat"]]), answerable("new", contains=False)]
    found = beside(now, before)
    assert (found.compared, found.unknown, found.gone) == (1, ("changed", "new"), ("gone",))
    assert found.worse == ()
    nothing = beside([answerable("new")], before)
    assert (nothing.compared, nothing.changes, nothing.fell) == (0, (), ())


def test_a_stored_run_comes_back_as_it_was_and_tells_no_question(tmp_path: Path) -> None:
    results = [
        answerable("Vem får veta?", rank=3, precision=1 / 3, contains=False),
        answerable("b", rank=None, cited=False, precision=0.0),
        answerable("c", refused=True),
        refusable("d", refused=False),
        bare("e"),
    ]
    stored = baseline_of(results)
    file = tmp_path / "baseline.json"
    file.write_text(stored.dump(), encoding="utf-8")
    assert Baseline.read(file) == stored
    assert [one.judgement for one in stored.questions.values()] == [one.judgement for one in results]
    assert compare(Baseline.read(file), results).worse == ()
    lines = file.read_text(encoding="utf-8").splitlines()
    assert len(lines) == 2 + len(results)  # a question a line
    assert "18 personer" not in file.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    "content",
    [
        b"{",
        b"[]",
        b'{"questions": {}}',
        b'{"format": 2, "questions": {}}',
        b'{"format": 1, "questions": {"a": {"mark": "x"}}}',
        b'{"format": 1, "questions": {"a": {"mark": "x", "must_refuse": true, "refused": true, "rank": 0}}}',
        json.dumps({"format": 1, "questions": {}, "more": 1}).encode(),
    ],
)
def test_a_damaged_file_is_told_by_name(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "baseline.json"
    file.write_bytes(content)
    with pytest.raises(LibraryInvalid, match=r"baseline\.json: "):
        Baseline.read(file)
    with pytest.raises(LibraryInvalid, match=r"none\.json: "):
        Baseline.read(tmp_path / "none.json")
