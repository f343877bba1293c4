"""Citations as Teams shows them: the AI label, and for each marker a chip with title, section, page and quote."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlsplit

from bot.conversation.texts import Texts
from bot.teams.cards.markdown import shorten
from knowledge.acts import is_reference
from knowledge.links import without_links
from knowledge.model import Citation, Passage

NAME_LIMIT = 80
ABSTRACT_LIMIT = 160
MOST = 10
"""Teams takes 20; the local test client silently drops the whole label at 11."""

DASH = "\N{EN DASH}"

_ACTIVE = re.compile(r"<(?=[A-Za-z/!?])|\](?=\()")
_SEEN_AS = {"<": "\N{SINGLE LEFT-POINTING ANGLE QUOTATION MARK}", "]": "] "}
_SECTION_NUMBER = re.compile(r"\d+(?:\.\d+)*")


def renumbering(citations: Sequence[Citation]) -> dict[int, int | None]:
    """Marker -> position: counted from one without gaps in the markers' order; None beyond what Teams shows."""
    numbers = sorted({citation.n for citation in citations})
    return {number: position if position <= MOST else None for position, number in enumerate(numbers, 1)}


def ai_entity(
    citations: Sequence[Citation],
    positions: Mapping[int, int | None],
    texts: Texts,
    language: str,
    *,
    generated: bool = True,
) -> dict[str, Any]:
    """The one root entity, which carries a message's citations, and labels it where it is `generated`."""
    entity = label(generated=generated)
    claims: dict[int, dict[str, Any]] = {}
    for citation in citations:
        position = positions[citation.n]
        if position is not None and position not in claims:
            claims[position] = {
                "@type": "Claim",
                "position": position,
                "appearance": _appearance(citation, texts, language),
            }
    if claims:
        entity["citation"] = [claims[position] for position in sorted(claims)]
    return entity


def label(*, generated: bool) -> dict[str, Any]:
    """The root entity without citations."""
    entity: dict[str, Any] = {
        "type": "https://schema.org/Message",
        "@type": "Message",
        "@context": "https://schema.org",
    }
    return {**entity, "additionalType": ["AIGeneratedContent"]} if generated else entity


def _appearance(citation: Citation, texts: Texts, language: str) -> dict[str, Any]:
    pages = page_range(citation.passage.pages)
    appearance = {
        "@type": "DigitalDocument",
        "name": _inactive(
            source_name(citation.passage, texts.say("teams.citation.pages", language, pages=pages) if pages else "")
        ),
        "abstract": shorten(_inactive(citation.quote or citation.passage.text), ABSTRACT_LIMIT),
    }
    if citation.url and urlsplit(citation.url).scheme in ("http", "https"):
        appearance["url"] = citation.url
    return appearance


def _inactive(text: str) -> str:
    """Words of a document for a field without markup: whatever a client makes of them, they lead nowhere."""
    return _ACTIVE.sub(lambda match: _SEEN_AS[match[0]], without_links(text))


def page_range(pages: Sequence[int]) -> str:
    """Runs of pages joined by a dash, single ones by commas; nothing where there are none."""
    runs: list[list[int]] = []
    for page in sorted(set(pages)):
        if runs and page == runs[-1][-1] + 1:
            runs[-1].append(page)
        else:
            runs.append([page])
    return ", ".join(str(run[0]) if len(run) == 1 else f"{run[0]}{DASH}{run[-1]}" for run in runs)


def source_name(passage: Passage, pages: str) -> str:
    """Title, section and page in at most 80 characters; the page and what is nearest to the quote stay longest."""
    headings = [heading for heading in passage.headings if heading and heading != passage.title]
    nearest = headings[-1] if headings else ""
    number = _SECTION_NUMBER.match(headings[0]) if len(headings) > 1 else None
    if number and not _SECTION_NUMBER.match(nearest):
        nearest = f"{number[0]} {nearest}"
    for section in (nearest,) if is_reference(nearest) else (" > ".join(headings), nearest):
        name = _joined(passage.title, section, pages)
        if len(name) <= NAME_LIMIT:
            return name
    room = NAME_LIMIT - len(_joined(nearest, pages)) - len(", ")
    if room >= NAME_LIMIT // 4:
        return _joined(shorten(passage.title, room), nearest, pages)
    room = NAME_LIMIT - len(pages) - len(", ")
    return shorten(_joined(shorten(nearest or passage.title, max(room, 20)), pages), NAME_LIMIT)


def _joined(*parts: str) -> str:
    return ", ".join(" ".join(part.split()) for part in parts if part)
