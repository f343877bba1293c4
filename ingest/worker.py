"""The process in which files are parsed and unpacked: `python -m ingest.worker MEMORY CPU MAX_BYTES MAX_ANSWER`.

Requests come as JSON lines on standard input, answers go as length-prefixed JSON to the original standard output.
Before it reads anything, the process gives up what no parser needs: memory and time without end, files to write to,
the network, other programs. A hostile file can end it, but nothing else.
"""

from __future__ import annotations

import json
import os
import resource
import struct
import sys
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, TypeAdapter

from ingest.archives import Entry, Room, is_archive, unpack
from ingest.errors import DocumentRejected, IsolationUnavailable, Reason
from ingest.instructions import suspicious
from ingest.loaders.base import Loader
from ingest.loaders.registry import all_loaders, load_file
from ingest.model import LoadedDocument
from ingest.no_network import give_up_network

PREFIX = struct.Struct(">Q")
"""Length of an answer in bytes, in front of it."""
_FILES = 64
"""Files open at once."""


class Request(BaseModel):
    """One file to read, or to unpack into `folder`, which takes no more than `room`.

    With a `page`, that page of a PDF file is drawn as the picture `target` instead. `recognised` is a folder with what
    the file's scanned pages have turned out to say.
    """

    path: str
    relative: str = ""
    folder: str = ""
    room: Room = Room()
    page: int = 0
    target: str = ""
    recognised: str = ""


class Reply(BaseModel):
    """What came of it: a document, an archive's files, or the reason against it.

    The first one comes unasked, when the process is ready; `locked_in` is False, and it is the last one too, where the
    system did not let the process give up the network.
    """

    document: LoadedDocument | None = None
    entries: tuple[Entry, ...] = ()
    reason: Reason | None = None
    detail: str = ""
    unread: tuple[int, ...] = ()
    locked_in: bool = True


REPLY: TypeAdapter[Reply] = TypeAdapter(Reply)


def main(arguments: list[str], loaders: Callable[[], Sequence[Loader]] = all_loaders) -> int:
    """Serve requests until standard input closes; 1 where that would not be safe."""
    memory, cpu, max_bytes, max_answer = (int(argument) for argument in arguments)
    answers = os.dup(1)
    os.dup2(2, 1)  # whatever a parser prints must not get between the answers
    _limit(resource.RLIMIT_CORE, 0)
    _limit(resource.RLIMIT_AS, memory)
    _limit(resource.RLIMIT_NOFILE, _FILES)
    with os.fdopen(answers, "wb") as out:
        try:
            give_up_network()
        except IsolationUnavailable as error:
            _write(out.write, Reply(locked_in=False, detail=str(error)), max_answer)
            return 1
        known = loaders()
        _write(out.write, Reply(), max_answer)
        out.flush()
        for line in sys.stdin.buffer:
            request = Request.model_validate(json.loads(line))
            used = resource.getrusage(resource.RUSAGE_SELF)
            spent = int(used.ru_utime + used.ru_stime) + 1
            resource.setrlimit(resource.RLIMIT_CPU, (spent + cpu, resource.RLIM_INFINITY))
            # Only what is unpacked or drawn is written; the largest file that may come out is the largest that is read.
            writes = request.folder or request.target
            _limit(resource.RLIMIT_FSIZE, max_bytes if writes else 0, for_now=True)
            _write(out.write, _answer(request, known, max_bytes), max_answer)
            out.flush()
    return 0


def _answer(request: Request, loaders: Sequence[Loader], max_bytes: int) -> Reply:
    path = Path(request.path)
    try:
        if request.folder:
            return Reply(entries=unpack(path, Path(request.folder), request.room, max_bytes))
        if request.target:
            from ingest.recognition.pictures import draw  # noqa: PLC0415 - PDFium, where a page is drawn and only there

            draw(path, request.page, Path(request.target))
            return Reply()
        if is_archive(path):
            raise DocumentRejected(Reason.ARCHIVE)
        if request.recognised:
            from ingest.loaders.pdf import PdfLoader  # noqa: PLC0415 - pypdf and lxml, in the process that parses
            from ingest.recognition.answers import answers_in  # noqa: PLC0415

            loaders = (PdfLoader(answers_in(Path(request.recognised))),)
        document = load_file(path, request.relative, loaders, max_bytes)
        return Reply(document=replace(document, flagged=suspicious(document)))
    except DocumentRejected as rejection:
        return Reply(reason=rejection.reason, detail=rejection.detail, unread=rejection.unread)
    except OSError as error:
        return Reply(reason=Reason.UNREADABLE, detail=error.strerror or "cannot be opened")
    except MemoryError:
        return Reply(reason=Reason.UNREADABLE, detail="needs more memory than a document may use")
    except Exception as error:  # noqa: BLE001 - the boundary: on a hostile file a parser may fail in any way
        return Reply(reason=Reason.UNREADABLE, detail=f"{type(error).__name__}: {error}"[:200])


def _write(write: Callable[[bytes], object], reply: Reply, limit: int) -> None:
    payload = REPLY.dump_json(reply)
    if len(payload) > limit:
        detail = f"{len(payload) / 1e6:.0f} MB of text, limit {limit / 1e6:.0f} MB"
        payload = REPLY.dump_json(Reply(reason=Reason.TOO_LARGE, detail=detail))
    write(PREFIX.pack(len(payload)) + payload)


def _limit(kind: int, value: int, *, for_now: bool = False) -> None:
    _, hard = resource.getrlimit(kind)
    ceiling: Literal[-1] | int = resource.RLIM_INFINITY
    allowed = value if hard == ceiling or value <= hard else hard
    resource.setrlimit(kind, (allowed, hard if for_now else allowed))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
