"""Makes documents of any size out of the built-in library's sentences, for measuring how they are taken in."""

from __future__ import annotations

import html
import random
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from docx import Document
from fpdf import FPDF
from fpdf.enums import MethodReturnValue

from bot.knowledge_base import LIBRARY

SEED = 20261129
ENDINGS = ("pdf", "docx", "html", "md")
_COLUMN, _GAP, _TOP, _FOOT = 85.0, 10.0, 20.0, 277.0
"""Millimetres: a column's width, the space between two, and where a page's text begins and ends."""
_LINE = 5.0
_OFFICES = ("Miljönämnden", "Byggnadsnämnden", "Socialnämnden", "Kultur- och fritidsnämnden", "Kommunstyrelsen")


@lru_cache(maxsize=1)
def sentences() -> tuple[str, ...]:
    """Every sentence of the library's running text that the standard fonts of PDF can print."""
    found: dict[str, None] = {}
    for path in sorted(LIBRARY.rglob("*.md")):
        text = re.sub(r"\A---\n.*?\n---\n", "", path.read_text(encoding="utf-8"), flags=re.DOTALL)
        for line in text.splitlines():
            if line[:1].isalpha():
                found.update(dict.fromkeys(re.findall(r"[A-ZÅÄÖ][^.!?|{}*]{40,200}\.", line)))
    return tuple(each for each in found if each.encode("latin-1", "ignore").decode("latin-1") == each)


@dataclass(frozen=True, slots=True)
class Section:
    """A heading and what stands below it; the table may have no rows."""

    heading: str
    paragraphs: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...] = ()


def sections(count: int, seed: int = SEED) -> list[Section]:
    """Sections of three paragraphs each, every third one with a table; the same ones for the same seed.

    Every paragraph has a number in it that no other one has, so that no two documents say the same.
    """
    chance, known, result = random.Random(seed), sentences(), []
    for number in range(1, count + 1):
        paragraphs = []
        for part in range(1, 4):
            chosen = chance.sample(known, 3)
            paragraphs.append(" ".join([*chosen, f"Ärendet har nummer {seed}-{number}-{part}."]))
        rows: tuple[tuple[str, ...], ...] = ()
        if number % 3 == 0:
            named = chance.sample(_OFFICES, 4)
            figures = [(each, str(chance.randint(10, 99)), str(chance.randint(1000, 9999))) for each in named]
            rows = (("Nämnd", "Ärenden", "Kostnad"), *figures)
        words = chance.choice(known).split()[:5]
        result.append(Section(f"{number} {' '.join(words).rstrip(',')}", tuple(paragraphs), rows))
    return result


class _Print(FPDF):
    """Pages with a running head and a number; every third page is set in two columns."""

    def __init__(self) -> None:
        super().__init__(format="A4")
        self.set_auto_page_break(False)
        self.columns, self.column = 1, 0
        self.turn()

    def header(self) -> None:
        self.set_font("Helvetica", size=8)
        self.set_xy(15, 8)
        self.cell(0, 5, "Sjöbo kommun | Årsredovisning")
        self.set_xy(15, 284)
        self.cell(0, 5, f"Sida {self.page_no()}", align="R")

    @property
    def width(self) -> float:
        """Of a column in millimetres."""
        return 2 * _COLUMN + _GAP if self.columns == 1 else _COLUMN

    def turn(self) -> None:
        """Go on in the next column, on the next page where this is the last."""
        self.column += 1
        if self.column >= self.columns or self.page == 0:
            self.add_page()
            self.columns, self.column = (2 if self.page % 3 == 0 else 1), 0
        self.set_xy(15 + self.column * (_COLUMN + _GAP), _TOP)

    def write_lines(self, text: str, size: float, style: str = "") -> None:
        """A paragraph or heading, over as many columns as it takes."""
        self.set_font("Helvetica", style, size)
        lines: list[str] = self.multi_cell(  # type: ignore[assignment]  # what is asked for as output comes
            self.width, _LINE, text, align="L", dry_run=True, output=MethodReturnValue.LINES
        )
        for line in lines:
            if self.get_y() > _FOOT - _LINE:
                self.turn()
                self.set_font("Helvetica", style, size)
            left = 15 + self.column * (_COLUMN + _GAP)
            self.set_x(left)
            self.cell(self.width, _LINE, line)
            self.set_xy(left, self.get_y() + _LINE)
        self.set_y(self.get_y() + _LINE / 2)

    def write_rows(self, rows: Sequence[Sequence[str]]) -> None:
        """A table without lines."""
        if self.get_y() > _FOOT - (len(rows) + 1) * 7:
            self.turn()
        self.set_font("Helvetica", size=9)
        left = 15 + self.column * (_COLUMN + _GAP)
        for row in rows:
            for column, text in enumerate(row):
                self.set_x(left + column * self.width / 3 + (self.width / 6 if column else 0))
                self.cell(self.width / 4, 7, text)
            self.set_xy(left, self.get_y() + 7)
        self.set_y(self.get_y() + _LINE)


def long_pdf(path: Path, pages: int, seed: int = SEED) -> Path:
    """So many printed pages: headings, running text, tables, one and two columns."""
    pdf, number = _Print(), 0
    written = sections(pages * 3, seed)
    while pdf.page < pages:
        _write(pdf, written[number])
        number += 1
    pdf.output(str(path))
    return path


def _write(pdf: _Print, section: Section) -> None:
    if pdf.get_y() > _FOOT - 30:
        pdf.turn()
    pdf.write_lines(section.heading, 14, "B")
    for paragraph in section.paragraphs:
        pdf.write_lines(paragraph, 10.5)
    if section.rows:
        pdf.write_rows(section.rows)


def document(folder: Path, number: int, length: int = 6) -> Path:
    """The n-th of many documents, each of another text, and of another format than the one before."""
    title, written = f"Årsredovisning del {number}", sections(length, SEED + number)
    path = folder / f"rapport-{number:03}.{ENDINGS[number % len(ENDINGS)]}"
    match path.suffix:
        case ".pdf":
            pdf = _Print()
            pdf.write_lines(title, 20, "B")
            for section in written:
                _write(pdf, section)
            pdf.output(str(path))
        case ".docx":
            _docx(path, title, written)
        case ".html":
            body = "".join(map(_html, written))
            page = f"<!doctype html><html lang='sv'><title>{title}</title><body><main><h1>{title}</h1>{body}</main>"
            path.write_text(page, encoding="utf-8")
        case _:
            path.write_text(f"# {title}\n\n" + "\n\n".join(map(_markdown, written)) + "\n", encoding="utf-8")
    return path


def _docx(path: Path, title: str, written: Sequence[Section]) -> None:
    made = Document()
    made.add_heading(title, 0)
    for section in written:
        made.add_heading(section.heading, 1)
        for paragraph in section.paragraphs:
            made.add_paragraph(paragraph)
        if section.rows:
            table = made.add_table(rows=0, cols=len(section.rows[0]))
            for row in section.rows:
                for cell, text in zip(table.add_row().cells, row, strict=True):
                    cell.text = text
    made.save(str(path))


def _html(section: Section) -> str:
    rows = "".join(f"<tr>{''.join(f'<td>{html.escape(cell)}</td>' for cell in row)}</tr>" for row in section.rows)
    paragraphs = "".join(f"<p>{html.escape(each)}</p>" for each in section.paragraphs)
    return f"<h2>{html.escape(section.heading)}</h2>{paragraphs}{f'<table>{rows}</table>' if rows else ''}"


def _markdown(section: Section) -> str:
    rows = [f"| {' | '.join(row)} |" for row in section.rows]
    table = [rows[0], "|---" * len(section.rows[0]) + "|", *rows[1:]] if rows else []
    return "\n\n".join([f"## {section.heading}", *section.paragraphs, *(["\n".join(table)] if table else [])])
