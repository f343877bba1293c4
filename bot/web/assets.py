"""`/static/<name>`: style sheets and scripts, read once when the service starts, so that no request reaches a file."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from aiohttp import web

from bot.access.permissions import Permission
from bot.web.access import Routes
from bot.web.errors import AssetsInvalid

STATIC: Final = Path(__file__).parent / "static"
FOLDER: Final = "/static"
TYPES: Final[Mapping[str, str]] = {
    ".css": "text/css",
    ".js": "text/javascript",
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".woff2": "font/woff2",
}
YEAR, HOUR = 365 * 24 * 3600, 3600


@dataclass(frozen=True, slots=True)
class Asset:
    """A file as it is served; `version` changes with what is in it."""

    body: bytes
    content_type: str
    version: str


class Assets:
    """The files of a folder by their names. Anything but plain files of known types stops the start."""

    def __init__(self, folder: Path = STATIC) -> None:
        """Reads the folder. Raises AssetsInvalid."""
        self._assets = {path.name: _read(path) for path in sorted(folder.iterdir())}

    def attach(self, routes: Routes) -> None:
        """Add the routes; the first style sheet keeps its old address."""
        routes.add("GET", f"{FOLDER}/{{name}}", self.show, needs=Permission.BE_ANYBODY, open=True)
        routes.add("GET", "/fyren.css", self.style, needs=Permission.BE_ANYBODY, open=True)

    def address(self, name: str) -> str:
        """Where a file is; the address changes with what is in it. Raises KeyError."""
        return f"{FOLDER}/{name}?v={self._assets[name].version}"

    async def style(self, request: web.Request) -> web.Response:
        """The style sheet of all pages."""
        return _answer(request, self._assets["fyren.css"])

    async def show(self, request: web.Request) -> web.Response:
        """A file; 304 where the browser has it, 404 where there is none."""
        asset = self._assets.get(request.match_info["name"])
        if asset is None:
            raise web.HTTPNotFound
        return _answer(request, asset)


def _read(path: Path) -> Asset:
    content_type = TYPES.get(path.suffix)
    if path.is_symlink() or not path.is_file() or content_type is None:
        raise AssetsInvalid(f"{path.name} in the folder of static files is no file of a known type")
    body = path.read_bytes()
    return Asset(body, content_type, hashlib.sha256(body).hexdigest()[:12])


def _answer(request: web.Request, asset: Asset) -> web.Response:
    lasting = request.query.get("v") == asset.version
    headers = {
        "ETag": f'"{asset.version}"',
        "Cache-Control": f"public, max-age={YEAR}, immutable" if lasting else f"public, max-age={HOUR}",
    }
    if any(each.value in ("*", asset.version) for each in request.if_none_match or ()):
        return web.Response(status=304, headers=headers)
    return web.Response(body=asset.body, content_type=asset.content_type, charset="utf-8", headers=headers)
