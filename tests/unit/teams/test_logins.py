"""How each kind of registration gets its token: against stand-ins for Entra ID and a machine's metadata service."""

from __future__ import annotations

import asyncio
import datetime
from pathlib import Path

import jwt
import pytest
from aiohttp import web
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from bot.teams.config import AppType, TeamsConfig
from bot.teams.errors import CredentialsFailed
from bot.teams.sending.credentials import CachedTokens
from bot.teams.sending.logins import msal_fetch
from tests.fakes.teams import serving
from tests.unit.teams.test_credentials import EntraId

TOKEN = {"access_token": "t1", "expires_in": 3600, "token_type": "Bearer"}


def certificate(path: Path) -> rsa.RSAPublicKey:
    """Write a certificate and its key, as an administrator would; the public key."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "fyren")])
    now = datetime.datetime.now(datetime.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now)
        .not_valid_after(now + datetime.timedelta(days=1))
        .sign(key, hashes.SHA256())
    )
    secret = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    path.write_bytes(secret + made.public_bytes(serialization.Encoding.PEM))
    return key.public_key()


async def test_a_certificate_signs_for_the_bot_and_a_new_one_is_taken_up(tmp_path: Path) -> None:
    entra, path = EntraId(TOKEN), tmp_path / "bot.pem"
    public = await asyncio.to_thread(certificate, path)
    config = TeamsConfig(app_id="app", certificate_path=path, tenant_id="hem")
    fetch = msal_fetch(config, entra)
    assert await CachedTokens(fetch, timeout=10).token() == "t1"
    newer = await asyncio.to_thread(certificate, path)
    assert (await asyncio.to_thread(fetch))["access_token"] == "t1"
    for key, (url, form) in zip((public, newer), entra.posted, strict=True):
        assert "client_secret" not in form
        claims = jwt.decode(form["client_assertion"], key, algorithms=["PS256"], audience=url, issuer="app")
        assert claims["sub"] == "app"


async def test_what_the_platform_writes_is_read_each_time(tmp_path: Path) -> None:
    entra, file = EntraId({**TOKEN, "expires_in": 1}), tmp_path / "token"
    file.write_text("first\n", encoding="ascii")
    fetch = msal_fetch(TeamsConfig(app_id="app", federated_token_file=file, tenant_id="hem"), entra)
    await asyncio.to_thread(fetch)
    file.write_text("second\n", encoding="ascii")
    await asyncio.to_thread(fetch)
    assert [form["client_assertion"] for _, form in entra.posted] == ["first", "second"]


async def test_a_missing_file_is_no_token_and_is_told(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    config = TeamsConfig(app_id="app", certificate_path=tmp_path / "gone.pem", tenant_id="hem")
    with pytest.raises(CredentialsFailed):
        await CachedTokens(msal_fetch(config, EntraId(TOKEN)), timeout=10).token()
    assert "FileNotFoundError" in caplog.text


async def test_an_app_of_many_tenants_asks_where_they_all_do() -> None:
    entra = EntraId(TOKEN)
    config = TeamsConfig(app_id="app", app_password="hemlig", tenant_id="hem", app_type=AppType.MULTI_TENANT)
    assert await CachedTokens(msal_fetch(config, entra), timeout=10).token() == "t1"
    assert any("/botframework.com/" in address for address in entra.got)
    assert not any("/hem/" in address for address in entra.got)


async def test_a07_a_managed_identity_asks_the_machine_once_and_no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[tuple[dict[str, str], str]] = []

    async def identity(request: web.Request) -> web.Response:
        asked.append((dict(request.query), request.headers["X-IDENTITY-HEADER"]))
        return web.json_response({"access_token": "m1", "expires_on": "4102444800", "resource": "x"})

    app = web.Application()
    app.router.add_get("/msi/token", identity)
    async with serving(app) as port:
        monkeypatch.setenv("IDENTITY_ENDPOINT", f"http://127.0.0.1:{port}/msi/token")
        monkeypatch.setenv("IDENTITY_HEADER", "h")
        monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
        config = TeamsConfig(app_id="identity", tenant_id="hem", app_type=AppType.MANAGED_IDENTITY)
        tokens = CachedTokens(msal_fetch(config), timeout=10)
        assert set(await asyncio.gather(*(tokens.token() for _ in range(20)))) == {"m1"}
    resource = {"api-version": "2019-08-01", "resource": "https://api.botframework.com", "client_id": "identity"}
    assert asked == [(resource, "h")]


async def test_a_machine_without_that_identity_is_no_token(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    async def refused(request: web.Request) -> web.Response:
        return web.json_response({"statusCode": 400, "message": "no such identity"}, status=400)

    app = web.Application()
    app.router.add_get("/msi/token", refused)
    async with serving(app) as port:
        monkeypatch.setenv("IDENTITY_ENDPOINT", f"http://127.0.0.1:{port}/msi/token")
        monkeypatch.setenv("IDENTITY_HEADER", "h")
        config = TeamsConfig(app_id="identity", tenant_id="hem", app_type=AppType.MANAGED_IDENTITY)
        with pytest.raises(CredentialsFailed):
            await CachedTokens(msal_fetch(config), timeout=10).token()
    assert "no token for the connector" in caplog.text
