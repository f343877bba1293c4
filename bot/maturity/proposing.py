"""Free words taken for an answer, to be confirmed by whoever wrote them; nothing where two answers come near."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

from bot.maturity.exact import CLEARLY, wordings
from bot.maturity.instrument import Item, Kind, Null
from bot.maturity.phrasebook import ALL, Phrasebook
from bot.maturity.phrases import Family
from bot.maturity.positions import spelt
from bot.maturity.scale import Scale, scale_of
from bot.maturity.typed import BREAK, clauses, slips_between, words
from bot.maturity.weighing import Heard, Label, heard

ENOUGH = 2.0
"""The weight from which words are taken for an answer."""
MARGIN = 1.0
"""How much weightier than the next one it must be."""

_CONTRADICTION = 35
"""Two things said of one item that are further apart than this cannot both be meant."""
_MOST_SUPPORT = 3.0
_OF = frozenset({"av", "of"})


def proposed(book: Phrasebook, item: Item, text: str) -> tuple[str, ...] | Null | None:
    """What the text is taken for: options of the item by code, or a reason for no answer."""
    if item.kind is Kind.CHOICES and words(text) in book.forms[ALL]:
        return tuple(option.code for option in item.options if not option.exclusive)
    typed = book.split(clauses(text))
    place = _position(book, item, typed) if "%" not in text else None
    if place is not None:
        return (item.options[place - 1].code,)
    labels = list(_labels(item, typed))
    if item.kind is Kind.CHOICES:
        numbered = any(word.isdecimal() for word in typed)
        return None if numbered else _several(book, item, heard(book, typed, labels))
    scale = scale_of(book, item)
    said = heard(book, typed, labels, scale.owner)
    return None if said.unclear else _heaviest(scale, said, scale.support(typed))


def _heaviest(scale: Scale, said: Heard, support: Mapping[str, float]) -> tuple[str, ...] | Null | None:
    weights: defaultdict[str | Null, float] = defaultdict(float)
    weights.update(said.labels)
    for null, weight in said.nulls.items():
        weights[null] = weight
    elsewhere: list[int] = []
    for meaning, weight in said.meanings.items():
        code = scale.code(meaning)
        if code is not None:
            weights[code] += weight
        elif scale.book.meanings[meaning].family is not Family.AMOUNT:
            elsewhere.append(scale.book.meanings[meaning].degree)
    for code, weight in support.items():
        weights[code] += min(weight, _MOST_SUPPORT)
    (best, weight), *others = sorted(weights.items(), key=lambda pair: -pair[1]) or [(Null.SKIPPED, 0.0)]
    if weight < ENOUGH or (others and weight - others[0][1] < MARGIN):
        return None
    if isinstance(best, Null):
        return best
    degrees = scale.degrees(best)
    if any(_contradicts(each, degrees) for each in elsewhere):
        return None
    return (best,)


def _contradicts(degree: int, others: Sequence[int]) -> bool:
    """Options without an order are contradicted by a plain no only."""
    return all(abs(degree - each) > _CONTRADICTION for each in others) if others else degree == 0


def _several(book: Phrasebook, item: Item, said: Heard) -> tuple[str, ...] | Null | None:
    denied = any(book.meanings[name].denies for name in said.meanings)
    if said.unclear or denied or (said.labels and said.nulls):
        return None
    if said.nulls:
        (null, weight), *others = said.nulls.items()
        return null if weight >= ENOUGH and not others else None
    named = [option for option in item.options if option.code in said.labels]
    if not named or (len(named) > 1 and any(option.exclusive for option in named)):
        return None
    return tuple(option.code for option in named)


def _labels(item: Item, typed: Sequence[str]) -> Iterator[Label]:
    """Where the words of an option stand in the text, if they can be those of no other."""
    near: defaultdict[tuple[int, int], dict[str, int]] = defaultdict(dict)
    for option in item.options:
        for wanted in wordings(option):
            for length in {len(wanted), 1}:
                for start in range(len(typed) - length + 1):
                    part = typed[start : start + length]
                    if part[0][0] != wanted[0][0] or BREAK in part:
                        continue
                    count = slips_between(part, wanted)
                    if count is not None:
                        codes = near[start, start + length]
                        codes[option.code] = min(count, codes.get(option.code, count))
    for (start, end), codes in near.items():
        fewest = min(codes.values())
        nearest = [code for code, count in codes.items() if count - fewest < (CLEARLY if fewest else 1)]
        if len(nearest) == 1:
            yield Label(nearest[0], start, end)


def _position(book: Phrasebook, item: Item, typed: Sequence[str]) -> int | None:
    """The position that the text speaks of, where it speaks of nothing else: `en trea av sex kanske`."""
    said = [word for word in typed if word != BREAK]
    numbers = [index for index, word in enumerate(said) if spelt(word, bare=False) is not None]
    if len(numbers) == 2 and numbers[1] - numbers[0] == 2 and said[numbers[0] + 1] in _OF:
        if spelt(said[numbers[1]]) != len(item.options):
            return None
        said, numbers = said[: numbers[0] + 1] + said[numbers[1] + 1 :], numbers[:1]
    if len(numbers) != 1 or any(word not in book.number_words for word in said if word != said[numbers[0]]):
        return None
    number = spelt(said[numbers[0]])
    return number if number is not None and 1 <= number <= len(item.options) else None
