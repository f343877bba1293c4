"""A closed round -> its next edition, read from the stores, compiled and kept; or nothing, where none is to be made."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from datetime import date

from bot.maturity.errors import Conflict, RoundClosed, StepRefused
from bot.maturity.ports import Edition as Head
from bot.maturity.round_life import SERVICE, By
from bot.maturity.rounds import Round
from bot.publishing.due import Outcome, Stores, is_due
from bot.results.compiling import Compiled, compile_edition
from bot.results.edition_json import edition_from_json, edition_to_json
from bot.results.model import Cell, Edition, State


async def publish_round(stores: Stores, round_id: str, *, day: date, by: By = SERVICE) -> Outcome:
    """Make the edition of a round that is due for one, on a `day`; one that somebody else makes meanwhile stands.

    Compiling takes seconds of a processor for tens of thousands of responses; it is done in a thread. Raises
    RoundClosed where there is no such round, StoreFailed, EditionInvalid where the edition before cannot be read.
    """
    held = next((each for each in await stores.check.rounds() if each.id == round_id), None)
    if held is None:
        raise RoundClosed(round_id)
    latest = await stores.editions.latest(round_id)
    number = latest.number if latest is not None else 0
    if not await is_due(held, stores):
        return Outcome(number)
    compiled, content = await _compiled(stores, held, number, day)
    edition = compiled.edition
    head = Head(round_id, edition.number, edition.compiled, edition.digest, "")
    try:
        await stores.editions.add(head, content, compiled.members, by)
    except (Conflict, StepRefused):
        # Somebody else has made it, or the round was opened again: then it is made when it is closed the next time.
        latest = await stores.editions.latest(round_id)
        return Outcome(latest.number if latest is not None else 0)
    cells = [each for each in _cells(edition) if each.state is not State.EMPTY]
    hidden = sum(each.state is not State.SHOWN for each in cells)
    return Outcome(edition.number, True, len(compiled.members), len(cells), hidden)


async def _compiled(stores: Stores, held: Round, number: int, day: date) -> tuple[Compiled, str]:
    """What is compiled after the edition `number`, and its text."""
    earlier = await stores.editions.content(held.id, number) if number else None
    batches = await stores.editions.members(held.id)
    decided = await stores.visibilities.decisions(held.id)
    responses = await stores.check.numbered(held.id)

    def make() -> tuple[Compiled, str]:
        compiled = compile_edition(
            held,
            responses,
            visibilities={place: each.visibility for place, each in decided.items()},
            day=day,
            previous=edition_from_json(earlier) if earlier is not None else None,
            batches=batches,
            demo=stores.demo,
        )
        return compiled, edition_to_json(compiled.edition)

    return await asyncio.to_thread(make)


def _cells(edition: Edition) -> Iterator[Cell]:
    """The cells of persons: of everybody in a role, and in its municipalities."""
    for each in edition.results:
        yield each.pooled
        yield from (one.persons for one in each.municipalities.values())
