"""YAML front matter of a Markdown file: who made the document, what it is about, when its facts held."""

from __future__ import annotations

import datetime
import re
from dataclasses import dataclass
from typing import Any

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from ingest.errors import DocumentRejected, Reason
from ingest.loaders.encoding import plain
from knowledge.model import DocumentKind

_FENCE = re.compile(r"\A---[ \t]*\n(.*?)^---[ \t]*$\n?", re.DOTALL | re.MULTILINE)
_RANGE = re.compile(r"(\d{1,4})(?:\s*[-–—]\s*(\d{1,4}))?")
_MOST_PAGES = 500
_LONGEST = 20_000
"""Characters; that is ten times what any document needs."""


class FrontMatter(BaseModel):
    """The agreed fields; others are ignored, so that files from other tools can be taken in as they are."""

    model_config = ConfigDict(frozen=True, extra="ignore", str_strip_whitespace=True)

    document: str | None = Field(default=None, pattern=r"^[a-z0-9][a-z0-9-]{0,99}$")
    title: str | None = Field(default=None, min_length=1, max_length=300)
    kind: DocumentKind = DocumentKind.OTHER
    source: str = Field(default="", max_length=300)
    section: str = Field(default="", max_length=300)
    pages: tuple[int, ...] = ()
    as_of: datetime.date | None = None
    url: str | None = Field(default=None, pattern=r"^https?://\S+$")
    aliases: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    valid_from: datetime.date | None = None
    valid_until: datetime.date | None = None
    review_by: datetime.date | None = None
    responsible: str | None = Field(default=None, min_length=1, max_length=200)
    owner: str = Field(default="", pattern=r"^(?:[a-z0-9][a-z0-9_-]{0,63})?$")

    @field_validator("title", "source", "section", "responsible", mode="after")
    @classmethod
    def _printable(cls, value: str | None) -> str | None:
        return value and plain(value)

    @field_validator("section", mode="before")
    @classmethod
    def _section_as_text(cls, value: object) -> object:
        return str(value) if isinstance(value, (int, float)) else value

    @field_validator("pages", mode="before")
    @classmethod
    def _expand(cls, value: object) -> object:
        return pages_of(str(value)) if isinstance(value, (int, str)) else value

    @field_validator("aliases", "notes", mode="before")
    @classmethod
    def _listed(cls, value: object) -> object:
        if value is None:
            return ()
        return tuple(str(entry) for entry in value) if isinstance(value, list) else (str(value),)


@dataclass(frozen=True, slots=True)
class Parted:
    """Front matter (None where the file has none) and the body after it."""

    front: FrontMatter | None
    body: str


def part(text: str) -> Parted:
    """Split a Markdown file. Raises DocumentRejected(FRONT_MATTER) with the field's name and what is wrong with it."""
    match = _FENCE.match(text)
    if match is None:
        return Parted(None, text)
    try:
        values = _values(match.group(1))
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        where = f"line {mark.line + 2}" if mark is not None else "front matter"
        wrong = "refers to another place" if isinstance(error, _Reference) else "not valid YAML"
        raise DocumentRejected(Reason.FRONT_MATTER, f"{where}: {wrong}") from error
    except RecursionError as error:
        raise DocumentRejected(Reason.FRONT_MATTER, "front matter: nested too deeply") from error
    except ValueError as error:  # a value that looks like a day and is none, such as 2027-13-01
        raise DocumentRejected(Reason.FRONT_MATTER, f"front matter: {error}") from error
    if values is None:
        return Parted(FrontMatter(), text[match.end() :])
    if not isinstance(values, dict):
        raise DocumentRejected(Reason.FRONT_MATTER, "front matter: not a list of fields")
    try:
        return Parted(FrontMatter.model_validate(values), text[match.end() :])
    except ValidationError as error:
        first = error.errors()[0]
        field = ".".join(str(step) for step in first["loc"])
        raise DocumentRejected(Reason.FRONT_MATTER, f"{field}: {first['msg']}") from error


class _Reference(yaml.MarkedYAMLError):
    """A place in the front matter stands for another one."""


class _Plain(yaml.SafeLoader):
    """YAML without references from one place to another, of which a few lines make a text without end."""

    def compose_node(self, parent: yaml.Node | None, index: int) -> yaml.Node | None:
        """Raises YAMLError for a reference."""
        if self.check_event(yaml.AliasEvent):
            event: Any = self.peek_event()  # type: ignore[no-untyped-call]  # types-PyYAML leaves it out
            raise _Reference(problem_mark=event.start_mark)
        return super().compose_node(parent, index)


def _values(text: str) -> Any:
    if len(text) > _LONGEST:
        raise DocumentRejected(Reason.FRONT_MATTER, f"front matter: {len(text)} characters, limit {_LONGEST}")
    return yaml.load(text, _Plain)  # noqa: S506 - a subclass of SafeLoader


def pages_of(text: str) -> tuple[int, ...]:
    """`28-30` gives (28, 29, 30); `7` and `5, 7-8` work too. Raises ValueError."""
    pages: set[int] = set()
    for piece in text.split(","):
        match = _RANGE.fullmatch(piece.strip())
        if match is None:
            raise ValueError("pages are written as 28 or 28-30")
        first, last = int(match.group(1)), int(match.group(2) or match.group(1))
        if last < first or last - first > _MOST_PAGES:
            raise ValueError(f"{piece.strip()} is no range of pages")
        pages.update(range(first, last + 1))
    return tuple(sorted(pages))
