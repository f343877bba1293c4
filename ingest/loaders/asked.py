"""Questions that an author writes beside a text, in readers' words: `Svarar på: Vem betalar? (2) När införs det? (1)`.

A paragraph of them stands before the text that answers; the numbers count that text's sentences, list items and table
rows from there on, up to the next such paragraph or heading. A question without a number is answered by the next block
as a whole.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from ingest.model import Block
from knowledge.model import Asked
from knowledge.swedish.tokens import normalise, sentences

_LINE = re.compile(r"Svarar på:((?:[^?]*\?(?:\s*\([\d, -]+\))?)+)\s*")
_QUESTION = re.compile(r"(?P<text>[^\s?][^?]*\?)(?:\s*\((?P<places>[\d, -]+)\))?")


@dataclass(frozen=True, slots=True)
class _Pending:
    text: str
    places: tuple[int, ...]


class AskedLines:
    """Remembers the questions of the last such paragraph, and hands them to the blocks that answer them."""

    def __init__(self) -> None:
        self._pending: list[_Pending] = []
        self._passed = 0

    def take(self, text: str) -> bool:
        """Whether a paragraph is one of questions; if so they wait for the blocks after it."""
        line = _LINE.fullmatch(text)
        if line is None:
            return False
        self.forget()
        self._pending = [_Pending(each["text"], _places(each["places"])) for each in _QUESTION.finditer(line[1])]
        return True

    def forget(self) -> None:
        """A heading begins something else."""
        self._pending = []
        self._passed = 0

    def settle(self, block: Block) -> Block:
        """The block with the questions that it answers."""
        units = sentences(normalise(block.text))
        numbered = dict(enumerate(units, start=self._passed + 1))
        mine = [one for one in self._pending if not one.places or numbered.keys() & set(one.places)]
        asked = tuple(Asked(one.text, tuple(numbered[at] for at in one.places if at in numbered)) for one in mine)
        self._passed += len(units)
        # A question may be answered in two blocks; they meet again where blocks become a passage.
        self._pending = [one for one in self._pending if any(at > self._passed for at in one.places)]
        return replace(block, questions=block.questions + asked)


def _places(text: str | None) -> tuple[int, ...]:
    """`2`, `1, 3` and `2-4` as numbers."""
    found: list[int] = []
    for part in (text or "").split(","):
        first, _, last = part.partition("-")
        if first.strip():
            found += range(int(first), int(last or first) + 1)
    return tuple(found)
