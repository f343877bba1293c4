"""What a text says once all that may hide it is taken off, and the numbers that it states: the judge's own reading.

Nothing here is shared with what is judged: two readings that go wrong seldom do so in the same place.
"""

from __future__ import annotations

import html
import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from urllib.parse import unquote


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


LOOKS_LIKE = {
    ord(pair[0]): pair[1]
    for pair in _words(
        """
        аa сc еe оo рp хx уy іi јj ѕs ԁd һh ӏl ԛq ԝw ɡg ɩi ⅼl οo αa νv ιi ρp τt υu κk тt мm нh вb АA ВB СC ЕE НH КK МM
        ОO РP ТT ХX ΑA ΒB ΕE ΖZ ΗH ΙI ΚK ΜM ΝN ΟO ΡP ΤT ΥY ΧX 。. ․. ‧. ·. ∕/ ⁄/ ：:
        """
    )
}
"""Letters of other scripts that are read as Latin ones, and what is read as a dot, a slash or a colon."""

SMALL = {
    **dict.fromkeys(("noll", "zero"), 0),
    **dict.fromkeys(("två", "tvenne", "two", "twice"), 2),
    **dict.fromkeys(("tre", "three", "thrice"), 3),
    **dict.fromkeys(("fyra", "four"), 4),
    **dict.fromkeys(("fem", "five"), 5),
    **dict.fromkeys(("sex", "six"), 6),
    **dict.fromkeys(("sju", "seven"), 7),
    **dict.fromkeys(("åtta", "eight"), 8),
    **dict.fromkeys(("nio", "nie", "nine"), 9),
    **dict.fromkeys(("tio", "ten"), 10),
    **dict.fromkeys(("elva", "eleven"), 11),
    **dict.fromkeys(("tolv", "twelve"), 12),
    **dict.fromkeys(("tretton", "thirteen"), 13),
    **dict.fromkeys(("fjorton", "fourteen"), 14),
    **dict.fromkeys(("femton", "fifteen"), 15),
    **dict.fromkeys(("sexton", "sixteen"), 16),
    **dict.fromkeys(("sjutton", "seventeen"), 17),
    **dict.fromkeys(("arton", "aderton", "eighteen"), 18),
    **dict.fromkeys(("nitton", "nineteen"), 19),
    **dict.fromkeys(("tjugo", "tjugi", "twenty"), 20),
    **dict.fromkeys(("trettio", "thirty"), 30),
    **dict.fromkeys(("fyrtio", "forty"), 40),
    **dict.fromkeys(("femtio", "fifty"), 50),
    **dict.fromkeys(("sextio", "sixty"), 60),
    **dict.fromkeys(("sjuttio", "seventy"), 70),
    **dict.fromkeys(("åttio", "eighty"), 80),
    **dict.fromkeys(("nittio", "ninety"), 90),
    **{"tredje": 3, "fjärde": 4, "femte": 5, "sjätte": 6, "sjunde": 7, "åttonde": 8, "nionde": 9, "tionde": 10},
}
LARGE = {
    **dict.fromkeys(("hundra", "hundred"), 100),
    **dict.fromkeys(("tusen", "thousand"), 1000),
    **dict.fromkeys(("miljoner", "miljon", "million"), 10**6),
    **dict.fromkeys(("miljarder", "miljard", "billion"), 10**9),
}
SHARES = _words(
    """
    hälften halva tredjedel tredjedelar fjärdedel fjärdedelar femtedel femtedelar tiondel tiondelar hundradel kvarts
    dubbelt dubbla tredubbla tiotal tjugotal hundratal tusental dussin half third thirds quarter quarters dozen
    dozens double triple
    """
)
MONTHS = _words(
    """
    januari februari mars april maj juni juli augusti september oktober november december january february march may
    june july august october
    """
)
PLACES = _words(
    """
    bengtsfors dalsed dals-ed färgelanda grästorp lysekil mellerud munkedal orust sotenäs strömstad tanum
    trollhättan uddevalla vänersborg åmål göteborg stockholm malmö borås skövde kungälv stenungsund lidköping
    """
)
_ONES = "|".join(sorted((*SMALL, *LARGE, "ett", "en", "one"), key=len, reverse=True))
_COMPOUND = re.compile(rf"(?:{_ONES})+(?:en|n|t|a|:?e|:?nde|:?de|th)?")
_WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")
_DIGITS = re.compile(r"\d+(?:[.,]\d+)*")
_GROUPED = re.compile(r"(?<![\d.,])\d{1,3}(?:[ .,]\d{3})+(?!\d)")
_SPACED = re.compile(r"(?<!\d)\d(?:[\s._*\-/|]{1,2}\d)+(?!\d)")
_ROMAN = re.compile(r"\b(?=[MDCLXVI]{2,}\b)M{0,3}(?:CM|CD|D?C{0,3})(?:XC|XL|L?X{0,3})(?:IX|IV|V?I{0,3})\b")
_PERCENT = re.compile(r"(\d+(?:[.,]\d+)*)\s*(?:%|‰|procent|percent|per\s*cent)", re.IGNORECASE)
_ESCAPED = re.compile(r"\\(?=[^\w\s])")


TURNS = ("\u202e", "\u202d", "\u2067", "\u2066")
"""What turns the direction of the letters that follow."""


def layers(text: str) -> Iterator[str]:
    """The text as it is sent, as it is shown, and as it reads without what hides it."""
    yield text
    shown = html.unescape(_ESCAPED.sub("", text))
    yield shown
    bare = shown
    for _ in range(3):
        bare = unquote(html.unescape(bare))
    yield bare
    if any(mark in bare for mark in TURNS):
        yield visible(bare)[::-1]
    bare = visible(bare)
    yield bare
    yield bare.translate(LOOKS_LIKE)


@lru_cache(maxsize=2048)
def visible(text: str) -> str:
    """In compatibility form, without characters that are not seen; digits of every script are Latin ones."""
    if text.isascii() and text.isprintable():
        return text
    plain = "".join(
        character
        for character in unicodedata.normalize("NFKC", text)
        if unicodedata.category(character) not in ("Cf", "Cc", "Mn", "Co", "Cn") or character in "\n\t"
    )
    return "".join(_latin(character) for character in plain)


def _latin(character: str) -> str:
    digit = unicodedata.digit(character, None)
    return character if digit is None else str(digit)


def numbers(text: str) -> set[str]:
    """Every number that a text states: in digits of any form, in words, in Roman numerals; shares, months of dates."""
    shown = visible(html.unescape(_ESCAPED.sub("", text)))
    found = {_canonical(match[0]) for match in _DIGITS.finditer(shown)}
    for match in _GROUPED.finditer(shown):
        found.add(re.sub(r"\D", "", match[0]))
    found |= {f"roman {match[0]}" for match in _ROMAN.finditer(shown) if match[0]}
    for word in _WORD.findall(shown.casefold()):
        value = word_value(word)
        if value is not None:
            found.add(str(value))
        elif word in SHARES:
            found.add(word)
    return found


def disguised(text: str) -> set[str]:
    """Numbers whose digits stand apart from each other: `9 7`, `9-7`; as they are written."""
    shown = visible(text)
    return {" ".join(re.findall(r"\d", match[0])) for match in _SPACED.finditer(shown)}


def percentages(text: str) -> set[str]:
    """The numbers that a text says are percentages."""
    return {_canonical(match[1]) for match in _PERCENT.finditer(visible(text))}


def months(text: str) -> set[str]:
    """The months that a text names."""
    return set(_WORD.findall(visible(text).casefold())) & MONTHS


def places(text: str) -> set[str]:
    """The municipalities that a text names, in any case."""
    words = _WORD.findall(visible(text).translate(LOOKS_LIKE).casefold())
    return {place for word in words for place in PLACES if word in (place, f"{place}s", f"{place}bo", f"{place}borna")}


def word_value(word: str) -> int | None:
    """What a number word stands for; None for other words, `en` and `ett` among them, which are articles too."""
    word = word.replace("-", "")
    if not _COMPOUND.fullmatch(word):
        return None
    total = current = 0
    seen = False
    rest = word
    while rest:
        part = next((one for one in sorted((*SMALL, *LARGE), key=len, reverse=True) if rest.startswith(one)), "")
        if part in SMALL:
            current += SMALL[part]
        elif part == "hundra" or part == "hundred":
            current = max(current, 1) * 100
        elif part:
            total, current = total + max(current, 1) * LARGE[part], 0
        else:
            part = next((one for one in ("ett", "en", "one") if rest.startswith(one)), rest[0])
            current += part in ("ett", "en", "one") and len(rest) == len(part) and seen
        seen = True
        rest = rest[len(part) :].removeprefix("-")
    return total + current or None


def _canonical(digits: str) -> str:
    text = digits.replace(",", ".")
    if text.count(".") == 1:
        text = text.rstrip("0").rstrip(".") if text.split(".")[1].strip("0") or len(text.split(".")[1]) < 3 else text
    return text.lstrip("0") or "0"
