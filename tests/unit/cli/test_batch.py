"""Batch files: good lines come through in order, bad ones are told by number."""

from __future__ import annotations

import io
from pathlib import Path

import pytest

from bot.cli.batch import Batch, Item
from bot.cli.console import CommandFailed, Console
from bot.conversation.texts import Texts


@pytest.fixture
def console() -> Console:
    return Console(Texts.load(), json=True)


def test_lines_come_in_order_with_ids_and_context(tmp_path: Path, console: Console) -> None:
    file = tmp_path / "batch.jsonl"
    file.write_text(
        '\ufeff{"id": "a", "question": "Ett?"}\n\n{"id": 7, "question": "Två?", "context": ["Ett?"], "extra": 1}\r\n'
        '{"question": "Tre?"}\n{"id": "d", "query": "Fyra"}',
        encoding="utf-8",
    )
    batch = Batch(str(file), None, console)
    assert list(batch) == [Item("a", "Ett?"), Item(7, "Två?", ("Ett?",)), Item("q4", "Tre?"), Item("d", "Fyra")]
    assert not batch.failed


@pytest.mark.parametrize(
    "line",
    ["not json", "[]", "7", '{"id": "x"}', '{"question": 7}', '{"question": "a", "context": "b"}', '{"question": "a'],
)
def test_a_bad_line_is_told_by_number_and_the_rest_goes_on(
    tmp_path: Path, console: Console, capsys: pytest.CaptureFixture[str], line: str
) -> None:
    file = tmp_path / "batch.jsonl"
    file.write_text(f'{{"id": "a", "question": "Ett?"}}\n{line}\n{{"id": "c", "question": "Tre?"}}\n', encoding="utf-8")
    batch = Batch(str(file), None, console)
    assert [item.id for item in batch] == ["a", "c"]
    assert batch.failed
    output = capsys.readouterr()
    assert "Rad 2 " in output.err
    assert output.out == ""


def test_bytes_that_are_no_utf8_do_not_end_the_batch(tmp_path: Path, console: Console) -> None:
    file = tmp_path / "batch.jsonl"
    file.write_bytes(b'{"id": "a", "question": "Vad \xe4r det?"}\n{"id": "b", "question": "Ett?"}\n')
    assert [item.id for item in Batch(str(file), None, console)] == ["a", "b"]


def test_a_dash_reads_standard_input(monkeypatch: pytest.MonkeyPatch, console: Console) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO('{"id": "a", "question": "Ett?"}\n'))
    assert list(Batch("-", None, console)) == [Item("a", "Ett?")]


def test_a_file_that_is_not_there_ends_the_command(tmp_path: Path, console: Console) -> None:
    with pytest.raises(CommandFailed, match="går inte att läsa"):
        list(Batch(str(tmp_path / "none.jsonl"), None, console))


def test_a_single_question_is_a_batch_of_one(console: Console) -> None:
    assert list(Batch(None, "Ett?", console)) == [Item("q1", "Ett?")]
