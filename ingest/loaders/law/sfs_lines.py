"""The running text of a Swedish statute to units: chapters, sections, headings, paragraphs and points."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum


class Unit(StrEnum):
    """What a unit of a statute's text is."""

    PART = "part"
    CHAPTER = "chapter"
    SECTION = "section"
    HEADING = "heading"
    TEXT = "text"
    POINT = "point"
    TRANSITION = "transition"
    ANNEX = "annex"


@dataclass(frozen=True, slots=True)
class Line:
    """A unit with its text. `number` is that of a chapter, section or point; `ended` is when a wording ends."""

    unit: Unit
    text: str
    number: str = ""


_NUMBER = r"\d{1,3}(?:\s?[a-zåäö])?"
_CHAPTER = re.compile(rf"({_NUMBER})\s?kap\.\s*(.*)", re.DOTALL)
_SECTION = re.compile(rf"({_NUMBER})\s?§(?!§)\s*(.*)", re.DOTALL)
_PART = re.compile(r"[A-ZÅÄÖ]+ AVDELNINGEN\b.*|AVD(?:ELNING)?\.? [A-Z]+\b.*")
_POINT = re.compile(rf"({_NUMBER}\.|[a-zåäö]\)|[–—-])\s+(\S.*)", re.DOTALL)
_TRANSITION = re.compile(r"övergångsbestämmelser|ikraftträdande- och övergångsbestämmelser", re.IGNORECASE)
_ANNEX = re.compile(r"bilaga(?:\s+\d{1,2}(?:\s?[a-z])?)?(?:\s+.{0,120})?", re.IGNORECASE)
_CHANGED_BY = re.compile(r"\s*(?:Lag|Förordning|Kungörelse)\s\(\d{4}:\d+\)\.?\s*$")
_WORDING = re.compile(r"/(Upphör att gälla|Träder i kraft|Rubriken (?:upphör|träder)[^/]*)\s*([UI]?):?\s*([^/]{0,80})/")
_NO_HEADING = (".", ",", ";", ":", "och", "eller")


def units(blocks: Sequence[str]) -> Iterator[Line]:
    """The units of blocks of text (parts between empty lines), in order.

    Which law a wording came from (`Lag (2019:1).` at the end) is left out. Of a section that is about to change, the
    wording of the day is kept; the coming one says so itself.
    """
    in_transition = False
    for position, block in enumerate(blocks):
        text = _CHANGED_BY.sub("", block).strip()
        if not text:
            continue
        following = blocks[position + 1] if position + 1 < len(blocks) else ""
        if _TRANSITION.fullmatch(text):
            in_transition = True
            yield Line(Unit.TRANSITION, text)
        elif in_transition:
            yield from _transitional(text)
        else:
            yield _unit(text, following)


def _unit(text: str, following: str) -> Line:
    if _PART.fullmatch(text):
        return Line(Unit.PART, text.capitalize() if text.isupper() else text)
    bare = _marked(text)
    if (match := _CHAPTER.fullmatch(bare)) and not match.group(2).endswith(".") and len(bare) < 200:
        return Line(Unit.CHAPTER, match.group(2).strip(), _plain(match.group(1)))
    if (match := _SECTION.fullmatch(bare)) and not match.group(2)[:1].islower():
        return Line(Unit.SECTION, match.group(2).strip(), _plain(match.group(1)))
    if match := _POINT.fullmatch(text):
        return Line(Unit.POINT, match.group(2).strip(), match.group(1).rstrip(".)"))
    if _ANNEX.fullmatch(text) and len(text) < 130 and not text.endswith("."):
        return Line(Unit.ANNEX, text)
    if _is_heading(text, following):
        return Line(Unit.HEADING, _marked(text))
    return Line(Unit.TEXT, _marked(text))


def _is_heading(text: str, following: str) -> bool:
    """A short line that ends no sentence and stands above a section, a chapter or another such line."""
    text = _marked(text)
    if not text or len(text) > 130 or text.endswith(_NO_HEADING) or not text[0].isupper():
        return False
    below = _marked(following.strip())
    if _SECTION.match(below) or _CHAPTER.match(below):
        return True
    return len(below) <= 130 and bool(below) and below[0].isupper() and not below.endswith(_NO_HEADING)


def _transitional(text: str) -> Iterator[Line]:
    if match := re.fullmatch(r"(\d{4}:\d+)", text):
        yield Line(Unit.HEADING, match.group(1), match.group(1))
    elif match := re.fullmatch(r"(\d{4}:\d+)\s+(\S.*)", text, re.DOTALL):
        yield Line(Unit.HEADING, match.group(1), match.group(1))
        yield from _transitional(match.group(2))
    elif match := _POINT.fullmatch(text):
        yield Line(Unit.POINT, match.group(2).strip(), match.group(1).rstrip(".)"))
    else:
        yield Line(Unit.TEXT, text)


def _marked(text: str) -> str:
    """A text whose mark of a coming or ending wording is said in words: `/Träder i kraft I:2028-07-01/`."""
    match = _WORDING.search(text)
    if match is None:
        return text
    rest = " ".join((text[: match.start()] + text[match.end() :]).split())
    if match.group(1).startswith("Rubriken"):
        return rest
    section = _SECTION.fullmatch(rest)
    day = match.group(3).strip()
    said = f"({'Lydelsen gäller till' if match.group(2) == 'U' else 'Lydelsen gäller från'} {day}.)"
    return f"{section.group(1)} § {said} {section.group(2)}" if section else rest


def _plain(number: str) -> str:
    return re.sub(r"(\d)([a-zåäö])$", r"\1 \2", " ".join(number.split()))
