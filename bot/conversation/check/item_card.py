"""One item a card: place, question, its answers as buttons or fields, and what may be unfolded."""

from __future__ import annotations

from bot.conversation.card import Block, Button, Buttons, CardReply, Field, Fold, Line, Look, Select
from bot.conversation.check import wording
from bot.conversation.check.presses import CHOICES, CODE, COMMENT, NULL, WORDS, On, Verb, action, card_key
from bot.conversation.texts import Texts
from bot.maturity.instrument import Instrument, Item, Kind, Null
from bot.maturity.session import Session, Source
from bot.maturity.words import COMMENT_LIMIT, TEXT_LIMIT


def item_card(session: Session, item: Item, instrument: Instrument, texts: Texts) -> CardReply:
    """The card of an item that the session asks."""
    language, say = session.language, texts.say
    number, count = wording.number(session, instrument, item.id)
    area = instrument.area(item.area).title.say(language)
    question = item.question.say(language)
    blocks: list[Block] = [
        Line(say("check.item.progress", language, number=number, count=count, area=area), Look.SUBTLE),
        Line(question, Look.HEADING),
    ]
    if instrument.is_official(item) and session.source is Source.INDIVIDUAL:
        blocks.append(Line(say("check.item.official", language), Look.STRONG))
    if item.security:
        blocks.append(Line(say("check.item.security", language), Look.STRONG))
    given = session.answers.get(item.id)
    if given is not None:
        now = wording.answer(item, given, texts, language)
        blocks.append(Line(say("check.item.now", language, answer=now)))
    blocks += _answers(session, item, texts)
    blocks.append(Buttons(tuple(_null(session, item, null, texts) for null in Null)))
    blocks += _folded(session, item, texts)
    blocks += [
        Buttons(
            (
                Button(say("check.item.back", language), action(Verb.BACK, session, On.ITEM, item=item.id)),
                Button(say("check.item.pause", language), action(Verb.PAUSE, session, On.ITEM, item=item.id)),
            )
        ),
        Line(say(f"check.item.hint.{item.kind}", language), Look.SUBTLE),
    ]
    summary = say("check.item.summary", language, number=number, count=count, area=area, question=question)
    return CardReply(summary, tuple(blocks), card_key(session.id, On.ITEM, item.id))


def levels(item: Item, texts: Texts, language: str) -> tuple[Line, ...]:
    """What each level of an item means, in order; nothing where its options are not described."""
    return tuple(
        Line(
            texts.say(
                "check.item.level",
                language,
                number=number,
                label=option.label.say(language),
                level=option.level.say(language),
            )
        )
        for number, option in enumerate(item.options, start=1)
        if option.level is not None
    )


def _answers(session: Session, item: Item, texts: Texts) -> list[Block]:
    language, say = session.language, texts.say
    given = session.answers.get(item.id)
    if item.kind is Kind.TEXT:
        text = given.text if given else ""
        field = Field(
            WORDS,
            say("check.item.words", language),
            value=text,
            limit=TEXT_LIMIT,
            hint=say("check.item.comment_hint", language),
        )
        save = Button(say("check.item.save", language), action(Verb.WRITE, session, On.ITEM, item=item.id), main=True)
        return [field, Buttons((save,))]
    if item.kind is Kind.CHOICES:
        titles = tuple(
            (option.code, say("check.item.option", language, number=number, label=option.label.say(language)))
            for number, option in enumerate(item.options, start=1)
        )
        select = Select(CHOICES, say("check.item.choices", language), titles, given.codes if given else (), many=True)
        save = Button(say("check.item.save", language), action(Verb.CHOOSE, session, On.ITEM, item=item.id), main=True)
        return [select, Buttons((save,))]
    buttons = tuple(
        Button(
            say("check.item.option", language, number=number, label=option.label.say(language)),
            action(Verb.ANSWER, session, On.ITEM, item=item.id, **{CODE: option.code}),
            typed=str(number),
        )
        for number, option in enumerate(item.options, start=1)
    )
    return [Buttons(buttons, stacked=True)]


def _folded(session: Session, item: Item, texts: Texts) -> list[Block]:
    language, say = session.language, texts.say
    folds: list[Block] = []
    if item.help is not None:
        folds.append(Fold(say("check.item.help", language), (Line(item.help.say(language)),)))
    described = levels(item, texts, language)
    if described:
        title = say("check.item.levels" if item.kind is Kind.LEVEL else "check.item.alternatives", language)
        folds.append(Fold(title, described))
    if item.kind is not Kind.TEXT:
        field = Field(
            COMMENT,
            say("check.item.comment_label", language),
            hint=say("check.item.comment_hint", language),
            value=session.comments.get(item.id, ""),
            limit=COMMENT_LIMIT,
        )
        folds.append(field)
    return folds


def _null(session: Session, item: Item, null: Null, texts: Texts) -> Button:
    title = texts.say(f"check.item.null.{null}", session.language)
    return Button(title, action(Verb.ANSWER, session, On.ITEM, item=item.id, **{NULL: null}))
