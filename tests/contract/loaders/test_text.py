"""Plain text: the same words whatever the encoding, and what nobody sees left out."""

from __future__ import annotations

import unicodedata
from pathlib import Path

import pytest

from ingest.errors import Reason
from tests.contract.loaders import files
from tests.contract.loaders.reading import read, rejection


class TestTextInAnyEncoding:
    @pytest.mark.parametrize(
        "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "cp1252", "latin-1", "mac_roman"]
    )
    def test_i07_finds_the_same_words(self, tmp_path: Path, encoding: str) -> None:
        document = read(files.guideline_text(tmp_path / "a.txt", encoding))
        assert document.title == files.TITLE
        assert files.FIRST in [block.text for block in document.blocks]

    def test_i07_composes_letters_that_come_in_two_parts(self, tmp_path: Path) -> None:
        path = tmp_path / "a.md"
        path.write_text(unicodedata.normalize("NFD", f"# Ärenden\n\n{files.FIRST}\n"), encoding="utf-8")
        document = read(path)
        assert document.title == "Ärenden"
        assert document.blocks[0].text == files.FIRST

    def test_i07_drops_what_nobody_sees(self, tmp_path: Path) -> None:
        path = tmp_path / "a.txt"
        path.write_text("Kom\u00admunen\u200b svarar på fråg\u00ador varje vardag.", encoding="utf-8")
        assert read(path).blocks[0].text == "Kommunen svarar på frågor varje vardag."

    @pytest.mark.parametrize("encoding", ["mac_roman", "cp850", "iso8859-15", "utf-32-be"])
    def test_i07_letters_inside_words_tell_the_encoding(self, tmp_path: Path, encoding: str) -> None:
        path = tmp_path / "a.txt"
        mark = b"\x00\x00\xfe\xff" if encoding == "utf-32-be" else b""
        path.write_bytes(mark + f"{files.FIRST}\n\n{files.LAST}".encode(encoding))
        assert [block.text for block in read(path).blocks] == [files.FIRST, files.LAST]

    @pytest.mark.parametrize("broken", [files.FIRST.encode("cp1252"), "å".encode()[:1], b"\xff"])
    def test_i07_a_broken_piece_of_utf_8_leaves_the_rest_whole(self, tmp_path: Path, broken: bytes) -> None:
        path = tmp_path / "a.txt"
        path.write_bytes(f"{files.FIRST}\n\n{files.LAST}\n\n".encode() + broken)
        assert [block.text for block in read(path).blocks][:2] == [files.FIRST, files.LAST]

    def test_i07_quotation_marks_are_no_letters_of_another_encoding(self, tmp_path: Path) -> None:
        path = tmp_path / "a.txt"
        path.write_bytes("Planen är ”antagen” 2020–2024, och ”gäller”.".encode("cp1252"))
        assert read(path).blocks[0].text == "Planen är ”antagen” 2020–2024, och ”gäller”."

    def test_i05_an_encoding_that_is_not_known_is_no_text(self, tmp_path: Path) -> None:
        path = tmp_path / "a.txt"
        path.write_bytes(f"{files.FIRST} {files.FIRST}".encode("cp500"))
        assert rejection(path).reason is Reason.WRONG_TYPE

    def test_i05_binary_data_behind_a_page_of_text_is_no_text(self, tmp_path: Path) -> None:
        path = tmp_path / "a.txt"
        path.write_bytes((files.FIRST.encode() + b"\n") * 60 + bytes(range(256)) * 20)
        assert rejection(path).reason is Reason.WRONG_TYPE

    def test_r02_codes_for_terminals_are_dropped(self, tmp_path: Path) -> None:
        path = tmp_path / "a.txt"
        path.write_text(f"\x1b[31m{files.FIRST}\x9b1m {files.FIRST} {files.FIRST}", encoding="utf-8")
        assert not any(code in read(path).blocks[0].text for code in "\x1b\x9b")
