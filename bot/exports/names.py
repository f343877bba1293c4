"""What the ids of an edition are called: the instrument's titles and labels in one language."""

from __future__ import annotations

from bot.maturity.instrument import Instrument, Item


class Names:
    """Names of an instrument's parts; an id that it does not know is its own name, so that nothing is lost."""

    def __init__(self, instrument: Instrument, language: str) -> None:
        self._instrument = instrument
        self._language = language
        self._areas = {each.id: each.title.say(language) for each in instrument.areas}
        self._roles = {each.id: each.title.say(language) for each in instrument.roles}
        self._operations = {each.id: each.title.say(language) for each in instrument.operations}
        self._organisations = {each.id: each.title for each in instrument.organisations}
        self._items = {each.id: each.topic.say(language) for each in instrument.items}

    def area(self, area: str) -> str:
        """An area's title."""
        return self._areas.get(area, area)

    def role(self, role: str) -> str:
        """A role's title; nothing for everybody who was asked."""
        return self._roles.get(role, role)

    def operation(self, operation: str) -> str:
        """An area of operation's title."""
        return self._operations.get(operation, operation)

    def municipality(self, municipality: str) -> str:
        """A municipality's name."""
        return self._organisations.get(municipality, municipality)

    def item(self, item: str) -> str:
        """What an item is about, in a word or two."""
        return self._items.get(item, item)

    def option(self, item: Item, code: str) -> str:
        """The label of one of an item's options."""
        option = item.option(code)
        return option.label.say(self._language) if option is not None else code
