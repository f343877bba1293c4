"""Reads how many people were invited: CSV with the columns municipality, role and invited, or kommun, roll, inbjudna.

Municipalities and roles are named by id or by title, in either language and any case. Both `;` and `,` may stand
between columns, as both come out of spreadsheets. An empty number means that it is not known.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from bot.maturity.errors import MaturityError
from bot.maturity.instrument import Instrument
from bot.maturity.rounds import Invited

COLUMNS: Final = ("municipality", "role", "invited")
_HEADS: Final = (COLUMNS, ("kommun", "roll", "inbjudna"))
LARGEST: Final = 100_000
"""Bytes of a file, at most: hundreds of times what 14 municipalities need."""


@dataclass(frozen=True, slots=True)
class InvitedProblem:
    """What is wrong in a line, from 1. `reason` is a key of the texts under `cli.maturity.invited`, which takes these
    `values`."""

    line: int
    reason: str
    values: Mapping[str, str]


class InvitedInvalid(MaturityError):
    """The file cannot be used; every problem in it is told."""

    def __init__(self, problems: tuple[InvitedProblem, ...]) -> None:
        super().__init__(f"{len(problems)} lines with the numbers of invited people cannot be read")
        self.problems = problems


def read_invited(content: bytes, instrument: Instrument) -> Invited:
    """The numbers by municipality and role. Raises InvitedInvalid."""
    if len(content) > LARGEST:
        raise InvitedInvalid((InvitedProblem(1, "too_large", {}),))
    text = _decoded(content)
    delimiter = ";" if ";" in text.partition("\n")[0] else ","
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    problems: list[InvitedProblem] = []
    found: dict[tuple[str, str], int] = {}
    try:
        head = next(rows, [])
        if tuple(each.strip().casefold() for each in head) not in _HEADS:
            raise InvitedInvalid((InvitedProblem(1, "head", {"columns": ";".join(COLUMNS)}),))
        names = _Names(instrument)
        for row in rows:
            if any(each.strip() for each in row):
                problems += names.take(rows.line_num, [each.strip() for each in row], found)
    except csv.Error as error:
        problems.append(InvitedProblem(rows.line_num, "csv", {"detail": str(error)}))
    if problems:
        raise InvitedInvalid(tuple(problems))
    return found


class _Names:
    """What municipalities and roles may be called."""

    def __init__(self, instrument: Instrument) -> None:
        single = [each for each in instrument.organisations if not each.shared]
        self._municipalities = {_plain(name): each.id for each in single for name in (each.id, each.title)}
        self._roles = {
            _plain(name): each.id for each in instrument.roles for name in (each.id, each.title.sv, each.title.en)
        }

    def take(self, line: int, row: list[str], found: dict[tuple[str, str], int]) -> Iterator[InvitedProblem]:
        """Put a row into `found`, or tell what is wrong with it."""
        if len(row) != len(COLUMNS):
            yield InvitedProblem(line, "columns", {"columns": ";".join(COLUMNS)})
            return
        municipality, role = self._municipalities.get(_plain(row[0])), self._roles.get(_plain(row[1]))
        if municipality is None:
            yield InvitedProblem(line, "municipality", {"name": row[0]})
        if role is None:
            yield InvitedProblem(line, "role", {"name": row[1]})
        number = row[2]
        if number and not (number.isascii() and number.isdecimal() and len(number) < 7):
            yield InvitedProblem(line, "number", {"number": number})
        elif municipality is not None and role is not None:
            if (municipality, role) in found:
                yield InvitedProblem(line, "twice", {"municipality": row[0], "role": row[1]})
            elif number:
                found[municipality, role] = int(number)


def _plain(name: str) -> str:
    return " ".join(name.casefold().split()).removesuffix(" kommun")


def _decoded(content: bytes) -> str:
    """UTF-8, or what Windows in Western Europe writes."""
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252", "replace")
