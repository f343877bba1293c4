"""How long what belongs to a round is kept. Pure, but for `dispose`, which goes through the ports.

What was sent in is an official document: nothing of it is deleted unless the round was archived with a decision on its
retention and a period. What was not sent in is no document, and goes when the round is closed. What is never deleted
here: editions, the instrument's text with its code book, the round itself, the audit log.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Final, Protocol

from bot.maturity.ports import Rounds
from bot.maturity.round_life import SERVICE, By
from bot.maturity.rounds import Round

DRAFTS_KEPT: Final = 30
"""Days after its end for which anything of a round's drafts may be left. Closing deletes them at once; what a closing
that was interrupted has left is deleted at the next start, and here at the latest."""


class Held(StrEnum):
    """A class of what is held: DRAFTS are sessions that were under way, with the round's identity key; ANSWERS are the
    responses as they were sent in, with the key that opens those about security."""

    DRAFTS = "drafts"
    ANSWERS = "answers"


@dataclass(frozen=True, slots=True)
class Disposal:
    """What is to be deleted of a round: from the day `due` on, and by which decision (none is needed for drafts)."""

    round: Round
    held: Held
    due: date
    decision: str


@dataclass(frozen=True, slots=True)
class Disposed:
    """How many drafts or responses a disposal deletes or has deleted, and whether a key goes with them."""

    disposal: Disposal
    count: int
    key: bool

    @property
    def nothing(self) -> bool:
        """Whether nothing is left to delete."""
        return not self.count and not self.key


class Retention(Protocol):
    """Deletes what is due. Every method raises StoreFailed."""

    async def look(self, disposal: Disposal) -> Disposed:
        """What is there to delete."""

    async def delete(self, disposal: Disposal, by: By = SERVICE) -> Disposed:
        """Delete it for good, with an entry in the audit log. Repeating it finishes what was interrupted."""


def planned(held: Round) -> tuple[Disposal, ...]:
    """What will be deleted of a round some day, as it stands now."""
    found = []
    if held.is_over and held.closed_on is not None:
        found.append(Disposal(held, Held.DRAFTS, held.closed_on + timedelta(days=DRAFTS_KEPT + 1), ""))
    if held.archived_on is not None and held.retention and held.keep_answers is not None:
        due_on = held.archived_on + timedelta(days=held.keep_answers + 1)
        found.append(Disposal(held, Held.ANSWERS, due_on, held.retention))
    return tuple(found)


def due(rounds: Iterable[Round], today: date) -> tuple[Disposal, ...]:
    """What is to be deleted today: what has been kept for more days than its period, not for as many."""
    return tuple(each for held in rounds for each in planned(held) if each.due <= today)


async def dispose(
    rounds: Rounds, retention: Retention, today: date, *, dry_run: bool = False, by: By = SERVICE
) -> Sequence[Disposed]:
    """Delete what is due, or with `dry_run` only look; tells of what there was. Raises StoreFailed."""
    done = []
    for disposal in due(await rounds.rounds(), today):
        found = await retention.look(disposal)
        if not found.nothing:
            done.append(found if dry_run else await retention.delete(disposal, by))
    return tuple(done)
