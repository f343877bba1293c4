"""Text of sources and of people as Teams Markdown that looks like itself and does nothing.

Teams renders Markdown, some HTML, and mentions written as `<at>`; an indexed document must not be able to write
links, images, headings or mentions into an answer. Lists and paragraphs stay, since passages are made of them.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from bot.teams.cards.tables import without_tables

_ACTIVE = re.compile(r"[\\`*_~\[\]<]|&(?=#?\w+;)")
_MARKER = re.compile(r"\[(\d{1,3})\]")
_LINE_START = re.compile(r"^(?:(#{1,6})(?=\s|$)|>|(\+)(?=\s)|([-=])(?=\1*[-=\s]*$)|(\d{1,9})([.)])(?=\s))")
_ITEM = re.compile(r"^\s{0,3}[-•*]\s+(?=\S)")
_SPACES = re.compile(r"[^\S\n]+")


def escape(text: str) -> str:
    """One run of text, with everything that Markdown or HTML would act on made literal."""
    return _ACTIVE.sub(_literal, text)


def markdown(text: str, markers: Mapping[int, int | None] | None = None) -> str:
    """Several lines: items and rows of a table become a list, other lines are paragraphs, all else is literal.

    `markers` renumbers citation marks: `[n]` becomes `[markers[n]]`, or goes where that is None. Bracketed numbers
    outside `markers` are the source's own and stay literal.
    """
    blocks: list[str] = []
    in_list = False
    for line in without_tables(text).splitlines():
        item = _ITEM.match(line)
        content = _SPACES.sub(" ", line[item.end() :] if item else line).strip()
        if not content:
            in_list = in_list and bool(content)
            continue
        shown = _line(content, markers or {}, item=bool(item))
        if not shown:
            continue
        if item and in_list:
            blocks[-1] += f"\n{shown}"
        else:
            blocks.append(shown)
        in_list = bool(item)
    return "\n\n".join(blocks)


def _line(content: str, markers: Mapping[int, int | None], *, item: bool) -> str:
    parts: list[str] = []
    end = 0
    for match in _MARKER.finditer(content):
        number = int(match[1])
        if number not in markers:
            continue
        before = escape(content[end : match.start()])
        end = match.end()
        new = markers[number]
        if new is None:
            parts.append(before.rstrip())
            continue
        # A bracket followed by `(` or `:` is a link, whatever stands inside it.
        guard = "\\" if content[end : end + 1] in ("(", ":") else ""
        parts.append(f"{before}[{new}]{guard}")
    shown = "".join(parts) + escape(content[end:])
    if not shown:
        return ""
    shown = _LINE_START.sub(_literal_start, shown)
    return f"- {shown}" if item else shown


def _literal(match: re.Match[str]) -> str:
    found = match[0]
    return {"<": "&lt;", "&": "&amp;"}.get(found, f"\\{found}")


def _literal_start(match: re.Match[str]) -> str:
    found = match[0]
    if found == ">":
        return "&gt;"
    return f"{match[4]}\\{match[5]}" if match[4] else f"\\{found}"


def shorten(text: str, limit: int) -> str:
    """At most `limit` characters: cut between words, with an ellipsis."""
    text = " ".join(text.split())
    if len(text) <= limit:
        return text
    head = text[: limit - 1]
    if not text[limit - 1].isspace():
        whole, _, rest = head.rpartition(" ")
        # One long word is cut inside rather than dropped.
        head = whole if whole and len(rest) < limit // 2 else head
    return head.rstrip(" ,;:.-(\N{EN DASH}") + "…"
