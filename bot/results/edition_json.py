"""An edition as JSON, and back."""

from __future__ import annotations

from pydantic import TypeAdapter, ValidationError

from bot.results.errors import EditionInvalid
from bot.results.model import Edition

_EDITION = TypeAdapter(Edition)


def edition_to_json(edition: Edition) -> str:
    """The edition's text; the same edition has the same text."""
    return _EDITION.dump_json(edition, exclude_defaults=True).decode()


def edition_from_json(text: str) -> Edition:
    """The edition of a text. Raises EditionInvalid."""
    try:
        return _EDITION.validate_json(text)
    except ValidationError as error:
        raise EditionInvalid(f"a stored edition cannot be read: {error.error_count()} problems") from None
