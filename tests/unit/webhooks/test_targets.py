"""Messages go to the open network over https, or to this machine where somebody says so, and nowhere else."""

from __future__ import annotations

import socket

import pytest
from aiohttp import ClientConnectorError, ClientSession, TCPConnector
from aiohttp.abc import AbstractResolver, ResolveResult

from bot.webhooks.checked_resolver import CheckedResolver
from bot.webhooks.errors import SecretUnfit, TargetRefused
from bot.webhooks.signing import key_of, signed_headers
from bot.webhooks.targets import required


@pytest.mark.parametrize(
    "url",
    [
        "https://example.org/hook?token=x",
        "https://93.184.216.34/",
        "https://[2606:2800:220:1:248:1893:25c8:1946]:8443/",
        "http://localhost:8080/hook",
        "http://127.0.0.1/",
        "https://[::1]/",
    ],
)
def test_these_may_be_told(url: str) -> None:
    assert required(url) == url


@pytest.mark.parametrize(
    "url",
    [
        "",
        "example.org",
        "http://example.org/",
        "ftp://localhost/",
        "https://user:pw@example.org/",
        "https://example.org/#here",
        "https://example.org:0/",
        "https://example.org:x/",
        "https://exämple.org/",
        "https://example.org/ x",
        "https://10.1.2.3/",
        "https://192.168.0.1/",
        "https://172.20.0.1/",
        "https://169.254.169.254/latest/meta-data/",
        "https://100.64.0.1/",
        "https://0.0.0.0/",
        "https://224.0.0.1/",
        "https://[fd00::1]/",
        "https://[fe80::1]/",
        "https://[::ffff:10.0.0.1]/",
        "https://[2002:0a00:0001::]/",
        "https://[64:ff9b::a00:1]/",
    ],
)
def test_these_may_not(url: str) -> None:
    with pytest.raises(TargetRefused):
        required(url)


class Answers(AbstractResolver):
    def __init__(self, *addresses: str) -> None:
        self.addresses = addresses

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        return [
            ResolveResult(hostname=host, host=each, port=port, family=family, proto=0, flags=0)
            for each in self.addresses
        ]

    async def close(self) -> None:
        pass


async def test_a_name_that_leads_inside_is_not_connected_to() -> None:
    for addresses in (["10.0.0.1"], ["93.184.216.34", "127.0.0.1"], ["::ffff:192.168.0.1"], ["fe80::1%eth0"]):
        async with ClientSession(connector=TCPConnector(resolver=CheckedResolver(Answers(*addresses)))) as session:
            with pytest.raises(ClientConnectorError):
                await session.post("https://rebinding.example/hook")
    assert len(await CheckedResolver(Answers("93.184.216.34")).resolve("open.example")) == 1
    assert len(await CheckedResolver(Answers("127.0.0.1")).resolve("localhost")) == 1


async def test_an_address_in_disguise_is_seen_through() -> None:
    for host in ("2130706433", "0x7f.1"):
        with pytest.raises(OSError, match="inside a network"):
            await CheckedResolver().resolve(host)


def test_a_signature_is_the_one_of_the_published_example() -> None:
    key = key_of("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
    body = b'{"test": 2432232314}'
    told = signed_headers("msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, body, key)
    assert told["webhook-signature"] == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


@pytest.mark.parametrize(
    "secret", ["", "whsec_", "hemligt", "whsec_c2hvcnQ=", "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "whsec_å"]
)
def test_what_cannot_sign_is_refused(secret: str) -> None:
    with pytest.raises(SecretUnfit):
        key_of(secret)
