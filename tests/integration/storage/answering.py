"""A process in which several people answer at once, one answer after the other, until it is killed.

Each change adds one answer, so a draft with n answers has version n; every fifth change also sends the response in.
What is stored is told after it is stored, as the bot tells people.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import replace
from multiprocessing.connection import Connection

from bot.maturity.errors import StoreFailed
from bot.maturity.ports import CheckStore, Person
from bot.maturity.responses import ItemAnswer
from bot.maturity.session import Session, Source
from bot.storage.database import open_database
from tests.contract.storage.checks import Calendar, a_response, a_session, read, with_answer

PEOPLE = tuple(Person("tenant-a", f"user-{number}") for number in range(6))
OPEN = b"open"
SUBMIT_EVERY = 5


def answer(tell: Connection, urls: tuple[str, str]) -> None:
    """Tell OPEN, and then `user number` for each answer that is stored; a restart goes on where the last one ended."""
    asyncio.run(_answer_together(tell.send_bytes, urls))


async def _answer_together(tell: Callable[[bytes], None], urls: tuple[str, str]) -> None:
    database = await open_database(*urls, today=Calendar(), read=read)
    tell(OPEN)
    await asyncio.gather(*(_answer_on(database.check, person, tell) for person in PEOPLE))


async def _answer_on(store: CheckStore, person: Person, tell: Callable[[bytes], None]) -> None:
    while True:
        try:
            number = await _answer_once(store, person)
        except StoreFailed:
            continue  # Nothing was told as stored; what is stored is read again.
        tell(f"{person.user} {number}".encode())


async def _answer_once(store: CheckStore, person: Person) -> int:
    draft = await store.load(person, "r1", Source.INDIVIDUAL)
    session, version = (draft.session, draft.version) if draft else (a_session(), 0)
    number = len(session.answers)
    changed = with_answer(replace(session, seen=(f"activity-{number}",)), f"i{number}", str(number))
    if (number + 1) % SUBMIT_EVERY:
        await store.save(person, changed, version)
    else:
        response = replace(a_response(_answers(changed)), operation=person.user)
        await store.submit(person, changed, response, version)
    return number


def _answers(session: Session) -> tuple[ItemAnswer, ...]:
    return tuple(ItemAnswer(item, given.codes) for item, given in session.answers.items())
