"""The card of a session as it stands, whatever its phase."""

from __future__ import annotations

from bot.conversation.card import Block, Button, Buttons, CardReply, Line, Look, Select, Table
from bot.conversation.check import wording
from bot.conversation.check.item_card import item_card
from bot.conversation.check.opening_cards import OpeningCards
from bot.conversation.check.pending_card import pending_card
from bot.conversation.check.presses import On, Verb, action, card_key
from bot.conversation.texts import Texts
from bot.maturity.instrument import Instrument
from bot.maturity.rounds import Round
from bot.maturity.routing import items_of, open_items
from bot.maturity.session import Phase, Session


class SessionCards:
    """Makes them, in the session's language."""

    def __init__(self, texts: Texts, opening: OpeningCards) -> None:
        self._texts = texts
        self._opening = opening

    def current(self, session: Session, held: Round, tenant: str) -> CardReply:
        """What the person sees now: what is pending, else the phase's card."""
        if session.pending is not None:
            return pending_card(session, held, self._texts)
        match session.phase:
            case Phase.BACKGROUND:
                return self._opening.background(session, held, tenant)
            case Phase.ITEMS:
                item = next(item for item in items_of(session, held.instrument) if item.id == session.at)
                return item_card(session, item, held.instrument, self._texts)
            case _:
                return self.review(session, held)

    def review(self, session: Session, held: Round) -> CardReply:
        """All answers, each of which can be changed; how to send them in, or what may be done with what was sent."""
        language, say, instrument = session.language, self._texts.say, held.instrument
        items = items_of(session, instrument)
        waiting = len(open_items(session, instrument))
        sent = session.phase is Phase.SUBMITTED
        title = (
            say("check.review.title_sent", language, count=len(items))
            if sent
            else say("check.review.title", language, answered=len(items) - waiting, count=len(items))
        )
        blocks: list[Block] = [Line(title, Look.HEADING)]
        told = wording.told(session, instrument, self._texts, language)
        if told:
            blocks.append(Line(say("check.review.for_whom", language, told=told)))
        if session.submissions and not sent:
            blocks.append(Line(say("check.review.unsent", language), Look.STRONG))
        blocks.append(self._table(session, instrument))
        blocks += self._buttons(session, instrument, waiting=waiting)
        hint = "hint_sent" if sent else "hint_open" if waiting else "hint"
        blocks.append(Line(say(f"check.review.{hint}", language), Look.SUBTLE))
        summary = say("check.review.summary_sent" if sent else "check.review.summary", language, title=title)
        return CardReply(summary, tuple(blocks), card_key(session.id, On.REVIEW))

    def _table(self, session: Session, instrument: Instrument) -> Table:
        language, say = session.language, self._texts.say
        rows = []
        for number, item in enumerate(items_of(session, instrument), start=1):
            said = wording.answer(item, session.answers.get(item.id), self._texts, language)
            comment = session.comments.get(item.id)
            if comment:
                said = say("check.review.comment", language, answer=said, comment=comment)
            topic = say("check.item.option", language, number=number, label=item.topic.say(language))
            rows.append((topic, said))
        head = tuple(say(f"check.review.head.{column}", language) for column in ("topic", "answer"))
        return Table(say("check.review.caption", language), head, tuple(rows))

    def _buttons(self, session: Session, instrument: Instrument, *, waiting: int) -> list[Block]:
        language, say = session.language, self._texts.say
        sent = session.phase is Phase.SUBMITTED
        options = tuple(
            (item.id, say("check.item.option", language, number=number, label=item.topic.say(language)))
            for number, item in enumerate(items_of(session, instrument), start=1)
        )
        change = Button(say("check.review.change_button", language), action(Verb.SHOW, session, On.REVIEW))
        blocks: list[Block] = [
            Select("item", say("check.review.change", language), options, compact=True),
            Buttons((change, *self._background_button(session, instrument))),
        ]
        main: list[Button] = []
        if waiting:
            main += [
                Button(say("check.review.resume", language), action(Verb.RESUME, session, On.REVIEW), main=True),
                Button(say("check.review.skip_rest", language), action(Verb.SKIP_REST, session, On.REVIEW)),
            ]
        elif not sent:
            key = "check.review.submit_again" if session.submissions else "check.review.submit"
            main.append(Button(say(key, language), action(Verb.SUBMIT, session, On.REVIEW), main=True))
        if sent:
            main.append(Button(say("check.review.mine", language), action(Verb.MY_ANSWERS, session, On.REVIEW)))
            main.append(Button(say("check.review.erase", language), action(Verb.ERASE, session, On.REVIEW)))
        else:
            main.append(Button(say("check.item.pause", language), action(Verb.PAUSE, session, On.REVIEW)))
        return [*blocks, Buttons(tuple(main))]

    def _background_button(self, session: Session, instrument: Instrument) -> tuple[Button, ...]:
        if not (instrument.organisations or instrument.roles or instrument.operations):
            return ()
        title = self._texts.say("check.review.change_background", session.language)
        return (Button(title, action(Verb.CHANGE_BACKGROUND, session, On.REVIEW)),)
