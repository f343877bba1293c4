"""Reads the knowledge base's YAML data files field by field, with errors that name file and field."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import yaml

from knowledge.errors import LibraryInvalid

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Fields:
    """A mapping of the file, and where in the file it stands."""

    values: Mapping[str, object]
    where: str

    def fail(self, name: str, what: str) -> LibraryInvalid:
        """The exception to raise for a field."""
        return LibraryInvalid(f"{self.where}.{name}: {what}")

    def text(self, name: str) -> str:
        """A text that must be there. Raises LibraryInvalid."""
        value = self.optional_text(name)
        if not value:
            raise self.fail(name, "a text is missing")
        return value

    def optional_text(self, name: str, default: str = "") -> str:
        """A text, or the default where the field is absent or null."""
        value = self.values.get(name)
        if value is None:
            return default
        if not isinstance(value, str):
            raise self.fail(name, f"a text is expected, not {value!r}")
        return " ".join(value.split())

    def texts(self, name: str) -> tuple[str, ...]:
        """A list of texts, perhaps empty."""
        value = self.values.get(name)
        if value is None:
            return ()
        if not isinstance(value, list) or not all(isinstance(entry, str) and entry.strip() for entry in value):
            raise self.fail(name, "a list of texts is expected")
        return tuple(" ".join(entry.split()) for entry in value)

    def whole(self, name: str) -> int | None:
        """A whole number above zero, or None."""
        value = self.values.get(name)
        if value is None:
            return None
        if not isinstance(value, int) or isinstance(value, bool) or value < 1:
            raise self.fail(name, f"a whole number is expected, not {value!r}")
        return value

    def count(self, name: str) -> int | None:
        """A whole number from zero up, or None."""
        value = self.values.get(name)
        if value is None:
            return None
        if not isinstance(value, int) or isinstance(value, bool) or value < 0:
            raise self.fail(name, f"a whole number from zero up is expected, not {value!r}")
        return value

    def wholes(self, name: str) -> tuple[int, ...]:
        """A list of whole numbers, perhaps empty."""
        value = self.values.get(name)
        if value is None:
            return ()
        if not isinstance(value, list) or not all(type(entry) is int and entry > 0 for entry in value):
            raise self.fail(name, "a list of whole numbers is expected")
        return tuple(value)

    def percent(self, name: str) -> float | None:
        """A share between 0 and 100, or None."""
        value = self.values.get(name)
        if value is None:
            return None
        if not isinstance(value, (int, float)) or isinstance(value, bool) or not 0 <= value <= 100:
            raise self.fail(name, f"a share between 0 and 100 is expected, not {value!r}")
        return float(value)

    def flag(self, name: str) -> bool:
        """True or false; false where absent."""
        value = self.values.get(name, False)
        if not isinstance(value, bool):
            raise self.fail(name, "true or false is expected")
        return value

    def date(self, name: str) -> str | None:
        """An ISO date as text, or None."""
        value = self.values.get(name)
        if value is None:
            return None
        if isinstance(value, datetime.date):
            return value.isoformat()
        raise self.fail(name, f"a date such as 2024-05-17 is expected, not {value!r}")

    def one_of(self, name: str, parse: Callable[[str], T]) -> T:
        """A text that `parse` (an enumeration) accepts."""
        value = self.text(name)
        try:
            return parse(value)
        except ValueError as error:
            raise self.fail(name, f"{value!r} is not known") from error

    def inner(self, name: str) -> Fields:
        """A mapping below this one."""
        value = self.values.get(name)
        if not isinstance(value, dict):
            raise self.fail(name, "a group of fields is missing")
        return Fields(value, f"{self.where}.{name}")

    def each(self, name: str) -> tuple[Fields, ...]:
        """A list of mappings, perhaps empty."""
        value = self.values.get(name)
        if value is None:
            return ()
        if not isinstance(value, list):
            raise self.fail(name, "a list is expected")
        entries: list[Fields] = []
        for index, entry in enumerate(value):
            if not isinstance(entry, dict):
                raise self.fail(f"{name}[{index}]", "a group of fields is expected")
            entries.append(Fields(entry, f"{self.where}.{name}[{index}]"))
        return tuple(entries)

    def distinct(self, name: str, key: str) -> tuple[Fields, ...]:
        """A list of mappings, no two of which have the same text in `key`."""
        entries = self.each(name)
        seen: set[str] = set()
        for entry in entries:
            value = entry.text(key)
            if value in seen:
                raise entry.fail(key, f"{value!r} occurs twice")
            seen.add(value)
        return entries

    def only(self, *names: str) -> None:
        """Raises LibraryInvalid for a field that is not among the names, so that no typing error goes unseen."""
        for name in self.values:
            if name not in names:
                raise self.fail(str(name), "this field is not known")


def read(path: Path) -> Fields:
    """The top of a YAML file. Raises LibraryInvalid where it cannot be read or is no mapping."""
    try:
        # libyaml's loader where PyYAML has it: as safe, and ten times as fast.
        loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
        values = yaml.load(path.read_text(encoding="utf-8-sig"), loader)  # noqa: S506 - both are safe loaders
    except (OSError, UnicodeDecodeError) as error:
        raise LibraryInvalid(f"{path.name}: cannot be read") from error
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        where = f" in line {mark.line + 1}" if mark is not None else ""
        raise LibraryInvalid(f"{path.name}: not valid YAML{where}") from error
    if not isinstance(values, dict):
        raise LibraryInvalid(f"{path.name}: a group of fields is expected")
    return Fields(values, path.name)
