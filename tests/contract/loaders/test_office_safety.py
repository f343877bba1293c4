"""What Office and OpenDocument files are refused for before a parser sees them, and what they are told apart by."""

from __future__ import annotations

import random
import socket
import zipfile
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from ingest.archives import is_archive
from ingest.errors import DocumentRejected, Reason
from ingest.loaders.base import choose
from ingest.loaders.office import package as package_module
from ingest.loaders.office import xlsx_sheet
from ingest.loaders.registry import all_loaders
from tests.contract.loaders import files
from tests.contract.loaders.reading import read, rejection, whole
from tests.fakes import hostile_packages as hostile
from tests.fakes import office_files

MAKERS: dict[str, Callable[[Path], Path]] = {
    "docx": office_files.noted_docx,
    "pptx": office_files.guideline_pptx,
    "xlsx": office_files.guideline_xlsx,
    "odt": office_files.noted_odt,
}
PARSED = {
    "docx": (
        *("[Content_Types].xml", "_rels/.rels", "docProps/core.xml", "word/document.xml", "word/styles.xml"),
        *("word/_rels/document.xml.rels", "word/footnotes.xml", "word/numbering.xml", "word/theme/theme1.xml"),
    ),
    "pptx": ("ppt/presentation.xml", "ppt/slides/slide1.xml", "ppt/slideMasters/slideMaster1.xml"),
    "xlsx": ("xl/workbook.xml", "xl/styles.xml", "xl/worksheets/sheet1.xml"),
    "odt": ("content.xml", "styles.xml", "meta.xml"),
}


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """One good file of every format."""
    folder = tmp_path_factory.mktemp("office")
    return {name: make(folder / f"a.{name}") for name, make in MAKERS.items()}


@pytest.fixture
def canary() -> Iterator[socket.socket]:
    """Something that listens, so that a fetch would be seen."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.setblocking(False)
        yield server


def touched(server: socket.socket) -> bool:
    """Whether anybody has called."""
    with suppress(BlockingIOError):
        server.accept()[0].close()
        return True
    return False


class TestInflated:
    @pytest.mark.parametrize(("name", "part"), [("docx", "word/document.xml"), ("odt", "content.xml")])
    def test_i01_a_part_that_inflates_too_far_is_refused(
        self, made: dict[str, Path], tmp_path: Path, name: str, part: str
    ) -> None:
        assert rejection(hostile.bomb(made[name], tmp_path / f"b.{name}", part, 12)).reason is Reason.TOO_LARGE

    def test_i01_many_parts_count_together(
        self, tmp_path: Path, made: dict[str, Path], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(package_module, "MAX_TOTAL", 10_000_000)
        blanks = hostile.deflated("x", b" " * 1_000_000)
        with zipfile.ZipFile(made["docx"]) as good:
            entries = [hostile.deflated(name, good.read(name)) for name in good.namelist()]
        more = [hostile.Entry(f"word/{number}.bin", blanks.packed, blanks.size, blanks.crc) for number in range(10)]
        refused = rejection(hostile.zip_of(tmp_path / "b.docx", [*entries, *more]))
        assert (refused.reason, "10 MB" in refused.detail) == (Reason.TOO_LARGE, True)

    def test_i01_ten_thousand_parts_are_refused(self, tmp_path: Path) -> None:
        entries = [hostile.Entry(f"{number}.xml", b"", 0, 0, method=0) for number in range(10_000)]
        assert rejection(hostile.zip_of(tmp_path / "b.docx", entries)).reason is Reason.TOO_LARGE

    @pytest.mark.parametrize("said", [10, 10_000])
    def test_i01_a_part_that_lies_about_its_size_is_refused(self, tmp_path: Path, said: int) -> None:
        path = hostile.zip_of(tmp_path / "b.docx", [hostile.deflated("word/document.xml", b"<a/>" * 500, size=said)])
        with pytest.raises(DocumentRejected) as refused:
            package_module.open_package(path)
        assert refused.value.reason is Reason.UNSAFE

    def test_i01_parts_that_share_their_bytes_are_refused(self, tmp_path: Path) -> None:
        first = hostile.deflated("a.xml", b"<a/>")
        second = hostile.deflated("b.xml", b"<a/>", local="a.xml", at=0)
        path = hostile.zip_of(tmp_path / "b.docx", [first, second])
        assert rejection(path).reason is Reason.UNSAFE
        again = hostile.zip_of(tmp_path / "c.docx", [first, hostile.deflated("a.xml", b"<a/>", at=0)])
        assert rejection(again).reason is Reason.UNSAFE

    def test_i01_a_bomb_inside_a_bomb_is_never_opened(self, tmp_path: Path, made: dict[str, Path]) -> None:
        inner = hostile.bomb(made["docx"], tmp_path / "inner.docx", "word/document.xml", 20).read_bytes()
        path = office_files.rewritten(made["docx"], {"word/embeddings/a.docx": inner}, into=tmp_path / "b.docx")
        assert files.FIRST in whole(read(path))

    @pytest.mark.parametrize(
        ("said", "reason"),
        [
            ({"method": 12}, Reason.UNSAFE),
            ({"method": 14}, Reason.UNSAFE),
            ({"flags": 1}, Reason.ENCRYPTED),
            ({"local": "other.xml"}, Reason.UNSAFE),
            ({"crc": 7}, Reason.UNREADABLE),
        ],
    )
    def test_i01_what_a_header_says_must_be_ordinary_and_true(
        self, tmp_path: Path, said: dict[str, object], reason: Reason
    ) -> None:
        path = hostile.zip_of(tmp_path / "b.docx", [hostile.deflated("word/document.xml", b"<a/>", **said)])
        with pytest.raises(DocumentRejected) as refused:
            package_module.open_package(path)
        assert refused.value.reason is reason

    def test_i01_zip64_is_refused(self, tmp_path: Path) -> None:
        path = hostile.zip_of(tmp_path / "b.docx", [hostile.deflated("a.xml", b"<a/>")], zip64=True)
        assert rejection(path).reason is Reason.UNSAFE

    def test_i01_a_sheet_of_too_many_cells_is_refused(
        self, made: dict[str, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(xlsx_sheet, "MAX_CELLS", 1_000)
        cells = b"".join(b"<c><v>%d</v></c>" % number for number in range(1_001))
        sheet = office_files.part(made["xlsx"], "xl/worksheets/sheet1.xml")
        start, end = sheet.index(b"<sheetData>") + 11, sheet.index(b"</sheetData>")
        content = sheet[:start] + b"<row>" + cells + b"</row>" + sheet[end:]
        path = office_files.rewritten(made["xlsx"], {"xl/worksheets/sheet1.xml": content}, into=tmp_path / "b.xlsx")
        refused = rejection(path)
        assert (refused.reason, "cells" in refused.detail) == (Reason.TOO_LARGE, True)

    def test_i01_a_sparse_sheet_costs_no_more_than_its_cells(self, made: dict[str, Path], tmp_path: Path) -> None:
        sheet = office_files.part(made["xlsx"], "xl/worksheets/sheet1.xml")
        start, end = sheet.index(b"<sheetData>") + 11, sheet.index(b"</sheetData>")
        rows = b'<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>2</v></c></row>'
        merged = b'</sheetData><mergeCells><mergeCell ref="A1:XFD1048576"/></mergeCells>'
        content = sheet[:start] + rows + merged + sheet[end + len(b"</sheetData>") :]
        path = office_files.rewritten(made["xlsx"], {"xl/worksheets/sheet1.xml": content}, into=tmp_path / "b.xlsx")
        assert files.LAST in whole(read(path))


class TestEntities:
    @pytest.mark.parametrize(("name", "part"), [(name, part) for name, parts in PARSED.items() for part in parts])
    @pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
    def test_i02_no_part_may_declare_entities(
        self, made: dict[str, Path], tmp_path: Path, name: str, part: str, encoding: str, canary: socket.socket
    ) -> None:
        (tmp_path / "secret.txt").write_text("kanariefågel", encoding="utf-8")
        content = office_files.part(made[name], part).decode("utf-8-sig")
        bare = content[content.index("?>") + 2 :] if content.startswith("<?xml") else content
        tag = bare[bare.index("<") + 1 :].split(None, 1)[0].rstrip("/>")
        port = canary.getsockname()[1]
        attack = (
            f'<!DOCTYPE {tag} [<!ENTITY a SYSTEM "file://{tmp_path}/secret.txt"><!ENTITY b "{"lol" * 10}">'
            f'<!ENTITY c "{"&b;" * 10}"><!ENTITY % d SYSTEM "http://127.0.0.1:{port}/d.dtd"> %d;]>{bare}'
        )
        written = f'<?xml version="1.0" encoding="{encoding}"?>{attack}'.encode(encoding)
        path = office_files.rewritten(made[name], {part: written}, into=tmp_path / f"b.{name}")
        refused = rejection(path)
        assert refused.reason is Reason.UNSAFE
        assert "kanariefågel" not in refused.detail
        assert not touched(canary)

    def test_i02_a_part_is_xml_whatever_it_is_called(self, made: dict[str, Path], tmp_path: Path) -> None:
        content = office_files.part(made["docx"], "word/document.xml").decode()
        start = content.index("<w:document")
        attack = f'{content[:start]}<!DOCTYPE a [<!ENTITY b "c">]>{content[start:]}'.encode()
        rels = office_files.part(made["docx"], "_rels/.rels").replace(b"document.xml", b"document.bin")
        types = office_files.part(made["docx"], "[Content_Types].xml").replace(b"/document.xml", b"/document.bin")
        parts = {
            "word/document.bin": attack,
            "word/document.xml": None,
            "_rels/.rels": rels,
            "[Content_Types].xml": types,
        }
        assert rejection(office_files.rewritten(made["docx"], parts, into=tmp_path / "b.docx")).reason is Reason.UNSAFE

    def test_i08_nothing_outside_the_file_is_fetched(
        self, made: dict[str, Path], tmp_path: Path, canary: socket.socket
    ) -> None:
        rels = office_files.part(made["docx"], "word/_rels/document.xml.rels").decode()
        link = (
            '<Relationship Id="rIdFar" TargetMode="External" Type="http://schemas.openxmlformats.org/officeDocument/'
            f'2006/relationships/styles" Target="http://127.0.0.1:{canary.getsockname()[1]}/s.xml"/></Relationships>'
        )
        changed = rels.replace("</Relationships>", link).encode()
        path = office_files.rewritten(made["docx"], {"word/_rels/document.xml.rels": changed}, into=tmp_path / "b.docx")
        assert files.FIRST in whole(read(path))
        assert not touched(canary)


class TestKinds:
    @pytest.mark.parametrize("name", MAKERS)
    @pytest.mark.parametrize("ending", ["txt", "pdf", "docx", "zip"])
    def test_i05_a_file_is_what_is_in_it_whatever_its_name(
        self, made: dict[str, Path], tmp_path: Path, name: str, ending: str
    ) -> None:
        path = tmp_path / f"b.{ending}"
        path.write_bytes(made[name].read_bytes())
        assert choose(path, all_loaders()).name == name

    @pytest.mark.parametrize("name", ["docx", "xlsx", "pptx"])
    def test_i05_macros_are_refused(self, made: dict[str, Path], tmp_path: Path, name: str) -> None:
        assert rejection(hostile.with_macros(made[name], tmp_path / f"b.{name}")).reason is Reason.MACROS
        named = tmp_path / f"b.{name[:3]}m"
        assert rejection(hostile.of_macro_kind(made[name], named)).reason is Reason.MACROS

    def test_i05_macros_in_an_open_document_are_refused(self, made: dict[str, Path], tmp_path: Path) -> None:
        path = office_files.rewritten(made["odt"], {"Basic/Standard/Module1.xml": b"<a/>"}, into=tmp_path / "b.odt")
        assert rejection(path).reason is Reason.MACROS

    @pytest.mark.parametrize("ending", ["docx", "pptx", "xlsx", "odt"])
    @pytest.mark.parametrize(
        ("content", "reason"),
        [
            (b"", Reason.EMPTY),
            (b"MZ\x90\x00\x03" + bytes(60), Reason.WRONG_TYPE),
            (b"Bara text, inget annat.", Reason.WRONG_TYPE),
            (b"PK\x03\x04" + bytes(200), Reason.UNREADABLE),
        ],
    )
    def test_i05_what_only_bears_the_name_is_refused(
        self, tmp_path: Path, ending: str, content: bytes, reason: Reason
    ) -> None:
        path = tmp_path / f"b.{ending}"
        path.write_bytes(content)
        assert rejection(path).reason is reason

    @pytest.mark.parametrize(
        ("part", "detail"),
        [
            ("META-INF/container.xml", "an e-book (EPUB)"),
            ("Index/Document.iwa", "a file of Pages, Numbers or Keynote"),
            ("META-INF/MANIFEST.MF", "program"),
            ("visio/document.xml", "Visio drawing"),
        ],
    )
    def test_i05_documents_of_other_programs_are_named_and_not_unpacked(
        self, tmp_path: Path, part: str, detail: str
    ) -> None:
        path = hostile.zip_of(tmp_path / "b", [hostile.deflated("a.xhtml", b"<p>Text"), hostile.deflated(part, b"-")])
        with pytest.raises(DocumentRejected) as refused:
            is_archive(path)
        assert (refused.value.reason, refused.value.detail) == (Reason.WRONG_TYPE, detail)

    @pytest.mark.parametrize("name", ["docx", "pptx", "xlsx", "odt"])
    def test_i05_a_document_without_the_parts_that_say_its_kind_is_no_archive(
        self, made: dict[str, Path], tmp_path: Path, name: str
    ) -> None:
        telling: dict[str, bytes | None] = {"[Content_Types].xml": None, "content.xml": None}
        path = office_files.rewritten(made[name], telling, into=tmp_path / f"b.{name}")
        assert not is_archive(path)
        assert rejection(path).reason is Reason.WRONG_TYPE

    @pytest.mark.parametrize("before", [b"#!/bin/sh\nexit\n", b"GIF89a", b"MZ" + bytes(80)])
    def test_i05_a_file_that_is_two_things_is_refused(
        self, made: dict[str, Path], tmp_path: Path, before: bytes
    ) -> None:
        path = tmp_path / "b.docx"
        path.write_bytes(before + made["docx"].read_bytes())
        assert rejection(path).reason is Reason.WRONG_TYPE
        path.write_bytes(made["docx"].read_bytes() + b"<script>alert(1)</script>")
        assert rejection(path).reason is Reason.UNSAFE

    def test_what_mail_programs_add_and_a_damaged_picture_do_no_harm(
        self, made: dict[str, Path], tmp_path: Path
    ) -> None:
        with zipfile.ZipFile(made["docx"]) as good:
            entries = [hostile.deflated(name, good.read(name)) for name in good.namelist()]
        picture = hostile.deflated("word/media/image1.png", b"abc", crc=7)
        assert files.FIRST in whole(read(hostile.zip_of(tmp_path / "b.docx", [*entries, picture], after=b"\r\n")))

    @pytest.mark.parametrize(
        ("stream", "named"),
        [("WordDocument", ".doc"), ("Workbook", ".xls"), ("PowerPoint Document", ".ppt"), ("annat", "older Office")],
    )
    def test_i05_files_from_before_2007_are_named(self, tmp_path: Path, stream: str, named: str) -> None:
        refused = rejection(hostile.compound_file(tmp_path / "b.docx", stream))
        assert (refused.reason, named in refused.detail) == (Reason.WRONG_TYPE, True)

    def test_i05_other_open_documents_are_named(self, made: dict[str, Path], tmp_path: Path) -> None:
        kind = b"application/vnd.oasis.opendocument.spreadsheet"
        refused = rejection(office_files.rewritten(made["odt"], {"mimetype": kind}, into=tmp_path / "b.ods"))
        assert (refused.reason, "spreadsheet" in refused.detail) == (Reason.WRONG_TYPE, True)

    def test_i06_a_password_is_told(self, made: dict[str, Path], tmp_path: Path) -> None:
        locked = hostile.compound_file(tmp_path / "b.docx", "EncryptionInfo", "EncryptedPackage")
        assert rejection(locked).reason is Reason.ENCRYPTED
        manifest = b"<manifest><encryption-data/></manifest>"
        path = office_files.rewritten(made["odt"], {"META-INF/manifest.xml": manifest}, into=tmp_path / "b.odt")
        assert rejection(path).reason is Reason.ENCRYPTED


@pytest.mark.parametrize("name", MAKERS)
def test_i17_mutated_office_files_are_read_or_refused_and_nothing_else(
    made: dict[str, Path], tmp_path: Path, name: str
) -> None:
    counts = mutate(made[name], tmp_path / f"b.{name}", 40)
    assert sum(counts.values()) == 40
    assert counts["read"] > 2  # some come through to the parsers' end
    assert counts["refused"] > 10


def mutate(source: Path, target: Path, count: int, seed: int = 17) -> dict[str, int]:
    """Read mutations of a file: of its bytes, and of its parts before they are packed."""
    chance = random.Random(seed)
    whole_file = source.read_bytes()
    with zipfile.ZipFile(source) as package:
        parts = {name: package.read(name) for name in package.namelist()}
    names = [name for name in parts if name.endswith((".xml", ".rels"))]
    counts = {"read": 0, "refused": 0}
    for number in range(count):
        if number % 4 == 0:
            target.write_bytes(_changed(whole_file, chance))
        else:
            name = chance.choice(names)
            changed = _changed(parts[name], chance) if number % 4 == 1 else _restructured(parts[name], chance)
            office_files.rewritten(source, {name: changed}, into=target)
        try:
            assert read(target).blocks
            counts["read"] += 1
        except DocumentRejected:
            counts["refused"] += 1
    return counts


def _changed(content: bytes, chance: random.Random) -> bytes:
    """Some bytes changed, or the end cut off."""
    result = bytearray(content)
    for _ in range(chance.randint(1, 12)):
        result[chance.randrange(len(result))] = chance.randrange(256)
    return bytes(result[: chance.randrange(len(result))] if chance.random() < 0.2 else result)


def _restructured(content: bytes, chance: random.Random) -> bytes:
    """Still well-formed as a rule: an attribute with an odd value, or an element without its inside."""
    values = [b'"-1"', b'"99999999999999999999"', b'""', b'"NaN"', b'"\xc3\xa5"', b'"0"', b'"true"']
    quotes = [index for index in range(len(content)) if content[index : index + 2] == b'="']
    if quotes and chance.random() < 0.8:
        start = chance.choice(quotes) + 1
        return content[:start] + chance.choice(values) + content[content.index(b'"', start + 1) + 1 :]
    tags = [index for index in range(len(content)) if content[index : index + 2] == b"</"]
    start = chance.choice(tags) if tags else 0
    return content[:start] + content[start:].replace(b"</", b"<x/></", 1)
