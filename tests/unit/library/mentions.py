"""Percentages where they stand in the library, held against the items of the survey that they are told of."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from knowledge.model import Unit
from knowledge.survey.model import Item
from knowledge.swedish.tokens import sentences
from tests.unit.library.percentages import OF_MUNICIPALITIES, Share, Value, named, says, shares, values
from tests.unit.library.reading import passages

NEAR = 3
"""Percentage points that a fraction in a word (`en fjärdedel`) may be off."""

_SAID = {
    "corrected": r"troligen|sannolik|med \d+ procent",
    "total": r"summera|redovisa",
    "mended": r"summa",
    "missing": r"fattas|sista|inte redovisa",
    "run": r"tillsammans|sammanlagt",
}
"""What a sentence says beside a number of this kind; a printed one needs nothing."""
_OTHERWISE = {
    "0": r"\bsaknas\b|\binte alls\b|\bdyr och ineffektiv\b",
    "1": r"\butan strukturerad\b",
    "2": r"\bdelvis stöder\b",
    "dk": r"\bvet\b|\bokänt\b",
}
"""How the report's prose calls options by other words than the label, by the options' codes."""


@dataclass(frozen=True, slots=True)
class Mention:
    """A percentage where it stands: its sentence, the headings above, and all that is told under them."""

    path: str
    pages: tuple[int, ...]
    headings: tuple[str, ...]
    section: str
    sentence: str
    remark: bool
    share: Share


@cache
def mentions() -> tuple[Mention, ...]:
    """Every percentage of every passage and of its notes, once a section."""
    told: dict[tuple[str, tuple[str, ...]], str] = {}
    for passage in passages():
        place = (passage.path, passage.headings)
        told[place] = "\n".join((told.get(place, ""), passage.text, *passage.notes))
    found: dict[Mention, None] = {}
    for passage in passages():
        for text, remark in ((passage.text, False), *((note, True) for note in passage.notes)):
            for line in text.splitlines():
                for sentence in sentences(line.removeprefix("- ")):
                    for share in shares(sentence):
                        one = Mention(
                            passage.path,
                            tuple(passage.pages),
                            passage.headings,
                            told[passage.path, passage.headings],
                            sentence,
                            remark or sentence.startswith("Obs:"),
                            share,
                        )
                        found[one] = None
    return tuple(found)


def subjects(mention: Mention) -> list[Item]:
    """The items that the sentence names or, where it names none, the nearest heading that does.

    Those on the mention's own pages come first.
    """
    for text in (mention.sentence, *reversed(mention.headings)):
        if found := named(text):
            return sorted(found, key=lambda item: not set(item.pages) & set(mention.pages))
    return []


def matching(mention: Mention) -> Iterator[tuple[Item, Value]]:
    """The survey's values that the number may be, as far as item, sentence and section allow."""
    for item in subjects(mention):
        for value in values(item):
            if mention.share.fraction:
                fits = _roughly(mention, value)
            else:
                fits = abs(value.number - mention.share.number) < 0.01 and _allowed(mention, item, value)
            if fits:
                yield item, value


def _allowed(mention: Mention, item: Item, value: Value) -> bool:
    if value.kind in _SAID and not re.search(_SAID[value.kind], mention.sentence):
        return False
    if value.kind == "counted" and not re.search(rf"\b{item.respondents}\b", mention.sentence):
        return False
    if value.kind == "misprint":
        right = {option.corrected for option in item.options if option.code in value.codes}
        if not right & {share.number for share in shares(mention.section)}:
            return False
    return mention.remark or not value.codes or any(_option(item, code, mention.sentence) for code in value.codes)


def _option(item: Item, code: str, sentence: str) -> bool:
    """Whether the sentence names an option, by its label, as it continues a claim, or as the report's prose does."""
    option = next(option for option in item.options if option.code == code)
    otherwise = code in _OTHERWISE and re.search(_OTHERWISE[code], sentence, re.IGNORECASE)
    either = option.label.split(" eller ")
    return bool(otherwise) or any(says(name, sentence) for name in (option.label, option.says, *either))


def _roughly(mention: Mention, value: Value) -> bool:
    """A fraction in a word means a number of the sentence or, where it has none, of the item."""
    stated = {share.number for share in shares(mention.sentence) if not share.fraction}
    if value.kind in ("total", "mended", "missing") or (stated and value.kind == "run"):
        return False
    about, fraction = value.number, mention.share.number
    match mention.share.bound:
        case "nästan" | "knappt":
            return fraction - 2 * NEAR <= about < fraction
        case "mindre än":
            return about < fraction and about in stated
        case "mer än" | "drygt":
            return fraction < about <= fraction + 2 * NEAR
        case _:
            return abs(about - fraction) <= NEAR


def fault(mention: Mention) -> str:
    """What is wrong with a percentage that the register does not have; empty where nothing is."""
    if not subjects(mention):
        return "names no item of the survey"
    found = list(matching(mention))
    if not found:
        return "is no value of " + ", ".join(item.id for item in subjects(mention))
    if not mention.remark and OF_MUNICIPALITIES.search(mention.sentence):
        return "is worded as a share of municipalities"
    units = {item.unit for item, _ in found}
    if units == {Unit.TICK} and "kryss" not in mention.section:
        return "is a share of ticks, and nothing says so"
    if units == {Unit.RESPONDENT} and "svar" not in mention.section:
        return "is a share of answers, and nothing says so"
    return ""
