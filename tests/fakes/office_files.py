"""Makes Office and OpenDocument files at test time: the common document in each format, and parts put in by hand."""

from __future__ import annotations

import datetime
import re
import zipfile
from collections.abc import Mapping
from pathlib import Path
from xml.sax.saxutils import escape

from docx import Document
from docx.enum.text import WD_BREAK
from openpyxl import Workbook
from openpyxl.styles import Font
from pptx import Presentation
from pptx.util import Emu, Inches

from tests.contract.loaders.files import FIRST, ITEMS, LAST, LEAD_IN, ROWS, TITLE

NOTE = "Diarienummer ges av registrator i den ordning som ärendena kommer in."
SAVED = datetime.datetime(2025, 3, 14, 9, 30, tzinfo=datetime.UTC)

W = " ".join(
    f'xmlns:{prefix}="{name}"'
    for prefix, name in (
        ("w", "http://schemas.openxmlformats.org/wordprocessingml/2006/main"),
        ("mc", "http://schemas.openxmlformats.org/markup-compatibility/2006"),
        ("v", "urn:schemas-microsoft-com:vml"),
        ("wps", "http://schemas.microsoft.com/office/word/2010/wordprocessingShape"),
    )
)
"""Namespaces for XML of Word files written by hand."""
_ODF = " ".join(
    f'xmlns:{prefix}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
    for prefix, name in (
        *(("office", "office"), ("text", "text"), ("style", "style"), ("table", "table"), ("meta", "meta")),
        *(("draw", "drawing"), ("fo", "xsl-fo-compatible")),
    )
)
_ODT_TYPE = "application/vnd.oasis.opendocument.text"


def rewritten(path: Path, parts: Mapping[str, bytes | None], *, into: Path | None = None) -> Path:
    """A zip file with some parts replaced, added or (None) taken out."""
    with zipfile.ZipFile(path) as old:
        contents = {name: old.read(name) for name in old.namelist()}
    for name, content in parts.items():
        contents.pop(name, None)
        if content is not None:
            contents[name] = content
    target = into or path
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as new:
        for name, content in contents.items():
            new.writestr(name, content)
    return target


def part(path: Path, name: str) -> bytes:
    """A part's bytes."""
    with zipfile.ZipFile(path) as package:
        return package.read(name)


def word_paragraph(inside: str, properties: str = "") -> str:
    """A paragraph for `word_body`: runs as XML."""
    return f"<w:p><w:pPr>{properties}</w:pPr>{inside}</w:p>"


def word_run(text: str, properties: str = "") -> str:
    """A run of text."""
    return f'<w:r><w:rPr>{properties}</w:rPr><w:t xml:space="preserve">{escape(text)}</w:t></w:r>'


def word_body(path: Path, body: str, **parts: str) -> Path:
    """A Word file whose body is made of XML written by hand; `parts` as `numbering` replace those of the template."""
    Document().save(str(path))
    others = {f"word/{name}.xml": content.encode() for name, content in parts.items()}
    return rewritten(
        path, {"word/document.xml": f"<w:document {W}><w:body>{body}</w:body></w:document>".encode(), **others}
    )


def guideline_docx(path: Path) -> Path:
    """The common content as Word file: list and first table of Word's own styles, page breaks set by hand."""
    document = Document()
    document.core_properties.title = TITLE
    document.core_properties.modified = SAVED
    document.sections[0].header.paragraphs[0].text = "Sjöbo kommun | Riktlinjer"
    document.sections[0].footer.paragraphs[0].text = "Sida 1 (9)"
    document.add_heading(TITLE, 0)
    document.add_heading("1 Registrering", 1)
    document.add_paragraph(FIRST)
    document.add_heading("1.1 Nämndens ansvar", 2)
    document.add_paragraph(LEAD_IN)
    for item in ITEMS:
        document.add_paragraph(item, style="List Bullet")
    document.paragraphs[-1].add_run().add_break(WD_BREAK.PAGE)
    document.add_heading("2 Omfattning", 1)
    table = document.add_table(rows=0, cols=3, style="Light Grid Accent 1")
    for row in ROWS:
        for cell, text in zip(table.add_row().cells, row, strict=True):
            cell.text = text
    document.add_paragraph().add_run().add_break(WD_BREAK.PAGE)
    document.add_heading("3 Uppföljning", 1)
    document.add_paragraph(LAST)
    document.save(str(path))
    return path


def noted_docx(path: Path) -> Path:
    """The same with a footnote behind the first paragraph."""
    return with_footnote(guideline_docx(path), FIRST[-20:], NOTE)


def with_footnote(path: Path, after: str, note: str) -> Path:
    """Put a footnote behind the text that ends so; python-docx makes none."""
    mark = '</w:t></w:r><w:r><w:rPr><w:vertAlign w:val="superscript"/></w:rPr><w:footnoteReference w:id="2"/></w:r>'
    body = part(path, "word/document.xml").decode().replace(f"{after}</w:t></w:r>", f"{after}{mark}", 1)
    notes = (
        f'<w:footnotes {W}><w:footnote w:type="separator" w:id="0"><w:p/></w:footnote><w:footnote w:id="2"><w:p>'
        f'<w:r><w:footnoteRef/></w:r><w:r><w:t xml:space="preserve"> {escape(note)}</w:t></w:r></w:p></w:footnote>'
        "</w:footnotes>"
    )
    rels = part(path, "word/_rels/document.xml.rels").decode()
    types = part(path, "[Content_Types].xml").decode()
    kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/footnotes"
    content = "application/vnd.openxmlformats-officedocument.wordprocessingml.footnotes+xml"
    return rewritten(
        path,
        {
            "word/document.xml": body.encode(),
            "word/footnotes.xml": notes.encode(),
            "word/_rels/document.xml.rels": rels.replace(
                "</Relationships>",
                f'<Relationship Id="rIdNotes" Type="{kind}" Target="footnotes.xml"/></Relationships>',
            ).encode(),
            "[Content_Types].xml": types.replace(
                "</Types>", f'<Override PartName="/word/footnotes.xml" ContentType="{content}"/></Types>'
            ).encode(),
        },
    )


DIAGRAM = (
    '<dgm:relIds xmlns:dgm="http://schemas.openxmlformats.org/drawingml/2006/diagram" '
    'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships" r:dm="rIdDrawn"/>'
)
"""Where a SmartArt drawing stands, as `with_diagram` makes one."""


def with_diagram(path: Path, owner: str) -> Path:
    """Give a part of a file the texts of a SmartArt drawing with two boxes."""
    folder, name = owner.rsplit("/", 1)
    rels = f"{folder}/_rels/{name}.rels"
    relation = (
        '<Relationship Id="rIdDrawn" Target="/drawn/data1.xml" Type="http://schemas.openxmlformats.org/officeDocument/'
        '2006/relationships/diagramData"/></Relationships>'
    )
    drawing = "http://schemas.openxmlformats.org/drawingml/2006/main"
    boxes = "".join(f"<a:p><a:r><a:t>{text}</a:t></a:r></a:p>" for text in ("Besluta", "Följa upp"))
    return rewritten(
        path,
        {
            rels: part(path, rels).replace(b"</Relationships>", relation.encode()),
            "drawn/data1.xml": f'<data xmlns:a="{drawing}">{boxes}</data>'.encode(),
        },
    )


def guideline_pptx(path: Path) -> Path:
    """The common content as slides: title, then a slide for each heading, speaker's notes on the first."""
    deck = Presentation()
    deck.core_properties.title = TITLE
    deck.core_properties.modified = SAVED
    first = deck.slides.add_slide(deck.slide_layouts[5])
    first.shapes.title.text = "1 Registrering"
    first.shapes.add_textbox(Inches(1), Inches(2), Inches(8), Inches(2)).text_frame.text = FIRST
    first.notes_slide.notes_text_frame.text = "Kom ihåg att hälsa."
    ansvar = deck.slides.add_slide(deck.slide_layouts[1])
    ansvar.shapes.title.text = "1.1 Nämndens ansvar"
    frame = ansvar.placeholders[1].text_frame
    frame.text = ITEMS[0]
    for item in ITEMS[1:]:
        frame.add_paragraph().text = item
    lead = ansvar.shapes.add_textbox(Inches(1), Inches(1.4), Inches(8), Inches(0.1))
    lead.text_frame.text = LEAD_IN
    table_slide = deck.slides.add_slide(deck.slide_layouts[5])
    table_slide.shapes.title.text = "2 Omfattning"
    table = table_slide.shapes.add_table(3, 3, Inches(1), Inches(2), Inches(8), Inches(2)).table
    for row, texts in enumerate(ROWS):
        for column, text in enumerate(texts):
            table.cell(row, column).text = text
    last = deck.slides.add_slide(deck.slide_layouts[5])
    last.shapes.title.text = "3 Uppföljning"
    last.shapes.add_textbox(Emu(0), Inches(2), Inches(8), Inches(2)).text_frame.text = LAST
    deck.save(str(path))
    return path


def guideline_xlsx(path: Path) -> Path:
    """The common content as sheets, one a heading; figures are numbers with a format."""
    book = Workbook()
    book.properties.title = TITLE
    book.properties.modified = SAVED.replace(tzinfo=None)
    sheet = book.active
    assert sheet is not None
    sheet.title = "1 Registrering"
    sheet["A1"] = TITLE
    sheet["A1"].font = Font(bold=True, size=16)
    sheet["A3"] = FIRST
    second = book.create_sheet("1.1 Nämndens ansvar")
    for row, text in enumerate((LEAD_IN, *(f"• {item}" for item in ITEMS)), start=1):
        second.cell(row, 1, text)
    third = book.create_sheet("2 Omfattning")
    third.append(ROWS[0])
    for year, count, who in ROWS[1:]:
        third.append((int(year), int(count.replace(" ", "")), who))
        third.cell(third.max_row, 2).number_format = "#,##0"
    book.create_sheet("3 Uppföljning")["B4"] = LAST
    book.save(path)
    core = part(path, "docProps/core.xml").decode()
    saved = re.sub(r"(<dcterms:modified[^>]*>)[^<]*", rf"\g<1>{SAVED:%Y-%m-%dT%H:%M:%SZ}", core)  # openpyxl puts today
    return rewritten(path, {"docProps/core.xml": saved.encode()})


def report_docx(path: Path) -> Path:
    """A report of several pages with what office documents have: three levels, nested and numbered lists, notes."""
    document = Document()
    document.core_properties.title = "Digitalisering i Fyrbodal"
    document.add_heading("Digitalisering i Fyrbodal", 0)
    document.add_paragraph("Antagen av direktionen 2025-02-12.")
    for number, (chapter, topics) in enumerate(_CHAPTERS.items(), start=1):
        document.add_heading(f"{number} {chapter}", 1)
        for place, topic in enumerate(topics, start=1):
            document.add_heading(f"{number}.{place} {topic}", 2)
            for sentence in range(3):
                document.add_paragraph(
                    " ".join(_SENTENCES[(number * 5 + place * 3 + sentence * 2 + k) % 9] for k in (0, 1, 4))
                )
            if place == 1:
                document.add_paragraph(f"För {topic.lower()} gäller följande:")
                for item in range(3):
                    document.add_paragraph(_POINTS[(number + item) % 6], style="List Bullet")
                    if item == 1:
                        document.add_paragraph(_POINTS[(number + 4) % 6], style="List Bullet 2")
            else:
                table = document.add_table(rows=0, cols=3, style="Table Grid")
                for row in (("Kommun", "Ansvarig funktion", "Klart senast"), *_PLANS[number - 1 : number + 3]):
                    for cell, text in zip(table.add_row().cells, row, strict=True):
                        cell.text = text
                document.add_paragraph(f"Arbetet med {topic.lower()} följs upp i delårsbokslutet.")
    document.save(str(path))
    return with_footnote(path, _SENTENCES[0][-20:], NOTE)


_CHAPTERS = {
    "Styrning": ("Mål och roller", "Planering"),
    "Arbetssätt": ("Gemensam upphandling", "Införande"),
    "Säkerhet": ("Klassning av information", "Incidenter"),
    "Uppföljning": ("Mätning av mognad", "Redovisning"),
}
_SENTENCES = (
    "Kommunerna i Fyrbodal ska samverka om den digitala utvecklingen där det ger större nytta än arbete var för sig.",
    "Varje nämnd ansvarar för att den egna verksamheten har de system som uppdraget kräver.",
    "Medborgare ska kunna följa sina ärenden utan att behöva ringa eller besöka kommunhuset.",
    "Beslut om nya system fattas först när nyttan har beräknats och riskerna har bedömts.",
    "Personuppgifter får behandlas bara när det finns stöd för det i lag eller avtal.",
    "Leverantörer ska kunna visa att deras tjänster uppfyller kraven på tillgänglighet.",
    "Kompetensutveckling planeras tillsammans så att även små kommuner får tillgång till utbildning.",
    "Resultaten redovisas öppet så att invånare och förtroendevalda kan jämföra kommunerna.",
    "Den som leder ett projekt rapporterar kostnader och avvikelser till styrgruppen varje månad.",
)
_POINTS = (
    "behovet ska vara beskrivet av verksamheten",
    "kostnaden ska rymmas i beslutad budget",
    "ansvarig chef ska ha godkänt planen",
    "risker ska vara bedömda enligt gällande metod",
    "avtalet ska kunna sägas upp utan avgift",
    "uppgifterna ska kunna flyttas till ett annat system",
)
_PLANS = (
    ("Bengtsfors", "Kommunledningen", "31 mars"),
    ("Färgelanda", "Utvecklingsenheten", "30 juni"),
    ("Lysekil", "IT-avdelningen", "30 september"),
    ("Sotenäs", "Kanslienheten", "31 december"),
    ("Tanum", "Serviceförvaltningen", "15 oktober"),
    ("Åmål", "Stab och kansli", "1 november"),
    ("Munkedal", "Administrativa avdelningen", "1 maj"),
)


def noted_odt(path: Path) -> Path:
    """The common content as OpenDocument text, with a footnote behind the first paragraph."""
    note = (
        '<text:note text:note-class="footnote"><text:note-citation>1</text:note-citation><text:note-body>'
        f"<text:p>{NOTE}</text:p></text:note-body></text:note>"
    )
    return guideline_odt(path, note)


def guideline_odt(path: Path, note: str = "") -> Path:
    """The common content as OpenDocument text, with page breaks that the program left."""
    items = "".join(f"<text:list-item><text:p>{item}</text:p></text:list-item>" for item in ITEMS)
    rows = "".join(
        "<table:table-row>"
        + "".join(f"<table:table-cell><text:p>{cell}</text:p></table:table-cell>" for cell in row)
        + "</table:table-row>"
        for row in ROWS
    )
    return odt_body(
        path,
        f'<text:p text:style-name="Title">{TITLE}</text:p>'
        f'<text:h text:outline-level="1">1 Registrering</text:h><text:p>{FIRST}{note}</text:p>'
        f'<text:h text:outline-level="2">1.1 Nämndens ansvar</text:h><text:p>{LEAD_IN}</text:p>'
        f'<text:list text:style-name="L1">{items}</text:list><text:soft-page-break/>'
        f'<text:h text:outline-level="1">2 Omfattning</text:h><table:table>{rows}</table:table>'
        f'<text:soft-page-break/><text:h text:outline-level="1">3 Uppföljning</text:h><text:p>{LAST}</text:p>',
        '<text:list-style style:name="L1"><text:list-level-style-bullet text:level="1" text:bullet-char="•"/>'
        "</text:list-style>",
    )


def odt_body(path: Path, body: str, styles: str = "", pages: int = 0) -> Path:
    """An OpenDocument text with a body and automatic styles written by hand."""
    content = (
        f"<office:document-content {_ODF}><office:automatic-styles>{styles}</office:automatic-styles>"
        f"<office:body><office:text>{body}</office:text></office:body></office:document-content>"
    )
    meta = (
        f'<office:document-meta {_ODF} xmlns:dc="http://purl.org/dc/elements/1.1/"><office:meta>'
        f"<dc:title>{TITLE}</dc:title><dc:date>{SAVED:%Y-%m-%dT%H:%M:%S}</dc:date>"
        + (f'<meta:document-statistic meta:page-count="{pages}"/>' if pages else "")
        + "</office:meta></office:document-meta>"
    )
    main = (
        '<style:style style:name="Title" style:family="paragraph"/>'
        '<style:style style:name="Heading_20_1" style:family="paragraph"/>'
    )
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("mimetype", _ODT_TYPE, zipfile.ZIP_STORED)
        package.writestr("content.xml", content)
        package.writestr("meta.xml", meta)
        package.writestr(
            "styles.xml",
            f"<office:document-styles {_ODF}><office:styles>{main}</office:styles></office:document-styles>",
        )
    return path
