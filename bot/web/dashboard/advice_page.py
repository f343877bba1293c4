"""What to go on with, written beforehand and picked by fixed rules; every quote with the place where it stands."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass

from bot.maturity.ports import Sources
from bot.maturity.recommendations import Quote
from bot.results.advice import GroupAdvice
from bot.web.dashboard.addresses import item_page
from bot.web.dashboard.head import Head, head_of
from bot.web.dashboard.parts import Link
from bot.web.dashboard.scene import Scene
from knowledge.errors import KnowledgeError
from knowledge.model import Passage

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Cited:
    """A sentence of a document, in Swedish, and where it stands."""

    quote: str
    place: str


@dataclass(frozen=True, slots=True)
class AdviceLines:
    """One recommendation: what to do, why (the item and its index), and on what it rests."""

    title: str
    text: str
    why: str
    item: Link
    sources: tuple[Cited, ...]
    initiatives: tuple[Cited, ...]


@dataclass(frozen=True, slots=True)
class AdvicePage:
    """The page."""

    head: Head
    whom: str
    advice: tuple[AdviceLines, ...]


def advice_of(scene: Scene, advice: Sequence[GroupAdvice], sources: Sources) -> AdvicePage:
    """The page with these recommendations. Quotes that the knowledge base does not hold are left out."""
    voice = scene.voice
    key = "pages.advice.own" if scene.municipality else "pages.advice.everybody"
    whom = voice.say(key, place=scene.place(scene.municipality)) if scene.municipality else voice.say(key)
    return AdvicePage(head_of(scene, "recommendations"), whom, tuple(_lines(scene, each, sources) for each in advice))


def _lines(scene: Scene, told: GroupAdvice, sources: Sources) -> AdviceLines:
    voice = scene.voice
    item = scene.instrument.item(told.item)
    topic = voice.word(item.topic) if item is not None else told.item
    key = "pages.advice.why_unknown" if told.unknown else "pages.advice.why"
    why = voice.say(key, topic=topic, role=scene.role(told.role))
    several = item is not None and len(scene.roles_of(item)) > 1
    where = item_page(scene.held.id, told.item, told.role if several else "", scene.municipality)
    return AdviceLines(
        voice.word(told.advice.title),
        voice.word(told.advice.text),
        why,
        Link(topic, where),
        tuple(_cited(scene, told.advice.sources, sources)),
        tuple(_cited(scene, told.advice.initiatives, sources)),
    )


def _cited(scene: Scene, quotes: Sequence[Quote], sources: Sources) -> list[Cited]:
    found = []
    for each in quotes:
        passage = _found(each, sources)
        if passage is not None:
            found.append(Cited(each.quote, _place(scene, passage)))
    return found


def _found(quote: Quote, sources: Sources) -> Passage | None:
    try:
        return sources.quoted(quote.document, quote.quote)
    except KnowledgeError as error:
        # Advice stands without its source; the page must not fail with the knowledge base.
        _log.error("a source of the advice could not be looked up: %s", error)
        return None


def _place(scene: Scene, passage: Passage) -> str:
    voice = scene.voice
    where = ", ".join(each for each in (passage.title, passage.section) if each)
    if not passage.pages:
        return where
    key = "pages.advice.page" if len(passage.pages) == 1 else "pages.advice.pages"
    return voice.say(key, where=where, pages=", ".join(map(str, passage.pages)))
