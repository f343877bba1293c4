"""A claim's content words, and whether a text of its sources holds them, also across the two languages.

English words are looked for by the Swedish ones that `knowledge/english.yaml` gives for them, so that an English claim
is held against Swedish passages as a Swedish one is.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache, partial
from itertools import pairwise
from pathlib import Path

import Stemmer
import yaml

from knowledge.composing.numerals import in_digits
from knowledge.errors import LibraryInvalid
from knowledge.question import GENERIC
from knowledge.swedish.analysis import Split, Term, analyse
from knowledge.swedish.stems import stem
from knowledge.swedish.tokens import Token, TokenKind, fold, tokenize

_DATA = Path(__file__).resolve().parent.parent / "english.yaml"
_BEGINNING = 5
"""Letters that two related words begin with."""
_NO_PART = {"kommun": "kommunik"}
"""Words that begin like another one and are no compounds of it."""
_ENDING = 4
"""Letters by which forms of one word differ in length."""
_HEAD = 4
"""Letters of a word that may be a part of a compound, beside at least three others."""
_NOT_CONTENT = frozenset(
    """
    procent percent pct euro euros kronor krona sek miljon miljoner million millions miljard billion dag dagar day
    days vecka veckor week weeks månad månader month months år years year timme timmar hour hours per cent january
    february march april may june july august september october november december januari februari mars maj juni juli
    augusti oktober artikel article kapitel chapter half hälften also within must shall might one own other others
    such each egen eget egna nej ja inget inga ingen utan även everyone even without every minut minuter minute
    minutes sekund sekunder medan enligt över among more take takes than some drygt knappt cirka ungefär omkring högst
    minst range ranges sträcker uppgår respective nearly about around least most roughly approximately
    """.split()  # noqa: SIM905 - a list of words reads better as text
)
"""Words that figures are written with, or that are held elsewhere."""


@dataclass(frozen=True, slots=True)
class Word:
    """A content word, and the stems by which it is looked for: any of them will do."""

    text: str
    forms: tuple[str, ...]


class Words:
    """Finds content words. `split` gives the parts of a compound; results are kept, as passages return often."""

    def __init__(self, split: Split) -> None:
        self._terms: Callable[[str], list[Term]] = lru_cache(maxsize=4096)(partial(analyse, split=split))
        self._of: Callable[[str, bool, bool], tuple[Word, ...]] = lru_cache(maxsize=2048)(self._found)
        self.held: Callable[[str], frozenset[str]] = lru_cache(maxsize=8192)(self._held)
        """Text -> the stems that it holds, parts of compounds included."""
        self.held_in: Callable[[tuple[str, ...]], frozenset[str]] = lru_cache(maxsize=8192)(self._held_in)
        """Parts of a text -> the stems that it holds where they are joined by spaces."""

    def of(self, text: str, *, foreign: bool = False, every: bool = False) -> tuple[Word, ...]:
        """The content words of a claim in order, each once; `foreign` where its passages are in the other language.

        With `every` also those that nearly every text has, such as `kommun`.
        """
        return self._of(text, foreign, every)

    def _found(self, text: str, foreign: bool, every: bool) -> tuple[Word, ...]:
        found: dict[str, Word] = {}
        for term in self._terms(text):
            word = term.token.text
            if not _is_content(term, every=every):
                continue
            forms = (term.main, *(part for part in term.parts if len(part) > 3))
            found.setdefault(term.main, Word(word, (*forms, *translated(word)) if foreign else forms))
        return tuple(found.values())

    def _held(self, text: str) -> frozenset[str]:
        return frozenset(form for term in self._terms(text) for form in (term.main, *term.parts))

    def _held_in(self, parts: tuple[str, ...]) -> frozenset[str]:
        if any(one and other and (one[-1].isdigit() or other[0].isdigit()) for one, other in pairwise(parts)):
            return self._held(" ".join(parts))  # `NIS` and `2`, `17` and `000` are more than their parts
        return frozenset().union(*map(self.held, parts))


@lru_cache(maxsize=8192)
def tokens_of(text: str) -> tuple[Token, ...]:
    """The tokens of a clause, which is looked at again for each claim that cites it."""
    return tuple(tokenize(text))


@lru_cache(maxsize=8192)
def has_content(text: str) -> bool:
    """Whether a text says more than how much and when."""
    return any(_is_content(term) for term in analyse(text))


def _is_content(term: Term, *, every: bool = False) -> bool:
    if term.token.kind not in (TokenKind.WORD, TokenKind.CODE) or _is_number(term.token.text):
        return False
    return (every or term.main not in GENERIC) and term.token.text not in _NOT_CONTENT


@lru_cache(maxsize=16384)
def _is_number(word: str) -> bool:
    return in_digits(word).isdigit()


@lru_cache(maxsize=2)
def words_of(split: Split) -> Words:
    """The words of a reader of passages, the same for every claim, so that passages are analysed once."""
    return Words(split)


def holds(held: Collection[str], word: Word) -> bool:
    """Whether a word, a part of it, or a word of the same beginning stands among the stems."""
    stems = frozenset(held)
    return any(form in stems or _any_related(stems, form) for form in word.forms)


@lru_cache(maxsize=16384)
def _any_related(held: frozenset[str], form: str) -> bool:
    return any(_related(form, other) for other in held)


def stands(held: Collection[str], word: Word) -> bool:
    """Whether the word itself stands among the stems, or another form of it; a compound of it is not enough."""
    stems = frozenset(held)
    return any(form in stems or _any_form(stems, form) for form in word.forms)


@lru_cache(maxsize=16384)
def _any_form(held: frozenset[str], form: str) -> bool:
    return any(_alike(form, other) or _begins(other, form) for other in held)


def _begins(compound: str, word: str) -> bool:
    return len(word) >= _BEGINNING and compound.startswith(word) and not compound.startswith(_NO_PART.get(word, "-"))


def count(held: Collection[str], words: Iterable[Word]) -> int:
    """How many of the words stand among the stems."""
    return sum(holds(held, word) for word in words)


def _alike(one: str, other: str) -> bool:
    """Two forms of a word: the same beginning, and not much behind it."""
    if one[:_BEGINNING] != other[:_BEGINNING] or len(one) < _BEGINNING:
        return False
    return abs(len(one) - len(other)) <= _ENDING


@lru_cache(maxsize=65536)
def _related(one: str, other: str) -> bool:
    if _alike(one, other):
        return True
    short, long = sorted((one, other), key=len)
    if long.startswith(_NO_PART.get(short, "-")):
        return False
    if len(short) < _HEAD or len(long) - len(short) < 3:
        return False
    return short in long


def translated(word: str) -> tuple[str, ...]:
    """The Swedish stems of an English word; none where it is not in the list."""
    words = _english()
    forms = [word, *word.split("-")] if "-" in word else [word]
    found: dict[str, None] = {}
    for form in forms:
        known = next((words[one] for one in (form, _root(form), *_positive(form)) if one in words), ())
        found |= dict.fromkeys(known)
    return tuple(found)


def _positive(word: str) -> tuple[str, ...]:
    """What an adjective may be without its `-er` or `-est`."""
    base = next((word.removesuffix(ending) for ending in ("est", "er") if word.endswith(ending)), "")
    return (base, f"{base}e", base[:-1], f"{base[:-1]}y") if len(base) > 2 else ()


@cache
def _english() -> Mapping[str, tuple[str, ...]]:
    """English words and their roots -> Swedish stems. Raises LibraryInvalid."""
    data = yaml.load(_DATA.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
    words = data.get("words") if isinstance(data, dict) else None
    if not isinstance(words, dict):
        raise LibraryInvalid(f"{_DATA.name}: words are missing")
    found: dict[str, tuple[str, ...]] = {}
    for word, swedish in words.items():
        if not isinstance(word, str) or not isinstance(swedish, list):
            raise LibraryInvalid(f"{_DATA.name}: {word!r} is not a word with a list of Swedish ones")
        stems = tuple(stem(fold(str(one))) for one in swedish)
        found[fold(word)] = stems
        found.setdefault(_root(word), stems)
    return found


def _root(word: str) -> str:
    return str(_stemmer().stemWord(fold(word)))


@cache
def _stemmer() -> Stemmer.Stemmer:
    return Stemmer.Stemmer("english")
