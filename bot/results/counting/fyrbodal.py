"""What holds for every item while a round is compiled: the municipalities, their decisions, the thresholds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from bot.maturity.instrument import Instrument, Item
from bot.maturity.ports import Visibility
from bot.maturity.rounds import Round
from bot.results.counting.disclosure import Name

SHARED = "@"
"""What the name of an organisation of several municipalities begins with, where groups are named."""

_OPENNESS = (Visibility.OWN, Visibility.FEDERATION, Visibility.PUBLIC)


@dataclass(frozen=True)
class Fyrbodal:
    """A round's setting. `visibilities` are the municipalities' decisions; whoever has made none keeps to itself."""

    round: Round
    visibilities: Mapping[str, Visibility]

    @property
    def instrument(self) -> Instrument:
        """The round's instrument."""
        return self.round.instrument

    @cached_property
    def municipalities(self) -> tuple[str, ...]:
        """All of them, in the instrument's order."""
        found = (name for each in self.instrument.organisations for name in each.municipalities)
        return tuple(dict.fromkeys(found))

    @cached_property
    def _homes(self) -> Mapping[str, tuple[str, ...]]:
        return {each.id: each.municipalities for each in self.instrument.organisations}

    @cached_property
    def _names(self) -> Mapping[str, str]:
        return {unit: served[0] for unit, served in self._homes.items() if len(served) == 1}

    def served_by(self, unit: str) -> tuple[str, ...]:
        """The municipalities of an organisation."""
        return self._homes.get(unit, ())

    def home(self, unit: str) -> str:
        """The municipality that an organisation's persons are a group of; one of several municipalities is its own."""
        return self._names.get(unit) or f"{SHARED}{unit}"

    def roles_of(self, item: Item) -> tuple[str, ...]:
        """The roles that are asked an item, in the instrument's order; one empty role where the instrument has none."""
        return tuple(role.id for role in self.instrument.roles if not item.roles or role.id in item.roles) or ("",)

    def visibility(self, units: tuple[str, ...]) -> Visibility:
        """How far a statement of these organisations may be seen: as far as all of their municipalities allow."""
        served = [name for unit in units for name in self.served_by(unit)]
        decided = [self.visibilities.get(name, Visibility.OWN) for name in served]
        return min(decided, key=_OPENNESS.index, default=Visibility.OWN)

    def invited(self, role: str, municipality: str = "") -> int | None:
        """How many persons were invited in a role (empty: in all); None unless it is known of every part."""
        roles = (role,) if role else tuple(each.id for each in self.instrument.roles)
        places = (municipality,) if municipality else self.municipalities
        numbers = [self.round.invited.get((place, each)) for place in places for each in roles]
        known = [number for number in numbers if number is not None]
        return sum(known) if known and len(known) == len(numbers) else None


def everybody(role: str) -> Name:
    """The name of all persons of a role."""
    return role, ""
