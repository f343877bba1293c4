"""A Swedish clock that tests set, and rounds to be reminded of."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from bot.maturity.rounds import Round, RoundStatus
from tests.fakes.instruments import instrument

SWEDEN = ZoneInfo("Europe/Stockholm")
INSTRUMENT = instrument()


def at(text: str) -> datetime:
    """A moment in Sweden, such as `2026-12-01 10:00`."""
    return datetime.fromisoformat(text).replace(tzinfo=SWEDEN)


@dataclass
class SetClock:
    """Tells the moment that it was set to, and its day."""

    now: datetime

    def __call__(self) -> datetime:
        return self.now

    def today(self) -> date:
        return self.now.date()


def a_round(
    round_id: str = "r1",
    *,
    opens: date = date(2026, 11, 1),
    closes: date | None = date(2026, 12, 18),
    status: RoundStatus = RoundStatus.OPEN,
    practice: bool = False,
) -> Round:
    return Round(round_id, f"2026:{round_id}", INSTRUMENT, status, opens, closes, practice)
