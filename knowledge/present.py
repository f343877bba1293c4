"""Beside what the report said of a state of affairs that has changed since: what holds now. And the other way round.

Every change is a passage of two or more dated sentences, what the report said first. An answer that quotes the report
on the subject gets the present state, with its own citation; one to a question about how the subject stands begins with
the whole change.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from knowledge.kinds import Kind
from knowledge.model import Change, DocumentKind, Passage
from knowledge.pieces import PieceReader
from knowledge.question import Question
from knowledge.quotes import Quote
from knowledge.swedish.tokens import fold, normalise

ADDED = 2
"""Changes told in an answer that lists things; in others the first one is."""
SHORT = 3
"""Letters of a name that is an abbreviation and takes no ending."""

_STATE = re.compile(
    r"\b(?:nu|idag|i dag|läge\w*|status|fortfarande|ännu|redan|klar\w*|gäller|gälla|börja\w*|träd\w*|trätt|ikraft|"
    r"införd\w*|infört|införs|antag\w*|beslut\w*|hänt|händer|ändra\w*|finns|kvar|bytt|rapporten\w*|stämmer|"
    r"now|today|still|yet|apply|applies|force|adopted|changed|happened|status|report)\b"
)
"""Words of questions about how things stand, and about what the report says of them."""
_DURATION = re.compile(
    r"\b(?:hur (?:länge|lång tid|snab+t|fort|ofta)|how (?:long|soon|quickly|often|fast)|(?:inom|på) vilken tid)\b"
)
"""Asks for a time limit, and not for a day on which something changed."""


@dataclass(frozen=True, slots=True)
class _Changed:
    passage: Passage
    change: Change
    names: re.Pattern[str]


@dataclass(frozen=True, slots=True)
class Beside:
    """Quotes of changes: one that answers a question about how things stand, and those that follow an old state."""

    before: tuple[Quote, ...] = ()
    after: tuple[Quote, ...] = ()


class PresentState:
    """The changes of one index; immutable, made once an index."""

    def __init__(self, passages: Iterable[Passage], reader: PieceReader) -> None:
        self._reader = reader
        self._changed = tuple(
            _Changed(passage, passage.change, _any_of(passage.change.names))
            for passage in passages
            if passage.change is not None
        )

    def beside(self, question: Question, quotes: Sequence[Quote], kinds: Sequence[DocumentKind]) -> Beside:
        """What belongs beside the quotes; `kinds` are those of the quotes' documents, in the same order."""
        told = {quote.passage.id for quote in quotes}
        asks = _asks_for_state(question)
        found: list[Quote] = []
        for one in self._changed:
            if one.passage.id in told or len(found) == (ADDED if question.kind is Kind.LIST else 1):
                continue
            reported = [quote for quote, kind in zip(quotes, kinds, strict=True) if kind is DocumentKind.REPORT]
            current = [quote for quote in quotes if quote.passage.document == one.change.document]
            pieces = self._reader.read(one.passage).pieces
            tells = any(_tells(quote, one) for quote in reported)
            if asks and (tells or current) and one.names.search(_flat(question.standalone)):
                return Beside(before=(Quote(one.passage, pieces),))
            if tells:
                found.append(Quote(one.passage, tuple(piece for piece in pieces if not _THEN.match(piece.text))))
        return Beside(after=tuple(found))


_THEN = re.compile(r"I maj 2024\b")


def _tells(quote: Quote, one: _Changed) -> bool:
    """Whether a quote from the report is about the subject: on its pages, and by its name."""
    if not set(quote.passage.pages) & set(one.change.pages):
        return False
    said = " ".join((*quote.passage.headings[-1:], *(piece.text for piece in quote.pieces)))
    return one.names.search(_flat(said)) is not None


def _asks_for_state(question: Question) -> bool:
    asked = _flat(question.standalone)
    return (question.kind is Kind.TIME and _DURATION.search(asked) is None) or _STATE.search(asked) is not None


def _any_of(names: Iterable[str]) -> re.Pattern[str]:
    """Any of the names as whole words; longer words that begin with a long name count (`Millenniums`)."""
    forms = sorted({_flat(name) for name in names}, key=len, reverse=True)
    patterns = (re.escape(form) + (r"\w{0,3}" if len(form) > SHORT else "") for form in forms)
    return re.compile(rf"\b(?:{'|'.join(patterns)})\b")


def _flat(text: str) -> str:
    return fold(normalise(text))
