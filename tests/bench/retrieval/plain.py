"""Documents as plain text, for recipes that know no more."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from knowledge.model import Passage


@dataclass(frozen=True, slots=True)
class Plain:
    """A file as plain text; `pages` maps a piece (start, text) to its pages."""

    path: str
    document: str
    text: str
    pages: Callable[[int, str], frozenset[int]] = lambda start, text: frozenset()


def as_plain(path: Path) -> tuple[Plain, ...]:
    """The file, or every file of the folder, as it is."""
    files = sorted(path.iterdir()) if path.is_dir() else [path]
    return tuple(Plain(file.name, file.stem, file.read_text(encoding="utf-8")) for file in files)


def as_markdown(passages: Sequence[Passage]) -> Plain:
    """The passages of one file under their headings; a piece of it lies on the pages of every passage that it cuts."""
    text = f"# {passages[0].title}\n"
    above: tuple[str, ...] = ()
    spans: list[tuple[int, int, frozenset[int]]] = []
    for passage in passages:
        same = 0
        while same < min(len(above), len(passage.headings)) and above[same] == passage.headings[same]:
            same += 1
        for level, heading in enumerate(passage.headings[same:], start=same + 2):
            text += f"\n{'#' * level} {heading}\n"
        above = passage.headings
        start = len(text)
        text += f"\n{passage.text}\n"
        spans.append((start, len(text), frozenset(passage.pages)))

    def pages(start: int, piece: str) -> frozenset[int]:
        end = start + len(piece)
        return frozenset(page for first, last, on in spans if first < end and start < last for page in on)

    return Plain(passages[0].path, passages[0].document, text, pages)
