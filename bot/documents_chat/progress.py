"""The message of a chat that shows how far files are: replaced as things go on, and not too often."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from bot.conversation.card import CardReply
from bot.conversation.document_cards import ended_card
from bot.documents.chats import Chat
from bot.documents_chat.ports import Sender
from bot.reminders.ports import Delivery


class Progress:
    """`message` gives the id of the message, empty where that is not known (yet); `interval` is in seconds."""

    def __init__(self, sender: Sender, chat: Chat, message: Callable[[], str], interval: float) -> None:
        self.chat = chat
        self._sender = sender
        self._message = message
        self._interval = interval
        self._shown = ""
        self._gone = False
        self._next = asyncio.get_running_loop().time() + interval

    async def show(self, card: CardReply) -> None:
        """Show how far it is, unless that says nothing new or comes too soon: the next one tells it then."""
        message = self._message()
        if not message or self._gone or card.summary == self._shown or self._wait() > 0:
            return
        self._shown = card.summary
        await self._replace(message, card)

    async def end(self, text: str, *, needed: bool = False) -> None:
        """Show how it ended, in any case; in a new message where that is `needed` and the old one is gone."""
        message = self._message()
        if message and not self._gone:
            await asyncio.sleep(max(0.0, self._wait()))
            if not (await self._replace(message, ended_card(text))).surely_not:
                return
        if needed:
            await self.aside(text)

    async def aside(self, text: str) -> None:
        """Say something in a message of its own."""
        await self._sender.send(self.chat.address, ended_card(text), self.chat.language)

    def _wait(self) -> float:
        return self._next - asyncio.get_running_loop().time()

    async def _replace(self, message: str, card: CardReply) -> Delivery:
        delivery = await self._sender.replace(self.chat.address, message, card, self.chat.language)
        self._gone = delivery is Delivery.UNREACHABLE  # the person may have deleted the message
        self._next = asyncio.get_running_loop().time() + self._interval
        return delivery
