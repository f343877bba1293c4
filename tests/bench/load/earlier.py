"""A round that is over, put into the databases of a running service, so that there are results to export."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import date
from typing import Final

from sqlalchemy import Connection

from bot.demo.places import heads
from bot.demo.rounds import PLANS, made_round
from bot.storage.check.keys import RoundKeys
from bot.storage.check.responses import put_new_responses
from bot.storage.database import Database
from tests.fakes.demo import world

RESPONDENTS: Final = 400
LABEL: Final = "2026:1"


async def put_earlier_round(database: Database) -> str:
    """Its id. The service is about to make an edition of it."""
    today = date.today()  # noqa: DTZ011 - any day will do
    made = await asyncio.to_thread(made_round, world(), PLANS[1], LABEL, heads(RESPONDENTS), today)
    # A round begins today at the earliest, whenever its responses were given.
    await database.check.add(replace(made.held, opens=today, closes=None))
    key = await RoundKeys(database.identity).sealing(made.held.id)

    def put(connection: Connection) -> None:
        put_new_responses(connection, made.responses, key)

    await database.main.write("responses could not be stored", put, repeatable=False)
    await database.check.close(made.held.id)
    return made.held.id
