"""Long-running commands of a test: started, waited for until they answer, and stopped with everything they started."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

START_TIMEOUT = 120.0
STOP_TIMEOUT = 20.0


class NotStarted(Exception):
    """A command ended, or did not answer in time; the message holds the end of its output."""


def free_port() -> int:
    """A port of the loopback address that nothing listens on."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        port: int = server.getsockname()[1]
        return port


@contextmanager
def running(
    command: Sequence[str], *, address: str, folder: Path, env: Mapping[str, str], log: Path
) -> Iterator[subprocess.Popen[bytes]]:
    """The command in `folder`, once `address` answers; its output goes to `log`. Raises NotStarted."""
    process = start(command, address=address, folder=folder, env=env, log=log)
    try:
        yield process
    finally:
        stop(process)


def start(
    command: Sequence[str], *, address: str, folder: Path, env: Mapping[str, str], log: Path
) -> subprocess.Popen[bytes]:
    """The same, for whoever stops it; what it says is added to the log. Raises NotStarted."""
    with log.open("ab") as output:
        process = subprocess.Popen(
            command, cwd=folder, env=env, stdin=subprocess.DEVNULL, stdout=output, stderr=output, start_new_session=True
        )
    try:
        _wait(process, address, log)
    except BaseException:
        stop(process)
        raise
    return process


def stop(process: subprocess.Popen[bytes]) -> int:
    """Ask the process and its children to end, insist after a while; its exit code."""
    if process.poll() is None:
        os.killpg(process.pid, signal.SIGTERM)
        try:
            process.wait(STOP_TIMEOUT)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
    return process.wait()


def _wait(process: subprocess.Popen[bytes], address: str, log: Path) -> None:
    deadline = time.monotonic() + START_TIMEOUT
    while time.monotonic() < deadline:
        if process.poll() is not None:
            break
        try:
            with urllib.request.urlopen(address, timeout=2):  # noqa: S310 - an address of this process's own making
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.1)
    tail = log.read_text(encoding="utf-8", errors="replace")[-2000:]
    raise NotStarted(f"{address} does not answer (exit code {process.poll()}):\n{tail}")
