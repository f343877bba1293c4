"""Temporary folders that outlive nobody: removed after use, and after a kill by whoever comes next.

Each holds a lock as long as its process lives; a folder whose lock can be had belongs to nobody any more.
"""

from __future__ import annotations

import os
import shutil
import stat
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from filelock import FileLock, Timeout

_PREFIX, _UNLOCKED = "fyren-unpacked-", "fyren-beginning-"
_LOCK = ".lock"
_A_WHILE = 600
"""Seconds after which a folder that is not locked yet never will be."""


@contextmanager
def scratch_folder() -> Iterator[Path]:
    """An empty folder in the system's place for temporary files, for this user only. Blocks."""
    place = Path(tempfile.gettempdir())
    begun = Path(tempfile.mkdtemp(prefix=_UNLOCKED, dir=place))
    lock = FileLock(begun / _LOCK, thread_local=False)
    lock.acquire(timeout=0)
    # Under this name it is looked at by others, who find it locked from the first moment on.
    made = begun.rename(place / begun.name.replace(_UNLOCKED, _PREFIX))
    try:
        folder = made / "files"
        folder.mkdir()
        yield folder
    finally:
        shutil.rmtree(made, ignore_errors=True)  # what cannot be removed now is tried again by the next one
        lock.release()


def clear_abandoned() -> None:
    """Remove what processes that were killed have left; never another user's. Blocks."""
    place = Path(tempfile.gettempdir())
    for folder in [*place.glob(f"{_PREFIX}*"), *place.glob(f"{_UNLOCKED}*")]:
        with suppress(Timeout, OSError):  # somebody works in it, or has just removed it
            found = folder.lstat()
            if not stat.S_ISDIR(found.st_mode) or found.st_uid != os.getuid():
                continue
            if folder.name.startswith(_UNLOCKED) and time.time() - found.st_mtime < _A_WHILE:
                continue
            with FileLock(folder / _LOCK, timeout=0, thread_local=False):
                shutil.rmtree(folder, ignore_errors=True)
