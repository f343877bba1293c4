"""PDF files written object by object, as no program writes them: circles, bombs, counts that are not true."""

from __future__ import annotations

import zlib
from collections.abc import Mapping

FONT = "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>"
CATALOG, PAGES, LETTERS, PAGE, CONTENT = 1, 2, 3, 4, 5
"""Numbers of the objects of `one_page`."""


def pdf(objects: Mapping[int, str | bytes], trailer: str = "") -> bytes:
    """A file of these objects, the first of which is the catalogue."""
    written = bytearray(b"%PDF-1.7\n")
    places: dict[int, int] = {}
    for number, content in objects.items():
        places[number] = len(written)
        body = content if isinstance(content, bytes) else content.encode("latin-1")
        written += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = len(written)
    written += b"xref\n0 %d\n0000000000 65535 f \n" % (max(places) + 1)
    for number in range(1, max(places) + 1):
        written += b"%010d 00000 n \n" % places[number] if number in places else b"0000000000 65535 f \n"
    end = f"trailer\n<< /Size {max(places) + 1} /Root 1 0 R {trailer} >>\nstartxref\n{table}\n%%EOF\n"
    return bytes(written) + end.encode("latin-1")


def stream(content: bytes, entries: str = "") -> bytes:
    """An object with content."""
    return b"<< /Length %d %s >>\nstream\n%s\nendstream" % (len(content), entries.encode("latin-1"), content)


def shown(*lines: str) -> bytes:
    """Page content that prints lines of text, without brackets in them."""
    printed = b"".join(b"(%s) Tj T*\n" % line.encode("cp1252") for line in lines)
    return b"BT /F1 11 Tf 14 TL 60 760 Td\n%sET\n" % printed


def one_page(content: bytes, entries: str = "", *, page: str = "", resources: str = "") -> dict[int, str | bytes]:
    """The objects of a file with one page; `entries` are of its content, as filters, `page` of the page."""
    has = f"<< /Font << /F1 {LETTERS} 0 R >> {resources} >>"
    described = f"/Type /Page /Parent {PAGES} 0 R /MediaBox [0 0 595 842] /Contents {CONTENT} 0 R"
    return {
        CATALOG: f"<< /Type /Catalog /Pages {PAGES} 0 R >>",
        PAGES: f"<< /Type /Pages /Kids [{PAGE} 0 R] /Count 1 >>",
        LETTERS: FONT,
        PAGE: f"<< {described} /Resources {has} {page} >>",
        CONTENT: stream(content, entries),
    }


def packed(content: bytes, blanks: int = 0) -> bytes:
    """Deflated, with so many million blanks behind; a million is packed once, as it takes its time."""
    packer = zlib.compressobj(9, wbits=-zlib.MAX_WBITS)
    begun = packer.compress(content) + packer.flush(zlib.Z_FULL_FLUSH)
    million = b" " * 1_000_000
    repeated = (packer.compress(million) + packer.flush(zlib.Z_FULL_FLUSH)) * blanks if blanks else b""
    check = zlib.adler32(content)
    for _ in range(blanks):
        check = zlib.adler32(million, check)
    return b"\x78\xda" + begun + repeated + packer.flush() + check.to_bytes(4, "big")
