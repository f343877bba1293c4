"""A claim's text as one plain line, and what in it must not be sent: links, mentions, markup, secrets."""

from __future__ import annotations

import base64
import binascii
import codecs
import html
import re
import unicodedata
from collections.abc import Collection
from urllib.parse import unquote

_MARKERS = re.compile(
    r"\s*(?:\[\s*\d+(?:\s*[,;–-]\s*\d+)*\s*\]|【[^】]{0,40}】|\(\d{1,2}\)|\[\^\d+\]|[¹²³⁴-⁹⁰]+(?=[\s.,;]|$))"
)
_LINK = re.compile(
    r"(?:\b(?:https?|hxxps?|ftps?|file|mailto|javascript|vbscript|tel|sip|msteams|ws|wss)\s*:|://|\bdata:\s*\w*[/,;]|"
    r"\bwww\s?\.|\b\d{1,3}(?:\.\d{1,3}){3}\b|\b(?:[0-9a-f]{1,4}:){4,}[0-9a-f]|\b[0-9a-f]{1,4}::[0-9a-f]|"
    r"\b[^\W_]\.[^\W\d_]{2,}/\S|"
    r"\b[^\W_][\w-]+(?:\.|\[\.\]|\(\.\)|\s?[\[({]\s?(?:dot|punkt)\s?[\])}]\s?)[^\W\d_]{2,}\b|"
    r"\b[^\W_][\w-]+\s?\.\s?(?:se|com|org|net|nu|eu|io|info|example|test|invalid|xyz|ru|cn|biz|dev|app)\b(?=/|\s*$|\s+[^A-ZÅÄÖ]|[,;)]))",
    re.IGNORECASE,
)
_MARKED_LINK = re.compile(r"\[\s*\^?\d+[^\]]*\]\s*[(\[:]")
"""A marker that is a link: taken for a marker, it would leave its address behind."""
_SPACED = re.compile(r"(?<![^\W_])(?:[^\W_] ){3,}")
_MARKUP = re.compile(
    r"@|<\s*[/!?\w]|&\w+;|\]\s*[(\[:]|!\[|\[[^\]]*\]|`|\*\*|__|~~|^\s*(?:#{1,6}\s|>|\|)|[{}]|\|\s*:?-{2,}|^\s*[-*+]\s",
    re.MULTILINE,
)
_ACCOUNT = re.compile(
    r"(?<![\w/:.-])(?:(?:\+|00)\d[\d\s()-]{6,}\d|0\d{1,3}\s?[-–/]\s?\d[\d\s]{4,}\d|0\d{8,10}|"
    r"\d{3,4}-\d{4}|\d{6,8}[-+]\d{4}|[A-Z]{2}\d{2}(?:\s?\d{4}){3,})(?![\w/])"
)
_BASE64 = re.compile(r"[A-Za-z0-9+/_-]{8,}={0,2}")


def decoded(text: str) -> str:
    """The text as a reader in the end would see it: entities and percent signs decoded, compatible forms folded."""
    for _ in range(4):
        before = text
        text = unquote(html.unescape(text))
        text = visible(unicodedata.normalize("NFKC", text).replace("。", "."))
        if text == before:
            break
    return text


def visible(text: str) -> str:
    """Without control, formatting and private characters; white space becomes a space."""
    if text.isprintable():
        return text
    spaced = "".join(" " if char.isspace() else char for char in text)
    return "".join(char for char in spaced if unicodedata.category(char) not in ("Cc", "Cf", "Co", "Cs", "Cn"))


def plain(text: str) -> str:
    """One line, without markers that the model made."""
    return " ".join(_MARKERS.sub("", visible(text)).split())


def unwelcome(written: str, text: str, held: str) -> tuple[str, ...]:
    """Problems of a text: `link`, `markup`, `contact`. What stands in `held`, the cited passages, may be named.

    `written` is the text as the model wrote it, with the markers that `text` lacks.
    """
    found = ["markup"] if _MARKED_LINK.search(decoded(written)) else []
    spaced = _SPACED.sub(lambda match: match.group().replace(" ", ""), decoded(text))
    # Ordinary percentages (`17 %`) are no encodings; only what decodes to something else changes here.
    for form in dict.fromkeys((visible(text), decoded(text), spaced)):
        links = [match.group().strip() for match in _LINK.finditer(form)]
        if any(link.lower() not in held.lower() or ":" in link for link in links):
            found.append("link")
        if _MARKUP.search(form):
            found.append("markup")
        if any(match.group() not in held for match in _ACCOUNT.finditer(form)):
            found.append("contact")
    return tuple(dict.fromkeys(found))


def gives_away(text: str, secrets: Collection[str]) -> bool:
    """Whether a secret stands in the text, also spaced out, reversed, rotated or in base64."""
    if not secrets:
        return False
    forms = [_squeezed(text), _squeezed(decoded(text))]
    for chunk in _BASE64.findall(decoded(text)):
        try:
            raw = base64.b64decode(chunk.rstrip("=") + "=" * (-len(chunk.rstrip("=")) % 4), altchars=b"-_")
            forms.append(_squeezed(raw.decode("utf-8")))
        except (binascii.Error, UnicodeDecodeError):
            # Most long words are no base64, which is what is found out here.
            continue
    forms += [form[::-1] for form in forms] + [codecs.encode(form, "rot13") for form in forms]
    wanted = [squeezed for secret in secrets if (squeezed := _squeezed(secret))]
    return any(secret in form for secret in wanted for form in forms)


def _squeezed(text: str) -> str:
    folded = unicodedata.normalize("NFKC", text).casefold()
    return "".join(filter(str.isalnum, folded))
