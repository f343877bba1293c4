"""The municipalities that a text names."""

from __future__ import annotations

import re
from functools import cache, lru_cache
from pathlib import Path

import yaml

from knowledge.errors import LibraryInvalid

_DATA = Path(__file__).resolve().parent.parent / "municipalities.yaml"


@lru_cache(maxsize=8192)
def named(text: str) -> frozenset[str]:
    """Names of municipalities, in small letters; one that is also a word counts with its capital inside a sentence."""
    names, words, pattern = _known()
    found: set[str] = set()
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
def _known() -> tuple[frozenset[str], frozenset[str], re.Pattern[str]]:
    """Names, those that are words as well, and what finds them. Raises LibraryInvalid."""
    data = yaml.safe_load(_DATA.read_text(encoding="utf-8"))
    if not isinstance(data, dict) or not all(isinstance(data.get(key), list) for key in ("names", "words")):
        raise LibraryInvalid(f"{_DATA.name}: names and words are missing")
    names = [str(name) for name in data["names"]]
    # The longest first, so that `Malung-Sälen` is not read as less.
    parts = "|".join(
        re.escape(name).replace(r"\ ", r"[\s-]+").replace(r"\-", r"[\s\-‐‑–]*") for name in sorted(names, key=len)[::-1]
    )
    pattern = re.compile(
        rf"(?<![^\W_])(?P<name>(?:{parts})s?)(?![^\W_])(?P<kind>[\s-]+(?:kommun|stad|municipality)\w*)?", re.IGNORECASE
    )
    return frozenset(map(_plain, names)), frozenset(_plain(str(word)) for word in data["words"]), pattern


def _plain(name: str) -> str:
    return re.sub(r"[\s\-‐‑–]+", "-", name.lower())
