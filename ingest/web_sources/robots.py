"""What a site asks of programs: robots.txt by RFC 9309. Pure: the text is fetched elsewhere, with limits.

The standard library's parser knows neither the wildcards of RFC 9309, which sites of municipalities use, nor that the
longest rule counts.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final
from urllib.parse import unquote

PATH: Final = "/robots.txt"
MOST: Final = 512_000
"""Bytes that are read; the standard asks for no more."""
MOST_RULES: Final = 5000
LONGEST_DELAY: Final = 10.0
"""Seconds between two requests that a site may ask for; one that asks for more gets these."""
_RULES: Final = {"allow": True, "disallow": False}


@dataclass(frozen=True, slots=True)
class Robots:
    """The rules for one program: patterns of paths, and whether they may be read. `delay` is in seconds."""

    rules: tuple[tuple[str, bool], ...] = ()
    delay: float = 0.0

    def allows(self, path: str) -> bool:
        """Whether a path, with what follows `?`, may be read: the longest pattern decides, and permission before a
        prohibition that is as long."""
        meant = unquote(path)
        fitting = [(len(pattern), allowed) for pattern, allowed in self.rules if _fits(pattern, meant)]
        return max(fitting, default=(0, True))[1]


def robots_of(text: str, agent: str) -> Robots:
    """The rules for a program (a name, and perhaps `/` and a version): those for its name, else those for everybody.

    Of what is no rule nothing is told; an empty text forbids nothing.
    """
    name = agent.partition("/")[0].strip().lower()
    found: dict[str, list[tuple[str, str]]] = {}
    named: list[str] = []
    in_rules = False
    for field, value in _lines(text):
        if field == "user-agent":
            named = [value.lower()] if in_rules or not named else [*named, value.lower()]
            in_rules = False
            for each in named:
                found.setdefault(each, [])
        else:
            in_rules = in_rules or field in _RULES
            for each in named:
                found[each].append((field, value))
    ours = found.get(name, found.get("*", []))
    rules = [(unquote(value), _RULES[field]) for field, value in ours if field in _RULES and value]
    asked = [value for field, value in ours if field == "crawl-delay"]
    return Robots(tuple(rules[:MOST_RULES]), _seconds(asked[0]) if asked else 0.0)


def _lines(text: str) -> Iterator[tuple[str, str]]:
    for line in text.removeprefix("\ufeff").splitlines():
        field, colon, value = line.partition("#")[0].partition(":")
        if colon:
            yield field.strip().lower(), value.strip()


def _fits(pattern: str, path: str) -> bool:
    """Whether a path begins as the pattern says: `*` is anything, `$` at the end is the path's end."""
    to_the_end = pattern.endswith("$")
    first, *others = pattern.removesuffix("$").split("*")
    if not path.startswith(first):
        return False
    at = len(first)
    for part in others[:-1]:
        at = path.find(part, at) + len(part)
        if at < len(part):
            return False
    if not others:
        return not to_the_end or at == len(path)
    if to_the_end:
        return path.endswith(others[-1]) and len(path) - len(others[-1]) >= at
    return path.find(others[-1], at) >= 0


def _seconds(written: str) -> float:
    try:
        seconds = float(written)
    except ValueError:
        return 0.0
    return min(seconds, LONGEST_DELAY) if seconds > 0 else 0.0
