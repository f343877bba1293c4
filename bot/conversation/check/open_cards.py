"""Which cards of the check stand open where, so that they can become lines when they have been answered.

In memory only: what is forgotten at a restart stays a card with buttons, and a press on it is an ordinary late press.
"""

from __future__ import annotations

from collections import OrderedDict

from bot.conversation.ports import Place

PLACES = 2000
CARDS = 12


class OpenCards:
    """Cards by place: key -> message id, oldest first. Bounded."""

    def __init__(self) -> None:
        self._places: OrderedDict[Place, dict[str, str]] = OrderedDict()

    def add(self, place: Place, key: str, message: str) -> None:
        """A card was sent. Two messages never stand under one key: `take` comes first."""
        cards = self._places.setdefault(place, {})
        cards.pop(key, None)
        cards[key] = message
        if len(cards) > CARDS:
            del cards[next(iter(cards))]
        self._places.move_to_end(place)
        if len(self._places) > PLACES:
            self._places.popitem(last=False)

    def take(self, place: Place, but: str = "") -> dict[str, str]:
        """Forget and return the open cards, except the one under the key `but`."""
        cards = self._places.get(place, {})
        taken = {key: message for key, message in cards.items() if key != but}
        for key in taken:
            del cards[key]
        return taken
