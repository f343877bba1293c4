"""Bullets and numbers in front of list items, and the sentence that announces a list."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache

from ingest.cleaning.lines import Line

_BULLET = re.compile(r"\s*([•●○◦▪■□▸►‣⁃∙·➢➤✓✔\uf020-\uf0ff]|[-–—*](?=\s)|o(?=\s+[A-ZÅÄÖ]))\s*(.*)")
_ENUMERATED = re.compile(r"\s*\(?(\d{1,2}|[a-zåäö])([.)])\s+(\S.*)")
_DASHES = "-–—*o"


@lru_cache(maxsize=256)
def bullet(text: str) -> str:
    """The bullet that a line of text starts with; empty where it has none, or nothing behind it."""
    match = _BULLET.fullmatch(text)
    return match.group(1) if match and match.group(2) else ""


def is_dash(mark: str) -> bool:
    """Whether a bullet may as well be a dash in running text, or the letter o."""
    return mark in _DASHES


@lru_cache(maxsize=256)
def count_mark(text: str) -> str:
    """`2` of `2. Nämnden`, `b` of `b) Nämnden`; empty where nothing counts."""
    match = _ENUMERATED.fullmatch(text)
    return match.group(1) if match else ""


def neighbour(mark: str, by: int) -> str:
    """The mark that stands `by` steps on in the count."""
    return str(int(mark) + by) if mark.isdigit() else chr(ord(mark) + by)


def item_text(text: str) -> str:
    """An item without its bullet; a number stays, as `2) `."""
    match = _BULLET.fullmatch(text)
    if match:
        return match.group(2)
    match = _ENUMERATED.fullmatch(text)
    return f"{match.group(1)}) {match.group(3)}" if match else text


def split_lead_in(text: str) -> tuple[str, str]:
    """A paragraph's last sentence if it announces a list (ends with a colon), and what stands before it."""
    if not re.search(r"[:;]$", text):
        return text, ""
    cut = max((match.end() for match in re.finditer(r"[.!?]\s+(?=[A-ZÅÄÖ\"”])", text)), default=0)
    return text[:cut].strip(), text[cut:].strip()


def with_bullets(lines: Sequence[Line]) -> list[Line]:
    """A bullet extracted as a line of its own goes in front of the line after it."""
    merged: list[Line] = []
    pending: Line | None = None
    for line in lines:
        if not line.text.strip():
            continue
        if pending is not None:
            line = replace(line, text=f"{pending.text.strip()} {line.text.strip()}", gap=pending.gap)
            pending = None
        elif (match := _BULLET.fullmatch(line.text.rstrip() + " ")) and not match.group(2) and match.group(1) != "o":
            pending = line
            continue
        merged.append(line)
    return merged
