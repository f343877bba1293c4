"""PDF files as an office's scanner makes them: every page a picture, no text."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pypdfium2
from fpdf import FPDF
from PIL import Image

A4 = (210.0, 297.0)
"""Millimetres."""


def pictures_of(printed: Path, *, pages: Sequence[int] = (1,), dots: int = 200) -> list[Image.Image]:
    """Pages of a PDF file with text as grey pictures, `dots` an inch."""
    document = pypdfium2.PdfDocument(printed)
    found = [document[page - 1].render(scale=dots / 72, grayscale=True).to_pil().copy() for page in pages]
    document.close()
    return found


def scanned_pages(target: Path, pages: Sequence[Image.Image | str]) -> Path:
    """A PDF file with a picture or a printed text on each page."""
    pdf = FPDF(format="A4")
    pdf.set_font("Helvetica", size=11)
    for page in pages:
        pdf.add_page()
        if isinstance(page, str):
            pdf.multi_cell(0, 5.5, page)
        else:
            pdf.image(page, 0, 0, *A4)
    pdf.output(str(target))
    return target
