"""A program in a cell of its own: `python -m ingest.recognition.cell MEMORY CPU PROGRAM [ARGUMENT ...]`.

The process limits itself (bytes, seconds), gives up the network, other processes and files to write to, and then
becomes the program, which inherits all of that and can take none of it back.
"""

from __future__ import annotations

import ctypes
import os
import resource
import signal
import sys

from ingest.errors import IsolationUnavailable
from ingest.no_network import give_up_network

REFUSED = 76
"""Exit status where the system does not let the process lock itself in."""
_POLITE = 10
"""How far behind others the program gets processor time: a question to the bot goes first."""
_FILES = 64
_DIE_WITH_PARENT = 1


def main(arguments: list[str]) -> int:
    """Does not return where all goes well."""
    memory, cpu, program = int(arguments[0]), int(arguments[1]), arguments[2]
    os.nice(_POLITE)
    for kind, most in (
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_NOFILE, _FILES),
        (resource.RLIMIT_AS, memory),
        (resource.RLIMIT_CPU, cpu),
    ):
        _, hard = resource.getrlimit(kind)
        allowed = most if hard == resource.RLIM_INFINITY else min(most, hard)
        resource.setrlimit(kind, (allowed, allowed))
    ctypes.CDLL(None).prctl(_DIE_WITH_PARENT, ctypes.c_ulong(signal.SIGKILL), 0, 0, 0)
    try:
        give_up_network(may_become_another=True)
    except IsolationUnavailable:
        return REFUSED
    os.execv(program, arguments[2:])  # noqa: S606 - what this module is for; the caller found the program


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
