"""How much of the web is fetched at once, and how patiently."""

from __future__ import annotations

from dataclasses import dataclass

from ingest.archives import MAX_ARCHIVE
from ingest.loaders.base import MAX_BYTES


@dataclass(frozen=True, slots=True)
class WebLimits:
    """`pages` are fetched in one go, from `maps` site maps that lie in each other no deeper than `depth`.

    `page`, `archive`, `map` and `whole` are bytes, inflated: of a page, a ZIP file, a site map, and all together.
    Seconds: `connect` for a connection, `read` until the next bytes, `total` for one page, `all` for everything;
    `pause` before a second attempt, doubled for a third. A site that wants more than `longest_pause` is left in peace.
    """

    pages: int = 500
    maps: int = 50
    depth: int = 3
    page: int = MAX_BYTES
    archive: int = MAX_ARCHIVE
    map: int = 20_000_000
    whole: int = 1_000_000_000
    connect: float = 10.0
    read: float = 30.0
    total: float = 300.0
    all: float = 3600.0
    pause: float = 1.0
    longest_pause: float = 60.0
