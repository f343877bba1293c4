"""The circuit breaker, by hand and by a model of it that knows only its rules."""

from __future__ import annotations

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from knowledge.adapters.model_breaker import Breaker, Permit


def test_late_results_from_before_the_pause_decide_nothing() -> None:
    now = [0.0]
    breaker = Breaker(failures=2, pause=10, clock=lambda: now[0])
    late, first, second = (breaker.admit() for _ in range(3))
    assert late is not None
    assert first is not None
    assert second is not None
    breaker.failed(first)
    breaker.failed(second)
    breaker.succeeded(late)
    assert breaker.admit() is None
    now[0] = 10
    trial = breaker.admit()
    assert trial is not None
    breaker.failed(late)
    assert breaker.admit() is None
    breaker.succeeded(trial)
    assert breaker.state == "closed"


class Requests(RuleBasedStateMachine):
    """Requests begin and end in any order, while time goes on."""

    def __init__(self) -> None:
        super().__init__()
        self.now = 0.0
        self.breaker = Breaker(failures=3, pause=10, clock=lambda: self.now)
        self.open: list[tuple[Permit, bool]] = []

    @rule()
    def ask(self) -> None:
        state = self.breaker.state
        permit = self.breaker.admit()
        if state == "open":
            assert permit is None
        if state == "closed":
            assert permit is not None
        if permit is not None:
            self.open.append((permit, state == "half-open"))

    @rule(end=st.sampled_from(["succeeded", "failed", "let_go"]), which=st.integers(0, 9))
    def finish(self, end: str, which: int) -> None:
        if not self.open:
            return
        permit, trial = self.open.pop(which % len(self.open))
        before = self.breaker.state
        getattr(self.breaker, end)(permit)
        if trial:
            expected = {"succeeded": "closed", "failed": "open", "let_go": "half-open"}
            assert self.breaker.state == expected[end]
        elif before != "closed":
            assert self.breaker.state == before

    @rule(seconds=st.floats(0, 20))
    def wait(self, seconds: float) -> None:
        self.now += seconds

    @invariant()
    def one_trial_at_most(self) -> None:
        assert sum(trial for _, trial in self.open) <= 1


TestRequests = Requests.TestCase
TestRequests.settings = settings(max_examples=30, stateful_step_count=25, deadline=None)
