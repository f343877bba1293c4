"""An item's distribution line by line, now and where it can be said in 2024: what charts draw and tables say."""

from __future__ import annotations

from dataclasses import dataclass

from bot.charts.vega.contents import Bar
from bot.conversation import figures
from bot.exports.numbers import interval, percent
from bot.exports.report.scene import Scene
from bot.exports.rows import FEWEST_FOR_SHARES
from bot.maturity.instrument import Item, Null
from bot.results.comparison import Beside, BesideRow
from bot.results.model import Cell, OptionCount
from knowledge.model import Unit


@dataclass(frozen=True, slots=True)
class Line:
    """An option, or several that 2024 prints together only. `now` and `then` are in words, empty where nothing is told.

    `sure` is the interval of the share in words. Bars are as long as the share, and say it in words or only the number.
    """

    label: str
    now: str
    sure: str
    then: str
    now_bar: Bar
    then_bar: Bar | None = None


@dataclass(frozen=True, slots=True)
class Lines:
    """All lines. `shares` says that they are told as shares: of fewer than twenty persons they are numbers. `ticks`
    says that they are shares of ticks, as those of 2024 are."""

    lines: tuple[Line, ...]
    shares: bool
    ticks: bool = False


def lines_of(scene: Scene, item: Item, cell: Cell, beside: Beside | None) -> Lines | None:
    """The lines of a cell; None where it holds no distribution."""
    if not cell.options or not cell.answered:
        return None
    if beside is None or not beside.rows:
        shares = cell.answered >= FEWEST_FOR_SHARES
        return Lines(tuple(_now(scene, item, each, cell.answered, shares=shares) for each in cell.options), shares)
    # Where not every tick may be told, shares of them are not known, and then those of 2024 have nothing beside them.
    shares = beside.now_n is not None and beside.now_n >= FEWEST_FOR_SHARES
    whole = beside.now_n or cell.answered
    drawn = beside.now_n is not None and any(_then_value(each, beside) is not None for each in beside.rows)
    found = (_both(scene, each, beside, whole, shares=shares, drawn=drawn) for each in beside.rows)
    return Lines(tuple(found), shares, beside.unit is Unit.TICK)


def _now(scene: Scene, item: Item, option: OptionCount, answered: int, *, shares: bool) -> Line:
    share = option.count / answered if option.count is not None else None
    sure = option.interval if shares else None
    words = _counted(scene, option.count, share if shares else None, option.band)
    told = interval(*sure, scene.language) if sure is not None else ""
    return Line(scene.names.option(item, option.code), words, told, "", _bar(words, share, option.band, answered, sure))


def _both(scene: Scene, row: BesideRow, beside: Beside, whole: int, *, shares: bool, drawn: bool) -> Line:
    label = " + ".join(each.say(scene.language) for each in row.labels)
    label = label or scene.say(f"exports.code.no_answer.{Null.DONT_KNOW}.label")
    words = _counted(scene, row.now_count, row.now_share, row.now_band)
    sure = interval(*row.now_interval, scene.language) if row.now_interval else ""
    share = row.now_share
    if not shares and row.now_count is not None:
        share = row.now_count / whole
    now = _bar(words, share, row.now_band, whole, row.now_interval)
    then = _then_words(scene, row, beside)
    return Line(label, words, sure, then, now, Bar(then, _then_value(row, beside)) if drawn else None)


def _then_value(row: BesideRow, beside: Beside) -> float | None:
    """The share that an option had in 2024; what a misprinted one probably means."""
    if row.then_percent is not None:
        return (row.then_corrected if row.then_corrected is not None else row.then_percent) / 100
    return row.then_count / beside.then_n if row.then_count is not None and beside.then_n else None


def _then_words(scene: Scene, row: BesideRow, beside: Beside) -> str:
    if row.then_percent is not None:
        printed = figures.percent(row.then_percent, scene.texts, scene.language)
        if row.then_corrected is None:
            return printed
        return scene.say(
            "exports.report.probably", printed=printed, probable=percent(row.then_corrected / 100, scene.language)
        )
    if row.then_count is not None and beside.then_n is not None:
        return scene.say("exports.report.of", count=row.then_count, of=beside.then_n)
    return ""


def _counted(scene: Scene, count: int | None, share: float | None, band: tuple[int, int] | None) -> str:
    if count is not None:
        return (
            str(count)
            if share is None
            else scene.say("exports.report.counted", share=percent(share, scene.language), count=count)
        )
    if band is not None:
        return scene.say("exports.report.range", low=band[0], high=band[1])
    return scene.say("exports.not_told")


def _bar(
    words: str, share: float | None, band: tuple[int, int] | None, whole: int, sure: tuple[float, float] | None
) -> Bar:
    if share is not None or band is None:
        return Bar(words, share, interval=sure)
    return Bar(words, band=(band[0] / whole, band[1] / whole))
