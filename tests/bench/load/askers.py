"""People who ask a question, each in a chat of their own."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from typing import Any

from tests.bench.load.microsoft import Arrival
from tests.bench.load.places import Tenant, Who
from tests.bench.load.turns import Chats, Turn
from tests.program import ROOT

QUESTIONS = ROOT / "tests" / "evals" / "gate.jsonl"
FIRST = 1_000_000
"""The number of the first who asks, far from those who answer."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A question that was answered, and the message that its answer came as: the first of its stream, where it grew
    before the person's eyes. `cited` is whether it names a source; `tries` is how often the question was sent."""

    number: int
    tenant: int
    question: str
    message: str
    cited: bool
    tries: int


@dataclass(slots=True)
class Askers:
    """Everybody who asks."""

    chats: Chats
    tenants: list[Tenant]
    texts: list[str]
    answered: list[Asked] = field(default_factory=list)
    unsure: list[int] = field(default_factory=list)
    """Who got no answer."""
    wrong: list[str] = field(default_factory=list)
    _count: int = 0

    async def ask(self, stream: str, tenants: tuple[int, ...], due: float) -> Turn:
        """The next question, by somebody new."""
        among = tenants or tuple(each.number for each in self.tenants)
        number = self._count
        self._count += 1
        who = Who(FIRST + number, Tenant(among[number % len(among)]))
        question = self.texts[number % len(self.texts)]
        turn = self.chats.new(stream, who, due)
        arrival = await self.chats.take(turn, who, {"text": question}, _is_answer)
        if arrival is None:
            self.unsure.append(who.number)
            return turn
        text = str(arrival.body.get("text", ""))
        cited = "[1]" in text
        if len(text) < 20:
            self.wrong.append(f"the answer to {question!r} is {text!r}")
        message = next(
            (each["streamId"] for each in arrival.body.get("entities", ()) if "streamId" in each), arrival.id
        )
        self.answered.append(Asked(who.number, who.tenant.number, question, message, cited, turn.tries))
        return turn

    def told(self) -> list[dict[str, Any]]:
        """What the rows are compared with."""
        return [asdict(each) for each in self.answered]


def questions() -> list[str]:
    """Those that the library answers."""
    lines = [json.loads(line) for line in QUESTIONS.read_text("utf-8").splitlines() if line.strip()]
    return [line["question"] for line in lines if line["class"] == "answerable"]


def _is_answer(arrival: Arrival) -> bool:
    return bool(arrival.body.get("text") or arrival.body.get("attachments"))
