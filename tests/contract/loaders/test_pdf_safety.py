"""PDF files that cost more than they are worth, or are built in circles: read as far as they go, or refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from ingest.errors import Reason
from ingest.loaders import pdf_drawing
from tests.contract.loaders import files
from tests.contract.loaders.reading import read, rejection, whole
from tests.fakes.hostile_pdfs import CATALOG, LETTERS, PAGE, PAGES, one_page, packed, pdf, shown, stream

TEXT = shown(files.FIRST, files.LAST)


def written(folder: Path, objects: dict[int, str | bytes], trailer: str = "", before: bytes = b"") -> Path:
    path = folder / "a.pdf"
    path.write_bytes(before + pdf(objects, trailer))
    return path


def refused(folder: Path, objects: dict[int, str | bytes], trailer: str = "") -> Reason:
    return rejection(written(folder, objects, trailer)).reason


@pytest.mark.parametrize("kids", [f"{PAGES} 0 R {PAGE} 0 R", f"{PAGE} 0 R {PAGES} 0 R", f"{PAGE} 0 R 9 0 R"])
def test_i03_pages_in_circles_are_refused(tmp_path: Path, kids: str) -> None:
    objects = one_page(TEXT) | {
        PAGES: f"<< /Type /Pages /Kids [{kids}] /Count 2 >>",
        9: f"<< /Type /Pages /Kids [{PAGES} 0 R] /Parent {PAGES} 0 R /Count 1 >>",
    }
    assert refused(tmp_path, objects) is Reason.UNREADABLE


@pytest.mark.parametrize("said", [50_000, 1])
def test_i03_fifty_thousand_pages_are_refused_unread(tmp_path: Path, said: int) -> None:
    pages = f"<< /Type /Pages /Kids [{'999 0 R ' * 50_000}] /Count {said} >>"
    why = rejection(written(tmp_path, one_page(TEXT) | {PAGES: pages}))
    assert (why.reason, why.detail) == (Reason.TOO_LARGE, "50000 pages, limit 3000")


def test_i03_the_sum_of_pages_that_the_list_of_lists_says_is_believed(tmp_path: Path) -> None:
    pages = f"<< /Type /Pages /Kids [{'999 0 R ' * 50}] /Count 50000 >>"
    assert refused(tmp_path, one_page(TEXT) | {PAGES: pages}) is Reason.TOO_LARGE


@pytest.mark.parametrize("said", ["1000000000", "-5", "(many)"])
def test_i03_a_number_of_pages_that_cannot_be_is_not_believed(tmp_path: Path, said: str) -> None:
    pages = f"<< /Type /Pages /Kids [{PAGE} 0 R] /Count {said} >>"
    assert files.LAST in whole(read(written(tmp_path, one_page(TEXT) | {PAGES: pages})))


@pytest.mark.parametrize(
    ("content", "filters"),
    [
        (packed(TEXT, 80), "/FlateDecode"),
        (packed(packed(TEXT, 80)), "[/FlateDecode /FlateDecode]"),
        (packed(b"\x81 " * 700_000 + b"\x80"), "[/FlateDecode /RunLengthDecode]"),
        (packed(TEXT), f"[{'/FlateDecode ' * 50}]"),
    ],
    ids=["deflated", "deflated twice", "runs", "fifty filters"],
)
def test_i03_what_inflates_without_end_is_refused(tmp_path: Path, content: bytes, filters: str) -> None:
    assert refused(tmp_path, one_page(content, f"/Filter {filters}")) is Reason.TOO_LARGE


@pytest.mark.parametrize("kind", ["", "/F /DCT ", "/F /A85 "])
def test_i03_a_picture_in_the_text_that_does_not_end_is_no_hang(tmp_path: Path, kind: str) -> None:
    content = TEXT + b"BI /W 10 /H 10 /BPC 8 /CS /G %sID " % kind.encode() + b"\x01E" * 5_000
    assert refused(tmp_path, one_page(content)) is Reason.UNREADABLE


def test_i03_drawings_that_draw_themselves_end(tmp_path: Path) -> None:
    box = "/Type /XObject /Subtype /Form /BBox [0 0 9 9] /Resources << /XObject << /X 9 0 R >> >>"
    objects = one_page(TEXT + b"/X Do", resources="/XObject << /X 9 0 R >>") | {9: stream(b"/X Do /X Do", box)}
    assert files.LAST in whole(read(written(tmp_path, objects)))


def test_i03_a_page_that_cannot_be_read_is_told(tmp_path: Path) -> None:
    objects = one_page(TEXT) | {
        PAGES: f"<< /Type /Pages /Kids [{PAGE} 0 R 9 0 R] /Count 2 >>",
        9: f"<< /Type /Page /Parent {PAGES} 0 R /MediaBox [0 0 9 9] /Contents 10 0 R "
        f"/Resources << /Font << /F1 {LETTERS} 0 R >> >> >>",
        10: stream(TEXT, "/Filter /NoSuchFilter"),
    }
    document = read(written(tmp_path, objects))
    assert (files.LAST in whole(document), document.unread) == (True, (2,))


@pytest.mark.parametrize("box", ["null", "[0 0]", "[0 0 0 0]", "[595 842 0 0]"])
def test_i03_a_page_of_no_size_is_read(tmp_path: Path, box: str) -> None:
    objects = one_page(TEXT)
    objects[PAGE] = str(objects[PAGE]).replace("[0 0 595 842]", box)
    assert files.LAST in whole(read(written(tmp_path, objects)))


@pytest.mark.parametrize("degrees", [90, 180, 270, -90])
def test_i03_a_page_that_lies_on_its_side_is_read(tmp_path: Path, degrees: int) -> None:
    assert files.LAST in whole(read(written(tmp_path, one_page(TEXT, page=f"/Rotate {degrees}"))))


@pytest.mark.parametrize("before", [b"HTTP/1.1 200 OK\r\nContent-Type: application/pdf\r\n\r\n", b"x" * 1_000])
def test_i03_what_stands_in_front_of_a_pdf_does_no_harm(tmp_path: Path, before: bytes) -> None:
    assert files.LAST in whole(read(written(tmp_path, one_page(TEXT), before=before)))


@pytest.mark.parametrize("way", ["/Filter /Adobe.PubSec /SubFilter /adbe.pkcs7.s5 /V 4", "/Filter /Standard /V 9 /R 9"])
def test_i06_other_ways_to_encrypt_are_told(tmp_path: Path, way: str) -> None:
    trailer = f"/Encrypt << {way} /O (x) /U (y) /P -1 >> /ID [(a) (b)]"
    assert refused(tmp_path, one_page(TEXT), trailer) is Reason.ENCRYPTED


def test_i05_pages_with_nothing_on_them_are_no_scan(tmp_path: Path) -> None:
    assert refused(tmp_path, one_page(b"  \n")) is Reason.EMPTY


@pytest.mark.parametrize(
    "root", ["/Collection << /View /D >>", "/NeedsRendering true /AcroForm << /XFA (x) /Fields [] >>"]
)
def test_i05_a_page_that_only_says_where_else_to_open_the_file_is_no_document(tmp_path: Path, root: str) -> None:
    objects = one_page(TEXT) | {CATALOG: f"<< /Type /Catalog /Pages {PAGES} 0 R {root} >>"}
    assert refused(tmp_path, objects) is Reason.WRONG_TYPE


@pytest.mark.parametrize(
    "more", [b"(a) Tj " * 40, b"[" + b"(a)-2" * 20 + b"] TJ", b"(a) ' " * 40], ids=["Tj", "TJ", "next line"]
)
def test_i03_a_page_that_shows_more_than_a_page_holds_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, more: bytes
) -> None:
    monkeypatch.setattr(pdf_drawing, "MOST_SHOWN", 39)
    why = rejection(written(tmp_path, one_page(b"BT /F1 11 Tf 14 TL 60 760 Td " + more + b" ET")))
    assert (why.reason, why.detail) == (Reason.TOO_LARGE, "LimitReachedError: 40 strings on a page, limit 39")
