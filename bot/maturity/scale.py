"""What the steps of an item's scale mean, told from their own words; so that any scale can be read without code."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import combinations

from bot.maturity.instrument import Item, Kind, Option
from bot.maturity.phrasebook import ABSENT, HALFWAY, Phrasebook
from bot.maturity.phrases import Family
from bot.maturity.typed import clauses, words
from bot.maturity.weighing import heard
from knowledge.swedish.stems import STOP_WORDS, stem

_SHORTEST = 4
_TELLING_LETTERS = 8
"""Letters from which a single word of a sentence says as much as two."""
_STOP_WORDS = frozenset(each for word in STOP_WORDS for each in words(word))


@dataclass(frozen=True, slots=True)
class Scale:
    """An item's options by meaning.

    An `inverse` scale begins with the most of something, as it is something bad: there `bra` and `dåligt` say nothing.
    `own` are content words that stand in the sentence of one option only; `negated` are the options whose sentence
    says what there is not.
    """

    book: Phrasebook
    meanings: Mapping[str, str]
    inverse: bool
    own: Mapping[str, str]
    negated: frozenset[str]

    def code(self, meaning: str) -> str | None:
        """The option with this meaning, or else the nearest one. None where there is none, or more than one."""
        if not self._speaks_of(meaning):
            return None
        if meaning in self.meanings:
            return self.meanings[meaning]
        for group in self.book.meanings[meaning].otherwise:
            codes = {self.meanings[each] for each in group if each in self.meanings and self._speaks_of(each)}
            if codes:
                return codes.pop() if len(codes) == 1 else None
        return None

    def degrees(self, code: str) -> tuple[int, ...]:
        """How far the meanings of an option go."""
        return tuple(self.book.meanings[meaning].degree for meaning, each in self.meanings.items() if each == code)

    def owner(self, meaning: str, typed: Sequence[str]) -> str | None:
        """The other option whose own sentence uses a word of this phrase; the phrase then means that one."""
        codes = {self.own[each] for each in self._own_words(typed)}
        return codes.pop() if len(codes) == 1 and codes != {self.code(meaning)} else None

    def support(self, typed: Sequence[str]) -> Mapping[str, float]:
        """By option, how much of its sentence the text uses."""
        used = self._own_words(typed)
        counts = Counter(self.own[each] for each in used)
        telling = {self.own[each] for each in used if len(each) >= _TELLING_LETTERS}
        return {code: float(count) if count > 1 or code in telling else 0.5 for code, count in counts.items()}

    def _own_words(self, typed: Sequence[str]) -> list[str]:
        """The words that belong to the sentence of one option, if both speak of what is, or both of what is not."""
        negated = _negates(self.book, typed)
        return [each for each in _stems(typed) if each in self.own and (self.own[each] in self.negated) == negated]

    def _speaks_of(self, meaning: str) -> bool:
        return not self.inverse or self.book.meanings[meaning].family is not Family.VALUE


@lru_cache(maxsize=256)
def scale_of(book: Phrasebook, item: Item) -> Scale:
    """The scale of an item with options."""
    told = {option.code: _meanings(book, option) for option in item.options}
    times = Counter(meaning for meanings in told.values() for meaning in meanings)
    meanings = {meaning: code for code, said in told.items() for meaning in said if times[meaning] == 1}
    inverse = item.kind is Kind.LEVEL and _falls(book, list(told.values()))
    middle, odd = divmod(len(item.options), 2)
    if item.kind is Kind.LEVEL and odd:
        meanings.setdefault(HALFWAY, item.options[middle].code)
    sentences = {option.code: words(f"{option.level.sv} {option.level.en}") for option in item.options if option.level}
    stems = {code: frozenset(_stems(typed)) for code, typed in sentences.items()}
    shared = Counter(each for of_one in stems.values() for each in of_one)
    return Scale(
        book=book,
        meanings=meanings,
        inverse=inverse,
        own={each: code for code, of_one in stems.items() for each in of_one if shared[each] == 1},
        negated=frozenset(
            option.code for option in item.options if option.level and _negates(book, words(option.level.sv))
        ),
    )


def _meanings(book: Phrasebook, option: Option) -> frozenset[str]:
    """What an option's label says; its English one where the Swedish says nothing. `Ingen skuld` says absence."""
    for label in (option.label.sv, option.label.en):
        typed = book.split(clauses(label))
        said = heard(book, typed).meanings
        if said:
            return frozenset(said)
        if len(typed) > 1 and typed[0] in book.negations:
            return frozenset({ABSENT})
    return frozenset()


def _falls(book: Phrasebook, options: Sequence[Iterable[str]]) -> bool:
    """Whether more pairs of steps go down than up."""
    degrees = [max((book.meanings[meaning].degree for meaning in said), default=None) for said in options]
    told = [degree for degree in degrees if degree is not None]
    turns = [(first > second) - (first < second) for first, second in combinations(told, 2)]
    return sum(turns) > 0


def _stems(typed: Sequence[str]) -> set[str]:
    return {stem(word) for word in typed if len(word) >= _SHORTEST and word not in _STOP_WORDS and word.isalpha()}


def _negates(book: Phrasebook, typed: Sequence[str]) -> bool:
    return not book.negations.isdisjoint(typed)
