"""Tables as lists: Teams shows bars and dashes as they are typed, so each row is told with its columns' names."""

from __future__ import annotations

import re

_ROW = re.compile(r"^\s*\|.*\|\s*$")
_RULE = re.compile(r"^\s*\|?[\s:]*-{3,}[\s:|-]*\|[\s:|-]*$")
_BAR = re.compile(r"(?<!\\)\|")


def without_tables(text: str) -> str:
    """The text with every row below a header as a list item: `- Nummer: 2, Område: Hantering av incidenter`."""
    if "|" not in text:
        return text
    lines = text.splitlines()
    shown: list[str] = []
    header: tuple[str, ...] = ()
    for number, line in enumerate(lines):
        if not _ROW.match(line):
            header = ()
            shown.append(line)
        elif number + 1 < len(lines) and _RULE.match(lines[number + 1]) and not _RULE.match(line):
            header = _cells(line)
        elif not _RULE.match(line):
            shown.append(_item(header, _cells(line)))
    return "\n".join(shown)


def _cells(row: str) -> tuple[str, ...]:
    return tuple(
        cell.strip().replace("\\|", "|") for cell in _BAR.split(row.strip().removeprefix("|").removesuffix("|"))
    )


def _item(header: tuple[str, ...], cells: tuple[str, ...]) -> str:
    named = [*header, *[""] * len(cells)][: len(cells)]
    return "- " + ", ".join(
        f"{name}: {cell}" if name else cell for name, cell in zip(named, cells, strict=True) if cell
    )
