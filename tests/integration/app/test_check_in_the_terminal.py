"""The whole maturity check in `fyren chat`: a question in between, a pause, a crash, a change, and what is stored."""

from __future__ import annotations

import json
import os
import queue
import signal
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from bot.storage.database import open_database
from tests.program import FYREN, environment

SHORT = 60.0
"""Seconds to wait for an answer, the start of the process included."""


class Chat:
    """`fyren chat --json` as somebody uses it who waits for each answer."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process
        self._lines: queue.Queue[dict[str, Any] | None] = queue.Queue()
        threading.Thread(target=self._read, daemon=True).start()

    def say(self, text: str, until: str) -> str:
        """Write a line; everything that is answered up to the reply that holds `until`."""
        assert self._process.stdin is not None
        self._process.stdin.write(f"{text}\n")
        self._process.stdin.flush()
        return self.wait(until)

    def wait(self, until: str) -> str:
        """Everything up to the reply that holds `until`."""
        told: list[str] = []
        while True:
            reply = self._lines.get(timeout=SHORT)
            assert reply is not None, f"the chat ended without {until!r}: {told}"
            told.append(json.dumps(reply, ensure_ascii=False))
            if until in told[-1]:
                return "\n".join(told)

    def _read(self) -> None:
        assert self._process.stdout is not None
        for line in self._process.stdout:
            self._lines.put(json.loads(line))
        self._lines.put(None)


@contextmanager
def chatting(data_dir: Path) -> Iterator[tuple[Chat, subprocess.Popen[str]]]:
    """A running chat with the built-in library."""
    process = subprocess.Popen(
        [*FYREN, "chat", "--json"],
        env=environment(data_dir),
        cwd=data_dir,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        encoding="utf-8",
    )
    try:
        chat = Chat(process)
        chat.wait("Starta mognadskollen")
        yield chat, process
    finally:
        process.kill()
        process.communicate()


@pytest.mark.slow
async def test_a_whole_check_typed_in_the_terminal_across_a_crash(data_dir: Path) -> None:
    with chatting(data_dir) as (chat, process):
        chat.say("mognadskoll", "Jag har läst, starta")
        chat.say("jag har läst, starta", "För vem svarar du?")
        told = chat.say("SML-IT, IT-nära, IT", "Fråga 1 av 9")
        assert "I rollen IT-nära svarar du för organisationen." in told
        chat.say("3", "Fråga 2 av 9")
        told = chat.say("vad menas med systemförvaltning?", "Tillbaka till fråga 2 av 9:")
        assert '"type": "answer"' in told
        chat.say("delvis etablerad", "Fråga 3 av 9")
        chat.say("4", "Fråga 4 av 10")
        chat.say("egen modell", "Fråga 5 av 10")
        chat.say("paus", "4 av 10 frågor är besvarade")
        os.kill(process.pid, signal.SIGKILL)
    with chatting(data_dir) as (chat, _):
        chat.say("fortsätt", "Fråga 5 av 10")
        for typed, shown in (
            ("vet ej", "Fråga 6 av 10"),
            ("5", "Fråga 7 av 10"),
            ("3", "Fråga 8 av 10"),
            ("vi har väl lite sådär på gång", "Stämmer det?"),
            ("ja", "Fråga 9 av 10"),
            ("ej aktuellt", "Fråga 10 av 10"),
            ("ett gemensamt e-arkiv", "Dina svar, 10 av 10"),
            ("ändra fråga 1", "Ditt svar nu: Medel"),
            ("4", "Dina svar, 10 av 10"),
            ("skicka in", "Vill du tala med en människa?"),
        ):
            chat.say(typed, shown)
        file = chat.say("mina svar", '"type": "file"')
        assert "ett gemensamt e-arkiv" in file
    database = await open_database(
        f"sqlite:///{data_dir / 'fyren.sqlite3'}", f"sqlite:///{data_dir / 'identity.sqlite3'}"
    )
    try:
        [response] = await database.check.of_round("prov")
    finally:
        await database.close()
    assert (response.organisation, response.mode) == ("sml-it", "terminal")
    assert [(each.codes or each.null or each.text) for each in response.answers] == [
        *[("3",), ("3",), ("3",), ("egen",), "dk", ("4",), ("2",), ("2",), "na", "ett gemensamt e-arkiv"]
    ]
