"""After a run: whether the database holds what people were told, nothing less and nothing twice."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import Connection, func, select

from bot.maturity.ports import Draft, Person
from bot.storage.database import Database
from bot.storage.schema.check import drafts, responses
from bot.storage.schema.journal import answers, deliveries
from tests.bench.load.databases import Place
from tests.bench.load.places import ROUND, Tenant, Who

Json = dict[str, Any]
SHOWN = 10
"""Findings of a kind that are written down; all are counted."""


def check(place: Place, told: Json) -> Json:
    """Counts of what was looked at, of what is lost and of what is there twice, and some findings in words."""
    return asyncio.run(_checked(place, told))


async def _checked(place: Place, told: Json) -> Json:
    database = await place.open(beside=True)
    try:
        lost, doubled, looked = await _sessions(database, told["people"])
        rows = await database.main.read("the answers could not be read", _journal)
        lost_answers, doubled_answers, again = _answers(told, rows)
        kept = await database.main.read("the rows could not be counted", _counts)
    finally:
        await database.close()
    submitted = sum(each["submitted"] for each in told["people"])
    unsure = sum(each["unsure"] for each in told["people"])
    if not submitted <= kept["responses"] <= submitted + unsure:
        (lost if kept["responses"] < submitted else doubled).append(f"{kept['responses']} responses of {submitted}")
    lost, doubled = lost + lost_answers, doubled + doubled_answers
    return {
        "answers_looked_at": looked,
        "questions_looked_at": len(told["asked"]),
        "responses": kept["responses"],
        "drafts": kept["drafts"],
        "lost": len(lost),
        "doubled": len(doubled),
        "again": again,
        "findings": [*lost[:SHOWN], *doubled[:SHOWN]],
    }


async def _sessions(database: Database, people: Iterable[Json]) -> tuple[list[str], list[str], int]:
    """Each person's session beside what they were told: every answer, and one version for each press."""
    lost: list[str] = []
    doubled: list[str] = []
    looked = 0
    for told in people:
        who = Who(told["number"], Tenant(told["tenant"]))
        found = await database.check.mine(Person(who.tenant.id, who.user))
        looked += len(told["kept"])
        if not found:
            lost += [f"the session of {who.user}"] if told["versions"] else []
            continue
        [draft] = found
        lost += [
            f"{who.user}: {item}" for item, answer in told["kept"].items() if not _holds(draft, told, item, answer)
        ]
        most = told["versions"] + told["unsure"]
        if draft.version < told["versions"]:
            lost.append(f"{who.user}: version {draft.version} after {told['versions']} presses")
        elif draft.version > most:
            doubled.append(f"{who.user}: version {draft.version} after {most} presses")
    return lost, doubled, looked


def _holds(draft: Draft, told: Json, item: str, answer: Json) -> bool:
    given = draft.session.answers.get(item)
    # What was answered anew without a word of Fyren may be either.
    allowed = [answer, *([told["open"][item]] if item in told["open"] else [])]
    codes = given.codes if given is not None else ()
    null = str(given.null or "") if given is not None else ""
    return given is not None and any(
        tuple(filter(None, [each["code"]])) == codes and each["null"] == null for each in allowed
    )


def _journal(connection: Connection) -> Mapping[str, list[tuple[str, str]]]:
    """Question and the messages that it was answered as, for every row of a chat."""
    found: dict[str, list[tuple[str, str]]] = {}
    query = select(answers.c.conversation, answers.c.question, answers.c.id)
    sent: dict[str, list[str]] = {}
    for answer, message in connection.execute(select(deliveries.c.answer, deliveries.c.activity)):
        sent.setdefault(answer, []).append(message)
    for chat, question, answer in connection.execute(query):
        found.setdefault(chat, []).append((question, " ".join(sent.get(answer, []))))
    return found


def _answers(told: Json, rows: Mapping[str, list[tuple[str, str]]]) -> tuple[list[str], list[str], int]:
    """What is lost, what is there twice, and how many are there twice of those that Teams had to send again: whoever
    took such a question first had died with its answer."""
    lost: list[str] = []
    doubled: list[str] = []
    again = 0
    for each in told["asked"]:
        chat = Who(each["number"], Tenant(each["tenant"])).chat
        found = rows.get(chat, [])
        if not any(question == each["question"] for question, _ in found):
            lost.append(f"the answer in {chat}")
        elif not any(each["message"] in messages.split() for _, messages in found):
            lost.append(f"that the answer in {chat} was delivered as {each['message']}")
        if len(found) > each["tries"]:
            doubled.append(f"{len(found)} answers in {chat}")
        again += 1 < len(found) <= each["tries"]
    return lost, doubled, again


def _counts(connection: Connection) -> Counter[str]:
    counted: Counter[str] = Counter()
    for name, table in (("responses", responses), ("drafts", drafts)):
        query = select(func.count()).select_from(table).where(table.c.round == ROUND)
        counted[name] = connection.scalar(query) or 0
    return counted
