"""The groups of one item as a tree: all who answered, their roles, the municipalities of each role."""

from __future__ import annotations

from dataclasses import replace

from bot.maturity.instrument import Item
from bot.maturity.ports import Visibility
from bot.results.counting.disclosure import Group, Name
from bot.results.counting.fyrbodal import SHARED, Fyrbodal, everybody
from bot.results.counting.tallies import ItemTally, Place, Where


def tree(tally: ItemTally, variable: str, setting: Fyrbodal, *, since: int = 0, sizes: bool = False) -> Group:
    """The groups with the values of a variable; only persons who count from a later edition than `since`.

    With `sizes` only how many there are: for what is told of a group besides its answers.
    """
    roles = setting.roles_of(tally.item)
    branches = tuple(_role(tally, variable, setting, role, since, sizes) for role in roles)
    if len(branches) == 1:
        return branches[0]
    return _group(tally, variable, ("", ""), lambda place: place.batch > since, sizes, branches)


def official(item: Item, setting: Fyrbodal) -> bool:
    """Whether an item is answered for an organisation and not for a person."""
    return setting.instrument.is_official(item)


def _role(tally: ItemTally, variable: str, setting: Fyrbodal, role: str, since: int, sizes: bool) -> Group:
    def here(place: Place) -> bool:
        return place.role == role and place.batch > since

    homes: dict[str, tuple[str, ...]] = {}
    for unit in sorted({place.unit for place in tally.places() if here(place)}):
        home = setting.home(unit)
        homes[home] = (*homes.get(home, ()), unit)
    groups = tuple(_home(tally, variable, setting, (role, home), units, here, sizes) for home, units in homes.items())
    return _group(tally, variable, everybody(role), here, sizes, groups)


def _home(
    tally: ItemTally, variable: str, setting: Fyrbodal, name: Name, units: tuple[str, ...], here: Where, sizes: bool
) -> Group:
    def there(place: Place) -> bool:
        return here(place) and place.unit in units

    found = _group(tally, variable, name, there, sizes)
    if not official(tally.item, setting):
        return replace(found, barred=name[1].startswith(SHARED))
    is_open = not tally.item.security and setting.visibility(units) is not Visibility.OWN
    return replace(found, open=is_open, barred=not is_open, known=True)


def _group(
    tally: ItemTally, variable: str, name: Name, where: Where, sizes: bool, parts: tuple[Group, ...] = ()
) -> Group:
    counts = tally.counts(variable, where)
    return Group(name, (sum(counts),) if sizes else counts, parts)
