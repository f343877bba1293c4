"""Inflates gzip piece by piece, so that what comes out can be counted before there is too much of it."""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from typing import Final

PIECE: Final = 65_536
"""Bytes that are inflated at a time."""
MAGIC: Final = b"\x1f\x8b"
_GZIP: Final = 16 + zlib.MAX_WBITS


class Inflater:
    """Raises ValueError for bytes that are no gzip, and at the end where the last are missing."""

    def __init__(self) -> None:
        self._inner = zlib.decompressobj(_GZIP)
        self._begun = False

    def feed(self, data: bytes) -> Iterator[bytes]:
        """What comes out of some bytes, no more than a piece at a time."""
        try:
            while data:
                if self._inner.eof:  # gzip files may follow each other
                    self._inner = zlib.decompressobj(_GZIP)
                self._begun = True
                yield self._inner.decompress(data, PIECE)
                data = self._inner.unused_data if self._inner.eof else self._inner.unconsumed_tail
        except zlib.error as error:
            raise ValueError("the compressed data are damaged") from error

    def end(self) -> None:
        """No more bytes will come."""
        if self._begun and not self._inner.eof:
            raise ValueError("the compressed data are cut off")
