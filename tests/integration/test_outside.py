"""The watch over the whole suite holds."""

from __future__ import annotations

import socket

import pytest

from tests.outside import OutsideReached


@pytest.mark.parametrize(("family", "address"), [(socket.AF_INET, "192.0.2.1"), (socket.AF_INET6, "2001:db8::1")])
def test_r16_no_test_reaches_another_machine(family: socket.AddressFamily, address: str) -> None:
    with socket.socket(family, socket.SOCK_STREAM) as client, pytest.raises(OutsideReached):
        client.connect((address, 443))
