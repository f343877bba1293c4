"""A YAML file as values that know their line, so that an error can name the line that is wrong.

Nothing is built from the file but texts, whole numbers and flags, and a text is what stands there: `no` is a word in a
label, and `2026.10` a version that keeps its nought.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

import yaml

from bot.maturity.errors import DataInvalid
from bot.maturity.instrument import Wording

T = TypeVar("T")

_YAML_TAG = "tag:yaml.org,2002:"
_NULL = _YAML_TAG + "null"
_OWN_TAGS = frozenset(
    _YAML_TAG + name for name in ("bool", "float", "int", "merge", "null", "str", "timestamp", "value")
)
_ID = re.compile(r"[a-z0-9](?:[a-z0-9_-]{0,62}[a-z0-9])?")
_BEGUN_EARLIER = ("quoted scalar", "flow", "simple key")
"""Of these YAML notices only further down that something is missing; the line to mend is where they begin."""


@dataclass(frozen=True, slots=True)
class Value:
    """A value of the file, and where it stands. Every method that reads it raises DataInvalid with its line."""

    node: yaml.Node
    file: str

    @property
    def line(self) -> int:
        """The line that it begins in, counted from 1."""
        return self.node.start_mark.line + 1

    def fail(self, what: str) -> DataInvalid:
        """The exception to raise about this value; `what` says what is wrong, and what to do."""
        return DataInvalid(self.file, self.line, what)

    def text(self) -> str:
        """A text with something in it, spaces and line breaks made single spaces."""
        if not isinstance(self.node, yaml.ScalarNode):
            raise self.fail("write a text here, not a list or a group of fields")
        if self.node.tag not in _OWN_TAGS:
            raise self.fail("a text that begins with an exclamation mark needs quotes around it")
        text = "" if self.node.tag == _NULL else unicodedata.normalize("NFC", " ".join(self.node.value.split()))
        if not text:
            raise self.fail("the text is missing; write it, or take the field away")
        if not text.isprintable():
            raise self.fail("there is an invisible character in the text; type the text anew")
        return text

    def matching(self, pattern: re.Pattern[str], what: str) -> str:
        """A text of a certain form; `what` describes the form."""
        text = self.text()
        if not pattern.fullmatch(text):
            raise self.fail(f"{text!r} is not {what}")
        return text

    def identifier(self) -> str:
        """An id or a code."""
        return self.matching(_ID, "an id; write small letters a to z, digits, _ and - only, at most 64 of them")

    def whole(self, lowest: int, highest: int) -> int:
        """A whole number between two others."""
        text = self.text()
        if not re.fullmatch(r"[0-9]{1,9}", text) or not lowest <= int(text) <= highest:
            raise self.fail(f"{text!r} is not a whole number between {lowest} and {highest}")
        return int(text)

    def flag(self) -> bool:
        """True or false."""
        text = self.text()
        if text not in ("true", "false"):
            raise self.fail(f"write true or false, not {text!r}")
        return text == "true"

    def one_of(self, parse: Callable[[str], T], allowed: Sequence[str]) -> T:
        """A text that `parse` (an enumeration) accepts."""
        text = self.text()
        if text not in allowed:
            raise self.fail(f"{text!r} is not one of {', '.join(allowed)}")
        return parse(text)

    def wording(self) -> Wording:
        """A text in both languages."""
        if isinstance(self.node, yaml.ScalarNode):
            raise self.fail("write the text in both languages here, as sv: and en:")
        fields = self.fields("sv", "en")
        return Wording(fields["sv"].text(), fields["en"].text())

    def entries(self) -> tuple[Value, ...]:
        """A list with something in it."""
        if not isinstance(self.node, yaml.SequenceNode):
            raise self.fail("write a list here")
        if not self.node.value:
            raise self.fail("the list is empty; fill it, or take the field away")
        return tuple(Value(entry, self.file) for entry in self.node.value)

    def pairs(self) -> Mapping[str, tuple[Value, Value]]:
        """A group of fields by their name, each with its name as a value and what it holds."""
        if not isinstance(self.node, yaml.MappingNode):
            raise self.fail("write a group of fields here, each with its name and a colon")
        found: dict[str, tuple[Value, Value]] = {}
        for key_node, node in self.node.value:
            key = Value(key_node, self.file)
            name = key.text()
            if name in found:
                raise key.fail(
                    f"the field {name!r} stands in line {found[name][0].line} already; take one of them away"
                )
            found[name] = (key, Value(node, self.file))
        return found

    def fields(self, *needed: str, optional: Sequence[str] = ()) -> Fields:
        """A group of these fields and no others."""
        pairs = self.pairs()
        for name, (key, _) in pairs.items():
            if name not in needed and name not in optional:
                known = ", ".join((*needed, *optional))
                raise key.fail(f"the field {name!r} is not known here; the fields are {known}")
        for name in needed:
            if name not in pairs:
                raise self.fail(f"the field {name!r} is missing; add it")
        return Fields(self, {name: value for name, (_, value) in pairs.items()})

    def records(self, key: str, *needed: str, optional: Sequence[str] = ()) -> tuple[tuple[str, Fields], ...]:
        """A list of groups of fields with the id that stands in `key`; no two have the same."""
        found: dict[str, Fields] = {}
        for entry in self.entries():
            fields = entry.fields(key, *needed, optional=optional)
            name = fields[key].identifier()
            if name in found:
                raise fields[key].fail(f"the {key} {name!r} is taken in line {found[name][key].line}; choose another")
            found[name] = fields
        return tuple(found.items())


@dataclass(frozen=True, slots=True)
class Fields:
    """A group of fields, those that are needed and those that are there of the others."""

    value: Value
    values: Mapping[str, Value]

    def __getitem__(self, name: str) -> Value:
        """A field that is needed."""
        return self.values[name]

    def get(self, name: str) -> Value | None:
        """An optional field."""
        return self.values.get(name)

    def fail(self, what: str) -> DataInvalid:
        """The exception to raise about the group as a whole."""
        return self.value.fail(what)


def compose(text: str, file: str) -> Value:
    """The file's value. Raises DataInvalid where it is not YAML, or holds nothing."""
    quick = _quick(text)
    if quick is not None:
        return Value(quick, file)
    lines = max(1, len(text.splitlines()))
    loader: yaml.SafeLoader | None = None
    try:
        loader = yaml.SafeLoader(text)
        node = loader.get_single_node()
    except yaml.reader.ReaderError as error:
        line = text.count("\n", 0, error.position) + 1
        raise DataInvalid(file, line, "there is an invisible character here; type the line anew") from error
    except yaml.MarkedYAMLError as error:
        what = f"this is not YAML ({error.problem}); look at indentation, quotes, colons and brackets"
        raise DataInvalid(file, min(_line(error), lines), what) from error
    except (yaml.YAMLError, ValueError, OverflowError, RecursionError) as error:
        # An impossible character number (\UFFFFFFFF), or brackets within brackets without end.
        line = min(loader.line + 1 if loader else 1, lines)
        raise DataInvalid(file, line, "this cannot be read as YAML; write the line anew") from error
    if node is None:
        raise DataInvalid(file, 1, "the file is empty; copy another instrument to begin with")
    return Value(node, file)


def _quick(text: str) -> yaml.Node | None:
    """What libyaml reads, ten times as fast; None where it does not, as PyYAML itself names the line more truly."""
    try:
        node: yaml.Node | None = yaml.CSafeLoader(text).get_single_node()
    except (AttributeError, yaml.YAMLError, ValueError, OverflowError, RecursionError):
        return None  # AttributeError: PyYAML was built without libyaml
    return node


def _line(error: yaml.MarkedYAMLError) -> int:
    begun = error.context is not None and any(word in error.context for word in _BEGUN_EARLIER)
    mark = (error.context_mark if begun else None) or error.problem_mark or error.context_mark
    return mark.line + 1 if mark else 1
