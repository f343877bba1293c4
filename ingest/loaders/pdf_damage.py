"""What a damaged PDF makes pypdf raise."""

from __future__ import annotations

import struct
import zlib
from typing import Final

from pypdf.errors import PyPdfError

DAMAGE: Final = (
    PyPdfError,
    ArithmeticError,
    AssertionError,
    AttributeError,
    LookupError,
    NotImplementedError,
    OSError,
    RecursionError,
    TypeError,
    ValueError,
    struct.error,
    zlib.error,
)
"""Its own errors, and those of the code that trusted the file."""
