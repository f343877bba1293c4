"""Runs the steps of the container image outside of a container: `python -m tests.deploy.image_steps [--machine]`.

The project is what the Dockerfile copies, the Python is Debian's, each step is the one of `deploy/image.sh`. The steps
`system` and `user` change the machine that they run on, so `--machine` has to ask for them, as root. As root the
service then runs as the image's user, who owns nothing but the folder for state, and where the machine lets mount, over
a root file system that is read-only. Prints a line a step, and what was left out; the exit code is 1 where one fails.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Final

ROOT = Path(__file__).parents[2]
DOCKERFILE = ROOT / "deploy" / "Dockerfile"
PYTHON = Path("/usr/bin/python3")
"""Debian's, as in the image; another may lie where the image's user cannot reach it."""
USER = 10001
STATE = Path("/var/lib/fyren")
"""Where the image keeps its state; the step `user` makes it."""
PATIENCE = 300.0
"""Seconds for the first start, which builds the index of the built-in library."""
PORT = "39781"

Command = Sequence[str | Path]

_COPY: Final = re.compile(r"^COPY (?!--)(.+) (\S+)$", re.MULTILINE)
_READ_ONLY: Final = """
mount --bind "$1" "$1"
mount -t tmpfs tmpfs /tmp
mount -o remount,bind,ro /
shift
exec "$@"
"""
"""Only this process and its children see these mounts. What is mounted over the root stays as it was."""


def main() -> int:
    """Build, start, ask, stop."""
    # Not in the folder for what is passing, which the service finds empty.
    folder = Path(tempfile.mkdtemp(prefix="image-", dir="/var/tmp"))
    try:
        folder.chmod(0o755)
        return _tried(folder, machine="--machine" in sys.argv[1:])
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _tried(folder: Path, *, machine: bool) -> int:
    project, application, state = folder / "project", folder / "fyren", folder / "state"
    _copied(project)
    root = os.getuid() == 0
    steps: Command = ["sh", project / "deploy" / "image.sh"]
    if machine and root:
        _step("system", [*steps, "system"], project)
    shutil.copytree(project / "deploy", application / "deploy")
    _step("application", [*steps, "application", application], project, PYTHON=str(PYTHON))
    if machine and root:
        _step("user", [*steps, "user"], project)
        if (STATE.stat().st_uid, STATE.stat().st_mode & 0o777) != (USER, 0o750):
            print(f"user: {STATE} is not its own", file=sys.stderr)
            return 1
    else:
        print("system, user: left out, as nobody asked for them as root")
    state.mkdir(mode=0o750)
    as_user: Command = []
    in_image: Command = []
    if root:
        os.chown(state, USER, USER)
        as_user = ["setpriv", f"--reuid={USER}", f"--regid={USER}", "--clear-groups", "--no-new-privs"]
        in_image = ["unshare", "--mount", "--propagation=private", "sh", "-euc", _READ_ONLY, "sh", state]
        if subprocess.run([*in_image, *as_user, "true"], check=False, capture_output=True).returncode:
            print("read-only root: left out, as this machine lets nobody mount")
            in_image = []
    return _served(application, state, as_user, in_image)


def _served(application: Path, state: Path, as_user: Command, in_image: Command) -> int:
    """Start the service, ask it, stop it, and see what it wrote."""
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
    healthy: Command = [*as_user, "sh", application / "deploy" / "image.sh", "healthy", PORT]
    if not subprocess.run(healthy, check=False, env=environment).returncode:
        print(f"something answers at port {PORT} already", file=sys.stderr)
        return 1
    command = [*in_image, *as_user, application / ".venv/bin/fyren", "serve"]
    started = time.monotonic()
    service = subprocess.Popen(command, cwd=state, env=environment)
    try:
        while subprocess.run(healthy, check=False, env=environment).returncode:
            if service.poll() is not None or time.monotonic() > started + PATIENCE:
                print("the service does not answer", file=sys.stderr)
                return 1
            time.sleep(1.0)
        print(f"healthy: after {time.monotonic() - started:.0f} s", flush=True)
        owners = {path.stat().st_uid for path in state.rglob("*")}
    finally:
        service.terminate()
        service.wait(timeout=30)
    print(f"stopped: exit code {service.returncode}")
    changed = sorted(_written(application) - before)
    if changed or service.returncode or len(owners) != 1:
        print(f"written beside the state: {changed}; owners of the state: {owners}", file=sys.stderr)
        return 1
    print("read-only: nothing was written beside the state")
    return 0


def _copied(project: Path) -> None:
    """What the Dockerfile copies for the step `application`."""
    [stage] = [each for each in DOCKERFILE.read_text("utf-8").split("\nFROM ") if "image.sh application" in each]
    for sources, target in _COPY.findall(stage):
        for source in map(ROOT.__truediv__, sources.split()):
            put = project / target
            if source.is_dir():
                shutil.copytree(source, put, ignore=shutil.ignore_patterns("__pycache__"))
            else:
                put.mkdir(parents=True, exist_ok=True)
                shutil.copy(source, put)


def _step(name: str, command: Command, folder: Path, **environment: str) -> None:
    started = time.monotonic()
    subprocess.run(command, cwd=folder, check=True, env=os.environ | environment)  # noqa: TID251 - a step's own is added
    print(f"{name}: {time.monotonic() - started:.0f} s", flush=True)


def _written(folder: Path) -> set[tuple[str, int]]:
    return {(str(path), path.stat().st_mtime_ns) for path in folder.rglob("*") if path.is_file()}


if __name__ == "__main__":
    sys.exit(main())
