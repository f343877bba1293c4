"""Files that a person sent along with a message, as Teams describes them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Final

from pydantic import Field, StringConstraints

from bot.conversation.turn import FilesSent, SentFile
from bot.teams.errors import ActivityInvalid
from bot.teams.receiving.edge import Edge, unpacked, validated
from bot.teams.receiving.incoming import Incoming

DOWNLOAD: Final = "application/vnd.microsoft.teams.file.download.info"
LINK: Final = "reference"
"""A file that stays where it is, such as one in a team's SharePoint library."""
PICTURE: Final = "image/"
MOST: Final = 100
"""Attachments that are looked at; Teams takes ten at a time."""

Address = Annotated[str, StringConstraints(min_length=1, max_length=8192)]
Short = Annotated[str, StringConstraints(max_length=1024)]


class _Download(Edge):
    url: Address = Field(alias="downloadUrl")
    type: Short = Field("", alias="fileType")


def files_of(incoming: Incoming, text: str) -> FilesSent | None:
    """What was sent along; None where that is nothing that a person takes for a file.

    Teams adds a `text/html` copy of the message, and a picture may go with a question: neither is a file that was sent.
    """
    files, others, pictures = [], 0, 0
    for each in (incoming.attachments or [])[:MOST]:
        kind = str(each.get("contentType", ""))
        if kind == DOWNLOAD:
            file = _file(each)
            files += [file] if file is not None else []
            others += file is None
        elif kind == LINK:
            others += 1
        elif kind.startswith(PICTURE):
            pictures += 1
    if not files and not others and (text or not pictures):
        return None
    return FilesSent(tuple(files), others + pictures, text)


def _file(attachment: Mapping[str, Any]) -> SentFile | None:
    """None where Teams does not say where it is."""
    try:
        content = validated(_Download, unpacked(attachment.get("content")))
    except ActivityInvalid:
        return None
    given = attachment.get("name")
    name = given.encode("utf-8", "replace").decode() if isinstance(given, str) else ""
    ending = f".{content.type}" if content.type and "." not in name else ""
    return SentFile(f"{name[:1024]}{ending}", content.url)
