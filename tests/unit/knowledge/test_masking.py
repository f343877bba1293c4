"""R08: personal identity numbers and contact data are masked in every usual form; what only looks like them is not."""

from __future__ import annotations

import sys
import unicodedata
from datetime import date
from pathlib import Path
from types import FrameType

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from knowledge import masking
from knowledge.masking import masked
from knowledge.plain_characters import WIDEST, plain_text
from tests.unit.knowledge.held_out_numbers import held_out
from tests.unit.knowledge.nobodys_numbers import nobodys
from tests.unit.knowledge.numbers_of_persons import forms, mistyped, number, with_check_digit

PERSONS = [
    number(date(1985, 1, 1), 123),
    number(date(1912, 12, 11), 121),
    number(date(2004, 2, 29), 7),
    number(date(1978, 10, 30), 988, coordination=True),
    number(date(2016, 3, 12), 104),
]
SENTENCES = Path(__file__).parent / "data" / "municipal_sentences.yaml"


@pytest.mark.parametrize("around", ["{}", "pnr:{}.", "Jag ({}) frågar", "a{}, b", "”{}”?", "nr {} eller {} och {},{}"])
def test_r08_every_form_of_a_personal_identity_number_is_masked(around: str) -> None:
    assert len(set(forms(*PERSONS[0]))) >= 40
    for person in PERSONS:
        for form in forms(*person):
            text = around.replace("{}", form)
            assert masked(text) == around.replace("{}", "[personnummer]"), repr(text)


def test_r08_two_numbers_side_by_side_are_masked_whole() -> None:
    for person in PERSONS:
        for form in forms(*person):
            for between in ("/", " ", "-"):
                left = masked(f"nr {form}{between}{form}.")
                assert not any(map(str.isdigit, left)), (form, left)


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


MISTYPED = [
    *("850101-2236", "19850101-2236", "850101–2236", "850101+2236", "160312-7145", "barnet 160312-9945 är"),
    *("personnummer 160312-1245", "pnr 160312 1245", "Person-nr: 8501011237", "samordningsnummer 781090-0982"),
    *("född 160312–1145", "personnumret är 20160312-1145", "Personal identity number: 160312-1145"),
]
NOT_MISTYPED = [
    *("230822–1203", "230822-1203", "160312-1145", "20240115-0930", "dnr 850101-2236", "fakturanr 850101-2236"),
    *("8501011237", "850101 2236", "851301-2236", "850132-2236", "17850101-2236", "10-850101-2236-01"),
    *("inget personnummer. Perioden 230822-1203", "perioden 160312-1045", "period: 160312–1045"),
]


@pytest.mark.parametrize("text", MISTYPED)
def test_r08_a_mistyped_number_is_masked_where_it_cannot_be_a_period_or_is_called_one(text: str) -> None:
    assert "[personnummer]" in masked(text)
    assert not any(map(str.isdigit, masked(text)))


@pytest.mark.parametrize("text", NOT_MISTYPED)
def test_r08_periods_moments_and_cases_are_no_mistyped_numbers(text: str) -> None:
    assert masked(text) == text


def test_r08_mistyped_numbers_of_most_years_need_no_word_before_them() -> None:
    for born in (date(1985, 1, 1), date(1978, 10, 30), date(1944, 6, 6), date(1990, 2, 3)):
        _, day, last = number(born, 123)
        assert masked(f"Jag är {day}-{mistyped(last)}.") == "Jag är [personnummer]."


@pytest.mark.parametrize(
    ("text", "label"),
    [
        *(
            (each, "e-postadress")
            for each in ("anna.lind@sml-it.se", "a+b@x.co.uk", "anna＠kommun.se", "å.ö@kommun.se")
        ),
        *((each, "e-postadress") for each in ("anna (at) kommun.se", "anna[at]kommun[dot]se", "anna@ kommun.se")),
        *((each, "e-postadress") for each in ("anna snabel-a kommun.se", "anna(snabela)kommun punkt se")),
        *((each, "telefonnummer") for each in ("0522-69 60 00", "0522 696000", "08-123 456 78", "(031) 12 34 56")),
        *((each, "telefonnummer") for each in ("070-123 45 67", "0701234567", "0701-23 45 67", "070 – 123 45 67")),
        *((each, "telefonnummer") for each in ("+46701234567", "+46 (0)70-123 45 67", "0046 522 69 60 00")),
        *((each, "telefonnummer") for each in ("+47 22 12 34 56", "+1 202 555 0143", "０７０−１２３ ４５ ６７")),
        *((each, "kortnummer") for each in ("4111 1111 1111 1111", "5500-0000-0000-0004", "378282246310005")),
        *((each, "kortnummer") for each in ("3782 822463 10005", "4111111111111111", "2223003122003222")),
        *((each, "kontonummer") for each in ("SE45 5000 0000 0583 9825 7466", "SE4550000000058398257466")),
    ],
)
def test_r08_contact_data_cards_and_accounts_are_masked(text: str, label: str) -> None:
    assert masked(f"Nås på {text}, tack") == f"Nås på [{label}], tack"


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("kort 4111 1111 1111 1111 123", "kort [kortnummer] 123"),
        ("4111111111111111/5500000000000004", "[kortnummer]/[kortnummer]"),
        ("konto 8327-9, 123 456 789-0", "konto [kontonummer]"),
        ("bankgiro 5050-1055", "bankgiro [kontonummer]"),
        ("konto 6789 123 456 789 2025-03-01", "konto [kontonummer] 2025-03-01"),
        (f"konto 3300-850101-{PERSONS[0][2]}", "konto [personnummer]"),
        (f"sms till {with_check_digit('070112123')}", "sms till [telefonnummer]"),
        (f"fax på {with_check_digit('040112123')}", "fax på [telefonnummer]"),
        (f"sms {with_check_digit('070112123')}", "sms [telefonnummer]"),
    ],
)
def test_r08_what_stands_beside_it_hides_nothing(text: str, left: str) -> None:
    assert masked(text) == left


def wrong(texts: list[str]) -> list[str]:
    return [each for each in texts if masked(each) != each]


def test_r08_what_only_looks_like_it_is_left_alone() -> None:
    texts = [f"Vad gäller {each}?" for each in nobodys()]
    assert len(texts) >= 300
    assert wrong(texts) == []


def test_r08_fewer_than_one_in_a_hundred_numbers_that_were_held_out_are_taken_for_somebodys() -> None:
    texts = list(held_out())
    assert len(texts) >= 300
    assert len(wrong(texts)) < len(texts) / 100


def test_r08_sentences_from_municipalities_stay_as_they_are() -> None:
    texts = yaml.safe_load(SENTENCES.read_text(encoding="utf-8"))
    assert len(set(texts)) >= 80
    assert wrong(texts) == []


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


def test_r08_a_text_that_still_changes_after_all_passes_is_not_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(masking, "PASSES", 0)
    assert masked("850101-1236") == masking.ALL
    assert masked("inga nummer") == "inga nummer"


def test_r08_no_number_hides_in_a_character_that_is_kept_for_its_length() -> None:
    kept = [chr(code) for code in range(0x20000) if len(unicodedata.normalize("NFKC", chr(code))) > WIDEST]
    assert "\ufdfa" in kept
    # Radians per second squared hold the one digit.
    held = {each for form in kept for each in unicodedata.normalize("NFKC", form) if each.isdigit() or each in "@."}
    assert held <= {"2"}
    assert len(plain_text("".join(kept) * 9).text) == 9 * len(kept)


def test_r08_plain_characters_are_the_same_by_the_short_way_and_the_long() -> None:
    text = "".join(map(chr, range(0x20, 0x7F))) + "\n\r\tÅÄÖåäöéÉüß×÷"
    for each in text:
        long = plain_text(f"{each}\N{EN DASH}")
        short = plain_text(each)
        assert (f"{short.text}-", *short.starts, *short.ends) == (long.text, *long.starts[:-1], *long.ends[:-1])


HOSTILE = (
    *(
        "1",
        "1 ",
        "12 ",
        "1-",
        "0 ",
        "   1",
        "4111 ",
        "121212-2212 ",
        "811218-9876-",
        "811218-T",
        "\N{PARENTHESIZED NUMBER TEN}",
    ),
    *("@", ".", "-", " ", "(at", "a@", "a.", "a-", "x@a . ", "a (at) ", "a dot ", "\ufdfa", "1\u200b"),
    *("+46 70-1", "08-1 1", "konto 1 ", "tel 07", "SE45 5000 ", "personnummer 160312-1145 "),
)


def calls_of(text: str) -> int:
    """Calls of functions while a text is masked, as a measure of work that is the same on every machine."""
    count = 0

    def called(frame: FrameType, event: str, argument: object) -> None:
        nonlocal count
        count += event in ("call", "c_call")

    before = sys.getprofile()
    sys.setprofile(called)
    try:
        masked(text)
    finally:
        sys.setprofile(before)
    return count


@pytest.mark.parametrize("hostile", HOSTILE)
def test_r08_twice_as_long_a_text_is_at_most_twice_the_work(hostile: str) -> None:
    short = hostile * (240 // len(hostile))
    masked(short)  # what is remembered of its characters is
    assert calls_of(short * 2) <= 2.2 * calls_of(short) + 100
    assert len(plain_text(short).text) <= WIDEST * len(short)
