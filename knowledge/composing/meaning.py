"""What a sentence means besides its subject: must or may, at least or at most, more or less, all or some, yes or no.

Two texts that share their words may still say opposite things. Here the words that make the difference are found by
the groups of `knowledge/meanings.yaml`, in Swedish and English alike, so that a claim can be held against its source.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

import yaml

from knowledge.errors import LibraryInvalid
from knowledge.swedish.tokens import fold

_DATA = Path(__file__).resolve().parent.parent / "meanings.yaml"
_REACH = 30
"""Characters before a figure in which a word that bounds it may stand."""
_WEAKER: Mapping[str, frozenset[str]] = {
    "": frozenset(("about", "within", "from", "after", "until", "before")),
    "about": frozenset(("", "over", "under")),
    "within": frozenset(("max", "before", "")),
    "max": frozenset(("within",)),
    "over": frozenset(("min", "after")),
    "from": frozenset(("", "after", "earliest")),
    "after": frozenset(("from", "")),
    "before": frozenset(("within", "until")),
    "until": frozenset(("before", "within")),
    "earliest": frozenset(("from",)),
}
"""What a bound may stand for: the bounds of a source, by that of a claim. Any stands for itself."""


@dataclass(frozen=True, slots=True)
class Meaning:
    """The groups that a text has words of."""

    denies: bool
    modality: frozenset[str]
    strict: frozenset[str]
    sides: frozenset[tuple[int, int]]
    periods: frozenset[str]
    currencies: frozenset[str]
    acts: frozenset[str]


@lru_cache(maxsize=8192)
def meaning(text: str) -> Meaning:
    """What a text means by its small words."""
    whole = _FREE.sub("gratis", fold(" ".join(text.split())))
    # `at most` and `more than` bound figures, and say nothing of what is most or more.
    forms = _groups().forms
    found = forms.found_in(whole)
    unbounded, plain = (
        found if (left := pattern.sub(" ", whole)) == whole else forms.found_in(left)
        for pattern in (_BOUNDING, _NO_DENIAL)
    )
    return Meaning(
        (_DENIAL in plain) != (_LACK in plain),
        _named(unbounded, "modality"),
        _named(unbounded, "strict"),
        frozenset((int(name[:-1]), int(name[-1])) for name in _named(found, "opposites")),
        _named(found, "periods"),
        _named(found, "currencies"),
        _named(found, "acts"),
    )


def differences(claim: str, source: str, whole: str = "", frame: str = "") -> list[str]:
    """How a claim means something else than its source.

    `source` is the clause that is nearest to the claim, `whole` its sentence, and `frame` what stands around it.
    """
    said, held = meaning(claim), meaning(source)
    around = meaning(f"{source} {frame}") if frame else held
    found: list[str] = []
    opposite = {(number, 1 - side) for number, side in said.sides - held.sides}
    beyond = {(number, 1 - side) for number, side in said.sides - meaning(whole).sides}
    if opposite & held.sides or beyond & meaning(whole).sides:
        found.append("opposite")
    if said.denies != held.denies:
        found.append("negation")
    if said.modality and held.modality and not said.modality & held.modality:
        found.append("modality")
    if "may" in said.modality and "must" in held.modality and "may" not in held.modality:
        found.append("modality")
    if said.modality == {"must"} and held.modality and "must" not in held.modality:
        found.append("modality")
    alike = {"than", "compares"} if "compares" in around.strict else {"compares"}
    found += ["strict"] * bool(said.strict - around.strict - alike)
    found += ["period"] * bool(said.periods - around.periods)
    found += ["act"] * bool(said.acts - around.acts)
    found += ["currency"] * bool(said.currencies - around.currencies)
    return list(dict.fromkeys(found))


def negated(text: str) -> bool:
    """Whether a text denies something."""
    return meaning(text).denies


def actors(text: str) -> frozenset[str]:
    """Who is named in a text, by sorts: `municipality`, `supplier`, `authority`."""
    return _named(_groups().forms.found_in(fold(text)), "actors")


def bound(text: str, start: int) -> str:
    """The bound of the figure that stands at `start`: the nearest word before it that bounds figures; '' for none."""
    before = fold(text[max(0, start - _REACH) : start])
    found = [
        (match.end(), match.end() - match.start(), name)
        for name, pattern in _groups().bounds.items()
        for match in pattern.finditer(before)
        if len(before[match.end() :].split()) <= _WORDS.get(name, 3) and not _BREAK.search(before[match.end() :])
    ]
    return max(found)[2] if found else ""


def bounded_alike(claim: str, source: str) -> bool:
    """Whether a bound in a claim says no more than the one in its source."""
    return claim == source or source in _WEAKER.get(claim, ())


_WORDS = {"until": 2, "under": 1, "over": 2}
"""Words between a bound and its figure; words with other meanings must stand close."""
_BREAK = re.compile(r"[,;:.(]|\d")
_BOUNDING = re.compile(
    r"\b(?:at (?:most|least|the latest)|(?:no |not )?(?:more|less|fewer|larger|later|earlier) than(?= \d)|som mest|"
    r"(?:inte )?(?:mer|mindre|fler|färre|större|högre|lägre|längre|kortare) än"
    r"(?= \d| [a-zåäö]+ (?:procent|år|månad|dag))|every (?:\d+|year|month|week|day))\b"
)
_FREE = re.compile(
    r"\b(?:kostar (?:inget|ingenting)|(?:ingen|utan|inga) (?:kostnad|avgift)(?:er)?|no (?:cost|charge|fee)s?|"
    r"costs nothing|without (?:cost|charge|a fee)|free of charge|for free|is free|are free|avgiftsfri\w*|"
    r"kostnadsfri\w*)\b"
)
_NO_DENIAL = re.compile(
    r"\b(?:no|not|inte) (?:more|less|later|earlier|mer|fler|mindre|färre) (?:than|än)\b|(?<=,) utan(?= )|"
    r"\b(?:inte bara|not only|utan dröjsmål|without delay)\b"
)


_Key = tuple[str, str]
"""A kind of group, such as `modality`, and the group's name."""
_DENIAL: _Key = ("negation", "")
_LACK: _Key = ("missing", "")
_TOKEN = re.compile(r"(?<![\w-])\w[\w'’]*(?:-[\w'’]+)*")


class _Forms:
    """Finds the groups whose words a text has: single words by looking them up, phrases by a pattern each."""

    def __init__(self, groups: Mapping[_Key, Sequence[str]]) -> None:
        self._words: dict[str, set[_Key]] = {}
        self._beginnings: dict[str, set[_Key]] = {}
        self._phrases: list[tuple[str, re.Pattern[str], _Key]] = []
        for key, forms in groups.items():
            for form in map(fold, forms):
                if _TOKEN.fullmatch(form):
                    self._words.setdefault(form, set()).add(key)
                elif _TOKEN.fullmatch(form.removesuffix("*")):
                    self._beginnings.setdefault(form.removesuffix("*"), set()).add(key)
                else:
                    self._phrases.append((form.removesuffix("*"), _words([form]), key))
        self._lengths = sorted({len(beginning) for beginning in self._beginnings})
        self._of: Callable[[str], frozenset[_Key]] = lru_cache(maxsize=16384)(self._groups_of)
        """Single word -> its groups."""

    def found_in(self, flat: str) -> frozenset[_Key]:
        """The groups of a folded text."""
        found: set[_Key] = set()
        for token in set(_TOKEN.findall(flat)):
            found |= self._of(token)
        found.update(key for start, pattern, key in self._phrases if start in flat and pattern.search(flat))
        return frozenset(found)

    def _groups_of(self, token: str) -> frozenset[_Key]:
        beginnings = (token[:length] for length in self._lengths if length <= len(token))
        return frozenset(self._words.get(token, ())).union(*(self._beginnings.get(one, ()) for one in beginnings))


@dataclass(frozen=True, slots=True)
class _Groups:
    bounds: Mapping[str, re.Pattern[str]]
    forms: _Forms


@cache
def _groups() -> _Groups:
    """The groups of the data file. Raises LibraryInvalid."""
    data: dict[str, Any] = yaml.safe_load(_DATA.read_text(encoding="utf-8"))
    try:
        named = {
            (kind, name): words
            for kind in ("modality", "strict", "periods", "currencies", "actors", "acts")
            for name, words in data[kind].items()
        }
        sides = {
            ("opposites", f"{number}{side}"): words
            for number, pair in enumerate(data["opposites"])
            for side, words in enumerate(pair)
        }
        alone = {_DENIAL: data["negation"], _LACK: data["missing"]}
        return _Groups(
            {name: _words(words) for name, words in data["bounds"].items()}, _Forms({**named, **sides, **alone})
        )
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise LibraryInvalid(f"{_DATA.name}: {error!r}") from error


def _named(found: frozenset[_Key], kind: str) -> frozenset[str]:
    return frozenset(name for each, name in found if each == kind)


def _words(words: Sequence[str]) -> re.Pattern[str]:
    """A pattern for any of the words; the longest first, so that a phrase is not read as its first word."""
    forms = sorted((fold(word) for word in words), key=len, reverse=True)
    parts = "|".join(re.escape(form).replace(r"\ ", r"\s+").replace(r"\*", r"\w*") for form in forms)
    return re.compile(rf"(?<![\w-])(?:{parts})(?!\w)")
