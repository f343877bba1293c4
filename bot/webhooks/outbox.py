"""The outbox: messages that are to be delivered, and when they are tried next. It outlives the service's process."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol


class DeliveryState(StrEnum):
    """WAITING for a try, DELIVERED, or GIVEN_UP after the last one."""

    WAITING = "waiting"
    DELIVERED = "delivered"
    GIVEN_UP = "given_up"


@dataclass(frozen=True, slots=True)
class Delivery:
    """One message for one target. `message` is its id, the same for every target and every try.

    `target` is a digest of the address and not the address, which may hold a secret. `due` is when it is tried next;
    `attempts` is how often it was tried.
    """

    message: str
    target: str
    event: str
    body: str
    created: datetime
    due: datetime
    attempts: int = 0
    state: DeliveryState = DeliveryState.WAITING


def target_of(url: str) -> str:
    """How a delivery names an address."""
    return hashlib.sha256(url.encode()).hexdigest()[:32]


class Outbox(Protocol):
    """Deliveries by message and target. Every method raises OutboxFailed."""

    async def put(self, deliveries: Sequence[Delivery]) -> int:
        """Keep those that are not there yet; how many they were. Committed when this returns."""

    async def due(self, now: datetime, limit: int) -> Sequence[Delivery]:
        """Deliveries that are to be tried now, those that have waited longest first."""

    async def claim(self, delivery: Delivery, until: datetime) -> bool:
        """Take a delivery for oneself: it is not due before `until`. False where somebody else was faster."""

    async def settle(self, delivery: Delivery, state: DeliveryState, *, due: datetime) -> None:
        """Note how a try ended: one more attempt, the state, and when it is tried next where it is WAITING."""

    async def forget_before(self, moment: datetime) -> int:
        """Delete what was created before and waits no longer; how many they were."""
