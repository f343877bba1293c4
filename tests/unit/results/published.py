"""Small editions from counts by level, for tests of what is read out of published cells."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from bot.maturity.instrument import Area, Instrument, Item, Kind, Option, Organisation, Role, Wording
from bot.maturity.ports import Visibility
from bot.results.model import (
    Cell,
    Count,
    Edition,
    EqualWeight,
    ItemResult,
    MunicipalResult,
    OptionCount,
    Participation,
    Response,
    State,
    Statement,
)

DAY = date(2026, 12, 1)
HIDDEN = Cell(State.SUPPRESSED)
NOBODY = Cell(State.EMPTY)


def wording(text: str) -> Wording:
    return Wording(text, f"{text} (en)")


def item(item_id: str, *roles: str, area: str = "a", kind: Kind = Kind.LEVEL, options: int = 6) -> Item:
    made = tuple(Option(str(code), wording(f"svar {code}")) for code in range(options))
    question = wording(f"Hur är {item_id}?")
    return Item(item_id, area, kind, wording(item_id), question, made, roles=frozenset(roles), baseline=item_id)


def instrument(*items: Item, places: Sequence[str] = ("norr", "soder", "vast", "ost")) -> Instrument:
    areas = tuple(Area(area, wording(area)) for area in dict.fromkeys(each.area for each in items))
    roles = tuple(Role(role, wording(role)) for role in ("x", "y"))
    organisations = tuple(Organisation(place, place.title(), (place,)) for place in places)
    return Instrument("prov", "1", wording("Prov"), 5, areas, items, roles, organisations)


def persons(*counts: int, unknown: int = 0, spread_out: bool = True, gap: bool = False) -> Cell:
    """A shown cell of so many persons on each level, lowest first; without `spread_out`, without a distribution."""
    answered = sum(counts)
    levels = [level for level, count in enumerate(counts) for _ in range(count)]
    return Cell(
        State.SHOWN,
        answered=answered,
        unknown=unknown,
        not_applicable=0,
        median=(levels[(answered - 1) // 2] + levels[answered // 2]) / 2,
        lowest=levels[0],
        highest=levels[-1],
        index=100 * sum(levels) / answered / (len(counts) - 1),
        options=tuple(OptionCount(str(code), count) for code, count in enumerate(counts)) if spread_out else (),
        gap=gap,
    )


def ticks(answered: int, **counts: int | None) -> Cell:
    """A shown cell of an item with several choices."""
    options = tuple(OptionCount(code, count) for code, count in counts.items())
    return Cell(State.SHOWN, answered=answered, unknown=0, not_applicable=0, options=options)


def stated(level: float | None, visibility: Visibility = Visibility.FEDERATION, *codes: str) -> MunicipalResult:
    return MunicipalResult(NOBODY, Statement(visibility, level, codes))


def result(
    item_id: str,
    pooled: Cell,
    municipalities: Mapping[str, Cell | MunicipalResult] | None = None,
    role: str = "x",
    official: bool = False,
) -> ItemResult:
    places = {
        place: each if isinstance(each, MunicipalResult) else MunicipalResult(each)
        for place, each in (municipalities or {}).items()
    }
    return ItemResult(item_id, role, official, False, pooled, EqualWeight(State.EMPTY), places)


def edition(*results: ItemResult, label: str = "2026:1", shared: int = 0, **persons_of: int) -> Edition:
    """An edition of these results, in which so many persons have answered in each municipality."""
    numbers = {place: Response(Count(number, number)) for place, number in persons_of.items()}
    total = sum(persons_of.values()) + shared
    participation = Participation(
        Response(Count(total, total)), numbers, {}, Response(Count(shared, shared)) if shared else None
    )
    return Edition("r", label, 1, DAY, DAY, DAY, "prov", "1", "d", 5, participation, results)
