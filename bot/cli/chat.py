"""`fyren chat`: the same conversation as in Teams, line by line.

`+` and `-` are the thumbs, a number is a suggestion, and `?1` unfolds what a card has folded away. Ctrl-C stops an
answer that is under way.
"""

from __future__ import annotations

import argparse
import asyncio
import re
import secrets
import sys
from collections.abc import Sequence

from bot.cli.cards import CardText
from bot.cli.console import Console
from bot.cli.growing import GrowingAnswer
from bot.cli.progress import ingest_progress
from bot.cli.reader import reader
from bot.cli.saved_files import save
from bot.cli.terminal import Offer, by_number, folds, offers, render, reply_data
from bot.composition import Parts, open_parts
from bot.conversation.card import CardReply, FileReply, Fold
from bot.conversation.readership import Readership
from bot.conversation.replies import AnswerReply, Reply
from bot.conversation.turn import Event, Feedback, Joined, Message, Sender, Turn
from bot.settings import Settings

TENANT = "terminal"
MODE = "terminal"
UNFOLD = re.compile(r"\?(\d*)")
GOODBYES = frozenset({"/quit", "/q", "quit", "exit", "avsluta", "sluta"})


def run(arguments: argparse.Namespace, settings: Settings, console: Console) -> int:
    """Ends with the input, or with a word of farewell."""
    # Input is read outside the loop: a read that waits in a thread would keep Ctrl-C from ending the program.
    reading = Readership({TENANT: reader(arguments.reader, settings, console)})
    with asyncio.Runner() as runner:
        with ingest_progress(console) as progress:
            parts = runner.run(open_parts(settings, console.texts, progress, reading=reading))
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
        if not terminal.unfold(line):
            _take(runner, terminal, terminal.event(line), console)


def _take(runner: asyncio.Runner, terminal: Terminal, event: Event, console: Console) -> None:
    try:
        runner.run(terminal.take(event))
    except KeyboardInterrupt:
        # A person stops the answer; whatever else sends the signal means the program.
        if not console.interactive:
            raise
        console.line(f"\n{console.say('stream.stopped')}")


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
        self._offered: list[Offer] = []
        self._folds: list[Fold] = []

    def event(self, line: str) -> Event:
        """What a line means: a thumb, the number of something offered, or a message."""
        text = line.strip()
        if text[:1] in {"+", "-"} and (len(text) == 1 or text[1] == " "):
            return Feedback(liked=text[0] == "+", comment=text[1:].strip())
        if text.isdecimal() and 1 <= int(text) <= len(self._offered):
            title, action = self._offered[int(text) - 1]
            return action or Message(title)
        return Message(line)

    def unfold(self, line: str) -> bool:
        """Show what the line unfolds, by number or by title; whether it does unfold something."""
        if self._console.json or not self._folds:
            return False
        asked = UNFOLD.fullmatch(line.strip())
        if asked:
            number = int(asked[1] or 1)
        else:
            titles = [fold.title.casefold() for fold in self._folds]
            said = line.strip().casefold()
            number = titles.index(said) + 1 if said in titles else 0
        if not 1 <= number <= len(self._folds):
            return False
        fold = self._folds[number - 1]
        shown = CardText(self._console.texts, self._console.language, self._console.width).blocks(fold.blocks)
        self._console.line(f"\n{fold.title}\n\n{shown}")
        return True

    async def take(self, event: Event) -> None:
        """Converse one turn and show the replies."""
        await self._parts.knowledge.served.reload()
        turn = Turn(
            event=event,
            sender=Sender(TENANT, TENANT),
            conversation=self._conversation,
            activity=secrets.token_hex(8),
            locale=self._console.language,
            mode=MODE,
        )
        growing = GrowingAnswer(self._console) if self._console.interactive and not self._console.json else None
        replies = await self._parts.conversation.respond(turn, growing.tell if growing is not None else None)
        await self._show(replies if growing is None else growing.rest(replies), event)
        for reply in replies:
            if isinstance(reply, AnswerReply):
                await self._parts.conversation.delivered(reply.id, turn, turn.activity)
            elif isinstance(reply, CardReply) and reply.key:
                await self._parts.conversation.shown(reply.key, turn, turn.activity)

    async def _show(self, replies: Sequence[Reply], event: Event) -> None:
        console = self._console
        language = next((each.answer.language for each in replies if isinstance(each, AnswerReply)), console.language)
        if console.json:
            for reply in replies:
                console.data(reply_data(reply, console.texts, language))
        else:
            await self._write(replies, language)
            if isinstance(event, Feedback) and not replies:
                console.line(f"\n{console.say('cli.chat.thumb')}")
        self._offer(replies)

    async def _write(self, replies: Sequence[Reply], language: str) -> None:
        console, fold = self._console, 1
        for reply in replies:
            console.line(f"\n{render(reply, console.texts, language, console.width, fold)}")
            fold += len(folds([reply]))
            if isinstance(reply, FileReply):
                console.line(await self._saved(reply))

    async def _saved(self, reply: FileReply) -> str:
        try:
            path = await asyncio.to_thread(save, reply)
        except OSError as error:
            return self._console.say("cli.chat.unsaved", name=reply.name, detail=error.strerror or error)
        return self._console.say("cli.chat.saved", path=path)

    def _offer(self, replies: Sequence[Reply]) -> None:
        """List what can be chosen. A card takes over from whatever was offered or folded before it."""
        console, offered, numbered = self._console, offers(replies), by_number(replies)
        carded = any(isinstance(reply, CardReply) for reply in replies)
        if carded:
            self._folds = folds(replies)
        if carded or offered:
            self._offered = offered if numbered else []
        if not offered or console.json:
            return
        console.line()
        for number, (title, _) in enumerate(offered, start=1):
            console.line(f"  {number if numbered else '-'}  {title}")
