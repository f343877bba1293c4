"""A process that takes documents in and tells how far it is, until it is killed."""

from __future__ import annotations

import asyncio
import time
from multiprocessing.connection import Connection
from pathlib import Path

from ingest.model import Advance
from ingest.pipeline import ingest
from knowledge.adapters.generation import GenerationStore
from tests.fakes.knowledge import RecordingEmbedder

PAUSE = 0.02
"""Seconds after each thing told, in which whoever hears it may kill the process."""
END = "end"


def take_in(tell: Connection, folder: str, root: str) -> None:
    """Take the folder's files in; `tell` gets `phase done` for every step, and END."""

    def advance(step: Advance) -> None:
        tell.send_bytes(f"{step.phase} {step.done}".encode())
        time.sleep(PAUSE)

    store, embedder = GenerationStore(Path(root)), RecordingEmbedder()
    asyncio.run(ingest([Path(folder)], store=store, embedder=embedder, progress=advance))
    tell.send_bytes(END.encode())
