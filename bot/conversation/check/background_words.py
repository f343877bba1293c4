"""For whom and in which role, as people type it: `Uddevalla`, `it-nära`, `socialtjänst`, or all three at once."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from rapidfuzz.distance import DamerauLevenshtein

from bot.maturity.instrument import Instrument
from bot.maturity.session import Background

LONGEST = 200
SLIP_FROM = 6
"""Letters from which one slip of typing is forgiven."""

Named = tuple[str, str]
"""A title as it is written, and the id it stands for."""


def read(text: str, instrument: Instrument) -> Background | None:
    """What the words say; None where some of them name nothing that the instrument knows, or are not clear."""
    if len(text) > LONGEST:
        return None
    whole = _one(text, instrument)
    if whole is not None:
        return whole
    parts = [part for part in re.split(r"[,;\n]|\boch\b|\band\b", text) if part.strip()]
    found = [_one(part, instrument) for part in parts]
    if not found or None in found:
        return None
    said = [each for each in found if each is not None]
    organisations = {each.organisation for each in said if each.organisation}
    operations = {each.operation for each in said if each.operation}
    if len(organisations) > 1 or len(operations) > 1:
        return None
    roles = tuple(dict.fromkeys(role for each in said for role in each.roles))
    return Background("".join(organisations), roles, "".join(operations))


def _one(part: str, instrument: Instrument) -> Background | None:
    organisations = [(each.title, each.id) for each in instrument.organisations]
    roles = [(title, each.id) for each in instrument.roles for title in (each.title.sv, each.title.en)]
    operations = [(title, each.id) for each in instrument.operations for title in (each.title.sv, each.title.en)]
    for similar in (_equal, _within, _nearly):
        hits = [
            *(Background(organisation=each) for each in similar(part, organisations)),
            *(Background(roles=(each,)) for each in similar(part, roles)),
            *(Background(operation=each) for each in similar(part, operations)),
        ]
        if len(hits) == 1:
            return hits[0]
        if hits:
            return None
    return None


def _equal(part: str, named: Sequence[Named]) -> list[str]:
    words = _words(part)
    return _distinct(name for title, name in named if _words(title) == words)


def _within(part: str, named: Sequence[Named]) -> list[str]:
    words = [word for word in _words(part) if word not in {"kommun", "kommuns", "municipality"}]
    if not words or not any(len(word) > 3 for word in words):
        return []
    return _distinct(name for title, name in named if set(words) <= set(_words(title)))


def _nearly(part: str, named: Sequence[Named]) -> list[str]:
    typed = " ".join(_words(part))
    if len(typed) < SLIP_FROM:
        return []
    return _distinct(
        name
        for title, name in named
        if DamerauLevenshtein.distance(typed, " ".join(_words(title)), score_cutoff=1) <= 1
    )


def _distinct(names: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(names))


def _words(text: str) -> list[str]:
    return re.findall(r"\w+", text.casefold())
