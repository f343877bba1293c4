"""Kept answers: for a while, for the same question, and never from an older generation."""

from __future__ import annotations

from dataclasses import replace

from knowledge.composing.cache import AnswerCache, AnswerKey
from knowledge.model import Answer, Status

KEY = AnswerKey("q", "q", (), "sv", "g1", "p1", "m1", frozenset())
ANSWER = Answer("q", Status.ANSWERED, "sv", "Svar.")


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


def test_an_answer_is_kept_for_its_lifetime() -> None:
    clock = Clock()
    cache = AnswerCache(60, clock)
    assert cache.get(KEY) is None
    cache.put(KEY, ANSWER)
    clock.now = 59.9
    assert cache.get(KEY) == ANSWER
    clock.now = 60
    assert cache.get(KEY) is None
    assert len(cache) == 0


def test_another_question_language_prompt_or_model_is_another_answer() -> None:
    cache = AnswerCache(60)
    cache.get(KEY)
    cache.put(KEY, ANSWER)
    for other in (
        replace(KEY, question="r"),
        replace(KEY, standalone="r"),
        replace(KEY, context=("r",)),
        replace(KEY, language="en"),
        replace(KEY, prompts="p2"),
        replace(KEY, model="m2"),
    ):
        assert cache.get(other) is None
    assert cache.get(KEY) == ANSWER


def test_a_new_generation_takes_all_answers_of_the_older_one_away() -> None:
    cache = AnswerCache(60)
    cache.get(KEY)
    cache.put(KEY, ANSWER)
    assert cache.get(replace(KEY, generation="g2")) is None
    assert len(cache) == 0
    cache.put(KEY, ANSWER)
    assert len(cache) == 0


def test_the_longest_unused_goes_first_and_a_lifetime_of_nothing_keeps_nothing() -> None:
    cache = AnswerCache(60, most=2)
    keys = [replace(KEY, question=name) for name in "abc"]
    for key in keys[:2]:
        cache.get(key)
        cache.put(key, ANSWER)
    assert cache.get(keys[0]) == ANSWER
    cache.put(keys[2], ANSWER)
    assert [cache.get(key) for key in keys] == [ANSWER, None, ANSWER]
    none = AnswerCache(0)
    none.get(KEY)
    none.put(KEY, ANSWER)
    assert len(none) == 0
