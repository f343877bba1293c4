"""Answers, backgrounds and places of a session in words, as cards and messages show them."""

from __future__ import annotations

from bot.conversation.texts import Texts
from bot.maturity.instrument import Instrument, Item
from bot.maturity.rounds import Round
from bot.maturity.routing import position
from bot.maturity.session import Background, Given, Session, Source

QUOTED = 200
"""Characters of an answer in words that a line shows."""


def answer(item: Item, given: Given | None, texts: Texts, language: str) -> str:
    """An answer in a few words."""
    if given is None:
        return texts.say("check.answered.open", language)
    if given.null is not None:
        return texts.say(f"check.answered.null.{given.null}", language)
    if given.text:
        shown = given.text if len(given.text) <= QUOTED else f"{given.text[: QUOTED - 1]}…"
        return texts.say("check.answered.quoted", language, text=shown)
    chosen = [item.option(code) for code in given.codes]
    return ", ".join(option.label.say(language) for option in chosen if option)


def whole_answer(item: Item, given: Given | None, texts: Texts, language: str) -> str:
    """An answer without anything left out, for the person's own file."""
    return given.text if given is not None and given.text else answer(item, given, texts, language)


def told(session: Session, instrument: Instrument, texts: Texts, language: str) -> str:
    """For whom and in which role, in one line."""
    background = session.background
    organisation = instrument.organisation(background.organisation)
    parts = [
        organisation.title if organisation else "",
        ", ".join(role.title.say(language) for role in instrument.roles if role.id in background.roles),
        next((each.title.say(language) for each in instrument.operations if each.id == background.operation), ""),
        texts.say("check.review.group", language) if session.source is Source.CONSENSUS else "",
    ]
    return " · ".join(part for part in parts if part)


def of_background(background: Background, instrument: Instrument, language: str) -> dict[str, str]:
    """What a background says, by field; only what has been said."""
    organisation = instrument.organisation(background.organisation)
    said = {
        "organisation": organisation.title if organisation else "",
        "roles": ", ".join(role.title.say(language) for role in instrument.roles if role.id in background.roles),
        "operation": next(
            (each.title.say(language) for each in instrument.operations if each.id == background.operation), ""
        ),
    }
    return {name: value for name, value in said.items() if value}


def number(session: Session, instrument: Instrument, item_id: str) -> tuple[int, int]:
    """An item's number and how many there are; zeros where the session does not ask it."""
    return position(session, instrument, item_id) or (0, 0)


def heading(held: Round, language: str) -> str:
    """The check's name and round."""
    return f"{held.instrument.title.say(language)} {held.label}"
