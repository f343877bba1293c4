"""Made-up rounds into marked databases, by the steps that a real round takes, a day at a time."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from bot.access.roles import Role
from bot.demo.rounds import MadeRound
from bot.maturity.ports import VisibilityDecision
from bot.maturity.round_life import By
from bot.publishing.due import Outcome
from bot.publishing.edition import publish_round
from bot.storage.database import Database, open_database
from bot.storage.demo import SqlMadeUp, mark

DEMO: Final = By("demo", "", frozenset(Role))


@dataclass(slots=True)
class Calendar:
    """Today, as far as the databases know."""

    day: date

    def __call__(self) -> date:
        """See bot.maturity.days.Today."""
        return self.day


@dataclass(frozen=True, slots=True)
class Filled:
    """A round that was put in: its label, how many responses it has, and its edition, if it has one."""

    label: str
    responses: int
    edition: Outcome | None = None


async def fill(url: str, identity_url: str, rounds: Iterable[MadeRound], *, publish: bool = True) -> Sequence[Filled]:
    """Mark two empty databases as made up and put rounds in, oldest first; without `publish` no edition is made.

    Raises DemoMismatch where a database is not empty, StorageError.
    """
    for each in dict.fromkeys((url, identity_url)):
        await mark(each)
    calendar = Calendar(date.min)
    database = await open_database(url, identity_url, today=calendar, demo=True)
    try:
        return [await _put(each, database, calendar, publish=publish) for each in rounds]
    finally:
        await database.close()


async def _put(made: MadeRound, database: Database, calendar: Calendar, *, publish: bool) -> Filled:
    held = made.held
    calendar.day = held.opens
    await database.check.add(held, DEMO)
    for municipality, visibility in made.decisions.items():
        decision = VisibilityDecision(held.id, municipality, visibility, held.opens, DEMO.actor)
        await database.visibilities.decide(decision, DEMO)
    await SqlMadeUp(database.main, database.identity).put(held.id, made.responses)
    edition = None
    if made.closed is not None:
        calendar.day = made.closed
        await database.check.close(held.id, DEMO)
        if publish:
            edition = await publish_round(database, held.id, day=made.closed, by=DEMO)
    return Filled(held.label, len(made.responses), edition)
