"""A person's answer to the card that offers a file: yes or no, which file, and where Teams wants it put."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from bot.conversation.turn import FileConsent
from bot.teams.errors import ActivityInvalid
from bot.teams.receiving.edge import Edge, unpacked, validated
from bot.teams.receiving.incoming import Incoming

FILE_CONSENT = "fileConsent/invoke"

Key = Annotated[str, StringConstraints(min_length=1, max_length=256, pattern=r"^[^\x00-\x1f\x7f]+$")]
Short = Annotated[str, StringConstraints(max_length=1024)]
Address = Annotated[str, StringConstraints(min_length=1, max_length=8192)]


@dataclass(frozen=True, slots=True)
class UploadTarget:
    """Where the file goes (`upload_url` admits whoever holds it), and how it is found afterwards."""

    upload_url: str
    content_url: str
    name: str
    unique_id: str
    file_type: str


class _Context(Edge):
    key: Key


class _UploadInfo(Edge):
    upload_url: Address = Field(alias="uploadUrl")
    content_url: Address = Field(alias="contentUrl")
    name: Short = ""
    unique_id: Short = Field("", alias="uniqueId")
    file_type: Short = Field("", alias="fileType")


class _Consent(Edge):
    type: Literal["fileUpload"]
    action: Literal["accept", "decline"]
    context: _Context
    upload: _UploadInfo | None = Field(None, alias="uploadInfo")


def consent_of(incoming: Incoming) -> FileConsent:
    """The answer in the conversation's words. Raises ActivityInvalid."""
    consent = _read(incoming)
    return FileConsent(consent.context.key, accepted=consent.action == "accept")


def target_of(incoming: Incoming) -> UploadTarget | None:
    """Where an accepted file goes; None where it was declined. Raises ActivityInvalid."""
    consent = _read(incoming)
    if consent.action == "decline" or consent.upload is None:
        return None
    info = consent.upload
    return UploadTarget(info.upload_url, info.content_url, info.name, info.unique_id, info.file_type)


def _read(incoming: Incoming) -> _Consent:
    value = unpacked(incoming.value)
    consent = validated(_Consent, value)
    if consent.action == "accept" and consent.upload is None:
        raise ActivityInvalid("value is missing or malformed")
    return consent
