"""Answers that were just given, for the same question again; in memory only, and not for long."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from time import monotonic

from knowledge.model import Answer

MOST = 500
"""Answers that are kept."""


@dataclass(frozen=True, slots=True)
class AnswerKey:
    """What an answer depends on: the question as asked and as understood, the earlier ones where it needs them, and
    which knowledge, prompts and model it comes from.

    `owners` are those whose documents the asker may read, beside everybody's: an answer made from them is nobody
    else's.
    """

    question: str
    standalone: str
    context: tuple[str, ...]
    language: str
    generation: str
    prompts: str
    model: str
    owners: frozenset[str]


class AnswerCache:
    """Keeps answers for `lifetime` seconds (0: none), and only those of the newest generation that was seen."""

    def __init__(self, lifetime: float, clock: Callable[[], float] = monotonic, most: int = MOST) -> None:
        self._lifetime = lifetime
        self._clock = clock
        self._most = most
        self._kept: OrderedDict[AnswerKey, tuple[float, Answer]] = OrderedDict()
        self._generation = ""

    def __len__(self) -> int:
        return len(self._kept)

    def get(self, key: AnswerKey) -> Answer | None:
        """The answer to the same question, if it was given lately from this generation."""
        self._turn_to(key.generation)
        kept = self._kept.get(key)
        if kept is None:
            return None
        until, answer = kept
        if self._clock() >= until:
            del self._kept[key]
            return None
        self._kept.move_to_end(key)
        return answer

    def put(self, key: AnswerKey, answer: Answer) -> None:
        """Keep an answer, unless a newer generation has been seen since it was asked for."""
        if self._lifetime <= 0 or key.generation != self._generation:
            return
        self._kept[key] = (self._clock() + self._lifetime, answer)
        self._kept.move_to_end(key)
        while len(self._kept) > self._most:
            self._kept.popitem(last=False)

    def clear(self) -> None:
        """Forget everything."""
        self._kept.clear()

    def _turn_to(self, generation: str) -> None:
        if generation != self._generation:
            self._kept.clear()
            self._generation = generation
