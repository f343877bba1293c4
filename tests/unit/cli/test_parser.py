"""Wrong usage is exit code 2 with a hint on standard error; every command takes --json."""

from __future__ import annotations

import pytest

from bot.cli.parser import COMMANDS, build_parser

WORKING = {
    "serve": ["serve", "--port", "0"],
    "chat": ["chat"],
    "ask": ["ask", "Vad?"],
    "search": ["search", "Vad?", "--k", "3", "--mode", "lexical"],
    "ingest": ["ingest", "a", "b", "--prune", "--dry-run"],
    "documents": ["documents", "list"],
    "personal-data": ["personal-data", "find", "ord"],
    "maturity": ["maturity", "rounds", "list"],
    "feedback": ["feedback"],
    "eval": ["eval", "q.jsonl", "--worst", "0", "--report", "r", "--baseline", "b", "--write-baseline", "b"],
    "doctor": ["doctor"],
    "teams": ["teams", "package", "--output", "x.zip", "--app-version", "2026.11.1"],
    "backup": ["backup", "create", "folder"],
    "usage": ["usage"],
    "pause": ["pause", "on", "--tenant", "3b1d0c7a-0000-4000-8000-00000000a001", "--note", "Åter kl. 15."],
}


@pytest.mark.parametrize("command", [command.name for command in COMMANDS])
def test_every_command_takes_json(command: str) -> None:
    parser = build_parser()
    assert parser.parse_args(WORKING[command]).json is False
    assert parser.parse_args([*WORKING[command], "--json"]).json is True


def test_json_is_accepted_on_either_side_of_an_action() -> None:
    parser = build_parser()
    assert parser.parse_args(["documents", "--json", "list"]).json is True
    assert parser.parse_args(["documents", "list", "--json"]).json is True


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["nonsense"],
        ["ask"],
        ["ask", "Vad?", "--batch", "x.jsonl"],
        ["search", "Vad?", "--k", "0"],
        ["search", "Vad?", "--k", "many"],
        ["search", "Vad?", "--k", "100000"],
        ["search", "Vad?", "--mode", "magic"],
        ["ingest"],
        ["documents"],
        ["documents", "show"],
        ["serve", "--port", "http"],
        ["eval"],
        ["eval", "questions.jsonl", "--worst", "-1"],
        ["eval", "questions.jsonl", "--report"],
    ],
)
def test_wrong_usage_ends_with_two_and_says_so(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        build_parser().parse_args(arguments)
    output = capsys.readouterr()
    assert ended.value.code == 2
    assert output.out == ""
    assert "usage: fyren" in output.err
