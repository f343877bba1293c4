"""Typed commands of the check -> moves. Whatever a button does can be typed."""

from __future__ import annotations

from collections.abc import Sequence

from bot.conversation.card import NoticeReply
from bot.conversation.check.acting import Acting
from bot.conversation.check.aside import Aside
from bot.conversation.check.commands import Command, Verb
from bot.conversation.check.item_card import levels
from bot.conversation.check.keeper import Held
from bot.conversation.check.opening import Opening
from bot.conversation.check.opening_cards import OpeningCards
from bot.conversation.check.reminding import Reminding
from bot.conversation.check.results import Results
from bot.conversation.check.rights import Rights
from bot.conversation.check.scene import Scene
from bot.conversation.check.showing import Showing
from bot.conversation.replies import Reply, TextReply
from bot.conversation.texts import Texts
from bot.maturity import moves
from bot.maturity.errors import MaturityError, Refused
from bot.maturity.instrument import Item
from bot.maturity.routing import items_of
from bot.maturity.session import Background, Erase, Phase, Source

ABOUT_CHECK = frozenset(
    {
        Verb.START,
        Verb.START_GROUP,
        Verb.CONTINUE,
        Verb.MY_ANSWERS,
        Verb.ERASE,
        Verb.SUBMIT,
        Verb.EDIT,
        Verb.EDIT_BACKGROUND,
        Verb.REVIEW,
        Verb.PAUSE,
        Verb.REMIND,
        Verb.REFUSE_REMINDERS,
    }
)
"""Commands that mean the check even where none is going on; the others are then ordinary words."""


class Commanded:
    """Takes commands. None means that a command says nothing here, so that its words are read otherwise."""

    def __init__(
        self,
        texts: Texts,
        acting: Acting,
        aside: Aside,
        opening: Opening,
        cards: OpeningCards,
        rights: Rights,
        reminding: Reminding,
        showing: Showing,
        results: Results,
    ) -> None:
        self._texts = texts
        self._acting = acting
        self._aside = aside
        self._opening = opening
        self._cards = cards
        self._rights = rights
        self._reminding = reminding
        self._showing = showing
        self._results = results

    async def take(
        self, command: Command, scene: Scene, mine: Sequence[Held], active: Held | None
    ) -> list[Reply] | None:
        """The replies to a command. `active` is the session that is going on, if any."""
        held = active or (mine[0] if mine else None)
        if command.verb in (Verb.YES, Verb.NO) and not (held and held.session.pending):
            # Something may be waiting in a session that is not the one that goes on.
            held = next((each for each in mine if each.session.pending), held)
        try:
            match command.verb:
                case Verb.START:
                    return await self._opening.start(scene, Source.INDIVIDUAL, mine)
                case Verb.START_GROUP:
                    return await self._opening.start(scene, Source.CONSENSUS, mine)
                case Verb.ACCEPT:
                    return await self._opening.accept_typed(scene, mine)
                case Verb.INFORMATION:
                    return [self._rights.information(scene.language)]
                case Verb.REMIND:
                    return await self._reminding.ask(scene, mine)
                case Verb.REFUSE_REMINDERS:
                    return await self._reminding.refuse(scene)
            if held is None:
                return await self._without(command, scene)
            return await self._with(command, scene, held, mine, going_on=active is not None)
        except MaturityError as error:
            return self._acting.failed(error, scene, held)

    async def _without(self, command: Command, scene: Scene) -> list[Reply] | None:
        if command.verb is Verb.ERASE:
            return await self._rights.nothing_to_erase(scene)
        if command.verb is Verb.MY_ANSWERS:
            return await self._rights.nothing(scene, "check.state.none")
        if command.verb in ABOUT_CHECK:
            return [TextReply(self._texts.say("check.state.none", scene.language))]
        return None

    async def _with(
        self, command: Command, scene: Scene, held: Held, mine: Sequence[Held], *, going_on: bool
    ) -> list[Reply] | None:
        match command.verb:
            case Verb.MY_ANSWERS:
                return self._rights.files(mine)
            case Verb.ERASE | Verb.STOP:
                return await self._acting.move(scene, held, moves.AskErase())
            case Verb.PAUSE:
                return await self._acting.move(scene, held, moves.Pause())
            case Verb.RESULT | Verb.COMPARE:
                return await self._result(scene, mine, whole=command.verb is Verb.RESULT)
            case Verb.YES | Verb.NO:
                return await self._answered(scene, held, yes=command.verb is Verb.YES)
        if not going_on and command.verb not in ABOUT_CHECK:
            return None
        first = await self._opening.gate(scene, held)
        if first is not None:
            return first
        return await self._moved(command, scene, held, mine)

    async def _result(self, scene: Scene, mine: Sequence[Held], *, whole: bool) -> list[Reply]:
        """The result of what was sent in; before that there is none."""
        sent = next((each for each in mine if each.session.phase is Phase.SUBMITTED), None)
        if sent is None:
            return [TextReply(self._texts.say("check.state.after_submitting", scene.language))]
        return await (self._results.replies(sent) if whole else self._results.compared(sent))

    async def _answered(self, scene: Scene, held: Held, *, yes: bool) -> list[Reply] | None:
        if held.session.pending is None:
            return None
        if yes and isinstance(held.session.pending, Erase):
            return await self._rights.erase(scene, held)
        if yes:
            return await self._acting.move(scene, held, moves.Confirm(), yes=True)
        meant = await self._aside.meant(scene, held)
        return await self._acting.move(scene, held, moves.Decline(), yes=False, lead=meant)

    async def _moved(self, command: Command, scene: Scene, held: Held, mine: Sequence[Held]) -> list[Reply] | None:
        session = held.session
        match command.verb:
            case Verb.CONTINUE:
                return await self._continue(scene, held, mine)
            case Verb.SUBMIT:
                return await self._acting.submit(scene, held)
            case Verb.BACK:
                return await self._acting.move(scene, held, moves.Back())
            case Verb.REVIEW:
                return await self._acting.move(scene, held, moves.Review())
            case Verb.SKIP_REST:
                return await self._acting.move(scene, held, moves.SkipRest())
            case Verb.EDIT_BACKGROUND:
                return await self._acting.move(scene, held, moves.ChangeBackground())
            case Verb.EDIT:
                item = self._wanted(command, held)
                return await self._acting.move(scene, held, moves.Show(item.id) if item else moves.Review())
            case Verb.COMMENT:
                return await self._commented(command, scene, held)
            case Verb.LEVELS | Verb.EXPLAIN if session.phase is Phase.ITEMS:
                return self._explained(scene, held, command.verb)
            case Verb.REPEAT:
                return self._showing.now(scene, held)
            case _:
                return None

    def _explained(self, scene: Scene, held: Held, verb: Verb) -> list[Reply]:
        """What the card has folded away, and the card again."""
        language = held.session.language
        item = held.round.instrument.item(held.session.at)
        if item is None:
            return self._showing.now(scene, held)
        described = [line.text for line in levels(item, self._texts, language)]
        told = "\n".join(described) if verb is Verb.LEVELS else item.help.say(language) if item.help else ""
        return self._showing.now(scene, held, *([TextReply(told)] if told else []))

    async def _continue(self, scene: Scene, held: Held, mine: Sequence[Held]) -> list[Reply]:
        session = held.session
        if session.phase is Phase.BACKGROUND and not session.paused:
            proposed = self._cards.proposal(held.round.instrument, scene.tenant)
            organisation = "" if session.background.organisation or proposed is None else proposed.id
            return await self._acting.move(scene, held, moves.Describe(Background(organisation=organisation)))
        told = TextReply(self._texts.say("check.state.resumed", session.language))
        return await self._opening.go_on(scene, held, mine, told)

    async def _commented(self, command: Command, scene: Scene, held: Held) -> list[Reply]:
        session = held.session
        items = items_of(session, held.round.instrument)
        item = self._wanted(command, held) if command.number else next((i for i in items if i.id == session.at), None)
        if item is None:
            raise Refused("which_item")
        told = self._texts.say("check.item.comment_saved", session.language, number=items.index(item) + 1)
        return await self._acting.move(scene, held, moves.Comment(item.id, command.words), lead=[NoticeReply(told)])

    @staticmethod
    def _wanted(command: Command, held: Held) -> Item | None:
        """The item that a command names; None where it names none. Raises Refused where there is no such item."""
        items = items_of(held.session, held.round.instrument)
        if command.number is not None:
            if not 1 <= command.number <= len(items):
                raise Refused("number_unknown", count=len(items))
            return items[command.number - 1]
        words = command.words.casefold().strip()
        if command.verb is Verb.COMMENT or not words:
            return None
        named = [item for item in items if words in (item.topic.sv.casefold(), item.topic.en.casefold())]
        named = named or [
            item for item in items if words in item.topic.sv.casefold() or words in item.topic.en.casefold()
        ]
        if len(named) != 1:
            raise Refused("which_item")
        return named[0]
