"""Text in which nothing becomes a link that was not meant to: addresses stay readable and do nothing.

Teams makes links of bare addresses and domains. Their dots and signs are set in brackets (`exempel[.]se`), which
people still read and no client acts on.
"""

from __future__ import annotations

import html
import re
from collections.abc import Collection

_SCHEME = re.compile(
    r"\b(?P<scheme>https?|hxxps?|ftps?|file|mailto|javascript|vbscript|data|tel|sip|msteams)\s*:(?=\S)", re.IGNORECASE
)
_FILES = "yaml|pdf|docx|xlsx|pptx|odt|csv|json|txt|xml"
"""Endings of files that no domain has."""
_DOT = re.compile(
    r"(?<=[^\W_])(?<!\bt(?=\.ex\b))(?<!\bm(?=\.fl\b))[.\u3002\uff0e\uff61]"
    rf"(?=[^\W\d_]{{2,}}(?![^\W_]))(?!(?:{_FILES})\b(?![./]))|(?<=\bwww)\.",
    re.IGNORECASE,
)
_ENTITY = re.compile(r"&(?:#x?[0-9a-f]+|[a-z]\w*);", re.IGNORECASE)
_DEEPEST = 5
"""How often an entity may be escaped; nobody writes the second level by accident."""
_IP = re.compile(r"\b\d{1,3}(?:\.\d{1,3}){3}\b(?=[:/]|\s|$)")
_MAIL = re.compile(r"(?<=\S)@(?=\S)")
_ALLOWED = re.compile(r"https?://[^\s<>()\[\]\"']+[^\s<>()\[\]\"'.,;:!?]", re.IGNORECASE)


def without_links(text: str, allowed: Collection[str] = ()) -> str:
    """The text with every address made inert that is not one of `allowed`, the addresses of cited documents."""
    whole = _unescaped(text)
    parts: list[str] = []
    end = 0
    for match in _ALLOWED.finditer(whole):
        if match.group() in allowed:
            parts += [_inert(whole[end : match.start()]), match.group()]
            end = match.end()
    return "".join((*parts, _inert(whole[end:])))


def _unescaped(text: str) -> str:
    """Entities as what they stand for, also where they were escaped several times over."""
    for _ in range(_DEEPEST):
        if not _ENTITY.search(text):
            break
        text = html.unescape(text)
    return text


def _inert(text: str) -> str:
    text = _SCHEME.sub(lambda match: f"{match['scheme']}[:]", text)
    text = _MAIL.sub("[@]", text)
    text = _IP.sub(lambda match: match.group().replace(".", "[.]"), text)
    return _DOT.sub("[.]", text)
