"""Hand-made editions of the real instrument, for tests of pages and exports: every state that a cell may have.

They look like a round of 14 municipalities and three roles. A few small tables and plain arithmetic make them, not the
code that compiles real ones: what is suppressed here is so because a table says it.

Verksamhetsnära answered everywhere, but too few in Dals-Ed and Sotenäs; in Orust everybody gave the same answer to
`innovationskultur`. Övergripande are shown in five larger municipalities only, and nobody answered in Färgelanda.
IT-nära are statements: Bengtsfors and Orust keep theirs to themselves, Tanum, Uddevalla and Vänersborg publish them,
Lysekil, Munkedal and Sotenäs share one, and Dals-Ed and Åmål made none. Mellerud answered `portfoljstyrning` as a
group.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from functools import cache
from statistics import median

from bot.maturity.instrument import Instrument, Item, Kind, Wording
from bot.maturity.instrument_file import INSTRUMENTS, MAIN, load_folder
from bot.maturity.ports import Visibility
from bot.maturity.rounds import Round, RoundStatus
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
    Theme,
    Themes,
)

IT, OVERALL, SERVICES = "it_nara", "overgripande", "verksamhetsnara"
MUNICIPALITIES = (
    *("bengtsfors", "dals-ed", "fargelanda", "lysekil", "mellerud", "munkedal", "orust", "sotenas", "stromstad"),
    *("tanum", "trollhattan", "uddevalla", "vanersborg", "amal"),
)
SIZES = {
    SERVICES: (6, 3, 5, 8, 7, 5, 6, 4, 9, 7, 14, 12, 11, 6),
    OVERALL: (2, 1, 0, 7, 2, 3, 2, 1, 3, 6, 8, 7, 7, 2),
    IT: (1, 0, 1, 1, 1, 0, 1, 0, 1, 1, 1, 1, 1, 0),
}
"""Respondents by municipality. SML-IT's one answer is counted at Lysekil."""
SHARED = ("lysekil", "munkedal", "sotenas")
VISIBILITY = dict.fromkeys(MUNICIPALITIES, Visibility.FEDERATION) | {
    "bengtsfors": Visibility.OWN,
    "orust": Visibility.OWN,
    "tanum": Visibility.PUBLIC,
    "uddevalla": Visibility.PUBLIC,
    "vanersborg": Visibility.PUBLIC,
}
HOSTILE = "<script>alert(1)</script>\"'><img src=x onerror=alert(2)>"
"""What must be seen on a page as these very characters."""
TEXT_THRESHOLD = 10
_BASE = (3, 3, 2, 2, 1, 3, 2, 2, 2, 2, 3, 2, 3, 2, 2, 1, 3, 2, 2, 3, 3, 1, 3, 3, 2, 2, 2)
_OFFSETS = (0, -1, 1, 0, 2, -2, 0, 1, -1, 0, 1)
_TOWN = (0, 0, -1, 0, 1, 0, -1, 0, 0, 1, 1, 0, -1, 0)


@cache
def main_instrument() -> Instrument:
    """The instrument that comes with Fyren."""
    return load_folder(INSTRUMENTS)[MAIN]


def round_of(status: RoundStatus = RoundStatus.CLOSED, *, label: str = "2026:1", year: int = 2026) -> Round:
    """A round of that instrument; 24 people were invited in every municipality, where that is known."""
    over = status in (RoundStatus.CLOSED, RoundStatus.ARCHIVED)
    return Round(
        label.replace(":", "-"),
        label,
        main_instrument(),
        status,
        date(year, 10, 1),
        date(year, 11, 15),
        invited={(each, SERVICES): 24 for each in MUNICIPALITIES if each != "amal"},
        closed_on=date(year, 11, 16) if over else None,
        diary_number="KS 2026/117" if status is RoundStatus.ARCHIVED else "",
        open_data=over,
    )


@cache
def edition(number: int = 1) -> Edition:
    """The round 2026:1."""
    return _edition("2026:1", 2026, number, left=(), change=0)


@cache
def previous_edition() -> Edition:
    """The round 2025:1: lower for most, and without Åmål, which joined afterwards."""
    return _edition("2025:1", 2025, 1, left=("amal",), change=-1)


@cache
def hostile_round() -> Round:
    """A round whose label and municipalities' names are HOSTILE."""
    told = round_of()
    named = tuple(replace(each, title=f"{each.title} {HOSTILE}") for each in told.instrument.organisations)
    items = tuple(replace(each, topic=Wording(HOSTILE, HOSTILE)) for each in told.instrument.items)
    instrument = replace(told.instrument, organisations=named, items=items)
    return replace(told, label=f"2026:1 {HOSTILE}", instrument=instrument, diary_number=HOSTILE)


@cache
def hostile_edition() -> Edition:
    """The same with themes and quotes that are HOSTILE."""
    theme = Theme((HOSTILE, "system"), 12, (HOSTILE,))
    return replace(edition(), label=hostile_round().label, themes=(Themes("fri_mal", SERVICES, 40, (theme,), 28),))


def level_cell(levels: Sequence[int | None], steps: int, *, census: bool = False) -> Cell:
    """The cell of these answers (None: "vet ej"), as it stands where at least five answered; else SUPPRESSED."""
    known = sorted(each for each in levels if each is not None)
    unknown = len(levels) - len(known)
    if not levels:
        return Cell(State.EMPTY)
    if len(known) < 5:
        return Cell(State.SUPPRESSED)
    if known[0] == known[-1]:
        return Cell(State.BANDED, len(known), band=(known[0] - known[0] % 2, known[0] - known[0] % 2 + 1))
    whole = 100 / (steps - 1)
    return Cell(
        State.SHOWN,
        len(known),
        unknown,
        0,
        float(median(known)),
        known[0],
        known[-1],
        whole * sum(known) / len(known),
        whole * sum(known) / len(levels),
        options=_counts([str(each) for each in range(steps)], [[str(each)] for each in known], ticks=False),
        spread=known[-1] - known[0] >= 2,
        gap=unknown >= 2 and unknown / len(levels) >= 0.25,
        census=census,
    )


def tick_cell(answers: Sequence[Sequence[str]], codes: Sequence[str]) -> Cell:
    """The cell of an item without levels; too small for a distribution it holds no options."""
    if not answers:
        return Cell(State.EMPTY)
    if len(answers) < 5:
        return Cell(State.SUPPRESSED)
    return Cell(State.SHOWN, len(answers), 0, 0, options=_counts(codes, answers, ticks=True))


def _edition(label: str, year: int, number: int, *, left: Sequence[str], change: int) -> Edition:
    instrument = main_instrument()
    results: list[ItemResult] = []
    for place, item in enumerate(instrument.items):
        if item.kind is Kind.TEXT:
            continue
        asked = sorted(item.roles) or [IT, OVERALL, SERVICES]
        if len(asked) > 1:
            results.append(_result(item, place, "", asked, left, change))
        results += [_result(item, place, role, [role], left, change) for role in asked]
    themes = (
        Themes(
            "fri_mal",
            SERVICES,
            41,
            (
                Theme(("e-tjänster", "invånare"), 14, ("Fler e-tjänster som invånarna klarar själva.",)),
                Theme(("system", "byta"), 11, ("Byta verksamhetssystem utan att tappa historik.",)),
                Theme(("kompetens",), 7),
            ),
            9,
        ),
        Themes("fri_initiativ", "", 23, (Theme(("upphandling", "gemensam"), 12, ("Gemensam upphandling.",)),), 11),
        Themes("fri_initiativ", OVERALL, None),
    )
    told = round_of(label=label, year=year)
    return Edition(
        told.id,
        label,
        number,
        date(year, 11, 16),
        told.opens,
        date(year, 11, 16),
        instrument.id,
        instrument.version,
        instrument.digest,
        told.threshold,
        _participation(left),
        tuple(results),
        themes,
    )


def _result(item: Item, place: int, role: str, roles: Sequence[str], left: Sequence[str], change: int) -> ItemResult:
    official = roles == [IT]
    there = [each for each in MUNICIPALITIES if each not in left]
    answers = {each: _answers(item, place, each, roles, change) for each in there}
    pooled = [one for each in there for one in answers[each]]
    municipalities = {}
    for each in there:
        statement = _statement(item, place, each, change) if official else None
        if (item.id, each) == ("portfoljstyrning", "mellerud"):
            statement = Statement(VISIBILITY[each], 3.0, ("3",), joint=True)
        persons = _cell(item, answers[each])
        if (item.id, each, role) == ("innovationskultur", "orust", SERVICES):
            persons = _cell(item, [2] * len(answers[each]))
        municipalities[each] = MunicipalResult(persons, statement)
    others = {
        each: _cell(item, [one for key in there if key != each for one in answers[key]])
        for each in there
        if municipalities[each].persons.state is State.SHOWN
    }
    operations = {
        each.id: _cell(item, pooled[number::9]) if number < 8 else Cell(State.SUPPRESSED)
        for number, each in enumerate(main_instrument().operations)
    }
    return ItemResult(
        item.id,
        role,
        official,
        item.security,
        _cell(item, pooled),
        _equal(item, municipalities),
        municipalities,
        others if role == SERVICES else {},
        operations if role == SERVICES else {},
    )


def _cell(item: Item, answers: Sequence[int | None]) -> Cell:
    if item.kind is Kind.LEVEL:
        cell = level_cell(answers, len(item.options))
    else:
        codes = [each.code for each in item.options]
        cell = tick_cell([_ticked(item, each or 0) for each in answers], codes)
    return cell if (cell.answered or 0) >= TEXT_THRESHOLD else replace(cell, options=())


def _answers(item: Item, place: int, municipality: str, roles: Sequence[str], change: int) -> list[int | None]:
    """The levels that these people chose; every eleventh or so did not know."""
    town = MUNICIPALITIES.index(municipality)
    top = max(len(item.options) - 1, 1)
    found: list[int | None] = []
    for number, role in enumerate(roles):
        for each in range(SIZES[role][town]):
            mixed = town * 5 + place * 3 + each * 4 + number * 2
            lower = change if (town + place + each) % 3 == 0 else 0
            here = _TOWN[town] if (town + place) % 3 else 0
            level = _BASE[place] + _OFFSETS[mixed % len(_OFFSETS)] + (role == IT) - (top < 5) + lower + here
            found.append(None if item.kind is Kind.LEVEL and mixed % 12 == 7 else min(max(level, 0), top))
    return found


def _ticked(item: Item, answer: int) -> list[str]:
    """What somebody ticked: one option, or for an item with several choices up to three."""
    free = [each.code for each in item.options if not each.exclusive]
    picked = {free[answer % len(free)], free[(answer * 2) % len(free)], free[(answer * 3 + 1) % len(free)]}
    return sorted(picked) if item.kind is Kind.CHOICES else [free[answer % len(free)]]


def _statement(item: Item, place: int, municipality: str, change: int) -> Statement | None:
    giver = SHARED[0] if municipality in SHARED else municipality
    given = _answers(item, place, giver, [IT], change)
    if not given:
        return None
    shared, seen = municipality in SHARED, VISIBILITY[municipality]
    if given[0] is None:
        return Statement(seen, null="dk", shared=shared)
    if item.kind is Kind.LEVEL:
        return Statement(seen, float(given[0]), (str(given[0]),), shared=shared)
    return Statement(seen, codes=tuple(_ticked(item, given[0])), shared=shared)


def _equal(item: Item, municipalities: Mapping[str, MunicipalResult]) -> EqualWeight:
    if item.kind is not Kind.LEVEL:
        told = [each.statement.codes for each in municipalities.values() if each.statement and each.statement.codes]
        if len(told) < 5:
            asked = sum(each.persons.state is not State.EMPTY for each in municipalities.values())
            return EqualWeight(State.SUPPRESSED, of=len(municipalities), left_out=asked)
        counts = _municipal([each.code for each in item.options], told)
        return EqualWeight(State.SHOWN, len(told), len(municipalities), options=counts)
    values = [_value(each) for each in municipalities.values()]
    known = sorted(each for each in values if each is not None)
    hidden = sum(each.persons.state is State.SUPPRESSED and _value(each) is None for each in municipalities.values())
    if len(known) < 5:
        return EqualWeight(State.SUPPRESSED, of=len(municipalities), left_out=hidden)
    codes = [each.code for each in item.options]
    eighth = len(known) // 4
    return EqualWeight(
        State.SHOWN,
        len(known),
        len(municipalities),
        hidden,
        _municipal(codes, [[str(int(each))] for each in known]),
        float(median(known)),
        (known[eighth], known[-1 - eighth]) if len(known) >= 8 else None,
    )


def _value(result: MunicipalResult) -> float | None:
    return result.statement.level if result.statement is not None else result.persons.median


def _counts(codes: Sequence[str], answers: Sequence[Sequence[str]], *, ticks: bool) -> tuple[OptionCount, ...]:
    """By option; a tick that nobody or everybody made is told as a range."""
    found = []
    for code in codes:
        count, total = sum(code in each for each in answers), len(answers)
        if ticks and count in (0, total):
            found.append(OptionCount(code, band=(0, 2) if count == 0 else (total - 2, total)))
        else:
            found.append(OptionCount(code, count, interval=_wilson(count, total)))
    return tuple(found)


def _municipal(codes: Sequence[str], answers: Sequence[Sequence[str]]) -> tuple[OptionCount, ...]:
    return tuple(OptionCount(code, sum(code in each for each in answers)) for code in codes)


def _wilson(count: int, total: int) -> tuple[float, float]:
    """The 95 % interval of a share (Wilson 1927), without a finite population."""
    z = 1.959964
    share = count / total
    middle = (share + z * z / (2 * total)) / (1 + z * z / total)
    half = z / (1 + z * z / total) * math.sqrt(share * (1 - share) / total + z * z / (4 * total * total))
    return max(middle - half, 0.0), min(middle + half, 1.0)


def _participation(left: Sequence[str]) -> Participation:
    invited = round_of().invited
    municipalities = {}
    for place, each in enumerate(MUNICIPALITIES):
        answered = 0 if each in left else sum(SIZES[role][place] for role in (OVERALL, SERVICES))
        count = Count(answered, answered) if answered >= 5 or not answered else Count(1, 4)
        municipalities[each] = Response(count, 24 if (each, SERVICES) in invited else None)
    roles = {
        role: Response(Count(sum(sizes), sum(sizes)), 312 if role == SERVICES else None)
        for role, sizes in SIZES.items()
    }
    total = sum(map(sum, SIZES.values()))
    return Participation(Response(Count(total, total), 312), municipalities, roles, Response(Count(1, 4)), joint=1)
