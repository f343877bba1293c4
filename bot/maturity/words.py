"""What people write in their own words: how long it may be, and what must not stand in it."""

from __future__ import annotations

from bot.maturity.errors import Refused
from bot.maturity.personal_data import holds_personal_number
from knowledge.masking import masked

COMMENT_LIMIT = 1000
"""Characters of a comment."""
TEXT_LIMIT = 2000
"""Characters of the answer to an open item."""


def checked(text: str, limit: int) -> str:
    """The words as they are kept: contact data in them is masked, which the person sees where they are shown.

    Raises Refused where they are too long or hold a personal identity number.
    """
    kept = text.strip()
    if len(kept) > limit:
        raise Refused("too_long", length=len(kept), limit=limit)
    if holds_personal_number(kept):
        raise Refused("personal_number")
    kept = masked(kept)
    if len(kept) > limit:  # words that are taken in again have to fit again
        raise Refused("too_long", length=len(kept), limit=limit)
    return kept
