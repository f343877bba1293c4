"""Personal identity numbers are found in whatever form they are written, and other numbers are let through.

Every number is made up: the last four places begin with 98 as in the Swedish Tax Agency's numbers for testing, or with
what a form needs, and the check digit is computed here.
"""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.maturity.personal_data import holds_personal_number

EN_DASH, MINUS, NON_BREAKING_HYPHEN = "\u2013", "\u2212", "\u2011"
HARD_SPACE, THIN_SPACE, ZERO_WIDTH_SPACE, SOFT_HYPHEN = "\u00a0", "\u2009", "\u200b", "\u00ad"
FULL_WIDTH = str.maketrans("0123456789-", "０１２３４５６７８９－")


def check_digit(nine: str) -> str:
    """Luhn, in the textbook's way: from the right, every other digit doubled and its digits added up."""
    total = 0
    for place, digit in enumerate(reversed(nine)):
        value = int(digit)
        if place % 2 == 0:
            value = sum(int(each) for each in str(value * 2))
        total += value
    return str(-total % 10)


def number(born: str, serial: str = "987") -> str:
    """Ten digits: six of the date, and four."""
    return born + serial + check_digit(born + serial)


def wrong(ten: str) -> str:
    """The same with a check digit that is not right."""
    return ten[:-1] + str((int(ten[-1]) + 1) % 10)


ANNA = number("811218")
BO = number("640823", "323")
TOVE = number("040229")
COORDINATED = number("701063", "239")
A, B = ANNA[:6], ANNA[6:]
C, D = COORDINATED[:6], COORDINATED[6:]

POSITIVE = {
    "ten digits": ANNA,
    "twelve digits": f"19{ANNA}",
    "hyphen": f"{A}-{B}",
    "hyphen and century": f"19{A}-{B}",
    "plus for a hundred years": f"{A}+{B}",
    "plus and century": f"18{A}+{B}",
    "en dash": f"{A}{EN_DASH}{B}",
    "en dash and century": f"19{A}{EN_DASH}{B}",
    "minus sign": f"{A}{MINUS}{B}",
    "minus sign and century": f"19{A}{MINUS}{B}",
    "hyphen that does not break": f"{A}{NON_BREAKING_HYPHEN}{B}",
    "space": f"{A} {B}",
    "space and century": f"19{A} {B}",
    "hard space": f"{A}{HARD_SPACE}{B}",
    "thin space": f"19{A}{THIN_SPACE}{B}",
    "spaces around the hyphen": f"{A} - {B}",
    "space after the hyphen": f"19{A}- {B}",
    "spaces around the en dash": f"{A} {EN_DASH} {B}",
    "line break": f"{A}\n{B}",
    "date with hyphens": f"1981-12-18-{B}",
    "date with hyphens, then a space": f"1981-12-18 {B}",
    "date with slashes": f"1981/12/18-{B}",
    "date with spaces": f"1981 12 18 {B}",
    "short date with hyphens": f"81-12-18-{B}",
    "short date with spaces": f"81 12 18 {B}",
    "pairs": " ".join(ANNA[place : place + 2] for place in range(0, 10, 2)),
    "fours": f"1981 1218 {B}",
    "century apart": f"19 {A}-{B}",
    "check digit apart": f"{A}-{B[:3]}-{B[3]}",
    "full-width digits": f"{A}-{B}".translate(FULL_WIDTH),
    "full-width digits and century": f"19{ANNA}".translate(FULL_WIDTH),
    "full-width digits, ordinary hyphen": f"{A.translate(FULL_WIDTH)}-{B.translate(FULL_WIDTH)}",
    "invisible space inside": f"{A[:4]}{ZERO_WIDTH_SPACE}{A[4:]}-{B}",
    "soft hyphen inside": f"{A}{SOFT_HYPHEN}{B}",
    "coordination number": COORDINATED,
    "coordination number, hyphen": f"{C}-{D}",
    "coordination number, century": f"19{C}-{D}",
    "coordination number, space": f"19{C} {D}",
    "coordination number, minus sign": f"{C}{MINUS}{D}",
    "coordination number, date with hyphens": f"1970-10-63-{D}",
    "coordination number, full-width": f"{C}-{D}".translate(FULL_WIDTH),
    "temporary number T": f"{A}-T123",
    "temporary number T, century": f"19{A}-T123",
    "temporary number T, no hyphen": f"{A}T123",
    "temporary number TF": f"{A}-TF12",
    "temporary number TF, century": f"19{A}-TF12",
    "temporary number TF, no hyphen": f"19{A}TF12",
    "temporary number TF, small letters": f"{A}-tf12",
    "temporary number TF, en dash": f"{A}{EN_DASH}TF12",
    "temporary number TF, space": "1981-12-18 TF12",
    "coordination-like temporary number": f"{C}-TF12",
    "born on 29 February": TOVE,
    "born after 2000": f"20{TOVE}",
    "in a sentence": f"Ärendet gäller Anna ({A}-{B}), som har flyttat.",
    "after a colon": f"pnr:{ANNA}",
    "after letters": f"personnummer{A}-{B}",
    "before letters": f"{A}-{B}:s ärende",
    "before a full stop": f"Det gäller {A}-{B}.",
    "after another number": f"Ärende 17 {A}-{B}",
    "before another number": f"{ANNA} 2024",
    "before an amount": f"{A}-{B} fick 100,50 kr",
    "two with a comma between": f"{wrong(ANNA)},{BO[:6]}-{BO[6:]}",
    "after a date": f"2024-05-01 {A}-{B}",
    "in a web address": f"https://example.invalid/person/19{ANNA}?visa=1",
    "a word that ends in ring": f"registrering {number('070312')}",
    "at the end of a long text": "Vi har arbetat med detta länge. " * 300 + f"{A}-{B}",
}

NEGATIVE = {
    "nothing": "",
    "words": "Vi har inga nummer att tala om.",
    "organisation number": number("556016", "068"),
    "organisation number, hyphen": "556016-0680",
    "organisation number of a municipality": "212000-1397",
    "organisation number of a federation": "222000-1776",
    "organisation number with 16 before it": "16212000-1397",
    "VAT number": "SE556016068001",
    "mobile number": "070-123 45 67",
    "mobile number in one": "0730123456",
    "mobile number to call": f"ring {number('070112')}",
    "mobile number with a heading": f"Telefon: {number('070312')}",
    "number from abroad": "+46 70 123 45 67",
    "number from abroad in one": "+46701234567",
    "number from abroad with noughts": "0046701234567",
    "exchange": "0522-69 60 00",
    "Stockholm number": "08-123 456 78",
    "emergency numbers": "112, 1177 och 113 13",
    "date": "1981-12-18",
    "short date": "811218",
    "date without hyphens": "19811218",
    "two dates": "2024-05-01 2024-06-30",
    "period": "2024-05-01--2024-06-30",
    "date and time": "2026-03-09 14:30",
    "date and time without a colon": "2026-03-09 1430",
    "timestamp": "2026-03-09T14:30:00",
    "timestamp in one": "20260309143000",
    "compact timestamp": "20260309T143000Z",
    "years": "2020 2021 2022 2023 2024",
    "span of years": "2024-2026",
    "invoice number": "1004938271",
    "long invoice number": "200012345678901",
    "payment reference": "7320 1456 8890 1",
    "giro number": "5050-1055",
    "plus giro": "4 12 34 56-7",
    "IBAN": "SE45 5000 0000 0583 9825 7466",
    "IBAN in one": "SE4550000000058398257466",
    "card number": "4242 4242 4242 4242",
    "reference": "KS 2024/00123-4",
    "regulation": "Förordning (EU) 2024/1689, artikel 50.2",
    "law": "SFS 2018:218 och 2025:1506",
    "amount": "1 234 567 890 kr",
    "amount with decimals": f"{ANNA},50",
    "decimals": "3,1415926535",
    "wrong check digit": wrong(ANNA),
    "wrong check digit, hyphen": f"{wrong(ANNA)[:6]}-{wrong(ANNA)[6:]}",
    "month that does not exist": number("811318"),
    "day that does not exist": number("810431"),
    "day between days and coordination numbers": number("810145"),
    "coordination day that does not exist": number("810492"),
    "29 February in a common year": f"1981{number('810229')[2:]}",
    "century that does not fit": f"17{ANNA}",
    "serial of noughts": number("811218", "000"),
    "eleven digits": f"{ANNA}1",
    "nine digits": ANNA[:9],
    "inside a longer number": f"4{ANNA}77",
    "letters inside": f"{A}-AB12",
    "temporary number without a date": "T123 och TF12",
    "temporary number with an impossible date": "811318-TF12",
    "room after a time": "2026-03-09 13:15 T1234",
    "version": "26.11.0 och 3.13.1",
    "IP address": "192.168.100.101",
    "identifier": "0f4a8c12-18d9-4a76-9c1e-5b2f6d7e8a90",
    "postal code": "451 81 Uddevalla",
    "share of answers": "17, 28, 33, 6 och 2 procent",
    "index": "100 200 300 400",
}


@pytest.mark.parametrize("text", POSITIVE.values(), ids=POSITIVE.keys())
def test_r08_a_personal_identity_number_is_found_in_every_form(text: str) -> None:
    assert holds_personal_number(text)


@pytest.mark.parametrize("text", NEGATIVE.values(), ids=NEGATIVE.keys())
def test_r08_other_numbers_are_none(text: str) -> None:
    assert not holds_personal_number(text)


def test_r08_the_corpus_is_as_large_as_it_is_meant_to_be() -> None:
    assert len(POSITIVE) >= 40
    assert len(NEGATIVE) >= 40


DAYS = st.dates(date(1900, 1, 1), date(2026, 1, 1))
SERIALS = st.integers(1, 999).map("{:03d}".format)
JOINTS = st.sampled_from(["", "-", " ", "+", EN_DASH, MINUS, " - "])


@settings(deadline=None)
@given(DAYS, SERIALS, JOINTS, st.booleans(), st.booleans())
def test_r08_every_possible_number_is_found(born: date, serial: str, joint: str, century: bool, abroad: bool) -> None:
    day = born.day + (60 if abroad else 0)
    ten = number(f"{born:%y%m}{day:02d}", serial)
    written = f"{f'{born:%Y}'[:2] if century else ''}{ten[:6]}{joint}{ten[6:]}"
    assert holds_personal_number(f"Det gäller {written} sedan i våras")


@settings(deadline=None)
@given(DAYS, SERIALS, JOINTS)
def test_r08_no_number_with_a_wrong_check_digit_is_found(born: date, serial: str, joint: str) -> None:
    ten = wrong(number(f"{born:%y%m%d}", serial))
    assert not holds_personal_number(f"Det gäller {ten[:6]}{joint}{ten[6:]} sedan i våras")


@settings(deadline=None)
@given(st.dates(date(2000, 1, 1), date(2030, 1, 1)), st.integers(0, 365))
def test_r08_dates_are_never_taken_for_one(first: date, length: int) -> None:
    last = first + timedelta(days=length)
    assert not holds_personal_number(f"Från {first} till {last}, alltså {first:%Y%m%d}-{last:%Y%m%d}")


@settings(deadline=None)
@given(st.text(alphabet=st.characters(codec=None), max_size=400), st.text(max_size=50))
def test_r08_a_number_is_found_in_the_middle_of_anything(before: str, after: str) -> None:
    assert holds_personal_number(f"{before}\nnummer {A}-{B} och {after}")
