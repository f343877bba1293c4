"""The parts of a report that look across questions: response, areas, 2024, gaps in knowledge, change, themes."""

from __future__ import annotations

from collections.abc import Iterator

from bot.exports.numbers import percent
from bot.exports.report.blocks import Block, Bullets, Heading, Note, Paragraph, Row, Table
from bot.exports.report.charts import answered_of, areas, response
from bot.exports.report.scene import Scene
from bot.results.areas import area_results
from bot.results.comparison import Beside, beside_2024
from bot.results.model import ItemResult, Response
from bot.results.trend import ItemTrend


def response_part(scene: Scene) -> Iterator[Block]:
    """Who has answered."""
    told = scene.material.view.edition.participation
    yield Heading(scene.say("exports.report.heading.response"), page=True)
    yield Paragraph(scene.say("exports.report.response.intro"))
    if told.joint:
        yield Paragraph(scene.say("exports.report.response.joint", count=told.joint))
    places = [(scene.names.municipality(key), one) for key, one in told.municipalities.items()]
    if told.shared is not None and not scene.material.view.municipality:
        places.append((scene.say("exports.workbook.shared"), told.shared))
    figure = response(scene, places)
    if figure is not None:
        yield figure
    rows: list[tuple[str, Response]] = [
        *places,
        *((scene.names.role(key), one) for key, one in told.roles.items()),
        (scene.say("exports.workbook.total"), told.total),
    ]
    yield Table(
        scene.say("exports.report.table.response"),
        (scene.say("exports.report.column.who"), scene.say("exports.report.column.answered")),
        tuple((name, answered_of(scene, one)) for name, one in rows),
        (1,),
    )


def areas_part(scene: Scene) -> Iterator[Block]:
    """The areas' indices, by role."""
    found = area_results(scene.material.view.edition, scene.material.round.instrument)
    order = [area.id for area in scene.material.round.instrument.areas]
    told = sorted(
        (each for each in found if not each.municipality and each.asked), key=lambda each: order.index(each.area)
    )
    if not any(each.index is not None for each in told):
        return
    yield Heading(scene.say("exports.report.heading.areas"), page=True)
    yield Paragraph(scene.say("exports.report.areas.intro"))
    figure = areas(scene, found)
    if figure is not None:
        yield figure
    hidden = scene.say("exports.report.none")
    yield Table(
        scene.say("exports.report.table.areas"),
        (
            scene.say("exports.report.column.area"),
            scene.say("exports.report.column.role"),
            scene.say("exports.report.column.index"),
            scene.say("exports.report.column.items"),
        ),
        tuple(
            (
                *(scene.names.area(each.area), scene.role(each.role)),
                *(scene.number(each.index) if each.index is not None else hidden, f"{each.items}/{each.asked}"),
            )
            for each in told
        ),
        (2, 3),
    )
    yield Note(scene.say("exports.report.areas.no_ranking"))


def then_part(scene: Scene) -> Iterator[Block]:
    """All of 2024 at one glance, with what keeps the two from being compared."""
    rows = []
    for result in scene.material.view.edition.results:
        item = scene.material.round.instrument.item(result.item)
        if item is None or not item.baseline:
            continue
        beside = beside_2024(result, item, scene.material.baseline)
        if beside is not None and beside.index_then is not None and beside.index_now is not None:
            rows.append(_then_row(scene, result, beside))
    if not rows:
        return
    yield Heading(scene.say("exports.report.heading.then"), page=True)
    yield Paragraph(scene.say("exports.report.then.intro"))
    head = ("question", "role", "index_then", "index_now", "direction", "reservation")
    yield Table(
        scene.say("exports.report.table.then"),
        tuple(scene.say(f"exports.report.column.{name}") for name in head),
        tuple(rows),
        (2, 3),
    )
    yield Bullets(scene.texts.lines("exports.method.baseline", scene.language))


def _then_row(scene: Scene, result: ItemResult, beside: Beside) -> Row:
    low, high = beside.index_then or (0.0, 0.0)
    first, last = scene.number(low), scene.number(high)
    then = first if first == last else scene.say("exports.report.range", low=first, high=last)
    return (
        *(scene.names.item(result.item), scene.role(result.role), then),
        scene.number(beside.index_now) if beside.index_now is not None else "",
        scene.say(f"exports.direction.{beside.direction}"),
        scene.say("exports.said_yes" if beside.caveats or not beside.comparable else "exports.said_no"),
    )


def gaps_part(scene: Scene) -> Iterator[Block]:
    """Where many do not know."""
    found = [each for each in scene.material.view.edition.results if each.pooled.gap]
    yield Heading(scene.say("exports.report.heading.gaps"))
    yield Paragraph(scene.say("exports.report.gaps.intro"))
    if not found:
        yield Paragraph(scene.say("exports.report.gaps.none"))
        return
    head = ("question", "role", "unknown", "unknown_share")
    rows = tuple(
        (
            *(scene.names.item(each.item), scene.role(each.role), str(each.pooled.unknown)),
            percent(each.pooled.unknown_share or 0, scene.language),
        )
        for each in found
    )
    yield Table(
        scene.say("exports.report.table.gaps"),
        tuple(scene.say(f"exports.report.column.{name}") for name in head),
        rows,
        (2, 3),
    )


def trend_part(scene: Scene) -> Iterator[Block]:
    """What has changed since an earlier round, among the municipalities that are in both."""
    trend = scene.material.trend
    if trend is None or not trend.items:
        return
    yield Heading(scene.say("exports.report.heading.trend", before=trend.before_label))
    yield Paragraph(scene.say("exports.report.trend.intro", before=trend.before_label))
    told = tuple(_trend_row(scene, each) for each in trend.items if each.all_index_now is not None)
    label = scene.material.view.edition.label
    head = (
        *(
            scene.say("exports.report.column.question"),
            scene.say("exports.report.column.role"),
            scene.say("exports.report.column.matched"),
        ),
        *(
            scene.say("exports.report.column.index_of", label=trend.before_label),
            scene.say("exports.report.column.index_of", label=label),
        ),
        scene.say("exports.report.column.direction"),
    )
    yield Table(scene.say("exports.report.table.trend", before=trend.before_label), head, told, (2, 3, 4))


def _trend_row(scene: Scene, each: ItemTrend) -> Row:
    matched = each.index_before is not None and each.index_now is not None
    before, now = (each.index_before, each.index_now) if matched else (each.all_index_before, each.all_index_now)
    direction = scene.say(f"exports.direction.{each.direction}")
    return (
        *(scene.names.item(each.item), scene.role(each.role), str(len(each.matched)) if matched else ""),
        scene.number(before) if before is not None else scene.say("exports.report.none"),
        scene.number(now) if now is not None else scene.say("exports.report.none"),
        scene.say("exports.report.trend.certain", direction=direction) if each.certain else direction,
    )


def themes_part(scene: Scene) -> Iterator[Block]:
    """What people wrote about, by themes; their words are not in a report that travels."""
    told = [each for each in scene.material.view.edition.themes if each.answers is not None and each.themes]
    if not told:
        return
    yield Heading(scene.say("exports.report.heading.themes"))
    yield Paragraph(scene.say("exports.report.themes.intro"))
    for each in told:
        item = scene.material.round.instrument.item(each.item)
        yield Heading(
            scene.say("exports.report.themes.of", item=scene.names.item(each.item), role=scene.role(each.role)), 2
        )
        if item is not None:
            yield Paragraph(item.question.say(scene.language), quiet=True)
        rows = [(", ".join(theme.words), str(theme.answers)) for theme in each.themes]
        if each.other is not None:
            rows.append((scene.say("exports.report.themes.other"), str(each.other)))
        caption = scene.say("exports.report.table.themes", item=scene.names.item(each.item), answered=each.answers)
        yield Table(
            caption,
            (scene.say("exports.report.column.theme"), scene.say("exports.report.column.answered")),
            tuple(rows),
            (1,),
        )
