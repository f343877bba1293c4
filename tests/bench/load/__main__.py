"""`python -m tests.bench.load run [NAME...]` plays scenarios, `soak MINUTES` the long one, `report` tells of them."""

from __future__ import annotations

import argparse
import json
import signal
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from bot.settings import Settings
from tests.bench.load import bars, dashboards, report
from tests.bench.load.runs import play
from tests.bench.load.scenarios import SCENARIOS, SOAK, Scenario

FIGURES = Path("var/bench/load")
SHORT = 0.25
"""The part of the usual time that a short run takes."""
DASHBOARDS = "L07"


def main(argv: Sequence[str] | None = None) -> int:
    """1 where a bar is missed, or anything was lost or doubled."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.load", description=__doc__)
    parser.add_argument("--figures", type=Path, default=FIGURES, help="the folder of figures (var/bench/load)")
    given = parser.add_subparsers(dest="command", required=True)
    run = given.add_parser("run", help="play scenarios, one after another")
    run.add_argument("names", nargs="*", metavar="NAME", help=f"all, or of: {', '.join([*SCENARIOS, DASHBOARDS])}")
    run.add_argument("--short", action="store_true", help="a quarter of the time")
    soak = given.add_parser("soak", help="the long run")
    soak.add_argument("minutes", type=float, nargs="?", default=30.0)
    given.add_parser("report", help="write deploy/benchmark.md")
    arguments = parser.parse_args(argv)
    # Whoever is told to end ends what was started, too.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    if arguments.command == "report":
        report.write(arguments.figures)
        return 0
    arguments.figures.mkdir(parents=True, exist_ok=True)
    if arguments.command == "soak":
        return _all([SOAK(arguments.minutes)], arguments.figures)
    names = arguments.names or [*SCENARIOS, DASHBOARDS]
    unknown = set(names) - {*SCENARIOS, DASHBOARDS}
    if unknown:
        parser.error(f"there is no {', '.join(sorted(unknown))}")
    part = SHORT if arguments.short else 1.0
    missed = _all([SCENARIOS[name](part) for name in names if name != DASHBOARDS], arguments.figures)
    if DASHBOARDS in names:
        missed |= _kept(dashboards.measured(Settings.read().index_dir), arguments.figures)
    return missed


def _all(scenarios: Sequence[Scenario], figures: Path) -> int:
    index, missed = Settings.read().index_dir, 0
    for scenario in scenarios:
        print(f"{scenario.name}: {scenario.title}", flush=True)
        missed |= _kept(play(scenario, index, figures), figures)
    return missed


def _kept(found: dict[str, Any], figures: Path) -> int:
    (figures / f"{found['name']}.json").write_text(json.dumps(found, ensure_ascii=False, indent=1), encoding="utf-8")
    held = list(bars.of(found))
    print(*held, sep="\n", flush=True)
    return 0 if all(bar.is_held for bar in held) else 1


if __name__ == "__main__":
    sys.exit(main())
