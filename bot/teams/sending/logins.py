"""How the bot proves to Microsoft Entra ID who it is, by kind of registration: fetches of a token through MSAL.

A secret, a certificate, or a token that the platform puts into a file (workload identity) stands for a registered app;
a managed identity is vouched for by the machine that it runs on, and has nothing that could leak.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import ProxyHandler, Request, build_opener

import msal

from bot.teams.config import CONNECTOR_SCOPE, AppType, TeamsConfig

Fetch = Callable[[], Mapping[str, Any]]
"""Blocks, and gives what MSAL gives: `access_token` and `expires_in` seconds, or `error`. Raises whatever MSAL and the
reading of files raise."""

CONNECTOR: Final = CONNECTOR_SCOPE.removesuffix("/.default")
SHARED_AUTHORITY: Final = "botframework.com"
"""Where a registration for many tenants gets its token, wherever it is at home."""
ANSWER_LIMIT: Final = 64 * 1024


def msal_fetch(config: TeamsConfig, http_client: object | None = None) -> Fetch:
    """The fetch that this configuration needs; `http_client` is what MSAL sends through instead of its own.

    Its client is built at the first call, because that asks the network, and again where the certificate has changed.
    The token comes from the home tenant, also for conversations in other tenants.
    """
    if config.app_type is AppType.MANAGED_IDENTITY:
        return _identity_fetch(config, http_client)
    made: tuple[object, msal.ConfidentialClientApplication] | None = None

    def fetch() -> Mapping[str, Any]:
        nonlocal made
        credential = _credential(config)
        # A token's file is read by MSAL itself, whenever it needs one.
        seen = None if config.federated_token_file else credential
        if made is None or made[0] != seen:
            client = msal.ConfidentialClientApplication(
                config.app_id,
                client_credential=credential,
                authority=f"{config.authority}/{_home(config)}",
                timeout=config.login_timeout,
                http_client=http_client,
            )
            made = seen, client
        answer: Mapping[str, Any] = made[1].acquire_token_for_client(scopes=[CONNECTOR_SCOPE])
        return answer

    return fetch


def _home(config: TeamsConfig) -> str:
    return SHARED_AUTHORITY if config.app_type is AppType.MULTI_TENANT else config.tenant_id


def _credential(config: TeamsConfig) -> str | dict[str, Any]:
    if config.certificate_path is not None:
        pem = config.certificate_path.read_text(encoding="ascii")
        # MSAL takes each of the two out of it, and makes the thumbprint by SHA-256.
        return {"private_key": pem, "public_certificate": pem}
    if config.federated_token_file is not None:
        file = config.federated_token_file
        return {"client_assertion": lambda: file.read_text(encoding="ascii").strip()}
    return config.app_password


def _identity_fetch(config: TeamsConfig, http_client: object | None) -> Fetch:
    client = msal.ManagedIdentityClient(
        msal.UserAssignedManagedIdentity(client_id=config.app_id),
        http_client=http_client or MetadataService(config.login_timeout),
    )

    def fetch() -> Mapping[str, Any]:
        answer: Mapping[str, Any] = client.acquire_token_for_client(resource=CONNECTOR)
        return answer

    return fetch


@dataclass(frozen=True, slots=True)
class MetadataAnswer:
    """What MSAL reads of an answer."""

    status_code: int
    text: str
    headers: Mapping[str, str]

    def json(self) -> Any:
        """Its body."""
        return json.loads(self.text)


class MetadataService:
    """What MSAL asks the machine's own metadata service through. It is on this machine or beside it, and never behind a
    proxy, where MSAL's usual client would look for it; and it answers within `timeout` seconds or not at all."""

    def __init__(self, timeout: float) -> None:
        self._timeout = timeout
        self._opener = build_opener(ProxyHandler({}))

    def get(
        self, url: str, *, params: Mapping[str, str] | None = None, headers: Mapping[str, str] | None = None, **_: Any
    ) -> MetadataAnswer:
        """Raises OSError, and ValueError for what is no address."""
        query = f"?{urlencode(params)}" if params else ""
        request = Request(url + query, headers=dict(headers or {}))  # noqa: S310 - the platform names the address
        try:
            with self._opener.open(request, timeout=self._timeout) as response:
                return _answer(response)
        except HTTPError as error:
            with error:
                return _answer(error)

    def close(self) -> None:
        """Nothing is held open."""


def _answer(response: Any) -> MetadataAnswer:
    text = response.read(ANSWER_LIMIT).decode("utf-8", "replace")
    return MetadataAnswer(response.status, text, dict(response.headers.items()))
