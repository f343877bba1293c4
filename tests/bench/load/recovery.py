"""How long a kill was felt: by turns that were due afterwards, and by those that were under way."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, Final

from tests.bench.load.percentiles import percentile

Json = dict[str, Any]
WELL: Final = 1.5
"""Seconds within which a turn counts as answered in time."""


def recovered(turns: Sequence[Json], events: Iterable[Json], begun: float) -> Json | None:
    """None where nothing was killed.

    `seconds` is how long after the kill the last press was due that was not answered in time. Those that were under way
    in the moment of the kill are left out: Teams sends them again when it has waited long enough. `under_way` counts
    them, with the longest that somebody waited. `calm_p95_ms` is the 95th percentile of all other presses that were
    neither under way then nor due within these seconds.
    """
    killed = next((each["at"] for each in events if each["what"].startswith("kill")), None)
    if killed is None:
        return None
    presses = [each for each in turns if each["stream"] == "press"]
    after = [each for each in presses if each["due"] - begun >= killed]
    late = [each["due"] - begun - killed for each in after if _wait(each) > WELL]
    first = min((each["replied"] for each in after if each["replied"]), default=None)
    caught = [each for each in turns if each["tries"] > 1 and each["due"] - begun < killed]
    waited = [_wait(each) for each in caught]
    until = max(late, default=0.0)
    known = {each["activity"] for each in caught}
    calm = [
        _wait(each) * 1000
        for each in presses
        if each["activity"] not in known and not 0 <= each["due"] - begun - killed <= until
    ]
    return {
        "killed_at": killed,
        "seconds": until,
        "calm_p95_ms": percentile(calm, 0.95),
        "late": len(late),
        "first_reply_after": None if first is None else first - begun - killed,
        "under_way": len(caught),
        "longest_under_way_s": max(waited, default=0.0),
    }


def _wait(turn: Json) -> float:
    return float(turn["replied"] - turn["due"]) if turn["replied"] else float("inf")
