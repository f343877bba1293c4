"""A survey figure in words: caption, shares, source and the text alternative of its picture."""

from __future__ import annotations

from bot.conversation.texts import Texts
from knowledge.model import Bar, Figure

ENDS = (".", "?", "!", "…")


def caption(figure: Figure, texts: Texts, language: str) -> str:
    """Number, question, and what the percentages are of, as sentences."""
    question = figure.question.strip()
    asked = question if question.endswith(ENDS) else f"{question}."
    named = texts.say("figure.caption", language, number=figure.number, question=asked)
    return f"{named} {unit(figure, texts, language)}"


def headline(figure: Figure, texts: Texts, language: str) -> str:
    """Number and what was asked about, in a few words; the question where there are none."""
    title = figure.title or figure.question
    return texts.say("figure.headline", language, number=figure.number, title=title)


def unit(figure: Figure, texts: Texts, language: str) -> str:
    """What the percentages are of."""
    return texts.say(f"figure.unit.{figure.unit}", language)


def share(bar: Bar, texts: Texts, language: str) -> str:
    """A bar's number with what it probably should be, or that the source states none."""
    if bar.percent is None:
        return texts.say("figure.not_stated", language)
    printed = percent(bar.percent, texts, language)
    if bar.corrected is None:
        return printed
    corrected = percent(bar.corrected, texts, language)
    return texts.say("figure.probably", language, share=printed, corrected=corrected)


def percent(value: float, texts: Texts, language: str) -> str:
    """A percentage as the language writes it: `5,5 %`, `5.5%`."""
    number = f"{value:g}"
    return texts.say("figure.share", language, number=number.replace(".", ",") if language == "sv" else number)


def source(figure: Figure, texts: Texts, language: str) -> str:
    """Where the figure stands; empty where that is not known."""
    if not figure.source:
        return ""
    if not figure.pages:
        return texts.say("figure.source", language, source=figure.source)
    first, last = figure.pages[0], figure.pages[-1]
    if first == last:
        return texts.say("figure.source_page", language, source=figure.source, page=first)
    return texts.say("figure.source_pages", language, source=figure.source, first=first, last=last)


def shares(figure: Figure, texts: Texts, language: str) -> str:
    """Every bar in one line, in the order of the figure."""
    return "; ".join(f"{bar.label}: {share(bar, texts, language)}" for bar in figure.bars)


def alternative(figure: Figure, texts: Texts, language: str) -> str:
    """What a picture of the figure shows, for those who do not see it: the whole distribution."""
    told = caption(figure, texts, language)
    return texts.say("figure.alt", language, caption=told, bars=shares(figure, texts, language))
