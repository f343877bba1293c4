"""How many earlier generations are kept, for going back to, and for how long."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(frozen=True, slots=True)
class Retention:
    """`generations` newest ones stay on disk; those replaced more than `days` ago, and drafts that old, do not.

    The days are what lets a document that was taken out be gone: earlier generations still hold it.
    """

    generations: int = 3
    days: float = 30
    draft_days: float = 7


def outlived(
    generations: Sequence[str],
    current: str | None,
    replaced: Mapping[str, datetime],
    retention: Retention,
    now: datetime,
) -> Collection[str]:
    """Which of the generations, oldest first, are to be dropped: never the current one.

    `replaced` is when each was last replaced by another, where that is known.
    """
    many = generations[: -retention.generations or None]
    until = now - timedelta(days=retention.days)
    old = [name for name in generations if name in replaced and replaced[name] < until]
    return {*many, *old} - {current}
