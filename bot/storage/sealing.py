"""How the check's drafts and sensitive answers are kept from everybody else: pseudonyms, and authenticated encryption.

A key is 32 random bytes. What is sealed is bound to the place that it was sealed for, and opens nowhere else.
"""

from __future__ import annotations

import hashlib
import hmac
import os
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from bot.storage.errors import SealBroken

KEY_BYTES: Final = 32
NONCE_BYTES: Final = 12


def new_key() -> bytes:
    """A key from the system's random source."""
    return os.urandom(KEY_BYTES)


def pseudonym(key: bytes, *parts: str) -> str:
    """Names whoever the parts name, for those who have the key; without it nobody can tell, or try names out."""
    return hmac.new(key, _framed(*parts), hashlib.sha256).hexdigest()


def derived(key: bytes, *parts: str) -> bytes:
    """A key for one purpose, from a key and the purpose's parts."""
    return HKDF(SHA256(), KEY_BYTES, salt=None, info=_framed(*parts)).derive(key)


def seal(key: bytes, content: bytes, *place: str) -> bytes:
    """Encrypt for a place, such as a row and its version."""
    nonce = os.urandom(NONCE_BYTES)
    return nonce + AESGCM(key).encrypt(nonce, content, _framed(*place))


def unseal(key: bytes, sealed: bytes, *place: str) -> bytes:
    """What was sealed. Raises SealBroken where key or place are others, or a byte was changed."""
    try:
        return AESGCM(key).decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], _framed(*place))
    except (InvalidTag, ValueError):  # ValueError: too short to have been sealed
        raise SealBroken("a sealed content does not open") from None


def _framed(*parts: str) -> bytes:
    """The parts with their lengths, so that no two lists of parts are the same bytes.

    A lone half of a character, which a JSON text may hold and UTF-8 may not, is one more value here.
    """
    encoded = (part.encode("utf-8", "surrogatepass") for part in parts)
    return b"".join(len(each).to_bytes(8, "big") + each for each in encoded)
