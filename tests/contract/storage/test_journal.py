"""What every journal promises, whatever keeps it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import pytest

from bot.conversation.ports import Entry, Journal, Place, Rated, Rating
from bot.storage.database import open_database
from tests.fakes.advice import answered
from tests.fakes.journal import MemoryJournal

HERE = Place("tenant-a", "conversation-1")
ELSEWHERE = Place("tenant-b", "conversation-1")
NOON = datetime(2026, 11, 1, 12, tzinfo=UTC)


def entry(name: str, *, at: datetime = NOON, place: Place = HERE) -> Entry:
    return Entry(name, at, place, f"Fråga {name}?", answered(f"Fråga {name}?"))


def thumb(*, liked: bool = True, rater: str = "r1", reply_to: str | None = None, place: Place = HERE) -> Rating:
    return Rating(NOON, place, rater, liked, "en kommentar", reply_to)


@pytest.fixture(params=["memory", "sqlite", "postgresql"])
async def journal(request: pytest.FixtureRequest) -> AsyncIterator[Journal]:
    if request.param == "memory":
        yield MemoryJournal()
        return
    urls = (request.getfixturevalue(f"{request.param}{name}") for name in ("_url", "_identity_url"))
    database = await open_database(*urls)
    yield database.journal
    await database.close()


class TestJournal:
    """One class, every backend."""

    async def test_history_is_the_latest_questions_oldest_first(self, journal: Journal) -> None:
        for minute in range(5):
            await journal.record(entry(str(minute), at=NOON + timedelta(minutes=minute)))
        assert list(await journal.history(HERE, since=NOON, limit=2)) == ["Fråga 3?", "Fråga 4?"]
        assert list(await journal.history(HERE, since=NOON + timedelta(minutes=4), limit=9)) == ["Fråga 4?"]

    async def test_places_are_kept_apart_even_with_equal_conversation_ids(self, journal: Journal) -> None:
        await journal.record(entry("a"))
        assert list(await journal.history(ELSEWHERE, since=NOON, limit=9)) == []
        assert await journal.rate(thumb(place=ELSEWHERE)) is False
        await journal.delivered("a", ELSEWHERE, "sent-1")
        assert await journal.rate(thumb(reply_to="sent-1", place=ELSEWHERE)) is False

    async def test_recording_the_same_answer_twice_keeps_one(self, journal: Journal) -> None:
        await journal.record(entry("a"))
        await journal.record(entry("a"))
        assert len(await journal.history(HERE, since=NOON, limit=9)) == 1

    async def test_a_thumb_finds_its_answer_by_any_message_it_was_sent_as(self, journal: Journal) -> None:
        await journal.record(entry("a"))
        await journal.record(entry("b", at=NOON + timedelta(minutes=1)))
        for activity in ("sent-1", "sent-2", "sent-2"):
            await journal.delivered("a", HERE, activity)
        assert await journal.rate(thumb(reply_to="sent-1")) is True
        assert await journal.rate(thumb(reply_to="sent-2", rater="r2")) is True
        assert await journal.rate(thumb(reply_to="unknown")) is False
        assert await journal.rate(thumb()) is True

    async def test_what_was_rated_is_found_as_the_thumb_finds_it(self, journal: Journal) -> None:
        await journal.record(entry("a"))
        await journal.record(entry("b", at=NOON + timedelta(minutes=1)))
        await journal.delivered("a", HERE, "sent-1")
        assert await journal.rated(HERE, "sent-1") == Rated("Fråga a?", "sv")
        assert await journal.rated(HERE, None) == Rated("Fråga b?", "sv")
        assert await journal.rated(HERE, "unknown") is None
        assert await journal.rated(ELSEWHERE, "sent-1") is None
        assert await journal.rated(ELSEWHERE, None) is None

    async def test_a_delivery_of_an_unknown_answer_changes_nothing(self, journal: Journal) -> None:
        await journal.delivered("nothing", HERE, "sent-1")
        assert await journal.rate(thumb(reply_to="sent-1")) is False

    async def test_only_what_is_older_than_the_limit_is_deleted_with_its_thumbs(self, journal: Journal) -> None:
        days = timedelta(days=1)
        for name, at in (("old", NOON - 91 * days), ("edge", NOON - 90 * days), ("new", NOON - 89 * days)):
            await journal.record(entry(name, at=at))
            await journal.delivered(name, HERE, f"sent-{name}")
            assert await journal.rate(thumb(reply_to=f"sent-{name}"))
        assert await journal.forget_before(NOON - 90 * days) == 1
        assert list(await journal.history(HERE, since=NOON - 99 * days, limit=9)) == ["Fråga edge?", "Fråga new?"]
        assert await journal.rate(thumb(reply_to="sent-old")) is False
        assert await journal.rate(thumb(reply_to="sent-edge")) is True

    async def test_odd_characters_survive(self, journal: Journal) -> None:
        question = "Å i NFC, \U0001d518, \U0001f914, \u202e, 'citat'; DROP TABLE answers;--"
        await journal.record(Entry("odd", NOON, HERE, question, answered(question)))
        assert list(await journal.history(HERE, since=NOON, limit=1)) == [question]
