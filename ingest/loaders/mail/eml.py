"""Saved e-mail, and pages saved with their pictures in one file, which have the same form.

Of an e-mail its subject, its day and what was written are kept; who sent it to whom is not. Attachments are named in
the document's notes and not read.
"""

from __future__ import annotations

import re
from email import message_from_bytes, policy
from email.errors import MessageError
from email.message import EmailMessage, MIMEPart
from email.utils import parsedate_to_datetime
from pathlib import Path

from ingest.cleaning.clean import clean_lines, text_lines
from ingest.cleaning.vocabulary import reference_words
from ingest.errors import DocumentRejected, Reason
from ingest.loaders.base import readable_name, slug
from ingest.loaders.encoding import invisible, plain, raw
from ingest.loaders.mail.quotes import drop_quotes, own_text
from ingest.loaders.web.blocks import blocks_of
from ingest.loaders.web.hidden import drop_hidden
from ingest.loaders.web.html import document_of
from ingest.loaders.web.tree import page_text, tree_of
from ingest.model import Block, BlockKind, LoadedDocument

MAX_BYTES = 50_000_000
"""Larger files are rejected, in bytes; most of a large one are its attachments."""
MAX_PARTS = 200
"""Parts (attachments, alternatives, enclosed messages) that a message may have."""
MOST_NAMES = 20
"""Attachments that are named."""
_LOCKED = frozenset({"application/pkcs7-mime", "application/x-pkcs7-mime", "multipart/encrypted"})
_ARMOUR = "-----BEGIN PGP MESSAGE-----"

_HEADERS = re.compile(
    rb"^(?:from|to|subject|date|message-id|mime-version|received|return-path|delivered-to|content-type|reply-to|"
    rb"x-[\w-]+|dkim-signature|authentication-results|thread-topic|snapshot-content-location):",
    re.IGNORECASE | re.MULTILINE,
)
_CERTAIN = re.compile(rb"^(?:message-id|mime-version|received|return-path):", re.IGNORECASE | re.MULTILINE)
_MARKS = re.compile(r"^(?:(?:sv|vb|re|fw|fwd|aw|wg)\s*(?:\[\d+\])?\s*:\s*)+", re.IGNORECASE)
_NESTED = re.compile(rb"content-type:\s*(?:multipart/|message/)", re.IGNORECASE)
# What malformed headers and parts make the parser of the standard library raise.
_DAMAGE = (MessageError, AssertionError, AttributeError, LookupError, RecursionError, TypeError, ValueError)


class EmlLoader:
    """Loader for e-mail saved as `.eml`, and for pages saved as `.mht`."""

    name = "eml"
    suffixes = frozenset({".eml", ".mht", ".mhtml"})

    def sniff(self, head: bytes) -> bool:
        """Header lines from the first line on, among them one that only messages have."""
        top = re.split(rb"\r?\n\r?\n", head.lstrip(b"\xef\xbb\xbf\r\n"), maxsplit=1)[0]
        first = _HEADERS.match(top)
        return first is not None and len(_HEADERS.findall(top)) >= 3 and _CERTAIN.search(top) is not None

    def load(self, path: Path, relative: str) -> LoadedDocument:
        """Read the file. Raises DocumentRejected (EMPTY, ENCRYPTED, WRONG_TYPE, UNREADABLE, TOO_LARGE)."""
        data = path.read_bytes()
        if len(data) > MAX_BYTES:
            raise DocumentRejected(Reason.TOO_LARGE, f"{len(data) / 1e6:.0f} MB, limit {MAX_BYTES / 1e6:.0f} MB")
        if len(_NESTED.findall(data)) > MAX_PARTS:
            raise DocumentRejected(Reason.TOO_LARGE, f"more than {MAX_PARTS} parts")
        try:
            return _read(data.lstrip(b"\xef\xbb\xbf\r\n"), relative)
        except _DAMAGE as error:
            raise DocumentRejected(Reason.UNREADABLE, f"{type(error).__name__}: {error}"[:200]) from error


def _read(data: bytes, relative: str) -> LoadedDocument:
    message = message_from_bytes(data, policy=policy.default)
    parts = list(message.walk())
    if len(parts) > MAX_PARTS:
        raise DocumentRejected(Reason.TOO_LARGE, f"{len(parts)} parts, limit {MAX_PARTS}")
    if not message.keys():
        raise DocumentRejected(Reason.WRONG_TYPE, "a message without headers")
    body = message.get_body(preferencelist=("html", "plain"))
    if body is None:
        raise _without_text(message)
    if "snapshot-content-location" in message or "<saved by" in _header(message, "from").lower():
        return document_of(_text(body), relative)
    if _text(body).lstrip().startswith(_ARMOUR):
        raise DocumentRejected(Reason.ENCRYPTED, "an encrypted message (PGP)")
    subject = _MARKS.sub("", " ".join(plain(_header(message, "subject")).split()))
    blocks, hidden = _blocks(body)
    if not any(block.kind is not BlockKind.HEADING for block in blocks):
        raise DocumentRejected(Reason.EMPTY, "a message without text")
    return LoadedDocument(
        id=slug(relative),
        title=subject[:300] or readable_name(relative),
        blocks=tuple(blocks),
        as_of=_day(message),
        notes=_attached(message),
        hidden=hidden,
    )


def _without_text(message: EmailMessage) -> DocumentRejected:
    """Why there is none: it is encrypted, in a form that only Outlook reads, or in attachments."""
    kinds = {part.get_content_type() for part in message.walk()}
    if kinds & _LOCKED:
        return DocumentRejected(Reason.ENCRYPTED, "an encrypted message")
    if "application/ms-tnef" in kinds:
        return DocumentRejected(Reason.WRONG_TYPE, "a message in Outlook's own form (winmail.dat)")
    return DocumentRejected(Reason.EMPTY, "a message without text")


def _header(message: EmailMessage, name: str) -> str:
    """A header as text; of one that is longer than any honest one, its beginning.

    One with letters as they are, which a message may not have, is in the encoding that its bytes are likely to be in.
    """
    value = str(next((value for key, value in message.raw_items() if key.lower() == name), ""))
    if len(value) > 4000:
        return value[:300]
    if any("\udc80" <= letter <= "\udcff" for letter in value):
        return raw(value.encode("utf-8", "surrogateescape"))
    return str(message[name] or "")


def _text(part: MIMEPart) -> str:
    content = part.get_payload(decode=True)
    data = content if isinstance(content, bytes) else b""
    if not data.strip():
        raise DocumentRejected(Reason.EMPTY, "a message without text")
    declared = part.get_content_charset() or ""
    if part.get_content_type() == "text/html" and not declared:
        return page_text(data)
    return raw(data, declared)


def _blocks(body: MIMEPart) -> tuple[list[Block], int]:
    """What was written, and how many characters of it nobody sees."""
    text = _text(body)
    if body.get_content_type() != "text/html":
        return list(clean_lines(text_lines(plain(own_text(text))), reference_words()).blocks), invisible(text)
    tree = tree_of(text)
    hidden = drop_hidden(tree)
    drop_quotes(tree)
    return blocks_of(tree), hidden


def _day(message: EmailMessage) -> str | None:
    try:
        return parsedate_to_datetime(_header(message, "date")).date().isoformat()
    except (TypeError, ValueError):  # no date, or none that a calendar has
        return None


def _attached(message: EmailMessage) -> tuple[str, ...]:
    names = [" ".join(plain(part.get_filename() or "utan namn").split())[:120] for part in message.iter_attachments()]
    notes = [f"Bilagan ”{name}” till meddelandet är inte läst." for name in names[:MOST_NAMES]]
    if len(names) > MOST_NAMES:
        notes.append(f"Ytterligare {len(names) - MOST_NAMES} bilagor till meddelandet är inte lästa.")
    return tuple(notes)
