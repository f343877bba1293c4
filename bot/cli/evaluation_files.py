"""A report on a question set as files: report.md for people, report.json for programs, reliability.png in between."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from bot.charts.errors import DrawingFailed
from bot.charts.palette import Theme
from bot.charts.process import ProcessDrawing
from bot.charts.reliability import ReliabilityChart, ReliabilityPoint
from bot.cli.console import Console
from bot.cli.evaluation_sections import Section, reliability_words, sections
from knowledge.evaluation import Reliability, Report

PICTURE = "reliability.png"


def write_report(folder: Path, title: str, report: Report, data: dict[str, Any], console: Console) -> None:
    """Write the three files; without the picture where nothing is known of reliability, or it cannot be drawn.

    `folder` exists. Raises OSError.
    """
    picture = _draw(report.reliability, console) if report.reliability is not None else None
    if picture is not None:
        (folder / PICTURE).write_bytes(picture)
    else:
        (folder / PICTURE).unlink(missing_ok=True)  # an earlier report's
    (folder / "report.json").write_text(json.dumps(data, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    lines = [f"# {title}"]
    for section in sections(report, console, brief=False):
        lines += ["", *markdown(section)]
        if picture is not None and section.title == console.say("cli.eval.title.bins"):
            lines += ["", f"![{console.say('cli.eval.picture')}]({PICTURE})"]
    (folder / "report.md").write_text("\n".join(lines) + "\n", encoding="utf-8")


def markdown(section: Section) -> Iterator[str]:
    """The lines of a section."""
    yield f"## {section.title}"
    for sentence in section.sentences:
        yield from ("", _plain(sentence))
    if section.head:
        yield ""
        yield _row(section.head)
        yield _row(["---", *["---:"] * (len(section.head) - 1)])
        yield from map(_row, section.rows)
    for item in section.items:
        yield from ("", f"### {_plain(item.title)}", "")
        yield from (f"- **{name}:** {_plain(text)}" for name, text in item.said)


def _row(cells: tuple[str, ...] | list[str]) -> str:
    return f"| {' | '.join(_plain(cell) for cell in cells)} |"


def _plain(text: str) -> str:
    """Questions and answers are shown as they are: nothing in them is markup."""
    folded = " ".join(text.split())
    return "".join(f"\\{letter}" if letter in "\\|*_`<>[]#" else letter for letter in folded)


def _draw(found: Reliability, console: Console) -> bytes | None:
    chart = ReliabilityChart(
        headline=console.say("cli.eval.chart.headline"),
        note=reliability_words(found, console),
        across=console.say("cli.eval.chart.across"),
        up=console.say("cli.eval.chart.up"),
        ideal=console.say("cli.eval.chart.ideal"),
        many=console.say("cli.eval.chart.many"),
        points=tuple(
            ReliabilityPoint(one.low, one.high, one.count, one.confidence, one.answerable) for one in found.bins
        ),
    )
    with TemporaryDirectory() as scratch:
        try:
            return asyncio.run(ProcessDrawing(Path(scratch))(chart))[Theme.LIGHT]
        except DrawingFailed as error:
            console.note(console.say("cli.eval.undrawn", detail=error))
            return None
