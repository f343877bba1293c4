"""People who go through the check: a card at a time, and what they were told is kept."""

from __future__ import annotations

import time
from collections import deque
from dataclasses import dataclass, field
from typing import Any

from tests.bench.load.cards import ANSWER, Press, buttons, item_of, next_press
from tests.bench.load.microsoft import Arrival
from tests.bench.load.places import Tenant, Who
from tests.bench.load.turns import Chats, Turn

Json = dict[str, Any]

BEGIN = "mognadskoll"


@dataclass(slots=True)
class Checker:
    """Somebody with the newest card before them; `kept` is what Fyren has said yes to, `open` what it has not."""

    who: Who
    card: Json = field(default_factory=dict)
    card_id: str = ""
    kept: dict[str, Json] = field(default_factory=dict)
    open: dict[str, Json] = field(default_factory=dict)
    versions: int = 0
    """Presses that were answered with the next card, and each store a version."""
    unsure: int = 0
    """Presses of that kind that were not, and may have been stored or not."""
    submitted: bool = False

    def told(self) -> Json:
        """What the rows are compared with."""
        return {
            "number": self.who.number,
            "tenant": self.who.tenant.number,
            "kept": self.kept,
            "open": self.open,
            "versions": self.versions,
            "unsure": self.unsure,
            "submitted": self.submitted,
        }


class Checkers:
    """Everybody who answers. Whoever is through with it is followed by somebody new."""

    def __init__(self, chats: Chats, tenants: list[Tenant], people: int) -> None:
        self._chats = chats
        self._tenants = tenants
        self.everybody: list[Checker] = []
        self._idle: dict[int, deque[Checker]] = {each.number: deque() for each in tenants}
        self.wrong: list[str] = []
        """Replies that are not what a person at that point is told."""
        for number in range(people):
            self._add(tenants[number % len(tenants)])

    def _add(self, tenant: Tenant) -> None:
        added = Checker(Who(len(self.everybody), tenant))
        self.everybody.append(added)
        self._idle[tenant.number].append(added)

    def pick(self, tenants: tuple[int, ...], turn: int) -> Checker | None:
        """Who has waited the longest of these tenants, in turn; None where everybody is busy."""
        among = tenants or tuple(each.number for each in self._tenants)
        for step in range(len(among)):
            idle = self._idle[among[(turn + step) % len(among)]]
            if idle:
                return idle.popleft()
        return None

    async def step(self, person: Checker, stream: str, due: float) -> Turn:
        """What this person does next; they are idle again afterwards."""
        turn = self._chats.new(stream, person.who, due)
        press = next_press(person.card, person.who.tenant) if person.card else None
        try:
            if press is None:
                await self._say(turn, person)
            else:
                await self._press(turn, person, press)
        finally:
            self._idle[person.who.tenant.number].append(person)
        if person.submitted:
            self._idle[person.who.tenant.number].remove(person)
            self._add(person.who.tenant)
        return turn

    async def _say(self, turn: Turn, person: Checker) -> None:
        arrival = await self._chats.take(turn, person.who, {"text": BEGIN}, _is_card)
        if arrival is not None:
            self._take(person, arrival)

    async def _press(self, turn: Turn, person: Checker, press: Press) -> None:
        body = {"type": "invoke", "name": "adaptiveCard/action", "value": press.value, "text": None}
        before = item_of(person.card)
        answer = {"code": press.code, "null": press.null}
        arrival = await self._chats.take(turn, person.who, body | {"replyToId": person.card_id}, _is_card)
        if turn.refused:
            return
        if turn.replied:
            person.versions += press.stores
            if press.verb == ANSWER:
                person.kept[press.item] = answer
                person.open.pop(press.item, None)
        else:
            person.unsure += press.stores
            if press.verb == ANSWER:
                person.open[press.item] = answer
        if arrival is None:
            return
        self._take(person, arrival)
        if press.verb == ANSWER and item_of(person.card) == before:
            self.wrong.append(f"after {before} the same question came again")
        person.submitted = press.verb == "check.submit"

    def _take(self, person: Checker, arrival: Arrival) -> None:
        person.card, person.card_id = _card(arrival), arrival.id

    async def first_question(self, person: Checker) -> None:
        """As far as the first question."""
        while not item_of(person.card):
            self._idle[person.who.tenant.number].remove(person)
            turn = await self.step(person, "beginning", time.monotonic())
            if turn.trouble or turn.refused:
                raise RuntimeError(f"somebody could not begin: {turn}")


def _card(arrival: Arrival) -> Json:
    for attachment in arrival.body.get("attachments", ()):
        content: Json = attachment["content"]
        if any(buttons(content)):
            return content
    return {}


def _is_card(arrival: Arrival) -> bool:
    return any(each["verb"].startswith("check.") for each in buttons(_card(arrival)))
