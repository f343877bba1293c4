"""A second way to the same figures: from the raw answers with pandas, written from the specification alone.

It knows nothing of disclosure: it tells the figures of every group, however small. What is published must be equal to
them wherever it shows anything. What the specification leaves open is read so:

- A person counts once on an item, in the first of the own roles, in the instrument's order, that is asked it.
- A group's (joint) answer is no person's: it is its municipalities' statement, and goes before those of persons.
- Persons of an organisation of several municipalities are in the pool, and among no municipality's persons. What they
  answer to an official item is a statement of each municipality that the organisation serves.
- Of several statements for one municipality the median counts, and of options those that more than half of them have.
- "Vet ej", "ej aktuellt" and what was skipped are in no level, share, median or index.

Indices are worked out in whole numbers and divided once, so that they can be compared to the last digit.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property

import pandas as pd

from bot.maturity.instrument import Instrument, Item, Kind
from bot.maturity.responses import Response

COLUMNS = ("response", "organisation", "municipalities", "roles", "operation", "source", "item", "codes", "null")


@dataclass(frozen=True, slots=True)
class Figures:
    """What a group answered. `counts` are by option; what is about levels is None for an item without them, and where
    nobody chose one. `spread` and `gap` are as in a cell."""

    answered: int
    unknown: int
    not_applicable: int
    counts: Mapping[str, int]
    median: float | None = None
    lowest: int | None = None
    highest: int | None = None
    index: float | None = None
    index_if_unknown_absent: float | None = None
    spread: bool = False
    gap: bool = False


@dataclass(frozen=True, slots=True)
class Stated:
    """What a municipality has stated: a level, or options, or why neither."""

    level: float | None
    codes: tuple[str, ...]
    null: str | None
    shared: bool
    joint: bool


def raw_rows(responses: Sequence[tuple[str, Response]]) -> pd.DataFrame:
    """One row an answer."""
    return pd.DataFrame.from_records(
        [
            (
                *(identifier, one.organisation, one.municipalities, one.roles, one.operation, one.source.value),
                *(answer.item, answer.codes, "" if answer.null is None else answer.null.value),
            )
            for identifier, one in responses
            for answer in one.answers
        ],
        columns=list(COLUMNS),
    )


class Oracle:
    """The figures of a round, from its raw rows (`raw_rows`)."""

    def __init__(self, rows: pd.DataFrame, instrument: Instrument) -> None:
        self._instrument = instrument
        self._rows = rows

    def roles_of(self, item: Item) -> tuple[str, ...]:
        """The roles that an item has a result for; the empty one stands for all together, where there are several."""
        asked = [role.id for role in self._instrument.roles if not item.roles or role.id in item.roles]
        return (asked[0],) if len(asked) == 1 else ("", *asked)

    def pooled(self, item: Item, role: str) -> Figures:
        """All persons in a role."""
        return self._figures(item, self._persons(item, role))

    def municipality(self, item: Item, role: str, municipality: str) -> Figures:
        """A municipality's own persons."""
        rows = self._persons(item, role)
        return self._figures(item, rows[rows["place"] == municipality])

    def peers(self, item: Item, role: str, municipality: str) -> Figures:
        """All persons but a municipality's own."""
        rows = self._persons(item, role)
        return self._figures(item, rows[rows["place"] != municipality])

    def operation(self, item: Item, role: str, operation: str) -> Figures:
        """The persons of an area of operation."""
        rows = self._persons(item, role)
        return self._figures(item, rows[rows["operation"] == operation])

    def statements(self, item: Item, role: str) -> Mapping[str, Stated]:
        """What municipalities have stated on an item, by municipality."""
        rows = self._in_role(item, role)
        joint = rows["source"] == "consensus"
        speaking = rows[joint | self._instrument.is_official(item)].explode("municipalities")
        stated: dict[str, Stated] = {}
        for place, of_place in speaking.groupby("municipalities", sort=True):
            groups = of_place[of_place["source"] == "consensus"]
            stated[str(place)] = self._stated(item, groups if len(groups) else of_place, joint=bool(len(groups)))
        return stated

    def values(self, item: Item, role: str) -> Mapping[str, float]:
        """A level for every municipality that has one: what it stated, or else the median of its persons."""
        levels = {place: each.level for place, each in self.statements(item, role).items() if each.level is not None}
        if not self._instrument.is_official(item):
            persons = self._persons(item, role)
            given = persons[(persons["state"] == "answered") & (persons["place"] != "")]
            medians = given.groupby("place")["level"].median()
            levels = {str(place): float(median) for place, median in medians.items()} | levels
        return levels

    def options(self, item: Item, role: str) -> Mapping[str, frozenset[str]]:
        """The options of every municipality that has answered an item without levels: what it stated, or else what more
        than half of its persons chose."""
        stated = self.statements(item, role).items()
        chosen = {place: frozenset(each.codes) for place, each in stated if each.null is None}
        if not self._instrument.is_official(item):
            persons = self._persons(item, role)
            for place, of_place in persons[persons["place"] != ""].groupby("place"):
                figures = self._figures(item, of_place)
                most = {code for code, count in figures.counts.items() if 2 * count > figures.answered}
                if figures.answered:
                    chosen.setdefault(str(place), frozenset(most))
        return chosen

    def municipalities_by_option(self, item: Item, role: str, among: Collection[str] | None = None) -> dict[str, int]:
        """How many municipalities (of those `among`) stand on each level, or have each option; a median between two
        levels counts as the lower."""
        codes = [option.code for option in item.options]
        if item.kind is Kind.LEVEL:
            held = {place: {codes[int(level)]} for place, level in self.values(item, role).items()}
        else:
            held = {place: set(each) for place, each in self.options(item, role).items()}
        table = pd.DataFrame(
            [[code in have for code in codes] for place, have in held.items() if among is None or place in among],
            columns=codes,
        )
        return {code: int(table[code].sum()) for code in codes}

    def middle(self, item: Item, role: str, among: Collection[str] | None = None) -> tuple[float, float, float] | None:
        """The lower quartile, the median and the upper quartile of the municipalities' levels, between neighbours where
        they lie there (linear)."""
        values = [level for place, level in self.values(item, role).items() if among is None or place in among]
        if not values:
            return None
        low, median, high = pd.Series(values, dtype=float).quantile([0.25, 0.5, 0.75])
        return float(low), float(median), float(high)

    @cached_property
    def _by_item(self) -> Mapping[str, pd.DataFrame]:
        """The answers to every item, each in its one role, with its level and its state."""
        items = {item.id: item for item in self._instrument.items}
        return {
            str(item_id): self._counted(items[str(item_id)], rows)
            for item_id, rows in self._rows.groupby("item")
            if str(item_id) in items
        }

    def _counted(self, item: Item, rows: pd.DataFrame) -> pd.DataFrame:
        order = [role.id for role in self._instrument.roles if not item.roles or role.id in item.roles]
        levels = {option.code: place for place, option in enumerate(item.options)}
        first = (
            rows[["response", "roles"]]
            .explode("roles")
            .assign(turn=lambda each: each["roles"].map({role: turn for turn, role in enumerate(order)}))
            .dropna(subset=["turn"])
            .sort_values("turn", kind="stable")
            .drop_duplicates("response")
            .set_index("response")["roles"]
        )
        known = rows["codes"].map(lambda codes: tuple(code for code in codes if code in levels))
        state = rows["null"].where(rows["null"] != "", known.map(lambda codes: "answered" if codes else "skipped"))
        counted = rows.assign(
            codes=known,
            state=state,
            role=rows["response"].map(first) if order else "",
            place=rows["municipalities"].map(lambda places: places[0] if len(places) == 1 else ""),
            level=known.map(lambda codes: levels[codes[0]] if len(codes) == 1 else None),
        )
        return counted.dropna(subset=["role"])

    def _in_role(self, item: Item, role: str) -> pd.DataFrame:
        rows = self._by_item.get(item.id)
        if rows is None:
            return pd.DataFrame(columns=[*COLUMNS, "state", "role", "place", "level"])
        return rows[rows["role"] == role] if role else rows

    def _persons(self, item: Item, role: str) -> pd.DataFrame:
        rows = self._in_role(item, role)
        return rows[rows["source"] == "individual"]

    def _figures(self, item: Item, rows: pd.DataFrame) -> Figures:
        states = rows["state"].value_counts()
        answered, unknown, absent = (int(states.get(state, 0)) for state in ("answered", "dk", "na"))
        given = rows[rows["state"] == "answered"]
        chosen = given["codes"].explode().value_counts()
        counts = {option.code: int(chosen.get(option.code, 0)) for option in item.options}
        gap = unknown >= 2 and 4 * unknown >= answered + unknown
        if item.kind is not Kind.LEVEL or not answered:
            return Figures(answered, unknown, absent, counts, gap=gap)
        levels = given["level"].astype(int)
        top = len(item.options) - 1
        points = 100 * int(levels.sum())
        lowest, highest = int(levels.min()), int(levels.max())
        return Figures(
            answered=answered,
            unknown=unknown,
            not_applicable=absent,
            counts=counts,
            median=float(levels.median()),
            lowest=lowest,
            highest=highest,
            index=float(Fraction(points, answered * top)),
            index_if_unknown_absent=float(Fraction(points, (answered + unknown) * top)),
            spread=highest - lowest >= 2,
            gap=gap,
        )

    def _stated(self, item: Item, rows: pd.DataFrame, *, joint: bool) -> Stated:
        given = rows[rows["state"] == "answered"]
        levels = item.kind is Kind.LEVEL and len(given) > 0
        chosen = given["codes"].explode().value_counts()
        named = {code for code, count in chosen.items() if 2 * count > len(given)}
        silent = None if len(given) else str(rows["state"].iloc[0])
        return Stated(
            level=float(given["level"].astype(int).median()) if levels else None,
            codes=tuple(option.code for option in item.options if option.code in named),
            null=silent,
            shared=bool(self._serves_several(rows).any()),
            joint=joint,
        )

    def _serves_several(self, rows: pd.DataFrame) -> pd.Series[bool]:
        serves = {each.id: len(each.municipalities) > 1 for each in self._instrument.organisations}
        return rows["organisation"].map(lambda organisation: serves.get(organisation, False))
