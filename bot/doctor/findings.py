"""What a check of `fyren doctor` gives."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class Verdict(StrEnum):
    """How serious a finding is."""

    OK = "ok"
    WARNING = "warning"
    ERROR = "error"


@dataclass(frozen=True, slots=True)
class Check:
    """One finding. Its sentence is in the catalogue under `doctor.<key>`, and says what to do where that is needed."""

    name: str
    verdict: Verdict
    key: str
    values: Mapping[str, object] = field(default_factory=dict)
