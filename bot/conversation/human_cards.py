"""The card that shows a question before it is sent to a person, and the cards that lead there and back."""

from __future__ import annotations

from bot.conversation.card import Button, Buttons, CardReply, Field, Line, Look
from bot.conversation.texts import Texts
from bot.conversation.turn import Action
from bot.questions.cases import QUESTION_LIMIT, Case
from bot.questions.keeping import Keeping

SHOW, SEND, CANCEL = "human.show", "human.send", "human.cancel"
QUESTION, CASE, LANGUAGE, ABOUT = "human_question", "case", "language", "about"


def question_card(case_id: str, question: str, keeping: Keeping, texts: Texts, language: str) -> CardReply:
    """What is sent, to whom, and what is not; nothing is sent before the button is pressed."""
    say, data = texts.say, {CASE: case_id, LANGUAGE: language}
    terms = say("human.terms", language)
    kept = say("human.kept", language, days=keeping.done.days, open_days=keeping.open.days)
    blocks = (
        Line(say("human.title", language), Look.HEADING),
        Field(QUESTION, say("human.field", language), value=question, limit=QUESTION_LIMIT),
        Line(terms),
        Line(kept, Look.SUBTLE),
        Buttons(
            (
                Button(say("human.send", language), Action(SEND, data), main=True),
                Button(say("human.cancel", language), Action(CANCEL, data)),
            )
        ),
    )
    return CardReply(f"{say('human.title', language)}. {terms} {kept}", blocks)


def offer_card(question: str, texts: Texts, language: str) -> CardReply:
    """After a thumb down: whoever wants may ask a person, about this question or, without one, the latest."""
    text, chip = texts.say("human.offer", language), texts.say("human.chip", language)
    data = {LANGUAGE: language} | ({ABOUT: question} if question else {})
    button = Button(chip, Action(SHOW, data), typed=chip)
    return CardReply(text, (Line(text), Buttons((button,))))


def reply_card(case: Case, texts: Texts) -> CardReply:
    """A person's reply, with the question that it is to."""
    say, language = texts.say, case.language
    title = say("human.reply.title", language)
    asked = say("human.reply.asked", language, question=case.question)
    blocks = (
        Line(title, Look.HEADING),
        Line(asked, Look.SUBTLE),
        Line(case.reply),
        Line(say("human.reply.by_person", language), Look.SUBTLE),
    )
    return CardReply(f"{title}. {case.reply[:200]}", blocks)


def channel_card(case: Case, day: str, address: str, texts: Texts, language: str) -> CardReply:
    """Tells the federation's channel of a new question. `address` is that of its page, empty where there is none."""
    title = texts.say("human.channel.title", language)
    asked = texts.say("human.channel.asked", language, day=day)
    said = texts.say("human.channel.page", language, address=address)
    where = (Line(said, address=address),) if address else ()
    blocks = (Line(title, Look.HEADING), Line(asked, Look.SUBTLE), Line(case.question), *where)
    return CardReply(f"{title}. {case.question[:200]}", blocks)
