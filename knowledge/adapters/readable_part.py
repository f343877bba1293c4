"""What an audience may read of a generation, as its searches are told it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class Part:
    """The passages of the federation and of these owners; `positions` are theirs, in order."""

    owners: frozenset[str]
    positions: NDArray[np.int64]
