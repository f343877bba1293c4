"""Personal identity numbers and contact data out of what people write, before a model, a log or a database sees it.

What is masked has a form by which it is known: numbers of persons, of cards and of accounts, e-mail addresses,
telephone numbers. Names of people are not: they cannot be told from those of places and firms by form, and questions
such as "vem är Anna Lind på SML-IT?" would lose what they ask about.

Short telephone numbers such as 112 and 1177 stay, as do numbers of organisations, cases and laws. Where a number may
be either, `knowledge.personal_numbers` tells what decides.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from knowledge.digit_groups import Group, by_first, grouped, groups_of, luhn
from knowledge.personal_numbers import Surety, personal_numbers
from knowledge.plain_characters import plain_text

PERSON: Final = "[personnummer]"
MAIL: Final = "[e-postadress]"
PHONE: Final = "[telefonnummer]"
CARD: Final = "[kortnummer]"
ACCOUNT: Final = "[kontonummer]"
ALL: Final = "[dolda uppgifter]"

PASSES: Final = 8
"""What is left beside a placeholder may have been hidden by what it stands for: so it is looked through again. Two are
enough for what people write; a text that still changes after so many is made to get past, and is not shown at all."""

Span = tuple[int, int, str]
"""Where something begins and ends, and its placeholder."""


def masked(text: str) -> str:
    """The text with a placeholder for everything that is masked; all else as it was written.

    Takes time in proportion to the length: every pattern is bounded, and so is the number of passes.
    """
    for _ in range(PASSES):
        found = _masked_once(text)
        if found == text:
            return text
        text = found
    return text if _masked_once(text) == text else ALL


def _masked_once(text: str) -> str:
    plain = plain_text(text)
    if not _WORTH_A_LOOK.search(plain.text):
        return text
    parts: list[str] = []
    done = 0
    for start, end, label in _apart(_found(plain.text)):
        parts += (text[done : plain.starts[start]], label)
        done = plain.ends[end - 1]
    return "".join((*parts, text[done:]))


def _apart(spans: Iterator[Span]) -> list[Span]:
    """Those that overlap as one, with the placeholder of the surest: half of a number would be left otherwise."""
    ranked = sorted((start, end, rank, label) for rank, (start, end, label) in enumerate(spans))
    joined: list[tuple[int, int, int, str]] = []
    for start, end, rank, label in ranked:
        if joined and start < joined[-1][1]:
            first, last, surest, name = joined[-1]
            name = label if rank < surest else name
            joined[-1] = (first, max(last, end), min(rank, surest), name)
        else:
            joined.append((start, end, rank, label))
    return [(start, end, label) for start, end, _, label in joined]


_AT: Final = r"(?:[(\[{] ?(?:at|@|snabel-?a) ?[)\]}]|\bsnabel-?a\b)"
_DOT: Final = r"(?: ?\. ?| ?[(\[{] ?(?:dot|punkt) ?[)\]}] ?| (?:dot|punkt) )"
_WORTH_A_LOOK = re.compile(rf"[0-9@]|{_AT}", re.IGNORECASE)
_HAS_AT = re.compile(rf"@|{_AT}", re.IGNORECASE)

_MAIL = re.compile(
    r"(?<![\w.+%'-])[\w.+%'-]{1,64} ?@ ?(?:[\w-]{1,63}\.){1,6}[^\W\d_]{2,24}(?![\w-])"
    rf"|(?<![\w.+%'-])[\w.+%'-]{{1,64}} ?{_AT} ?(?:[\w-]{{1,63}}{_DOT}){{1,6}}[^\W\d_]{{2,24}}(?![\w-])",
    re.IGNORECASE,
)
_IBAN = re.compile(r"(?<!\w)[A-Z]{2}\d{2}(?: ?[A-Z\d]{4}){2,7}(?: ?[A-Z\d]{1,3})?(?!\w)", re.IGNORECASE)
_CARDS = by_first(
    (
        *((14,), (15,), (16,), (17,), (18,), (19,), (4, 6, 4), (4, 6, 5), (8, 8)),
        *((4, 4, 4, 4), *((4, 4, 4, 4, rest) for rest in (1, 2, 3)), (4, 4, 4, 2), (4, 4, 4, 3), (1,) * 16),
    )
)
_NETWORK = re.compile(r"3[0689]\d{12}|3[47]\d{13}|(?:35|4\d|5[0-8]|6\d|222[1-9]|22[3-9]|2[3-6]|27[01]|2720)\d{12,17}")
"""What the numbers of the world's card networks begin with. None has thirteen digits any longer, as goods have."""
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
_HOURS = re.compile(r"0\d[- ][0-2]\d [0-2]\d-[0-2]\d|0\d (?:00|15|30|45)-[0-2]\d (?:00|15|30|45)")
"""`08-12 13-16`, `08 00-16 30`: when something is open."""
_FEWEST: Final = 8
"""Digits of a telephone number with its area, such as in Stockholm; fewer are a date: `08-12-24`."""
_AMOUNT = re.compile(r"\+?\d{1,3}(?: \d{3})+")
_UNIT = re.compile(r" ?(?:kr|kronor|tkr|mnkr|sek|euro?|procent|st|personer|invånare|€|%)(?!\w)", re.IGNORECASE)
_CALLED = re.compile(
    r"\b(?:tel|telefon|telefonnummer|tfn|mobil|mobilnummer|ring|sms|fax|phone|call)\b[ .:]{0,3}"
    r"(?:(?:nr|nummer|till|på) )?(?P<number>0\d{7,10})(?!\d)",
    re.IGNORECASE,
)
_ACCOUNT = re.compile(
    r"\b(?:(?P<named>(?:bank)?konto(?:nummer|nr)|bankkontot?|clearing(?:nummer|nr)?|bankgiro|plusgiro|bg|pg)|kontot?)\b"
    r"[ .:]{0,3}(?:nr|är)?[ .:]{0,3}"
    r"(?!(?:19|20)\d\d-\d\d-\d\d)"
    # An account of a ledger has six digits at most; a comma stands after the four or five of the bank's office.
    r"(?P<number>(?:\d{4}(?:-\d)? ?, ?)?\d(?:(?! ?(?:19|20)\d\d-\d\d-\d\d)[ -]{0,2}\d){6,18})(?!\d)",
    re.IGNORECASE,
)
_OF_LEDGER = re.compile(
    r"\d{4}(?:[ -]{1,3}\d{4}|, ?\d{4})*|\d{4} \d{5}|(?!\d{4}-\d{6}-\d{4}$)\d{4}-\d{3,6}(?:-\d{2,6})+"
)
"""Accounts of a ledger side by side, or one with the department and project that pays."""
_GOODS = re.compile(
    r"\b(?:faktura|kreditfaktura|order|inköpsorder|beställning|ocr|artikel|serie|inventarie|ean|gtin|isbn|dnr|diarie)"
    r"-?(?:s?nr|s?nummer|s?numret)?[ .:]{0,2}(?:nr|är)?[ .:]{0,2}$",
    re.IGNORECASE,
)
_BEFORE: Final = 40


def _found(text: str) -> Iterator[Span]:
    """Places and placeholders; where two overlap, the first that comes names both: the surest come first."""
    for match in _MAIL.finditer(text) if _HAS_AT.search(text) else ():
        yield match.start(), match.end(), MAIL
    groups = groups_of(text)
    persons = sorted(personal_numbers(text, groups), key=lambda found: found.surety is not Surety.SURE)
    for found in persons:
        if " " not in text[found.start : found.end]:
            yield found.start, found.end, PHONE if found.surety is Surety.CALLED else PERSON
    for match in _IBAN.finditer(text):
        if _is_iban(match[0]):
            yield match.start(), match.end(), ACCOUNT
    yield from _cards(text, groups)
    for found in persons:
        yield found.start, found.end, PHONE if found.surety is Surety.CALLED else PERSON
    for match in _ACCOUNT.finditer(text):
        if match["named"] or not _OF_LEDGER.fullmatch(match["number"]):
            yield match.start("number"), match.end("number"), ACCOUNT
    for match in _PHONE.finditer(text):
        if _is_phone(match):
            yield match.start(), match.end(), PHONE
    for match in _CALLED.finditer(text):
        yield match.start("number"), match.end("number"), PHONE


def _cards(text: str, groups: tuple[Group, ...]) -> Iterator[Span]:
    for found in grouped(groups, _CARDS):
        if not (set(found.joints) <= {" ", "-"} and _NETWORK.fullmatch(found.digits) and luhn(found.digits)):
            continue
        in_row = found.shape[0] < 4 and (found.before or found.after) is not None
        if not in_row and not (len(found.shape) == 1 and _is_of_goods(text, found.start)):
            yield found.start, found.end, CARD


def _is_phone(match: re.Match[str]) -> bool:
    """Whether it is none of the hours, amounts and numbers of goods that are written as telephone numbers are."""
    if sum(map(str.isdigit, match[0])) < _FEWEST or _HOURS.fullmatch(match[0]):
        return False
    if match[0].isdigit() and _is_of_goods(match.string, match.start()):
        return False
    return not (_AMOUNT.fullmatch(match[0]) and _UNIT.match(match.string, match.end()))


def _is_of_goods(text: str, start: int) -> bool:
    """Whether the word before says that what begins here is the number of an invoice, an article or the like."""
    return _GOODS.search(text[max(0, start - _BEFORE) : start]) is not None


def _is_iban(text: str) -> bool:
    """ISO 13616: the check digits make the number 1 modulo 97."""
    plain = text.replace(" ", "")
    moved = plain[4:] + plain[:4]
    return 15 <= len(plain) <= 34 and int("".join(str(int(each, 36)) for each in moved)) % 97 == 1
