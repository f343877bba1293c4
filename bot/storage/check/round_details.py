"""What belongs to a round beside its row: how many were invited, and how far municipalities show their statements."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import ColumnElement, Connection, delete, insert, select, true, update

from bot.access.audit import Action, AuditEvent
from bot.maturity.errors import RoundClosed, StepRefused
from bot.maturity.ports import Visibility, VisibilityDecision
from bot.maturity.round_life import By
from bot.maturity.rounds import OVER, Invited
from bot.storage.operating.audit import Now, put_entry, utc_now
from bot.storage.schema.base import Row
from bot.storage.schema.check import invited, rounds, visibilities
from bot.storage.transactions import Transactions


class SqlVisibilities:
    """Implements `bot.maturity.ports.Visibilities`."""

    def __init__(self, main: Transactions, now: Now = utc_now) -> None:
        self._main = main
        self._now = now

    async def decisions(self, round_id: str) -> Mapping[str, VisibilityDecision]:
        """The decisions of a round, by municipality. Raises StorageError."""
        query = select(visibilities).where(visibilities.c.round == round_id).order_by(visibilities.c.municipality)

        def find(connection: Connection) -> Mapping[str, VisibilityDecision]:
            return {
                row.municipality: VisibilityDecision(
                    round_id, row.municipality, Visibility(row.visibility), row.decided, row.decided_by
                )
                for row in connection.execute(query)
            }

        return await self._main.read("the decisions on visibility could not be read", find)

    async def decide(self, decision: VisibilityDecision, by: By) -> None:
        """Keep a decision, in place of an earlier one. Raises StepRefused once the round is closed, StorageError."""
        mine = (visibilities.c.round == decision.round, visibilities.c.municipality == decision.municipality)
        held = select(rounds.c.label, rounds.c.status).where(rounds.c.id == decision.round).with_for_update(read=True)

        def keep(connection: Connection) -> None:
            found = connection.execute(held).first()
            if found is None:
                raise RoundClosed(decision.round)
            if found.status in OVER:
                raise StepRefused("visibility_over", label=found.label)
            before = connection.scalar(select(visibilities.c.visibility).where(*mine))
            if before is None:
                connection.execute(insert(visibilities).values(_decision_row(decision)))
            else:
                connection.execute(update(visibilities).where(*mine).values(_decision_row(decision)))
            if before != decision.visibility:
                told = {
                    "municipality": decision.municipality,
                    "visibility": f"{before or ''} > {decision.visibility}".strip(),
                }
                event = AuditEvent(self._now(), by.actor, by.tenant, Action.VISIBILITY_DECIDED, found.label, told)
                put_entry(connection, event)

        await self._main.write("a decision on visibility could not be stored", keep)


def invited_of(connection: Connection, round_id: str | None = None) -> Mapping[str, Invited]:
    """How many were invited, by round; of one round, or of all."""
    only: ColumnElement[bool] = true() if round_id is None else invited.c.round == round_id
    found: dict[str, dict[tuple[str, str], int]] = {}
    query = select(invited).where(only).order_by(invited.c.round, invited.c.municipality, invited.c.role)
    for row in connection.execute(query):
        found.setdefault(row.round, {})[row.municipality, row.role] = row.number
    return found


def put_invited(connection: Connection, round_id: str, numbers: Invited) -> None:
    """Keep these numbers in place of the round's earlier ones."""
    connection.execute(delete(invited).where(invited.c.round == round_id))
    rows = [
        {"round": round_id, "municipality": municipality, "role": role, "number": number}
        for (municipality, role), number in numbers.items()
    ]
    if rows:
        connection.execute(insert(invited), rows)


def _decision_row(decision: VisibilityDecision) -> Row:
    return {
        "round": decision.round,
        "municipality": decision.municipality,
        "visibility": decision.visibility.value,
        "decided": decision.decided,
        "decided_by": decision.by,
    }
