"""What people write in their own words: how long it may be, and what must not stand in it."""

from __future__ import annotations

from bot.maturity.errors import Refused
from bot.maturity.personal_data import holds_personal_number

COMMENT_LIMIT = 1000
"""Characters of a comment."""
TEXT_LIMIT = 2000
"""Characters of the answer to an open item."""


def checked(text: str, limit: int) -> str:
    """The words as they are kept. Raises Refused where they are too long or hold a personal identity number."""
    kept = text.strip()
    if len(kept) > limit:
        raise Refused("too_long", length=len(kept), limit=limit)
    if holds_personal_number(kept):
        raise Refused("personal_number")
    return kept
