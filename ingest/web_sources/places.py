"""Where a page is in the index: a path made from its address, the same in every run.

It begins with `web:` and the machine's name, so that no file of a folder has such a path by accident, and pruning tells
a site's pages from files. On disk nothing is called by it.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from typing import Final
from urllib.parse import quote, unquote

from ingest.web_sources.addresses import HTTPS, PLAIN, Address

MARK: Final = "web:"
LONGEST: Final = 200
"""Characters of a place behind the machine's name."""
_INDEX: Final = "index~"
"""What a folder's own page is called. No other name has this sign but before a digest."""
_UNFIT: Final = re.compile(r"[/\\:~@\ufffd]")
_ENDING: Final = re.compile(r"[.][A-Za-z0-9]{1,8}")


def place_of(address: Address) -> str:
    """The path in the index. Different addresses have different ones, whatever signs they are written with."""
    site = f"{MARK}{address.host}{'' if address.port == HTTPS else f'~{address.port}'}"
    *folders, last = address.path.split("/")[1:]
    shown = "/".join((*map(_readable, folders), _readable(last) if last else _INDEX))
    if not address.query and len(shown) <= LONGEST and all(map(_says_all, (*folders, last or "-"))):
        return f"{site}/{shown}"
    digest = hashlib.sha256(address.url.encode()).hexdigest()[:16]
    name = _readable(last)
    stem, dot, ending = name.rpartition(".")
    if not stem or not _ENDING.fullmatch(dot + ending):
        stem, dot, ending = name, "", ""
    above = [each for each in map(_readable, folders) if each][:3]
    return "/".join((site, *(each[:30] for each in above), f"{stem[:40]}~{digest}{dot}{ending}"))


def site_of_place(relative: str) -> str:
    """The site that a path of the index belongs to, with its mark; empty for a file. An owner's folder is no part."""
    first, _, rest = relative.partition("/")
    if first.startswith("@"):
        first = rest.partition("/")[0]
    return first if first.startswith(MARK) else ""


def _says_all(segment: str) -> bool:
    """Whether the readable form of a segment is enough to write it again."""
    shown = _readable(segment)
    return shown != "" and quote(shown, safe=PLAIN) == segment


def _readable(segment: str) -> str:
    """Without what steers, has no shape, or would be a folder or a hidden file."""
    text = unicodedata.normalize("NFC", unquote(segment, errors="replace"))
    kept = "".join(each for each in text if each == " " or unicodedata.category(each)[0] not in "CZ")
    return " ".join(_UNFIT.sub("", kept).split()).lstrip(".")
