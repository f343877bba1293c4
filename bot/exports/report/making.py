"""A view of an edition -> the report as PDF: what it says, its charts drawn, and the pages set."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime, time
from typing import Protocol

from bot.charts.errors import ChartError
from bot.charts.vega.contents import Look
from bot.charts.vega.pictures import Picture, picture_of
from bot.conversation.texts import Texts
from bot.exports.errors import ReportFailed
from bot.exports.material import Material
from bot.exports.method import about, method, own_municipality
from bot.exports.report.blocks import Block, Bullets, Drawn, Figure, Heading, Printable, Report, Settable
from bot.exports.report.item_part import item_part
from bot.exports.report.overview_parts import (
    areas_part,
    gaps_part,
    response_part,
    themes_part,
    then_part,
    trend_part,
)
from bot.exports.report.scene import Scene
from bot.exports.report.summary_part import summary_part


class Pictures(Protocol):
    """Draws charts; `bot.charts.vega.pictures.VegaPictures` is one."""

    def svg(self, picture: Picture) -> Awaitable[bytes]:
        """The picture as SVG. Raises DrawingFailed."""


class Setting(Protocol):
    """Sets reports; `bot.exports.report.process.ReportProcess` is one."""

    def set(self, report: Printable) -> Awaitable[bytes]:
        """The PDF. Raises ReportFailed."""


async def report_file(
    material: Material, texts: Texts, language: str, *, pictures: Pictures, setting: Setting
) -> bytes:
    """The report as PDF. Raises ReportFailed."""
    report = await asyncio.to_thread(report_of, material, texts, language)
    blocks: list[Settable] = []
    try:
        for block in report.blocks:
            blocks.append(await _drawn(block, pictures, language) if isinstance(block, Figure) else block)
    except ChartError as error:
        raise ReportFailed(f"a chart could not be drawn: {error}") from error
    return await setting.set(
        Printable(
            language=report.language,
            title=report.title,
            subtitle=report.subtitle,
            author=report.author,
            footer=report.footer,
            contents=report.contents,
            page_of=report.page_of,
            facts=report.facts,
            statement=report.statement,
            dated=int(datetime.combine(material.view.edition.compiled, time(), UTC).timestamp()),
            blocks=blocks,
        )
    )


def report_of(material: Material, texts: Texts, language: str) -> Report:
    """What the report says, its charts not drawn yet. Takes a moment of the processor."""
    scene = Scene(material, texts, language)
    edition = material.view.edition
    municipality = own_municipality(material, language)
    subtitle = (
        scene.say("exports.report.subtitle_own", municipality=municipality)
        if municipality
        else scene.say("exports.report.subtitle")
    )
    title = texts.say("exports.title", language, label=edition.label)
    return Report(
        language=language,
        title=title,
        subtitle=subtitle,
        author=texts.say("exports.audience.federation", language),
        footer=scene.say("exports.report.footer", title=title, edition=edition.number),
        contents=scene.say("exports.report.heading.contents"),
        page_of=scene.say("exports.report.page_of", page="{page}", pages="{pages}"),
        facts=tuple(about(material, texts, language)),
        statement=scene.say("exports.report.statement"),
        blocks=tuple(_blocks(scene)),
    )


def _blocks(scene: Scene) -> Iterator[Block]:
    yield from summary_part(scene)
    yield from response_part(scene)
    yield from areas_part(scene)
    yield from _questions(scene)
    yield from then_part(scene)
    yield from gaps_part(scene)
    yield from trend_part(scene)
    yield from themes_part(scene)
    sections = method(replace(scene.material, baseline={}), scene.texts, scene.language)
    for place, section in enumerate(sections):
        first = place == 0
        yield Heading(section.heading, 1 if first else 2, page=first)
        yield Bullets(section.lines)


def _questions(scene: Scene) -> Iterator[Block]:
    """All questions, by area."""
    yield Heading(scene.say("exports.report.heading.questions"), page=True)
    for area in scene.material.round.instrument.areas:
        blocks: Sequence[Block] = [
            block
            for item in scene.material.round.instrument.items
            if item.area == area.id
            for block in item_part(scene, item)
        ]
        if blocks:
            yield Heading(area.title.say(scene.language), 2)
            yield from blocks


async def _drawn(figure: Figure, pictures: Pictures, language: str) -> Drawn:
    svg = await pictures.svg(picture_of(figure.chart, Look(language=language)))
    return Drawn(svg.decode(), figure.caption, figure.alternative)
