"""The municipalities that a text names."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache, lru_cache
from pathlib import Path

import yaml

from knowledge.errors import LibraryInvalid

_DATA = Path(__file__).resolve().parent.parent / "municipalities.yaml"


_RUN = re.compile(r"[^\W_]+")
_UNUSUAL = re.compile(r"[^\x00-\x7fåäöÅÄÖéÉüÜ–—§€”“’•]")
"""Other characters may be written together with a letter, or be another form of one."""


@lru_cache(maxsize=8192)
def named(text: str) -> frozenset[str]:
    """Names of municipalities, in small letters; one that is also a word counts with its capital inside a sentence."""
    names, words, pattern = _known()
    found: set[str] = set()
    if not _UNUSUAL.search(text) and not any(map(_begins_a_name, _RUN.findall(text.lower()))):
        return frozenset()
    for match in pattern.finditer(text):
        name = _plain(match["name"])
        if name not in names:
            name = name.removesuffix("s")
        if name in words and match["kind"] is None:
            before = text[: match.start()].rstrip()
            if not match["name"][0].isupper() or not before or before[-1] in ".!?:":
                continue
        found.add(name)
    return frozenset(found)


@cache
def _data() -> Mapping[str, list[str]]:
    """Raises LibraryInvalid."""
    data = yaml.safe_load(_DATA.read_text(encoding="utf-8"))
    if not isinstance(data, dict) or not all(isinstance(data.get(key), list) for key in ("names", "words")):
        raise LibraryInvalid(f"{_DATA.name}: names and words are missing")
    return {key: [str(one) for one in data[key]] for key in ("names", "words")}


@cache
def _known() -> tuple[frozenset[str], frozenset[str], re.Pattern[str]]:
    """Names, those that are words as well, and what finds them. Raises LibraryInvalid."""
    data = _data()
    names = data["names"]
    # The longest first, so that `Malung-Sälen` is not read as less.
    parts = "|".join(
        re.escape(name).replace(r"\ ", r"[\s-]+").replace(r"\-", r"[\s\-‐‑–]*") for name in sorted(names, key=len)[::-1]
    )
    pattern = re.compile(
        rf"(?<![^\W_])(?P<name>(?:{parts})s?)(?![^\W_])(?P<kind>[\s-]+(?:kommun|stad|municipality)\w*)?", re.IGNORECASE
    )
    return frozenset(map(_plain, names)), frozenset(map(_plain, data["words"])), pattern


@lru_cache(maxsize=16384)
def _begins_a_name(run: str) -> bool:
    """Whether letters in a row, in small letters, may be the first of a name; trying all names takes long."""
    alone, joined = _beginnings()
    return run in alone or run.startswith(joined)


@cache
def _beginnings() -> tuple[frozenset[str], tuple[str, ...]]:
    """The first words of names, with and without their `s`; and those behind which the next may follow at once."""
    first = {name: name.split()[0].split("-")[0].lower() for name in _data()["names"]}
    joined = tuple(word for name, word in first.items() if "-" in name)
    return frozenset(form for word in first.values() for form in (word, f"{word}s")), joined


def _plain(name: str) -> str:
    return re.sub(r"[\s\-‐‑–]+", "-", name.lower())
