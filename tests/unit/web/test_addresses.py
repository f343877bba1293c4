"""What comes from outside as an address leads nowhere but here."""

from __future__ import annotations

from urllib.parse import urljoin, urlsplit

import pytest
from aiohttp.test_utils import make_mocked_request
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bot.web.signin.addresses import own_origins, own_path
from bot.web.signin.attempts import AT_ONCE, LASTS, Attempts
from bot.web.signin.errors import SigninRefused

HERE = "https://fyren.example.se/sign-in"


@settings(max_examples=150, deadline=None)
@given(st.text(st.sampled_from("/\\.:@?#%ab \t\r\n\x00åhtps"), max_size=20))
@example("//evil.example")
@example("/\t/evil.example")
@example("/\\evil.example")
@example("https:evil.example")
def test_where_somebody_goes_after_the_sign_in_is_here(given: str) -> None:
    there = urlsplit(urljoin(HERE, own_path(given)))
    assert (there.scheme, there.netloc) == ("https", "fyren.example.se")
    assert not set(own_path(given)) & set("\r\n\t\\")


def test_a_path_of_ours_is_kept_as_it_is() -> None:
    assert own_path("/results/orust?item=a&b=%C3%A5") == "/results/orust?item=a&b=%C3%A5"
    assert own_path("/" + "x" * 1000) == "/"


@pytest.mark.parametrize(
    ("public_url", "host", "origins"),
    [
        ("https://Fyren.Example.se/bot", "anything", {"https://fyren.example.se"}),
        ("", "127.0.0.1:3978", {"http://127.0.0.1:3978"}),
        ("", "LOCALHOST:3978", {"http://localhost:3978"}),
        ("", "[::1]:3978", {"http://[::1]:3978"}),
        ("http://localhost:4000", "localhost:4000", {"http://localhost:4000"}),
        ("", "evil.example", set()),
        ("", "127.0.0.1.evil.example", set()),
        ("", "[::1", set()),
    ],
)
def test_w04_the_services_own_origin_is_its_public_one_or_this_machines(
    public_url: str, host: str, origins: set[str]
) -> None:
    request = make_mocked_request("POST", "/", headers={"Host": host})
    assert set(own_origins(public_url)(request)) == origins


def test_w01_attempts_end_in_time_and_do_not_pile_up(monkeypatch: pytest.MonkeyPatch) -> None:
    now = 0.0
    attempts = Attempts(clock=lambda: now)
    old = attempts.begin("browser", "/")
    now = LASTS - 1
    assert attempts.take(attempts.begin("browser", "/here").state, "browser").after == "/here"
    now = LASTS
    with pytest.raises(SigninRefused):
        attempts.take(old.state, "browser")
    monkeypatch.setattr("bot.web.signin.attempts.AT_ONCE", 3)
    assert AT_ONCE > 1000
    begun = [attempts.begin("browser", f"/{number}") for number in range(5)]
    with pytest.raises(SigninRefused):
        attempts.take(begun[1].state, "browser")
    assert [attempts.take(each.state, "browser").after for each in begun[2:]] == ["/2", "/3", "/4"]
