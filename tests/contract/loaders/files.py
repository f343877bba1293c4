"""Makes files of every format that can be ingested, with the same content, and files that must be refused."""

from __future__ import annotations

from pathlib import Path

from fpdf import FPDF
from fpdf.enums import EncryptionMethod
from PIL import Image

TITLE = "Riktlinje för ärenden"
FIRST = "Ärenden ska registreras samma dag som de kommer in till kommunen och få ett diarienummer."
LEAD_IN = "Nämnden ska varje år:"
ITEMS = ("besluta om en plan", "följa upp planen i bokslutet", "rapportera till kommunstyrelsen")
ROWS = (("År", "Ärenden", "Ansvarig"), ("2024", "1 250", "Miljönämnden"), ("2025", "1 410", "Byggnadsnämnden"))
LAST = "Uppföljningen redovisas för fullmäktige senast den 31 mars året efter."


class Report(FPDF):
    """A page with running head and page number, as offices print them."""

    head = "Sjöbo kommun | Riktlinjer"

    def header(self) -> None:
        if not self.head:
            return
        self.set_font("Helvetica", size=8)
        self.cell(0, 8, self.head)
        self.ln(14)

    def footer(self) -> None:
        if not self.head:
            return
        self.set_y(-14)
        self.set_font("Helvetica", size=8)
        self.cell(0, 8, f"Sida {self.page_no()} (9)", align="R")

    def heading(self, text: str, size: float = 15) -> None:
        """Larger and bold."""
        self.set_font("Helvetica", "B", size)
        self.multi_cell(0, size * 0.55, text, new_x="LMARGIN", new_y="NEXT")
        self.ln(2)

    def paragraph(self, text: str) -> None:
        """Running text, lines broken by the page's width."""
        self.set_font("Helvetica", size=11)
        self.multi_cell(0, 5.5, text, new_x="LMARGIN", new_y="NEXT", align="L")
        self.ln(3)

    def items(self, texts: tuple[str, ...]) -> None:
        """A bulleted list."""
        self.set_font("Helvetica", size=11)
        for text in texts:
            self.set_x(18)
            self.multi_cell(0, 5.5, f"\u00b7 {text}", new_x="LMARGIN", new_y="NEXT")
        self.ln(3)

    def rows(self, rows: tuple[tuple[str, ...], ...]) -> None:
        """A table with a header row."""
        self.set_font("Helvetica", size=11)
        with self.table(line_height=7) as table:
            for row in rows:
                table.row(row)
        self.ln(4)


def report(head: str = Report.head) -> Report:
    """An empty document with its first page begun; without a head it has no page numbers either."""
    pdf = Report(format="A4")
    pdf.head = head
    pdf.add_page()
    return pdf


def guideline_pdf(path: Path) -> Path:
    """The common content as PDF: title and list on page 1, table on page 2, the end on page 3."""
    pdf = report()
    pdf.heading(TITLE, 22)
    pdf.heading("1 Registrering")
    pdf.paragraph(FIRST)
    pdf.heading("1.1 Nämndens ansvar", 12)
    pdf.paragraph(LEAD_IN)
    pdf.items(ITEMS)
    pdf.add_page()
    pdf.heading("2 Omfattning")
    pdf.rows(ROWS)
    pdf.add_page()
    pdf.heading("3 Uppföljning")
    pdf.paragraph(LAST)
    pdf.output(str(path))
    return path


def guideline_text(path: Path, encoding: str = "utf-8") -> Path:
    """The same as plain text."""
    items = "\n".join(f"- {item}" for item in ITEMS)
    table = "\n".join("\t".join(row) for row in ROWS)
    path.write_bytes(
        f"{TITLE}\n\n1 Registrering\n\n{FIRST}\n\n1.1 Nämndens ansvar\n\n{LEAD_IN}\n{items}\n\n"
        f"2 Omfattning\n\n{table}\n\n3 Uppföljning\n\n{LAST}\n".encode(encoding)
    )
    return path


def guideline_markdown(path: Path) -> Path:
    """The same as Markdown with front matter; pages stand in the headings."""
    items = "\n".join(f"- {item}" for item in ITEMS)
    table = "\n".join(f"| {' | '.join(row)} |" for row in (ROWS[0], ("---",) * 3, *ROWS[1:]))
    path.write_text(
        f"---\ntitle: {TITLE}\nkind: guide\npages: 1-3\n---\n\n## 1 Registrering {{s. 1}}\n\n{FIRST}\n\n"
        f"### 1.1 Nämndens ansvar {{s. 1}}\n\n{LEAD_IN}\n\n{items}\n\n## 2 Omfattning {{s. 2}}\n\n{table}\n\n"
        f"## 3 Uppföljning {{s. 3}}\n\n{LAST}\n",
        encoding="utf-8",
    )
    return path


def encrypted_pdf(path: Path, password: str) -> Path:
    """A PDF that opens with a password only (with an empty one: that every reader opens)."""
    pdf = report()
    pdf.paragraph(FIRST)
    pdf.set_encryption(owner_password="owner", user_password=password, encryption_method=EncryptionMethod.AES_128)
    pdf.output(str(path))
    return path


def scanned_pdf(path: Path) -> Path:
    """A PDF of lines and boxes: no text layer."""
    pdf = FPDF(format="A4")
    pdf.add_page()
    pdf.rect(20, 20, 100, 100)
    pdf.output(str(path))
    return path


def partly_scanned_pdf(path: Path) -> Path:
    """Three pages with text around one that is a picture, and one that is empty."""
    pdf = report()
    pdf.head = ""
    pdf.paragraph(FIRST)
    pdf.add_page()
    pdf.image(Image.new("L", (60, 80), 200), x=20, y=20, w=100)
    pdf.add_page()
    pdf.add_page()
    pdf.paragraph(LAST)
    pdf.output(str(path))
    return path
