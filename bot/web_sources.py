"""Settings -> how web addresses are fetched for the knowledge base."""

from __future__ import annotations

from bot.settings import Settings
from bot.version import program_version
from ingest.web_sources.allow_list import AllowList
from ingest.web_sources.fetching import Web
from ingest.web_sources.limits import WebLimits


def web_of(settings: Settings) -> Web:
    """The sites that are allowed, and the name by which these see who asks."""
    limits = WebLimits(pages=settings.web_pages)
    return Web(AllowList(settings.web_sources), f"Fyren/{program_version()}", limits)
