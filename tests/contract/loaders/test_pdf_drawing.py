"""What a page draws is told as pypdf's public extraction tells it, only sooner."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from pypdf import PageObject, PdfReader, PdfWriter
from pypdf.generic import DecodedStreamObject, DictionaryObject, NameObject

from ingest.loaders.pdf_drawing import UPRIGHT, Fonts, drawn
from tests.contract.loaders.files import guideline_pdf

Told = list[tuple[str, tuple[float, ...], tuple[float, ...], str, float]]

NUMBER = st.one_of(st.integers(-20, 700), st.floats(-20, 700).map(lambda value: round(value, 2))).map(str)
LETTERS = st.text("abc åä fi().\\\n<>א", max_size=6)
STRING = st.one_of(
    LETTERS.map(lambda text: "(" + text.replace("\\", "\\\\").replace("(", "\\(").replace(")", "\\)") + ")"),
    LETTERS.map(lambda text: f"<{text.encode('latin-1', 'ignore').hex()}>"),
    st.sampled_from(["(a(b)c)", "<6>", "(\\344\\5a)"]),
)
OPERATION = st.one_of(
    STRING.map(lambda text: f"{text} Tj"),
    st.tuples(NUMBER, NUMBER).map(lambda at: f"{at[0]} {at[1]} Td"),
    st.tuples(NUMBER, NUMBER).map(lambda at: f"{at[0]} {at[1]} TD"),
    st.lists(st.one_of(STRING, NUMBER), max_size=5).map(lambda parts: f"[{' '.join(parts)}]TJ"),
    STRING.map(lambda text: f"{text} '"),
    STRING.map(lambda text: f'1 .5 {text} "'),
    st.sampled_from(["T*", "BT", "ET", "q", "Q", "1\n2", "Tj", ")"]),
    st.sampled_from(("12 TL", "/F1 12 Tf", "/F1 0 Tf", "/F1 -9 Tf", "/None 8 Tf", "2 Tc", "/X Do", "% remark\n")),
    st.sampled_from(("1 0 0 1 50 700 Tm", "0 1 -1 0 50 50 Tm", "0 0 0 0 1 1 Tm", "2 0 0 2 0 0 cm", "0 0 9 9 re f")),
    st.sampled_from(("/P <</MCID 0 /E (x)>> BDC EMC", "[(a) [1] 2] TJ")),
)


def told(tell: Callable[[Callable[..., None]], object]) -> tuple[Told, str]:
    """What is told, and what was raised at the end."""
    found: Told = []

    def visit(text: str, cm: Any, tm: Any, font: Any, size: float) -> None:
        if text:
            found.append((text, tuple(cm), tuple(tm), str(font and font.get("/BaseFont")), size))

    try:
        tell(visit)
    except Exception as error:  # noqa: BLE001 - whatever pypdf raises for damaged pages is to be the same
        return found, type(error).__name__
    return found, ""


def of_pypdf(page: PageObject) -> tuple[Told, str]:
    return told(lambda visit: page.extract_text(orientations=UPRIGHT, visitor_text=visit))


def page_of(operations: str) -> bytes:
    """A file whose page draws that, with a font, and a drawing that says something."""
    writer = PdfWriter()
    page = writer.add_blank_page(600, 800)
    font = DictionaryObject({NameObject("/Type"): NameObject("/Font"), NameObject("/Subtype"): NameObject("/Type1")})
    font[NameObject("/BaseFont")] = NameObject("/Helvetica")
    fonts = DictionaryObject({NameObject("/F1"): font})
    form, content = DecodedStreamObject(), DecodedStreamObject()
    form.set_data(b"BT /F1 9 Tf (drawing) Tj ET")
    form[NameObject("/Subtype")] = NameObject("/Form")
    form[NameObject("/Resources")] = DictionaryObject({NameObject("/Font"): fonts})
    drawings = DictionaryObject({NameObject("/X"): form})
    page[NameObject("/Resources")] = DictionaryObject({NameObject("/Font"): fonts, NameObject("/XObject"): drawings})
    content.set_data(operations.encode("latin-1", "ignore"))
    page[NameObject("/Contents")] = content
    file = BytesIO()
    writer.write(file)
    return file.getvalue()


@settings(max_examples=60, deadline=None)
@given(st.lists(OPERATION, max_size=12).map("\n".join))
def test_any_page_is_told_as_by_pypdf(operations: str) -> None:
    file = page_of(operations)
    [page], [other] = PdfReader(BytesIO(file)).pages, PdfReader(BytesIO(file)).pages
    assert told(lambda visit: drawn(page, Fonts(), visit)) == of_pypdf(other)


def test_pages_of_a_file_share_its_fonts_and_nothing_else(tmp_path: Path) -> None:
    path = guideline_pdf(tmp_path / "a.pdf")
    fonts = Fonts()
    ours = [told(lambda visit, page=page: drawn(page, fonts, visit)) for page in PdfReader(path).pages]  # type: ignore[misc]
    assert ours == [of_pypdf(page) for page in PdfReader(path).pages]
    assert all(said and not error for said, error in ours)
