"""`fyren ask`: one question, or a batch of them, against the knowledge base."""

from __future__ import annotations

import argparse
import asyncio
from contextlib import AsyncExitStack

from bot.cli.batch import Batch, Item
from bot.cli.console import Console
from bot.cli.progress import ingest_progress
from bot.cli.reader import reader
from bot.cli.terminal import answer_data, answer_text, offers, render
from bot.composition import open_advice
from bot.conversation.figures import caption
from bot.conversation.replies import AnswerReply, FigureReply
from bot.conversation.router import clean
from bot.serving import ServedKnowledge
from bot.settings import Settings
from knowledge.access import Audience
from knowledge.language import language_of
from knowledge.model import Answer, Status


def run(arguments: argparse.Namespace, settings: Settings, console: Console) -> int:
    """1 where a line of the batch could not be read; a refusal is an answer like any other."""
    return asyncio.run(_run(arguments, settings, console))


async def _run(arguments: argparse.Namespace, settings: Settings, console: Console) -> int:
    batch = Batch(arguments.batch, arguments.question, console)
    items = iter(batch)
    first = next(items, None)  # a file that cannot be read is told before a minute is spent on an index
    audience = await asyncio.to_thread(reader, arguments.reader, settings, console)
    async with AsyncExitStack() as stack:
        with ingest_progress(console) as progress:
            knowledge = await stack.enter_async_context(open_advice(settings, console.texts, progress))
        for item in (first, *items) if first is not None else ():
            answer = await _answer(item, knowledge.served, audience, settings, console)
            if console.json or arguments.batch is not None:
                console.data(answer_data(item.id, answer, console.texts))
            else:
                _show(answer, console)
    return 1 if batch.failed else 0


async def _answer(
    item: Item, served: ServedKnowledge, audience: Audience, settings: Settings, console: Console
) -> Answer:
    question = clean(item.question)
    if len(question) > settings.question_limit:
        language = language_of(question)
        text = console.texts.say("ask.too_long", language, length=len(question), limit=settings.question_limit)
        return Answer(question=question, status=Status.REFUSED, language=language, text=text)
    return await served.ask(question, [clean(turn) for turn in item.context], audience=audience)


def _show(answer: Answer, console: Console) -> None:
    console.line(answer_text(answer, console.texts))
    if answer.figure is not None:
        shown = FigureReply(answer.figure, caption(answer.figure, console.texts, answer.language))
        console.line(f"\n{render(shown, console.texts, answer.language, console.width)}")
    suggested = offers([AnswerReply("", answer, suggestions=answer.suggestions)])
    if suggested:
        console.line()
        for title, _ in suggested:
            console.line(f"  > {title}")
