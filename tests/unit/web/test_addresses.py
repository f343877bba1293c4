"""What comes from outside as an address leads nowhere but here."""

from __future__ import annotations

from urllib.parse import urljoin, urlsplit

import pytest
from aiohttp.test_utils import make_mocked_request
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bot.web.signin.addresses import own_origins, own_path
from bot.web.signin.attempts import LASTS, Attempts
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


def test_w01_attempts_end_in_time_and_happen_once() -> None:
    now = 0.0
    attempts = Attempts(clock=lambda: now)
    old = attempts.begin("browser", "/")
    now = LASTS - 1
    here = attempts.begin("browser", "/here")
    assert attempts.take(here.state, "browser").after == "/here"
    now = LASTS
    for over in (old, here):
        with pytest.raises(SigninRefused):
            attempts.take(over.state, "browser")


def test_w01_an_attempt_can_be_finished_at_any_replica_and_in_its_browser_only() -> None:
    one, other = Attempts(), Attempts()
    begun = one.begin("browser", "/here")
    assert other.take(begun.state, "browser") == begun
    assert (
        len({begun.state, begun.nonce, begun.verifier, *(one.begin("browser", "/here").state for _ in range(5))}) == 8
    )
    assert 43 <= len(begun.verifier) <= 128
    for state, browser in (
        (begun.state, "another"),
        (begun.state, ""),
        (one.begin("", "/").state, ""),
        (begun.state[:-1], "browser"),
        (begun.state.replace(".", "A."), "browser"),
        ("", "browser"),
        (".", "browser"),
        ("å.å", "browser"),
        ("x" * 100_000, "browser"),
        (Attempts(clock=lambda: 1e12).begin("browser", "/").state, "browser"),
    ):
        with pytest.raises(SigninRefused):
            Attempts().take(state, browser)
    assert Attempts().take(one.begin("browser", "//evil.example").state, "browser").after == "/"
