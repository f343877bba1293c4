"""Forms: their fields, and what is wrong with what was filled in, told at the field and above the form."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from bot.web.dashboard.parts import Choice
from bot.web.dashboard.voice import Voice

CONFIRM = "confirm"
"""The field by which a step that is not taken back easily is confirmed."""
LONGEST = 500
"""Characters of a field."""


class Input(StrEnum):
    """How a field is filled in."""

    TEXT = "text"
    LONG = "textarea"
    DAY = "date"
    NUMBER = "number"
    TICK = "checkbox"
    SELECT = "select"


@dataclass(frozen=True, slots=True)
class Field:
    """A field with its value, and what is wrong with it. `least` is the lowest number that it takes."""

    name: str
    label: str
    input: Input = Input.TEXT
    value: str = ""
    hint: str = ""
    required: bool = False
    problem: str = ""
    choices: tuple[Choice, ...] = ()
    least: int | None = None


@dataclass(frozen=True, slots=True)
class Form:
    """A form that changes something. `confirm` is what has to be ticked; `grave` marks what cannot be undone.

    `grid` are fields in a table: rows with their names, and a field for each of the `columns`.
    """

    id: str
    title: str
    texts: tuple[str, ...]
    address: str
    button: str
    fields: tuple[Field, ...] = ()
    confirm: str = ""
    grave: bool = False
    problem: str = ""
    confirm_problem: str = ""
    columns: tuple[str, ...] = ()
    grid: tuple[tuple[str, tuple[Field, ...]], ...] = ()

    @property
    def every(self) -> tuple[Field, ...]:
        """All fields, those of the grid too."""
        return (*self.fields, *(each for _, row in self.grid for each in row))

    @property
    def grid_wrong(self) -> bool:
        """Whether something in the grid is."""
        return any(each.problem for _, row in self.grid for each in row)

    @property
    def wrong(self) -> bool:
        """Whether it was sent and not taken."""
        return bool(self.problem or self.confirm_problem or any(each.problem for each in self.every))


Sent = Mapping[str, str]
"""What was filled in."""
Problems = Mapping[str, str]
"""What is wrong, by the name of the field; under "" what is wrong with the whole."""


class Reading:
    """Reads what was sent, field by field, and keeps what is wrong with it."""

    def __init__(self, sent: Sent, voice: Voice) -> None:
        self.sent = sent
        self.voice = voice
        self.problems: dict[str, str] = {}

    def text(self, name: str, *, required: bool = True) -> str:
        """A line or more of text."""
        value = self.sent.get(name, "").strip()
        if not value and required:
            self.problems[name] = self.voice.say("pages.form.missing")
        elif len(value) > LONGEST:
            self.problems[name] = self.voice.say("pages.form.too_long", limit=LONGEST)
        return value

    def day(self, name: str, *, required: bool = True) -> date | None:
        """A day, as browsers send it."""
        value = self.text(name, required=required)
        if not value:
            return None
        try:
            return date.fromisoformat(value)
        except ValueError:
            self.problems[name] = self.voice.say("pages.form.no_day")
            return None

    def number(self, name: str, *, least: int = 0, most: int = 100_000) -> int | None:
        """A whole number, None where the field is empty."""
        value = self.text(name, required=False)
        if not value:
            return None
        if value.isdecimal() and len(value) < 9 and least <= int(value) <= most:
            return int(value)
        self.problems[name] = self.voice.say("pages.form.no_number", least=least, most=most)
        return None

    def ticked(self, name: str) -> bool:
        """Whether a box is ticked."""
        return name in self.sent

    def confirmed(self) -> None:
        """The step has to be confirmed."""
        if not self.ticked(CONFIRM):
            self.problems[CONFIRM] = self.voice.say("pages.form.unconfirmed")
