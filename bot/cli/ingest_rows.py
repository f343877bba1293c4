"""What happened to each file of an ingest: as a table with the columns that there is something in, and as JSON."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import groupby
from typing import Any

from bot.cli.console import Console
from bot.cli.table import table
from ingest.model import FileStatus, Outcome
from ingest.sources import visible

_ASIDE: dict[str, Callable[[Outcome], object]] = {
    "hidden": lambda outcome: outcome.hidden or "",
    "unread": lambda outcome: ranges(outcome.unread),
    "recognised": lambda outcome: ranges(outcome.recognised),
    "flagged": lambda outcome: len(outcome.flagged) or "",
}
"""Columns that most ingests have no use for."""


def rows(outcomes: Sequence[Outcome], console: Console) -> list[dict[str, Any]]:
    """For JSON."""
    return [
        {
            "path": outcome.path,
            "status": outcome.status.value,
            "reason": reason(outcome, console),
            "passages": outcome.passages,
            "pages": outcome.pages,
            "seconds": round(outcome.seconds, 3),
            "hidden": outcome.hidden,
            "unread": list(outcome.unread),
            "recognised": list(outcome.recognised),
            "flagged": list(outcome.flagged),
            "inside": outcome.inside or None,
            "remark": remark(outcome, console),
        }
        for outcome in outcomes
    ]


def lines(outcomes: Sequence[Outcome], console: Console) -> list[str]:
    """For people: the table, then why files and pages were not read, then what speaks to a language model."""
    aside = [name for name, cell in _ASIDE.items() if any(cell(outcome) for outcome in outcomes)]
    head = [console.say(f"cli.ingest.head.{name}") for name in ("path", "status", "passages", "pages", "seconds")]
    head += [console.say(f"ingesting.head.{name}") for name in aside]
    cells = [
        (
            visible(outcome.path),
            console.say(f"cli.ingest.status.{outcome.status}"),
            outcome.passages,
            outcome.pages,
            round(outcome.seconds, 1),
            *(_ASIDE[name](outcome) for name in aside),
        )
        for outcome in outcomes
    ]
    told = table(head, cells, right=[number for number, name in enumerate(aside, 5) if name in ("hidden", "flagged")])
    told += [f"{visible(outcome.path)}: {why}" for outcome in outcomes if (why := reason(outcome, console))]
    told += dict.fromkeys(said for outcome in outcomes if (said := remark(outcome, console)))  # each once
    flagged = [outcome for outcome in outcomes if outcome.flagged]
    if flagged:
        told.append(console.say("ingesting.flagged", count=len(flagged)))
        told += [f'{visible(outcome.path)}: "{visible(quote)}"' for outcome in flagged for quote in outcome.flagged]
    return told


def reason(outcome: Outcome, console: Console) -> str | None:
    """In words, with the technical detail behind; None for what was not rejected."""
    if outcome.status is not FileStatus.REJECTED:
        return None
    said = console.say(outcome.reason)
    return f"{said} ({visible(outcome.detail)})" if outcome.detail else said


def remark(outcome: Outcome, console: Console) -> str | None:
    """Why scanned pages are unread, and what can be done; None where nothing can."""
    return console.say(f"recognition.remark.{outcome.remark}") if outcome.remark else None


def ranges(numbers: Sequence[int]) -> str:
    """Page numbers as people write them: `2, 5-7`."""
    found = [
        [number for _, number in group]
        for _, group in groupby(enumerate(sorted(numbers)), key=lambda pair: pair[1] - pair[0])
    ]
    return ", ".join(f"{run[0]}-{run[-1]}" if len(run) > 1 else str(run[0]) for run in found)
