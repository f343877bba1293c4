"""The check as a state machine: a session and a move in, the next session out. Pure; `session.mmd` is its picture.

A move that the session does not allow raises Refused and changes nothing. A move that asks for something dear (another
answer where there is one, answers that would not belong any more, deleting) leaves it pending, and only Confirm does
it. Every other move drops what is pending. A move that answers something ends a pause.
"""

from __future__ import annotations

from dataclasses import replace

from bot.maturity import moves
from bot.maturity.answering import accepted, asked, comment_on, describe, put, restored, without
from bot.maturity.errors import Refused
from bot.maturity.instrument import Instrument, Null
from bot.maturity.routing import items_of, missing, next_open, open_items
from bot.maturity.session import Background, Cascade, Edit, Erase, Given, Phase, Proposal, Session, Source, Words

ROLES = 2
"""Roles that one person may take; a group may take all."""


def begin(
    session_id: str, round_id: str, source: Source, language: str, notice: moves.ReadNotice, instrument: Instrument
) -> Session:
    """A new session, at its first question."""
    session = Session(session_id, round_id, instrument.digest, source, language, notice.version, notice.day)
    return session if missing(session.background, instrument) else _onwards(session, instrument)


def take(session: Session, move: moves.Move, instrument: Instrument) -> Session:
    """The session after a move. Raises Refused."""
    if isinstance(move, moves.Confirm | moves.Decline):
        _need_pending(session, move.token)
    if isinstance(move, moves.Confirm):
        return _confirmed(session, instrument)
    here = replace(session, pending=None)
    match move:
        case moves.ReadNotice(version, day):
            return replace(here, notice=version, noticed=day)
        case moves.Decline():
            return here
        case moves.Pause():
            if here.phase is Phase.SUBMITTED:
                raise Refused("nothing_to_pause")
            return replace(here, paused=True)
        case moves.AskErase():
            return replace(here, pending=Erase())
        case moves.Submit():
            return _submitted(here, instrument)
        case moves.Describe() | moves.Reply() | moves.Suggest() | moves.Write() | moves.Comment() | moves.SkipRest():
            return _said(replace(here, paused=False), move, instrument)
        case moves.Show() | moves.ChangeBackground() | moves.Back() | moves.Review() | moves.Resume():
            return _gone(replace(here, paused=False), move, instrument)


def carry_over(session: Session, instrument: Instrument) -> Session:
    """The session under another text of its instrument.

    Answers to items that mean the same as before stay; the others are put aside, and their items are open again.
    """
    known = _known(session.background, instrument)
    moved = replace(session, digest=instrument.digest, background=known, pending=None)
    asks = {item.id: item.fingerprint for item in items_of(moved, instrument)}
    lost = tuple(item for item, given in moved.answers.items() if asks.get(item) != given.fingerprint)
    kept = restored(without(moved, lost), instrument)
    if missing(known, instrument):
        return replace(kept, phase=Phase.BACKGROUND)
    if kept.phase is Phase.BACKGROUND or (
        kept.phase is Phase.SUBMITTED and not lost and not open_items(kept, instrument)
    ):
        return kept
    return _onwards(kept, instrument)


def _said(here: Session, move: moves.Move, instrument: Instrument) -> Session:
    if isinstance(move, moves.Describe):
        return _described(here, move.background, instrument)
    _need_background(here, instrument)
    match move:
        case moves.Reply(item, given, comment):
            return _replied(here, item, given, comment, instrument)
        case moves.Suggest(item, given):
            proposal = Proposal(item, accepted(here, item, given, instrument))
            return replace(_showing(here, item), pending=proposal)
        case moves.Write(item, text):
            words = accepted(here, item, Given(text=text), instrument)
            return replace(_showing(here, item), pending=Words(item, words.text))
        case moves.Comment(item, text):
            return _changed(comment_on(here, item, text, instrument), instrument)
        case _:
            return _skipped(here, instrument)


def _gone(here: Session, move: moves.Move, instrument: Instrument) -> Session:
    match move:
        case moves.Show(item):
            _need_background(here, instrument)
            asked(here, item, instrument)
            return _showing(here, item)
        case moves.ChangeBackground():
            return replace(here, phase=Phase.BACKGROUND)
        case moves.Back():
            return _back(here, instrument)
        case moves.Review():
            _need_background(here, instrument)
            return _overview(here, instrument)
        case _:
            if here.phase is Phase.SUMMARY and open_items(here, instrument):
                return _onwards(here, instrument)
            return here


def _described(here: Session, said: Background, instrument: Instrument) -> Session:
    whole = Background(
        said.organisation or here.background.organisation,
        tuple(role.id for role in instrument.roles if role.id in said.roles) or here.background.roles,
        said.operation or here.background.operation,
    )
    if _known(said, instrument) != said:
        raise Refused("background_unknown")
    if here.source is Source.INDIVIDUAL and len(whole.roles) > ROLES:
        raise Refused("too_many_roles", limit=ROLES)
    described = describe(here, whole, instrument)
    return described if described.pending else _settled(described, instrument)


def _settled(here: Session, instrument: Instrument) -> Session:
    """After the background has been said, as far as it has."""
    if missing(here.background, instrument):
        return replace(here, phase=Phase.BACKGROUND)
    return _onwards(here, instrument)


def _replied(here: Session, item: str, given: Given, comment: str | None, instrument: Instrument) -> Session:
    answer = accepted(here, item, given, instrument)
    before = here.answers.get(item)
    shown = here.phase is Phase.ITEMS and here.at == item
    if before is not None and before != answer and not shown:
        if comment is not None:
            comment_on(here, item, comment, instrument)
        return replace(here, pending=Edit(item, answer, comment))
    if before == answer and not shown:
        # The same press once more, or the same answer from another device: only its comment can be new.
        return here if comment is None else _changed(comment_on(here, item, comment, instrument), instrument)
    return _put(here, item, answer, comment, instrument)


def _put(here: Session, item: str, given: Given, comment: str | None, instrument: Instrument) -> Session:
    done = put(here, item, given, comment, instrument)
    return done if done.pending else _onwards(done, instrument)


def _confirmed(session: Session, instrument: Instrument) -> Session:
    here = replace(session, pending=None, paused=False)
    match session.pending:
        case Proposal(item, given):
            return _put(here, item, given, None, instrument)
        case Words(item, text):
            return _put(here, item, accepted(here, item, Given(text=text), instrument), None, instrument)
        case Edit(item, given, comment):
            return _put(here, item, given, comment, instrument)
        case Cascade(items, item, given, comment, background):
            kept = without(here, items)
            if background is not None:
                return _settled(describe(kept, background, instrument), instrument)
            return _put(kept, item, given or Given(), comment, instrument)
        case _:
            # Deleting is not a step of a session, and nothing pending is nothing to say yes to.
            raise Refused("nothing_pending")


def _onwards(here: Session, instrument: Instrument) -> Session:
    """To the next open item; to the summary where there is none."""
    following = next_open(here, instrument)
    if following:
        return replace(here, phase=Phase.ITEMS, at=following)
    return _overview(here, instrument)


def _overview(here: Session, instrument: Instrument) -> Session:
    """All answers; as sent in where nothing is open and nothing was changed since."""
    sent = here.submissions > 0 and here.sent == here.content and not open_items(here, instrument)
    return replace(here, phase=Phase.SUBMITTED if sent else Phase.SUMMARY, at="")


def _back(here: Session, instrument: Instrument) -> Session:
    ids = [item.id for item in items_of(here, instrument)]
    if here.phase in (Phase.SUMMARY, Phase.SUBMITTED) and ids:
        return replace(here, phase=Phase.ITEMS, at=ids[-1])
    if here.phase is Phase.ITEMS and here.at in ids[1:]:
        return replace(here, at=ids[ids.index(here.at) - 1])
    if here.phase is Phase.ITEMS and _has_background(instrument):
        return replace(here, phase=Phase.BACKGROUND)
    raise Refused("nothing_before")


def _skipped(here: Session, instrument: Instrument) -> Session:
    rest = {item.id: Given(null=Null.SKIPPED, fingerprint=item.fingerprint) for item in open_items(here, instrument)}
    return _onwards(replace(here, answers={**here.answers, **rest}), instrument)


def _submitted(here: Session, instrument: Instrument) -> Session:
    _need_background(here, instrument)
    waiting = open_items(here, instrument)
    if waiting:
        raise Refused("open_items", count=len(waiting))
    if here.phase is Phase.SUBMITTED:
        raise Refused("nothing_new")
    sent = replace(here, paused=False, submissions=here.submissions + 1, sent=here.content)
    return _overview(sent, instrument)


def _showing(here: Session, item: str) -> Session:
    return replace(here, phase=Phase.ITEMS, at=item)


def _changed(here: Session, instrument: Instrument) -> Session:
    """What was sent in and is changed has to be sent in again."""
    return _overview(here, instrument) if here.phase is Phase.SUBMITTED else here


def _has_background(instrument: Instrument) -> bool:
    return bool(missing(Background(), instrument))


def _need_background(here: Session, instrument: Instrument) -> None:
    if missing(here.background, instrument):
        raise Refused("background_first")


def _need_pending(session: Session, token: str) -> None:
    if session.pending is None:
        raise Refused("outdated" if token else "nothing_pending")
    if token and token != session.token:
        raise Refused("outdated")


def _known(background: Background, instrument: Instrument) -> Background:
    """The background without what the instrument does not have."""
    return Background(
        background.organisation if instrument.organisation(background.organisation) else "",
        tuple(role.id for role in instrument.roles if role.id in background.roles),
        next((each.id for each in instrument.operations if each.id == background.operation), ""),
    )
