"""Files of the built-in library as a reader meets them: sections with their sentences and list items."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import knowledge
from ingest.loaders.markdown import MarkdownLoader
from ingest.model import BlockKind, LoadedDocument
from ingest.passages import words as count
from knowledge.swedish.tokens import sentences

LIBRARY = Path(knowledge.__file__).parent / "library"

_MONTHS = (
    "januari", "februari", "mars", "april", "maj", "juni", "juli", "augusti", "september", "oktober", "november",
    "december",
)  # fmt: skip
_DATE = re.compile(rf"\b(\d{{1,2}}) ({'|'.join(_MONTHS)}) (\d{{4}})\b")


@dataclass(frozen=True, slots=True)
class Section:
    """What stands under one heading; `sentences` holds those of the list items, too."""

    heading: str
    sentences: tuple[str, ...]
    items: tuple[str, ...]
    words: int

    @property
    def text(self) -> str:
        """All sentences, one line each."""
        return "\n".join(self.sentences)


@dataclass(frozen=True, slots=True)
class Sheet:
    """A file as the program's own loader reads it, divided at its headings."""

    document: LoadedDocument
    sections: tuple[Section, ...]

    @property
    def sentences(self) -> tuple[str, ...]:
        """Every sentence of the file, in order."""
        return tuple(sentence for section in self.sections for sentence in section.sentences)


def read(path: Path) -> Sheet:
    """The file at `path`."""
    document = MarkdownLoader().load(path, path.name)
    sections: list[Section] = []
    heading, found, items, words = "", list[str](), list[str](), 0
    for block in document.blocks:
        if block.kind is BlockKind.HEADING:
            if found:
                sections.append(Section(heading, tuple(found), tuple(items), words))
            heading, found, items, words = block.text, [], [], 0
            continue
        words += count(block.text)
        for line in block.text.splitlines():
            plain = line.strip().removeprefix("- ")
            found += sentences(plain)
            if plain != line.strip():
                items.append(plain)
    sections.append(Section(heading, tuple(found), tuple(items), words))
    return Sheet(document, tuple(sections))


def read_folder(name: str) -> dict[str, Sheet]:
    """The files of one folder of the library, by document id."""
    return {sheet.document.id: sheet for sheet in map(read, sorted((LIBRARY / name).glob("*.md")))}


def dates(text: str) -> tuple[date, ...]:
    """The days that a text names in full, in reading order."""
    return tuple(date(int(year), _MONTHS.index(month) + 1, int(day)) for day, month, year in _DATE.findall(text))
