"""What the Swedish handbook tells people to type, taken out of its pages."""

from __future__ import annotations

import re
import shlex
import textwrap
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).parents[2]
FOLDER: Final = ROOT / "deploy" / "handbok"
_BLOCK: Final = re.compile(r"^(?P<indent> *)```(?P<kind>\w*)\n(?P<text>.*?)^ *```$", re.MULTILINE | re.DOTALL)
_LINK: Final = re.compile(r"(?<!!)\[[^\]]+\]\(([^)\s]+)\)")
_HEADING: Final = re.compile(r"^#+ (.+)$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Typed:
    """One line that somebody is told to type, as the shell takes it apart; and where what it writes goes."""

    page: str
    line: str
    words: tuple[str, ...]


def pages() -> list[Path]:
    """Every page."""
    return sorted(FOLDER.glob("*.md"))


def blocks(page: Path) -> Iterator[tuple[str, str]]:
    """The fenced blocks of a page, each with its kind."""
    for found in _BLOCK.finditer(page.read_text("utf-8")):
        yield found["kind"], textwrap.dedent(found["text"])


def typed(page: Path) -> list[Typed]:
    """Every command of a page, in the order in which they stand."""
    lines = [line for kind, text in blocks(page) if kind == "sh" for line in text.splitlines() if line.strip()]
    return [Typed(page.stem, line, tuple(shlex.split(line.partition(" > ")[0]))) for line in lines]


def links(page: Path) -> list[str]:
    """What a page links to."""
    return _LINK.findall(page.read_text("utf-8"))


def anchors(page: Path) -> set[str]:
    """What can be linked to in a page, named as code hosts name it."""
    plain = _BLOCK.sub("", page.read_text("utf-8"))
    return {re.sub(r"[^\w\- ]", "", found.lower()).replace(" ", "-") for found in _HEADING.findall(plain)}
