"""Cards of the check, read as a person reads them: which button to press next, and what that answers."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from tests.bench.load.places import Tenant

Json = dict[str, Any]

ROLES = "it_nara,verksamhetsnara"
"""Both roles that are asked the most: 23 of the 27 questions."""
ANSWER = "check.answer"
ORDER = ("check.yes", "check.accept", "check.background", ANSWER, "check.submit")
"""What is pressed where a card has several buttons, the first of these that it has."""
RESULT = "check.my_answers"


@dataclass(frozen=True, slots=True)
class Press:
    """A button: what Teams sends for it, and the answer that it gives (of the item `item`), where it gives one."""

    verb: str
    value: Json
    item: str = ""
    code: str = ""
    null: str = ""

    @property
    def stores(self) -> bool:
        """Whether it changes what is kept, each time by one version."""
        return self.verb in ORDER


def buttons(card: Mapping[str, Any]) -> Iterator[Json]:
    """The buttons that send something, wherever on the card they are."""
    found = list(card.get("actions", ()))
    for element in card.get("body", ()):
        found += element.get("actions", ())
    return (each for each in found if each.get("type") == "Action.Execute")


def next_press(card: Mapping[str, Any], tenant: Tenant) -> Press | None:
    """What a person presses who goes through the check; None on a card that ends it."""
    found = list(buttons(card))
    for verb in ORDER:
        fitting = [each for each in found if each["verb"] == verb]
        if fitting:
            return _press(random.choice(fitting), tenant)
    return None


def item_of(card: Mapping[str, Any]) -> str:
    """The item that a card asks; empty where it asks none."""
    return next((each["data"]["item"] for each in buttons(card) if each["verb"] == ANSWER), "")


def _press(button: Json, tenant: Tenant) -> Press:
    data, verb = dict(button["data"]), button["verb"]
    if verb == "check.background":
        data |= {"organisation": tenant.municipality, "roles": ROLES, "operation": "it"}
    value = {"action": {"type": "Action.Execute", "verb": verb, "data": data}}
    answered = verb == ANSWER
    item = data.get("item", "") if answered else ""
    return Press(verb, value, item, data.get("code", ""), data.get("null", ""))
