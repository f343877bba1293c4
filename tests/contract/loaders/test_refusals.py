"""Which files no loader takes, and that each says why."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

import pytest

from ingest.errors import DocumentRejected, Reason
from ingest.loaders import base
from ingest.loaders.base import choose
from ingest.loaders.registry import all_loaders
from tests.contract.loaders import files
from tests.contract.loaders.formats import FORMATS
from tests.contract.loaders.reading import read, rejection


class TestRefusals:
    def test_i01_a_text_of_too_many_lines_is_refused(self, tmp_path: Path) -> None:
        path = tmp_path / "a.txt"
        path.write_bytes(b"a\n" * 500_001)
        assert rejection(path).reason is Reason.TOO_LARGE

    @pytest.mark.parametrize(("name", "text"), [("a.txt", "ord " * 3), ("a.html", "<p>Ett, två, tre, fyra.")])
    def test_i01_a_document_of_too_much_text_is_refused(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, text: str
    ) -> None:
        monkeypatch.setattr(base, "MAX_TEXT", 10)
        (tmp_path / name).write_text(text, encoding="utf-8")
        assert rejection(tmp_path / name).reason is Reason.TOO_LARGE

    def test_i05_a_document_of_which_nothing_is_left_is_refused(self, tmp_path: Path) -> None:
        pdf = files.report()
        for _ in range(8):
            pdf.add_page()
        pdf.output(str(tmp_path / "a.pdf"))
        assert rejection(tmp_path / "a.pdf").reason is Reason.EMPTY

    @pytest.mark.parametrize("name", ["a.txt", "a.md", "a.pdf", "a.yaml"])
    def test_i05_an_empty_file_has_no_text(self, tmp_path: Path, name: str) -> None:
        path = tmp_path / name
        path.touch()
        assert rejection(path).reason is Reason.EMPTY

    @pytest.mark.parametrize(
        ("name", "text"),
        [("a.txt", " \n\t\n"), ("a.md", "---\ntitle: Bara titel\n---\n"), ("a.md", "# Rubrik\n\n## Rubrik till\n")],
    )
    def test_i05_blanks_and_headings_are_no_text(self, tmp_path: Path, name: str, text: str) -> None:
        path = tmp_path / name
        path.write_text(text, encoding="utf-8")
        assert rejection(path).reason is Reason.EMPTY

    @pytest.mark.parametrize(
        ("name", "content"),
        [
            ("program.txt", b"\x7fELF\x02\x01\x01\x00" + b"\x00" * 60),
            ("program.md", b"MZ\x90\x00\x03" + b"\x00" * 60),
            ("brev.txt", b"PK\x03\x04\x14\x00\x06\x00" + b"x" * 60),
            ("gammalt.md", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 60),
            ("bild.txt", b"\x89PNG\r\n\x1a\n" + b"\x00" * 60),
            ("data.txt", b"abc\x00\x01\x02def\x00\x05" * 20),
            ("tabell.csv", b"a;b\n1;2\n"),
            ("utan-namn", b"text utan namn"),
            ("annat.yaml", b"services:\n  web: 1\n"),
            ("ren-text.pdf", "Det här är ingen PDF.".encode()),
        ],
    )
    def test_i05_a_file_is_judged_by_its_content(self, tmp_path: Path, name: str, content: bytes) -> None:
        path = tmp_path / name
        path.write_bytes(content)
        assert rejection(path).reason is Reason.WRONG_TYPE

    def test_i05_a_pdf_is_a_pdf_whatever_its_name(self, tmp_path: Path) -> None:
        assert read(files.guideline_pdf(tmp_path / "a.txt")).title == files.TITLE

    def test_i06_an_encrypted_pdf_says_so(self, tmp_path: Path) -> None:
        assert rejection(files.encrypted_pdf(tmp_path / "a.pdf", password="hemligt")).reason is Reason.ENCRYPTED

    def test_i06_a_pdf_with_an_empty_password_opens(self, tmp_path: Path) -> None:
        document = read(files.encrypted_pdf(tmp_path / "a.pdf", password=""))
        assert files.FIRST in [block.text for block in document.blocks]

    def test_i06_a_scanned_pdf_says_that_it_has_no_text(self, tmp_path: Path) -> None:
        assert rejection(files.scanned_pdf(tmp_path / "a.pdf")).reason is Reason.NO_TEXT_LAYER

    def test_i06_pages_that_are_pictures_are_told_one_by_one(self, tmp_path: Path) -> None:
        document = read(files.partly_scanned_pdf(tmp_path / "a.pdf"))
        assert (document.pages, document.unread) == (4, (2,))

    @pytest.mark.parametrize("kept", [0.02, 0.3])
    def test_i03_a_cut_off_pdf_is_unreadable_or_says_that_nothing_is_in_it(self, tmp_path: Path, kept: float) -> None:
        path = files.guideline_pdf(tmp_path / "a.pdf")
        content = path.read_bytes()
        path.write_bytes(content[: int(len(content) * kept)])
        assert rejection(path).reason in (Reason.UNREADABLE, Reason.NO_TEXT_LAYER)

    def test_a_large_file_is_refused_unread(self, tmp_path: Path) -> None:
        path = tmp_path / "a.txt"
        path.write_bytes(b"x" * 2000)
        with pytest.raises(DocumentRejected) as caught:
            choose(path, all_loaders(), max_bytes=1000)
        assert caught.value.reason is Reason.TOO_LARGE

    def test_i17_mutated_files_are_read_or_refused_and_nothing_else(self, tmp_path: Path) -> None:
        texts = FORMATS[:3]  # test_office.py has the packed formats
        seeds = [format_.make(tmp_path / f"seed{format_.suffix}").read_bytes() for format_ in texts]
        for number in range(60):
            content = bytearray(seeds[number % 3])
            for step in range(1, 12):
                content[(number * 7919 + step * 104729) % len(content)] = (number * 31 + step * 17) % 256
            path = tmp_path / f"mutated{texts[number % 3].suffix}"
            path.write_bytes(content)
            with suppress(DocumentRejected):
                assert read(path).blocks
