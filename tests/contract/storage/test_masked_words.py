"""R08: what people type is masked or refused before a database or a log sees it, through the whole conversation."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from sqlalchemy import select

from bot.conversation.ask import Limits
from bot.conversation.ports import Place
from bot.conversation.replies import AnswerReply
from bot.conversation.service import FyrenConversation
from bot.conversation.turn import Feedback, Turn
from bot.maturity.ports import Person
from bot.maturity.session import Source
from bot.storage.database import Database, open_database
from bot.storage.schema.check import response_answers
from tests.fakes.advice import FakeAdvice
from tests.fakes.check_store import MONDAY
from tests.fakes.check_talk import TENANT, TEXTS, Client, check_parts, open_round, rules
from tests.fakes.instruments import instrument

NUMBER, TEMPORARY, MISTYPED = "811218–9876", "811218-TF12", "811218-9875"
MAIL, PHONE, HIDDEN_MAIL = "anna.ek@example.se", "0522-123 45", "anna.ek (at) example.se"
EVERYTHING = f"{NUMBER}, {TEMPORARY}, {MISTYPED}, {MAIL}, {HIDDEN_MAIL} och {PHONE}"
CONTACTS = f"{MISTYPED}, {MAIL}, {HIDDEN_MAIL} och {PHONE}"
SECRETS = (NUMBER, "811218", TEMPORARY, MISTYPED, MAIL, "anna.ek", PHONE)


@pytest.fixture(autouse=True, scope="module")
def rules_are_read() -> None:
    rules()


@pytest.fixture
async def database(sqlite_url: str, sqlite_identity_url: str) -> AsyncIterator[Database]:
    database = await open_database(
        sqlite_url, sqlite_identity_url, today=lambda: MONDAY, read=lambda text, name: instrument()
    )
    await database.check.add(open_round())
    yield database
    await database.close()


@pytest.fixture
def me(database: Database) -> Client:
    fyren = FyrenConversation(
        texts=TEXTS,
        router=rules()[0],
        advice=FakeAdvice(),
        journal=database.journal,
        check=check_parts(database.check),
        limits=Limits(),
        history_days=90,
    )
    return Client(fyren)


async def assert_nowhere(folder: Path, log: pytest.LogCaptureFixture) -> None:
    """Not in a file of a database, nor in a line of the log as it was written, before the log's own masking."""
    stored = await asyncio.to_thread(lambda: b"".join(each.read_bytes() for each in folder.glob("*.sqlite3*")))
    assert stored
    for secret in SECRETS:
        assert secret.encode() not in stored
        assert secret not in log.text


async def test_r08_a_question_and_the_comment_on_its_answer_are_kept_masked(
    database: Database, me: Client, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    [reply] = await me.say(f"Vad gäller för {EVERYTHING}?")
    assert isinstance(reply, AnswerReply)
    place = Place(TENANT, me.chat)
    await database.journal.delivered(reply.id, place, "sent-1")
    comment = Feedback(liked=False, comment=f"Fel: {EVERYTHING}", reply_to="sent-1")
    await me.fyren.respond(Turn(comment, me.sender, me.chat, "activity-comment"))
    [rating] = await database.journal.ratings()
    masked = "[personnummer], [personnummer], [personnummer], [e-postadress], [e-postadress] och [telefonnummer]"
    assert (rating.comment, rating.question) == (f"Fel: {masked}", f"Vad gäller för {masked}?")
    await assert_nowhere(tmp_path, caplog)


async def test_r08_words_of_the_check_are_kept_masked_and_a_sure_number_is_refused(
    database: Database, me: Client, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    await me.say("mognadskoll")
    await me.press("Jag har läst, starta")
    await me.press("Fortsätt", organisation="uddevalla", roles="ledning", operation="social")
    for refused in (NUMBER, TEMPORARY):
        await me.press("3. Utvecklingsfas", comment=f"Det gäller {refused} på plan 3")
        assert "personnummer" in me.said[-1] + me.text()
    await me.press("3. Utvecklingsfas", comment=f"Fråga {CONTACTS}")
    for typed in ("5", "2, 1", f"Enklare vardag, säger {CONTACTS}"):
        await me.say(typed)
    kept = "[personnummer], [e-postadress], [e-postadress] och [telefonnummer]"
    draft = await database.check.load(Person(TENANT, me.sender.user), open_round().id, Source.INDIVIDUAL)
    assert draft is not None
    assert list(draft.session.comments.values()) == [f"Fråga {kept}"]
    await me.press("Skicka in")
    rows = await database.main.engine.read(
        lambda connection: connection.execute(select(response_answers.c.text, response_answers.c.comment)).all()
    )
    assert {each for row in rows for each in row} >= {f"Fråga {kept}", f"Enklare vardag, säger {kept}"}
    await assert_nowhere(tmp_path, caplog)
