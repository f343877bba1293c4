"""R08: personal identity numbers and contact data are masked in every usual form; what only looks like them is not."""

from __future__ import annotations

import logging
import re
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.log_masking import MaskingFormatter
from knowledge.masking import masked

DASHES = ("-", "–", "—", "−", "‑", "－")
SPACES = (" ", "\N{NO-BREAK SPACE}", "\N{THIN SPACE}", "\n")


def checked(nine: str) -> str:
    """With its check digit; SKV 704."""
    total = 0
    for place, digit in enumerate(nine):
        value = int(digit) * (2 - place % 2)
        total += value // 10 + value % 10
    return nine + str(-total % 10)


def number(born: date, serial: int, *, coordination: bool = False) -> tuple[str, str, str]:
    """Century, date and the four last digits."""
    short = f"{born:%y%m}{born.day + 60 * coordination:02}"
    return f"{born.year // 100}", short, checked(f"{short}{serial:03}")[6:]


def forms(century: str, day: str, last: str) -> list[str]:
    y, m, d = day[:2], day[2:4], day[4:]
    found = [f"{long}{day}{sign}{last}" for long in ("", century) for sign in ("", "+", *DASHES, *SPACES)]
    found += [f"{long}{day}{space}-{space}{last}" for long in ("", century) for space in SPACES]
    found += [
        *(f"{century}{y}{sep}{m}{sep}{d}-{last}" for sep in "-. /"),
        *(f"{y}{sep}{m}{sep}{d}-{last}" for sep in "-. /"),
        f"{century} {y} {m} {d} {last}",
        f"{y} {m} {d} {last}",
        f"{day}-{last[:2]} {last[2:]}",
        f"{day}.{last}",
        f"{day}-{' '.join(last)}",
        f"{day}\u200b-{last}",
        f"{day}\u00ad{last}",
        f"{day}-{last}".translate({48 + each: 0xFF10 + each for each in range(10)}),
        f"{day}-{last}".translate({48 + each: 0x660 + each for each in range(10)}),
        f"{day}-{int(last[0]) + 1 if last[0] < '9' else 0}{last[1:]}",
        f"{day}-T{last[1:]}",
        f"{century}{day}-R{last[1:]}",
    ]
    return found


PERSONS = [
    number(date(1985, 1, 1), 123),
    number(date(1912, 12, 12), 121),
    number(date(2004, 2, 29), 7),
    number(date(1978, 10, 30), 988, coordination=True),
]


@pytest.mark.parametrize("around", ["{}", "pnr:{}.", "Jag ({}) frågar", "a{}, b", "”{}”?", "nr {}/{} och {},{}"])
def test_r08_every_form_of_a_personal_identity_number_is_masked(around: str) -> None:
    assert len(forms(*PERSONS[0])) >= 40
    for person in PERSONS:
        for form in forms(*person):
            text = around.replace("{}", form)
            assert masked(text) == around.replace("{}", "[personnummer]"), repr(text)


@settings(max_examples=60)
@given(
    st.dates(date(1900, 1, 1), date(2026, 11, 1)),
    st.integers(1, 999),
    st.booleans(),
    st.sampled_from(["", "-"]),
    st.text("aåö .,:(?", max_size=9),
    st.text("aåö .,:)?", max_size=9),
)
def test_r08_any_number_in_any_text_is_masked(
    born: date, serial: int, coordination: bool, sign: str, before: str, after: str
) -> None:
    century, day, last = number(born, serial, coordination=coordination)
    for text in (f"{before}{day}{sign}{last}{after}", f"{before}{century}{day}{sign}{last}{after}"):
        assert masked(text) == f"{before}[personnummer]{after}"


@pytest.mark.parametrize(
    ("text", "label"),
    [
        *((each, "e-postadress") for each in ("anna.lind@sml-it.se", "a+b@x.co.uk", "anna＠kommun.se")),
        *(
            (each, "e-postadress")
            for each in ("anna (at) kommun.se", "anna[at]kommun[dot]se", "anna snabel-a kommun.se")
        ),
        *((each, "telefonnummer") for each in ("0522-69 60 00", "0522 696000", "08-123 456 78", "(031) 12 34 56")),
        *((each, "telefonnummer") for each in ("070-123 45 67", "0701234567", "0701-23 45 67", "070 – 123 45 67")),
        *((each, "telefonnummer") for each in ("+46701234567", "+46 (0)70-123 45 67", "0046 522 69 60 00")),
        *((each, "telefonnummer") for each in ("+47 22 12 34 56", "+1 202 555 0143")),
        *((each, "kortnummer") for each in ("4111 1111 1111 1111", "5500-0000-0000-0004", "378282246310005")),
        ("SE45 5000 0000 0583 9825 7466", "kontonummer"),
    ],
)
def test_r08_contact_data_cards_and_accounts_are_masked(text: str, label: str) -> None:
    assert masked(f"Nås på {text}, tack") == f"Nås på [{label}], tack"


def negatives() -> list[str]:
    """Numbers that are nobody's, as questions about digitalisation hold them."""
    found = ["112", "1177", "114 14", "GDPR artikel 32.1", "ISO 27001:2022", "kl. 08-17", "08.00–16.30", "v. 45 2026"]
    found += ["978-91-7000-150-1", "9789170001501", "0-306-40615-7", "192.168.10.12", "10 000–20 000 kr", "@Fyren hej"]
    for each in range(40):
        found += [
            checked(f"{556000 + each * 37}{(each * 71) % 1000:03}")[:6] + "-" + "0680",
            f"212000-{1300 + each}",
            f"dnr KS 2024/{100 + each * 7}",
            f"SFS {1990 + each % 36}:{each * 31 + 1}",
            f"EU {2010 + each % 16}/{1000 + each * 23}",
            str(date(2020, 1, 31) + timedelta(days=61 * each)),
            f"{each + 1} {100 + each * 13} {each * 23 % 1000:03} kr",
            f"{each * 2},{each % 10} procent av {1000 + each * 211} anställda",
            f"{2000 + each % 20}–{2030 + each % 9}",
        ]
    return found


def test_r08_what_only_looks_like_it_is_left_alone() -> None:
    texts = negatives()
    assert len(texts) >= 300
    wrong = [each for each in texts if masked(f"Vad gäller {each}?") != f"Vad gäller {each}?"]
    assert len(wrong) < len(texts) / 100, wrong


@settings(max_examples=80)
@given(st.text(st.sampled_from("0123456789 -+.@/:()[]aTs\n") | st.characters(codec="utf-8"), max_size=60))
def test_r08_masking_again_changes_nothing(text: str) -> None:
    once = masked(text)
    assert masked(once) == once


@settings(max_examples=40)
@given(st.text(st.characters(exclude_categories=["N", "C"], exclude_characters="@＠﹫([{"), max_size=80))
def test_r08_a_text_without_digits_and_signs_stays(text: str) -> None:
    if "snabel" not in text.lower():
        assert masked(text) == text


def test_r08_a_log_record_is_masked_with_its_exception() -> None:
    try:
        raise ValueError("from 850101-1236")
    except ValueError as error:
        record = logging.LogRecord("x", 40, "f", 1, "got %s", ("a@b.se",), (ValueError, error, error.__traceback__))
    told = MaskingFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s")).format(record)
    assert record.args == ("a@b.se",)  # handlers that look at the record themselves find it as it was
    assert re.match(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d,\d{3} ERROR x: got", told)
    assert "got [e-postadress]" in told
    assert "from [personnummer]" in told
    assert "850101" not in told.replace('ValueError("from 850101-1236")', "")


@pytest.mark.parametrize(
    "text",
    [
        "åren 2016 2019 2022 2025",
        "perioden 2023-08-17 2023-08-11",
        "omgångarna 2013-2016-2019-2022",
        "konto 653355 i kontoplanen",
    ],
)
def test_r08_years_dates_and_accounts_of_a_ledger_stay(text: str) -> None:
    assert masked(text) == text
