"""Names of conversations in the log."""

from __future__ import annotations

import asyncio

import pytest

from bot.telemetry.turn_notes import Pseudonyms, TurnNotes, apologised, current_turn, noted


def test_a_conversation_has_one_name_under_one_secret_and_another_under_another() -> None:
    name = Pseudonyms(b"hemlig").of("t", "a:1")
    assert name == Pseudonyms(b"hemlig").of("t", "a:1")
    assert len({name, Pseudonyms(b"annan").of("t", "a:1"), Pseudonyms(b"hemlig").of("t", "a:2")}) == 3
    assert Pseudonyms(b"hemlig").of("ta", ":1") != Pseudonyms(b"hemlig").of("t", "a:1")
    with pytest.raises(ValueError, match="secret"):
        Pseudonyms(b"")  # anybody could try conversations out on its names


async def test_what_a_turns_task_says_is_known_to_the_turn() -> None:
    async def work() -> None:
        apologised()

    assert current_turn() is None
    apologised()  # outside of a turn nobody hears it
    with noted(TurnNotes("x")) as notes:
        await asyncio.create_task(work())
    assert notes.failed
    assert current_turn() is None
