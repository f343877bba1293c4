"""The card of what is waiting for a yes or a no, and what is left of it once it has been answered."""

from __future__ import annotations

from bot.conversation.card import Block, Button, Buttons, CardReply, Line, Look
from bot.conversation.check import wording
from bot.conversation.check.presses import On, Verb, action, card_key
from bot.conversation.texts import Texts
from bot.maturity.instrument import Instrument
from bot.maturity.rounds import Round
from bot.maturity.session import Cascade, Edit, Erase, Given, Phase, Proposal, Session, Words


def pending_card(session: Session, held: Round, texts: Texts) -> CardReply:
    """The question with its answers as buttons. The session has something pending."""
    language, say = session.language, texts.say
    question, yes, no = _question(session, held, texts)
    token = session.token
    erasing = isinstance(session.pending, Erase)
    buttons = [
        Button(yes, action(Verb.YES, session, On.PENDING, pending=token), main=not erasing),
        Button(no, action(Verb.NO, session, On.PENDING, pending=token)),
    ]
    if erasing and session.phase is not Phase.SUBMITTED:
        pause = action(Verb.PAUSE, session, On.PENDING, pending=token)
        buttons.append(Button(say("check.pending.erase_pause", language), pause))
    blocks: tuple[Block, ...] = (
        Line(question),
        *_all_answers(session, held.instrument, texts),
        Buttons(tuple(buttons)),
    )
    summary = say("check.pending.summary", language, question=question)
    return CardReply(summary, blocks, card_key(session.id, On.PENDING, token))


def settled(session: Session, held: Round, texts: Texts, *, yes: bool) -> str:
    """What is left of that card; `session` is the one that had something pending."""
    question, agreed, declined = _question(session, held, texts)
    said = agreed if yes else declined
    return texts.say("check.pending.answered", session.language, question=question, answer=said)


def _all_answers(session: Session, instrument: Instrument, texts: Texts) -> tuple[Line, ...]:
    """With a proposal, every answer that there is: what is proposed must not look like the only choice."""
    item = instrument.item(session.pending.item) if isinstance(session.pending, Proposal) else None
    if item is None:
        return ()
    language, say = session.language, texts.say
    options = ", ".join(
        say("check.item.option", language, number=number, label=option.label.say(language))
        for number, option in enumerate(item.options, start=1)
    )
    return (Line(say("check.pending.options", language, options=options), Look.SUBTLE),)


def _question(session: Session, held: Round, texts: Texts) -> tuple[str, str, str]:
    """What is asked, and what yes and no say."""
    language, say, instrument = session.language, texts.say, held.instrument
    match session.pending:
        case Proposal(item_id, given):
            answer = _answer(session, instrument, texts, item_id, given)
            return (
                say("check.pending.proposal", language, answer=answer),
                say("check.pending.proposal_yes", language, answer=answer),
                say("check.pending.proposal_no", language),
            )
        case Edit(item_id, given):
            before = _answer(session, instrument, texts, item_id, session.answers.get(item_id))
            answer = _answer(session, instrument, texts, item_id, given)
            number, _ = wording.number(session, instrument, item_id)
            topic = _topic(instrument, item_id, language)
            return (
                say("check.pending.edit", language, before=before, number=number, topic=topic, answer=answer),
                say("check.pending.edit_yes", language, answer=answer),
                say("check.pending.edit_no", language, before=before),
            )
        case Cascade(items):
            topics = ", ".join(_topic(instrument, item_id, language) for item_id in items)
            return (
                say("check.pending.cascade", language, topics=topics),
                say("check.pending.cascade_yes", language),
                say("check.pending.cascade_no", language),
            )
        case Words(_, text):
            shown = text if len(text) <= wording.QUOTED else f"{text[: wording.QUOTED - 1]}…"
            return (
                say("check.pending.words", language, text=shown),
                say("check.pending.words_yes", language),
                say("check.pending.words_no", language),
            )
        case _:
            return (
                say("check.pending.erase", language, label=held.label),
                say("check.pending.erase_yes", language),
                say("check.pending.erase_no", language),
            )


def _answer(session: Session, instrument: Instrument, texts: Texts, item_id: str, given: Given | None) -> str:
    item = instrument.item(item_id)
    return wording.answer(item, given, texts, session.language) if item else ""


def _topic(instrument: Instrument, item_id: str, language: str) -> str:
    item = instrument.item(item_id)
    return item.topic.say(language) if item else item_id
