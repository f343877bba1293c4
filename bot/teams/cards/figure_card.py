"""The card of a survey figure: a picture with a table, or bars."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Protocol

from bot.conversation import figures
from bot.conversation.replies import FigureReply
from bot.conversation.texts import Texts
from bot.teams.cards import elements as cards
from bot.teams.cards.elements import LINE_LIMIT, Json
from bot.teams.cards.gauges import LABEL_LIMIT, gauge
from bot.teams.cards.markdown import shorten
from knowledge.model import Figure

TITLE_LIMIT = 80
SAY = "say"
"""The key under which a card's button holds what the person says by pressing it."""
BARS = 24
NOTES = 5


class Picture(Protocol):
    """Addresses of a figure's picture, for Teams' light and dark themes; each can be read in the other too."""

    @property
    def light(self) -> str:
        """For the light theme, and for clients that know none."""

    @property
    def dark(self) -> str:
        """For the dark theme."""


Pictures = Callable[[Figure, str], Picture | None]
"""Where the picture of a figure in a language is; None where there is none."""


def figure_card(
    reply: FigureReply,
    texts: Texts,
    language: str,
    suggestions: Sequence[str] = (),
    picture: Picture | None = None,
) -> Json:
    """A survey distribution: caption, one bar an option, the notes, and questions to go on with.

    Where there is a picture, it has the bars, and the options with their shares stand below it as a table.
    `fallbackText` and `speak` hold the same figures as sentences, for clients without cards and for screen readers.
    """
    bars = reply.figure.bars[:BARS]
    spoken = "; ".join(f"{shorten(bar.label, LABEL_LIMIT)}: {figures.share(bar, texts, language)}" for bar in bars)
    caption = shorten(reply.caption, LINE_LIMIT)
    notes = [shorten(note, LINE_LIMIT) for note in reply.notes[:NOTES]]
    told = " ".join((caption, f"{spoken}.", *notes))
    body = [
        *cards.short_lines(reply.caption, weight="Bolder"),
        *(gauge(bar.label, figures.share(bar, texts, language), bar.percent, drawn=picture is None) for bar in bars),
        *(line for note in notes for line in cards.short_lines(note, spacing="Medium", isSubtle=True)),
    ]
    if picture is not None:
        body.insert(1, _image(picture, texts.say("figure.alt", language, caption=caption, bars=spoken)))
    card = cards.card(body, told)
    card["speak"] = told
    if suggestions:
        card["actions"] = [
            {"type": "Action.Submit", "title": shorten(each, TITLE_LIMIT), "data": {SAY: each}} for each in suggestions
        ]
    return card


def _image(picture: Picture, alternative: str) -> Json:
    return {
        "type": "Image",
        "url": picture.light,
        "themedUrls": [{"theme": "Light", "url": picture.light}, {"theme": "Dark", "url": picture.dark}],
        "altText": alternative,
        "size": "Stretch",
        "msTeams": {"allowExpand": True},
    }
