"""One question of a report in the reader's words: what was expected of it, and what came of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.cli.console import Console
from knowledge.evaluation import Result, why
from knowledge.model import Passage

NOTHING = "–"
SAID = 300
"""Most characters of an answer that are shown."""


@dataclass(frozen=True, slots=True)
class Item:
    """One question: a title, and what is said of it, each with its name."""

    title: str
    said: tuple[tuple[str, str], ...]


def miss(result: Result, console: Console) -> Item:
    """A question that went wrong: why, what was expected, where it was found and what was said instead."""
    reason = why(result)
    said = [("why", console.say(f"cli.eval.why.{reason}")), ("expected", _expected(result, console))]
    if result.judgement.sought:
        rank = result.judgement.rank
        place = console.say("cli.eval.rank", rank=rank) if rank is not None else console.say("cli.eval.no_rank")
        said.append(("found", place))
    said.append(("cited", "; ".join(dict.fromkeys(_place(one.passage, console) for one in result.answer.citations))))
    return _item(result, console, said)


def _place(passage: Passage, console: Console) -> str:
    numbers = ", ".join(map(str, passage.pages))
    return (
        f"{passage.document} {console.say('cli.eval.expected.pages', pages=numbers)}" if numbers else passage.document
    )


def unjudged(result: Result, console: Console) -> Item:
    """A question of which the set says nothing, with its answer."""
    return _item(result, console, ())


def _item(result: Result, console: Console, said: Sequence[tuple[str, str]]) -> Item:
    question = result.question
    title = (
        f"{question.id} ({question.kind}): {question.question}"
        if question.kind
        else f"{question.id}: {question.question}"
    )
    answer = " ".join(result.answer.text.split())
    confidence = result.answer.confidence
    pairs = [
        ("context", " / ".join(question.context)),
        *said,
        ("confidence", number(confidence) if confidence is not None else ""),
        ("said", answer if len(answer) <= SAID else f"{answer[:SAID].rstrip()}…"),
    ]
    return Item(title, tuple((console.say(f"cli.eval.label.{name}"), text) for name, text in pairs if text))


def _expected(result: Result, console: Console) -> str:
    question = result.question
    if question.must_refuse:
        return console.say("cli.eval.expected.refusal")
    parts = []
    if question.facts:
        # Of a fact's spellings the first: the others say the same.
        parts.append(
            console.say("cli.eval.expected.facts", facts="; ".join(forms[0] for forms in question.facts if forms))
        )
    if question.passage:
        parts.append(console.say("cli.eval.expected.passage", ids=", ".join(question.passage)))
    elif question.documents:
        parts.append(console.say("cli.eval.expected.documents", ids=", ".join(question.documents)))
        if question.pages:
            parts.append(console.say("cli.eval.expected.pages", pages=", ".join(map(str, question.pages))))
    return ", ".join(parts) or console.say("cli.eval.expected.answer")


def number(value: float | None, digits: int = 3) -> str:
    """A number as reports show it, a dash for none."""
    return NOTHING if value is None else f"{value:.{digits}f}"
