"""Saved e-mail, made when a test asks for it."""

from __future__ import annotations

from collections.abc import Mapping
from email.message import EmailMessage
from email.policy import SMTP

PERSON = "Kim Öberg <kim.oberg@sjobo.example>"


def message(
    plain: str | None,
    html: str | None = None,
    *,
    subject: str = "SV: Ny rutin för ärenden",
    date: str = "Tue, 04 Mar 2025 08:12:00 +0100",
    attachments: Mapping[str, bytes] | None = None,
) -> EmailMessage:
    """A message with the given parts."""
    made = EmailMessage(policy=SMTP)
    made["From"], made["To"], made["Cc"] = PERSON, "Namn Hemlig <namn.hemlig@sjobo.example>", "alla@sjobo.example"
    made["Subject"], made["Date"], made["Message-ID"] = subject, date, "<1@sjobo.example>"
    if plain is not None:
        made.set_content(plain)
    if html is not None:
        if plain is None:
            made.set_content(html, subtype="html")
        else:
            made.add_alternative(html, subtype="html")
    for name, content in (attachments or {}).items():
        made.add_attachment(content, maintype="application", subtype="octet-stream", filename=name)
    return made


def saved_page(html: str) -> bytes:
    """A page as browsers save it with its pictures in one file."""
    made = EmailMessage(policy=SMTP)
    made["From"], made["Subject"], made["Date"] = "<Saved by Blink>", "Sida", "Tue, 04 Mar 2025 08:12:00 +0100"
    made["Snapshot-Content-Location"] = "https://www.sjobo.example/sida"
    made.set_content(html, subtype="html")
    made.make_related()
    made.add_related(b"\x89PNG", maintype="image", subtype="png", cid="<1@x>")
    return made.as_bytes()
