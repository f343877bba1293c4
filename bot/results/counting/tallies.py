"""Answers counted once, for every way in which they are looked at afterwards.

A variable is what one person has one value of: the level of an item, the option of a choice, or whether an option of
several was ticked. Its tally says how many have each value, by where they stand.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from bot.maturity.instrument import Item, Kind, Null
from bot.maturity.responses import ItemAnswer
from bot.results.counting.respondents import Respondent

Counts = tuple[int, ...]
"""How many persons have each value; the place in the tuple is the value."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where persons stand."""

    role: str
    unit: str
    operation: str
    batch: int


Where = Callable[[Place], bool]


@dataclass(slots=True)
class ItemTally:
    """One item's answers. `values` has a counter for each variable: the level or choice under "", else each option."""

    item: Item
    values: dict[str, Counter[tuple[Place, int]]] = field(default_factory=dict)
    nulls: Counter[tuple[Place, Null]] = field(default_factory=Counter)

    @property
    def variables(self) -> tuple[str, ...]:
        """The names of the variables."""
        return variables_of(self.item)

    def counts(self, variable: str, where: Where) -> Counts:
        """How many persons in a place have each value of a variable."""
        found = [0] * values_of(self.item)
        for (place, value), number in self.values.get(variable, Counter()).items():
            if where(place):
                found[value] += number
        return tuple(found)

    def answered(self, where: Where) -> int:
        """How many persons in a place answered."""
        return sum(self.counts(self.variables[0], where))

    def without(self, null: Null, where: Where) -> int:
        """How many persons in a place had this reason not to answer."""
        return sum(number for (place, each), number in self.nulls.items() if each is null and where(place))

    def places(self) -> Mapping[Place, int]:
        """How many persons answered, by where they stand."""
        found: Counter[Place] = Counter()
        for (place, _), number in self.values.get(self.variables[0], Counter()).items():
            found[place] += number
        return found


def variables_of(item: Item) -> tuple[str, ...]:
    """The variables of an item."""
    return tuple(option.code for option in item.options) if item.kind is Kind.CHOICES else ("",)


def values_of(item: Item) -> int:
    """How many values a variable of the item has."""
    return 2 if item.kind is Kind.CHOICES else len(item.options)


def value_of(item: Item, answer: ItemAnswer) -> int | None:
    """The value of an item with one variable: the place of its option. None where it has no answer."""
    if answer.null is not None or len(answer.codes) != 1:
        return None
    return next((place for place, option in enumerate(item.options) if option.code == answer.codes[0]), None)


def tally(items: Iterable[Item], people: Iterable[Respondent]) -> dict[str, ItemTally]:
    """The tallies of all items with options, of persons only: what groups answered together is not among them."""
    found = {item.id: ItemTally(item) for item in items if item.kind is not Kind.TEXT}
    for person in people:
        if person.joint:
            continue
        for answer in person.answers.values():
            counted = found.get(answer.item)
            role = person.role_for(counted.item) if counted is not None else None
            if counted is None or role is None:
                continue
            place = Place(role, person.unit, person.operation, person.batch)
            if answer.null is not None:
                counted.nulls[place, answer.null] += 1
                continue
            for variable, value in _values(counted.item, answer):
                counted.values.setdefault(variable, Counter())[place, value] += 1
    return found


def _values(item: Item, answer: ItemAnswer) -> Iterator[tuple[str, int]]:
    if item.kind is Kind.CHOICES:
        if answer.codes:
            yield from ((option.code, int(option.code in answer.codes)) for option in item.options)
        return
    value = value_of(item, answer)
    if value is not None:
        yield "", value
