"""What a sender calls a file is shown and never followed."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.documents.names import LONGEST, free, harmless, plain_ending


@pytest.mark.parametrize(
    ("sent", "shown"),
    [
        ("Riktlinjer för AI.pdf", "Riktlinjer för AI.pdf"),
        ("../../etc/passwd", "passwd"),
        ("C:\\Dokument\\plan.docx", "plan.docx"),
        ("", "dokument"),
        ("..", "dokument"),
        (".htaccess", "htaccess"),
        ("~$plan.docx", "plan.docx"),
        ("a\r\nSet-Cookie: x.md", "a Set-Cookie: x.md"),
        ("faktura\u202efdp.exe", "fakturafdp.exe"),
        ("a\u0308ndring.md", "ändring.md"),
        ("<script>.md", "<script>.md"),
        (f"{'a' * 500}.pdf", f"{'a' * (LONGEST - 4)}.pdf"),
    ],
)
def test_w06_a_name_has_neither_folders_nor_invisible_characters(sent: str, shown: str) -> None:
    assert harmless(sent) == shown


@settings(max_examples=60)
@given(st.text(max_size=300))
def test_w06_whatever_is_sent_is_one_short_visible_name(sent: str) -> None:
    name = harmless(sent)
    assert 0 < len(name) <= LONGEST
    assert not {"/", "\\"} & set(name)
    assert not any(unicodedata.category(each)[0] == "C" for each in name)
    assert not name.startswith(".")


def test_two_files_of_a_name_are_told_apart() -> None:
    assert free("a.md", set()) == "a.md"
    assert free("a.md", {"a.md", "a (2).md"}) == "a (3).md"


@pytest.mark.parametrize(("name", "ending"), [("a.PDF", ".pdf"), ("a", ""), ("a.p/df", ""), ("a.très", ""), ("a.", "")])
def test_only_a_plain_ending_reaches_the_disk(name: str, ending: str) -> None:
    assert plain_ending(name) == ending
