"""Which items a session has, which of them are open, and which answers belong to none of them."""

from __future__ import annotations

from bot.maturity.instrument import Instrument, Item
from bot.maturity.session import Background, Session


def items_of(session: Session, instrument: Instrument) -> tuple[Item, ...]:
    """The items that this session asks, in order."""
    return instrument.routed(session.background.roles, session.codes)


def open_items(session: Session, instrument: Instrument) -> tuple[Item, ...]:
    """Those that have no answer yet; a skipped one has been answered."""
    return tuple(item for item in items_of(session, instrument) if item.id not in session.answers)


def position(session: Session, instrument: Instrument, item_id: str) -> tuple[int, int] | None:
    """An item's number, counted from one, and how many there are; None where it is not asked."""
    ids = [item.id for item in items_of(session, instrument)]
    return (ids.index(item_id) + 1, len(ids)) if item_id in ids else None


def astray(session: Session, instrument: Instrument) -> tuple[str, ...]:
    """Answered items that the session does not ask any more, in the instrument's order."""
    asked = {item.id for item in items_of(session, instrument)}
    return tuple(item.id for item in instrument.items if item.id in session.answers and item.id not in asked)


def next_open(session: Session, instrument: Instrument) -> str:
    """The item that is shown if it is open, else the first open one after it, else the first of all; or empty."""
    ids = [item.id for item in items_of(session, instrument)]
    here = ids.index(session.at) if session.at in ids else 0
    waiting = [item_id for item_id in ids[here:] + ids[:here] if item_id not in session.answers]
    return waiting[0] if waiting else ""


def missing(background: Background, instrument: Instrument) -> tuple[str, ...]:
    """What has to be said yet before items can be asked: `organisation`, `roles`, `operation`."""
    wanted = (
        ("organisation", bool(instrument.organisations), bool(background.organisation)),
        ("roles", bool(instrument.roles), bool(background.roles)),
        ("operation", bool(instrument.operations), bool(background.operation)),
    )
    return tuple(name for name, asked, said in wanted if asked and not said)
