"""All fields of the settings, and the values that follow from several of them."""

from __future__ import annotations

from urllib.parse import urlsplit

from bot.settings_fields.check import CheckSettings
from bot.settings_fields.exports import ExportSettings
from bot.settings_fields.knowledge import KnowledgeSettings
from bot.settings_fields.model import ModelSettings
from bot.settings_fields.observing import ObservingSettings
from bot.settings_fields.searching import SearchSettings
from bot.settings_fields.service import ServiceSettings
from bot.settings_fields.signin import SigninSettings
from bot.settings_fields.talk import TalkSettings
from bot.settings_fields.teams import TeamsSettings
from bot.settings_fields.web_sources import WebSourceSettings

SHARED = frozenset({"common", "organizations", "consumers"})
"""First parts of an Entra authority's path that stand for people of any tenant."""


class Fields(
    ModelSettings,
    ExportSettings,
    SigninSettings,
    TeamsSettings,
    WebSourceSettings,
    SearchSettings,
    KnowledgeSettings,
    CheckSettings,
    TalkSettings,
    ObservingSettings,
    ServiceSettings,
):
    """The table in the documentation lists the groups from the last to the first."""

    @property
    def pictures_url(self) -> str:
        """Where clients fetch pictures; empty where they cannot.

        Without Teams sign-in every client is on this machine, so the address listened on will do where it is known.
        """
        if self.public_url or self.teams_app_id or not self.port:
            return self.public_url
        return f"http://{f'[{self.host}]' if ':' in self.host else self.host}:{self.port}"

    @property
    def signin_of_any_tenant(self) -> bool:
        """Whether the sign-in service vouches for people of many tenants, so that theirs has to be looked at."""
        return urlsplit(self.signin_authority).path.strip("/").partition("/")[0] in SHARED

    @property
    def signin_tenants(self) -> frozenset[str]:
        """Tenants whose people may sign in; empty means all whom the sign-in service vouches for."""
        return frozenset(self.signin_allowed_tenants) or (self.tenants if self.signin_of_any_tenant else frozenset())
