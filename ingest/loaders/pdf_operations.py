"""Takes the instructions of a page apart, several times faster than pypdf does where they are written regularly.

Nearly all are. Whatever is not, and whatever is so long that somebody has to bound the work, is left to pypdf.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from io import BytesIO
from typing import Any, Final

from pypdf.generic import ArrayObject, ContentStream, NameObject
from pypdf.generic._utils import read_string_from_stream

_LONGEST: Final = 4_000_000
"""Bytes of instructions; a page of a report has some ten thousand."""
_BLANK = rb"[\x00\t\n\x0c\r ]"
_END = rb"(?=[\x00\t\n\x0c\r ()<>\[\]/]|\Z)"
_STRING = rb"\([^()\\]*+(?:\\.[^()\\]*+)*+\)"
_HEX = rb"<[0-9A-Fa-f\t\n\r ]*+>"
_NUMBER, _NAME, _TEXT, _ESCAPED, _DIGITS, _OPEN, _CLOSE, _OPERATOR, _DICTIONARY = range(1, 10)
# Nothing in here can be matched in two ways, so a page that does not match costs one look at it.
_TOKEN = re.compile(
    _BLANK
    + rb"*+(?:([+-]?(?:\d++(?:\.\d*+)?|\.\d++))"
    + _END
    + rb"|(/[!-\"$-'*-.0-;=?-Z\\^-z|~]*+)"
    + _END
    + rb"|\(([^()\\]*+)\)|("
    + _STRING
    + rb")|<([0-9A-Fa-f\t\n\r ]*+)>|(\[)|(\])|([A-Za-z'\"][!-\"$-'*-.0-;=?-Z\\^-z|~]{0,20}+)"
    + _END
    + rb"|(<<(?:[^<>()\[\]%]++|\[[^<>()\[\]%]*+\]|"
    + _STRING
    + rb"|"
    + _HEX
    + rb")*+>>))",
    re.DOTALL,
)
_ELSEWHERE = frozenset({b"BI", b"R"})
"""A picture within the instructions, which are not instructions then, and a reference, which none of them may have."""

Operations = Sequence[tuple[Any, bytes]]


def operations(content: ContentStream) -> Operations:
    """Operands and operator, in order. Raises what pypdf raises where the page is damaged."""
    data = content.get_data()
    found = _regular(data) if len(data) <= _LONGEST else None
    return content.operations if found is None else found


def _regular(data: bytes) -> Operations | None:
    """None where something is not as usual. A dictionary, which no text is made of, is None among the operands."""
    result: list[tuple[Any, bytes]] = []
    operands: list[Any] = []
    array: ArrayObject | None = None
    end = 0
    for match in _TOKEN.finditer(data):
        if match.start() != end:
            return None
        end = match.end()
        kind = match.lastindex
        value: Any
        if kind == _NUMBER:
            value = float(match[_NUMBER])
        elif kind == _DIGITS:
            value = _from_hex(match[_DIGITS])
        elif kind == _TEXT:
            value = match[_TEXT]
        elif kind == _OPERATOR:
            if array is not None or match[_OPERATOR] in _ELSEWHERE:
                return None
            result.append((operands, match[_OPERATOR]))
            operands = []
            continue
        elif kind == _ESCAPED:
            value = read_string_from_stream(BytesIO(match[_ESCAPED]), "bytes")
        elif kind == _NAME:
            value = NameObject(match[_NAME].decode("ascii"))
        elif kind == _OPEN:
            if array is not None:
                return None
            array = ArrayObject()
            continue
        elif kind == _CLOSE:
            if array is None:
                return None
            value, array = array, None
        else:
            value = None
        (operands if array is None else array).append(value)
    return result if not data[end:].strip(b"\x00\t\n\x0c\r ") else None


def _from_hex(digits: bytes) -> bytes:
    written = digits.decode("ascii")
    try:
        return bytes.fromhex(written)
    except ValueError:  # the last digit may be left out
        written = "".join(written.split())
        return bytes.fromhex(written + "0" * (len(written) % 2))
