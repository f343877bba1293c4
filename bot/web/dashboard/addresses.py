"""Where the dashboard's pages are. Ids come from rounds and instruments, and are quoted all the same."""

from __future__ import annotations

from urllib.parse import quote, urlencode

ROUNDS = "/rounds"
AUDIT = "/audit"


def at(round_id: str, *path: str, **query: str) -> str:
    """A page of a round. Parts of the query that are empty are left out."""
    place = "/".join((ROUNDS, *(quote(each, safe="") for each in (round_id, *path))))
    asked = {name: value for name, value in query.items() if value}
    return f"{place}?{urlencode(asked)}" if asked else place


def item_page(round_id: str, item: str, role: str = "", municipality: str = "") -> str:
    """The page of an item, as one role answered it."""
    return at(round_id, "items", item, role=role, municipality=municipality)
