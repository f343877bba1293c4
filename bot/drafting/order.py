"""What a draft is to be made of, and who makes it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from bot.documents.ports import Prepared, Tell
from ingest.sources import Source
from knowledge.evaluation.questions import EvaluationQuestion


@dataclass(frozen=True, slots=True)
class Order:
    """Files, and files that hold web addresses, to be taken in as an `owner`'s; `removed` are paths to leave out.

    `questions` are asked of what is published and of the draft.
    """

    sources: tuple[Source, ...]
    owner: str
    author: str
    removed: tuple[str, ...] = ()
    questions: tuple[EvaluationQuestion, ...] = ()


class Making(Protocol):
    """Makes drafts; `bot.drafting.making.Maker` in this process, `bot.drafting.process.ProcessMaking` in another."""

    async def __call__(self, order: Order, tell: Tell) -> Prepared:
        """Nothing is published. Raises DraftFailed, and DraftStale."""


def without_addresses(order: Order, ending: str) -> tuple[Sequence[Source], Sequence[Source]]:
    """The order's files, and the files that hold addresses."""
    files = [each for each in order.sources if each.path.suffix != ending]
    return files, [each for each in order.sources if each.path.suffix == ending]
