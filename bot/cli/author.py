"""Who works at the command line, for the history of publications."""

from __future__ import annotations

import getpass


def author_of(given: str | None) -> str:
    """The name that was given, else the system's for whoever runs the command; empty where it has none."""
    if given is not None:
        return given.strip()
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # an account without a name, as containers have them
        return ""
