"""The arguments of `fyren documents`."""

from __future__ import annotations

import pytest

from bot.cli.author import author_of
from bot.cli.parser import build_parser


def test_days_are_days_or_none(capsys: pytest.CaptureFixture[str]) -> None:
    given = build_parser().parse_args(
        ["documents", "set", "plan", "--valid-until", "2027-06-30", "--review-by", "none"]
    )
    assert (given.valid_until, given.review_by, given.valid_from) == ("2027-06-30", "none", None)
    with pytest.raises(SystemExit):
        build_parser().parse_args(["documents", "set", "plan", "--valid-until", "i juni"])
    assert "2027-06-30" in capsys.readouterr().err


@pytest.mark.parametrize("action", ["history", "drafts", "diff"])
def test_json_is_taken_on_either_side_of_an_action(action: str) -> None:
    assert build_parser().parse_args(["documents", action, "--json"]).json
    assert build_parser().parse_args(["documents", "--json", action]).json


def test_the_author_is_the_given_one_or_whoever_runs_the_command(monkeypatch: pytest.MonkeyPatch) -> None:
    assert author_of(" Anna ") == "Anna"
    monkeypatch.setenv("LOGNAME", "fyren")
    assert author_of(None) == "fyren"
