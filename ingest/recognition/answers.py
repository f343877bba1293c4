"""What Tesseract answered on each page, in the folder in which the service leaves it unread."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from ingest.errors import PageNotRead

if TYPE_CHECKING:
    from ingest.recognition.page import RecognisedPage

_SUFFIX = ".hocr"


def answer_on(folder: Path, page: int) -> Path:
    """Where the answer on a page is left."""
    return folder / f"{page}{_SUFFIX}"


def answers_in(folder: Path) -> dict[int, RecognisedPage]:
    """Page number -> its lines; pages on which nothing could be read for certain are left out.

    For the process that parses. Blocks.
    """
    from ingest.recognition.hocr import evened, page_of  # noqa: PLC0415 - lxml and pypdf, where files are parsed only

    pages: dict[int, RecognisedPage] = {}
    for file in sorted(folder.glob(f"*{_SUFFIX}")):
        try:
            pages[int(file.stem)] = page_of(file.read_bytes())
        except PageNotRead:
            continue  # it stays among the pages that are told to be unread
    return evened(pages)
