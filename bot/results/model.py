"""What is published of a round. Everything here has passed disclosure control and is safe for the federation to see.

A **cell** is what may be known of one question in one group. It says of itself whether it is shown; what is not shown
is not in it, so no page can show it by mistake.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from bot.maturity.ports import Visibility


class State(StrEnum):
    """SHOWN. BANDED: everybody answered alike, so only a range is told. SUPPRESSED: too few, or others could be worked
    out from it. EMPTY: nobody answered."""

    SHOWN = "shown"
    BANDED = "banded"
    SUPPRESSED = "suppressed"
    EMPTY = "empty"


@dataclass(frozen=True, slots=True)
class OptionCount:
    """How many chose an option.

    `interval` is the share's 95 % interval (0-1), None for a census. Where all or nobody chose it there is no `count`
    but a `band`: the lowest and highest count that it may be. Both are None where the option may not be told.
    """

    code: str
    count: int | None = None
    band: tuple[int, int] | None = None
    interval: tuple[float, float] | None = None


@dataclass(frozen=True, slots=True)
class Cell:
    """One question in one group of persons.

    `answered` chose a level or an option. `unknown` said "vet ej" and `not_applicable` "ej aktuellt"; neither is ever
    counted as a level. `median`, `lowest` and `highest` are levels (0 is the first option); `index` is 0-100 and
    `index_if_unknown_absent` what it would be if everybody who did not know stood on the lowest level. `spread` marks
    views two levels or more apart. `gap` marks a gap in knowledge: a quarter or more, and at least two, did not know.
    `band` (levels) is all that is told where the state is BANDED. `options` holds the distribution in the order of the
    options; it is empty where a group is too small for one.
    """

    state: State
    answered: int | None = None
    unknown: int | None = None
    not_applicable: int | None = None
    median: float | None = None
    lowest: int | None = None
    highest: int | None = None
    index: float | None = None
    index_if_unknown_absent: float | None = None
    band: tuple[int, int] | None = None
    options: tuple[OptionCount, ...] = ()
    spread: bool = False
    gap: bool = False
    census: bool = False

    @property
    def unknown_share(self) -> float | None:
        """The share (0-1) of those with a view or without one who did not know."""
        if self.answered is None or self.unknown is None or not self.answered + self.unknown:
            return None
        return self.unknown / (self.answered + self.unknown)


@dataclass(frozen=True, slots=True)
class Statement:
    """A municipality's official answer to an item: by whoever answers for its IT, or by a group together.

    `level` is None for an item without levels, and where nothing but a `null` was answered. `shared` marks an answer
    that an organisation gave for several municipalities, `joint` a group's. It reaches nobody beyond `visibility`.
    """

    visibility: Visibility
    level: float | None = None
    codes: tuple[str, ...] = ()
    null: str | None = None
    shared: bool = False
    joint: bool = False


@dataclass(frozen=True, slots=True)
class MunicipalResult:
    """One item in one municipality: what its persons answered, and what it stated."""

    persons: Cell
    statement: Statement | None = None


@dataclass(frozen=True, slots=True)
class EqualWeight:
    """Every municipality counts once, whatever its size: by its statement, or else by the median of its persons.

    `municipalities` of `of` have a value here; `left_out` have one that cannot be included without being told.
    `options` count municipalities: by level (a median between two levels counts as the lower), or by option for an item
    without levels. `median` and, from eight municipalities on, the `quartiles` are of the municipal medians, as levels.
    """

    state: State
    municipalities: int = 0
    of: int = 0
    left_out: int = 0
    options: tuple[OptionCount, ...] = ()
    median: float | None = None
    quartiles: tuple[float, float] | None = None


@dataclass(frozen=True, slots=True)
class ItemResult:
    """One item for one role; `role` is empty for all who were asked, on items that several roles are asked.

    `pooled` are all persons without weights, the series that 2024 can be held against. `peers` has, for a municipality,
    the persons of all others: of at least three, and only where that does not tell of the municipality itself.
    `operations` are persons by area of operation. `edition` is the number of the edition in which these figures were
    first published: a later one keeps them where too few answers have been added since.
    """

    item: str
    role: str
    official: bool
    security: bool
    pooled: Cell
    equal: EqualWeight
    municipalities: Mapping[str, MunicipalResult] = field(default_factory=dict)
    peers: Mapping[str, Cell] = field(default_factory=dict)
    operations: Mapping[str, Cell] = field(default_factory=dict)
    edition: int = 1


@dataclass(frozen=True, slots=True)
class Count:
    """A number of responses, exact where `low` and `high` are equal."""

    low: int
    high: int

    @property
    def exact(self) -> int | None:
        """The number, where it is told."""
        return self.low if self.low == self.high else None


@dataclass(frozen=True, slots=True)
class Response:
    """How many have answered, of how many that were `invited` (None where that is not known)."""

    answered: Count
    invited: int | None = None


@dataclass(frozen=True, slots=True)
class Participation:
    """Who takes part, in numbers of responses; small ones only as a range. A person with two roles counts in both."""

    total: Response
    municipalities: Mapping[str, Response] = field(default_factory=dict)
    roles: Mapping[str, Response] = field(default_factory=dict)
    shared: Response | None = None
    """Responses for organisations of several municipalities; they are not among `municipalities`."""
    joint: int = 0
    """Municipalities for which a group has answered."""


@dataclass(frozen=True, slots=True)
class Theme:
    """Free texts that are about the same: `words` name it; `quotes` are there only where enough wrote about it."""

    words: tuple[str, ...]
    answers: int
    quotes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Themes:
    """The themes of one free-text item for one role (empty: everybody). `answers` wrote something; `other` of them fit
    no theme that may be shown. None where too few wrote to tell anything."""

    item: str
    role: str
    answers: int | None
    themes: tuple[Theme, ...] = ()
    other: int | None = None


@dataclass(frozen=True, slots=True)
class Edition:
    """A round's result as it was compiled when the round closed; never changed, at most followed by another.

    `invited` are the persons invited by (municipality, role). `titles` of the instrument are not here: the round keeps
    the instrument, and `digest` names its text.
    """

    round: str
    label: str
    number: int
    compiled: date
    opened: date
    closed: date
    instrument: str
    instrument_version: str
    digest: str
    threshold: int
    participation: Participation
    results: tuple[ItemResult, ...]
    themes: tuple[Themes, ...] = ()
    practice: bool = False
    demo: bool = False

    def result(self, item: str, role: str = "") -> ItemResult | None:
        """One item's result for a role."""
        return next((each for each in self.results if (each.item, each.role) == (item, role)), None)
