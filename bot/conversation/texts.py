"""The message catalogue: everything that Fyren says, in Swedish and in English, kept out of the code.

    TextsError
    ├── CatalogueInvalid    a catalogue file cannot be used: not YAML, a key twice, a value that is not text
    └── TextMissing         a key that the catalogue lacks, or values that do not fit its placeholders

A catalogue is a folder of YAML files a language: nested sections down to texts or lists of texts, addressed by a dotted
key; a section at the top is in one file only. A text names its values in braces, `{name}`; a list holds texts without
placeholders.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from pathlib import Path
from string import Formatter

import yaml

LANGUAGES = ("sv", "en")
CATALOGUE = Path(__file__).parent / "catalogue"

Entry = str | tuple[str, ...]


class TextsError(Exception):
    """Root of what this module raises."""


class CatalogueInvalid(TextsError):
    """A catalogue file cannot be used; the message names file and key."""


class TextMissing(TextsError):
    """A text was asked for that does not exist, or with other values than it needs."""


class _StrictLoader(yaml.CSafeLoader):
    """YAML silently keeps the last of two equal keys; two people editing one file need to be told."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Hashable, object]:
        keys = [self.construct_object(key, deep=True) for key, _ in node.value]
        twice = {key for key in keys if keys.count(key) > 1}
        if twice:
            raise yaml.constructor.ConstructorError(
                None, None, f"{', '.join(map(str, twice))} stands twice in one section", node.start_mark
            )
        return super().construct_mapping(node, deep)


class Texts:
    """The loaded catalogues; immutable, and safe to share."""

    def __init__(self, catalogues: Mapping[str, Mapping[str, Entry]]) -> None:
        self._catalogues = catalogues

    @classmethod
    def load(cls, directory: Path = CATALOGUE) -> Texts:
        """Both catalogues, from the folders `sv` and `en`. Raises CatalogueInvalid."""
        return cls({language: _read_folder(directory / language) for language in LANGUAGES})

    def say(self, key: str, language: str, **values: object) -> str:
        """The text with its placeholders filled in.

        Raises TextMissing where the key is unknown, or the values are not exactly the placeholders: a forgotten
        value must never reach a person as `{name}`.
        """
        entry = self.raw(key, language)
        if not isinstance(entry, str):
            raise TextMissing(f"{key} is a list of texts")
        wanted = placeholders(entry)
        if wanted != values.keys():
            raise TextMissing(f"{key} takes {sorted(wanted)}, not {sorted(values)}")
        return entry.format_map(values)

    def lines(self, key: str, language: str) -> tuple[str, ...]:
        """A list of texts. Raises TextMissing."""
        entry = self.raw(key, language)
        if isinstance(entry, str):
            raise TextMissing(f"{key} is one text, not a list")
        return entry

    def keys(self, language: str) -> frozenset[str]:
        """All keys of a language."""
        return frozenset(self._catalogues[language])

    def needs(self, key: str, language: str) -> frozenset[str]:
        """The placeholders of a text; none for a list."""
        entry = self.raw(key, language)
        return placeholders(entry) if isinstance(entry, str) else frozenset()

    def raw(self, key: str, language: str) -> Entry:
        """The entry as the file holds it. Raises TextMissing."""
        try:
            return self._catalogues[language][key]
        except KeyError as error:
            raise TextMissing(f"no text {key} in {language}") from error


def placeholders(text: str) -> frozenset[str]:
    """The names in braces. Raises ValueError where the braces do not match or hold more than a name."""
    found = set()
    for _, name, specification, conversion in Formatter().parse(text):
        if name is None:
            continue
        if not name.isidentifier() or specification or conversion:
            raise ValueError(f"{{{name}}} is not a plain placeholder")
        found.add(name)
    return frozenset(found)


def _read_folder(folder: Path) -> dict[str, Entry]:
    entries: dict[str, Entry] = {}
    sections: dict[str, str] = {}
    for path in sorted(folder.glob("*.yaml")):
        for key, entry in _read(path).items():
            section = key.partition(".")[0]
            if sections.setdefault(section, path.name) != path.name:
                raise CatalogueInvalid(f"{folder.name}/{path.name}: {section} is in {sections[section]} already")
            entries[key] = entry
    if not entries:
        raise CatalogueInvalid(f"{folder.name} holds no texts")
    return entries


def _read(path: Path) -> dict[str, Entry]:
    name = f"{path.parent.name}/{path.name}"
    try:
        # The loader derives from SafeLoader: it builds no objects.
        tree = yaml.load(path.read_bytes(), _StrictLoader)  # noqa: S506
    except (OSError, yaml.YAMLError) as error:
        raise CatalogueInvalid(f"{name}: {error}") from error
    entries: dict[str, Entry] = {}
    _flatten(name, (), tree, entries)
    return entries


def _flatten(file: str, path: Sequence[str], node: object, into: dict[str, Entry]) -> None:
    key = ".".join(path)
    if isinstance(node, Mapping):
        for name, child in node.items():
            if not isinstance(name, str):
                # YAML reads `false`, `no` and `on` as truth values; such a key would never be found again.
                raise CatalogueInvalid(f"{file}: {key or 'the file'}: the key {name!r} is no text; put it in quotes")
            _flatten(file, (*path, name), child, into)
    elif isinstance(node, str) and node.strip():
        try:
            placeholders(node)
        except ValueError as error:
            raise CatalogueInvalid(f"{file}: {key}: {error}") from error
        into[key] = node.strip()
    elif isinstance(node, list) and node and all(isinstance(line, str) and line.strip() for line in node):
        into[key] = tuple(line.strip() for line in node)
    else:
        raise CatalogueInvalid(f"{file}: {key or 'the file'} is neither a text, a list of texts, nor a section")
