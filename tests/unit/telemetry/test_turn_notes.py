"""Names of conversations in the log."""

from __future__ import annotations

import asyncio

from bot.telemetry.turn_notes import Pseudonyms, TurnNotes, apologised, current_turn, noted


def test_a_conversation_has_one_name_under_one_secret_and_another_under_another() -> None:
    name = Pseudonyms("hemlig").of("t", "a:1")
    assert name == Pseudonyms("hemlig").of("t", "a:1")
    assert len({name, Pseudonyms("annan").of("t", "a:1"), Pseudonyms("hemlig").of("t", "a:2")}) == 3
    assert Pseudonyms("hemlig").of("ta", ":1") != Pseudonyms("hemlig").of("t", "a:1")
    assert Pseudonyms().of("t", "a:1") != Pseudonyms().of("t", "a:1")  # without a secret each process has its own


async def test_what_a_turns_task_says_is_known_to_the_turn() -> None:
    async def work() -> None:
        apologised()

    assert current_turn() is None
    apologised()  # outside of a turn nobody hears it
    with noted(TurnNotes("x")) as notes:
        await asyncio.create_task(work())
    assert notes.failed
    assert current_turn() is None
