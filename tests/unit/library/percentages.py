"""The percentages of a text, the survey items that a text names, and what numbers an item has to offer."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from bot.knowledge_base import LIBRARY
from knowledge.model import Unit
from knowledge.survey.loading import load
from knowledge.survey.model import Item
from knowledge.survey.wording import text as wording
from knowledge.swedish.stems import STOP_WORDS, stem
from knowledge.swedish.tokens import fold

_SHORT = {
    "informationssakerhet": ("informationssäkerhet",),
    "dimios_fyrbodal_2020_21": ("DiMiOS", "DiMiOS-tal", "Digital motor"),
    "dimios_sverige_2020_21": ("DiMiOS", "DiMiOS-tal", "Digital motor"),
    "digital_mognad": ("digital mognad",),
    "forum": ("forum",),
    "roller": ("roller", "projektledare"),
    "org_hinder": ("bristande expertis", "bristande ledarskap"),
    "nyttorealisering": ("nyttokalkyler",),
    "systemforvaltning": ("systemförvaltning",),
    "arkitekturstyrning": ("arkitekturstyrning",),
    "infrastruktur": ("infrastruktur", "IT-infrastruktur"),
    "kompetensmix": ("kompetensmix",),
    "it_miljo": ("IT-miljön",),
}
"""What texts call an item for short, where its topic is long; in whatever inflection, the words in any order."""
_NUMERALS = {
    "noll": 0, "en": 1, "ett": 1, "två": 2, "tre": 3, "fyra": 4, "fem": 5, "sex": 6, "sju": 7, "åtta": 8, "nio": 9,
    "tio": 10, "elva": 11, "tolv": 12, "tretton": 13, "fjorton": 14, "femton": 15, "sexton": 16, "sjutton": 17,
    "arton": 18, "nitton": 19, "tjugo": 20, "trettio": 30, "fyrtio": 40, "femtio": 50, "sextio": 60, "hundra": 100,
}  # fmt: skip
_NUMBER = rf"(?:(?<![\d,])\d{{1,3}}(?:[.,]\d+)?|\b(?:{'|'.join(_NUMERALS)})\b)"
_PERCENT = re.compile(rf"((?:{_NUMBER}(?:, | och | eller | respektive | till | mot ))*{_NUMBER})\s?(?:procent|%)", re.I)
_FRACTIONS = {
    "hälften": 50.0, "hälft": 50.0, "tredjedelar": 200 / 3, "tredjedel": 100 / 3, "fjärdedelar": 75.0,
    "fjärdedel": 25.0, "femtedel": 20.0, "sjättedel": 100 / 6, "tiondel": 10.0, "var tredje": 100 / 3,
    "var fjärde": 25.0, "var femte": 20.0, "var tionde": 10.0,
}  # fmt: skip
_FRACTION = re.compile(
    rf"\b(?:(nästan|knappt|mindre än|mer än|drygt) )?(?:en |ett |två |tre )?({'|'.join(_FRACTIONS)})\b",
    re.I,
)


OF_MUNICIPALITIES = re.compile(
    r"(?:procent|%|\w*del|hälften|majoritet|de flesta)(?:en|ar|arna)? (?:av |bland )?"
    r"(?:(?!svar\w*|kryss\w*)\w+ ){0,2}?kommun(?:er|erna)?\b|\bvar (?:tredje|fjärde|femte|tionde) kommun",
    re.IGNORECASE,
)
"""A share that is worded as one of municipalities: `17 procent av de 11 kommunerna`, `var femte kommun`."""


@dataclass(frozen=True, slots=True)
class Share:
    """A percentage as a text says it: a number, or a fraction in a word with what bounds it (`nästan`, `mer än`)."""

    number: float
    fraction: str = ""
    bound: str = ""


def shares(text: str) -> Iterator[Share]:
    """Every percentage of a text, in figures and in words."""
    for match in _PERCENT.finditer(text):
        for number in re.findall(_NUMBER, match.group(1), re.I):
            yield Share(_NUMERALS[number.lower()] if number.isalpha() else float(number.replace(",", ".")))
    for match in _FRACTION.finditer(text):
        yield Share(_FRACTIONS[match.group(2).lower()], match.group(2).lower(), (match.group(1) or "").lower())


@cache
def items() -> tuple[Item, ...]:
    """The items of the survey."""
    return load(LIBRARY / "enkat-2024.yaml").items


@cache
def stems(text: str) -> tuple[str, ...]:
    """The content words of a text, stemmed, in order."""
    words = re.findall(r"[^\W\d_]+(?:-[^\W\d_]+)*", fold(text))
    return tuple(stem(word) for word in words if word not in STOP_WORDS)


def says(phrase: str, text: str) -> bool:
    """Whether all content words of a phrase stand in the text, in whatever inflection."""
    return set(stems(phrase)) <= set(stems(text))


@cache
def _names(item: Item) -> tuple[str, ...]:
    """Topic and short names of an item; of a question with several choices, the choices, too."""
    choices = [option.label for option in item.options if item.unit is Unit.TICK]
    either = [name for choice in choices for name in choice.split(" eller ")]
    return (re.sub(r"\(.*?\)", "", item.topic), *_SHORT.get(item.id, ()), *either)


def named(text: str) -> list[Item]:
    """The items that a text names."""
    return [item for item in items() if any(says(name, text) for name in _names(item))]


@dataclass(frozen=True, slots=True)
class Value:
    """A number that an item has to offer: the codes of the options that it is of, and why it may be said."""

    number: float
    codes: tuple[str, ...]
    kind: str


def values(item: Item) -> Iterator[Value]:
    """Every number that a text may give for an item.

    `printed` and `misprint` as the report has it, `corrected` and `counted` as it should be, `total` and `missing` of
    the distribution as printed, `mended` its total after correction, `run` neighbouring options added up; `finding`
    for an item that is told in sentences.
    """
    if item.findings:
        yield from (Value(share.number, (), "finding") for share in shares(wording(item)) if not share.fraction)
        return
    parts: list[tuple[tuple[str, ...], float, float, int | None]] = [
        ((option.code,), option.percent, option.corrected or option.percent, option.count)
        for option in item.options
        if option.percent is not None
    ]
    parts += [(group.codes, group.percent, group.percent, group.count) for group in item.combined]
    for codes, printed, corrected, count in parts:
        yield Value(printed, codes, "printed" if printed == corrected else "misprint")
        if printed != corrected:
            yield Value(corrected, codes, "corrected")
        if count is not None and item.respondents and int(100 * count / item.respondents + 0.5) != corrected:
            yield Value(int(100 * count / item.respondents + 0.5), codes, "counted")
    total = sum(printed for _, printed, _, _ in parts)
    mended = sum(corrected for _, _, corrected, _ in parts)
    yield Value(total, (), "total")
    yield Value(100 - total, (), "missing")
    if mended != total:
        yield Value(mended, (), "mended")
    for start in range(len(parts)):
        for end in range(start + 2, len(parts) + 1):
            run = parts[start:end]
            yield Value(sum(part[2] for part in run), tuple(code for part in run for code in part[0]), "run")
