"""Refusals, pages and paths in words, wherever they are shown."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import PurePosixPath
from typing import Final

from bot.documents.errors import DraftFailed, Problem, Refusal, UploadRefused
from bot.documents.uploads import Caps

Say = Callable[..., str]
"""Says a text of the catalogue in somebody's language."""

MEGA: Final = 1_000_000


def refused(error: UploadRefused, caps: Caps, say: Say) -> str:
    """Why an upload was not taken."""
    values: dict[str, object] = {}
    match error.reason:
        case Refusal.FILE_TOO_LARGE:
            values = {"name": error.name, "file": caps.file // MEGA, "archive": caps.archive // MEGA}
        case Refusal.TOO_LARGE:
            values = {"job": caps.job // MEGA}
        case Refusal.TOO_MANY:
            values = {"files": caps.files}
    return say(f"documents.refused.{error.reason}", **values)


def trouble(error: DraftFailed) -> str:
    """The text for what was asked for on a page and could not be done."""
    return "documents.job.busy" if error.reason is Problem.BUSY else "documents.job.trouble"


def numbers(pages: Sequence[int]) -> str:
    """Page numbers, runs of them drawn together: `1-3, 7`."""
    runs: list[tuple[int, int]] = []
    for page in sorted(set(pages)):
        if runs and page == runs[-1][1] + 1:
            runs[-1] = runs[-1][0], page
        else:
            runs.append((page, page))
    return ", ".join(str(first) if first == last else f"{first}\N{EN DASH}{last}" for first, last in runs)


def shown_path(path: str) -> str:
    """A document's path as its sender knows it, without the folder of its owner."""
    first, *others = PurePosixPath(path).parts or ("",)
    return "/".join(others) if first.startswith("@") and others else path
