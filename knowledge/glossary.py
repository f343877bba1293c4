"""Terms of the field: definitions to quote, and which words mean the same."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from knowledge.datafile import Fields, read
from knowledge.model import DocumentKind
from knowledge.swedish.stems import stem
from knowledge.swedish.tokens import tokenize

_BRACKETS = re.compile(r"\s*\([^)]*\)")
_LONGEST = 6
"""Words in the longest form that is looked for in a question."""


@dataclass(frozen=True, slots=True)
class Term:
    """One entry. `page` is where the status report uses the word; the definition is our own."""

    term: str
    definition: str
    synonyms: tuple[str, ...] = ()
    abbreviation: str = ""
    english: tuple[str, ...] = ()
    page: int | None = None

    @property
    def heading(self) -> str:
        """The term as a heading: capital first letter."""
        return self.term[:1].upper() + self.term[1:]

    @property
    def text(self) -> str:
        """Definition and other names, each sentence able to stand alone."""
        sentences = [self.definition]
        others = [name for name in (*self.synonyms, self.abbreviation) if name]
        if others:
            sentences.append(f"{self.heading} kallas också {_listed(others)}.")
        if self.english:
            sentences.append(f"På engelska heter {self.term} {_listed(self.english)}.")
        return " ".join(sentences)

    @property
    def forms(self) -> tuple[str, ...]:
        """Every name of the term; a name that is only a part of another one is left out, because it means more."""
        names = [_BRACKETS.sub("", self.term), *self.synonyms, self.abbreviation, *self.english]
        kept = dict.fromkeys(name.lower() for name in names if name)
        main = _BRACKETS.sub("", self.term).lower()
        return tuple(name for name in kept if name == main or not _is_part(name, main))


@dataclass(frozen=True)
class Glossary:
    """All entries of a glossary file. Implements `knowledge.question.Synonyms`."""

    document: str
    title: str
    kind: DocumentKind
    source: str
    as_of: str | None
    terms: tuple[Term, ...] = field(default=())

    @property
    def groups(self) -> tuple[tuple[str, ...], ...]:
        """Groups of two and more names that mean the same, in lower case."""
        return tuple(term.forms for term in self.terms if len(term.forms) > 1)

    def alternatives(self, text: str) -> Mapping[str, tuple[str, ...]]:
        """Names of terms found in a text, as they stand there -> the other names. Inflected names are found too."""
        words = [token.text for token in tokenize(text)]
        stems = [stem(word) for word in words]
        found: dict[str, tuple[str, ...]] = {}
        for start in range(len(words)):
            for length in range(min(_LONGEST, len(words) - start), 0, -1):
                others = self._others.get(tuple(stems[start : start + length]))
                if others:
                    found[" ".join(words[start : start + length])] = others
                    break
        return found

    @cached_property
    def _others(self) -> dict[tuple[str, ...], tuple[str, ...]]:
        table: dict[tuple[str, ...], dict[str, None]] = defaultdict(dict)
        for group in self.groups:
            for name in group:
                key = tuple(stem(token.text) for token in tokenize(name))
                table[key].update(dict.fromkeys(other for other in group if other != name))
        return {key: tuple(others) for key, others in table.items() if key}


def load(path: Path) -> Glossary:
    """Read a glossary file. Raises LibraryInvalid naming file and field."""
    top = read(path)
    top.only("document", "title", "kind", "source", "as_of", "terms")
    terms = tuple(_term(fields) for fields in top.distinct("terms", "term"))
    return Glossary(
        document=top.text("document"),
        title=top.text("title"),
        kind=top.one_of("kind", DocumentKind),
        source=top.optional_text("source"),
        as_of=top.date("as_of"),
        terms=terms,
    )


def _term(fields: Fields) -> Term:
    fields.only("term", "definition", "synonyms", "abbreviation", "english", "page")
    return Term(
        term=fields.text("term"),
        definition=fields.text("definition"),
        synonyms=fields.texts("synonyms"),
        abbreviation=fields.optional_text("abbreviation"),
        english=fields.texts("english"),
        page=fields.whole("page"),
    )


def _is_part(name: str, main: str) -> bool:
    """`drift` of `driftkapacitet`, `hinder` of `organisatoriska hinder`: broader than the term itself."""
    return len(name) < len(main) and (main.startswith(name) or main.endswith(name)) and " " not in name


def _listed(names: tuple[str, ...] | list[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} eller {names[-1]}"
