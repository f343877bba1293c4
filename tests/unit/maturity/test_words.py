"""Free words of an answer: too long or with a personal identity number they are refused, contact data is masked."""

from __future__ import annotations

import pytest

from bot.maturity.errors import Refused
from bot.maturity.words import checked


def test_r08_contact_data_is_not_kept_with_an_answer() -> None:
    kept = checked(" Fråga anna.ek@example.se eller ring 0522-123 45. ", 1000)
    assert kept == "Fråga [e-postadress] eller ring [telefonnummer]."
    assert checked(kept, 1000) == kept


def test_r08_a_personal_identity_number_is_still_refused_and_not_masked_in_silence() -> None:
    with pytest.raises(Refused) as refused:
        checked("Det gäller 811218-9876.", 1000)
    assert refused.value.args[0] == "personal_number"


def test_words_that_fit_once_fit_when_they_are_taken_in_again() -> None:
    with pytest.raises(Refused):
        checked("a@b.se " * 20, 150)


def test_plain_words_stay_as_they_were_written() -> None:
    assert checked("Vi införde 2024/1689 den 2 augusti.", 1000) == "Vi införde 2024/1689 den 2 augusti."
