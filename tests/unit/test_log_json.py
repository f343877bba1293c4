"""Lines of the log as JSON: what stands in them, and what never does."""

from __future__ import annotations

import io
import json
import logging
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.logs.json_lines import JsonFormatter
from bot.logs.masking import MaskingFormatter
from bot.logs.words import TOLD, without_words
from bot.telemetry.turn_notes import TurnNotes, noted

SAID = 'Min chef "Anna" har sagt att vi ska lägga ner\nväxeln i Munkedal'


def written(formatter: logging.Formatter, message: str, *args: object, **extra: object) -> str:
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(formatter)
    logger = logging.Logger("tests.json")
    logger.addHandler(handler)
    try:
        raise ValueError(f"cannot store {SAID!r}, of 811218-9876")
    except ValueError:
        logger.exception(message, *args, extra=extra, stack_info=True)  # a stack quotes this line: 811218-9876
    return stream.getvalue()


def line(**extra: object) -> dict[str, Any]:
    [one] = written(JsonFormatter(), "reference %s: %s failed", "A3F9", "a turn", **extra).splitlines()
    told: dict[str, Any] = json.loads(one)
    return told


def test_a_line_is_one_object_with_its_fields() -> None:
    trace = "0af7651916cd43dd8448eb211c80319c"
    with noted(TurnNotes("0123456789ab", SAID)):
        told = line(reference="A3F9", trace=trace)
    assert (told["level"], told["logger"]) == ("ERROR", "tests.json")
    assert told["message"] == "reference A3F9: a turn failed"
    assert (told["conversation"], told["reference"], told["trace"]) == ("0123456789ab", "A3F9", trace)
    assert told["time"].endswith("+00:00")
    assert "test_log_json.py" in told["exception"]
    assert "a stack quotes this line" in told["stack"]
    assert {"conversation", "reference", "trace"}.isdisjoint(line())


@pytest.mark.parametrize("formatter", [JsonFormatter(), MaskingFormatter()], ids=["json", "text"])
def test_a22_the_words_of_the_turn_and_personal_numbers_are_in_no_line(formatter: logging.Formatter) -> None:
    with noted(TurnNotes("0123456789ab", SAID)):
        told = written(formatter, "could not keep %s", SAID[:40])
    assert TOLD in told
    assert "0123456789ab" in told
    for secret in ("Anna", "lägga ner", "Munkedal", "811218", "9876"):
        assert secret not in told
    assert "ValueError: cannot store" in told
    assert "a stack quotes this line" in told


@given(st.text("abc xyz", min_size=20, max_size=60), st.integers(0, 30), st.integers(12, 40))
def test_a_quotation_of_some_words_is_found_however_it_is_cut(said: str, start: int, length: int) -> None:
    cut = said[start : start + length]
    whole = [each for each in cut.split() if f" {each} " in f" {said} "]
    line = f"ERROR 5 seconds: {cut!r} refused"
    told = without_words(line, said)
    assert told.startswith("ERROR 5 seconds: ")
    assert told.endswith(" refused")
    if len(whole) >= 5:  # at the edges words may be cut in two
        assert cut not in told


def test_without_words_or_with_next_to_none_a_line_stays_as_it_is() -> None:
    for said in ("", "  ", "ja", "!!!!", "något helt annat än detta"):
        assert without_words("reference A3F9: a turn failed", said) == "reference A3F9: a turn failed"
