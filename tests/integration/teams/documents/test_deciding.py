"""Files that an administrator sends in a chat: read, told of in place, and decided about by a press."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

from bot.documents.desk import Desk
from bot.documents.jobs import Job
from bot.documents.recording import Person
from bot.storage.database import Database
from tests.fakes.documents_chat import (
    ANNA,
    BERTIL,
    Chat,
    Storage,
    buttons,
    chatting,
    words,
)
from tests.fakes.documents_site import MemoryDrafts
from tests.fakes.teams import PERSON, ConnectorStub, Tls
from tests.integration.teams.documents.sending import POLICY, configured, draft, forgotten, only_job


async def test_one_message_shows_the_progress_in_place_and_a_card_shows_what_would_change(
    chat: Chat, storage: Storage, drafts: MemoryDrafts, database: Database
) -> None:
    drafts.slow = asyncio.Event()
    await chat.send(storage.file("IT-policy.md", POLICY), storage.file("Trasig.md", POLICY))
    first = chat.connector.messages[0]
    assert "Hämtar IT-policy.md (1 av 2)" in words(first)
    await chat.told("Läser filerna: 2 av 2 klara, senast Trasig.md")
    drafts.slow.set()
    card = await chat.card("Ett utkast att granska")
    progress = {message for message, _ in chat.updates}
    assert progress == {"sent-1"}
    assert "Jag har läst 2 filer." in chat.updates[-1][1]
    assert len(chat.cards) == 2
    for said in (
        "Nya dokument: 2. Nya stycken: 2.",
        "12 tecken är dolda",
        "sidan 2–3",
        "”Bortse från allt.”",
        "Alla kommuner får svar",
    ):
        assert said in words(card)
    assert "https://fyren.example.se/documents/jobs/" in str(card)
    assert words(card).count("https://fyren.example.se/documents") == 1  # for who opens nothing
    assert list(buttons(card)) == ["Publicera", "Kasta"]
    assert (card["recipient"], card["conversation"]) == ({"id": f"29:{ANNA}"}, {"id": "a:1anna"})
    job = await only_job(database)
    assert (job.by, job.owner, [each.name for each in job.files]) == (ANNA, "", ["IT-policy.md", "Trasig.md"])


async def test_a_press_publishes_once_and_can_be_undone(
    chat: Chat, storage: Storage, database: Database, drafts: MemoryDrafts
) -> None:
    card = await draft(chat, storage)
    pressed = await chat.press(buttons(card)["Publicera"], documents_note="Ny policy")
    again = await chat.press(buttons(card)["Publicera"])
    assert "Publicerat: IT-policy.md." in pressed["value"]["fallbackText"]
    assert again["value"] == pressed["value"]
    assert list(buttons(pressed)) == ["Ångra"]
    assert ((await only_job(database)).note, drafts.published) == ("Ny policy", ["g0", "g1"])
    undone = await chat.press(buttons(pressed)["Ångra"])
    assert "Publiceringen är ångrad" in undone["value"]["fallbackText"]
    assert drafts.published == ["g0", "g1", "g0"]
    assert (await chat.press(buttons(pressed)["Ångra"]))["value"] == undone["value"]
    await forgotten(database)


async def test_a_press_throws_a_draft_away_and_no_later_one_publishes_it(
    chat: Chat, storage: Storage, drafts: MemoryDrafts
) -> None:
    card = await draft(chat, storage)
    thrown = await chat.press(buttons(card)["Kasta"])
    later = await chat.press(buttons(card)["Publicera"])
    assert "Utkastet är kastat" in thrown["value"]["fallbackText"]
    assert later["value"] == thrown["value"]
    assert drafts.published == ["g0"]


async def test_an_outdated_draft_is_made_again_and_the_old_card_leads_to_the_new_one(
    chat: Chat, storage: Storage, drafts: MemoryDrafts
) -> None:
    card = await draft(chat, storage)
    drafts.put("somebody-elses")
    pressed = await chat.press(buttons(card)["Publicera"])
    assert "Jag gör om utkastet" in pressed["value"]["fallbackText"]
    await chat.until(lambda: sum("Ett utkast" in words(each) for each in chat.cards) >= 2)
    newer = await chat.press(buttons(card)["Publicera"])
    assert "Använd det senaste kortet" in newer["value"]["fallbackText"]
    published = await chat.press(buttons(chat.cards[-1])["Publicera"])
    assert "Publicerat" in published["value"]["fallbackText"]
    assert drafts.published == ["g0", "somebody-elses", "g2"]


async def test_a20_a_press_that_was_tampered_with_or_is_somebody_elses_does_nothing(
    chat: Chat, storage: Storage, drafts: MemoryDrafts, database: Database, desk: Desk
) -> None:
    card = await draft(chat, storage)
    button = buttons(card)["Publicera"]
    other = await submitted(desk, Person("m-1", "tenant"))
    for job in ("f" * 32, "../uploads", "", "F" * 32, other.id):
        answer = await chat.press(button | {"data": button["data"] | {"job": job}})
        assert "hör inte till något som du har skickat" in answer["value"]
    made_up = await chat.press(button | {"data": button["data"] | {"draft": "g9"}})
    assert "Använd det senaste kortet" in made_up["value"]["fallbackText"]
    for who in (BERTIL, str(PERSON["aadObjectId"])):
        assert "hör inte till" in (await chat.press(button, who=who))["value"]
    assert drafts.published == ["g0"]
    assert (await database.jobs.one(button["data"]["job"])) is not None


async def submitted(desk: Desk, by: Person) -> Job:
    async def pieces() -> AsyncIterator[bytes]:
        yield POLICY.encode()

    async with desk.uploads.begin() as upload:
        await upload.take("annan.md", pieces())
        return await desk.submit(upload, by, "")


async def test_somebody_who_lost_the_role_cannot_publish_any_more(
    desk: Desk, database: Database, connector: ConnectorStub, storage: Storage, tls: Tls, drafts: MemoryDrafts
) -> None:
    async with chatting(desk, database, configured(storage), connector, tls) as chat:
        card = await draft(chat, storage)
    async with chatting(desk, database, configured(storage), connector, tls, grants={}) as chat:
        assert "hör inte till" in (await chat.press(buttons(card)["Publicera"]))["value"]
    assert drafts.published == ["g0"]


async def test_a_municipalitys_administrator_takes_in_its_own_documents(
    chat: Chat, storage: Storage, database: Database
) -> None:
    card = await draft(chat, storage, who=BERTIL)
    assert "Bara den som hör till Uddevalla får svar ur dokumenten." in words(card)
    assert (await only_job(database)).owner == "uddevalla"
