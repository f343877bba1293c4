"""What people may do with their own answers: have them as a file, delete them, read how they are kept."""

from __future__ import annotations

from collections.abc import Sequence

from bot.conversation.card import DoneReply, FileReply
from bot.conversation.check.acting import Acting
from bot.conversation.check.answers_file import answers_file
from bot.conversation.check.keeper import Held, Keeper
from bot.conversation.check.notices import Notices
from bot.conversation.check.open_cards import OpenCards
from bot.conversation.check.opening_cards import OpeningCards
from bot.conversation.check.presses import PREFIX
from bot.conversation.check.scene import Scene
from bot.conversation.replies import Reply, TextReply
from bot.conversation.texts import Texts
from bot.maturity.errors import MaturityError
from bot.maturity.ports import Person


class Rights:
    """Asks nobody why."""

    def __init__(
        self,
        texts: Texts,
        keeper: Keeper,
        acting: Acting,
        cards: OpeningCards,
        open_cards: OpenCards,
        notices: Notices,
    ) -> None:
        self._texts = texts
        self._keeper = keeper
        self._acting = acting
        self._cards = cards
        self._open = open_cards
        self._notices = notices

    def information(self, language: str) -> TextReply:
        """All that is told about personal data in the check."""
        return TextReply(self._cards.information(language))

    def files(self, mine: Sequence[Held]) -> list[Reply]:
        """A file for each of the person's sessions."""
        return [answers_file(each.session, each.round, self._texts) for each in mine]

    async def file(self, person: Person, key: str) -> FileReply | None:
        """The file that was offered under a key, as the answers are now; None where it is not this person's."""
        if not key.startswith(f"{PREFIX}file:"):
            return None
        files = (answers_file(each.session, each.round, self._texts) for each in await self._keeper.mine(person))
        return next((each for each in files if each.key == key), None)

    async def nothing(self, scene: Scene, key: str) -> list[Reply]:
        """That there are no answers, and where a round has closed, why."""
        told = [self._texts.say(key, scene.language)]
        try:
            if await self._keeper.any_closed():
                told.append(self._texts.say("check.state.after_close", scene.language))
        except MaturityError as error:
            return self._acting.failed(error, scene)
        return [TextReply("\n\n".join(told))]

    async def nothing_to_erase(self, scene: Scene) -> list[Reply]:
        """That there are no answers; whatever else is kept about the person in open rounds is deleted."""
        try:
            await self._keeper.erase_traces(scene.person)
            await self._notices.read(scene.place)
        except MaturityError as error:
            return self._acting.failed(error, scene)
        return await self.nothing(scene, "check.state.nothing_to_erase")

    async def erase(self, scene: Scene, held: Held) -> list[Reply]:
        """Everything of a session deleted, after the person has said yes to that."""
        try:
            gone = await self._keeper.erase(scene.person, held)
            await self._notices.read(scene.place)
        except MaturityError as error:
            return self._acting.failed(error, scene, held)
        language = held.session.language
        told = self._texts.say("check.state.erased" if gone else "check.state.nothing_to_erase", language)
        cards = self._open.take(scene.place)
        lines: list[Reply] = [DoneReply(told)] if scene.key else []
        lines += [DoneReply(told, message=message) for key, message in cards.items() if key != scene.key]
        return [*lines, *([] if scene.key else [TextReply(told)])]
