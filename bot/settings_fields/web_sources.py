"""Settings of web addresses as sources of documents."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, field_validator
from pydantic_core import PydanticCustomError
from pydantic_settings import NoDecode

from bot.settings_fields.group import Group
from ingest.errors import AddressRefused
from ingest.web_sources.allow_list import Site, site_of


class WebSourceSettings(Group):
    """Which sites documents may be fetched from, and how much at a time."""

    web_sources: Annotated[tuple[Site, ...], NoDecode] = Field(
        (),
        description="Sites that documents may be fetched from, separated by commas: `www.example.se`, `*.example.se` "
        "(everything below the domain), or with a folder, `www.example.se/dokument`. Only https on the open network is "
        "fetched, and redirects stay on these sites. Empty turns fetching off.",
    )
    web_pages: int = Field(
        500,
        ge=1,
        le=5000,
        description="Pages of a site map that are fetched at a time; those that changed last go first.",
    )

    @field_validator("web_sources", mode="before")
    @classmethod
    def _sites(cls, value: object) -> object:
        if not isinstance(value, str):
            return value
        try:
            return tuple(site_of(part) for part in value.split(",") if part.strip())
        except AddressRefused:
            raise PydanticCustomError("no_sites", "not a list of sites") from None
