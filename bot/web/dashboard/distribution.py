"""How the answers to an item are spread, and how they were in 2024: lines of a table, and of the chart beside it."""

from __future__ import annotations

from dataclasses import dataclass, replace

from bot.charts.vega.contents import Bar, BarRow, BarsChart
from bot.maturity.instrument import Item
from bot.results.comparison import Beside, BesideRow, beside_2024
from bot.results.model import ItemResult, OptionCount
from bot.web.dashboard import numbers
from bot.web.dashboard.scene import Scene
from bot.web.dashboard.voice import Voice
from knowledge.model import Unit

PERCENT_FROM = 20
"""Answers from which on shares are told; below, numbers are."""


@dataclass(frozen=True, slots=True)
class Line:
    """An option. `now` and `before` are in words; shares (0-1) are there for drawing, whatever the words say.

    `note` says what is known to be wrong with the number of 2024.
    """

    label: str
    now: str
    share: float | None
    band: tuple[float, float] | None
    interval: tuple[float, float] | None
    sure: str
    before: str = ""
    before_share: float | None = None
    note: str = ""
    known: bool = True


@dataclass(frozen=True, slots=True)
class Spread:
    """The lines with what they are of. `shares` says that numbers are told as percent; `before_name` names the series
    of 2024 with how many answered, and is empty where there is nothing of 2024. The two are `alike` where they are
    shares of the same, so that they can be drawn beside each other.
    """

    lines: tuple[Line, ...]
    shares: bool
    ticks: bool
    now_name: str
    before_name: str
    beside: Beside | None
    alike: bool = True

    @property
    def told(self) -> bool:
        """Whether any number of now is told, or the range that it lies in."""
        return any(each.known for each in self.lines)

    @property
    def drawable(self) -> bool:
        """Whether anything of now may be told."""
        return any(each.share is not None or each.band is not None for each in self.lines)


def spread_of(scene: Scene, item: Item, result: ItemResult) -> Spread:
    """An item's answers as a role gave them, beside 2024 where that is possible."""
    beside = beside_2024(result, item, scene.baseline)
    voice, label = scene.voice, scene.edition.label
    if beside is not None and beside.rows and (beside.now_n is not None or beside.unit is not Unit.TICK):
        of = beside.now_n or 0
        then = beside.then_n or 0
        shares = of >= PERCENT_FROM and (not then or then >= PERCENT_FROM)
        lines = tuple(_beside_line(row, beside, item, voice, shares=shares) for row in beside.rows)
        ticks = beside.unit is Unit.TICK
        unit = "ticks" if ticks else "answers"
        now_name = voice.say(f"pages.series.now_{unit}", label=label, number=voice.whole(of)) if of else label
        before = _then_name(beside, voice)
        return Spread(lines, shares, ticks, now_name, before if any(each.before for each in lines) else "", beside)
    return _alone(scene, item, result, beside)


def _alone(scene: Scene, item: Item, result: ItemResult, beside: Beside | None) -> Spread:
    """The answers as shares of those who answered. Shares of ticks of 2024 stand in the table only: they are of
    something else, and how many ticks there are now is not told where one option's number is not."""
    voice = scene.voice
    of = result.pooled.answered or 0
    shares = of >= PERCENT_FROM
    then = {row.codes: row for row in beside.rows} if beside is not None else {}
    lines = []
    for option in result.pooled.options:
        line = _line(option, of, item, voice, shares=shares)
        row = then.get((option.code,))
        lines.append(line if row is None else replace(line, before=_before(row, 0, voice, shares=True)[0]))
    now_name = voice.say("pages.series.now_answers", label=scene.edition.label, number=voice.whole(of))
    before = voice.say("pages.series.then_share_of_ticks") if any(each.before for each in lines) else ""
    return Spread(tuple(lines), shares, False, now_name, before, beside, alike=False)


def bars_of(spread: Spread, description: str, voice: Voice) -> BarsChart:
    """The same as a chart. Bars are as long as shares; where numbers are told, no percent stands along them."""
    rows = []
    for line in spread.lines:
        before = None
        if spread.before_name and spread.alike:
            before = Bar(line.before or voice.say("pages.beside.not_stated"), line.before_share)
        rows.append(BarRow(line.label, Bar(line.now, line.share, line.band, line.interval), before))
    unit = "ticks" if spread.ticks else "answers"
    axis = voice.say(f"pages.axis.share_of_{unit}" if spread.shares else f"pages.axis.length_of_{unit}")
    sure, before_name = voice.say("pages.series.sure"), spread.before_name if spread.alike else ""
    return BarsChart(description, tuple(rows), axis, spread.now_name, before_name, spread.shares, sure)


def description_of(spread: Spread, item: Item, voice: Voice) -> str:
    """The chart in words: what it is about, and every number that it shows."""
    said = [
        voice.say("pages.alt.line_beside", label=line.label, now=line.now, before=line.before)
        if line.before and spread.alike
        else voice.say("pages.alt.line", label=line.label, now=line.now)
        for line in spread.lines
    ]
    beside = spread.before_name and spread.alike
    key = "pages.alt.bars_beside" if beside else "pages.alt.bars"
    named = {"topic": voice.word(item.topic), "now": spread.now_name, "lines": "; ".join(said)}
    if beside:
        return voice.say(key, before=spread.before_name, **named)
    return voice.say(key, **named)


def _beside_line(row: BesideRow, beside: Beside, item: Item, voice: Voice, *, shares: bool) -> Line:
    of = (beside.now_n or 0) if _of_base(row, beside, item) else 0
    share = row.now_count / of if row.now_count is not None and of else None
    band = (row.now_band[0] / of, row.now_band[1] / of) if row.now_band is not None and of else None
    now = _now_words(row.now_count, row.now_band, of, voice, shares=shares)
    interval = row.now_interval if shares else None
    sure = numbers.percent_span(*interval, voice.language) if interval is not None else ""
    before, before_share, note = _before(row, beside.then_n or 0, voice, shares=shares)
    known = row.now_count is not None or row.now_band is not None
    return Line(_label(row, item, voice), now, share, band, interval, sure, before, before_share, note, known)


def _of_base(row: BesideRow, beside: Beside, item: Item) -> bool:
    """Whether those who chose it are among those that the shares are of.

    "None of these" is no tick, and "vet ej" is outside where 2024 has no number of it.
    """
    if not row.labels:
        return row.then_percent is not None or row.then_count is not None
    exclusive = {option.code for option in item.options if option.exclusive}
    return beside.unit is not Unit.TICK or exclusive.isdisjoint(row.codes)


def _before(row: BesideRow, then: int, voice: Voice, *, shares: bool) -> tuple[str, float | None, str]:
    """2024's number in words, its share for drawing, and what is wrong with it."""
    printed = row.then_percent
    meant = row.then_corrected if row.then_corrected is not None else printed
    note = ""
    if row.then_corrected is not None:
        note = voice.say("pages.beside.misprint_counted")
        if printed is not None:
            told = [numbers.printed_percent(each, voice.language) for each in (printed, row.then_corrected)]
            note = voice.say("pages.beside.misprint", printed=told[0], meant=told[1])
    if row.then_count is not None and then and (not shares or meant is None):
        words = voice.say("pages.of", count=voice.whole(row.then_count), of=voice.whole(then))
        return words, row.then_count / then, note
    if printed is not None and meant is not None:
        return numbers.printed_percent(meant, voice.language), meant / 100, note
    return "", None, note


def _line(option: OptionCount, of: int, item: Item, voice: Voice, *, shares: bool) -> Line:
    found = item.option(option.code)
    label = voice.word(found.label) if found is not None else option.code
    share = option.count / of if option.count is not None and of else None
    band = (option.band[0] / of, option.band[1] / of) if option.band is not None and of else None
    now = _now_words(option.count, option.band, of, voice, shares=shares)
    interval = option.interval if shares else None
    sure = numbers.percent_span(*interval, voice.language) if interval is not None else ""
    return Line(label, now, share, band, interval, sure, known=share is not None or band is not None)


def _now_words(count: int | None, band: tuple[int, int] | None, of: int, voice: Voice, *, shares: bool) -> str:
    if count is not None and of and shares:
        return voice.say("pages.share_and_count", share=voice.percent(count / of), count=voice.whole(count))
    if count is None and band is None:
        return voice.say("pages.hidden.short")
    told = numbers.span(*(band or (count or 0, count or 0)), voice.language)
    return voice.say("pages.of", count=told, of=voice.whole(of)) if of else told


def _label(row: BesideRow, item: Item, voice: Voice) -> str:
    if not row.labels:
        return voice.say("pages.unknown")
    return " + ".join(voice.word(each) for each in row.labels)


def _then_name(beside: Beside, voice: Voice) -> str:
    if beside.then_n is None:
        return voice.say("pages.series.then")
    unit = "ticks" if beside.unit is Unit.TICK else "answers"
    about = "about" if beside.then_inferred else "exactly"
    return voice.say(f"pages.series.then_{about}_{unit}", number=voice.whole(beside.then_n))
