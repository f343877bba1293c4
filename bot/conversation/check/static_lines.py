"""What an earlier card becomes once it has been answered or shown anew: a line with its answer."""

from __future__ import annotations

from bot.conversation.card import Button, DoneReply
from bot.conversation.check import wording
from bot.conversation.check.presses import PREFIX, On, Verb, action
from bot.conversation.texts import Texts
from bot.maturity.rounds import Round
from bot.maturity.session import Phase, Session


def static(key: str, session: Session, held: Round, texts: Texts, message: str | None) -> DoneReply | None:
    """The line for the card that was shown under `key`; None where it is not one of this session's.

    `message` is the id of the message that held it, None for the card that was pressed.
    """
    kind, draft, rest = (*key.removeprefix(PREFIX).split(":", 2), "", "")[:3]
    if kind == On.NOTICE:
        return DoneReply(texts.say("check.state.started", session.language), message=message)
    if draft != session.id:
        return None
    match kind:
        case On.ITEM:
            return _item(rest, session, held, texts, message)
        case On.BACKGROUND:
            told = wording.told(session, held.instrument, texts, session.language)
            return DoneReply(texts.say("check.background.done", session.language, told=told), message=message)
        case On.REVIEW:
            return DoneReply(_reviewed(session, texts), message=message)
        case On.REMINDER:
            return DoneReply(texts.say("reminders.continued", session.language), message=message)
        case On.PENDING:
            return DoneReply(texts.say("check.pending.kept", session.language), message=message)
        case _:
            return None


def _item(item_id: str, session: Session, held: Round, texts: Texts, message: str | None) -> DoneReply | None:
    language, say = session.language, texts.say
    item = held.instrument.item(item_id)
    if item is None:
        return None
    topic = item.topic.say(language)
    number, _ = wording.number(session, held.instrument, item_id)
    if not number:
        return DoneReply(say("check.item.gone", language, topic=topic), message=message)
    given = session.answers.get(item_id)
    if given is None:
        return _unanswered(item_id, session, number, topic, texts, message)
    answer = wording.answer(item, given, texts, language)
    told = say("check.item.done", language, number=number, topic=topic, answer=answer)
    if item_id in session.comments:
        told += say("check.item.commented", language)
    change = Button(
        say("check.item.change", language),
        action(Verb.SHOW, session, On.LINE, item=item_id),
        typed=say("check.item.change_typed", language, number=number),
    )
    return DoneReply(told, (change,), message)


def _unanswered(
    item_id: str, session: Session, number: int, topic: str, texts: Texts, message: str | None
) -> DoneReply:
    language, say = session.language, texts.say
    if session.phase is Phase.ITEMS and session.at == item_id and session.pending is None:
        return DoneReply(say("check.item.moved", language, number=number, topic=topic), message=message)
    answer = Button(
        say("check.item.answer", language),
        action(Verb.SHOW, session, On.LINE, item=item_id),
        typed=say("check.item.change_typed", language, number=number),
    )
    return DoneReply(say("check.item.waiting", language, number=number, topic=topic), (answer,), message)


def _reviewed(session: Session, texts: Texts) -> str:
    if session.phase is Phase.SUBMITTED:
        return texts.say("check.review.done_sent", session.language)
    return texts.say("check.review.done", session.language)
