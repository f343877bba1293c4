"""The cells of one item: of everybody, of municipalities, of their peers, of areas of operation."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from bot.maturity.instrument import Item, Kind, Null
from bot.results.counting.cells import banded_cell, choice_cell, hidden, level_cell, option_counts, tick_band
from bot.results.counting.disclosure import Name, unanimous
from bot.results.counting.fyrbodal import SHARED, Fyrbodal, everybody
from bot.results.counting.judging import Judgement
from bot.results.counting.tallies import ItemTally, Place, Where
from bot.results.model import Cell

FEWEST_PEERS = 3
"""Municipalities that an aggregate of others has at least."""


@dataclass(frozen=True, slots=True)
class Persons:
    """Draws the cells of an item as it was judged."""

    tally: ItemTally
    setting: Fyrbodal
    judgement: Judgement

    @property
    def item(self) -> Item:
        """The item."""
        return self.tally.item

    def pooled(self, role: str) -> Cell:
        """Everybody in a role (empty: in all roles)."""
        return self._cell(everybody(role), self._in(role), self.setting.invited(role), widest=role == self._widest)

    def municipality(self, role: str, municipality: str) -> Cell:
        """The persons of a municipality in a role."""
        invited = self.setting.invited(role, municipality)
        return self._cell((role, municipality), self._at(role, municipality), invited)

    def peers(self, role: str) -> Mapping[str, Cell]:
        """For each municipality whose persons are told of, the persons of all others; of three others at least."""
        homes = {self.setting.home(place.unit) for place in self.tally.places() if place.role == role}
        own = {home for home in homes if not home.startswith(SHARED)}
        told_of = {home for home in own if (role, home) in self.judgement.sums}
        if everybody(role) not in self.judgement.sums or len(own) <= FEWEST_PEERS:
            return {}
        return {home: self._others(role, home) for home in sorted(told_of)}

    def operations(self, role: str, among: Judgement) -> Mapping[str, Cell]:
        """The persons in a role by area of operation; `among` is what may be told of those areas."""
        drawing = replace(self, judgement=among)
        return {
            operation.id: drawing._cell((role, operation.id), self._doing(role, operation.id), None)
            for operation in self.setting.instrument.operations
        }

    def _cell(self, name: Name, where: Where, invited: int | None, *, widest: bool = False) -> Cell:
        """A group's cell. Of the `widest` group, unlike of others, a range is told where everybody answered alike."""
        item, told = self.item, self.judgement
        counts = self.tally.counts(self.tally.variables[0], where)
        if name not in told.sums:
            enough = sum(counts) >= self.setting.round.threshold
            return banded_cell(counts) if self._levels and widest and enough and unanimous(counts) else hidden(counts)
        unknown, not_applicable = (self.tally.without(null, where) for null in (Null.DONT_KNOW, Null.NOT_APPLICABLE))
        if self._levels:
            if unanimous(counts):
                return banded_cell(counts)
            distribution = name in told.distributions[""]
            return level_cell(counts, unknown, not_applicable, item=item, distribution=distribution, invited=invited)
        ticks = {
            variable: self.tally.counts(variable, where)
            for variable in self.tally.variables
            if name in told.distributions[variable]
        }
        if item.kind is Kind.CHOICE:
            ticks = option_counts(item, ticks[""]) if ticks else {}
        bands = self._bands(where) if widest else {}
        return choice_cell(item, sum(counts), unknown, not_applicable, ticks=ticks, bands=bands, invited=invited)

    def _bands(self, where: Where) -> Mapping[str, tuple[int, int]]:
        """The ranges of the options that hardly anybody or nearly everybody ticked."""
        if self.item.kind is not Kind.CHOICES:
            return {}
        found = {variable: self.tally.counts(variable, where) for variable in self.tally.variables}
        bands = {variable: tick_band(counts[1], sum(counts)) for variable, counts in found.items()}
        enough = self.tally.answered(where) >= self.setting.round.text_threshold
        return {variable: band for variable, band in bands.items() if band is not None and enough}

    def _others(self, role: str, home: str) -> Cell:
        """Everybody in a role but one municipality's; no more of a distribution than is told of both."""

        def elsewhere(place: Place) -> bool:
            return place.role == role and self.setting.home(place.unit) != home

        both = {
            variable: frozenset({(role, "")} if {(role, home), everybody(role)} <= names else ())
            for variable, names in self.judgement.distributions.items()
            if not unanimous(self.tally.counts(variable, elsewhere))
        }
        missing = {variable: frozenset[Name]() for variable in self.tally.variables}
        drawing = replace(self, judgement=Judgement(frozenset({everybody(role)}), missing | both))
        return replace(drawing._cell(everybody(role), elsewhere, None), census=False)

    @property
    def _levels(self) -> bool:
        return self.item.kind is Kind.LEVEL

    @property
    def _widest(self) -> str:
        roles = self.setting.roles_of(self.item)
        return roles[0] if len(roles) == 1 else ""

    def _in(self, role: str) -> Where:
        return lambda place: not role or place.role == role

    def _at(self, role: str, municipality: str) -> Where:
        return lambda place: place.role == role and self.setting.home(place.unit) == municipality

    def _doing(self, role: str, operation: str) -> Where:
        return lambda place: place.role == role and place.operation == operation
