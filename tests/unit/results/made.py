"""Rounds with made-up responses, from a seed: as many as one likes, of every kind that there is."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cache

from bot.maturity.instrument import Instrument, Item, Kind, Null
from bot.maturity.instrument_file import INSTRUMENTS, MAIN, load_folder
from bot.maturity.responses import ItemAnswer, Response
from bot.maturity.rounds import Round, RoundStatus
from bot.maturity.session import Source
from knowledge.swedish.lexicon import Lexicon, load_lexicon

OPENS = date(2026, 11, 2)
CLOSED = date(2026, 12, 15)
COMMON_TEXTS = ("Gemensam e-tjänst för bygglov", "Utbildning i digital kompetens", "Ett gemensamt e-arkiv")


@cache
def shipped() -> Instrument:
    """The instrument that comes with the program."""
    return load_folder(INSTRUMENTS)[MAIN]


@cache
def lexicon() -> Lexicon:
    """The dictionary, read once."""
    return load_lexicon()


def closed_round(instrument: Instrument | None = None, **changes: object) -> Round:
    """A closed round."""
    fields: dict[str, object] = {"closed_on": CLOSED, **changes}
    return Round(
        "r2026",
        "2026:1",
        instrument or shipped(),
        RoundStatus.CLOSED,
        OPENS,
        CLOSED,
        **fields,  # type: ignore[arg-type]  # whatever a test wants to change
    )


@dataclass(frozen=True, slots=True)
class Making:
    """How responses come about: the chances (0-1) of a null, of a second role, and of a group's answer."""

    null: float = 0.12
    two_roles: float = 0.05
    joint: float = 0.0
    shared: float = 0.05
    agreement: float = 0.0
    """The chance that an answer is the first option, whatever it is: it makes groups of one mind."""


def responses(
    held: Round, number: int, seed: int, making: Making | None = None, *, first: int = 0
) -> list[tuple[str, Response]]:
    """So many responses to a round, each with an id; `first` numbers the first of them."""
    dice = random.Random(seed)
    found: list[tuple[str, Response]] = []
    spoken_for: set[str] = set()
    for each in range(number):
        one = _response(held, dice, making or Making())
        if one.source is Source.CONSENSUS and not spoken_for.isdisjoint(one.municipalities):
            one = replace(one, source=Source.INDIVIDUAL)  # Only one group answers for a municipality.
        elif one.source is Source.CONSENSUS:
            spoken_for.update(one.municipalities)
        found.append((f"id{first + each:06d}", one))
    return found


def response(
    held: Round,
    organisation: str,
    roles: Sequence[str],
    answers: Mapping[str, ItemAnswer],
    *,
    operation: str = "",
    source: Source = Source.INDIVIDUAL,
) -> Response:
    """One response, word for word."""
    found = held.instrument.organisation(organisation)
    return Response(
        round=held.id,
        instrument=held.instrument.id,
        instrument_version=held.instrument.version,
        digest=held.instrument.digest,
        submitted=CLOSED,
        source=source,
        mode="teams_chat",
        language="sv",
        notice="1",
        organisation=organisation,
        municipalities=found.municipalities if found else (),
        roles=tuple(roles),
        operation=operation,
        answers=tuple(answers.values()),
    )


def _response(held: Round, dice: random.Random, making: Making) -> Response:
    instrument = held.instrument
    own = [each for each in instrument.organisations if not each.shared]
    shared = [each for each in instrument.organisations if each.shared]
    organisation = dice.choice(shared) if shared and dice.random() < making.shared else dice.choice(own)
    joint = dice.random() < making.joint
    ids = [role.id for role in instrument.roles]
    weights = [1, 2, 5][: len(ids)] or None
    roles = ids if joint else sorted(set(dice.choices(ids, weights, k=2 if dice.random() < making.two_roles else 1)))
    operation = dice.choice([each.id for each in instrument.operations] or [""])
    codes: dict[str, tuple[str, ...]] = {}
    answers: dict[str, ItemAnswer] = {}
    for item in instrument.items:
        if item not in instrument.routed(roles, codes):
            continue
        answers[item.id] = _answer(item, dice, making)
        codes[item.id] = answers[item.id].codes
    source = Source.CONSENSUS if joint else Source.INDIVIDUAL
    return response(held, organisation.id, roles, answers, operation=operation, source=source)


def _answer(item: Item, dice: random.Random, making: Making) -> ItemAnswer:
    if dice.random() < making.null:
        return ItemAnswer(item.id, null=dice.choice(list(Null)), security=item.security)
    if item.kind is Kind.TEXT:
        return ItemAnswer(item.id, text=dice.choice(COMMON_TEXTS))
    if dice.random() < making.agreement:
        return ItemAnswer(item.id, codes=(item.options[0].code,), security=item.security)
    if item.kind is Kind.CHOICES:
        ticked = tuple(option.code for option in item.options if not option.exclusive and dice.random() < 0.3)
        return ItemAnswer(item.id, codes=ticked or (item.options[-1].code,), security=item.security)
    return ItemAnswer(item.id, codes=(dice.choice(item.options).code,), security=item.security)
