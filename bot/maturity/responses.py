"""A submitted response: what the federation may count. It names no person, and no time of day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from bot.maturity.instrument import Item, Null
from bot.maturity.rounds import Round
from bot.maturity.routing import items_of
from bot.maturity.session import Given, Session, Source


@dataclass(frozen=True, slots=True)
class ItemAnswer:
    """The answer to one item: codes, or words, or why there is none; with a comment or without."""

    item: str
    codes: tuple[str, ...] = ()
    null: Null | None = None
    text: str = ""
    comment: str = ""
    security: bool = False


@dataclass(frozen=True, slots=True)
class Response:
    """One person's or group's submitted answers. `mode` is the channel (`teams_chat`, `terminal`); `notice` is the
    version of the privacy notice that was read. `version` counts submissions: 2 is the first change of a response."""

    round: str
    instrument: str
    instrument_version: str
    digest: str
    submitted: date
    source: Source
    mode: str
    language: str
    notice: str
    organisation: str
    municipalities: tuple[str, ...]
    roles: tuple[str, ...]
    operation: str
    answers: tuple[ItemAnswer, ...]
    version: int = 1


def response_of(session: Session, held: Round, *, mode: str, day: date) -> Response:
    """What is sent in of a session: every item that it asks, in order, with the version of this submission."""
    instrument = held.instrument
    organisation = instrument.organisation(session.background.organisation)
    return Response(
        round=held.id,
        instrument=instrument.id,
        instrument_version=instrument.version,
        digest=instrument.digest,
        submitted=day,
        source=session.source,
        mode=mode,
        language=session.language,
        notice=session.notice,
        organisation=session.background.organisation,
        municipalities=organisation.municipalities if organisation else (),
        roles=session.background.roles,
        operation=session.background.operation,
        answers=tuple(_answer(item, session) for item in items_of(session, instrument)),
        version=session.submissions,
    )


def _answer(item: Item, session: Session) -> ItemAnswer:
    given = session.answers.get(item.id, Given(null=Null.SKIPPED))
    comment = session.comments.get(item.id, "")
    return ItemAnswer(item.id, given.codes, given.null, given.text, comment, item.security)
