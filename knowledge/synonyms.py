"""What people write for what the texts say: everyday words, abbreviations, English terms.

The table only ever adds meanings to a question; nothing that it does reaches a quote.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import yaml

from knowledge.errors import LibraryInvalid
from knowledge.glossary import Term
from knowledge.swedish.stems import stem
from knowledge.swedish.tokens import fold, normalise, tokenize

LONGEST = 5
"""Words in a phrase."""


class SynonymTable:
    """Finds phrases of a text, longest first, and gives other forms; implements `knowledge.question.Synonyms`."""

    def __init__(self, pairs: Iterable[tuple[str, Sequence[str]]]) -> None:
        """`pairs` are a phrase as people write it and the forms that mean the same."""
        self._forms: dict[tuple[str, ...], tuple[str, ...]] = {}
        for phrase, forms in pairs:
            key = _key(phrase)
            if key and len(key) <= LONGEST:
                known = self._forms.get(key, ())
                self._forms[key] = tuple(dict.fromkeys((*known, *(form for form in forms if _key(form) != key))))

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


def from_glossary(terms: Iterable[Term]) -> Iterable[tuple[str, Sequence[str]]]:
    """Every form of a glossary term means every other one."""
    for term in terms:
        forms = [term.term, *term.synonyms, *([term.abbreviation] if term.abbreviation else []), *term.english]
        for form in forms:
            yield form, [other for other in forms if other != form]


def from_everyday(path: Path) -> list[tuple[str, Sequence[str]]]:
    """The everyday and English words of a data file, which mean the library's words (and not the other way round).

    Raises LibraryInvalid naming the entry that is wrong.
    """
    try:
        data: Any = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (OSError, yaml.YAMLError) as error:
        raise LibraryInvalid(f"{path.name}: {error}") from error
    if not isinstance(data, Mapping) or not isinstance(data.get("everyday"), list):
        raise LibraryInvalid(f"{path.name}: needs a list `everyday`")
    pairs: list[tuple[str, Sequence[str]]] = []
    for entry in data["everyday"]:
        if not isinstance(entry, Mapping) or not entry.get("say") or not entry.get("means"):
            raise LibraryInvalid(f"{path.name}: an entry of `everyday` needs `say` and `means`: {entry}")
        pairs += [(str(said), [str(form) for form in entry["means"]]) for said in entry["say"]]
    english = data.get("english") or {}
    pairs += [(str(said), [str(form) for form in forms]) for said, forms in english.items()]
    return pairs
