"""Numbers written in words, Swedish and English, as digits; and digits of any script as plain ones."""

from __future__ import annotations

import re
import unicodedata

_ONES = {
    "noll": 0, "en": 1, "ett": 1, "två": 2, "tre": 3, "fyra": 4, "fem": 5, "sex": 6, "sju": 7, "åtta": 8, "nio": 9,
    "tio": 10, "elva": 11, "tolv": 12, "tretton": 13, "fjorton": 14, "femton": 15, "sexton": 16, "sjutton": 17,
    "arton": 18, "aderton": 18, "nitton": 19,
    "zero": 0, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9,
    "ten": 10, "eleven": 11, "twelve": 12, "thirteen": 13, "fourteen": 14, "fifteen": 15, "sixteen": 16,
    "seventeen": 17, "eighteen": 18, "nineteen": 19,
}  # fmt: skip
_TENS = {
    "tjugo": 20, "trettio": 30, "fyrtio": 40, "femtio": 50, "sextio": 60, "sjuttio": 70, "åttio": 80, "nittio": 90,
    "twenty": 20, "thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "seventy": 70, "eighty": 80, "ninety": 90,
}  # fmt: skip
_SCALES = {"hundra": 100, "hundred": 100, "tusen": 1000, "thousand": 1000}
_ALL = {**_ONES, **_TENS, **_SCALES}
_WORD = "|".join(sorted(_ALL, key=len, reverse=True))
_SPELLED = re.compile(rf"(?<![\w-])(?:{_WORD})(?:[\s-]?(?:and\s|och\s)?(?:{_WORD}))*(?![\w-])", re.IGNORECASE)
_PART = re.compile(_WORD, re.IGNORECASE)
_UNUSUAL = re.compile(r"[^\x00-\x7fåäöÅÄÖéÉüÜ–—§€”“’•]")
"""Other characters may be digits, or be written together with one."""
_SPLIT_DIGITS = re.compile(r"(?<![\w.,/:-])\d(?: \d){1,5}(?![\w.,/:-])")


def in_digits(text: str) -> str:
    """The text with its spelled numbers in digits; a lone `en`, `ett` or `one` stays a word."""
    clean = text
    if _UNUSUAL.search(text):
        clean = "".join(_digit(char) for char in text)
        clean = "".join(c for c in unicodedata.normalize("NFKC", clean) if unicodedata.category(c) not in ("Cf", "Mn"))
    clean = _SPLIT_DIGITS.sub(lambda match: match.group().replace(" ", ""), clean)
    return _SPELLED.sub(_value, clean)


def _digit(char: str) -> str:
    if char.isascii():
        return char
    if unicodedata.category(char) == "Nd" or unicodedata.digit(char, None) is not None:
        return str(unicodedata.digit(char))
    if unicodedata.category(char) == "No":
        return f" {unicodedata.normalize('NFKC', char).strip('()')} "
    return char


def _value(match: re.Match[str]) -> str:
    words = [part.lower() for part in _PART.findall(match.group())]
    if all(word in ("en", "ett", "one") for word in words):
        return match.group()
    total = current = 0
    for word in words:
        value = _ALL[word]
        if value == 100:
            current = max(current, 1) * 100
        elif value == 1000:
            total, current = total + max(current, 1) * 1000, 0
        else:
            current += value
    return str(total + current)
