"""Signatures by Standard Webhooks 1.0: HMAC-SHA256 over id, time and body, so that a receiver knows who sent what.

The secret is written `whsec_` and then base64 of 24 to 64 random bytes.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
from collections.abc import Mapping
from typing import Final

from bot.webhooks.errors import SecretUnfit

PREFIX: Final = "whsec_"
SHORTEST, LONGEST = 24, 64
"""Bytes of a secret."""


def key_of(secret: str) -> bytes:
    """The key in a written secret. Raises SecretUnfit."""
    try:
        key = base64.b64decode(secret.removeprefix(PREFIX), validate=True)
    except (binascii.Error, ValueError):
        raise SecretUnfit("the secret is no base64") from None
    if not secret.startswith(PREFIX) or not SHORTEST <= len(key) <= LONGEST:
        raise SecretUnfit(f"the secret is not {PREFIX} and {SHORTEST} to {LONGEST} bytes in base64")
    return key


def signed_headers(message: str, seconds: int, body: bytes, key: bytes) -> Mapping[str, str]:
    """The headers of a message with this id, sent at so many seconds after 1970."""
    content = b".".join((message.encode(), str(seconds).encode(), body))
    signature = base64.b64encode(hmac.new(key, content, hashlib.sha256).digest()).decode()
    return {"webhook-id": message, "webhook-timestamp": str(seconds), "webhook-signature": f"v1,{signature}"}
