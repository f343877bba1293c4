"""What goes between the service and the process that makes a draft: one order there, lines back, the last an end."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Final

from pydantic import SecretStr, TypeAdapter

from bot.documents.errors import Problem
from bot.documents.ports import Prepared
from bot.drafting.order import Order
from bot.settings import Settings
from bot.settings_fields.knowledge import KnowledgeSettings
from bot.settings_fields.service import ServiceSettings
from bot.settings_fields.web_sources import WebSourceSettings

GROUPS: Final = (ServiceSettings, KnowledgeSettings, WebSourceSettings)
"""The settings that making a draft depends on."""


@dataclass(frozen=True, slots=True)
class Given:
    """An order, and the settings under which it is carried out."""

    order: Order
    settings: dict[str, Any] = field(repr=False)


@dataclass(frozen=True, slots=True)
class Far:
    """How far it is: as `bot.documents.ports.Tell` is told."""

    phase: str
    done: int
    total: int
    path: str = ""


@dataclass(frozen=True, slots=True)
class End:
    """The draft; or else that it is `stale`, or what the `problem` was. `detail` is for the log."""

    prepared: Prepared | None = None
    stale: bool = False
    problem: Problem | None = None
    detail: str = ""


GIVEN: Final = TypeAdapter(Given)
LINE: Final[TypeAdapter[Far | End]] = TypeAdapter(Far | End)


def settings_for(settings: Settings) -> dict[str, Any]:
    """What `Settings.read` makes the same settings of in another process; secrets are in it."""
    names = {name for group in GROUPS for name in group.model_fields}
    values = settings.model_dump(mode="json", include=names, exclude_defaults=True)
    for name in values:
        value = getattr(settings, name)
        if isinstance(value, SecretStr):
            values[name] = value.get_secret_value()
    return values
