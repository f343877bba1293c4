"""Answers into a session: what counts as one, and what else moves when it is put in."""

from __future__ import annotations

from dataclasses import replace

from bot.maturity.errors import Refused
from bot.maturity.instrument import Instrument, Item, Kind, Null
from bot.maturity.routing import astray, items_of
from bot.maturity.session import Background, Cascade, Given, Session
from bot.maturity.words import COMMENT_LIMIT, TEXT_LIMIT, checked


def asked(session: Session, item_id: str, instrument: Instrument) -> Item:
    """The item, if this session asks it. Raises Refused."""
    found = next((item for item in items_of(session, instrument) if item.id == item_id), None)
    if found is None:
        raise Refused("item_unknown")
    return found


def accepted(session: Session, item_id: str, given: Given, instrument: Instrument) -> Given:
    """The answer as it is kept, if it is one to this item. Raises Refused."""
    item = asked(session, item_id, instrument)
    whole = replace(given, codes=_in_order(item, given.codes), text=checked(given.text, TEXT_LIMIT))
    if not _fits(item, whole):
        raise Refused("level_unknown")
    return replace(whole, fingerprint=item.fingerprint)


def put(session: Session, item_id: str, given: Given, comment: str | None, instrument: Instrument) -> Session:
    """The session with the answer in it, or with a Cascade pending where other answers would no longer belong.

    Answers that were put aside come back where they belong again. `given` is an accepted one. Raises Refused.
    """
    commented = session if comment is None else comment_on(session, item_id, comment, instrument)
    changed = replace(commented, answers={**commented.answers, item_id: given})
    lost = astray(changed, instrument)
    if lost:
        return replace(session, pending=Cascade(lost, item_id, given, comment))
    return restored(changed, instrument)


def describe(session: Session, background: Background, instrument: Instrument) -> Session:
    """The session with another background, or with a Cascade pending where answers would no longer belong."""
    changed = replace(session, background=background)
    lost = astray(changed, instrument)
    return replace(session, pending=Cascade(lost, background=background)) if lost else restored(changed, instrument)


def without(session: Session, items: tuple[str, ...]) -> Session:
    """The session with these answers put aside; comments stay, as they come back with them."""
    answers = {item: given for item, given in session.answers.items() if item not in items}
    laid = {item: given for item, given in session.answers.items() if item in items}
    return replace(session, answers=answers, aside={**session.aside, **laid})


def restored(session: Session, instrument: Instrument) -> Session:
    """The session with those answers back that were put aside and belong again: their item is asked and unchanged."""
    back: dict[str, Given] = {}
    for item in items_of(session, instrument):
        given = session.aside.get(item.id)
        if given is not None and given.fingerprint == item.fingerprint and item.id not in session.answers:
            back[item.id] = given
    if not back:
        return session
    aside = {item: given for item, given in session.aside.items() if item not in back}
    return restored(replace(session, answers={**back, **session.answers}, aside=aside), instrument)


def comment_on(session: Session, item_id: str, text: str, instrument: Instrument) -> Session:
    """The session with a comment on an item; an empty one is none. Raises Refused."""
    asked(session, item_id, instrument)
    kept = checked(text, COMMENT_LIMIT)
    comments = {item: each for item, each in session.comments.items() if item != item_id}
    return replace(session, comments={**comments, item_id: kept} if kept else comments)


def _in_order(item: Item, codes: tuple[str, ...]) -> tuple[str, ...]:
    known = [option.code for option in item.options]
    return tuple(sorted(set(codes), key=lambda code: known.index(code) if code in known else len(known)))


def _fits(item: Item, given: Given) -> bool:
    if sum((bool(given.codes), given.null is not None, bool(given.text))) != 1:
        return False
    if given.null is not None:
        return isinstance(given.null, Null)
    if given.text:
        return item.kind is Kind.TEXT
    options = [item.option(code) for code in given.codes]
    if item.kind is Kind.TEXT or None in options:
        return False
    if item.kind is not Kind.CHOICES:
        return len(options) == 1
    return len(options) == 1 or not any(option.exclusive for option in options if option)
