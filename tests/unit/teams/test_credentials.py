"""One token for all turns, fetched off the event loop."""

from __future__ import annotations

import asyncio
import json
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import pytest

from bot.teams.config import TeamsConfig
from bot.teams.errors import CredentialsFailed
from bot.teams.sending.credentials import CachedTokens, NoToken, token_source
from bot.teams.sending.logins import msal_fetch


class Login:
    """An Entra ID that gives numbered tokens of an hour, or does what it is told."""

    def __init__(self) -> None:
        self.fetches = 0
        self.threads: set[int] = set()
        self.answer: Mapping[str, Any] | Exception | None = None
        self.gate = threading.Event()
        self.gate.set()

    def fetch(self) -> Mapping[str, Any]:
        self.fetches += 1
        self.threads.add(threading.get_ident())
        assert self.gate.wait(10)
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer or {"access_token": f"token-{self.fetches}", "expires_in": 3600}


class Clock:
    now = 1000.0

    def __call__(self) -> float:
        return self.now


async def test_a07_fifty_turns_share_one_fetch_that_leaves_the_loop_free() -> None:
    login = Login()
    login.gate.clear()
    tokens = CachedTokens(login.fetch, timeout=10)
    waiting = [asyncio.create_task(tokens.token()) for _ in range(50)]
    await asyncio.sleep(0.02)
    login.gate.set()
    assert set(await asyncio.gather(*waiting)) == {"token-1"}
    assert login.fetches == 1
    assert threading.get_ident() not in login.threads


async def test_a07_a_valid_token_serves_while_the_login_is_down() -> None:
    login, clock = Login(), Clock()
    tokens = CachedTokens(login.fetch, timeout=10, clock=clock)
    assert await tokens.token() == "token-1"
    login.answer = OSError("down")
    clock.now += 3400
    assert await tokens.token() == "token-1"
    await tokens.warm()
    assert await tokens.token() == "token-1"
    clock.now += 300
    with pytest.raises(CredentialsFailed):
        await tokens.token()
    login.answer = None
    assert await tokens.token() == f"token-{login.fetches}"


async def test_a_token_is_renewed_early_without_anybody_waiting() -> None:
    login, clock = Login(), Clock()
    tokens = CachedTokens(login.fetch, timeout=10, clock=clock)
    await tokens.warm()
    clock.now += 3400
    assert await tokens.token() == "token-1"
    await tokens.warm()
    assert await tokens.token() == "token-2"
    assert login.fetches == 2


@pytest.mark.parametrize(
    "answer",
    [{"error": "invalid_client", "error_description": "AADSTS7000215"}, {"access_token": "x"}, ValueError("metadata")],
)
async def test_a_refused_login_is_one_exception_and_no_secret_in_the_log(
    answer: Mapping[str, Any] | Exception, caplog: pytest.LogCaptureFixture
) -> None:
    login = Login()
    login.answer = answer
    with pytest.raises(CredentialsFailed):
        await CachedTokens(login.fetch, timeout=10).token()
    assert "AADSTS" not in caplog.text


async def test_a_hung_login_ends_with_its_deadline() -> None:
    login = Login()
    login.gate.clear()
    tokens = CachedTokens(login.fetch, timeout=0.05)
    with pytest.raises(CredentialsFailed):
        await tokens.token()
    login.gate.set()
    await tokens.close()


@dataclass
class Response:
    text: str
    status_code: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)

    def raise_for_status(self) -> None:
        assert self.status_code < 400


class EntraId:
    """What MSAL asks of Microsoft's login: the tenant's addresses, and a token for the bot."""

    def __init__(self, answer: Mapping[str, Any], status: int = 200) -> None:
        self.answer = answer
        self.status = status
        self.got: list[str] = []
        self.posted: list[tuple[str, Mapping[str, str]]] = []

    def get(self, url: str, **options: Any) -> Response:
        self.got.append(url)
        base = "https://login.microsoftonline.com/hem/oauth2/v2.0"
        names = ("authorization_endpoint", "token_endpoint", "device_authorization_endpoint")
        document = {name: f"{base}/{name}" for name in names}
        issuer = "https://login.microsoftonline.com/hem/v2.0"
        return Response(json.dumps(document | {"issuer": issuer, "metadata": []}))

    def post(self, url: str, *, data: Mapping[str, str], **options: Any) -> Response:
        self.posted.append((url, data))
        return Response(json.dumps(self.answer), self.status)

    def close(self) -> None:
        return


CONFIG = TeamsConfig(app_id="app", app_password="hemlig", tenant_id="hem")


async def test_msal_is_asked_for_the_connectors_scope_in_the_home_tenant() -> None:
    entra = EntraId({"access_token": "t1", "expires_in": 3600, "token_type": "Bearer"})
    tokens = CachedTokens(msal_fetch(CONFIG, entra), timeout=10)
    assert [await tokens.token() for _ in range(3)] == ["t1"] * 3
    [(url, form)] = entra.posted
    assert url == "https://login.microsoftonline.com/hem/oauth2/v2.0/token_endpoint"
    assert form["scope"] == "https://api.botframework.com/.default"
    assert form["grant_type"] == "client_credentials"
    assert any("/hem/" in address for address in entra.got)


async def test_what_msal_is_refused_with_is_one_exception(caplog: pytest.LogCaptureFixture) -> None:
    entra = EntraId({"error": "invalid_client", "error_description": "AADSTS7000215: app"}, 401)
    with pytest.raises(CredentialsFailed):
        await CachedTokens(msal_fetch(CONFIG, entra), timeout=10).token()
    assert "invalid_client" in caplog.text
    assert "AADSTS" not in caplog.text


def test_a_complete_configuration_asks_for_tokens() -> None:
    assert isinstance(token_source(CONFIG), CachedTokens)


async def test_development_asks_for_no_token() -> None:
    source = token_source(TeamsConfig())
    assert isinstance(source, NoToken)
    assert await source.token() is None
