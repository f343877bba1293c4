"""The documents of a round that are handed out on request: responses as they were given, with what is masked.

Responses stand in random order and have no name, no account and no time of day; still they may tell who somebody is,
which is why a decision goes with them.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from bot.conversation.texts import Texts
from bot.exports.codebook import codebook
from bot.exports.harmless import harmless
from bot.exports.names import Names
from bot.maturity.responses import ItemAnswer, Response
from bot.maturity.rounds import Round

HEAD: Final = (
    *("response", "submitted", "source", "organisation", "municipalities", "roles", "operation", "item", "topic"),
    *("codes", "answer", "no_answer", "text", "comment", "masked"),
)


@dataclass(frozen=True, slots=True)
class Disclosure:
    """What is handed out: by which `decision`, on which day, and which items are `masked` in it."""

    round: Round
    responses: Sequence[Response]
    masked: frozenset[str]
    decision: str
    day: date


def masked_items(held: Round, named: Collection[str], *, security: bool) -> frozenset[str]:
    """The items that are masked: those that are named, and those about security unless `security` includes them."""
    return frozenset(named) | frozenset(each.id for each in held.instrument.items if each.security and not security)


def files_of(told: Disclosure, texts: Texts, language: str) -> Mapping[str, bytes]:
    """The files by name: the responses as a table and as JSON, the questions, and the note on the decision."""
    lines = list(_lines(told, language))
    table = io.StringIO(newline="")
    writer = csv.DictWriter(table, HEAD, lineterminator="\r\n")
    writer.writeheader()
    writer.writerows({name: harmless(value) for name, value in line.items()} for line in lines)
    book = codebook(told.round.instrument, texts, language)
    questions = [{"id": each.id, "question": each.question, "kind": each.kind} for each in book.items]
    whole = {"round": told.round.label, "decision": told.decision, "masked": sorted(told.masked), "answers": lines}
    return {
        "responses.csv": table.getvalue().encode("utf-8-sig"),
        "responses.json": _json(whole),
        "questions.json": _json({"instrument": book.instrument, "version": book.version, "questions": questions}),
        "decision.txt": "\n".join(_note(told, texts, language)).encode() + b"\n",
    }


def _lines(told: Disclosure, language: str) -> Iterator[dict[str, str]]:
    names = Names(told.round.instrument, language)
    for number, response in enumerate(told.responses, start=1):
        head = {
            "response": str(number),
            "submitted": response.submitted.isoformat(),
            "source": str(response.source),
            "organisation": names.municipality(response.organisation),
            "municipalities": ", ".join(map(names.municipality, response.municipalities)),
            "roles": ", ".join(map(names.role, response.roles)),
            "operation": names.operation(response.operation),
        }
        for answer in response.answers:
            yield head | _answer(told, answer, names)


def _answer(told: Disclosure, answer: ItemAnswer, names: Names) -> dict[str, str]:
    item = told.round.instrument.item(answer.item)
    topic = {"item": answer.item, "topic": names.item(answer.item)}
    if answer.item in told.masked:
        blank = dict.fromkeys(("codes", "answer", "no_answer", "text", "comment"), "")
        return topic | blank | {"masked": "true"}
    labels = [names.option(item, code) for code in answer.codes] if item is not None else list(answer.codes)
    return topic | {
        "codes": " ".join(answer.codes),
        "answer": ", ".join(labels),
        "no_answer": str(answer.null) if answer.null is not None else "",
        "text": answer.text,
        "comment": answer.comment,
        "masked": "false",
    }


def _note(told: Disclosure, texts: Texts, language: str) -> Iterator[str]:
    names = Names(told.round.instrument, language)
    masked = ", ".join(names.item(item) for item in sorted(told.masked))
    say = texts.say
    yield say("cli.maturity.disclose.note.title", language, label=told.round.label)
    yield ""
    yield say("cli.maturity.disclose.note.day", language, day=told.day.isoformat())
    diary = told.round.diary_number or say("cli.maturity.disclose.note.none", language)
    yield say("cli.maturity.disclose.note.diary", language, diary=diary)
    yield say("cli.maturity.disclose.note.responses", language, count=len(told.responses))
    none = say("cli.maturity.disclose.note.none", language)
    yield say("cli.maturity.disclose.note.masked", language, items=masked or none)
    yield say("cli.maturity.disclose.note.decision", language, decision=told.decision)
    yield ""
    yield from texts.lines("cli.maturity.disclose.note.about", language)


def _json(value: Mapping[str, Any]) -> bytes:
    return json.dumps(value, ensure_ascii=False, indent=1).encode()
