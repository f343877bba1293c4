"""Vectors of the built-in library that come with the program, so that a first start need not compute them for minutes.

One NumPy file of keys, as in `knowledge.adapters.embedding_cache`, each with its row as half-precision numbers, which
are exact to three digits. It holds no text. A text that the file does not know, or knows of another model, is embedded
as every other; `make vectors` writes the file anew after a change of the library.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

import knowledge
from knowledge.adapters.embeddings import LOCAL_ENGINE
from knowledge.ports import Vectors

FILE = Path(knowledge.__file__).parent / "library_vectors.npy"
WIDTH = 384
"""Numbers of a vector of the local model."""

_ROW = np.dtype([("key", "V32"), ("vector", "<f2", (WIDTH,))])
_log = logging.getLogger(__name__)


class ShippedVectors:
    """The file. `get` may block; it raises nothing, as what cannot be read is computed, and the reason logged."""

    def __init__(self, path: Path = FILE, model: str = LOCAL_ENGINE) -> None:
        """`model` is whose vectors the file holds."""
        self._path = path
        self._model = model
        self._rows: NDArray[np.void] | None = None
        self._places: dict[bytes, int] = {}

    def get(self, model: str, keys: Sequence[bytes]) -> dict[bytes, Vectors]:
        """The vectors that are known; for another model none, and the file is left alone."""
        if model != self._model or not keys:
            return {}
        rows = self._opened()
        places = {key: self._places[key] for key in keys if key in self._places}
        return {key: rows["vector"][place].astype(np.float32) for key, place in places.items()}

    def __len__(self) -> int:
        """How many it holds. May block."""
        return len(self._opened())

    def _opened(self) -> NDArray[np.void]:
        if self._rows is None:
            self._rows = _read(self._path)
            self._places = {key.tobytes(): place for place, key in enumerate(self._rows["key"])}
        return self._rows


def write(path: Path, rows: Mapping[bytes, Vectors]) -> None:
    """Write such a file: in the order of the keys, so that the same rows are the same bytes."""
    held = np.empty(len(rows), _ROW)
    for place, key in enumerate(sorted(rows)):
        held[place] = (key, rows[key])
    np.save(path, held, allow_pickle=False)


def _read(path: Path) -> NDArray[np.void]:
    try:
        rows: NDArray[np.void] = np.load(path, allow_pickle=False)
    except (OSError, ValueError, EOFError) as error:
        _log.warning("the vectors that come with the program cannot be read, and are computed: %s", error)
        return np.empty(0, _ROW)
    if rows.dtype != _ROW:
        _log.warning("the vectors that come with the program are of another form, and are computed")
        return np.empty(0, _ROW)
    return rows
