"""Where replies may go."""

from __future__ import annotations

import pytest

from bot.teams.config import TeamsConfig
from bot.teams.errors import CallerRefused
from bot.teams.receiving.service_urls import ServiceUrls

CLOSED = ServiceUrls(
    TeamsConfig(
        app_id="a", app_password="b", tenant_id="c", service_hosts=frozenset({"smba.trafficmanager.net", "proxy:8443"})
    )
)
OPEN = ServiceUrls(TeamsConfig())


@pytest.mark.parametrize(
    ("url", "base"),
    [
        ("https://smba.trafficmanager.net/emea/", "https://smba.trafficmanager.net/emea"),
        ("https://SMBA.trafficmanager.net:443/emea/3b1d", "https://SMBA.trafficmanager.net:443/emea/3b1d"),
        ("https://proxy:8443", "https://proxy:8443"),
    ],
)
def test_the_services_own_addresses_are_allowed(url: str, base: str) -> None:
    assert CLOSED.require(url) == base


@pytest.mark.parametrize(
    "url",
    [
        "",
        "http://smba.trafficmanager.net/emea/",
        "https://smba.trafficmanager.net.ond.example/",
        "https://ondsmba.trafficmanager.net/",
        "https://a.smba.trafficmanager.net/",
        "https://trafficmanager.net/",
        "https://smba.trafficmanager.net@ond.example/",
        "https://ond.example@smba.trafficmanager.net/",
        "https://ond.example\\@smba.trafficmanager.net/",
        "https://ond.example#smba.trafficmanager.net/",
        "https://ond.example?smba.trafficmanager.net/",
        "https://smba.trafficmanager.net:8443/",
        "https://smba.trafficmanager.net:port/",
        "https://smba.trafficmanager.net:99999/",
        "https://smba.trafficmanager.net./",
        "https://smba․trafficmanager․net/",
        "https://smbа.trafficmanager.net/",
        "https://xn--smb-8cd.trafficmanager.net/",
        "https://20.50.1.1/",
        "https://[::1]/",
        "https://[::1/",
        "https://127.0.0.1/",
        "https://169.254.169.254/latest/meta-data",
        "https://localhost/",
        "file:///etc/passwd",
        "//smba.trafficmanager.net/",
        "smba.trafficmanager.net",
        "https://smba.trafficmanager.net/\r\nHost: ond.example",
        " https://smba.trafficmanager.net/",
    ],
)
def test_a09_every_other_address_is_refused(url: str) -> None:
    with pytest.raises(CallerRefused):
        CLOSED.require(url)


@pytest.mark.parametrize("url", ["http://127.0.0.1:56150/_connector", "http://localhost:1/", "https://[::1]:8080/"])
def test_development_replies_to_this_machine(url: str) -> None:
    assert OPEN.require(url) == url.rstrip("/")


@pytest.mark.parametrize(
    "url", ["https://smba.trafficmanager.net/", "http://192.168.0.4/", "http://127.0.0.1.ond.example/", "http://0/"]
)
def test_development_replies_to_nothing_else(url: str) -> None:
    with pytest.raises(CallerRefused):
        OPEN.require(url)
