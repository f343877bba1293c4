"""Responses in the main database; answers about security only sealed."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, RowMapping, delete, insert, select, update
from sqlalchemy.exc import IntegrityError

from bot.maturity.errors import AlreadyAnswered
from bot.maturity.instrument import Null
from bot.maturity.responses import ItemAnswer, Response
from bot.maturity.session import Source
from bot.storage.errors import StorageError
from bot.storage.keys import RoundKeys
from bot.storage.schema.base import Row
from bot.storage.schema.check import consensus_municipalities, response_answers, responses
from bot.storage.sealing import seal, unseal
from bot.storage.sessions_json import answer_from_json, answer_to_json
from bot.storage.transactions import Transactions


class SqlResponses:
    """Implements `bot.maturity.ports.Responses`."""

    def __init__(self, main: Transactions, keys: RoundKeys) -> None:
        self._main = main
        self._keys = keys

    async def of_round(self, round_id: str) -> Sequence[Response]:
        """Every response of a round, by its random id, also after the round is closed. Raises StorageError."""
        query = (
            select(responses, response_answers)
            .outerjoin(response_answers, response_answers.c.response == responses.c.id)
            .where(responses.c.round == round_id)
            .order_by(responses.c.id, response_answers.c.position)
        )

        def find(connection: Connection) -> Sequence[RowMapping]:
            return connection.execute(query).mappings().all()

        rows = await self._main.read("the responses could not be read", find)
        key = await self._keys.sealing(round_id) if any(row[response_answers.c.sealed] for row in rows) else None
        found: dict[str, tuple[RowMapping, list[ItemAnswer]]] = {}
        for row in rows:
            _, answers = found.setdefault(row[responses.c.id], (row, []))
            if row[response_answers.c.item] is not None:
                answers.append(_answer(row, key))
        return tuple(_response(row, answers) for row, answers in found.values())


def put_response(connection: Connection, owner: str, response: Response, sealing_key: bytes | None) -> None:
    """Keep a response in a transaction that has seen to it that nobody else changes the owner's.

    It replaces the owner's earlier one and counts its version up. `sealing_key` seals answers about security.
    Raises AlreadyAnswered, StorageError where there is something to seal and no key.
    """
    mine = (
        responses.c.round == response.round,
        responses.c.owner == owner,
        responses.c.source == response.source,
    )
    earlier = connection.execute(select(responses.c.id, responses.c.version).where(*mine)).first()
    if earlier is None:
        response_id, version = secrets.token_hex(16), 1
        head = {"id": response_id, "round": response.round, "owner": owner, "source": response.source}
        connection.execute(insert(responses).values(head | _row(response, version)))
    else:
        response_id, version = earlier.id, earlier.version + 1
        connection.execute(update(responses).where(*mine).values(_row(response, version)))
        for table in (response_answers, consensus_municipalities):
            connection.execute(delete(table).where(table.c.response == response_id))
    rows = [
        {"response": response_id, "position": position} | _answer_row(answer, response_id, version, sealing_key)
        for position, answer in enumerate(response.answers)
    ]
    if rows:
        connection.execute(insert(response_answers), rows)
    if response.source is Source.CONSENSUS and response.municipalities:
        # In one order, so that two groups who answer for the same ones do not wait for each other.
        groups = [
            {"round": response.round, "municipality": each, "response": response_id}
            for each in sorted(set(response.municipalities))
        ]
        try:
            connection.execute(insert(consensus_municipalities), groups)
        except IntegrityError as error:
            raise AlreadyAnswered(response.organisation) from error


def remove_response(connection: Connection, round_id: str, owner: str, source: Source) -> bool:
    """Delete an owner's response with everything that belongs to it; whether there was one."""
    mine = delete(responses).where(
        responses.c.round == round_id, responses.c.owner == owner, responses.c.source == source
    )
    return connection.execute(mine).rowcount > 0


def _row(response: Response, version: int) -> Row:
    return {
        "version": version,
        "instrument": response.instrument,
        "instrument_version": response.instrument_version,
        "digest": response.digest,
        "submitted": response.submitted,
        "mode": response.mode,
        "language": response.language,
        "notice": response.notice,
        "organisation": response.organisation,
        "municipalities": list(response.municipalities),
        "roles": list(response.roles),
        "operation": response.operation,
    }


def _answer_row(answer: ItemAnswer, response_id: str, version: int, key: bytes | None) -> Row:
    if not answer.security:
        return {
            "item": answer.item,
            "codes": list(answer.codes),
            "null": answer.null,
            "text": answer.text,
            "comment": answer.comment,
            "sealed": None,
        }
    sealed = seal(_required(key), answer_to_json(answer), response_id, str(version), answer.item)
    return {"item": answer.item, "codes": [], "null": None, "text": "", "comment": "", "sealed": sealed}


def _answer(row: RowMapping, key: bytes | None) -> ItemAnswer:
    table = response_answers.c
    if row[table.sealed] is not None:
        place = (row[responses.c.id], str(row[responses.c.version]), row[table.item])
        return answer_from_json(unseal(_required(key), row[table.sealed], *place))
    null = row[table.null]
    return ItemAnswer(
        row[table.item],
        tuple(row[table.codes]),
        None if null is None else Null(null),
        row[table.text],
        row[table.comment],
    )


def _required(key: bytes | None) -> bytes:
    if key is None:
        raise StorageError("a round's sealing key is missing")
    return key


def _response(row: RowMapping, answers: list[ItemAnswer]) -> Response:
    table: Any = responses.c
    return Response(
        round=row[table.round],
        instrument=row[table.instrument],
        instrument_version=row[table.instrument_version],
        digest=row[table.digest],
        submitted=row[table.submitted],
        source=Source(row[table.source]),
        mode=row[table.mode],
        language=row[table.language],
        notice=row[table.notice],
        organisation=row[table.organisation],
        municipalities=tuple(row[table.municipalities]),
        roles=tuple(row[table.roles]),
        operation=row[table.operation],
        answers=tuple(answers),
        version=row[table.version],
    )
