"""A spelling dictionary says what may begin a compound and what may end one, and which words are names."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError

import pytest

from knowledge.swedish import lexicon as module
from knowledge.swedish.lexicon import NO_LEXICON, load_lexicon, read_lexicon
from knowledge.swedish.stems import stem

RULES = """
SFX  v  N  2
SFX  v  a  s/WXZ  a
SFX  v  0  s/WXZ  [^a]

SFX  w  N  1
SFX  w  a  u/WXZ  a

SFX  r  N  1
SFX  r  0  -/WX  .

SFX  A  Y  1
SFX  A  0  s  .
""".splitlines()
ENTRIES = [
    "säkerhet/ADvY",
    "gata/AEGYw",
    "arbete/CEFY",
    "arbets/UXZ",
    "råd/bBDR",
    "person/ADHXY",
    "al/AbBD",
    "Strömstad/Av",
    "strömstad/%A",
    "Domstolen/A",
    "TV-soffa/AEG",
    "gett",
    "ai/r",
]


@pytest.fixture
def unread() -> Iterator[None]:
    """The dictionary as if nobody had read it yet, and again afterwards."""
    load_lexicon.cache_clear()
    yield
    load_lexicon.cache_clear()


def test_linking_letters_are_those_of_the_dictionary() -> None:
    first = read_lexicon(ENTRIES, RULES).first
    assert first == {
        "säkerhets": stem("säkerhet"),
        "gatu": stem("gata"),
        "arbets": stem("arbete"),
        "person": stem("person"),
    }


def test_only_words_that_may_end_a_compound_do() -> None:
    found = read_lexicon(ENTRIES, RULES)
    assert found.last == {stem("säkerhet"), stem("gata"), stem("arbete"), stem("person")}
    assert found.short == {"råd"}
    assert "gett" in found.whole
    assert "arbets" not in found.whole


def test_what_is_written_with_a_capital_is_a_name_unless_it_is_a_noun_with_an_article() -> None:
    assert read_lexicon(ENTRIES, RULES).names == {stem("strömstad")}


def test_the_installed_dictionary_knows_the_words_of_administration() -> None:
    found = load_lexicon()
    assert found
    assert found.first["säkerhets"] == stem("säkerhet")
    assert found.first["verksamhets"] == stem("verksamhet")
    assert {stem("lag"), stem("förordning"), stem("myndighet")} <= found.last
    assert "al" not in found.whole
    assert load_lexicon() is found


@pytest.mark.usefixtures("unread")
def test_without_the_dictionary_there_is_an_empty_one_and_the_log_says_so_once(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def missing(package: str) -> None:
        raise PackageNotFoundError(package)

    monkeypatch.setattr(module, "files", missing)
    with caplog.at_level(logging.WARNING, "knowledge.swedish.lexicon"):
        assert not load_lexicon()
        assert load_lexicon() == NO_LEXICON
    [record] = caplog.records
    assert "hunspell-sv" in record.getMessage()
