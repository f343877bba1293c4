"""The charts of a report, and what they show in words for those who do not see them."""

from __future__ import annotations

from collections.abc import Sequence

from bot.charts.vega.contents import BarRow, BarsChart, Dots, DotsChart, ResponseChart, Taken, Units, UnitsChart
from bot.exports.report.blocks import Figure
from bot.exports.report.lines import Lines
from bot.exports.report.scene import Scene
from bot.maturity.instrument import Item
from bot.results.areas import AreaIndex
from bot.results.model import Cell, Count, EqualWeight, OptionCount, Response


def distribution(scene: Scene, item: Item, cell: Cell, lines: Lines) -> Figure:
    """How the persons of a cell answered, and where both can be drawn as shares, how people answered in 2024."""
    rows = tuple(BarRow(each.label, each.now_bar, each.then_bar) for each in lines.lines)
    compared = any(row.before is not None for row in rows)
    told = "; ".join(
        scene.say(
            "exports.report.chart.both",
            label=row.label,
            now=row.now.words,
            before=row.before.words or scene.say("exports.report.chart.nothing"),
        )
        if row.before is not None
        else scene.say("exports.report.chart.one", label=row.label, now=row.now.words)
        for row in rows
    )
    topic, answered = item.topic.say(scene.language), cell.answered or 0
    alternative = scene.say("exports.report.chart.distribution_alt", topic=topic, told=told)
    chart = BarsChart(
        description=alternative,
        rows=rows,
        axis=_axis(scene, lines),
        now=scene.say("exports.report.chart.now", label=scene.material.view.edition.label, answered=answered),
        before=scene.say("exports.report.chart.before") if compared else "",
        shares=lines.shares,
        sure=scene.say("exports.report.chart.sure"),
    )
    caption = scene.say("exports.report.chart.distribution", topic=topic, answered=answered)
    return Figure(chart, caption, alternative)


def municipalities(scene: Scene, item: Item, equal: EqualWeight) -> Figure | None:
    """How many municipalities stand where, each as a square without a name. None where that may not be told."""
    if not equal.options:
        return None
    rows = tuple(
        Units(scene.names.option(item, each.code), each.count, _of(scene, each, equal)) for each in equal.options
    )
    told = "; ".join(scene.say("exports.report.chart.one", label=each.label, now=each.words) for each in rows)
    topic = item.topic.say(scene.language)
    alternative = scene.say("exports.report.chart.municipalities_alt", topic=topic, told=told)
    chart = UnitsChart(
        alternative,
        rows,
        equal.of,
        filled=scene.say("exports.report.chart.filled"),
        empty=scene.say("exports.report.chart.not_filled"),
    )
    caption = scene.say("exports.report.chart.municipalities", topic=topic, count=equal.municipalities, of=equal.of)
    return Figure(chart, caption, alternative)


def areas(scene: Scene, found: Sequence[AreaIndex]) -> Figure | None:
    """The areas' indices for all of Fyrbodal, a form of points for each role. None where there is no index."""
    roles = [role.id for role in scene.material.round.instrument.roles]
    index = {(each.area, each.role): each.index for each in found if not each.municipality}
    there = [role for role in roles if any(index.get((area, role)) is not None for area, _ in index)]
    rows = [
        Dots(scene.names.area(area), tuple(index.get((area, role)) for role in there))
        for area in (each.id for each in scene.material.round.instrument.areas)
        if any(index.get((area, role)) is not None for role in there)
    ]
    if not rows or len(there) > 3:
        return None
    told = "; ".join(
        scene.say(
            "exports.report.chart.one",
            label=row.label,
            now=", ".join(
                scene.say("exports.report.chart.role_index", role=scene.role(role), index=scene.number(value))
                for role, value in zip(there, row.values, strict=True)
                if value is not None
            ),
        )
        for row in rows
    )
    alternative = scene.say("exports.report.chart.areas_alt", told=told)
    ticks = tuple((float(each), scene.number(each)) for each in range(0, 101, 20))
    series = tuple(scene.role(role) for role in there)
    chart = DotsChart(alternative, tuple(rows), scene.say("exports.report.chart.index_axis"), series, ticks)
    return Figure(chart, scene.say("exports.report.chart.areas"), alternative)


def response(scene: Scene, told: Sequence[tuple[str, Response]]) -> Figure | None:
    """How many have answered, of those who were invited. None where nobody is told of."""
    rows = tuple(
        Taken(name, one.answered.low, one.answered.high, one.invited, answered_of(scene, one)) for name, one in told
    )
    if not rows:
        return None
    alternative = scene.say(
        "exports.report.chart.response_alt",
        told="; ".join(scene.say("exports.report.chart.one", label=each.label, now=each.words) for each in rows),
    )
    ranges = any(each.low != each.high for each in rows)
    chart = ResponseChart(
        alternative,
        rows,
        scene.say("exports.report.chart.response_axis"),
        scene.say("exports.report.chart.answered"),
        scene.say("exports.report.chart.invited") if any(each.invited is not None for each in rows) else "",
        scene.say("exports.report.chart.between") if ranges else "",
    )
    return Figure(chart, scene.say("exports.report.chart.response"), alternative)


def answered_of(scene: Scene, told: Response) -> str:
    """A number of responses in words, of those invited where that is known."""
    count = counted(scene, told.answered)
    return count if told.invited is None else scene.say("exports.report.of", count=count, of=told.invited)


def counted(scene: Scene, count: Count) -> str:
    """A number of responses, or its range."""
    exact = count.exact
    return str(exact) if exact is not None else scene.say("exports.report.range", low=count.low, high=count.high)


def _axis(scene: Scene, lines: Lines) -> str:
    if not lines.shares:
        return scene.say("exports.report.chart.count_axis")
    return scene.say("exports.report.chart.tick_axis" if lines.ticks else "exports.report.chart.share_axis")


def _of(scene: Scene, option: OptionCount, equal: EqualWeight) -> str:
    if option.count is not None:
        return scene.say("exports.report.of", count=option.count, of=equal.municipalities)
    if option.band is not None:
        return scene.say("exports.report.range", low=option.band[0], high=option.band[1])
    return scene.say("exports.not_told")
