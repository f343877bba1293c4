"""Files that a person sent along with a message, told from what only looks like one."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.conversation.turn import FilesSent, Message, SentFile
from bot.teams.files.sent_files import DOWNLOAD
from bot.teams.receiving.activities import turn_of
from bot.teams.receiving.incoming import parse
from tests.fakes.teams import Json, activity

URL = "https://fyrbodal-my.sharepoint.com/personal/anna/download.aspx?tempauth=v1.hemlig"
HTML = {"contentType": "text/html", "content": "<p>Hej</p>"}
PICTURE = {"contentType": "image/png", "contentUrl": "https://smba.example/1"}
LINK = {"contentType": "reference", "contentUrl": "https://x.sharepoint.com/a.pdf", "name": "a.pdf"}


def file(name: object = "IT-policy 2026.pdf", **content: Any) -> Json:
    info = {"downloadUrl": URL, "uniqueId": "1150D938", "fileType": "pdf", **content}
    return {"contentType": DOWNLOAD, "name": name, "contentUrl": URL, "content": info}


def event(*attachments: object, **changes: Any) -> Any:
    document = activity("https://smba.trafficmanager.net/emea/", attachments=list(attachments), **changes)
    turn = turn_of(parse(json.dumps(document).encode()))
    return turn.event if turn is not None else None


def test_files_come_with_their_names_in_the_order_they_were_sent() -> None:
    sent = event(file(), HTML, file("Bilaga"), text="Byt ut den gamla")
    assert sent == FilesSent((SentFile("IT-policy 2026.pdf", URL), SentFile("Bilaga.pdf", URL)), 0, "Byt ut den gamla")


def test_the_address_is_not_in_what_may_be_logged() -> None:
    assert "hemlig" not in repr(event(file()))


def test_the_content_may_be_json_in_a_string() -> None:
    packed = file()
    packed["content"] = json.dumps(packed["content"])
    assert event(packed, text=None) == FilesSent((SentFile("IT-policy 2026.pdf", URL),))


@pytest.mark.parametrize(
    ("attachments", "text", "expected"),
    [
        ([HTML], "Hej", Message("Hej")),
        ([HTML, PICTURE], "Vad är det här?", Message("Vad är det här?")),
        ([HTML, PICTURE], "", FilesSent((), 1)),
        ([LINK], "Läs den", FilesSent((), 1, "Läs den")),
        ([file(downloadUrl=None)], "", FilesSent((), 1)),
        ([{"contentType": DOWNLOAD, "content": "{"}], "", FilesSent((), 1)),
        ([{"contentType": 7}], "Hej", Message("Hej")),
        ([file(7)], "", FilesSent((SentFile(".pdf", URL),))),
    ],
)
def test_what_is_no_file_is_not_taken_for_one(attachments: list[Json], text: str, expected: object) -> None:
    assert event(*attachments, text=text) == expected


def test_in_a_group_a_file_is_for_the_bot_only_where_it_is_mentioned() -> None:
    group = {"id": "19:x", "conversationType": "groupChat", "tenantId": "3b1d0c7a-0000-4000-8000-00000000a001"}
    assert event(LINK, text="Titta här", conversation=group) is None


@settings(max_examples=50)
@given(
    st.dictionaries(
        st.sampled_from(["contentType", "content", "name", "contentUrl"]),
        st.one_of(
            st.just(DOWNLOAD), st.none(), st.integers(), st.text(max_size=20), st.dictionaries(st.text(), st.text())
        ),
    )
)
def test_a12_any_attachment_is_read_or_left_alone(attachment: Json) -> None:
    assert isinstance(event(attachment, text="Hej"), Message | FilesSent)
