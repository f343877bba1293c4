"""Runs the steps of the container image outside of a container: `python -m tests.deploy.image_steps`.

As root the service then runs as the image's user, who owns nothing but the folder for state; what it writes anywhere
else is found; Python must be where that user can reach it. Prints a line a step; the exit code is 1 where one fails.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).parents[2]
SCRIPT = ROOT / "deploy" / "image.sh"
USER = 10001
PATIENCE = 300.0
"""Seconds for the first start, which builds the index of the built-in library."""
PORT = "39781"


def main() -> int:
    """Build, start, ask, stop."""
    folder = Path(tempfile.mkdtemp(prefix="image-"))
    try:
        folder.chmod(0o755)
        return _tried(folder)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _tried(folder: Path) -> int:
    application = folder / "fyren"
    (application / "deploy").mkdir(parents=True)
    for name in ("image.sh", "debian.sh"):
        shutil.copy(SCRIPT.with_name(name), application / "deploy" / name)
    _step("application", ["/bin/sh", SCRIPT, "application", application], cwd=ROOT)
    state = folder / "state"
    state.mkdir()
    as_user: list[str | Path] = []
    if os.getuid() == 0:
        os.chown(state, USER, USER)
        as_user = ["setpriv", f"--reuid={USER}", f"--regid={USER}", "--clear-groups", "--no-new-privs"]
    before = _written(application)
    environment = {
        "PATH": f"{application}/.venv/bin:/usr/bin:/bin",
        "LANG": "C.UTF-8",
        "PYTHONDONTWRITEBYTECODE": "1",
        "FYREN_DATA_DIR": str(state),
        "FYREN_PORT": PORT,
        # Vectors of the whole library take minutes, and are made in other tests.
        "FYREN_EMBEDDING_PROVIDER": "off",
        "HOME": str(state),
    }
    service = subprocess.Popen([*as_user, application / ".venv/bin/fyren", "serve"], cwd=state, env=environment)
    try:
        healthy: list[str | Path] = ["/bin/sh", application / "deploy/image.sh", "healthy", PORT]
        until = time.monotonic() + PATIENCE
        while subprocess.run([*as_user, *healthy], check=False, env=environment).returncode:
            if service.poll() is not None or time.monotonic() > until:
                print("the service does not answer", file=sys.stderr)
                return 1
            time.sleep(1.0)
        print("healthy: yes")
    finally:
        service.terminate()
        service.wait(timeout=30)
    print(f"stopped: exit code {service.returncode}")
    changed = sorted(_written(application) - before)
    if changed or service.returncode:
        print(f"written outside of the folder for state: {changed}", file=sys.stderr)
        return 1
    print("read-only: nothing was written beside the state")
    return 0


def _step(name: str, command: Sequence[str | Path], cwd: Path) -> None:
    started = time.monotonic()
    subprocess.run(command, cwd=cwd, check=True)
    print(f"{name}: {time.monotonic() - started:.0f} s", flush=True)


def _written(folder: Path) -> set[tuple[str, int]]:
    return {(str(path), path.stat().st_mtime_ns) for path in folder.rglob("*") if path.is_file()}


if __name__ == "__main__":
    sys.exit(main())
