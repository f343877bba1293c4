"""What a model says: claims, each with the passages that it rests on and a quote from each."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Source:
    """A passage by the number that the prompt gave it (from 1), and what the model says that it quotes from it."""

    passage: int
    quote: str


@dataclass(frozen=True, slots=True)
class Claim:
    """One or two sentences that can stand alone, as the model wrote them: nothing of it has been checked yet."""

    text: str
    sources: tuple[Source, ...]
