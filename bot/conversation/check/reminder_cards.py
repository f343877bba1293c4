"""The cards about reminders: the one that is offered at a pause, and the reminder itself."""

from __future__ import annotations

from datetime import date

from bot.conversation.card import Block, Button, Buttons, CardReply, Line, Look
from bot.conversation.check.presses import On, Verb, action, card_key, of_draft, opening, reminding
from bot.conversation.texts import Texts
from bot.maturity.rounds import Round
from bot.maturity.session import Session
from bot.reminders.model import Kept, Wish


def paused_card(session: Session, told: str, texts: Texts, *, wanted: bool) -> CardReply:
    """Whether there will be reminders, how to have it otherwise, and the way back into the check."""
    language, say = session.language, texts.say
    other = Button(
        say("reminders.refuse", language) if wanted else say("reminders.want", language),
        reminding(Verb.REFUSE_REMINDERS if wanted else Verb.REMIND, session.round, session.id, language),
    )
    go_on = Button(say("reminders.go_on", language), action(Verb.RESUME, session, On.REMINDER), main=True)
    blocks: tuple[Block, ...] = (
        Line(told),
        Buttons((go_on, other)),
        Line(say("reminders.paused.hint", language), Look.SUBTLE),
    )
    summary = say("reminders.paused.summary", language, told=told)
    return CardReply(summary, blocks, card_key(session.id, On.REMINDER))


def reminder_card(kept: Kept, wish: Wish, held: Round, today: date, most: int, texts: Texts) -> CardReply:
    """The reminder to send, before it is counted in `kept`. `most` is how many a person gets in a round."""
    language, say = wish.language, texts.say
    title = held.instrument.title.say(language)
    told = _told(wish, texts)
    last_day = _last_day(held, today, language, texts)
    latest = "reminders.card.latest" if kept.sent + 1 >= most else "reminders.card.first"
    hint = "reminders.card.hint" if wish.draft else "reminders.card.hint_start"
    blocks: list[Block] = [
        Line(say("reminders.card.title", language, title=title, label=held.label), Look.HEADING),
        Line(told),
        *([Line(last_day)] if last_day else []),
        Buttons((_onwards(kept, wish, texts), _refuse(kept, wish, texts))),
        Line(say(latest, language), Look.SUBTLE),
        Line(say(hint, language), Look.SUBTLE),
    ]
    whole = f"{told} {last_day}".strip()
    summary = say("reminders.card.summary", language, title=title, label=held.label, told=whole)
    return CardReply(summary, tuple(blocks), card_key(wish.draft, On.REMINDER))


def _told(wish: Wish, texts: Texts) -> str:
    language, say = wish.language, texts.say
    if not wish.draft:
        return say("reminders.card.not_begun", language)
    if wish.left == 0:
        return say("reminders.card.left_none", language)
    if wish.left == 1:
        return say("reminders.card.left_one", language)
    return say("reminders.card.left", language, left=wish.left)


def _last_day(held: Round, today: date, language: str, texts: Texts) -> str:
    if held.closes is None:
        return ""
    if held.closes <= today:
        return texts.say("reminders.card.closes_today", language)
    return texts.say("reminders.card.closes", language, date=held.closes.isoformat())


def _onwards(kept: Kept, wish: Wish, texts: Texts) -> Button:
    language = wish.language
    if not wish.draft:
        start = opening(Verb.START, kept.round, kept.source, language)
        return Button(texts.say("reminders.start", language), start, main=True)
    resume = of_draft(Verb.RESUME, kept.round, wish.draft, On.REMINDER)
    return Button(texts.say("reminders.go_on", language), resume, main=True)


def _refuse(kept: Kept, wish: Wish, texts: Texts) -> Button:
    press = reminding(Verb.REFUSE_REMINDERS, kept.round, wish.draft, wish.language)
    return Button(texts.say("reminders.refuse", wish.language), press)
