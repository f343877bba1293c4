"""The check's door: which turns are its own, and what becomes of them.

A turn is read as a command, an answer, a question or a press (`typed`, `commanded`, `pressed`), made as moves of the
person's session, stored, and then shown. Whatever fails is told, and has changed nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from bot.conversation.ask import AskFlow
from bot.conversation.card import FileReply
from bot.conversation.check.acting import Acting
from bot.conversation.check.aside import Aside
from bot.conversation.check.commanded import Commanded
from bot.conversation.check.commands import Commands
from bot.conversation.check.keeper import Keeper
from bot.conversation.check.notices import Notices
from bot.conversation.check.open_cards import OpenCards
from bot.conversation.check.opening import Opening
from bot.conversation.check.opening_cards import Contacts, OpeningCards
from bot.conversation.check.pressed import Pressed
from bot.conversation.check.presses import PREFIX
from bot.conversation.check.reminding import Reminding
from bot.conversation.check.results import Background, Results
from bot.conversation.check.rights import Rights
from bot.conversation.check.scene import scene_of
from bot.conversation.check.session_cards import SessionCards
from bot.conversation.check.showing import Showing
from bot.conversation.check.typed import Typed
from bot.conversation.ports import Place
from bot.conversation.replies import Reply, TextReply
from bot.conversation.router import Router
from bot.conversation.texts import Texts
from bot.conversation.turn import Action, Turn
from bot.maturity.days import Today
from bot.maturity.matching import Matcher
from bot.maturity.ports import CheckStore, Person, Sources
from bot.reminders.ports import Reminders
from bot.telemetry.ports import NO_TELEMETRY, Telemetry


@dataclass(frozen=True, slots=True)
class CheckParts:
    """What the check is made from. `tenants` maps a tenant's id to the organisations that its people answer for.

    Without `reminders` nobody is reminded.
    """

    store: CheckStore
    notices: Notices
    sources: Sources
    commands: Commands
    matcher: Matcher
    background: Background
    contacts: Contacts
    tenants: Mapping[str, tuple[str, ...]]
    today: Today
    practice: bool = False
    reminders: Reminders | None = None
    telemetry: Telemetry = NO_TELEMETRY


class CheckFlow:
    """Takes the check's turns; None means that a message is none of them."""

    def __init__(self, texts: Texts, router: Router, ask: AskFlow, parts: CheckParts) -> None:
        self._texts = texts
        self._open = OpenCards()
        keeper = Keeper(parts.store, parts.today, parts.telemetry)
        cards = OpeningCards(texts, parts.contacts, parts.tenants)
        results = Results(texts, parts.background, parts.sources, parts.contacts)
        showing = Showing(texts, SessionCards(texts, cards), results, self._open)
        reminding = Reminding(texts, keeper, parts.reminders, parts.today)
        acting = Acting(keeper, showing, reminding)
        aside = Aside(texts, router, ask, showing)
        opening = Opening(texts, keeper, acting, showing, cards, self._open, parts.notices, practice=parts.practice)
        self._rights = Rights(texts, keeper, acting, cards, self._open, parts.notices)
        commanded = Commanded(texts, acting, aside, opening, cards, self._rights, reminding, showing, results)
        self._typed = Typed(
            texts, router, parts.commands, parts.matcher, aside, keeper, acting, opening, showing, commanded
        )
        self._pressed = Pressed(keeper, acting, aside, opening, self._rights, reminding)

    async def message(self, text: str, turn: Turn, language: str) -> list[Reply] | None:
        """The replies to cleaned words; `language` is the one they are in, where that could be told."""
        return await self._typed.take(text, scene_of(turn, language))

    async def press(self, action: Action, turn: Turn, language: str) -> list[Reply]:
        """The replies to a press on one of the check's cards."""
        scene = scene_of(turn, language)
        if not scene.personal:
            return [TextReply(self._texts.say("check.state.elsewhere", language))]
        return await self._pressed.take(action, scene)

    def information(self, language: str) -> TextReply:
        """What is told about personal data in the check."""
        return self._rights.information(language)

    def shown(self, key: str, turn: Turn, message: str) -> None:
        """A card was sent under this message id."""
        if key.startswith(PREFIX) and message:
            self._open.add(Place(turn.sender.tenant, turn.conversation), key, message)

    async def file(self, key: str, turn: Turn) -> FileReply | None:
        """The file that was offered under a key, if it is this person's. Raises MaturityError."""
        return await self._rights.file(Person(turn.sender.tenant, turn.sender.user), key)
