"""What people wrote in their own words, grouped by the words they share; quotes only where enough wrote about it."""

from __future__ import annotations

from dataclasses import dataclass

from bot.results.model import Themes
from bot.web.dashboard.head import Head, head_of
from bot.web.dashboard.scene import Scene


@dataclass(frozen=True, slots=True)
class ThemeLines:
    """A theme: its words, how many wrote about it, and quotes, or why there are none."""

    title: str
    answers: str
    quotes: tuple[str, ...]
    without: str


@dataclass(frozen=True, slots=True)
class ThemeSection:
    """The themes of one item, as one role wrote."""

    id: str
    title: str
    question: str
    answers: str
    themes: tuple[ThemeLines, ...]
    other: str


@dataclass(frozen=True, slots=True)
class ThemesPage:
    """The page."""

    head: Head
    sections: tuple[ThemeSection, ...]


def themes_of(scene: Scene) -> ThemesPage:
    """The themes of a round, in the order in which the edition has them."""
    sections = [_section(scene, number, each) for number, each in enumerate(scene.edition.themes, 1)]
    return ThemesPage(head_of(scene, "themes"), tuple(sections))


def _section(scene: Scene, number: int, told: Themes) -> ThemeSection:
    voice = scene.voice
    item = scene.instrument.item(told.item)
    title = voice.word(item.topic) if item is not None else told.item
    lines = []
    for theme in told.themes:
        without = "" if theme.quotes else voice.say("pages.themes.no_quotes")
        answers = voice.say("pages.themes.answers", answers=voice.whole(theme.answers))
        lines.append(ThemeLines(", ".join(theme.words), answers, theme.quotes, without))
    if told.answers is None:
        answers = voice.say("pages.themes.hidden")
    else:
        answers = voice.say("pages.themes.wrote", answers=voice.whole(told.answers))
    return ThemeSection(
        f"themes-{number}",
        voice.say("pages.item_and_role", item=title, role=scene.role(told.role)),
        voice.word(item.question) if item is not None else "",
        answers,
        tuple(lines),
        voice.say("pages.themes.other", answers=voice.whole(told.other)) if told.other else "",
    )
