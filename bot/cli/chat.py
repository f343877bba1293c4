"""`fyren chat`: the same conversation as in Teams, line by line; `+` and `-` are the thumbs, a number a suggestion."""

from __future__ import annotations

import argparse
import asyncio
import secrets
import sys
from collections.abc import Sequence

from bot.cli.console import Console
from bot.cli.progress import ingest_progress
from bot.cli.terminal import offers, render, reply_data
from bot.composition import Parts, open_parts
from bot.conversation.turn import Action, AnswerReply, Event, Feedback, Joined, Message, Reply, Sender, Turn
from bot.settings import Settings

TENANT = "terminal"
GOODBYES = frozenset({"/quit", "/q", "quit", "exit", "avsluta", "sluta"})


def run(arguments: argparse.Namespace, settings: Settings, console: Console) -> int:
    """Ends with the input, or with a word of farewell."""
    # Input is read outside the loop: a read that waits in a thread would keep Ctrl-C from ending the program.
    with asyncio.Runner() as runner:
        with ingest_progress(console) as progress:
            parts = runner.run(open_parts(settings, console.texts, progress))
        try:
            _talk(runner, Terminal(parts, console), console)
        finally:
            runner.run(parts.close())
    return 0


def _talk(runner: asyncio.Runner, terminal: Terminal, console: Console) -> None:
    runner.run(terminal.take(Joined()))
    if console.interactive:
        console.note(console.say("cli.chat.how"))
    while (line := _read(console)) is not None:
        if line.strip().casefold() in GOODBYES:
            return
        runner.run(terminal.take(terminal.event(line)))


def _read(console: Console) -> str | None:
    """The next line, or None at the end of the input."""
    if not console.interactive:
        line = sys.stdin.readline()
        return line.rstrip("\n") if line else None
    try:
        return input("\n> ")
    except EOFError:
        console.line()
        return None


class Terminal:
    """One person's conversation; remembers what was offered last, so that a number can choose it."""

    def __init__(self, parts: Parts, console: Console) -> None:
        self._parts = parts
        self._console = console
        self._conversation = f"terminal-{secrets.token_hex(8)}"
        self._offered: list[tuple[str, Action | None]] = []

    def event(self, line: str) -> Event:
        """What a line means: a thumb, the number of something offered, or a message."""
        text = line.strip()
        if text[:1] in {"+", "-"} and (len(text) == 1 or text[1] == " "):
            return Feedback(liked=text[0] == "+", comment=text[1:].strip())
        if text.isdecimal() and 1 <= int(text) <= len(self._offered):
            title, action = self._offered[int(text) - 1]
            return action or Message(title)
        return Message(line)

    async def take(self, event: Event) -> None:
        """Converse one turn and show the replies."""
        await self._parts.knowledge.served.reload()
        turn = Turn(
            event=event,
            sender=Sender(TENANT, TENANT),
            conversation=self._conversation,
            activity=secrets.token_hex(8),
            locale=self._console.language,
        )
        replies = await self._parts.conversation.respond(turn)
        self._show(replies, event)
        for reply in replies:
            if isinstance(reply, AnswerReply):
                await self._parts.conversation.delivered(reply.id, turn, turn.activity)

    def _show(self, replies: Sequence[Reply], event: Event) -> None:
        console = self._console
        language = next((each.answer.language for each in replies if isinstance(each, AnswerReply)), console.language)
        if console.json:
            for reply in replies:
                console.data(reply_data(reply, console.texts, language))
        else:
            for reply in replies:
                console.line(f"\n{render(reply, console.texts, language, console.width)}")
            if isinstance(event, Feedback) and not replies:
                console.line(f"\n{console.say('cli.chat.thumb')}")
        offered = offers(replies)
        if not offered:
            return
        self._offered = offered
        if not console.json:
            console.line()
            for number, (title, _) in enumerate(offered, start=1):
                console.line(f"  {number}  {title}")
