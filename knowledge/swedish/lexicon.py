"""The word list of a Swedish spelling dictionary, as parts of compounds: what may begin one, and what may end one.

The dictionary (the package `hunspell-sv`, data under LGPL-3.0) says of each word whether it may begin or end a
compound, and by which linking letters: `säkerhet` links as `säkerhets-`, `gata` as `gatu-`. Reading it takes a second
and some ten megabytes, so it is read where an index is built and nowhere else.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from importlib.metadata import PackageNotFoundError, files
from pathlib import Path

from knowledge.swedish.stems import stem

_PACKAGE = "hunspell-sv"
_WORDS, _RULES = "sv_SE.dic", "sv_SE.aff"
_BEGINS, _ENDS, _BOUND, _FORBIDDEN = "XU", "Y", "Z", "%"
"""The dictionary's marks: begins a compound, ends one, never stands alone, is no word."""
_NOUN = frozenset("ABCDEFGHIJ")
SHORTEST = 3
"""Letters of the shortest part."""
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Lexicon:
    """What the dictionary says of compounds; empty where it is not installed.

    `first` maps a form that may begin a compound, linking letters and all, to the term of its word. `last` are the
    terms of words that may end one. `short` are further nouns of three letters, which end compounds in official texts
    (`råd`, `hot`, `län`) though the dictionary forbids it for fear of typing errors. `whole` are all listed words, and
    `names` the terms of proper names, which are never parts and have none.
    """

    first: Mapping[str, str] = field(default_factory=dict)
    last: frozenset[str] = frozenset()
    short: frozenset[str] = frozenset()
    whole: frozenset[str] = frozenset()
    names: frozenset[str] = frozenset()

    def __bool__(self) -> bool:
        return bool(self.first)


NO_LEXICON = Lexicon()


@lru_cache(maxsize=1)
def load_lexicon() -> Lexicon:
    """The dictionary that is installed; without one, an empty one, which the log says once.

    Reading takes about a second, and what is read is kept for the process. Raises OSError where the files are listed
    but cannot be read.
    """
    try:
        listed = files(_PACKAGE) or ()
    except PackageNotFoundError:
        listed = ()
    places = {Path(str(file)).name: Path(str(file.locate())) for file in listed}
    if _WORDS not in places or _RULES not in places:
        _log.warning("no Swedish dictionary (%s): compounds are split by the words of the texts alone", _PACKAGE)
        return NO_LEXICON
    rules = places[_RULES].read_text(encoding="utf-8").splitlines()
    # The first line is the number of entries.
    return read_lexicon(places[_WORDS].read_text(encoding="utf-8").splitlines()[1:], rules)


def read_lexicon(entries: Iterable[str], rules: Iterable[str]) -> Lexicon:
    """The lexicon of a Hunspell dictionary's lines and of its affix file's lines."""
    links = _linking_rules(rules)
    first: dict[str, str] = {}
    bound: list[tuple[str, str]] = []
    last: set[str] = set()
    short: set[str] = set()
    whole: set[str] = set()
    names: set[str] = set()
    for entry in entries:
        word, _, rest = entry.partition("/")
        if len(word) < SHORTEST or not word.isalpha():
            continue
        marks = rest.partition(" ")[0].partition("\t")[0]
        # What must not be written in small letters is a name, too; that of an authority is a noun: `Domstolen`.
        if _FORBIDDEN in marks or not word.islower():
            if not word.endswith(("en", "et")):
                names.add(stem(word.lower()))
            continue
        if _BOUND in marks:
            bound.append((word, marks))
            continue
        whole.add(word)
        if not marks:
            continue
        term = ""
        if _ENDS in marks:
            term = stem(word)
            last.add(term)
        elif len(word) == SHORTEST and not _NOUN.isdisjoint(marks):
            short.add(word)
        for form in _first_forms(word, marks, links):
            first.setdefault(form, term or stem(word))
    for word, marks in bound:
        for form in _first_forms(word, marks, links):
            first.setdefault(form, stem(_free_form(word, whole)))
    names.difference_update(last, first.values())
    return Lexicon(first, frozenset(last), frozenset(short), frozenset(whole), frozenset(names))


@dataclass(frozen=True, slots=True)
class _Link:
    """How a mark changes a word's end when it begins a compound: `gata` -> `gatu`."""

    off: str
    on: str
    where: re.Pattern[str]


def _linking_rules(lines: Iterable[str]) -> dict[str, list[_Link]]:
    found: dict[str, list[_Link]] = {}
    for line in lines:
        columns = line.split()
        if len(columns) != 5 or columns[0] != "SFX":
            continue
        _, mark, off, added, condition = columns
        on, _, further = added.partition("/")
        if any(mark in _BEGINS for mark in further) and on != "-":
            link = _Link(off.removeprefix("0"), on.removeprefix("0"), re.compile(f"{condition}$"))
            found.setdefault(mark, []).append(link)
    return found


def _first_forms(word: str, marks: str, links: Mapping[str, list[_Link]]) -> Iterator[str]:
    for mark in marks:
        if mark in _BEGINS:
            yield word
        for link in links.get(mark, ()):
            if link.where.search(word):
                form = word[: len(word) - len(link.off)] + link.on
                if len(form) >= SHORTEST:
                    yield form


def _free_form(form: str, words: set[str]) -> str:
    """The word that is listed in its linking form only: `arbete` of `arbets`, `läkare` of `läkar`."""
    bare = form[:-1]
    candidates = (bare, f"{bare}a", f"{bare}e", f"{form}e", f"{form}a", form)
    return next((candidate for candidate in candidates if candidate in words), form)
