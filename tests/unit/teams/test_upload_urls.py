"""Where files may be put."""

from __future__ import annotations

import pytest

from bot.teams.config import TeamsConfig
from bot.teams.errors import UploadFailed
from bot.teams.files.upload_urls import UploadUrls

URLS = UploadUrls(TeamsConfig())
LISTED = UploadUrls(TeamsConfig(upload_hosts=frozenset({"*.sharepoint.com", "localhost:8443", "Files.Example"})))


@pytest.mark.parametrize(
    "url",
    [
        "https://fyrbodal.sharepoint.com/personal/anna/_api/v2.0/drive/items/01AB/uploadSession?guid='1'&tempauth=a.b-c",
        "https://fyrbodal-my.sharepoint.com/up?x=1%2F2&name=a@b.se",
        "https://northeurope1-mediap.svc.ms/transform",
        "https://a.b.c.sharepoint.com/",
    ],
)
def test_the_storage_of_microsoft_365_is_allowed_and_spelled_as_it_came(url: str) -> None:
    assert str(URLS.require(url)) == url


def test_a_name_may_be_spelled_in_capitals_and_its_port_named() -> None:
    allowed = URLS.require("https://FYRBODAL-MY.SharePoint.com:443/Up")
    assert ((allowed.host or "").lower(), allowed.port, allowed.path) == ("fyrbodal-my.sharepoint.com", 443, "/Up")


@pytest.mark.parametrize("url", ["https://localhost:8443/up", "https://files.example/up"])
def test_other_names_are_allowed_where_they_are_listed(url: str) -> None:
    assert str(LISTED.require(url)) == url
    with pytest.raises(UploadFailed):
        URLS.require(url)


@pytest.mark.parametrize(
    "url",
    [
        "",
        "fyrbodal.sharepoint.com/up",
        "//fyrbodal.sharepoint.com/up",
        "http://fyrbodal.sharepoint.com/up",
        "ftp://fyrbodal.sharepoint.com/up",
        "file:///etc/passwd",
        "https:///up",
        "https://sharepoint.com/up",
        "https://.sharepoint.com/up",
        "https://a..sharepoint.com/up",
        "https://ondsharepoint.com/up",
        "https://fyrbodal.sharepoint.com.ond.example/up",
        "https://ond.example/.sharepoint.com",
        "https://ond.example?.sharepoint.com",
        "https://ond.example#.sharepoint.com",
        "https://ond.example\\.sharepoint.com/up",
        "https://ond.example\\@fyrbodal.sharepoint.com/up",
        "https://fyrbodal.sharepoint.com@ond.example/up",
        "https://ond.example@fyrbodal.sharepoint.com/up",
        "https://anna:hemligt@fyrbodal.sharepoint.com/up",
        "https://@fyrbodal.sharepoint.com/up",
        "https://fyrbodal.sharepoint.com:8443/up",
        "https://fyrbodal.sharepoint.com:0/up",
        "https://fyrbodal.sharepoint.com:port/up",
        "https://fyrbodal.sharepoint.com:99999/up",
        "https://fyrbodal.sharepoint.com./up",
        "https://fyrbodal．sharepoint．com/up",
        "https://fyrbodal.sharepoint.com/up#x",
        "https://fyrbodal.sharepoint.com/up\r\nHost: ond.example",
        "https://fyrbodal.sharepoint.com/u p",
        " https://fyrbodal.sharepoint.com/up",
        "https://fyrbodal.sharepoint.com/å",
        "https://127.0.0.1/up",
        "https://[::1]/up",
        "https://[::1/up",
        "https://169.254.169.254/latest/meta-data",
        "https://localhost/up",
    ],
)
def test_a10_every_other_address_is_refused(url: str) -> None:
    with pytest.raises(UploadFailed) as refused:
        URLS.require(url)
    assert url == "" or url not in str(refused.value)
