"""Somebody who does the check in a chat: types, presses buttons by their titles, and sees cards become lines."""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cache

from bot.conversation.ask import Limits
from bot.conversation.card import Button, Buttons, CardReply, DoneReply, Field, Fold, Line, NoticeReply, Select, Table
from bot.conversation.check.commands import Commands
from bot.conversation.check.flow import CheckParts
from bot.conversation.check.notices import Notices
from bot.conversation.check.opening_cards import Contacts
from bot.conversation.check.results import Background
from bot.conversation.documents import DocumentsFlow
from bot.conversation.ports import Advice
from bot.conversation.readership import Readership
from bot.conversation.replies import AnswerReply, Reply, TextReply
from bot.conversation.router import Router
from bot.conversation.service import FyrenConversation
from bot.conversation.texts import Texts
from bot.conversation.turn import Action, Event, Message, Scope, Sender, Turn
from bot.conversation.weekly import WeeklyFlow
from bot.maturity.instrument import Instrument
from bot.maturity.matching import Matcher
from bot.maturity.phrasebook import Phrasebook
from bot.maturity.ports import CheckStore
from bot.maturity.rounds import Round, RoundStatus
from knowledge.model import Passage
from tests.fakes.check_store import MONDAY, MemoryCheckStore
from tests.fakes.instruments import instrument
from tests.fakes.journal import MemoryJournal
from tests.fakes.notices import MemoryNotices
from tests.fakes.reminders import MemoryDigests, RemindedStore

TEXTS = Texts.load()
TENANT = "00000000-0000-0000-0000-00000000000a"


class NoSources:
    """A knowledge base that holds nothing that advice quotes."""

    def quoted(self, document: str, quote: str) -> Passage | None:
        return None


@cache
def rules() -> tuple[Router, Commands, Matcher]:
    """What is read from files, once for all tests."""
    return Router.load(), Commands.load(), Matcher(Phrasebook.load())


def open_round(held: Instrument | None = None, *, label: str = "2026:1", closes: date | None = None) -> Round:
    """A round that takes answers on the store's day."""
    return Round(label.replace(":", "-"), label, held or instrument(), RoundStatus.OPEN, date(2026, 11, 1), closes)


def check_parts(
    store: CheckStore, tenants: Mapping[str, tuple[str, ...]] | None = None, notices: Notices | None = None
) -> CheckParts:
    """What the check is made from, over a store, with its reminders where it has some; without advice and without the
    figures of 2024. `notices` are kept in memory by default."""
    _, commands, matcher = rules()
    return CheckParts(
        store=store,
        notices=notices or MemoryNotices(),
        sources=NoSources(),
        commands=commands,
        matcher=matcher,
        background=Background({}, {}),
        contacts=Contacts("Kim Strateg, kim@example.se", "ombud@example.se"),
        tenants=tenants or {},
        today=store.today if isinstance(store, RemindedStore) else lambda: MONDAY,
        reminders=store.reminders if isinstance(store, RemindedStore) else None,
    )


def conversation(
    store: CheckStore,
    advice: Advice,
    *,
    tenants: Mapping[str, tuple[str, ...]] | None = None,
    digests: MemoryDigests | None = None,
    readership: Readership | None = None,
    documents: DocumentsFlow | None = None,
    notices: Notices | None = None,
) -> FyrenConversation:
    """The whole conversation over a store of the check, with fakes for the rest. With `digests` every channel with an
    address is the federation's own."""
    return FyrenConversation(
        texts=TEXTS,
        router=rules()[0],
        advice=advice,
        journal=MemoryJournal(),
        check=check_parts(store, tenants, notices),
        limits=Limits(),
        history_days=90,
        weekly=WeeklyFlow(TEXTS, digests, bool) if digests is not None else None,
        readership=readership,
        documents=documents,
    )


@dataclass(slots=True)
class Client:
    """A chat on one device. `cards` are those with buttons, by message id; `lines` what cards have become."""

    fyren: FyrenConversation
    sender: Sender = field(default_factory=lambda: Sender(TENANT, "anna"))
    chat: str = "chat-1"
    address: str = ""
    scope: Scope = Scope.PERSONAL
    locale: str = "sv-SE"
    cards: dict[str, CardReply] = field(default_factory=dict)
    lines: dict[str, DoneReply] = field(default_factory=dict)
    said: list[str] = field(default_factory=list)
    _ids: itertools.count[int] = field(default_factory=itertools.count)

    async def say(self, text: str, *, activity: str = "") -> list[Reply]:
        """Type a message."""
        return await self._take(Message(text), "", activity)

    async def press(self, title: str, *, card: str = "", activity: str = "", **inputs: str) -> list[Reply]:
        """Press the button of this title on the newest card that has one (or on `card`); `inputs` are typed into it."""
        message, button, shown = self._button(title, card)
        typed = {block.id: block.value for block in _inputs(shown) if isinstance(block, Field)}
        typed |= {block.id: ",".join(block.chosen) for block in _inputs(shown) if isinstance(block, Select)}
        data = {**typed, **button.action.data, **inputs}
        return await self._take(Action(button.action.verb, data), message, activity)

    async def act(self, action: Action, message: str = "", activity: str = "") -> list[Reply]:
        """Send an action that no button need have."""
        return await self._take(action, message, activity)

    @property
    def card(self) -> CardReply:
        """The newest card."""
        return next(reversed(self.cards.values()))

    @property
    def newest(self) -> str:
        """The newest card's message."""
        return next(reversed(self.cards))

    def titles(self) -> list[str]:
        """The titles of the newest card's buttons."""
        return [button.title for button in _buttons(self.card)]

    def text(self) -> str:
        """All that the newest card says."""
        return card_text(self.card)

    async def _take(self, event: Event, pressed: str, activity: str) -> list[Reply]:
        turn = Turn(
            event=event,
            sender=self.sender,
            conversation=self.chat,
            activity=activity or f"activity-{self.chat}-{next(self._ids)}",
            scope=self.scope,
            locale=self.locale,
            pressed=pressed,
            address=self.address,
        )
        replies = list(await self.fyren.respond(turn))
        for reply in replies:
            await self._show(reply, turn, pressed)
        return replies

    async def _show(self, reply: Reply, turn: Turn, pressed: str) -> None:
        if isinstance(reply, DoneReply):
            message = reply.message or pressed or f"message-{next(self._ids)}"
            self.cards.pop(message, None)
            self.lines[message] = reply
        elif isinstance(reply, CardReply):
            message = f"message-{self.chat}-{next(self._ids)}"
            self.cards[message] = reply
            if reply.key:
                await self.fyren.shown(reply.key, turn, message)
        elif isinstance(reply, TextReply | NoticeReply):
            self.said.append(reply.text)
        elif isinstance(reply, AnswerReply):
            self.said.append(reply.answer.text)

    def _button(self, title: str, card: str) -> tuple[str, Button, CardReply]:
        messages = [card] if card else [*reversed(self.cards)]
        for message in messages:
            for button in _buttons(self.cards[message]):
                if button.title == title:
                    return message, button, self.cards[message]
        for message, line in reversed(self.lines.items()):
            for button in line.buttons:
                if button.title == title and (not card or card == message):
                    return message, button, CardReply("", ())
        raise AssertionError(
            f"no button {title!r}, but {[[each.title for each in _buttons(one)] for one in self.cards.values()]}"
        )


def card_text(card: CardReply) -> str:
    """Everything on a card that can be read, folds included."""
    parts: list[str] = []
    for block in card.blocks:
        for each in (block, *(block.blocks if isinstance(block, Fold) else ())):
            match each:
                case Line(text):
                    parts.append(text)
                case Table(caption, head, rows):
                    parts += [caption, *head, *(cell for row in rows for cell in row)]
                case Buttons(buttons):
                    parts += [button.title for button in buttons]
                case Field(label=label) | Select(label=label):
                    parts.append(label)
                case _:
                    parts.append(str(getattr(each, "told", "")))
    return "\n".join(parts)


def _buttons(card: CardReply) -> list[Button]:
    return [button for block in card.blocks if isinstance(block, Buttons) for button in block.buttons]


def _inputs(card: CardReply) -> list[Field | Select]:
    found: list[Field | Select] = []
    for block in card.blocks:
        for each in (block, *(block.blocks if isinstance(block, Fold) else ())):
            if isinstance(each, Field | Select):
                found.append(each)
    return found


def store_with(*rounds: Round) -> MemoryCheckStore:
    """A store with these rounds, or with one that is open."""
    return MemoryCheckStore(*(rounds or (open_round(),)))
