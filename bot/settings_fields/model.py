"""Settings of the language model: which one words the answers, and how much of it may be used."""

from __future__ import annotations

from typing import Literal

from pydantic import Field, SecretStr, field_validator

from bot.settings_fields.group import Group
from bot.settings_fields.values import as_address, check_secret


class ModelSettings(Group):
    """Without a provider answers are in the sources' own words."""

    model_provider: Literal["off", "openai", "azure"] = Field(
        "off",
        description="Who words the answers: `off` (the sources themselves), `openai` (OpenAI or any server that speaks "
        "its API, such as vLLM or Ollama), or `azure` (Azure OpenAI).",
    )
    model_name: str = Field(
        "", description="Name of the model, with Azure of the deployment; required with a provider."
    )
    model_base_url: str = Field(
        "",
        description="Address of the model's server: with `azure` of the resource, "
        "`https://NAME.openai.azure.com`; with `openai` empty means OpenAI itself.",
    )
    model_api_key: SecretStr = Field(
        SecretStr(""), description="Key of the model's server; required with Azure and with OpenAI itself."
    )
    model_api_version: str = Field(
        "", description="Version of an older Azure API (`2024-10-21`); empty means the current one, without versions."
    )
    model_structure: Literal["json_schema", "json_object", "prompt"] = Field(
        "json_schema",
        description="How the form of answers is asked for: `json_schema`, or for servers that do not know that "
        "`json_object`, or `prompt` alone.",
    )
    model_deadline: float = Field(
        30.0, gt=0, le=120, description="Seconds after which an answer is given without the model."
    )
    model_answer_tokens: int = Field(900, ge=200, le=8000, description="Most tokens of one answer of the model.")
    model_passages: int = Field(8, ge=1, le=20, description="Most passages that the model is given for one answer.")
    model_cache_minutes: int = Field(
        60, ge=0, le=24 * 60, description="Minutes for which an answer to the same question is used again; 0 is never."
    )
    budget_person: int = Field(
        200_000, ge=0, description="Tokens that one person's questions may use in a month; 0 is no limit."
    )
    budget_tenant: int = Field(
        5_000_000, ge=0, description="Tokens that one municipality's questions may use in a month; 0 is no limit."
    )
    budget_total: int = Field(
        20_000_000, ge=0, description="Tokens that all questions together may use in a month; 0 is no limit."
    )

    @field_validator("model_api_key")
    @classmethod
    def _no_placeholder_model_key(cls, value: SecretStr) -> SecretStr:
        check_secret(value.get_secret_value())
        return value

    @field_validator("model_base_url")
    @classmethod
    def _model_address(cls, value: str) -> str:
        return as_address(value) if value else value
