"""Which generation is published: one line with its id and its manifest's SHA-256, replaced as a whole."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from knowledge.adapters.manifest import sync
from knowledge.errors import IndexDamaged

_NAME = re.compile(r"[0-9A-Za-z-]+")
_LINE = re.compile(rb"(?P<generation>[0-9A-Za-z-]+) (?P<checksum>[0-9a-f]{64})\s*")


@dataclass(frozen=True, slots=True)
class Published:
    """The published generation's id and its manifest's checksum."""

    generation: str
    checksum: str


def is_name(text: str) -> bool:
    """Whether a generation may be called so: what comes from outside must not name other folders."""
    return _NAME.fullmatch(text) is not None


class Pointer:
    """The file `current` below `root`."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._path = root / "current"

    def read(self) -> Published | None:
        """None where nothing is published. Raises IndexDamaged where the file is not readable."""
        try:
            content = self._path.read_bytes()
        except FileNotFoundError:
            return None
        found = _LINE.fullmatch(content)
        if found is None:
            raise IndexDamaged(f"the pointer to the published generation is not readable: {content[:120]!r}")
        return Published(found["generation"].decode("ascii"), found["checksum"].decode("ascii"))

    def write(self, published: Published) -> None:
        """Point at another generation; a crash leaves either the old or the new line."""
        draft = self._path.with_suffix(".new")
        draft.write_text(f"{published.generation} {published.checksum}", encoding="ascii")
        sync(draft)
        draft.replace(self._path)
        sync(self._root)
