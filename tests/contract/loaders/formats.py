"""The formats that every loader's promises are held against, each with the same document in it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from tests.contract.loaders import files
from tests.fakes import office_files


@dataclass(frozen=True)
class Format:
    """One format: how to make the common document in it, and whether it knows pages.

    `sheets`: it has slides or sheets, which are pages each with its heading, all of one level.
    """

    name: str
    suffix: str
    make: Callable[[Path], Path]
    pages: bool
    sheets: bool = False


FORMATS = (
    Format("pdf", ".pdf", files.guideline_pdf, pages=True),
    Format("markdown", ".md", files.guideline_markdown, pages=True),
    Format("text", ".txt", files.guideline_text, pages=False),
    Format("docx", ".docx", office_files.guideline_docx, pages=True),
    Format("pptx", ".pptx", office_files.guideline_pptx, pages=True, sheets=True),
    Format("xlsx", ".xlsx", office_files.guideline_xlsx, pages=True, sheets=True),
    Format("odt", ".odt", office_files.guideline_odt, pages=True),
)
