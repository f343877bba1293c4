"""Damage as transfers, editors and attackers do it to files: bytes changed, lost, repeated, moved and set in."""

from __future__ import annotations

import random

_NASTY = (
    *(b"\x00", b"\xff\xfe", b"<", b"]]>", b"&#x0;", b'"', b"\r\n\r\n", b"%s", b"\xed\xa0\x80", b"<!--"),
    b"=?utf-8?b?",
)


def mutated(content: bytes, chance: random.Random) -> bytes:
    """The content after one to twelve pieces of damage."""
    data = bytearray(content)
    for _ in range(chance.randint(1, 12)):
        at = chance.randrange(len(data)) if data else 0
        until = min(len(data), at + chance.randint(1, 200))
        match chance.randrange(6):
            case 0:
                data[at:until] = b""
            case 1:
                data[at:at] = data[at:until] * chance.randint(1, 20)
            case 2:
                data[at:at] = chance.choice(_NASTY)
            case 3:
                data[at : at + 1] = bytes([chance.randrange(256)])
            case 4:
                other = chance.randrange(len(data)) if data else 0
                data[at:until], data[other:other] = data[other : other + 50], data[at:until]
            case _:
                data = data[: max(1, chance.randint(len(data) // 2, len(data)))] if chance.random() < 0.3 else data
    return bytes(data)
