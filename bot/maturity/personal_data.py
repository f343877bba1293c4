"""Whether words hold a Swedish personal identity number, so that nobody's number is kept with an answer.

Recognised are personal identity numbers, coordination numbers (whose day is counted from 61) and the temporary numbers
of schools and universities, whose last four places begin with T or TF. A possible date is not enough: the check digit
must be right too, where there is one, or every invoice number that looks like a date would be somebody. The forms are
those of `knowledge.personal_numbers`; what is only likely one there is masked, and no reason to refuse an answer.
"""

from __future__ import annotations

from knowledge.digit_groups import groups_of
from knowledge.personal_numbers import Surety, personal_numbers
from knowledge.plain_characters import plain_text


def holds_personal_number(text: str) -> bool:
    """Whether a personal identity number stands anywhere in the text, in whatever form people write them."""
    plain = plain_text(text).text
    return any(found.surety is Surety.SURE for found in personal_numbers(plain, groups_of(plain)))
