"""Says things in the language of a page: texts, numbers, days, and what the cells of an edition mean."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from math import ceil, floor

from bot.conversation.texts import Texts
from bot.maturity.instrument import Item, Wording
from bot.results.model import Cell, Count, Response
from bot.results.wording import Hidden, why_hidden
from bot.web.dashboard import numbers


@dataclass(frozen=True, slots=True)
class Voice:
    """A catalogue and a language."""

    texts: Texts
    language: str

    def say(self, key: str, **values: object) -> str:
        """A text of the catalogue."""
        return self.texts.say(key, self.language, **values)

    def word(self, wording: Wording) -> str:
        """A text of the instrument."""
        return wording.say(self.language)

    def day(self, day: date) -> str:
        """A day as `15 november 2026`."""
        month = self.texts.lines("pages.months", self.language)[day.month - 1]
        return self.say("pages.day", day=day.day, month=month, year=day.year)

    def whole(self, value: float) -> str:
        """A number without decimals."""
        return numbers.number(value, self.language)

    def decimal(self, value: float, places: int) -> str:
        """A number with so many decimals."""
        return numbers.number(value, self.language, places)

    def percent(self, share: float) -> str:
        """A share (0-1) in whole percent."""
        return numbers.percent(share, self.language)

    def count(self, count: Count) -> str:
        """A number of responses, or its range."""
        return numbers.span(count.low, count.high, self.language)

    def response(self, response: Response) -> str:
        """`8 av 12`, `1–4 av 12`, or `8` where nobody knows how many were invited."""
        answered = self.count(response.answered)
        if response.invited is None:
            return answered
        return self.say("pages.of", count=answered, of=self.whole(response.invited))

    def municipalities(self, number: int) -> str:
        """`1 kommun`, `13 kommuner`."""
        key = "pages.basis.municipality" if number == 1 else "pages.basis.municipalities"
        return self.say(key, number=self.whole(number))

    def level(self, item: Item, level: float) -> str:
        """A level by its name; one between two levels by the names of both."""
        low, high = (self.word(item.options[int(each)].label) for each in (floor(level), ceil(level)))
        return low if low == high else self.say("pages.level.between", low=low, high=high)

    def levels(self, item: Item, low: int, high: int) -> str:
        """The levels from one to another, by name."""
        if low == high:
            return self.level(item, low)
        return self.say("pages.level.range", low=self.level(item, low), high=self.level(item, high))

    def basis(self, cell: Cell, municipalities: int | None = None) -> str:
        """What a number rests on: `96 svar från 13 kommuner, vet ej 7`. Empty where nothing is told."""
        if cell.answered is None:
            return ""
        answered = self.whole(cell.answered)
        if municipalities is not None:
            places = self.municipalities(municipalities)
            answers = self.say("pages.basis.answers_from", answered=answered, municipalities=places)
        else:
            answers = self.say("pages.basis.answers", answered=answered)
        if cell.unknown is None:
            return answers
        return self.say("pages.basis.and_unknown", answers=answers, unknown=self.whole(cell.unknown))

    def hidden(self, item: Item, cell: Cell) -> str:
        """Why a cell has no figures, in a few words; empty where it has them."""
        why = why_hidden(cell)
        if why is None:
            return ""
        if why is Hidden.ALIKE and cell.band is not None:
            low, high = (self.level(item, each) for each in cell.band)
            return self.say("pages.hidden.alike", low=low, high=high)
        return self.say(f"pages.hidden.{why}")
