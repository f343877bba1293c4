"""What a general tokenizer loses stays whole: percentages, decimals, law numbers, abbreviations, lists."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.swedish.tokens import TokenKind, fold, normalise, sentences, tokenize


def shapes(text: str) -> list[tuple[str, str]]:
    return [(token.text, token.kind.value) for token in tokenize(normalise(text))]


@pytest.mark.parametrize("text", ["17 %", "17%", "17\u00a0%", "17 procent", "17 percent"])
def test_a_percentage_is_its_number_however_it_is_written(text: str) -> None:
    assert shapes(text)[0] == ("17", "percent")


@pytest.mark.parametrize(
    ("text", "token"),
    [
        ("5,5 procent", ("5.5", "percent")),
        ("5.5 %", ("5.5", "percent")),
        ("5,5", ("5.5", "number")),
        ("artikel 26.2", ("26.2", "number")),
        ("12 345 kronor", ("12345", "number")),
        ("12\u00a0345 kronor", ("12345", "number")),
        ("12\u202f345 kronor", ("12345", "number")),
        ("1 000 000 kronor", ("1000000", "number")),
        ("klockan 12:30", ("12:30", "number")),
        ("förordning (EU) 2024/1689", ("2024/1689", "reference")),
        ("lagen (2025:1506)", ("2025:1506", "reference")),
        ("§ 4 a", ("§", "reference")),
        ("§§ 3-10", ("§", "reference")),
        ("avsnitt 3.2.2", ("3.2.2", "reference")),
        ("NIS2", ("nis2", "code")),
        ("eIDAS2", ("eidas2", "code")),
        ("SML-IT", ("sml-it", "word")),
        ("SML–IT", ("sml-it", "word")),
        ("e‑tjänst", ("e-tjänst", "word")),
        ("idé", ("ide", "word")),
    ],
)
def test_figures_and_names_of_administrative_text_are_one_token(text: str, token: tuple[str, str]) -> None:
    assert token in shapes(text)


def test_a_percentage_is_not_a_percentage_point() -> None:
    assert shapes("3 procentenheter")[0] == ("3", "number")


def test_a_range_keeps_both_ends() -> None:
    assert [text for text, _ in shapes("10–20 %")] == ["10", "20"]


def test_a_year_and_an_amount_beside_each_other_stay_two_numbers() -> None:
    assert [text for text, _ in shapes("2024 100")] == ["2024", "100"]


@pytest.mark.parametrize("word", ["år", "ärende", "ö", "Åmål", "Färgelanda", "Sotenäs"])
def test_decomposed_letters_give_the_same_token_as_composed_ones(word: str) -> None:
    decomposed = unicodedata.normalize("NFD", word)
    assert decomposed != word
    assert shapes(decomposed) == shapes(word) == [(word.lower(), "word")]


def test_folding_keeps_the_swedish_letters_and_drops_other_accents() -> None:
    assert fold("ÅÄÖ éèêáàüó") == "åäö eeeaauo"


def test_capitals_are_remembered_beside_the_folded_text() -> None:
    tokens = tokenize("Vad gör Digg nu")
    assert [(token.text, token.capital) for token in tokens] == [
        ("vad", True), ("gör", False), ("digg", True), ("nu", False),
    ]  # fmt: skip


@given(st.text(max_size=200))
def test_every_token_stands_where_it_says_and_in_reading_order(text: str) -> None:
    clean = normalise(text)
    end = 0
    for token in tokenize(clean):
        assert end <= token.start < token.end <= len(clean)
        end = token.end
        if token.kind in (TokenKind.WORD, TokenKind.CODE, TokenKind.REFERENCE):
            stands = fold(clean[token.start : token.end]).replace("§§", "§")
            assert token.text == (stands.replace("-", "") if token.kind is TokenKind.CODE else stands)


@pytest.mark.parametrize(
    "abbreviation",
    ["bl.a.", "t.ex.", "d.v.s.", "fr.o.m.", "t.o.m.", "p.g.a.", "s.k.", "ca.", "nr.", "kap.", "art.", "fig.", "dvs."],
)
def test_an_abbreviation_does_not_end_a_sentence(abbreviation: str) -> None:
    text = f"Det gäller {abbreviation} Tanum och Orust. Resten gäller alla."
    assert sentences(text) == [f"Det gäller {abbreviation} Tanum och Orust.", "Resten gäller alla."]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Ett. Två? Tre! Fyra", ["Ett.", "Två?", "Tre!", "Fyra"]),
        ("Det var 2024. 17 procent svarade.", ["Det var 2024.", "17 procent svarade."]),
        ("Version 2.0 gäller. Den är ny.", ["Version 2.0 gäller.", "Den är ny."]),
        ("Enligt art. 5 gäller 2 kap. 3 § lagen.", ["Enligt art. 5 gäller 2 kap. 3 § lagen."]),
        ("Han sa ”Nej.” Sedan gick han.", ["Han sa ”Nej.”", "Sedan gick han."]),
        ("Det skrev A. B. Svensson. Punkt.", ["Det skrev A. B. Svensson.", "Punkt."]),
        ("Lagen (2025:1506) gäller. (Se bilagan.)", ["Lagen (2025:1506) gäller.", "(Se bilagan.)"]),
        ("Krav:\n- ett krav\n- två krav\n\nSlut.", ["Krav:", "- ett krav", "- två krav", "Slut."]),
        ("| A | B |\n| --- | --- |\n| 1 | 2 |", ["| A | B |", "| --- | --- |", "| 1 | 2 |"]),
        ("inga punkter alls", ["inga punkter alls"]),
        ("", []),
        ("  \n\n ", []),
    ],
)
def test_sentences_and_list_lines_are_cut_where_a_reader_would(text: str, expected: list[str]) -> None:
    assert sentences(text) == expected


@given(st.text(max_size=300))
def test_cutting_into_sentences_loses_nothing_but_white_space(text: str) -> None:
    assert "".join("".join(sentences(text)).split()) == "".join(text.split())


def test_items_of_a_numbered_list_stay_with_their_number() -> None:
    assert sentences("1. Första punkten\n2. Andra punkten") == ["1. Första punkten", "2. Andra punkten"]
    assert sentences("De är 17. Andra är fler.") == ["De är 17.", "Andra är fler."]


def test_a_page_reference_does_not_end_a_sentence() -> None:
    assert sentences("Klart (se s. 14). Nytt.") == ["Klart (se s. 14).", "Nytt."]


def test_an_amount_keeps_its_thousands_and_decimals() -> None:
    assert tokenize("1 234 567,50 kronor")[0].text == "1234567.50"
    percent = tokenize("1 200 procent")[0]
    assert (percent.text, percent.kind) == ("1200", TokenKind.PERCENT)
    assert [token.text for token in tokenize("år 2024 100 procent")][1:3] == ["2024", "100"]
