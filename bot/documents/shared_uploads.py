"""Files that are sent, where every replica can have them: whoever reads a job need not be who took its files."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from pathlib import Path
from typing import Final, Protocol

REPLIES: Final = "replies"
"""In the place of a job's id: replies that became documents, which stay."""


class SharedUploads(Protocol):
    """Keeps files of jobs by their ids; every method raises DocumentsStoreFailed."""

    async def put(self, job_id: str, file_id: str, path: Path) -> None:
        """Keep a file, in the place of an earlier one of this id. Raises OSError where it cannot be read."""

    async def names(self, job_id: str) -> Sequence[str]:
        """The ids of a job's files."""

    async def get(self, job_id: str, file_id: str, path: Path) -> bool:
        """Write a file to a place where none is; False, and nothing is written, where it is not kept. Raises OSError
        where it cannot be written."""

    async def remove(self, job_id: str) -> None:
        """Delete a job's files; it does no harm where there are none."""

    async def sweep(self, needed: Collection[str], before: datetime) -> int:
        """Delete what came before a moment and no job needs; of how many jobs that was. REPLIES stay."""
