"""What a file that somebody sends is called here: its sender's name for it, made harmless."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection
from pathlib import PurePosixPath
from typing import Final

LONGEST: Final = 160
NAMELESS: Final = "dokument"
ADDRESS_ENDING: Final = ".web-address"
"""Of a file that holds an address to fetch; no file that is sent has it, see `plain_ending`."""
_ENDING: Final = re.compile(r"[.][a-z0-9]{1,8}")


def harmless(name: str) -> str:
    """A name without folders, control characters and marks that turn the reading direction; never empty.

    It names the document to people and in the index. On disk a file is called by an id of this service's own.
    """
    last = unicodedata.normalize("NFC", name).replace("\\", "/").rpartition("/")[2]
    kept = "".join(" " if each.isspace() else each for each in last if each.isspace() or _shown(each))
    words = " ".join(kept.split()).lstrip(".~$ ")
    path = PurePosixPath(words or NAMELESS)
    suffix = path.suffix[:20]
    return f"{path.name.removesuffix(path.suffix)[: LONGEST - len(suffix)]}{suffix}"


def free(name: str, taken: Collection[str]) -> str:
    """The name, with a number where it is taken."""
    path, number, found = PurePosixPath(name), 2, name
    while found in taken:
        found, number = f"{path.stem} ({number}){path.suffix}", number + 1
    return found


def plain_ending(name: str) -> str:
    """The ending of a name where it is one that any system takes, such as `.pdf`; else nothing."""
    ending = PurePosixPath(name).suffix.lower()
    return ending if _ENDING.fullmatch(ending) else ""


def _shown(character: str) -> bool:
    return unicodedata.category(character)[0] != "C"
