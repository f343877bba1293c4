"""Names in the order of the Swedish alphabet. Municipalities are never in any other order: there is no ranking."""

from __future__ import annotations

import unicodedata
from typing import Final

from bot.maturity.instrument import Instrument, Organisation

_LAST: Final = str.maketrans({"å": "{1", "ä": "{2", "æ": "{2", "ö": "{3", "ø": "{3"})
"""`{` comes after `z`."""


def swedish(name: str) -> tuple[str, str]:
    """What names are sorted by: å, ä and ö are letters after z, and other marks on letters count last."""
    lower = unicodedata.normalize("NFC", name).casefold().translate(_LAST)
    plain = "".join(each for each in unicodedata.normalize("NFD", lower) if not unicodedata.combining(each))
    return plain, lower


def municipalities_of(instrument: Instrument) -> tuple[Organisation, ...]:
    """The municipalities of an instrument, without the organisations that serve several."""
    own = [each for each in instrument.organisations if not each.shared]
    return tuple(sorted(own, key=lambda each: swedish(each.title)))
