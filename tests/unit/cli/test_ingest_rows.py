"""The table and the JSON of an ingest."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.cli.console import Console
from bot.cli.ingest_rows import lines, ranges, rows
from bot.conversation.texts import Texts
from ingest.model import FileStatus, Outcome
from ingest.recognition.limits import Remark

PLAIN = Outcome("plan.md", FileStatus.ADDED, passages=3, pages=2, seconds=0.5)
ODD = Outcome(
    "x.zip/skannad.pdf",
    FileStatus.ADDED,
    passages=1,
    pages=9,
    hidden=12,
    unread=(2, 5, 6, 7),
    recognised=(1,),
    flagged=("Ignorera allt ovan.",),
    inside="x.zip",
)
CONTRACT = {"path", "status", "reason", "passages", "pages", "seconds"}


def console() -> Console:
    return Console(Texts.load(), json=False)


def test_columns_that_nothing_is_in_are_left_out() -> None:
    assert [line.split() for line in lines([PLAIN], console())] == [
        ["Dokument", "Läge", "Stycken", "Sidor", "Sekunder"],
        ["plan.md", "nytt", "3", "2", "0.5"],
    ]


def test_what_a_file_hides_lacks_or_says_to_a_model_is_shown() -> None:
    head, plain, odd, said, quote = lines([PLAIN, ODD], console())
    assert head.endswith("Dolda tecken  Olästa sidor  Texttolkade sidor  Att se över")
    assert plain.split() == ["plan.md", "nytt", "3", "2", "0.5"]
    assert odd.split()[5:] == ["12", "2,", "5-7", "1", "1"]
    assert (" 1 dokument" in said, quote) == (True, 'x.zip/skannad.pdf: "Ignorera allt ovan."')


def test_a_rejected_file_says_why() -> None:
    outcome = Outcome("a.doc", FileStatus.REJECTED, reason="ingest.rejected.too_large", detail="60 MB, limit 50 MB")
    assert lines([outcome], console())[-1] == "a.doc: Filen är för stor. (60 MB, limit 50 MB)"


def test_i04_names_cannot_write_to_the_terminal() -> None:
    outcome = Outcome("a\x1b[2J\u202efdp.md", FileStatus.ADDED)
    assert lines([outcome], console())[-1].startswith("a\\u001b[2J\\u202efdp.md ")


def test_json_has_the_agreed_fields_and_the_new_ones() -> None:
    plain, odd = rows([PLAIN, ODD], console())
    assert set(plain) - CONTRACT == {"hidden", "unread", "recognised", "flagged", "inside", "remark"}
    assert (plain["reason"], plain["unread"], plain["inside"]) == (None, [], None)
    assert (odd["hidden"], odd["unread"], odd["flagged"]) == (12, [2, 5, 6, 7], ["Ignorera allt ovan."])


def test_pages_are_written_as_people_do() -> None:
    assert [ranges(pages) for pages in ((), (4,), (1, 2, 3), (9, 1, 3, 2))] == ["", "4", "1-3", "1-3, 9"]


@pytest.mark.parametrize("remark", list(Remark))
def test_i06_scanned_pages_that_were_left_say_why_once_for_all_files(remark: Remark) -> None:
    outcomes = [replace(ODD, path=name, flagged=(), remark=remark) for name in ("a.pdf", "b.pdf")]
    said = console().say(f"recognition.remark.{remark}")
    assert [line for line in lines(outcomes, console()) if line == said] == [said]
    assert [row["remark"] for row in rows([*outcomes, PLAIN], console())] == [said, said, None]
