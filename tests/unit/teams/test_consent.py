"""Answers to the card that offers a file, as Teams sends them."""

from __future__ import annotations

import json
from typing import Any

import pytest

from bot.conversation.turn import FileConsent
from bot.teams.errors import ActivityInvalid
from bot.teams.files.consent import UploadTarget, consent_of, target_of
from bot.teams.receiving.incoming import Incoming, parse
from tests.fakes.teams import consent, invoke

SERVICE = "https://smba.trafficmanager.net/emea/"


def incoming(value: object) -> Incoming:
    return parse(json.dumps(invoke(SERVICE, "fileConsent/invoke", value)).encode())


def test_a_yes_says_which_file_and_where_it_goes() -> None:
    said = incoming(consent("https://a.sharepoint.com/up", key="check.file:7"))
    assert consent_of(said) == FileConsent("check.file:7", accepted=True)
    assert target_of(said) == UploadTarget(
        upload_url="https://a.sharepoint.com/up",
        content_url="https://a.sharepoint.com/personal/anna/svar.csv",
        name="svar.csv",
        unique_id="1150D938",
        file_type="csv",
    )


def test_a_no_has_no_target() -> None:
    value = {"type": "fileUpload", "action": "decline", "context": {"key": "k"}}
    assert consent_of(incoming(value)) == FileConsent("k", accepted=False)
    assert target_of(incoming(value)) is None
    assert target_of(incoming(consent("https://a.sharepoint.com/up", action="decline"))) is None


def test_the_answer_may_be_json_in_a_string_and_hold_more_than_is_read() -> None:
    value = consent("https://a.sharepoint.com/up", key="k") | {"more": [1]}
    assert consent_of(incoming(json.dumps(value))) == FileConsent("k", accepted=True)


@pytest.mark.parametrize(
    "changes",
    [
        {"type": "other"},
        {"action": "maybe"},
        {"context": None},
        {"context": {}},
        {"context": {"key": ""}},
        {"context": {"key": 7}},
        {"context": {"key": "a\nb"}},
        {"context": {"key": "x" * 300}},
        {"uploadInfo": None},
        {"uploadInfo": {}},
        {"uploadInfo": {"uploadUrl": "https://a.sharepoint.com/up"}},
        {"uploadInfo": {"uploadUrl": 7, "contentUrl": "https://a.sharepoint.com/x"}},
        {"uploadInfo": {"uploadUrl": "x" * 9000, "contentUrl": "https://a.sharepoint.com/x"}},
    ],
)
def test_a20_what_no_card_of_ours_makes_is_refused(changes: dict[str, Any]) -> None:
    with pytest.raises(ActivityInvalid):
        consent_of(incoming(consent("https://a.sharepoint.com/up") | changes))
