"""The zip file: the same bytes for the same content, so that a package can be compared with the one in use."""

from __future__ import annotations

import io
import json
import zipfile
from pathlib import Path

from bot.conversation.texts import LANGUAGES, Texts
from bot.teams.app_package.manifest import ICONS, AppIdentity, Json, file_of, manifest, translation

FOLDER = Path(__file__).parent / "icons"
_LONG_AGO = (1980, 1, 1, 0, 0, 0)
"""The earliest moment that a zip file knows; when a package was made is none of its content."""


def bundle(identity: AppIdentity, texts: Texts) -> bytes:
    """The app package. Reads the icons, so it belongs into a thread where there is an event loop."""
    files = {"manifest.json": _written(manifest(identity, texts))}
    files |= {file_of(language): _written(translation(texts, language)) for language in LANGUAGES[1:]}
    files |= {name: (FOLDER / name).read_bytes() for name in ICONS.values()}
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name, content in files.items():
            entry = zipfile.ZipInfo(name, _LONG_AGO)
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, content, zipfile.ZIP_DEFLATED)
    return packed.getvalue()


def _written(content: Json) -> bytes:
    return json.dumps(content, ensure_ascii=False, indent=2).encode() + b"\n"
