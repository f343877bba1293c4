"""When a reply that Teams did not take is sent again, and when nobody tries any more.

Only what surely did not arrive is sent again. Whoever has blocked or removed Fyren is not tried again at all.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

WAITS: Final = tuple(timedelta(minutes=each) for each in (10, 20, 30, 60, 120, 240, 480, 720, 1200, 1440))
"""Between one try and the next; three days in all."""
TRY_LIMIT: Final = timedelta(minutes=10)
"""One try takes no longer: after that nobody knows whether the reply arrived."""
LEASE: Final = timedelta(minutes=15)
"""So long a reply belongs to the process that has begun to send it; longer than a try, so that clocks may differ a
little. After that the process is taken for dead."""


def next_try(tries: int, now: datetime) -> datetime | None:
    """When to try again after so many tries that failed, the one just now among them; None for never."""
    return now + WAITS[tries - 1] if tries <= len(WAITS) else None
