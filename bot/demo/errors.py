"""The exceptions of the demo data.

DemoError
└── FolderTaken    a folder holds something that is not demo data
"""

from __future__ import annotations

from pathlib import Path


class DemoError(Exception):
    """Root of what this package raises."""


class FolderTaken(DemoError):
    """Demo data is put only where nothing is, or where there was demo data before."""

    def __init__(self, folder: Path) -> None:
        super().__init__(f"{folder} holds something that is not demo data")
        self.folder = folder
