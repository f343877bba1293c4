"""R10: the sixteenth question within a minute waits."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.conversation.question_pace import WINDOW, QuestionPace


class Seconds:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


def test_r10_the_sixteenth_question_within_a_minute_waits_for_the_seconds_left() -> None:
    clock = Seconds()
    pace = QuestionPace(15, clock)
    for _ in range(15):
        assert pace.seconds_to_wait("anna") == 0.0
        clock.now += 1
    assert pace.seconds_to_wait("anna") == pace.seconds_to_wait("anna") == 45.0
    assert pace.seconds_to_wait("bo") == 0.0
    clock.now += 45
    assert pace.seconds_to_wait("anna") == 0.0
    assert pace.seconds_to_wait("anna") == 1.0


@settings(max_examples=40)
@given(st.lists(st.floats(0, 30), max_size=40), st.integers(1, 5))
def test_r10_no_minute_ever_has_more_questions_than_allowed(pauses: list[float], most: int) -> None:
    clock = Seconds()
    pace = QuestionPace(most, clock)
    let_on: list[float] = []
    for pause in pauses:
        clock.now += pause
        wait = pace.seconds_to_wait("anna")
        assert 0 <= wait <= WINDOW
        if not wait:
            let_on.append(clock.now)
    assert all(let_on[place + most] - let_on[place] >= WINDOW for place in range(len(let_on) - most))


def test_r10_what_is_remembered_of_people_is_bounded() -> None:
    clock = Seconds()
    pace = QuestionPace(1, clock, people=3)
    for number in range(10):
        assert pace.seconds_to_wait(str(number)) == 0.0
    assert [pace.seconds_to_wait(str(number)) > 0 for number in (9, 8, 7)] == [True] * 3
    assert pace.seconds_to_wait("0") == 0.0
