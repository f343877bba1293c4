"""Personal identity numbers and contact data out of what people write, before a model, a log or a database sees it.

What is masked has a form by which it is known: numbers of persons, of cards and of accounts, e-mail addresses,
telephone numbers. Names of people are not: they cannot be told from those of places and firms by form, and questions
such as "vem är Anna Lind på SML-IT?" would lose what they ask about.

Short telephone numbers such as 112 and 1177 stay, as do numbers of organisations, cases and laws.

Personal identity numbers: Skatteverket, SKV 704 (personnummer) and SKV 707 (samordningsnummer, whose day is 60 more),
with the check digit by the Luhn algorithm.
"""

from __future__ import annotations

import re
import unicodedata
from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

PERSON: Final = "[personnummer]"
MAIL: Final = "[e-postadress]"
PHONE: Final = "[telefonnummer]"
CARD: Final = "[kortnummer]"
ACCOUNT: Final = "[kontonummer]"

PASSES: Final = 8
"""What is left beside a placeholder may have been hidden by what it stands for: so it is looked through again."""


@dataclass(frozen=True, slots=True)
class _Plain:
    """A text with one kind of digit, dash and space, and where each of its characters stands in the original."""

    text: str
    starts: tuple[int, ...]
    ends: tuple[int, ...]


def masked(text: str) -> str:
    """The text with a placeholder for everything that is masked; all else as it was written.

    Takes time in proportion to the length: every pattern is bounded.
    """
    for _ in range(PASSES):
        found = _masked_once(text)
        if found == text:
            break
        text = found
    return text


def _masked_once(text: str) -> str:
    if not _WORTH_A_LOOK.search(unicodedata.normalize("NFKC", text)):
        return text
    plain = _plain(text)
    covered = bytearray(len(plain.text))
    taken: list[tuple[int, int, str]] = []
    for start, end, label in _found(plain.text):
        if not any(covered[start:end]):
            covered[start:end] = b"\1" * (end - start)
            taken.append((start, end, label))
    parts: list[str] = []
    done = 0
    for start, end, label in sorted(taken):
        parts += (text[done : plain.starts[start]], label)
        done = plain.ends[end - 1]
    return "".join((*parts, text[done:]))


def _plain(text: str) -> _Plain:
    characters: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    for place, character in enumerate(text):
        for one in _simple(character):
            characters.append(one)
            starts.append(place)
            ends.append(place + 1)
    return _Plain("".join(characters), tuple(starts), tuple(ends))


def _simple(character: str) -> str:
    category = unicodedata.category(character)
    if category in ("Cc", "Zl", "Zp", "Zs"):
        return " "
    if character.isascii():
        return character
    if category in ("Cf", "Mn"):
        return ""  # a zero-width character or a mark between two digits hides nothing
    if category == "Pd" or character == "\N{MINUS SIGN}":
        return "-"
    if category == "Nd":
        return str(unicodedata.decimal(character))
    return unicodedata.normalize("NFKC", character)


_AT: Final = r"(?:[(\[{] ?(?:at|@|snabel-?a) ?[)\]}]|\bsnabel-?a\b)"
_DOT: Final = r"(?: ?\. ?| ?[(\[{] ?(?:dot|punkt) ?[)\]}] ?| (?:dot|punkt) )"
_WORTH_A_LOOK = re.compile(rf"[\d@]|{_AT}", re.IGNORECASE)

_MAIL = re.compile(
    r"(?<![\w.+%'-])[\w.+%'-]{1,64} ?@ ?(?:[\w-]{1,63}\.){1,6}[^\W\d_]{2,24}(?![\w-])"
    rf"|(?<![\w.+%'-])[\w.+%'-]{{1,64}} ?{_AT} ?(?:[\w-]{{1,63}}{_DOT}){{1,6}}[^\W\d_]{{2,24}}(?![\w-])",
    re.IGNORECASE,
)
_PERSON = re.compile(
    r"(?<!\d)(?<!\d-)(?P<century>(?:18|19|20) ?)?(?P<date>\d\d(?P<between>[ ./-]?)\d\d(?P=between)\d\d)"
    r"(?P<sign> ?[-+./] ?| {1,2})?"
    r"(?P<last>\d ?\d ?\d ?\d|[TRSUWXJKLMN] ?\d ?\d ?\d)(?!\d)(?!-\d)",
    re.IGNORECASE,
)
_IBAN = re.compile(r"(?<!\w)[A-Z]{2}\d{2}(?: ?[A-Z\d]{4}){2,7}(?: ?[A-Z\d]{1,3})?(?!\w)", re.IGNORECASE)
_CARD = re.compile(r"(?<!\d)(?<!\d[-.,/:])\d(?:[ -]?\d){12,18}(?!\d)(?![-./:]\d)")
_AREA: Final = (
    r"(?:08|07\d|0(?:1[013689]|2[0136]|3[1356]|4[0246]|54|6[03]|90|77)"
    r"|0(?:1[24578]\d|2[2456789]\d|3[024789]\d|4[135789]\d|5[0-35-9]\d|6[124-9]\d|7[02369]\d|9[1-9]\d))"
)
_PHONE = re.compile(
    r"(?<![\w.,:+-])(?:"
    r"(?:\+|00)[1-9]\d{0,2}[ -]{0,2}(?:\(0\)[ -]?)?\d(?:[ -]{0,2}\d){5,11}"
    rf"|\(?{_AREA}\)?(?: ?[-/] ?| )(?:\d{{5,8}}|\d{{2,4}}(?:[ -]\d{{2,3}}){{1,3}})"
    r"|07[02369]\d{7}"
    r")(?!\d)(?![-/]\d{4}-)"
)
_CALLED = re.compile(
    r"\b(?:tel|telefon|telefonnummer|tfn|mobil|mobilnummer|ring|phone)\b[ .:]{0,3}(?P<number>0\d{7,10})(?!\d)",
    re.IGNORECASE,
)
_ACCOUNT = re.compile(
    r"\b(?:(?:bank)?konto(?:nummer|nr|t)?|clearing(?:nummer|nr)?|bankgiro|plusgiro|bg|pg)\b[ .:]{0,3}"
    r"(?:nr|är)?[ .:]{0,3}"
    r"(?P<number>\d(?:[ ,-]{0,2}\d){6,18})(?!\d)",  # an account of a ledger has six digits at most
    re.IGNORECASE,
)
_A_DATE = re.compile(r"(?:19|20)\d\d-\d\d-\d\d")
_DATES = re.compile(r"(?:(?:19|20)\d\d(?:-\d\d-\d\d)?(?:[ -]|$))+")
"""Years or dates one after the other, which may have the check digit of a card by chance."""


def _found(text: str) -> Iterator[tuple[int, int, str]]:
    """Places and placeholders; where two overlap, the first that comes is meant: the surest come first."""
    for match in _MAIL.finditer(text):
        yield match.start(), match.end(), MAIL
    persons = [match for match in _persons(text) if _is_person(match)]
    for match in persons:
        if " " not in match[0]:
            yield match.start(), match.end(), PERSON
    for match in _IBAN.finditer(text):
        if _is_iban(match[0]):
            yield match.start(), match.end(), ACCOUNT
    for match in _CARD.finditer(text):
        digits = re.sub(r"\D", "", match[0])
        # What the world's card networks begin with.
        if digits[0] in "23456" and _luhn(digits) and not _DATES.fullmatch(match[0]):
            yield match.start(), match.end(), CARD
    for match in persons:
        yield match.start(), match.end(), PERSON
    for match in _ACCOUNT.finditer(text):
        if not _A_DATE.match(match["number"]):
            yield match.start("number"), match.end("number"), ACCOUNT
    for match in _PHONE.finditer(text):
        yield match.start(), match.end(), PHONE
    for match in _CALLED.finditer(text):
        yield match.start("number"), match.end("number"), PHONE


def _persons(text: str) -> Iterator[re.Match[str]]:
    """Also those that begin inside of another, such as after a number and a space."""
    place = 0
    while match := _PERSON.search(text, place):
        yield match
        place = match.start() + 1


def _is_person(match: re.Match[str]) -> bool:
    """A date that there is, and the right check digit; where there is a hyphen in the usual place, any."""
    year, month, day = (int(part) for part in re.findall(r"\d\d", re.sub(r"\D", "", match["date"])))
    last = match["last"].replace(" ", "").upper()
    if not 1 <= month <= 12:
        return False
    century = int(match["century"] or 20)
    if not 1 <= (day - 60 if day > 60 else day) <= monthrange(century * 100 + year, month)[1]:
        return False
    sign = (match["sign"] or "").strip()
    usual = len(match["date"]) == 6 and " " not in match["last"]
    if not last[0].isdigit():  # a temporary number of health care or schools has no check digit
        return usual and (sign in ("-", "+") or not match["sign"])
    if _luhn(f"{year:02}{month:02}{day:02}{last}"):
        return True
    return usual and sign in ("-", "+") and " " not in (match["sign"] or "")


def _luhn(digits: str) -> bool:
    total = 0
    for place, digit in enumerate(reversed(digits)):
        value = int(digit) * (1 + place % 2)
        total += value - 9 if value > 9 else value
    return total % 10 == 0


def _is_iban(text: str) -> bool:
    """ISO 13616: the check digits make the number 1 modulo 97."""
    plain = text.replace(" ", "")
    moved = plain[4:] + plain[:4]
    return 15 <= len(plain) <= 34 and int("".join(str(int(each, 36)) for each in moved)) % 97 == 1
