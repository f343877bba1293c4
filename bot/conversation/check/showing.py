"""What a person sees after a move: earlier cards become lines, and the session's card comes last."""

from __future__ import annotations

from dataclasses import replace

from bot.conversation.card import DoneReply, NoticeReply
from bot.conversation.check import official, wording
from bot.conversation.check.keeper import Held
from bot.conversation.check.open_cards import OpenCards
from bot.conversation.check.pending_card import settled as pending_settled
from bot.conversation.check.presses import On, card_key
from bot.conversation.check.results import Results
from bot.conversation.check.scene import Scene
from bot.conversation.check.session_cards import SessionCards
from bot.conversation.check.static_lines import static
from bot.conversation.replies import Reply, TextReply
from bot.conversation.texts import Texts
from bot.maturity.errors import AlreadyAnswered, MaturityError, Refused, RoundClosed
from bot.maturity.routing import items_of, open_items
from bot.maturity.session import Phase, Proposal, Words


class Showing:
    """Turns sessions and refusals into replies."""

    def __init__(self, texts: Texts, cards: SessionCards, results: Results, open_cards: OpenCards) -> None:
        self._texts = texts
        self._cards = cards
        self._results = results
        self._open = open_cards

    def now(self, scene: Scene, held: Held, *lead: Reply, settled: str = "") -> list[Reply]:
        """The session as it stands, after `lead`. `settled` is what the card becomes that was just answered."""
        card = self._cards.current(held.session, held.round, scene.tenant)
        return [*self._lines(scene, held, settled), *lead, card]

    async def after(self, scene: Scene, before: Held, held: Held, *lead: Reply, yes: bool | None = None) -> list[Reply]:
        """The session after a move: its results where it was just sent in, else its card.

        `yes` is the answer to what was pending `before`, where the move was one.
        """
        session = held.session
        settled = "" if yes is None else pending_settled(before.session, before.round, self._texts, yes=yes)
        if settled and not scene.key:
            scene = replace(scene, settled=card_key(before.session.id, On.PENDING, before.session.token))
        if session.phase is Phase.SUBMITTED and session.submissions > before.session.submissions:
            results = await self._results.replies(held)
            return [*self._lines(scene, held, settled), *lead, *results]
        told = official.after_choosing(before.session, session, held.round.instrument, self._texts)
        lead = (*lead, TextReply(told)) if told else lead
        return self.now(scene, held, *lead, settled=settled)

    def paused(self, scene: Scene, held: Held) -> list[Reply]:
        """That it is paused; cards stay, as a press on one goes on with it."""
        instrument, language = held.round.instrument, held.session.language
        count = len(items_of(held.session, instrument))
        if held.session.phase is Phase.BACKGROUND and not held.session.answers:
            return [NoticeReply(self._texts.say("check.state.paused_early", language))]
        answered = count - len(open_items(held.session, instrument))
        return [NoticeReply(self._texts.say("check.state.paused", language, answered=answered, count=count))]

    def back_to(self, held: Held) -> tuple[TextReply, ...]:
        """Said between the answer to a question and the item that it interrupted."""
        if held.session.phase is not Phase.ITEMS:
            return ()
        number, count = wording.number(held.session, held.round.instrument, held.session.at)
        return (TextReply(self._texts.say("check.item.back_to", held.session.language, number=number, count=count)),)

    def failed(self, error: MaturityError, language: str, held: Held | None = None) -> list[Reply]:
        """Why nothing changed."""
        if isinstance(error, Refused):
            return [NoticeReply(self._texts.say(f"check.refused.{error.reason}", language, **error.values))]
        if isinstance(error, RoundClosed):
            return [NoticeReply(self._texts.say("check.state.closed", language))]
        if isinstance(error, AlreadyAnswered) and held is not None:
            return [NoticeReply(self._results.taken(held))]
        return [NoticeReply(self._texts.say("check.refused.store", language))]

    def _lines(self, scene: Scene, held: Held, settled: str) -> list[Reply]:
        """The lines that earlier cards become; the pressed one first, as it is the press's answer."""
        session = held.session
        keep = ""
        if isinstance(session.pending, Proposal | Words):
            # The full list of answers stays in sight while one of them is proposed.
            keep = card_key(session.id, On.ITEM, session.pending.item)
        lines: list[DoneReply | None] = []
        if scene.key:
            lines.append(DoneReply(settled) if settled else static(scene.key, session, held.round, self._texts, None))
        for key, message in self._open.take(scene.place, keep).items():
            if key == scene.key and scene.pressed in ("", message):
                continue
            if settled and key == scene.settled:
                lines.append(DoneReply(settled, message=message))
            else:
                lines.append(static(key, session, held.round, self._texts, message))
        return [line for line in lines if line is not None]
