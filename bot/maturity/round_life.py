"""The life of a round: which step may be taken when, by whom, and what it needs. Pure; stores take these steps.

`RULES` is the whole of it:

create -> planned or open -> open -> closed -> archived, and from closed back to open with a reason and a new last day.
Closing destroys the key that links responses to people, so reopening makes another: responses that were there stay,
cannot be changed or erased any more, and nobody can tell that a person who answers now had answered before.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum
from typing import Final

from bot.access.audit import Action
from bot.access.permissions import MATRIX, Permission
from bot.access.roles import Role
from bot.maturity.errors import StepRefused
from bot.maturity.instrument import Instrument
from bot.maturity.rounds import OVER, Invited, Round, RoundStatus

PLANNED, OPEN, CLOSED = RoundStatus.PLANNED, RoundStatus.OPEN, RoundStatus.CLOSED


class Step(StrEnum):
    """What is done to a round."""

    CREATE = "create"
    OPEN = "open"
    CLOSE = "close"
    REOPEN = "reopen"
    ARCHIVE = "archive"
    CHANGE = "change"
    CORRECT = "correct"


@dataclass(frozen=True, slots=True)
class By:
    """Who takes a step, as the audit log names them: `actor` is never a name, `tenant` is empty for the machine."""

    actor: str
    tenant: str
    roles: frozenset[Role] = field(hash=False)


_MAY: Final = frozenset(MATRIX[Permission.MANAGE_ROUNDS])

SERVICE: Final = By("system", "", _MAY)
"""Fyren itself, such as when a round's last day is over."""

COMMAND_LINE: Final = By("command line", "", _MAY)
"""Whoever runs commands on Fyren's machine, for the federation."""


@dataclass(frozen=True, slots=True)
class Request:
    """What a step is asked with; `Rule.needs` are names of these fields. `today` is the day that it is taken."""

    by: By
    today: date
    reason: str = ""
    closes: date | None = None
    diary_number: str = ""
    retention: str = ""
    keep_answers: int | None = None


@dataclass(frozen=True, slots=True)
class Rule:
    """A step: from which statuses, to which (None leaves it), as what it is recorded, what must be given, who may."""

    before: frozenset[RoundStatus]
    after: RoundStatus | None
    action: Action
    needs: tuple[str, ...] = ()
    by: frozenset[Role] = _MAY


RULES: Final[Mapping[Step, Rule]] = {
    Step.CREATE: Rule(frozenset({PLANNED, OPEN}), None, Action.ROUND_CREATED),
    Step.OPEN: Rule(frozenset({PLANNED}), OPEN, Action.ROUND_OPENED),
    Step.CLOSE: Rule(frozenset({PLANNED, OPEN}), CLOSED, Action.ROUND_CLOSED),
    Step.REOPEN: Rule(frozenset({CLOSED}), OPEN, Action.ROUND_REOPENED, ("reason", "closes")),
    Step.ARCHIVE: Rule(frozenset({CLOSED}), RoundStatus.ARCHIVED, Action.ROUND_ARCHIVED, ("diary_number", "retention")),
    Step.CHANGE: Rule(frozenset(RoundStatus), None, Action.ROUND_CHANGED),
    Step.CORRECT: Rule(frozenset({PLANNED, OPEN}), None, Action.ROUND_CORRECTED),
}
"""Every step in a round's life. What a CHANGE may touch depends on the status, too: see CHANGEABLE."""

CHANGEABLE: Final[Mapping[str, frozenset[RoundStatus]]] = {
    "opens": frozenset({PLANNED, OPEN}),
    "closes": frozenset({PLANNED, OPEN}),
    "invited": frozenset({PLANNED, OPEN}),
    "threshold": frozenset({PLANNED}),
    "open_data": frozenset(RoundStatus),
}
"""The fields that a CHANGE may touch, with the statuses in which it may. The threshold is what people were promised
when they answered, so it stays as it is from the moment a round is open."""


def possible(status: RoundStatus, roles: frozenset[Role]) -> tuple[Step, ...]:
    """The steps that somebody with these roles may take with a round of this status."""
    return tuple(
        step
        for step, rule in RULES.items()
        if step is not Step.CREATE and status in rule.before and not roles.isdisjoint(rule.by)
    )


def take(step: Step, held: Round, request: Request) -> Round:
    """The round after OPEN, CLOSE, REOPEN or ARCHIVE, or CREATE of a new one. Raises StepRefused."""
    rule = _allowed(step, held, request.by)
    for need in rule.needs:
        if not getattr(request, need):
            raise StepRefused(f"needs_{need}", label=held.label)
    after = replace(held, status=rule.after or held.status)
    match step:
        case Step.CREATE | Step.OPEN:
            if after.status is OPEN:
                _open_for_a_day(after, request.today)
            return after
        case Step.CLOSE:
            return replace(after, closed_on=request.today)
        case Step.REOPEN:
            after = replace(after, closes=request.closes, closed_on=None, openings=held.openings + 1)
            _open_for_a_day(after, request.today)
            return after
        case Step.ARCHIVE:
            if request.keep_answers is not None and request.keep_answers < 0:
                raise StepRefused("keep_answers", label=held.label)
            return replace(
                after,
                diary_number=request.diary_number,
                retention=request.retention,
                keep_answers=request.keep_answers,
                archived_on=request.today,
            )
        case _:
            raise ValueError(f"{step} has a function of its own")


def change(held: Round, wanted: Round, by: By) -> Round:
    """The round with the fields of CHANGEABLE as `wanted` has them; its other fields stay. Raises StepRefused."""
    _allowed(Step.CHANGE, held, by)
    touched = [name for name in CHANGEABLE if getattr(held, name) != getattr(wanted, name)]
    for name in touched:
        if held.status not in CHANGEABLE[name]:
            raise StepRefused(f"fixed_{name}", label=held.label)
    after = held
    for name in touched:
        after = replace(after, **{name: getattr(wanted, name)})
    _dates(after)
    check_invited(after.invited, after)
    return after


def correct(held: Round, instrument: Instrument, by: By) -> Round:
    """The round with another text of its instrument. Raises StepRefused."""
    _allowed(Step.CORRECT, held, by)
    return replace(held, instrument=instrument)


def check_invited(invited: Invited, held: Round) -> None:
    """Raises StepRefused where a municipality or role is not the instrument's, or a number is below 0."""
    municipalities = {each.id for each in held.instrument.organisations if not each.shared}
    roles = {each.id for each in held.instrument.roles}
    for (municipality, role), number in invited.items():
        if municipality not in municipalities:
            raise StepRefused("unknown_municipality", label=held.label, municipality=municipality)
        if role not in roles:
            raise StepRefused("unknown_role", label=held.label, role=role)
        if number < 0:
            raise StepRefused("invited_number", label=held.label, municipality=municipality, role=role)


def difference(before: Round | None, after: Round) -> Mapping[str, str]:
    """What a step changed, for the audit log: `field -> before > after`; of a new round, all that it begins with."""
    now = _told(after)
    if before is None:
        return {name: value for name, value in now.items() if value}
    then = _told(before)
    return {name: f"{then[name]} > {now[name]}".strip() for name in now if now[name] != then[name]}


def _allowed(step: Step, held: Round, by: By) -> Rule:
    rule = RULES[step]
    if by.roles.isdisjoint(rule.by):
        raise StepRefused("role", label=held.label)
    if held.status not in rule.before:
        raise StepRefused(f"{step}_{'over' if held.status in OVER else 'now'}", label=held.label)
    if step is Step.CREATE:
        _dates(held)
        check_invited(held.invited, held)
    return rule


def _dates(held: Round) -> None:
    if held.closes is not None and held.closes < held.opens:
        raise StepRefused("dates", label=held.label, opens=held.opens, closes=held.closes)


def _open_for_a_day(held: Round, today: date) -> None:
    """A round that would be closed at once is not opened: its key would be destroyed before anybody answers."""
    _dates(held)
    if held.has_ended(today):
        raise StepRefused("last_day", label=held.label, closes=held.closes)


def _told(held: Round) -> dict[str, str]:
    return {
        "status": held.status.value,
        "opens": held.opens.isoformat(),
        "closes": held.closes.isoformat() if held.closes else "",
        "instrument": f"{held.instrument.id} {held.instrument.version} {held.instrument.digest}",
        "practice": "yes" if held.practice else "",
        "invited": ", ".join(f"{place}/{role}: {number}" for (place, role), number in sorted(held.invited.items())),
        "threshold": str(held.threshold),
        "open_data": "yes" if held.open_data else "",
        "diary_number": held.diary_number,
        "retention": held.retention,
        "keep_answers": "" if held.keep_answers is None else str(held.keep_answers),
        "opening": str(held.openings),
    }
