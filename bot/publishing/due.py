"""Which rounds are to get an edition, and how making one ends. Light: the service has this, and compiles nothing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from bot.maturity.ports import CheckStore, Editions, Visibilities
from bot.maturity.rounds import Round


class Stores(Protocol):
    """What editions are made from and kept in; `bot.storage.database.Database` is one."""

    @property
    def check(self) -> CheckStore:
        """Rounds and responses."""

    @property
    def editions(self) -> Editions:
        """What was compiled."""

    @property
    def visibilities(self) -> Visibilities:
        """The municipalities' decisions."""

    @property
    def demo(self) -> bool:
        """Whether all of it is made up."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """The newest edition of a round: its `number`, 0 where there is none. `made` says that it was made just now, of so
    many `responses`; `cells` is how many of its cells have an answer, and `hidden` how many of those are not shown."""

    number: int
    made: bool = False
    responses: int = 0
    cells: int = 0
    hidden: int = 0


async def is_due(held: Round, stores: Stores) -> bool:
    """Whether a round is closed and has responses that its newest edition lacks, or no edition. Raises StoreFailed.

    Practice rounds count nowhere, so they have no editions. A round that was opened once got all its responses before
    it was closed; only one that was opened again has to be counted anew.
    """
    if not held.is_over or held.practice:
        return False
    some = await stores.editions.latest(held.id) is not None
    if some and held.openings == 1:
        return False
    counted = len(await stores.editions.members(held.id)) if some else 0
    return (await stores.check.participation(held.id)).total > counted
