"""What acts are called: the names by which people know a law, for its number."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

import yaml
from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from knowledge.errors import LibraryInvalid

FILE = Path(__file__).with_name("acts.yaml")


class Act(BaseModel):
    """One act. `name` is its short Swedish name, `en` the English one, `also` what else people say and write."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    number: str = Field(pattern=r"^\d{1,4}[/:]\d{1,4}$")
    name: str = Field(min_length=2, max_length=60)
    en: str = Field(min_length=2, max_length=60)
    also: tuple[str, ...] = ()

    @property
    def names(self) -> tuple[str, ...]:
        """All names, the Swedish one first."""
        return (self.name, self.en, *self.also)


_ACTS = TypeAdapter(tuple[Act, ...])


def load_acts(path: Path = FILE) -> Mapping[str, Act]:
    """Number -> act. Raises LibraryInvalid for a file that breaks the schema, and OSError."""
    try:
        acts = _ACTS.validate_python(yaml.safe_load(path.read_text(encoding="utf-8")))
    except (yaml.YAMLError, ValidationError) as error:
        raise LibraryInvalid(f"{path.name}: {error}") from error
    return {act.number: act for act in acts}


_REFERENCE = re.compile(
    r"(?:artikel|article|skäl|recital|bilaga|annex)\s+[\dIVXLC].*|(?:\d+\s*[a-z]?\s+kap\.\s+)?\d+\s*[a-z]?\s+§.*",
    re.IGNORECASE,
)


def is_reference(heading: str) -> bool:
    """Whether a heading is how lawyers name the place, which needs no other heading: `artikel 26.2`, `2 kap. 5 §`."""
    return _REFERENCE.fullmatch(heading) is not None
