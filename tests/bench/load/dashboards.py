"""L07: the pages of results for 14 municipalities with 2,000 people each, over HTTP, by somebody who is signed in."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from tests.bench import results_bench
from tests.bench.load.summary import machine


def measured(index: Path) -> dict[str, Any]:
    """Seconds of the slowest of each kind; every address that a page links to is fetched."""
    found = results_bench.measure(index)
    page = found.slowest("page")
    return {
        "name": "L07",
        "title": "results of 28,000 people in 14 municipalities",
        "when": datetime.now(UTC).isoformat(timespec="seconds"),
        "machine": machine(),
        "pages": sorted(
            (
                {"path": path, "kind": each.kind, "slowest_s": each.slowest, "addresses": each.addresses}
                for path, each in found.routes.items()
            ),
            key=lambda each: -each["slowest_s"],
        ),
        "slowest_page": page.slowest_address,
        "slowest_page_s": page.slowest,
        "slowest_chart_s": found.slowest("chart").slowest,
        "slowest_export_s": found.slowest("export").slowest,
        "publishing_s": found.publishing,
        "memory_mb": found.peak,
        "wrong": [*found.wrong, *found.never],
    }
