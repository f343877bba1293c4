"""Settings of the maturity check."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated

from pydantic import Field, field_validator
from pydantic_settings import NoDecode

from bot.settings_fields.group import Group
from bot.settings_fields.values import as_channel, as_organisations


class CheckSettings(Group):
    """Whom people turn to, and whom they answer for."""

    contact: str = Field(
        "digitaliseringsstrategen vid Fyrbodals kommunalförbund",
        min_length=1,
        description="Whom people turn to about the maturity check: a name, an e-mail address, a telephone number.",
    )
    data_protection_contact: str = Field(
        "dataskyddsombudet vid Fyrbodals kommunalförbund",
        min_length=1,
        description="How the data protection officer is reached; told before the maturity check begins.",
    )
    tenant_organisations: Annotated[Mapping[str, tuple[str, ...]], NoDecode] = Field(
        {},
        description="Which municipality or IT organisation the people of a tenant are likely to answer for, as "
        "`TENANT=NAME` separated by commas, several names by `+`: `00000000-0000-0000-0000-000000000000=Uddevalla`. "
        "People of a tenant that names exactly one municipality also get answers from that municipality's own "
        "documents.",
    )

    federation_channel: str = Field(
        "",
        description="The federation's own channel in Teams, which a weekly digest of open rounds may go to: the link "
        "to the channel that Teams copies, or the channel's id. Somebody in the channel writes `@Fyren veckobrev hit` "
        "to turn the digest on, and `@Fyren veckobrev av` to turn it off.",
    )

    @field_validator("federation_channel")
    @classmethod
    def _channel(cls, value: str) -> str:
        return as_channel(value) if value else value

    @field_validator("tenant_organisations", mode="before")
    @classmethod
    def _organisations(cls, value: object) -> object:
        return as_organisations(value) if isinstance(value, str) else value
