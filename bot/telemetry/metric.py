"""A metric: its name, what it says, and every value that its labels may have.

Labels are closed lists, so that no metric grows with people, conversations, files or addresses: what is on no list is
counted as `other`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from math import prod
from typing import Final

OTHER: Final = "other"
"""The value of a label that is on no list."""


class Kind(StrEnum):
    """How a metric is counted: only upwards, as how it stands now, or as a distribution."""

    COUNTER = "counter"
    GAUGE = "gauge"
    HISTOGRAM = "histogram"


@dataclass(frozen=True, slots=True, eq=False)
class Metric:
    """`name` is in the words of Prometheus, without the `_total` of counters; `unit` is empty where things are counted.

    `labels` are the values of each label, besides OTHER; None where the value is a name of the installation's own, such
    as a version, of which there is one at a time. `buckets` are the upper bounds of a distribution, in its unit.
    """

    name: str
    kind: Kind
    help: str
    unit: str = ""
    labels: Mapping[str, frozenset[str] | None] = field(default_factory=dict)
    buckets: Sequence[float] = ()

    @property
    def most(self) -> int:
        """How many series there can be of it at a time."""
        return prod(1 if values is None else len(values) + 1 for values in self.labels.values())

    @property
    def exposed(self) -> Sequence[str]:
        """The names of its series, as Prometheus reads them."""
        match self.kind:
            case Kind.COUNTER:
                return (f"{self.name}_total",)
            case Kind.HISTOGRAM:
                return tuple(f"{self.name}_{part}" for part in ("bucket", "count", "sum"))
            case Kind.GAUGE:
                return (self.name,)

    def bounded(self, values: Sequence[str]) -> tuple[str, ...]:
        """The labels' values as they may be told. Raises ValueError where there are more or fewer than labels."""
        return tuple(
            value if allowed is None or value in allowed else OTHER
            for value, allowed in zip(values, self.labels.values(), strict=True)
        )
