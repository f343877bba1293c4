"""Into the check: which round, the notice, a new session; and back into one whose notice or questions have changed."""

from __future__ import annotations

import logging
from collections.abc import Sequence

from bot.conversation.card import DoneReply
from bot.conversation.check.acting import Acting
from bot.conversation.check.keeper import Held, Keeper
from bot.conversation.check.notices import Notices, Offer
from bot.conversation.check.open_cards import OpenCards
from bot.conversation.check.opening_cards import OpeningCards
from bot.conversation.check.presses import Press
from bot.conversation.check.scene import Scene
from bot.conversation.check.showing import Showing
from bot.conversation.replies import Reply, TextReply
from bot.conversation.texts import Texts
from bot.maturity import moves
from bot.maturity.errors import MaturityError, RoundClosed, StoreFailed
from bot.maturity.rounds import Round
from bot.maturity.session import Phase, Source

_log = logging.getLogger(__name__)


class Opening:
    """Starts checks. `practice` is whether practice rounds are offered."""

    def __init__(
        self,
        texts: Texts,
        keeper: Keeper,
        acting: Acting,
        showing: Showing,
        cards: OpeningCards,
        open_cards: OpenCards,
        notices: Notices,
        *,
        practice: bool,
    ) -> None:
        self._texts = texts
        self._keeper = keeper
        self._acting = acting
        self._showing = showing
        self._cards = cards
        self._open = open_cards
        self._notices = notices
        self._practice = practice

    async def start(self, scene: Scene, source: Source, mine: Sequence[Held]) -> list[Reply]:
        """Somebody wants to do the check: the notice, or where they are in one that they began."""
        try:
            rounds = await self._keeper.open_rounds(practice=self._practice)
        except MaturityError as error:
            return self._acting.failed(error, scene)
        if not rounds:
            return [TextReply(self._texts.say("check.state.no_round", scene.language))]
        if len(rounds) > 1:
            return [self._cards.which(rounds, source, scene.language)]
        return await self._enter(scene, rounds[0], source, mine)

    async def pressed(self, scene: Scene, press: Press, mine: Sequence[Held]) -> list[Reply]:
        """A round was chosen, or another way to answer."""
        chosen = await self._chosen(press)
        title = self._texts.say("check.state.chosen", scene.language, title=self._title(chosen, press.source, scene))
        self._open.take(scene.place)
        return [DoneReply(title), *await self._enter(scene, chosen, press.source, mine)]

    async def accept(self, scene: Scene, press: Press, mine: Sequence[Held]) -> list[Reply]:
        """The notice was read. Raises MaturityError."""
        chosen = await self._chosen(press)
        if press.data.get("notice") != self._cards.version:
            return [self._cards.notice(chosen, press.source, scene.language)]
        return await self._accepted(scene, chosen, press.source, mine)

    async def accept_typed(self, scene: Scene, mine: Sequence[Held]) -> list[Reply] | None:
        """Words that say that the notice was read, whichever replica showed it; None where none is shown.

        Raises MaturityError.
        """
        offer = await self._notices.shown(scene.place)
        if offer is None:
            return None
        chosen = await self._keeper.find_round(offer.round)
        if chosen is None:
            raise RoundClosed("the round is gone")
        return await self._accepted(scene, chosen, offer.source, mine)

    async def gate(self, scene: Scene, held: Held) -> list[Reply] | None:
        """What has to come before anything else in this session; None where nothing has. Raises MaturityError."""
        if held.session.digest != held.round.instrument.digest:
            before = held.session
            held = await self._keeper.carry_over(scene.person, held, scene.activity)
            kept = len(held.session.answers)
            lost = len(before.answers) - sum(1 for item in before.answers if item in held.session.answers)
            language = held.session.language
            told = TextReply(self._texts.say("check.state.instrument_changed", language, kept=kept, lost=lost))
            return self._showing.now(scene, held, told)
        if held.session.notice != self._cards.version:
            return [await self._notice(scene, held.round, held.session.source, held)]
        return None

    async def _enter(self, scene: Scene, chosen: Round, source: Source, mine: Sequence[Held]) -> list[Reply]:
        begun = next((each for each in mine if each.round.id == chosen.id and each.session.source is source), None)
        if begun is None:
            return [await self._notice(scene, chosen, source, None)]
        if begun.session.phase is Phase.SUBMITTED:
            return self._showing.now(scene, begun)
        told = TextReply(self._texts.say("check.state.already", begun.session.language, label=chosen.label))
        return await self.go_on(scene, begun, mine, told)

    async def go_on(self, scene: Scene, held: Held, mine: Sequence[Held], told: Reply) -> list[Reply]:
        """Back into a session that was begun; any other that is going on is paused."""
        try:
            first = await self.gate(scene, held)
            if first is not None:
                return first
        except MaturityError as error:
            return self._acting.failed(error, scene, held)
        return await self._acting.move(scene, held, moves.Resume(), lead=[told])

    async def _accepted(self, scene: Scene, chosen: Round, source: Source, mine: Sequence[Held]) -> list[Reply]:
        begun = next((each for each in mine if each.round.id == chosen.id and each.session.source is source), None)
        if begun is not None and begun.session.notice != self._cards.version:
            held = await self._keeper.read_notice(scene.person, begun, self._cards.version, scene.activity)
        else:
            held, _ = await self._keeper.start(
                scene.person, chosen, source, scene.language, self._cards.version, scene.activity
            )
        await self._read(scene)
        await self._keeper.pause_others(scene.person, held, mine, scene.activity)
        return self._showing.now(scene, held)

    async def _chosen(self, press: Press) -> Round:
        rounds = await self._keeper.open_rounds(practice=self._practice)
        chosen = next((each for each in rounds if each.id == press.round), None)
        if chosen is None:
            raise RoundClosed("the round is not open")
        return chosen

    async def _notice(self, scene: Scene, chosen: Round, source: Source, held: Held | None) -> Reply:
        try:
            await self._notices.show(scene.place, Offer(chosen.id, source))
        except StoreFailed as error:
            # Its button says all that it needs.
            _log.warning("which notice is shown could not be kept, so words cannot accept it: %s", error)
        language = held.session.language if held is not None else scene.language
        return self._cards.notice(chosen, source, language, held.session if held is not None else None)

    async def _read(self, scene: Scene) -> None:
        try:
            await self._notices.read(scene.place)
        except StoreFailed as error:
            # Whoever accepts it again in words finds the session that was just begun.
            _log.warning("that a notice was read could not be kept: %s", error)

    def _title(self, chosen: Round, source: Source, scene: Scene) -> str:
        key = "check.notice.group" if source is Source.CONSENSUS else "check.notice.alone"
        way = self._texts.say(key, scene.language)
        return f"{chosen.instrument.title.say(scene.language)} {chosen.label}, {way}"
