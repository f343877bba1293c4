"""The licences of what Fyren is shipped with: `python -m tests.deploy.licences` writes them as CSV.

Read from the packages that are installed, for those that the lock names. A licence that nobody has looked at ends with
exit code 1.
"""

from __future__ import annotations

import csv
import re
import sys
from dataclasses import dataclass
from email.message import Message
from importlib.metadata import PackageNotFoundError, metadata
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).parents[2]
_PINNED: Final = re.compile(r"^(?P<name>[A-Za-z0-9_.-]+)==(?P<version>[^\s;\\]+)", re.MULTILINE)
_FREE: Final = frozenset(
    {
        *("0BSD", "Apache-2.0", "BSD-2-Clause", "BSD-3-Clause", "CC0-1.0", "CNRI-Python", "ISC", "MIT", "MIT-0"),
        *("MIT-CMU", "MPL-2.0", "PSF-2.0", "Zlib"),
    }
)
"""Licences that let a municipality use, change and pass on what Fyren is made of, with the notice kept."""
_WORDS: Final = {
    "3-Clause BSD License": "BSD-3-Clause",
    "Apache Software License": "Apache-2.0",
    "BSD License": "BSD-3-Clause",
    "MIT License": "MIT",
    "Mozilla Public License 2.0 (MPL 2.0)": "MPL-2.0",
    "Python Software Foundation License": "PSF-2.0",
}
_LOOKED_AT: Final = {
    "psycopg": "LGPL-3.0-only",  # a library that is used unchanged, and can be exchanged; so are its two parts
    "psycopg-binary": "LGPL-3.0-only",
    "psycopg-pool": "LGPL-3.0-only",
    "pypdfium2": "BSD-3-Clause, Apache-2.0, dependency licenses",  # PDFium and what it is built with, all permissive
    "hunspell-sv": "LGPL-3.0-only",  # a dictionary that is read as data, unchanged, and can be exchanged
}


@dataclass(frozen=True, slots=True)
class Licence:
    """Of one package. `installed` is whether it is on this platform; what is not tells nothing here."""

    package: str
    version: str
    licence: str
    installed: bool = True

    @property
    def known(self) -> bool:
        """Whether somebody has looked at it."""
        if not self.installed or _LOOKED_AT.get(self.package) == self.licence:
            return True
        names = re.findall(r"[A-Za-z0-9.-]+", self.licence)
        return bool(names) and {*names} - {"AND", "OR"} <= _FREE


def pinned(lock: str) -> dict[str, str]:
    """The packages of a lock, with their versions."""
    return {found["name"]: found["version"] for found in _PINNED.finditer(lock)}


def licences(lock: Path = ROOT / "requirements.lock") -> list[Licence]:
    """Those of all packages of a lock, by name."""
    found = []
    for name, version in sorted(pinned(lock.read_text(encoding="utf-8")).items()):
        try:
            found.append(Licence(name, version, told(metadata(name))))  # type: ignore[arg-type]  # it is a Message
        except PackageNotFoundError:
            found.append(Licence(name, version, "", installed=False))
    return found


def told(package: Message) -> str:
    """What a package says of its licence, in the names of SPDX where it does, in one of the three fields for it."""
    if expression := package.get("License-Expression"):
        return str(expression)
    classified = [str(each).rpartition(" :: ")[2] for each in package.get_all("Classifier") or []]
    named = [_WORDS[each] for each in classified if each in _WORDS]
    if named:
        return " AND ".join(sorted({*named}))
    first = str(package.get("License") or "").strip().partition("\n")[0]
    return first if first in _FREE else _WORDS.get(first, first)


def main() -> int:
    """Write them; 1 where there is one that nobody has looked at."""
    found = licences()
    written = csv.writer(sys.stdout)
    written.writerow(["package", "version", "licence"])
    written.writerows([each.package, each.version, each.licence or "not on this platform"] for each in found)
    unknown = [each.package for each in found if not each.known]
    if unknown:
        print(f"nobody has looked at the licence of: {', '.join(unknown)}", file=sys.stderr)
    return 1 if unknown else 0


if __name__ == "__main__":
    sys.exit(main())
