"""Which files of a chat are fetched, from where, and what is said of those that are not."""

from __future__ import annotations

import asyncio
import logging

import pytest

from bot.documents.desk import Desk
from bot.storage.database import Database
from tests.fakes.documents_chat import (
    Chat,
    Storage,
    chatting,
    words,
)
from tests.fakes.documents_site import CAPS
from tests.fakes.teams import PERSON, ConnectorStub, Json, Signer, Tls, openid_stub
from tests.integration.teams.conftest import production
from tests.integration.teams.documents.sending import POLICY, configured, draft, forgotten, only_job


async def test_others_are_told_who_may_and_nothing_is_fetched(chat: Chat, storage: Storage) -> None:
    file = storage.file("IT-policy.md", POLICY)
    await chat.send(file, who=str(PERSON["aadObjectId"]))
    await chat.told("Jag kan inte ta emot filer från dig.")
    await chat.send(file, text="Vad står det här?", who=str(PERSON["aadObjectId"]))
    await chat.told("Ställ gärna din fråga igen utan filen")
    assert storage.requests == []


async def test_in_a_group_chat_nothing_is_read(chat: Chat, storage: Storage) -> None:
    mention = {
        "type": "mention",
        "mentioned": {"id": "28:5f0c7f0e-6a0b-4a52-9a51-2d0a1f2f8f11"},
        "text": "<at>Fyren</at>",
    }
    group = {"id": "19:grupp", "conversationType": "groupChat", "tenantId": chat.message()["conversation"]["tenantId"]}
    link = {"contentType": "reference", "contentUrl": "https://x.sharepoint.com/IT-policy.md", "name": "IT-policy.md"}
    await chat.send(link, text="<at>Fyren</at>", entities=[mention], conversation=group)
    await chat.told("I gruppchattar och kanaler läser jag inga filer.")
    assert storage.requests == []


async def test_pictures_and_links_are_not_files_and_what_can_be_read_is_said(chat: Chat, storage: Storage) -> None:
    await chat.send({"contentType": "image/png", "contentUrl": "https://x.example/1.png"})
    await chat.told("Det där kan jag inte läsa.")
    await chat.send({"contentType": "reference", "contentUrl": "https://x.example/1"}, storage.file("a.md", POLICY))
    await chat.told("innehöll också bilder eller länkar (1)")
    await chat.card("Ett utkast att granska")


async def test_a_file_that_is_too_large_is_left_out_and_the_others_come(
    chat: Chat, storage: Storage, database: Database
) -> None:
    large = storage.file("Stor.md", b"x" * (CAPS.file + 1))
    await chat.send(large, storage.file("IT-policy.md", POLICY))
    await chat.told("Stor.md är för stor.")
    await chat.card("Ett utkast att granska")
    assert [each.name for each in (await only_job(database)).files] == ["IT-policy.md"]


async def test_where_no_file_comes_nothing_is_kept(
    chat: Chat, storage: Storage, database: Database, desk: Desk, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.WARNING)
    storage.script.extend([404])
    await chat.send(storage.file("IT-policy.md", POLICY))
    await chat.told("Jag kunde inte hämta IT-policy.md från Teams.")
    await chat.told("Ingen av filerna kom fram")
    assert (chat.updates[-1][0], len(storage.requests)) == ("sent-1", 1)
    assert "hemlig" not in caplog.text
    await forgotten(database)
    assert await asyncio.to_thread(lambda: list(desk.uploads.root.iterdir())) == []
    assert await database.jobs.all() == ()


async def test_a_download_that_fails_is_tried_again(
    chat: Chat, storage: Storage, desk: Desk, database: Database
) -> None:
    storage.script.extend([(503, {"Retry-After": "0"}), "cut"])
    card = await draft(chat, storage)
    assert "Nya stycken: 1." in words(card)
    assert len(storage.requests) == 3
    job = await only_job(database)
    assert await asyncio.to_thread(desk.uploads.path(job, job.files[0]).read_text, encoding="utf-8") == POLICY


async def test_a10_no_redirect_is_followed(chat: Chat, storage: Storage) -> None:
    storage.script.append((302, {"Location": f"{storage.url}/secret"}))
    await chat.send(storage.file("IT-policy.md", POLICY))
    await chat.told("Jag kunde inte hämta")
    assert [path for path, _ in storage.requests] == ["/personal/0?tempauth=v1.hemlig"]


@pytest.mark.parametrize(
    "address",
    [
        "https://127.0.0.1:{port}/x",
        "http://localhost:{port}/x",
        "https://localhost/x",
        "https://169.254.169.254/latest/meta-data",
        "https://localhost:{port}@ond.example/x",
        "file:///etc/passwd",
    ],
)
async def test_a10_nothing_is_fetched_from_an_address_that_is_not_listed(
    chat: Chat, storage: Storage, address: str
) -> None:
    port = storage.host.partition(":")[2]
    await chat.send(storage.file("x.md", POLICY, downloadUrl=address.format(port=port)))
    await chat.told("Jag kunde inte hämta x.md")
    assert storage.requests == []


async def test_a10_a_listed_name_that_leads_inside_the_network_gets_nothing(
    desk: Desk,
    database: Database,
    connector: ConnectorStub,
    storage: Storage,
    tls: Tls,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async def inside(self: object, host: str, port: int = 0, family: int = 0) -> list[Json]:
        return [{"hostname": host, "host": "127.0.0.1", "port": port, "family": 2, "proto": 0, "flags": 0}]

    monkeypatch.setattr("aiohttp.resolver.ThreadedResolver.resolve", inside)
    port = storage.host.partition(":")[2]
    config = configured(storage, download_hosts=frozenset({f"files.example:{port}"}))
    async with chatting(desk, database, config, connector, tls) as chat:
        await chat.send(storage.file("x.md", POLICY, downloadUrl=f"https://files.example:{port}/x"))
        await chat.told("Jag kunde inte hämta x.md")
    assert storage.requests == []


async def test_a10_the_bots_token_goes_to_teams_and_not_to_the_storage(
    desk: Desk,
    database: Database,
    secure_connector: ConnectorStub,
    storage: Storage,
    tls: Tls,
    signer: Signer,
    logins: list[str],
) -> None:
    async with openid_stub(signer) as openid:
        config = production(openid, secure_connector, download_hosts=frozenset({storage.host}))
        async with chatting(desk, database, config, secure_connector, tls) as chat:
            token = signer.token(secure_connector.url)
            await chat.send(storage.file("IT-policy.md", POLICY), token=token)
            await chat.card("Ett utkast att granska")
    [(_, headers)] = storage.requests
    assert "Authorization" not in headers
    assert all(each.headers["Authorization"] == "Bearer hemlig-token" for each in chat.connector.requests)
