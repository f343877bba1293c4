"""How much a model may take for an answer."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ComposerOptions:
    """Seconds for everything the model does, tokens of its answer, passages it is given, and minutes that an answer
    is kept."""

    deadline: float = 30.0
    answer_tokens: int = 900
    passages: int = 8
    cache_minutes: int = 60
