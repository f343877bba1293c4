"""A few seconds of load, played as the benchmark plays it: nothing that people were told is lost, and nothing is twice.

How quickly it goes is for the benchmark to say; here it is only about what is kept.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.bench.load.plan import Plan, Stream
from tests.bench.load.runs import play
from tests.bench.load.scenarios import Scenario
from tests.fakes.library import publish_generation

PLAN = Plan(
    (Stream("press", "press", 20.0, 1.0), Stream("ask", "ask", 2.0, 1.0)), people=4, tenants=2, settle=0.2, warm_up=0
)
TINY = (("FYREN_BUILTIN_LIBRARY", "false"), ("FYREN_EMBEDDING_PROVIDER", "off"))


@pytest.mark.slow  # client and service are processes of their own
def test_l01_a_press_and_a_question_are_kept_once_whoever_else_presses(tmp_path: Path) -> None:
    publish_generation(tmp_path / "index")
    found = play(Scenario("L01", "a few seconds", PLAN, settings=TINY), tmp_path / "index")
    press, ask = found["streams"]["press"], found["streams"]["ask"]
    assert (press["due"], ask["due"]) == (20, 2)
    # Few people for so many presses: one that finds nobody idle is lost in the client, and never sent.
    sent = press["due"] - sum(count for why, count in found["trouble"] if why == "nobody was idle")
    assert (press["answered"], ask["answered"]) == (sent, 2)
    assert (found["doubled"], found["wrong"], found["strangers"], found["resent"]) == (0, [], 0, 0)
    rows = found["rows"]
    assert (rows["lost"], rows["doubled"], rows["findings"]) == (0, 0, [])
    assert rows["questions_looked_at"] == 2
    assert rows["drafts"] >= 4
    assert rows["answers_looked_at"] > 0
