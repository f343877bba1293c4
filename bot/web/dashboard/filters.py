"""Filters that a page takes from its address: what was asked for is looked up, and what there is not is left out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from bot.web.dashboard.addresses import at
from bot.web.dashboard.parts import Choice, FilterForm, Link, Select
from bot.web.dashboard.scene import Scene


class Items(StrEnum):
    """Which items a page is about: those with a gap in knowledge, with views far apart, or that 2024 had too."""

    GAP = "gap"
    SPREAD = "spread"
    COMPARED = "compared"


@dataclass(frozen=True, slots=True)
class Filters:
    """What is in force; empty parts leave everything in."""

    role: str = ""
    area: str = ""
    items: str = ""

    def query(self, *, without: str = "") -> dict[str, str]:
        """As parts of an address."""
        told = {"role": self.role, "area": self.area, "items": self.items}
        return {name: value for name, value in told.items() if value and name != without}


def filters_of(query: Mapping[str, str], scene: Scene) -> Filters:
    """The filters of an address; values that this round does not know are taken for none."""
    instrument = scene.instrument
    return Filters(
        _known(query.get("role", ""), [each.id for each in instrument.roles]),
        _known(query.get("area", ""), [each.id for each in instrument.areas]),
        _known(query.get("items", ""), list(Items)),
    )


def filter_form(scene: Scene, filters: Filters, page: str, *, items: bool = True, municipality: str = "") -> FilterForm:
    """The form for a page of the round. `items` says whether it can be limited to a kind of items, too."""
    voice, instrument = scene.voice, scene.instrument
    fields = [
        ("role", [(each.id, voice.word(each.title)) for each in instrument.roles]),
        ("area", [(each.id, voice.word(each.title)) for each in instrument.areas]),
    ]
    if items:
        fields.append(("items", [(each.value, voice.say(f"pages.filter.items_{each}")) for each in Items]))
    told = filters.query()
    selects = []
    active = []
    for name, options in fields:
        everything = Choice("", voice.say(f"pages.filter.all_{name}"), name not in told)
        chosen = [Choice(value, text, told.get(name) == value) for value, text in options]
        selects.append(Select(name, voice.say(f"pages.filter.{name}"), (everything, *chosen)))
        for choice in chosen:
            if choice.chosen:
                where = at(scene.held.id, page, municipality=municipality, **filters.query(without=name))
                text = voice.say("pages.filter.active", name=voice.say(f"pages.filter.{name}"), value=choice.text)
                active.append(Link(text, where))
    return FilterForm(
        at(scene.held.id, page),
        tuple(selects),
        tuple(active),
        (("municipality", municipality),) if municipality else (),
        at(scene.held.id, page, municipality=municipality) if active else "",
    )


def _known(value: str, values: Sequence[str]) -> str:
    return value if value in values else ""
