"""PDF: the loader that is asked whether a file is one. What reads it, and pypdf, are loaded with the first that is."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from ingest.loaders.base import is_pdf
from ingest.model import LoadedDocument

if TYPE_CHECKING:
    from ingest.recognition.page import RecognisedPage  # which needs pypdf, too


class PdfLoader:
    """Loader for PDF files: of their text layer, and of what was `recognised` on the pages that have none."""

    name = "pdf"
    suffixes = frozenset({".pdf"})

    def __init__(self, recognised: Mapping[int, RecognisedPage] | None = None) -> None:
        self._recognised = recognised or {}

    def sniff(self, head: bytes) -> bool:
        """The header may be preceded by some bytes."""
        return is_pdf(head)

    def load(self, path: Path, relative: str) -> LoadedDocument:
        """Read the file. Raises DocumentRejected: ENCRYPTED, NO_TEXT_LAYER, UNREADABLE, WRONG_TYPE, TOO_LARGE."""
        from ingest.loaders.pdf_reading import read  # noqa: PLC0415 - most files are none, and pypdf is a fifth of a start

        return read(path, relative, self._recognised)
