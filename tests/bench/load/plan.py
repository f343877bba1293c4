"""What a client is to do: streams of turns at even rates, as JSON from one process to another."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class Stream:
    """Turns of a kind, `rate` a second for so many seconds, from `begins` seconds after the start of all streams on.

    Only people of the numbered `tenants` take part; of all, where none are named. `name` is what figures call it.
    """

    name: str
    kind: Literal["press", "ask"]
    rate: float
    seconds: float
    begins: float = 0.0
    tenants: tuple[int, ...] = ()

    @property
    def ends(self) -> float:
        """Seconds after the start of all streams."""
        return self.begins + self.seconds


@dataclass(frozen=True, slots=True)
class Plan:
    """Streams, and who there is: `people` who answer, spread over so many tenants.

    `patience` is how many seconds a turn may take before it counts as lost, and `settle` for how many seconds after the
    last turn replies are still listened for. Before the streams begin, `warm_up` questions are asked one after another.
    """

    streams: tuple[Stream, ...]
    people: int = 300
    tenants: int = 14
    patience: float = 60.0
    settle: float = 5.0
    warm_up: int = 40

    @property
    def seconds(self) -> float:
        """How long turns are sent."""
        return max(each.ends for each in self.streams)

    def as_json(self) -> str:
        """One line."""
        return json.dumps(asdict(self))

    @classmethod
    def from_json(cls, text: str) -> Plan:
        """What `as_json` wrote."""
        told = json.loads(text)
        streams = tuple(Stream(**each | {"tenants": tuple(each["tenants"])}) for each in told.pop("streams"))
        return cls(streams=streams, **told)
