"""A worker whose only loader tries to get out: the file says where to, the document says how it went.

Run as the real worker is, with the same limits: `python -m tests.fakes.spying_worker MEMORY CPU MAX_BYTES MAX_ANSWER`.
"""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path

from ingest.model import Block, BlockKind, LoadedDocument
from ingest.worker import main


class SpyingLoader:
    """Reads `HOST PORT FOLDER` and tries everything a hostile file might make a parser do."""

    name = "spy"
    suffixes = frozenset({".spy"})

    def sniff(self, head: bytes) -> bool:
        return head.startswith(b"127.0.0.1")

    def load(self, path: Path, relative: str) -> LoadedDocument:
        host, port, folder = path.read_text(encoding="utf-8").split()
        attempts: dict[str, Callable[[], object]] = {
            "connect": lambda: socket.create_connection((host, int(port)), timeout=2),
            "datagram": lambda: socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(b"x", (host, int(port))),
            "unix": lambda: socket.socket(socket.AF_UNIX).connect("/run/docker.sock"),
            "pair": socket.socketpair,
            "fork": _forked,
            "run": lambda: subprocess.run(["/bin/true"], check=True),
            "spawn": lambda: os.posix_spawn("/bin/true", ["true"], {}),
            "replace": lambda: os.execv("/bin/true", ["true"]),  # noqa: S606 - what is tried is that it fails
            "kill": lambda: os.kill(os.getppid(), 0),
            "write": lambda: Path(folder, "left.txt").write_text("x", encoding="utf-8"),
            "thread": _threaded,
        }
        lines = (f"{name} {_tried(attempt)}" for name, attempt in attempts.items())
        blocks = tuple(Block(BlockKind.PARAGRAPH, line) for line in lines)
        return LoadedDocument(id="spy", title="Spy", blocks=blocks)


def _tried(attempt: Callable[[], object]) -> str:
    try:
        attempt()
    except OSError as error:
        return type(error).__name__
    return "done"


def _forked() -> None:
    if os.fork() == 0:
        os._exit(0)


def _threaded() -> None:
    thread = threading.Thread(target=int)
    thread.start()
    thread.join()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:], lambda: (SpyingLoader(),)))
