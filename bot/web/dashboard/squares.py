"""How many have answered, and how many municipalities stand where: charts of people and municipalities, in numbers."""

from __future__ import annotations

from bot.charts.vega.contents import ResponseChart, Taken, Units, UnitsChart
from bot.maturity.instrument import Item
from bot.results.model import EqualWeight, Participation, State
from bot.web.dashboard.order import municipalities_of
from bot.web.dashboard.scene import Scene


def response_bars(scene: Scene, participation: Participation) -> ResponseChart | None:
    """Answers by municipality, in the order of the alphabet."""
    voice = scene.voice
    rows = []
    for each in municipalities_of(scene.instrument):
        told = participation.municipalities.get(each.id)
        if told is not None:
            answered = told.answered
            rows.append(Taken(each.title, answered.low, answered.high, told.invited, voice.response(told)))
    if not rows:
        return None
    banded = any(each.low != each.high for each in rows)
    invited = any(each.invited is not None for each in rows)
    return ResponseChart(
        voice.say("pages.alt.response", total=voice.response(participation.total), places=len(rows)),
        tuple(rows),
        voice.say("pages.axis.persons"),
        voice.say("pages.series.answered"),
        voice.say("pages.series.invited") if invited else "",
        voice.say("pages.series.between") if banded else "",
    )


def municipality_squares(scene: Scene, item: Item, equal: EqualWeight) -> UnitsChart | None:
    """How many municipalities stand on each level, or have each option."""
    voice = scene.voice
    if equal.state is not State.SHOWN:
        return None
    rows = []
    for option in equal.options:
        found = item.option(option.code)
        label = voice.word(found.label) if found is not None else option.code
        words = voice.say("pages.hidden.short")
        if option.count is not None:
            words = voice.say("pages.of", count=option.count, of=equal.municipalities)
        rows.append(Units(label, option.count, words))
    said = "; ".join(voice.say("pages.alt.line", label=each.label, now=each.words) for each in rows)
    return UnitsChart(
        voice.say("pages.alt.municipalities", topic=voice.word(item.topic), lines=said),
        tuple(rows),
        equal.municipalities,
        voice.say("pages.series.here"),
        voice.say("pages.series.elsewhere"),
    )
