"""What people write for what the texts say: everyday words, abbreviations, English terms.

The table only ever adds meanings to a question; nothing that it does reaches a quote. Each source of meanings is a
step of the analysis and is left out where that is switched off.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from knowledge.errors import LibraryInvalid
from knowledge.glossary import Term
from knowledge.swedish.stems import stem
from knowledge.swedish.steps import ALL, Step, Steps
from knowledge.swedish.tokens import fold, normalise, tokenize

LONGEST = 5
"""Words in a phrase."""
Pair = tuple[str, Sequence[str]]
"""A phrase as people write it, and the forms that mean the same."""
_BRACKETS = re.compile(r"\s*\([^)]*\)")


class SynonymTable:
    """Finds phrases of a text, longest first, and gives other forms; implements `knowledge.question.Synonyms`."""

    def __init__(self, pairs: Iterable[Pair]) -> None:
        self._forms: dict[tuple[str, ...], tuple[str, ...]] = {}
        key_of = cache(_key)  # a form stands beside each of the others
        for phrase, forms in pairs:
            key = key_of(phrase)
            if key and len(key) <= LONGEST:
                known = self._forms.get(key, ())
                self._forms[key] = tuple(dict.fromkeys((*known, *(form for form in forms if key_of(form) != key))))

    def alternatives(self, text: str) -> dict[str, tuple[str, ...]]:
        """Phrase as it stands in the folded text -> other forms; one inside a longer one is not looked up."""
        tokens = tokenize(normalise(text))
        words = [token.text for token in tokens]
        stems = tuple(stem(word) for word in words)
        found: dict[str, tuple[str, ...]] = {}
        taken: set[int] = set()
        for length in range(min(LONGEST, len(stems)), 0, -1):
            for start in range(len(stems) - length + 1):
                span = range(start, start + length)
                forms = self._forms.get(stems[start : start + length])
                if forms and taken.isdisjoint(span):
                    found[" ".join(words[start : start + length])] = forms
                    taken.update(span)
        return found


def _key(phrase: str) -> tuple[str, ...]:
    return tuple(stem(token.text) for token in tokenize(normalise(fold(phrase))))


def from_glossary(terms: Iterable[Term], steps: Steps = ALL) -> Iterator[Pair]:
    """Every name of a glossary term means every other one.

    What stands in brackets is no part of a name: `förvaltning (IT)`. A name of several entries means none of them, and
    one that is true in part only, `BankID (ett exempel)`, means the others but is not meant by them.
    """
    entries = tuple(terms)
    meanings = Counter(_BRACKETS.sub("", entry.term).lower() for entry in entries)
    for entry in entries:
        main = _BRACKETS.sub("", entry.term)
        names = list(_other_names(entry, steps))
        exact = [name for name in names if "(" not in name]
        if meanings[main.lower()] == 1:
            exact.insert(0, main)
        for name in dict.fromkeys((*exact, *(_BRACKETS.sub("", name) for name in names))):
            yield name, [other for other in exact if other != name]


def _other_names(entry: Term, steps: Steps) -> Iterator[str]:
    if Step.SYNONYMS in steps:
        yield from (name for name in entry.synonyms if name.lower() in entry.forms)
    if Step.ABBREVIATIONS in steps and entry.abbreviation:
        yield entry.abbreviation
    if Step.ENGLISH in steps:
        yield from (name for name in entry.english if name.lower() in entry.forms)


def from_everyday(path: Path, steps: Steps = ALL) -> list[Pair]:
    """The everyday and English words of a data file, which mean the texts' words (and not the other way round), and
    its abbreviations, of which every form means every other one.

    Raises LibraryInvalid naming the entry that is wrong.
    """
    try:
        # libyaml's loader, as safe as Python's and ten times as fast: every command that searches reads this file.
        data: Any = yaml.load(path.read_text(encoding="utf-8"), getattr(yaml, "CSafeLoader", yaml.SafeLoader))  # noqa: S506
    except (OSError, yaml.YAMLError) as error:
        raise LibraryInvalid(f"{path.name}: {error}") from error
    if not isinstance(data, Mapping) or not isinstance(data.get("everyday"), list):
        raise LibraryInvalid(f"{path.name}: needs a list `everyday`")
    pairs: list[Pair] = []
    everyday: list[Pair] = []
    for entry in data["everyday"]:
        if not isinstance(entry, Mapping) or not entry.get("say") or not entry.get("means"):
            raise LibraryInvalid(f"{path.name}: an entry of `everyday` needs `say` and `means`: {entry}")
        everyday += [(str(said), [str(form) for form in entry["means"]]) for said in entry["say"]]
    if Step.SYNONYMS in steps:
        pairs += everyday
    if Step.ABBREVIATIONS in steps:
        pairs += _groups(path.name, data.get("abbreviations") or [])
    if Step.ENGLISH in steps:
        pairs += [(str(said), [str(form) for form in forms]) for said, forms in (data.get("english") or {}).items()]
    return pairs


def _groups(file: str, groups: Any) -> Iterator[Pair]:
    for group in groups if isinstance(groups, list) else [groups]:
        if not isinstance(group, list) or len(group) < 2 or not all(isinstance(form, str) for form in group):
            raise LibraryInvalid(f"{file}: a group of `abbreviations` needs two forms or more, each a text: {group}")
        for form in group:
            yield form, [other for other in group if other != form]
