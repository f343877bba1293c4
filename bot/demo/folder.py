"""Where a demo's databases are, and the settings with which they are served."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from pydantic import SecretStr

from bot.settings import Settings
from bot.settings_fields.check import CheckSettings
from bot.settings_fields.knowledge import KnowledgeSettings
from bot.settings_fields.service import ServiceSettings
from bot.settings_fields.talk import TalkSettings
from bot.storage.engine import sqlite_url

NAME: Final = "demo"
"""The folder in the data folder, where no other is named."""

KEPT: Final = (KnowledgeSettings, CheckSettings, TalkSettings, ServiceSettings)
"""Groups of settings that a demo shares with the service. With all others made-up data could reach somebody: there is
no sign-in, no Teams, and nothing that is sent anywhere."""

NOT_KEPT: Final = frozenset({"public_url", "database_url", "identity_database_url"})


@dataclass(frozen=True, slots=True)
class DemoFolder:
    """A folder with the two databases of a demo, or for them."""

    path: Path

    @property
    def files(self) -> tuple[Path, Path]:
        """The main database, and the one with the keys of rounds."""
        return self.path / "fyren.sqlite3", self.path / "identity.sqlite3"

    @property
    def urls(self) -> tuple[str, str]:
        """Both as URLs."""
        main, identity = self.files
        return sqlite_url(main), sqlite_url(identity)


def demo_settings(settings: Settings, folder: DemoFolder) -> Settings:
    """The settings with which the demo of a folder is served: for this machine only, with nothing of the real service
    but its knowledge base and its words."""
    kept = {name for group in KEPT for name in group.model_fields} - NOT_KEPT
    fields = type(settings).model_fields
    unset = {name: each.get_default(call_default_factory=True) for name, each in fields.items() if name not in kept}
    main, identity = (SecretStr(url) for url in folder.urls)
    return settings.model_copy(update=unset | {"database_url": main, "identity_database_url": identity})
