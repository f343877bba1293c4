"""What the parts of a report share: the material, the language, and how things are called in it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from bot.conversation.texts import Texts
from bot.exports.material import Material
from bot.exports.names import Names
from bot.exports.numbers import decimal, listed
from bot.maturity.instrument import Item, Kind
from bot.results.model import ItemResult


@dataclass(frozen=True, slots=True)
class Scene:
    """One report in the making."""

    material: Material
    texts: Texts
    language: str
    names: Names = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "names", Names(self.material.round.instrument, self.language))

    def say(self, key: str, **values: object) -> str:
        """A text of the catalogue in the report's language."""
        return self.texts.say(key, self.language, **values)

    def number(self, value: float, places: int = 0) -> str:
        """A number as the language writes it."""
        return decimal(value, self.language, places)

    def listed(self, names: list[str]) -> str:
        """Names in a sentence."""
        return listed(names, self.say("exports.report.and"))

    def role(self, role: str) -> str:
        """A role's name, or everybody."""
        return self.names.role(role) or self.say("exports.everybody")

    def level(self, item: Item, level: float) -> str:
        """A level by its label; between two of them, both."""
        if item.kind is not Kind.LEVEL:
            return self.number(level, 1)
        low, high = int(level), int(level + 0.5)
        labels = [item.options[each].label.say(self.language) for each in dict.fromkeys((low, high))]
        return self.say("exports.report.between", low=labels[0], high=labels[-1]) if len(labels) > 1 else labels[0]

    def results(self, item: Item) -> Iterator[ItemResult]:
        """The results of an item, those of everybody first."""
        found = [each for each in self.material.view.edition.results if each.item == item.id]
        return iter(sorted(found, key=lambda each: bool(each.role)))
