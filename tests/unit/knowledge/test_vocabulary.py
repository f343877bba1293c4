"""The look-ups of a vocabulary find what comparing every single term would find."""

from __future__ import annotations

import threading

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rapidfuzz.distance import OSA

from knowledge.swedish.vocabulary import LONG, MIN_LENGTH, MOST_LONGER, Vocabulary

WORDS = ["data", "digitaliser", "handlingsplan", "koll", "kommun", "portfölj", "roll", "styrning", "säkerhet"]
NEAR = st.text(alphabet="abåäoö-", max_size=8)
"""Words of few letters are often near each other."""
LONG_NEAR = st.builds("".join, st.lists(st.sampled_from(("data", "adat", "tt", "å", "säk", "er")), max_size=5))
VOCABULARIES = st.lists(st.one_of(NEAR, LONG_NEAR, st.text(max_size=12)), max_size=40, unique=True)


def differs_in_marks_only(term: str, word: str) -> bool:
    bare, marked = term.replace("-", ""), word.replace("-", "")
    pairs = {("a", "å"), ("a", "ä"), ("o", "ö")}
    same = all(a == b or (a, b) in pairs for a, b in zip(bare, marked, strict=False))
    return bool(bare) and word != term and len(bare) == len(marked) and same


def is_longer(term: str, word: str) -> bool:
    return len(word) >= len(term) + 3 and (word.startswith(term) or word.endswith(term))


def slips(term: str, word: str) -> int | None:
    """How many edits a word is away, where that is near enough."""
    if len(word) < MIN_LENGTH - 1:
        return None
    distance = OSA.distance(term, word)
    if word[0] == term[0]:
        return distance if distance <= (2 if len(term) >= LONG else 1) else None
    swapped = term[1] + term[0] + term[2:]
    return 1 if distance == 1 and (term[1:] in (word, word[1:]) or word in (swapped,) or word[1:] == term) else None


@given(NEAR, VOCABULARIES)
def test_spellings_without_marks_are_those_that_a_scan_finds(term: str, words: list[str]) -> None:
    assert set(Vocabulary(words).plain(term)) == {word for word in words if differs_in_marks_only(term, word)}


@given(st.one_of(NEAR, LONG_NEAR), VOCABULARIES)
def test_longer_terms_are_the_shortest_that_a_scan_finds(term: str, words: list[str]) -> None:
    scanned = [word for word in words if is_longer(term, word)]
    allowed = len(term) >= MIN_LENGTH and term.isalpha()
    expected = sorted(scanned, key=lambda word: (len(word), word))[:MOST_LONGER] if allowed else []
    assert list(Vocabulary(words).longer(term)) == expected


@given(st.one_of(NEAR, LONG_NEAR, st.text(max_size=12)), VOCABULARIES)
def test_corrections_are_the_nearest_that_a_scan_finds(term: str, words: list[str]) -> None:
    found = Vocabulary(words).corrections(term, limit=100)
    if len(term) < MIN_LENGTH or not term.isalpha() or term in words:
        assert found == ()
        return
    distances = {word: distance for word in words if (distance := slips(term, word)) is not None}
    nearest = min(distances.values(), default=0)
    assert found == tuple(sorted(word for word, distance in distances.items() if distance == nearest))


@given(st.text(max_size=30), VOCABULARIES)
def test_any_text_can_be_looked_up(term: str, words: list[str]) -> None:
    vocabulary = Vocabulary(words)
    for found in (vocabulary.plain(term), vocabulary.longer(term), vocabulary.corrections(term)):
        assert set(found) <= set(words) - {term}
    assert (term in vocabulary) == (term in words)
    assert list(vocabulary) == sorted(words)
    assert len(vocabulary) == len(words)


def test_what_is_no_word_is_in_no_vocabulary() -> None:
    assert 7 not in Vocabulary(["7"])


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("porfölj", "portfölj"),  # a letter lost
        ("portffölj", "portfölj"),  # a letter doubled
        ("protfölj", "portfölj"),  # two swapped
        ("portfolj", "portfölj"),  # a keyboard without ö
        ("komun", "kommun"),
        ("okmmun", "kommun"),  # the first two swapped
        ("jommun", "kommun"),  # the key beside it
        ("ommun", "kommun"),
        ("kkommun", "kommun"),
        ("stynring", "styrning"),
        ("handlnigspaln", "handlingsplan"),  # two slips in a long word
    ],
)
def test_one_slip_is_forgiven_and_two_in_a_long_word(typed: str, meant: str) -> None:
    assert Vocabulary(WORDS).corrections(typed) == (meant,)


@pytest.mark.parametrize("word", ["dato", "kol", "rol", "nis", "it", "x", ""])
def test_short_words_are_never_corrected(word: str) -> None:
    assert len(word) < MIN_LENGTH
    assert Vocabulary(WORDS).corrections(word) == ()


@pytest.mark.parametrize("word", ["nis22", "17000", "sml-itt", "2024/1688"])
def test_names_with_digits_or_signs_are_never_corrected(word: str) -> None:
    assert Vocabulary(["nis2", "nis23", "sml-it", "17001", "2024/1689"]).corrections(word) == ()


def test_a_word_that_the_index_holds_is_never_corrected() -> None:
    assert Vocabulary(["kommun", "kommune"]).corrections("kommun") == ()


def test_two_errors_in_a_short_word_are_too_many() -> None:
    assert len("konmnu") < LONG
    assert Vocabulary(WORDS).corrections("konmnu") == ()


def test_another_first_letter_needs_the_rest_to_agree() -> None:
    assert Vocabulary(WORDS).corrections("jandlnigsplan") == ()


def test_the_nearest_words_come_first_and_farther_ones_are_left_out() -> None:
    assert Vocabulary(["handlingsplan", "handlingsplats"]).corrections("handlingsplam") == ("handlingsplan",)


def test_no_more_than_asked_for() -> None:
    assert len(Vocabulary(["testb", "testc", "testd", "teste", "testf"]).corrections("testa", limit=2)) == 2


def test_missing_dots_and_hyphens_are_read_into_a_word_and_dots_are_never_taken_away() -> None:
    vocabulary = Vocabulary(["it-direktör", "vast", "väst", "våst", "e-arkiv"])
    assert vocabulary.plain("vast") == ("väst", "våst")
    assert vocabulary.plain("väst") == ()
    assert vocabulary.plain("itdirektor") == ("it-direktör",)
    assert vocabulary.plain("e-ark-iv") == ("e-arkiv",)
    assert vocabulary.plain("-") == ()


def test_threads_that_ask_at_once_get_the_same_answer() -> None:
    vocabulary = Vocabulary([f"ord{n}styrning" for n in range(2_000)])
    found: list[tuple[str, ...]] = []
    threads = [threading.Thread(target=lambda: found.append(vocabulary.longer("styrning"))) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    vocabulary.prepare()
    assert set(found) == {vocabulary.longer("styrning")}
    assert len(found) == 8
