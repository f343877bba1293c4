"""Responses in the main database; answers about security only sealed."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Sequence
from functools import partial

from sqlalchemy import Connection, delete, insert, select, update
from sqlalchemy.exc import IntegrityError

from bot.maturity.errors import AlreadyAnswered
from bot.maturity.ports import Participation
from bot.maturity.responses import ItemAnswer, Response
from bot.maturity.session import Source
from bot.storage.check.keys import RoundKeys
from bot.storage.check.response_rows import AT_ONCE, Reading, counted, read_piece, required
from bot.storage.check.sessions_json import answer_to_json
from bot.storage.schema.base import Row
from bot.storage.schema.check import consensus_municipalities, response_answers, responses
from bot.storage.sealing import seal
from bot.storage.transactions import Transactions


class SqlResponses:
    """Implements `bot.maturity.ports.Responses`."""

    def __init__(self, main: Transactions, keys: RoundKeys) -> None:
        self._main = main
        self._keys = keys

    async def of_round(self, round_id: str) -> Sequence[Response]:
        """Every response of a round, by its random id, also after the round is closed. Raises StorageError."""
        return tuple(response for _, response in await self.numbered(round_id))

    async def numbered(self, round_id: str) -> Sequence[tuple[str, Response]]:
        """Every response of a round with its random id, in the order of those. Raises StorageError.

        Read in pieces, each as it was at one moment: of a round that is open, a response that comes or goes meanwhile
        is there or not.
        """
        reading, found = Reading(), list[tuple[str, Response]]()
        while True:
            piece = partial(read_piece, round_id, found[-1][0] if found else "")
            heads, answers = await self._main.read("the responses could not be read", piece)
            if reading.key is None and any(sealed is not None for *_, sealed in answers):
                reading.key = await self._keys.sealing(round_id)
            found += await asyncio.to_thread(reading.responses, heads, answers)
            if len(heads) < AT_ONCE:
                return tuple(found)

    async def participation(self, round_id: str) -> Participation:
        """How many have answered, counted by the database. Raises StorageError."""

        def count(connection: Connection) -> Participation:
            return counted(connection, round_id)

        return await self._main.read("the responses could not be counted", count)


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


def put_new_responses(
    connection: Connection, added: Sequence[tuple[str, str, Response]], sealing_key: bytes | None
) -> None:
    """Keep many responses in one go, each with the id and the owner that it is to have, of owners who have given none.

    It is for data that does not come from people: nobody is asked whether the round takes answers. Raises StorageError.
    """
    heads = [
        {"id": response_id, "round": each.round, "owner": owner, "source": each.source} | _row(each, each.version)
        for response_id, owner, each in added
    ]
    rows = [
        {"response": response_id, "position": position} | _answer_row(answer, response_id, each.version, sealing_key)
        for response_id, _, each in added
        for position, answer in enumerate(each.answers)
    ]
    groups = [
        {"round": each.round, "municipality": municipality, "response": response_id}
        for response_id, _, each in added
        if each.source is Source.CONSENSUS
        for municipality in each.municipalities
    ]
    for table, values in ((responses, heads), (response_answers, rows), (consensus_municipalities, groups)):
        if values:
            connection.execute(insert(table), values)


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
    sealed = seal(required(key), answer_to_json(answer), response_id, str(version), answer.item)
    return {"item": answer.item, "codes": [], "null": None, "text": "", "comment": "", "sealed": sealed}
