"""What is told: that a round was closed, and that an edition of it was published. No result is in it, only where it is.

Which events there are follows from the rounds and editions that are stored, so that none is lost where the service ends
between closing a round and noting the event; an event's id follows from what happened, so that it is noted once.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any, Final

from bot.maturity.ports import Edition
from bot.maturity.rounds import Round

NEWS: Final = timedelta(days=3)
"""How old something may be to be told: a webhook that is set up today does not tell of last year's rounds."""


class EventType(StrEnum):
    """What happened."""

    ROUND_CLOSED = "round.closed"
    EDITION_PUBLISHED = "edition.published"


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened. `data` is what a receiver is told of it."""

    id: str
    type: EventType
    data: Mapping[str, Any]

    def body(self, now: datetime) -> str:
        """The message, as Standard Webhooks lays it out."""
        told = {"type": self.type, "timestamp": now.isoformat(timespec="seconds"), "data": self.data}
        return json.dumps(told, ensure_ascii=False, separators=(",", ":"))


def events(
    rounds: Sequence[Round], editions: Mapping[str, Sequence[Edition]], *, today: date, base: str
) -> Iterator[Event]:
    """The events that are news today. `editions` are those of each round, by its id; `base` is the service's address.

    Trial rounds count nowhere, so they are not told.
    """
    for held in rounds:
        if held.practice:
            continue
        if held.is_over and held.closed_on is not None and today - held.closed_on <= NEWS:
            yield _event(EventType.ROUND_CLOSED, held, base, str(held.openings), _about(held, base))
        for edition in editions.get(held.id, ()):
            if today - edition.compiled <= NEWS:
                yield _event(
                    EventType.EDITION_PUBLISHED, held, base, str(edition.number), _published(held, edition, base)
                )


def _about(held: Round, base: str) -> dict[str, Any]:
    links = {"page": f"{base}/rounds/{held.id}", "round": f"{base}/api/v1/rounds/{held.id}"}
    return {"round": held.id, "label": held.label, "closed_on": str(held.closed_on), "links": links}


def _published(held: Round, edition: Edition, base: str) -> dict[str, Any]:
    links = {
        "page": f"{base}/rounds/{held.id}/results",
        "results": f"{base}/api/v1/rounds/{held.id}/results",
        "exports": f"{base}/rounds/{held.id}/exports",
    }
    if held.open_data:
        links["open_data"] = f"{base}/open-data"
    return {"round": held.id, "label": held.label, "edition": edition.number, "links": links}


def _event(kind: EventType, held: Round, base: str, which: str, data: Mapping[str, Any]) -> Event:
    told = "\n".join((base, kind, held.id, which))
    return Event(f"msg_{hashlib.sha256(told.encode()).hexdigest()[:32]}", kind, data)
