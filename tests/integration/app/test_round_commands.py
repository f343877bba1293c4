"""The life of a round from the command line, on real databases."""

from __future__ import annotations

import sqlite3
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.cli.parser import build_parser
from tests.integration.app.in_process import InProcess

TOMORROW = (date.today() + timedelta(days=2)).isoformat()  # noqa: DTZ011 - any day that is not over anywhere
HEAD = "municipality;role;invited\n"


@pytest.fixture
def rounds(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Any:
    """Runs `fyren maturity rounds` with arguments: its exit code and what it wrote, the result read where JSON."""
    fyren = InProcess(tmp_path, monkeypatch, capsys)

    def run(*arguments: object, subject: tuple[str, ...] = ("rounds",)) -> tuple[int, Any, str]:
        done = fyren("maturity", *subject, *arguments)
        return done.code, done.data if "--json" in arguments and done.out else done.out, done.err

    return run


def test_a_round_from_its_beginning_to_the_archive(rounds: Any, tmp_path: Path) -> None:
    numbers = tmp_path / "inbjudna.csv"
    numbers.write_text(f"{HEAD}Uddevalla;it_nara;2\nåmål kommun;Verksamhetsnära;40\nOrust;it_nara;\n", "cp1252")
    code, made, _ = rounds("create", "2026:1", "--threshold", 6, "--invited", numbers, "--open-data", "--json")
    assert (code, made["status"], made["threshold"], made["open_data"]) == (0, "planned", 6, True)
    assert made["invited"] == [
        {"municipality": "amal", "role": "verksamhetsnara", "invited": 40},
        {"municipality": "uddevalla", "role": "it_nara", "invited": 2},
    ]
    numbers.write_text(
        "kommun,roll,inbjudna\nuddevalla,it_nara,3\nuddevalla,overgripande,2\nuddevalla,verksamhetsnara,0\namal,it_nara,1\n"
    )
    assert len(rounds("invite", "2026:1", numbers, "--json")[1]["invited"]) == 4
    _, changed, _ = rounds("change", "2026:1", "--threshold", 7, "--closes", TOMORROW, "--open-data", "no", "--json")
    assert (changed["threshold"], changed["closes"], changed["open_data"]) == (7, TOMORROW, False)
    assert rounds("change", "2026:1", "--closes", "never", "--json")[1]["closes"] is None
    assert "tar emot svar" in rounds("open", "2026:1")[1]
    assert "är stängd" in rounds("close", "2026:1")[1]
    _, again, _ = rounds("reopen", "2026:1", "--closes", TOMORROW, "--reason", "Tanum bad om det", "--json")
    assert (again["status"], again["closes"], again["openings"]) == ("open", TOMORROW, 2)
    rounds("close", "2026:1")
    archiving = ("--diary", "KS 2026/117", "--retention-decision", "Dnr 2015/3 §7", "--keep-answers", 730)
    assert rounds("archive", "2026:1", *archiving)[0] == 0
    code, shown, _ = rounds("show", "2026:1", "--json")
    assert (shown["diary_number"], shown["keep_answers"], shown["editions"]) == ("KS 2026/117", 730, [])
    told = shown["responses"]["municipalities"]
    assert told["uddevalla"] == {"least": 0, "most": 0, "invited": 5}
    assert told["amal"]["invited"] is None  # known of one role only
    text = rounds("show", "2026:1")[1]
    assert "KS 2026/117" in text
    assert "arkiverad" in text

    _, log, _ = rounds("log", "2026:1", "--json")
    assert [each["action"] for each in reversed(log["log"])] == [
        *("round_created", "round_changed", "round_changed", "round_changed", "round_opened", "round_closed"),
        *("round_reopened", "round_closed", "round_archived"),
    ]
    assert log["log"][2]["details"]["reason"] == "Tanum bad om det"
    assert log["log"][2]["details"]["status"] == "closed > open"
    assert {each["actor"] for each in log["log"]} == {"command line"}
    assert log["chain"]["broken"] is None


def test_d14_the_log_tells_that_it_was_edited(rounds: Any, tmp_path: Path) -> None:
    rounds("create", "2026:1")
    rounds("open", "2026:1")
    code, text, err = rounds("log")
    assert (code, "round_opened" in text, "Loggen är hel: 2 poster" in err) == (0, True, True)
    with sqlite3.connect(tmp_path / "fyren.sqlite3") as database:
        database.execute("UPDATE audit_log SET actor = 'somebody else' WHERE number = 1")
    database.close()
    code, _, err = rounds("log", "2026:1")
    assert (code, "från och med post 1" in err) == (1, True)


def test_d13_the_threshold_stands_from_the_moment_a_round_is_open_and_is_never_below_five(rounds: Any) -> None:
    for action in (("create", "2026:1"), ("create", "2026:2", "--open")):
        code, out, err = rounds(*action, "--threshold", 4)
        assert (code, out) == (1, "")
        assert "måste vara minst 5" in err
    rounds("create", "2026:1", "--threshold", 8)
    assert "måste vara minst 5" in rounds("change", "2026:1", "--threshold", 3)[2]
    rounds("open", "2026:1")
    for threshold in (5, 9):
        code, _, err = rounds("change", "2026:1", "--threshold", threshold)
        assert (code, "ett löfte till dem som svarar" in err) == (1, True)
    rounds("close", "2026:1")
    assert rounds("change", "2026:1", "--threshold", 5)[0] == 1
    assert rounds("show", "2026:1", "--json")[1]["threshold"] == 8


@pytest.mark.parametrize(
    ("steps", "says"),
    [
        ([], "inte stängd, så den kan inte öppnas igen"),
        (["close"], "Sista dagen 2020-01-01 för omgången 2026:1 har passerat"),
    ],
)
def test_reopening_needs_a_closed_round_and_a_day_to_come(rounds: Any, steps: list[str], says: str) -> None:
    rounds("create", "2026:1", "--opens", "2019-01-01", "--open")
    for step in steps:
        rounds(step, "2026:1")
    code, out, err = rounds("reopen", "2026:1", "--closes", "2020-01-01", "--reason", "därför")
    assert (code, out) == (1, "")
    assert says in err


def test_what_cannot_be_done_changes_nothing_and_says_why(rounds: Any) -> None:
    rounds("create", "2026:1", "--open")
    refused = {
        ("archive", "2026:1", "--diary", "1", "--retention-decision", "2"): "inte stängd. Stäng den först",
        ("open", "2026:1"): "tar redan emot svar",
        ("change", "2026:1"): "är redan så",
        ("change", "2026:1", "--closes", "2001-01-01"): "före sin första dag",
        ("invite", "2026:1", "nowhere.csv"): "nowhere.csv går inte att läsa",
        ("show", "2030:1"): "Det finns ingen omgång 2030:1",
    }
    before = rounds("show", "2026:1", "--json")[1]
    for arguments, says in refused.items():
        code, out, err = rounds(*arguments)
        assert (code, out) == (1, "")
        assert says in err
    assert rounds("show", "2026:1", "--json")[1] == before
    assert len(rounds("log", "--json")[1]["log"]) == 1


def test_every_line_of_the_numbers_that_is_wrong_is_named(rounds: Any, tmp_path: Path) -> None:
    path = tmp_path / "inbjudna.csv"
    path.write_text(
        f"{HEAD}uddevalla;it_nara;2\n\nUdevalla;it_nara;3\norust;chefer;många\nuddevalla;it_nara;4\norust\n"
    )
    code, out, err = rounds("create", "2026:1", "--invited", path)
    assert (code, out) == (1, "")
    assert err.splitlines() == [
        f"{path}:4: det finns ingen kommun som heter Udevalla i omgångens frågor",
        f"{path}:5: det finns ingen roll som heter chefer i omgångens frågor",
        f"{path}:5: många är inget antal. Skriv ett heltal, eller lämna tomt om det inte är känt",
        f"{path}:6: uddevalla och it_nara står på en tidigare rad",
        f"{path}:7: raden ska ha tre kolumner: municipality;role;invited",
    ]
    path.write_text("uddevalla;it_nara;2\n")
    assert (
        f"{path}:1: första raden ska vara municipality;role;invited" in rounds("create", "2026:1", "--invited", path)[2]
    )
    assert "Det finns inga omgångar" in rounds("list")[2]


def test_d07_retention_tells_what_is_kept_and_what_goes_when(rounds: Any) -> None:
    for label in ("2026:1", "2026:2"):
        rounds("create", label, "--open")
        rounds("close", label)
    rounds("archive", "2026:1", "--diary", "KS 1", "--retention-decision", "Dnr 7", "--keep-answers", 30)
    _, told, _ = rounds("--json", "--dry-run", subject=("retention",))
    assert (told["dry_run"], told["due"], told["kept"]) == (True, [], ["2026:2"])
    later = {(each["label"], each["class"]): each["decision"] for each in told["later"]}
    assert later == {("2026:1", "drafts"): "", ("2026:2", "drafts"): "", ("2026:1", "answers"): "Dnr 7"}
    _, text, _ = rounds(subject=("retention",))
    assert "Det finns inget att radera i dag." in text
    assert "2026:2: svaren sparas" in text


@pytest.mark.parametrize(
    "arguments",
    [
        ("reopen", "2026:1", "--closes", TOMORROW),
        ("reopen", "2026:1", "--reason", "därför"),
        ("archive", "2026:1", "--diary", "KS 1"),
        ("archive", "2026:1", "--diary", "1", "--retention-decision", "2", "--keep-answers", "-1"),
        ("create", "2026:1", "--threshold", "fem"),
        ("create", "2026:1", "--closes", "i morgon"),
        ("change", "2026:1", "--open-data", "kanske"),
        ("explode",),
    ],
)
def test_wrong_usage_is_told_before_anything_is_opened(arguments: tuple[str, ...], tmp_path: Path) -> None:
    with pytest.raises(SystemExit) as ended:
        build_parser().parse_args(["maturity", "rounds", *arguments])
    assert ended.value.code == 2
    assert list(tmp_path.iterdir()) == []
