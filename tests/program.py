"""Fyren as a process of its own, for tests that need the whole program."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path

ROOT = Path(__file__).parents[1]
FYREN = (sys.executable, "-m", "bot")
"""The `fyren` command of the environment that the tests run in."""


def environment(data_dir: Path, settings: Mapping[str, str] | None = None) -> dict[str, str]:
    """What the process is to see: nothing of the machine's own settings, so that runs are alike everywhere."""
    return {"FYREN_DATA_DIR": str(data_dir), "LANG": "C.UTF-8", "PYTHONPATH": str(ROOT), **(settings or {})}
