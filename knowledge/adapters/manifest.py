"""What a generation says of itself, and whether its files are what it says."""

from __future__ import annotations

import hashlib
import os
import zipfile
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError

from knowledge.errors import IndexDamaged, IndexUnavailable

READERS = 2
"""Files whose checksums are worked out side by side; a gigabyte takes about half a second on one processor."""

_UNREADABLE = (ValueError, TypeError, AttributeError, LookupError, RuntimeError, EOFError, zipfile.BadZipFile)
"""What JSON, NumPy and FAISS raise for content that is not theirs."""


class DifferenceCounts(BaseModel):
    """In how many documents and passages a generation differs from the one it was made from."""

    model_config = ConfigDict(frozen=True)

    documents_added: int = 0
    documents_changed: int = 0
    documents_removed: int = 0
    passages_added: int = 0
    passages_changed: int = 0
    passages_removed: int = 0


class Manifest(BaseModel):
    """What a generation says of itself. `steps` are those of the Swedish analysis that shaped it (None: not told).

    `author` is who had it written, `base` the generation that was published then, and `difference` what is another
    than there; generations made before these were told have none.
    """

    model_config = ConfigDict(frozen=True)

    generation: str
    format: int
    created: datetime
    note: str
    model: str | None
    documents: int
    passages: int
    files: dict[str, str]
    steps: tuple[str, ...] | None = None
    author: str = ""
    base: str | None = None
    difference: DifferenceCounts | None = None


def read_manifest(directory: Path, name: str, checksum: str | None = None) -> Manifest:
    """The manifest of the generation of this name. Raises IndexDamaged, also where it has another checksum."""
    try:
        content = (directory / "manifest.json").read_bytes()
        manifest = Manifest.model_validate_json(content)
    except FileNotFoundError as error:
        raise IndexDamaged(f"generation {name} has no manifest") from error
    except (ValidationError, OSError) as error:
        raise IndexDamaged(f"generation {name}: the manifest is not readable") from error
    if checksum is not None and hashlib.sha256(content).hexdigest() != checksum:
        raise IndexDamaged(f"generation {name}: the manifest differs from its checksum")
    if manifest.generation != name:
        raise IndexDamaged(f"generation {name} has the manifest of {manifest.generation}")
    return manifest


def refuse_newer(manifest: Manifest, known: int) -> None:
    """Raises IndexUnavailable for a format after the `known` ones."""
    if manifest.format > known:
        raise IndexUnavailable(
            f"generation {manifest.generation} has format {manifest.format}, newer than {known}: "
            "it was written by a newer version of the program"
        )


def verify(directory: Path, manifest: Manifest, needed: Sequence[str]) -> None:
    """Compare every file with the manifest, which must list the `needed` ones.

    All of them before any is used: at about two gigabytes a second that fits into an opening of a hundred thousand
    passages several times, so nothing is left for later to find. Raises IndexDamaged.
    """
    unlisted = [name for name in needed if name not in manifest.files]
    if unlisted:
        raise IndexDamaged(f"generation {manifest.generation}: the manifest does not list {', '.join(unlisted)}")
    paths = {name: directory / name for name in manifest.files}
    missing = next((name for name, path in paths.items() if not path.is_file()), None)
    if missing is not None:
        raise IndexDamaged(f"generation {manifest.generation}: {missing} is missing")
    largest_first = sorted(paths, key=lambda name: -paths[name].stat().st_size)
    with ThreadPoolExecutor(READERS) as pool:
        for name, checksum in zip(largest_first, pool.map(sha256, map(paths.get, largest_first)), strict=True):
            if checksum != manifest.files[name]:
                raise IndexDamaged(f"generation {manifest.generation}: {name} differs from its checksum")


@contextmanager
def damaged(generation: str) -> Iterator[None]:
    """What is not readable although its checksum agrees is damaged, too."""
    try:
        yield
    except _UNREADABLE as error:
        raise IndexDamaged(f"generation {generation} is not readable: {error}") from error


def sha256(path: Path) -> str:
    """The checksum of a file's content, in hexadecimal digits."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def sync(path: Path) -> None:
    """Force a file's or directory's content to disk, so that a rename never outlives what it points at."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
