"""What somebody typed instead of pressing a button, read by rules alone: no model touches an answer.

What names an answer (`4`, `delvis etablerad`, `vet ej`) counts as pressing its button. What describes one (`vi har väl
lite sådär på gång`) is a proposal that the person confirms. Everything else is not understood, and said to be.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from bot.maturity.exact import Outside, codes_of, null_of
from bot.maturity.instrument import Item, Kind, Null
from bot.maturity.phrasebook import Phrasebook
from bot.maturity.proposing import proposed
from bot.maturity.session import Given
from bot.maturity.typed import folded, readable

_OPENING = re.compile(r"\s*([^\W\d]+)[\s,.:!–-]+(?=\w)")


@dataclass(frozen=True, slots=True)
class Exact:
    """Counts as pressing a button."""

    given: Given


@dataclass(frozen=True, slots=True)
class Proposed:
    """Probably meant; to be confirmed before it is an answer."""

    given: Given


@dataclass(frozen=True, slots=True)
class OutOfScale:
    """A position that the item does not have; its options are numbered from 1 to `count`."""

    count: int


@dataclass(frozen=True, slots=True)
class NotUnderstood:
    """No answer that the rules know. To an open item, these words are the answer."""


Reading = Exact | Proposed | OutOfScale | NotUnderstood


class Matcher:
    """Reads typed answers by a phrasebook; immutable and safe to share."""

    def __init__(self, phrasebook: Phrasebook) -> None:
        self._book = phrasebook

    def read(self, item: Item, text: str, language: str) -> Reading:
        """What the text answers to the item. Both languages are understood; `language` decides where they differ.

        Never raises. A text of more than `typed.LONGEST` characters is not understood.
        """
        if not readable(text):
            return NotUnderstood()
        null = null_of(self._book, text)
        if null is not None:
            return Exact(_given(item, null))
        if item.kind is Kind.TEXT:
            return NotUnderstood()
        codes = codes_of(self._book, item, self._without_yes(text), language)
        if codes is not None:
            return OutOfScale(len(item.options)) if isinstance(codes, Outside) else Exact(_given(item, codes))
        probably = proposed(self._book, item, text)
        return NotUnderstood() if probably is None else Proposed(_given(item, probably))

    def _without_yes(self, text: str) -> str:
        opening = _OPENING.match(text)
        return text[opening.end() :] if opening and folded(opening[1]) in self._book.yes_words else text


def _given(item: Item, answer: tuple[str, ...] | Null) -> Given:
    if isinstance(answer, Null):
        return Given(null=answer, fingerprint=item.fingerprint)
    return Given(answer, fingerprint=item.fingerprint)
