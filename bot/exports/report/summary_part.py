"""The summary: what a board has to know, in plain sentences that follow from the figures by rule."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from bot.exports.numbers import percent
from bot.exports.report.blocks import Block, Bullets, Heading, Paragraph
from bot.exports.report.charts import counted
from bot.exports.report.scene import Scene
from bot.results.model import ItemResult, State
from bot.results.wording import Direction

NAMED = 3
"""How many questions are named in a sentence."""


def summary_part(scene: Scene) -> Iterator[Block]:
    """The summary, and how to read the rest."""
    yield Heading(scene.say("exports.report.heading.summary"), page=True)
    edition = scene.material.view.edition
    if edition.demo:
        yield Paragraph(scene.say("exports.report.summary.demo"))
    yield Bullets(tuple(_sentences(scene)))
    yield Heading(scene.say("exports.report.heading.reading"), 2)
    yield Bullets(scene.texts.lines("exports.report.reading", scene.language))


def _sentences(scene: Scene) -> Iterator[str]:
    told = scene.material.view.edition.participation
    there = [one for one in told.municipalities.values() if one.answered.low or one.answered.high]
    own = scene.material.view.municipality
    answered = counted(scene, told.total.answered)
    if own:
        name = scene.names.municipality(own)
        mine = told.municipalities.get(own)
        yield scene.say("exports.report.summary.answered", answered=answered)
        if mine is not None:
            yield scene.say("exports.report.summary.own", municipality=name, answered=counted(scene, mine.answered))
    else:
        of = len(told.municipalities)
        yield scene.say("exports.report.summary.answered_from", answered=answered, count=len(there), of=of)
    exact = told.total.answered.exact
    if exact is not None and told.total.invited:
        share = percent(min(exact / told.total.invited, 1), scene.language)
        yield scene.say("exports.report.summary.invited", invited=told.total.invited, share=share)
    for role in scene.material.round.instrument.roles:
        yield from _of_role(scene, role.id)
    yield from _gaps(scene)
    yield from _change(scene)
    yield scene.say("exports.report.summary.no_ranking")


def _of_role(scene: Scene, role: str) -> Iterator[str]:
    """What stands highest and lowest of what a role was asked: only within it, as others were asked other things."""
    found = [
        (each.pooled.index, each)
        for each in scene.material.view.edition.results
        if each.role == role and each.pooled.state is State.SHOWN and each.pooled.index is not None
    ]
    count = min(NAMED, len(found) // 2)
    if not count:
        return
    ordered = [each for _, each in sorted(found, key=lambda pair: -pair[0])]
    highest, lowest = _named(scene, ordered[:count]), _named(scene, ordered[: -count - 1 : -1])
    yield scene.say("exports.report.summary.role", role=scene.role(role), highest=highest, lowest=lowest)


def _named(scene: Scene, results: Sequence[ItemResult]) -> str:
    return scene.listed(
        [
            scene.say(
                "exports.report.summary.indexed",
                item=scene.names.item(each.item),
                index=scene.number(each.pooled.index) if each.pooled.index is not None else "",
            )
            for each in results
        ]
    )


def _gaps(scene: Scene) -> Iterator[str]:
    found = [each.item for each in scene.material.view.edition.results if each.pooled.gap and each.role]
    names = [scene.names.item(item) for item in dict.fromkeys(found)]
    if names:
        yield scene.say("exports.report.summary.gaps", items=scene.listed(names))
    else:
        yield scene.say("exports.report.summary.no_gaps")


def _change(scene: Scene) -> Iterator[str]:
    trend = scene.material.trend
    if trend is None:
        yield scene.say("exports.report.summary.first")
        return
    certain = [each for each in trend.items if each.certain]
    for direction in (Direction.HIGHER, Direction.LOWER):
        names = [scene.names.item(each.item) for each in certain if each.direction is direction]
        if names:
            yield scene.say(
                f"exports.report.summary.certain_{direction}", before=trend.before_label, items=scene.listed(names)
            )
    if not certain:
        yield scene.say("exports.report.summary.none_certain", before=trend.before_label)
