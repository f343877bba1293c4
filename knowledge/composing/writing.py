"""An answer as it grows: claims that hold, with markers numbered by first use, and the citations they point at."""

from __future__ import annotations

import asyncio
import logging
import re
from collections.abc import Mapping
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from typing import Protocol

from knowledge.advisor import Advisor
from knowledge.composing.claims import ClaimReader
from knowledge.composing.model import Claim, Source
from knowledge.composing.ports import ModelStream, Tell, Written
from knowledge.composing.verification import Checked
from knowledge.errors import ModelFailed
from knowledge.model import Answer, Citation, Passage
from knowledge.question import Question

_log = logging.getLogger(__name__)

CLAIMS = 12
"""Most claims of one answer."""
LENGTH = 4000
"""Characters from which an answer takes no more claims."""
_MARKER = re.compile(r"\[(\d+)\]")


class Verifies(Protocol):
    """Holds a claim against the passages that it names."""

    def check(self, claim: Claim, given: Mapping[int, Passage], question: Question) -> Checked:
        """What of the claim holds. Pure, and takes milliseconds."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """How many claims did not hold, and why the model did not come to an end; empty where it did."""

    dropped: int
    reason: str


class Writing:
    """Takes verified claims, in order; `text` only ever grows at its end."""

    def __init__(self, advisor: Advisor) -> None:
        self._advisor = advisor
        self._quotes: dict[str, tuple[Passage, list[str]]] = {}
        self._said: set[str] = set()
        self.text = ""
        self.claims = 0

    @property
    def is_full(self) -> bool:
        """Whether the answer is as long as one may be."""
        return self.claims >= CLAIMS or len(self.text) >= LENGTH

    @property
    def citations(self) -> tuple[Citation, ...]:
        """One a passage, in the order of the markers, with everything that is quoted from it."""
        return tuple(
            self._advisor.cited(passage, n, "\n".join(quotes))
            for n, (passage, quotes) in enumerate(self._quotes.values(), start=1)
        )

    def add(self, text: str, sources: tuple[Source, ...], passages: Mapping[int, Passage]) -> bool:
        """Write a verified claim; whether it says something new. `passages` are those that the sources number."""
        if text.casefold() in self._said:
            return False
        self._said.add(text.casefold())
        self.claims += 1
        markers = dict.fromkeys(self._marker(passages[source.passage], source.quote) for source in sources)
        self._write(f"{text} {' '.join(f'[{n}]' for n in markers)}")
        return True

    def cites(self, answer: Answer) -> bool:
        """Whether it rests on one of the passages that another answer cites."""
        return any(citation.passage.id in self._quotes for citation in answer.citations)

    def supplement(self, lead: str, answer: Answer) -> None:
        """Go on with an answer in the sources' own words; its markers get the numbers that they have here."""
        numbers = {one.n: self._marker(one.passage, one.quote) for one in answer.citations}
        body = answer.text.partition("\n\n")[2]
        self._write(f"{lead}\n\n" + _MARKER.sub(lambda match: f"[{numbers[int(match[1])]}]", body))

    def _marker(self, passage: Passage, quote: str) -> int:
        _, quotes = self._quotes.setdefault(passage.id, (passage, []))
        if quote not in quotes:
            quotes.append(quote)
        return list(self._quotes).index(passage.id) + 1

    def _write(self, paragraph: str) -> None:
        self.text = f"{self.text}\n\n{paragraph}" if self.text else paragraph


async def write(
    writing: Writing,
    opened: AbstractAsyncContextManager[ModelStream],
    verifier: Verifies,
    given: Mapping[int, Passage],
    question: Question,
    told: Tell,
    checking: asyncio.Semaphore,
) -> Outcome:
    """Write the claims of a stream that hold, each as soon as it is there; a model that fails ends it early.

    `checking` is shared by all streams: checks are pure computing, and several threads of them at once would take turns
    with the event loop, in which everybody else is served.
    """
    dropped = 0
    reader = ClaimReader()
    try:
        async with opened as stream:
            async for piece in stream:
                for claim in reader.feed(piece):
                    async with checking:
                        checked = await asyncio.to_thread(verifier.check, claim, given, question)
                    if checked.problems:
                        dropped += 1
                        _log.warning("a claim was dropped: %s", "; ".join(checked.problems))
                    elif writing.add(checked.text, checked.sources, given):
                        told(Written(writing.text))
                if writing.is_full:
                    break
            else:
                reader.close()
    except ModelFailed as error:
        _log.warning("the model gave no whole answer: %s (%s)", error, error.reason)
        return Outcome(dropped, error.reason)
    return Outcome(dropped, "")
