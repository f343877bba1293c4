"""Holds the locks against known weaknesses, and the files against secrets: `python -m tests.deploy.audit`.

Exit codes: 0 nothing was found, 1 something was, 3 it could not be looked at, as without a network. That is never 0: a
scan that did not run says nothing about what it would have found.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from enum import IntEnum
from pathlib import Path
from typing import Any, Final

from tests.deploy.secrets_search import SHIPPED, search

ROOT: Final = Path(__file__).parents[2]
LOCKS: Final = ("requirements.lock", "requirements-dev.lock")
PATIENCE: Final = 600.0
"""Seconds that a scan may take."""


class Outcome(IntEnum):
    """What came of it, which is the exit code."""

    CLEAN = 0
    FOUND = 1
    NOT_RUN = 3


@dataclass(frozen=True, slots=True)
class Scan:
    """One scan. The lines say what was found, or why it was not looked."""

    outcome: Outcome
    lines: tuple[str, ...] = ()


Run = Callable[[list[str]], str]
"""Runs a command and returns what it writes; raises OSError, subprocess.TimeoutExpired."""


def weaknesses(lock: str, run: Run) -> Scan:
    """Known ones of a lock. A package that was skipped was not looked at, whatever the exit code says."""
    command = [sys.executable, "-m", "pip_audit", "--disable-pip", "--require-hashes", "--progress-spinner=off"]
    try:
        written = run([*command, "--format=json", "--requirement", lock])
        packages: list[dict[str, Any]] = json.loads(written)["dependencies"]
    except (OSError, subprocess.TimeoutExpired, ValueError, LookupError) as error:
        return Scan(Outcome.NOT_RUN, (f"{lock}: {type(error).__name__}: {str(error)[:200]}",))
    skipped = [each["name"] for each in packages if "skip_reason" in each]
    if skipped or not packages:
        return Scan(Outcome.NOT_RUN, (f"{lock}: {len(skipped)} packages were skipped, such as {skipped[:3]}",))
    found = [f"{lock}: {each['name']} {each['version']}: {v['id']}" for each in packages for v in each["vulns"]]
    return Scan(Outcome.FOUND if found else Outcome.CLEAN, tuple(found))


def verdict(scans: list[Scan]) -> Outcome:
    """Of all of them: what was found counts most, then what was not looked at."""
    outcomes = {each.outcome for each in scans}
    return next(each for each in (Outcome.FOUND, Outcome.NOT_RUN, Outcome.CLEAN) if each in outcomes or not scans)


def main() -> int:
    """Print a line for each scan, and one for what came of them."""
    scans = [weaknesses(str(ROOT / lock), _run) for lock in LOCKS]
    found = search(ROOT, SHIPPED)
    scans.append(Scan(Outcome.FOUND if found else Outcome.CLEAN, tuple(f"may be a secret: {each}" for each in found)))
    for line in (line for scan in scans for line in scan.lines):
        print(line)
    outcome = verdict(scans)
    print({Outcome.CLEAN: "nothing was found", Outcome.FOUND: "FOUND, see above"}.get(outcome, "NOT RUN, see above"))
    return int(outcome)


def _run(command: list[str]) -> str:
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=PATIENCE).stdout


if __name__ == "__main__":
    sys.exit(main())
