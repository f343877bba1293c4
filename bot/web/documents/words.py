"""Jobs, files and changes in words."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import PurePosixPath
from typing import Final

from bot.documents.board import Word
from bot.documents.errors import DraftFailed, Problem, Refusal, UploadRefused
from bot.documents.uploads import Caps

Say = Callable[..., str]
"""Says a text of the catalogue in the visitor's language."""

MEGA: Final = 1_000_000
_COUNTED: Final = frozenset({"load", "embed", "gate"})
_PHASES: Final = frozenset({*_COUNTED, "write", "publish"})


def word_of(word: Word, say: Say) -> str:
    """How far a job is."""
    if word.phase in _COUNTED:
        return say(f"documents.phase.{word.phase}", done=word.done, total=word.total)
    if word.phase in _PHASES:
        return say(f"documents.phase.{word.phase}")
    return say(f"documents.state.{word.state}")


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
