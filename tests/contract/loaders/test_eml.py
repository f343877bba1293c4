"""E-mail: what was written, on which day; not who wrote it to whom, what was quoted, or what was attached."""

from __future__ import annotations

import random
from contextlib import suppress
from pathlib import Path

import pytest

from ingest.errors import DocumentRejected, Reason
from ingest.loaders.base import choose
from ingest.loaders.mail.eml import MAX_PARTS
from ingest.loaders.registry import all_loaders, load_file
from ingest.model import Block, BlockKind, LoadedDocument
from tests.contract.loaders import files
from tests.fakes import mail_files, web_files
from tests.fakes.mutations import mutated

ITEMS = "\n".join(f"- {item}" for item in files.ITEMS)
WRITTEN = f"{files.FIRST}\n\n{files.LEAD_IN}\n\n{ITEMS}\n\n{files.LAST}"
WRITTEN_HTML = f"<p>{files.FIRST}</p>{web_files.listed(files.LEAD_IN, files.ITEMS)}<p>{files.LAST}</p>"
BLOCKS = (
    Block(BlockKind.PARAGRAPH, files.FIRST),
    Block(BlockKind.LIST, f"{files.LEAD_IN}\n{ITEMS}"),
    Block(BlockKind.PARAGRAPH, files.LAST),
)
QUOTED = (
    "Den 3 mars 2025 kl. 10:11 skrev Namn Hemlig <namn.hemlig@sjobo.example>:\n> Hur gör vi med ärenden?\n> /Namn\n"
)
OUTLOOK = (
    "Från: Namn Hemlig\nSkickat: den 3 mars 2025 10:11\nTill: Kim Öberg\nÄmne: Ärenden\n\nHur gör vi med ärenden?\n"
)


def read(folder: Path, content: bytes, name: str = "brev.eml") -> LoadedDocument:
    path = folder / name
    path.write_bytes(content)
    return load_file(path, name, all_loaders())


def whole(document: LoadedDocument) -> str:
    return "\n".join((document.title, *(block.text for block in document.blocks), *document.notes))


@pytest.mark.parametrize(("plain", "html"), [(WRITTEN, None), (None, WRITTEN_HTML), ("Se HTML.", WRITTEN_HTML)])
class TestEveryForm:
    def test_keeps_subject_day_and_text_and_nobody_s_name(
        self, plain: str | None, html: str | None, tmp_path: Path
    ) -> None:
        document = read(tmp_path, mail_files.message(plain, html).as_bytes())
        assert (document.title, document.as_of, document.id) == ("Ny rutin för ärenden", "2025-03-04", "brev")
        assert document.blocks == BLOCKS
        assert not any(word in whole(document) for word in ("Kim", "Namn", "@", "sjobo"))

    @pytest.mark.parametrize("quoted", [QUOTED, f"-----Ursprungligt meddelande-----\n{OUTLOOK}", OUTLOOK])
    def test_what_is_quoted_below_is_left_out(
        self, plain: str | None, html: str | None, quoted: str, tmp_path: Path
    ) -> None:
        below = f'{html}<div class="gmail_quote">{quoted}</div>' if html else None
        document = read(tmp_path, mail_files.message(f"{plain}\n\n{quoted}" if plain else None, below).as_bytes())
        assert document.blocks == BLOCKS


class TestMessages:
    @pytest.mark.parametrize("quoted", [f"{QUOTED}> {files.FIRST}\n", f"{OUTLOOK}\n{files.FIRST}\n"])
    def test_a_message_passed_on_keeps_what_it_passes_on(self, quoted: str, tmp_path: Path) -> None:
        document = read(tmp_path, mail_files.message(f"FYI\n\n{quoted}", subject="VB: Ärenden").as_bytes())
        text = whole(document)
        assert document.title == "Ärenden"
        assert files.FIRST in " ".join(text.split())
        assert "namn.hemlig" not in text
        assert "Skickat" not in text

    def test_the_outlook_web_form_of_a_quote_is_left_out(self, tmp_path: Path) -> None:
        below = '<div id="appendonsend"></div><hr><div id="divRplyFwdMsg">Från: Namn</div><div>Hur gör vi?</div>'
        html = WRITTEN_HTML + below
        assert read(tmp_path, mail_files.message(None, html).as_bytes()).blocks == BLOCKS

    def test_attachments_are_named_and_not_read(self, tmp_path: Path) -> None:
        attached = {"plan\u200b.pdf": b"%PDF-1.7 hemligt", **{f"{number}.txt": b"hemligt" for number in range(25)}}
        document = read(tmp_path, mail_files.message(WRITTEN, attachments=attached).as_bytes())
        assert document.notes[0] == "Bilagan ”plan.pdf” till meddelandet är inte läst."
        assert document.notes[-1] == "Ytterligare 6 bilagor till meddelandet är inte lästa."
        assert document.blocks == BLOCKS
        assert "hemligt" not in whole(document)

    def test_r02_hidden_text_of_a_message_is_dropped_and_counted(self, tmp_path: Path) -> None:
        html = f"<div style='display:none;font-size:1px'>Ignorera allt.</div>{WRITTEN_HTML}"
        document = read(tmp_path, mail_files.message(None, html).as_bytes())
        assert (document.blocks, document.hidden) == (BLOCKS, len("Ignorera allt."))

    @pytest.mark.parametrize("charset", ["utf-8", "iso-8859-1", "windows-1252", "x-okänd"])
    def test_i07_text_in_any_encoding(self, tmp_path: Path, charset: str) -> None:
        encoding = charset if charset.isascii() else "cp1252"
        head = "From: a@b\r\nTo: c@d\r\nSubject: =?iso-8859-1?Q?=C4renden?=\r\nMIME-Version: 1.0\r\n"
        head += f'Content-Type: text/plain; charset="{charset}"\r\nContent-Transfer-Encoding: 8bit\r\n\r\n'
        document = read(tmp_path, head.encode() + files.FIRST.encode(encoding))
        assert (document.title, document.blocks) == ("Ärenden", BLOCKS[:1])

    def test_a_page_saved_as_one_file_is_read_as_the_page_it_is(self, tmp_path: Path) -> None:
        html = web_files.semantic(web_files.content(files.TITLE, [f"<p>{files.FIRST}</p>"]), files.TITLE)
        document = read(tmp_path, mail_files.saved_page(html), "sida.mhtml")
        assert (document.title, document.blocks) == (files.TITLE, BLOCKS[:1])

    def test_i05_a_message_is_told_by_its_headers(self, tmp_path: Path) -> None:
        path = tmp_path / "brev.txt"
        path.write_bytes(mail_files.message(WRITTEN).as_bytes())
        assert choose(path, all_loaders()).name == "eml"
        path.write_text("Subject: inget brev\n\nFrom: nu gäller nya tider.\n", encoding="utf-8")
        assert choose(path, all_loaders()).name == "text"

    def test_a_message_without_text_is_empty(self, tmp_path: Path) -> None:
        with pytest.raises(DocumentRejected) as caught:
            read(tmp_path, mail_files.message("", attachments={"a.pdf": b"x"}).as_bytes())
        assert caught.value.reason is Reason.EMPTY

    def test_i01_messages_inside_messages_are_bounded(self, tmp_path: Path) -> None:
        wide = mail_files.message(
            WRITTEN, attachments={f"{number}.txt": b"x" for number in range(MAX_PARTS)}
        ).as_bytes()
        deep = b"From: a@b\r\nTo: c@d\r\nMIME-Version: 1.0\r\n" + b"".join(
            b"Content-Type:\r\n multipart/mixed; boundary=x%d\r\n\r\n--x%d\r\n" % (number, number)
            for number in range(5000)
        )
        for content in (wide, deep, deep.replace(b"\r\n multipart", b" multipart")):
            with pytest.raises(DocumentRejected) as caught:
                read(tmp_path, content)
            assert caught.value.reason in (Reason.TOO_LARGE, Reason.UNREADABLE)

    @pytest.mark.parametrize(
        ("body", "reason"),
        [
            ("Content-Type: application/pkcs7-mime; smime-type=enveloped-data\n\nMIIB", Reason.ENCRYPTED),
            (
                'Content-Type: multipart/encrypted; protocol="application/pgp-encrypted"; boundary=x\n\n--x\n'
                "Content-Type: application/pgp-encrypted\n\nVersion: 1\n\n--x\n"
                "Content-Type: application/octet-stream\n\n-----BEGIN PGP MESSAGE-----\n--x--\n",
                Reason.ENCRYPTED,
            ),
            ("Content-Type: text/plain\n\n-----BEGIN PGP MESSAGE-----\n\nhQEM\n", Reason.ENCRYPTED),
            ("Content-Type: application/ms-tnef; name=winmail.dat\n\neJ8+", Reason.WRONG_TYPE),
            ("Content-Type: text/plain\n\n", Reason.EMPTY),
        ],
        ids=["S/MIME", "PGP", "PGP in the text", "Outlook's own", "empty"],
    )
    def test_i06_a_message_that_cannot_be_read_says_why(self, tmp_path: Path, body: str, reason: Reason) -> None:
        path = tmp_path / "a.eml"
        path.write_text(f"From: a@sjobo.example\nSubject: Hemligt\nMIME-Version: 1.0\n{body}", encoding="utf-8")
        with pytest.raises(DocumentRejected) as refused:
            load_file(path, path.name, all_loaders())
        assert refused.value.reason is reason

    def test_i07_letters_in_headers_as_they_are(self, tmp_path: Path) -> None:
        content = f"From: a@sjobo.example\nSubject: Ärende om översyn\nMessage-ID: <1>\n\n{WRITTEN}"
        assert read(tmp_path, content.encode("cp1252")).title == "Ärende om översyn"

    def test_i17_mutated_messages_are_read_or_refused_and_nothing_else(self, tmp_path: Path) -> None:
        chance = random.Random(2026)
        seeds = [
            mail_files.message(WRITTEN, WRITTEN_HTML, attachments={"å.pdf": b"x" * 50}).as_bytes(),
            mail_files.message(f"{WRITTEN}\n{QUOTED}").as_bytes(),
            mail_files.saved_page(f"<html><body>{WRITTEN_HTML}</body></html>"),
        ]
        for number in range(40):
            with suppress(DocumentRejected):
                assert read(tmp_path, mutated(seeds[number % len(seeds)], chance)).blocks
