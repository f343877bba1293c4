"""The process in which files are parsed: `python -m ingest.worker MEMORY CPU MAX_BYTES`.

Requests come as JSON lines on standard input, answers go as length-prefixed JSON to the original standard output.
Limits are set on this process before it reads anything, so a hostile file can end it but nothing else.
"""

from __future__ import annotations

import json
import os
import resource
import struct
import sys
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, TypeAdapter

from ingest.errors import DocumentRejected, Reason
from ingest.loaders.registry import all_loaders, load_file
from ingest.model import LoadedDocument

PREFIX = struct.Struct(">Q")
"""Length of an answer in bytes, in front of it."""


class Request(BaseModel):
    """One file to read."""

    path: str
    relative: str


class Reply(BaseModel):
    """What came of it: a document, or the reason against it."""

    document: LoadedDocument | None = None
    reason: Reason | None = None
    detail: str = ""


REPLY: TypeAdapter[Reply] = TypeAdapter(Reply)


def main(arguments: list[str]) -> int:
    """Serve requests until standard input closes."""
    memory, cpu, max_bytes = (int(argument) for argument in arguments)
    answers = os.dup(1)
    os.dup2(2, 1)  # whatever a parser prints must not get between the answers
    _limit(resource.RLIMIT_CORE, 0)
    _limit(resource.RLIMIT_AS, memory)
    with os.fdopen(answers, "wb") as out:
        for line in sys.stdin.buffer:
            request = Request.model_validate(json.loads(line))
            used = resource.getrusage(resource.RUSAGE_SELF)
            spent = int(used.ru_utime + used.ru_stime) + 1
            resource.setrlimit(resource.RLIMIT_CPU, (spent + cpu, resource.RLIM_INFINITY))
            payload = REPLY.dump_json(_answer(request, max_bytes))
            out.write(PREFIX.pack(len(payload)) + payload)
            out.flush()
    return 0


def _answer(request: Request, max_bytes: int) -> Reply:
    try:
        document = load_file(Path(request.path), request.relative, all_loaders(), max_bytes)
    except DocumentRejected as rejection:
        return Reply(reason=rejection.reason, detail=rejection.detail)
    except MemoryError:
        return Reply(reason=Reason.UNREADABLE, detail="needs more memory than a document may use")
    except Exception as error:  # noqa: BLE001 - the boundary: on a hostile file a parser may fail in any way
        return Reply(reason=Reason.UNREADABLE, detail=f"{type(error).__name__}: {error}"[:200])
    return Reply(document=document)


def _limit(kind: int, value: int) -> None:
    _, hard = resource.getrlimit(kind)
    ceiling: Literal[-1] | int = resource.RLIM_INFINITY
    resource.setrlimit(kind, (value, value if hard == ceiling or value <= hard else hard))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
