"""The head of every page about a round: what it is, how it stands, and where its other pages are."""

from __future__ import annotations

from dataclasses import dataclass

from bot.access.permissions import Permission
from bot.access.roles import Role
from bot.maturity.rounds import Round
from bot.web.dashboard.addresses import ROUNDS, at
from bot.web.dashboard.audience import own_municipalities
from bot.web.dashboard.parts import Link
from bot.web.dashboard.scene import Scene
from bot.web.dashboard.voice import Voice


@dataclass(frozen=True, slots=True)
class Head:
    """`marks` are warnings that belong on every page, such as that of a practice round. `edition` says which one it is,
    and is empty while there is none."""

    label: str
    status: str
    dates: str
    marks: tuple[str, ...]
    edition: str
    back: Link
    tabs: tuple[Link, ...]


def head_of(scene: Scene, page: str, *, municipality: str = "") -> Head:
    """The head of a page of the round; `page` is the part of the address that names it."""
    held, voice = scene.held, scene.voice
    marks = []
    if held.practice:
        marks.append(voice.say("pages.head.practice"))
    edition = ""
    if scene.view is not None:
        told = scene.edition
        edition = voice.say(
            "pages.head.edition", number=told.number, day=voice.day(told.compiled), threshold=told.threshold
        )
    return Head(
        held.label,
        voice.say(f"pages.status.{held.status}"),
        dates(held, voice),
        tuple(marks),
        edition,
        Link(voice.say("pages.rounds.title"), ROUNDS),
        _tabs(scene, page, municipality),
    )


def dates(held: Round, voice: Voice) -> str:
    """From when to when a round takes answers."""
    first = voice.day(held.opens)
    if held.closed_on is not None:
        return voice.say("pages.head.closed", first=first, last=voice.day(held.closed_on))
    if held.closes is None:
        return voice.say("pages.head.since", first=first)
    return voice.say("pages.head.between", first=first, last=voice.day(held.closes))


def _tabs(scene: Scene, page: str, municipality: str) -> tuple[Link, ...]:
    held, voice, visitor = scene.held, scene.voice, scene.visitor
    tabs = [("", voice.say("pages.tab.round"), at(held.id))]
    for each in own_municipalities(visitor, held.instrument) if Role.CONTACT in visitor.roles else ():
        if each in visitor.municipalities:
            tabs.append((f"municipalities/{each}", scene.place(each), at(held.id, "municipalities", each)))
    if scene.view is not None:
        named = ["results", "trend", "themes", "recommendations"]
        if scene.federation:
            named.insert(1, "municipalities")
        tabs += [(each, voice.say(f"pages.tab.{each}"), at(held.id, each)) for each in named]
        if visitor.may(Permission.EXPORT_RESULTS) or visitor.may(Permission.EXPORT_MUNICIPALITY):
            tabs.append(("exports", voice.say("pages.tab.exports"), at(held.id, "exports")))
    here = f"{page}/{municipality}" if municipality else page
    known = {name for name, _, _ in tabs}
    shown = here if here in known else page
    return tuple(Link(text, address, name == shown) for name, text, address in tabs)
