"""An answer that grows in the terminal: what is being done, then each sentence as it is written."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from bot.cli.console import Console
from bot.cli.paragraphs import wrapped
from bot.conversation.replies import AnswerReply, Reply
from knowledge.composing.ports import Advance, Reading, Written


class GrowingAnswer:
    """Shows one answer's advances, and tells what is left to show of it in the end."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._shown = ""

    def tell(self, advance: Advance) -> None:
        """Show what is new."""
        if isinstance(advance, Written):
            new = advance.text.removeprefix(self._shown).strip()
            if new and advance.text.startswith(self._shown):
                self._console.line(wrapped(new) if self._shown else f"\n{wrapped(new)}")
                self._shown = advance.text
        elif isinstance(advance, Reading):
            several = self._console.say("stream.reading", count=advance.passages)
            self._console.note(several if advance.passages != 1 else self._console.say("stream.reading_one"))
        else:
            self._console.note(self._console.say("stream.searching"))

    def rest(self, replies: Sequence[Reply]) -> list[Reply]:
        """The replies without what has been shown; all of them where the answer became another one."""
        return [self._without(reply) if isinstance(reply, AnswerReply) else reply for reply in replies]

    def _without(self, reply: AnswerReply) -> AnswerReply:
        text = reply.answer.text
        if not self._shown or not text.startswith(self._shown):
            return reply
        return replace(reply, answer=replace(reply.answer, text=text.removeprefix(self._shown).strip()))
