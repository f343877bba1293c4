"""Responses as they are counted: who stands in which group, and in which role an item counts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.maturity.instrument import Instrument, Item
from bot.maturity.responses import ItemAnswer, Response
from bot.maturity.session import Source


@dataclass(frozen=True, slots=True)
class Respondent:
    """One response. `unit` is the organisation answered for, `municipalities` those that it serves. `joint` is a
    group's answer, which counts for its municipality and never among persons. `batch` is the edition from which on it
    counts; `roles` are in the instrument's order."""

    id: str
    unit: str
    municipalities: tuple[str, ...]
    roles: tuple[str, ...]
    operation: str
    batch: int
    joint: bool
    answers: Mapping[str, ItemAnswer]

    def role_for(self, item: Item) -> str | None:
        """The one role in which an answer to this item counts, so that nobody counts twice: the first that it is for.

        None where it is for none of them, which a corrected instrument may bring about.
        """
        return next((role for role in self.roles if not item.roles or role in item.roles), None)


def respondents(
    instrument: Instrument, responses: Sequence[tuple[str, Response]], batches: Mapping[str, int], newest: int
) -> list[Respondent]:
    """The responses of a round by their id; those without a batch belong to the `newest`."""
    order = [role.id for role in instrument.roles]
    return [
        Respondent(
            id=identifier,
            unit=one.organisation,
            municipalities=one.municipalities,
            roles=tuple(sorted(one.roles, key=lambda role: order.index(role) if role in order else len(order))),
            operation=one.operation,
            batch=batches.get(identifier, newest),
            joint=one.source is Source.CONSENSUS,
            answers={answer.item: answer for answer in one.answers},
        )
        for identifier, one in responses
    ]
