"""Settings of the knowledge base: vectors, text analysis, when an answer is given."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, SecretStr, field_validator
from pydantic_settings import NoDecode

from bot.settings_fields.group import Group
from bot.settings_fields.values import as_address, as_steps, check_secret
from ingest.sandbox import Limits
from knowledge.model import OPERATING_POINT
from knowledge.retention import Retention
from knowledge.swedish.steps import ALL, Step, Steps


class KnowledgeSettings(Group):
    """How texts are searched, and how sure an answer has to be."""

    embedding_provider: Literal["local", "openai", "off"] = Field(
        "local",
        description="Who makes vectors: `local` (built in, multilingual-e5-small), `openai` (OpenAI or a "
        "server that speaks its API), or `off` (word search only).",
    )
    embedding_model: str = Field(
        "", description="Name of the embedding model; required with `openai`, unused with `local`."
    )
    embedding_base_url: str = Field(
        "", description="Address of an OpenAI-compatible embedding server; empty means OpenAI itself."
    )
    embedding_api_key: SecretStr = Field(
        SecretStr(""), description="Key of the embedding server; required when no base address is given."
    )
    embedding_timeout: float = Field(
        20.0, gt=0, le=300, description="Seconds to wait for one answer of the embedding server."
    )

    analysis_off: Annotated[tuple[Step, ...], NoDecode] = Field(
        (),
        description="Steps of the Swedish text analysis that are left out, separated by commas, for whoever measures "
        f"what one brings or has texts in another language: {', '.join(f'`{step}`' for step in Step)}.",
    )

    ocr: Literal["auto", "off"] = Field(
        "auto",
        description="Whether scanned pages are read with text recognition: `auto` does so where Tesseract with Swedish "
        "is installed, `off` leaves them unread.",
    )

    operating_point: float = Field(
        OPERATING_POINT,
        ge=0,
        le=1,
        allow_inf_nan=False,
        description="Probability (0-1) that what was found answers the question, from which an answer is given: lower "
        "answers more, higher refuses more; 1 refuses everything.",
    )

    keep_generations: int = Field(
        3,
        ge=1,
        le=1000,
        description="Publications of the knowledge base that can be rolled back to, the newest included.",
    )
    keep_generation_days: float = Field(
        30,
        gt=0,
        le=3650,
        description="Days after which a publication that another has replaced is deleted, so that documents that were "
        "taken out are gone; `fyren documents remove --at-once` does not wait for that.",
    )

    keep_job_days: int = Field(
        365,
        ge=1,
        le=3650,
        description="Days after which what came of documents that were sent, taken out or given other facts is deleted "
        "from the page of documents, with the names of those who did it; counted from when it ended.",
    )

    @field_validator("embedding_api_key")
    @classmethod
    def _no_placeholder_key(cls, value: SecretStr) -> SecretStr:
        check_secret(value.get_secret_value())
        return value

    @field_validator("embedding_base_url")
    @classmethod
    def _address(cls, value: str) -> str:
        return as_address(value) if value else value

    @field_validator("analysis_off", mode="before")
    @classmethod
    def _steps(cls, value: object) -> object:
        return as_steps(value) if isinstance(value, str) else value

    @property
    def limits(self) -> Limits:
        """What reading one file may cost."""
        return Limits() if self.ocr == "auto" else Limits(recognition=None)

    @property
    def retention(self) -> Retention:
        """How long what was published before is kept."""
        return Retention(self.keep_generations, self.keep_generation_days)

    @property
    def steps(self) -> Steps:
        """The steps of the text analysis that are taken."""
        return ALL.difference(self.analysis_off)
