"""Buttons of the check -> moves."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from bot.conversation.check.acting import Acting
from bot.conversation.check.aside import Aside
from bot.conversation.check.keeper import Held, Keeper
from bot.conversation.check.opening import Opening
from bot.conversation.check.presses import Press, Verb, read
from bot.conversation.check.reminding import Reminding
from bot.conversation.check.rights import Rights
from bot.conversation.check.scene import Scene
from bot.conversation.replies import Reply
from bot.conversation.turn import Action
from bot.maturity import moves
from bot.maturity.errors import MaturityError, Refused, RoundClosed
from bot.maturity.session import Erase

UNGATED = frozenset({Verb.PAUSE, Verb.MY_ANSWERS, Verb.ERASE, Verb.NO})
"""What may always be done, whatever has changed about the notice or the questions."""


class Pressed:
    """Takes presses. A press that no card of this person makes changes nothing, and says so."""

    def __init__(
        self, keeper: Keeper, acting: Acting, aside: Aside, opening: Opening, rights: Rights, reminding: Reminding
    ) -> None:
        self._keeper = keeper
        self._acting = acting
        self._aside = aside
        self._opening = opening
        self._rights = rights
        self._reminding = reminding

    async def take(self, action: Action, scene: Scene) -> list[Reply]:
        """The replies to a press on a card of the check."""
        held: Held | None = None
        try:
            press = read(action)
            scene = replace(scene, key=press.key, language=press.language or scene.language)
            mine = await self._keeper.mine(scene.person)
            scene = replace(scene, mine=tuple(mine))
            if press.verb is Verb.START:
                return await self._opening.pressed(scene, press, mine)
            if press.verb is Verb.ACCEPT:
                return await self._opening.accept(scene, press, mine)
            if press.verb in (Verb.REMIND, Verb.REFUSE_REMINDERS):
                return await self._reminding.pressed(press, scene, mine)
            held = await self._held(press, mine)
            return await self._made(press, scene, held, mine)
        except MaturityError as error:
            return self._acting.failed(error, scene, held)

    async def _held(self, press: Press, mine: Sequence[Held]) -> Held:
        """The session that the card belongs to. Raises Refused, and RoundClosed where its round has closed."""
        held = next((each for each in mine if each.session.id == press.draft), None)
        if held is not None:
            return held
        found = await self._keeper.find_round(press.round)
        if found is not None and found.is_over:
            raise RoundClosed("the round of the card has closed")
        raise Refused("foreign")

    async def _made(self, press: Press, scene: Scene, held: Held, mine: Sequence[Held]) -> list[Reply]:
        if press.verb not in UNGATED:
            first = await self._opening.gate(scene, held)
            if first is not None:
                return first
        match press.verb:
            case Verb.YES:
                return await self._yes(press, scene, held)
            case Verb.NO:
                token = press.data.get("pending", "-")
                meant = await self._aside.meant(scene, held) if token == held.session.token else []
                return await self._acting.move(scene, held, moves.Decline(token), yes=False, lead=meant)
            case Verb.SUBMIT:
                return await self._acting.submit(scene, held)
            case Verb.MY_ANSWERS:
                return self._rights.files(mine)
            case _:
                return await self._acting.move(scene, held, *self._commented(press), move_of(press))

    async def _yes(self, press: Press, scene: Scene, held: Held) -> list[Reply]:
        token = press.data.get("pending", "-")
        if isinstance(held.session.pending, Erase) and held.session.token == token:
            return await self._rights.erase(scene, held)
        return await self._acting.move(scene, held, moves.Confirm(token), yes=True)

    @staticmethod
    def _commented(press: Press) -> list[moves.Move]:
        """A comment that was written on a card and left by another button than an answer's is kept too."""
        answers = press.verb in (Verb.ANSWER, Verb.CHOOSE, Verb.WRITE)
        if answers or not press.item or not (press.comment or "").strip():
            return []
        return [moves.Comment(press.item, press.comment or "")]


def move_of(press: Press) -> moves.Move:
    """The move that a button makes. Raises Refused."""
    match press.verb:
        case Verb.BACKGROUND:
            return moves.Describe(press.background)
        case Verb.ANSWER | Verb.CHOOSE | Verb.WRITE:
            return moves.Reply(press.item, press.given, press.comment)
        case Verb.SHOW:
            if not press.item:
                raise Refused("which_item")
            return moves.Show(press.item)
        case _:
            return _PLAIN[press.verb]


_PLAIN: dict[Verb, moves.Move] = {
    Verb.CHANGE_BACKGROUND: moves.ChangeBackground(),
    Verb.BACK: moves.Back(),
    Verb.REVIEW: moves.Review(),
    Verb.SKIP_REST: moves.SkipRest(),
    Verb.PAUSE: moves.Pause(),
    Verb.RESUME: moves.Resume(),
    Verb.ERASE: moves.AskErase(),
}
