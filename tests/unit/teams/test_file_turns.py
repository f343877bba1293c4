"""The turn in which a person says whether a file is wanted, and what they see of it."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping
from typing import Any

import pytest

from bot.conversation.card import FileReply
from bot.conversation.texts import Texts
from bot.conversation.turn import FileConsent, Sender, Turn
from bot.teams.errors import SendFailed, TeamsError, Unreachable, UploadFailed
from bot.teams.files.consent import UploadTarget
from bot.teams.files.file_turns import FileTurns
from tests.fakes.teams import RecordingConversation

FILE = FileReply("mina-svar.csv", "text/csv", b"a;b", "Dina svar.", "k")
TARGET = UploadTarget("https://a.sharepoint.com/up?tempauth=hemlig", "https://a.sharepoint.com/f", "", "u1", "csv")


class RecordingUploads:
    """Takes every file; `refusal` is raised before, `failure` instead."""

    def __init__(self, *, refusal: Exception | None = None, failure: Exception | None = None) -> None:
        self.put_there: list[tuple[UploadTarget, FileReply]] = []
        self.refusal = refusal
        self.failure = failure

    def require(self, target: UploadTarget) -> None:
        if self.refusal:
            raise self.refusal

    async def put(self, target: UploadTarget, file: FileReply) -> None:
        if self.failure:
            raise self.failure
        self.put_there.append((target, file))


class RecordingOutlet:
    def __init__(self, error: TeamsError | None = None) -> None:
        self.sent: list[Mapping[str, Any]] = []
        self.error = error

    async def send(self, payload: Mapping[str, Any]) -> str:
        if self.error:
            raise self.error
        self.sent.append(payload)
        return "sent"

    async def update(self, activity_id: str, payload: Mapping[str, Any]) -> None:
        raise AssertionError("nothing is updated")


def conversation() -> RecordingConversation:
    talk = RecordingConversation()
    talk.files["k"] = FILE
    return talk


def turn(*, accepted: bool = True, key: str = "k", locale: str = "sv-SE") -> Turn:
    return Turn(FileConsent(key, accepted), Sender("t", "u"), "a:1", "1", locale=locale)


async def sent(
    talk: RecordingConversation,
    uploads: RecordingUploads,
    of: Turn,
    target: UploadTarget | None = TARGET,
    turn_timeout: float = 10.0,
) -> Any:
    outlet = RecordingOutlet()
    await FileTurns(talk, Texts.load(), uploads, turn_timeout=turn_timeout).take(of, target, outlet)
    [payload] = outlet.sent
    return payload


async def test_a_wanted_file_is_put_in_its_place_and_shown() -> None:
    talk, uploads = conversation(), RecordingUploads()
    assert await sent(talk, uploads, turn()) == {
        "type": "message",
        "attachments": [
            {
                "contentType": "application/vnd.microsoft.teams.card.file.info",
                "contentUrl": "https://a.sharepoint.com/f",
                "name": "mina-svar.csv",
                "content": {"uniqueId": "u1", "fileType": "csv"},
            }
        ],
    }
    assert uploads.put_there == [(TARGET, FILE)]
    assert talk.wanted == ["k"]


async def test_a_file_that_is_not_wanted_is_not_even_made() -> None:
    talk, uploads = conversation(), RecordingUploads()
    payload = await sent(talk, uploads, turn(accepted=False), None)
    assert payload["text"] == "Filen är inte sparad. Be om den igen när du vill ha den."
    assert (talk.wanted, uploads.put_there) == ([], [])


async def test_a_file_that_is_gone_or_somebody_elses_is_told_politely() -> None:
    uploads = RecordingUploads()
    payload = await sent(conversation(), uploads, turn(key="other", locale="en-GB"))
    assert payload["text"].startswith("The file is no longer there")
    assert uploads.put_there == []


async def test_a10_no_file_is_made_for_a_place_that_is_not_allowed(caplog: pytest.LogCaptureFixture) -> None:
    talk = conversation()
    payload = await sent(talk, RecordingUploads(refusal=UploadFailed("not ours")), turn())
    assert payload["text"].startswith("Filen gick inte att spara")
    assert talk.wanted == []
    assert "hemlig" not in caplog.text


async def test_a_file_that_could_not_be_put_is_told(caplog: pytest.LogCaptureFixture) -> None:
    payload = await sent(conversation(), RecordingUploads(failure=UploadFailed("answered 503")), turn())
    assert payload["text"].startswith("Filen gick inte att spara")
    assert "answered 503" in caplog.text


async def test_what_breaks_becomes_an_apology() -> None:
    talk = conversation()
    talk.error = RuntimeError("hemlig detalj")
    payload = await sent(talk, RecordingUploads(), turn())
    assert payload["text"].startswith("Nu gick något fel hos mig")
    assert "hemlig" not in payload["text"]


async def test_a_file_that_never_gets_there_becomes_an_apology() -> None:
    class Endless(RecordingUploads):
        async def put(self, target: UploadTarget, file: FileReply) -> None:
            await asyncio.Event().wait()

    payload = await sent(conversation(), Endless(), turn(), turn_timeout=0.01)
    assert payload["text"].startswith("Nu gick något fel hos mig")


@pytest.mark.parametrize("error", [SendFailed("no", 500), Unreachable("blocked", 403)])
async def test_what_cannot_be_told_ends_there(error: TeamsError, caplog: pytest.LogCaptureFixture) -> None:
    uploads = RecordingUploads()
    with caplog.at_level(logging.WARNING):
        await FileTurns(conversation(), Texts.load(), uploads, turn_timeout=1.0).take(
            turn(), TARGET, RecordingOutlet(error)
        )
    assert len(uploads.put_there) == 1
    assert "could not be told" in caplog.text
