"""`fyren` in a forked process: real streams, a real environment and a real exit code, without the imports each time."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from multiprocessing.connection import Connection

from bot.cli import main
from tests import forks


def run(arguments: Sequence[str], env: Mapping[str, str], given: str, timeout: float) -> tuple[int, str, str]:
    """Exit code, standard output and standard error of a command that is given this on standard input.

    Raises TimeoutError where it does not end within the seconds; it is dead then.
    """
    context = forks.context()
    (stdin, gives), (out, stdout), (err, stderr) = (context.Pipe(duplex=False) for _ in range(3))
    process = context.Process(target=_command, args=(arguments, dict(env), stdin, stdout, stderr), daemon=True)
    process.start()
    for its in (stdin, stdout, stderr):
        its.close()
    with ThreadPoolExecutor(3) as pool:
        pool.submit(_give, gives, given)
        said = [pool.submit(_heard, end) for end in (out, err)]
        process.join(timeout)
        code = process.exitcode
        process.kill()
        told, noted = (each.result() for each in said)
    process.join()
    process.close()
    if code is None:
        raise TimeoutError(f"fyren {' '.join(arguments)} took more than {timeout:g} s: {noted}")
    return code, told, noted


def _give(end: Connection, text: str) -> None:
    with end, os.fdopen(os.dup(end.fileno()), "w", encoding="utf-8") as pipe, suppress(BrokenPipeError):
        pipe.write(text)


def _heard(end: Connection) -> str:
    with end, os.fdopen(os.dup(end.fileno()), encoding="utf-8") as pipe:
        return pipe.read()


def _command(arguments: Sequence[str], env: Mapping[str, str], *streams: Connection) -> None:
    for number, stream in enumerate(streams):
        os.dup2(stream.fileno(), number)
        stream.close()
    os.environ.clear()  # noqa: TID251 - what a start from nothing would be given
    os.environ.update(env)  # noqa: TID251
    sys.stdin = open(0, encoding="utf-8", closefd=False)  # noqa: SIM115 - lives as long as the process
    sys.stdout = open(1, "w", encoding="utf-8", closefd=False)  # noqa: SIM115
    sys.stderr = open(2, "w", encoding="utf-8", closefd=False, buffering=1)  # noqa: SIM115
    sys.exit(main(arguments))
