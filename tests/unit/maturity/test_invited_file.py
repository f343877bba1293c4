"""Files with how many were invited: what spreadsheets write is read, and what is wrong is told by line."""

from __future__ import annotations

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.maturity.invited_file import LARGEST, InvitedInvalid, read_invited
from tests.fakes.check_talk import TEXTS
from tests.fakes.editions import main_instrument

HEAD = "municipality;role;invited\n"
KNOWN = {("uddevalla", "it_nara"): 2, ("amal", "verksamhetsnara"): 40}


@pytest.mark.parametrize(
    "content",
    [
        f"{HEAD}uddevalla;it_nara;2\namal;verksamhetsnara;40\n".encode(),
        f"\ufeff{HEAD}Uddevalla;IT-nära;2\r\nÅmål;Verksamhetsnära;40\r\n".encode(),
        f"{HEAD}UDDEVALLA KOMMUN;Close to IT;2\n åmål ;close to services; 40 \n\n;;\n".encode("cp1252"),
        b'Kommun,Roll,Inbjudna\n"uddevalla","it_nara","2"\namal,verksamhetsnara,40\norust,it_nara,\n',
    ],
    ids=["ids", "Excel in UTF-8", "Excel in Windows", "commas and quotes"],
)
def test_what_spreadsheets_write_is_read(content: bytes) -> None:
    assert read_invited(content, main_instrument()) == KNOWN


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"", [(1, "head")]),
        (b"uddevalla;it_nara;2\n", [(1, "head")]),
        (b"x" * (LARGEST + 1), [(1, "too_large")]),
        (f"{HEAD}sml-it;it_nara;2\n".encode(), [(2, "municipality")]),
        (f"{HEAD}atlantis;chefer;-1\n".encode(), [(2, "municipality"), (2, "role"), (2, "number")]),
        (
            f"{HEAD}orust;it_nara;٣\norust;it_nara;1 000\norust;it_nara;1e3\n".encode(),
            [(2, "number"), (3, "number"), (4, "number")],
        ),
        (f"{HEAD}orust;it_nara\norust;it_nara;1;2\n".encode(), [(2, "columns"), (3, "columns")]),
        (f"{HEAD}orust;it_nara;1\nOrust kommun;IT-nära;1\n".encode(), [(3, "twice")]),
        (f'{HEAD}"orust;it_nara;1\n'.encode(), [(2, "columns")]),
    ],
)
def test_what_is_wrong_is_told_by_line_in_both_languages(content: bytes, told: list[tuple[int, str]]) -> None:
    with pytest.raises(InvitedInvalid) as caught:
        read_invited(content, main_instrument())
    assert [(each.line, each.reason) for each in caught.value.problems] == told
    for each in caught.value.problems:
        for language in ("sv", "en"):
            assert TEXTS.say(f"cli.maturity.invited.{each.reason}", language, **each.values)


@given(st.binary(max_size=60), st.booleans())
def test_any_bytes_are_read_or_refused(content: bytes, headed: bool) -> None:
    with contextlib.suppress(InvitedInvalid):
        read_invited((HEAD.encode() if headed else b"") + content, main_instrument())
