"""The municipalities that the instruments know, and whose documents the people of each tenant may read."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Mapping

from bot.access.stewards import Stewards
from bot.conversation.readership import Readership
from bot.maturity.instrument import Instrument
from bot.maturity.instrument_file import INSTRUMENTS, load_folder
from bot.settings import Settings
from knowledge.access import people_of

_log = logging.getLogger(__name__)


def load_municipalities(settings: Settings) -> dict[str, str]:
    """Their keys and names, by which documents have an owner. Blocks. Raises bot.maturity.errors.DataInvalid."""
    return municipalities_of(load_folder(INSTRUMENTS, settings.instruments_dir).values())


def municipalities_of(instruments: Iterable[Instrument]) -> dict[str, str]:
    """Keys and names of the organisations of these instruments that are one municipality."""
    return {each.id: each.title for one in instruments for each in one.organisations if not each.shared}


def readership(settings: Settings, municipalities: Mapping[str, str]) -> Readership:
    """What the people of each tenant may read, by `FYREN_TENANT_ORGANISATIONS`.

    A tenant opens a municipality's documents where it is that municipality's alone: the people of a tenant that several
    share cannot be told apart. Without an app registration nobody is authenticated, and no tenant opens anything.
    """
    if not settings.teams_app_id:
        return Readership()
    found = {tenant: _own(names, municipalities) for tenant, names in settings.tenant_organisations.items()}
    shared = [tenant for tenant, own in found.items() if len(own) > 1]
    if shared:
        _log.warning("tenants of several municipalities open no municipality's own documents: %s", ", ".join(shared))
    return Readership({tenant.lower(): people_of(own[0]) for tenant, own in found.items() if len(own) == 1})


def stewards(settings: Settings, municipalities: Mapping[str, str]) -> Stewards:
    """Who may send documents in a chat, by `FYREN_TEAMS_ADMINISTRATORS`.

    Without an app registration nobody is authenticated, and so nobody may.
    """
    return Stewards(settings.teams_administrators if settings.teams_app_id else {}, municipalities)


def _own(names: Iterable[str], municipalities: Mapping[str, str]) -> list[str]:
    wanted = {name.casefold() for name in names}
    return [key for key, title in municipalities.items() if {key.casefold(), title.casefold()} & wanted]
