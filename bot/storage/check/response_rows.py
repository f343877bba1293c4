"""How responses are read and counted, where there are many of them.

What is said again and again (a level, a municipality) is one object, however many responses say it; and what leaves the
database in one piece is small enough for nobody to wait for it.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any, Final

from sqlalchemy import Connection, Row, Text, cast, func, select, text

from bot.maturity.instrument import Null
from bot.maturity.ports import Group, Participation
from bot.maturity.responses import ItemAnswer, Response
from bot.maturity.session import Source
from bot.storage.check.sessions_json import answer_from_json
from bot.storage.errors import StorageError
from bot.storage.schema.check import response_answers, responses
from bot.storage.sealing import unseal

AT_ONCE: Final = 250
"""Responses that are read in one go, with their answers."""

Rows = Sequence[Row[*tuple[Any, ...]]]

_PLAIN: Final = (responses.c.municipalities, responses.c.roles)
"""Columns of JSON that are read as the text that they are, so that the same text need be taken apart only once."""

_WORDS: Final = (
    *("round", "instrument", "instrument_version", "digest", "mode", "language", "notice", "organisation"),
    "operation",
)
"""The fields of a response that are its columns of text."""


def read_piece(round_id: str, after: str, connection: Connection) -> tuple[Rows, Rows]:
    """The next AT_ONCE responses of a round by their ids, `after` the last one, and all answers of these, in order.

    Raises what SQLAlchemy raises.
    """
    if connection.dialect.name == "postgresql":
        # Otherwise each statement sees its own moment, and answers might be of another version than their response.
        connection.execute(text("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ"))
    table, answers = responses.c, response_answers.c
    heads = connection.execute(
        select(*(cast(each, Text).label(each.name) if each in _PLAIN else each for each in responses.c))
        .where(table.round == round_id, table.id > after)
        .order_by(table.id)
        .limit(AT_ONCE)
    ).all()
    if not heads:
        return heads, []
    theirs = (
        select(
            *(answers.response, answers.item, cast(answers.codes, Text), answers.null),
            *(answers.text, answers.comment, answers.sealed),
        )
        .join(responses, answers.response == table.id)
        .where(table.round == round_id, answers.response > after, answers.response <= heads[-1].id)
        .order_by(answers.response, answers.position)
    )
    return heads, connection.execute(theirs).all()


def counted(connection: Connection, round_id: str) -> Participation:
    """How many responses there are, by group and by day. Raises what SQLAlchemy raises."""
    alike = (
        responses.c.organisation,
        cast(responses.c.municipalities, Text).label("municipalities"),
        cast(responses.c.roles, Text).label("roles"),
        responses.c.source,
    )
    query = select(*alike, func.count()).where(responses.c.round == round_id).group_by(*alike)
    by_day = select(responses.c.submitted, func.count().label("responses")).where(responses.c.round == round_id)
    groups: dict[Group, int] = {}
    for organisation, municipalities, roles, source, count in connection.execute(query):
        # The same roles in another order are the same group.
        group = Group(organisation, tuple(json.loads(municipalities)), tuple(sorted(json.loads(roles))), Source(source))
        groups[group] = groups.get(group, 0) + count
    days = connection.execute(by_day.group_by(responses.c.submitted).order_by(responses.c.submitted))
    return Participation(groups, {row.submitted: row.responses for row in days})


class Reading:
    """Makes responses from rows; `key` opens the answers about security. To be used by one thread at a time."""

    def __init__(self) -> None:
        self.key: bytes | None = None
        self._lists: dict[str, tuple[str, ...]] = {}
        self._words: dict[str, str] = {}
        self._answers: dict[tuple[str, str, str | None], ItemAnswer] = {}

    def responses(self, heads: Rows, answers: Rows) -> list[tuple[str, Response]]:
        """Each response with its id. Raises StorageError, also where there is something sealed and no key."""
        versions = {head.id: str(head.version) for head in heads}
        of_each: dict[str, list[ItemAnswer]] = {name: [] for name in versions}
        # Unpacked, as asking a row for its columns by name takes longer than all the rest.
        for response, item, codes, null, words, comment, sealed in answers:
            if sealed is not None:
                opened = unseal(required(self.key), sealed, response, versions[response], item)
                answer = answer_from_json(opened)
            elif words or comment:
                answer = ItemAnswer(self._word(item), self._list(codes), _null(null), words, comment)
            else:
                said = (item, codes, null)
                known = self._answers.get(said)
                if known is None:
                    known = ItemAnswer(self._word(item), self._list(codes), _null(null))
                    self._answers[said] = known
                answer = known
            of_each[response].append(answer)
        return [(head.id, self._response(head, tuple(of_each[head.id]))) for head in heads]

    def _response(self, head: Row[*tuple[Any, ...]], answers: tuple[ItemAnswer, ...]) -> Response:
        values = head._mapping
        words = {name: self._word(values[name]) for name in _WORDS}
        return Response(
            submitted=head.submitted,
            source=Source(head.source),
            municipalities=self._list(head.municipalities),
            roles=self._list(head.roles),
            answers=answers,
            version=head.version,
            **words,
        )

    def _list(self, stored: str) -> tuple[str, ...]:
        known = self._lists.get(stored)
        if known is None:
            known = self._lists[stored] = tuple(self._word(each) for each in json.loads(stored))
        return known

    def _word(self, stored: str) -> str:
        return self._words.setdefault(stored, stored)


def _null(stored: str | None) -> Null | None:
    return None if stored is None else Null(stored)


def required(key: bytes | None) -> bytes:
    """A round's sealing key. Raises StorageError where there is none."""
    if key is None:
        raise StorageError("a round's sealing key is missing")
    return key
