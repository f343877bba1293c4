"""Settings of what the service tells about itself, and of how it ends."""

from __future__ import annotations

from typing import Literal

from pydantic import Field, field_validator

from bot.settings_fields.group import Group
from bot.settings_fields.values import as_listening


class ObservingSettings(Group):
    """Log and metrics; traces have OpenTelemetry's own variables."""

    log_format: Literal["text", "json"] = Field(
        "text", description="How lines of the log are written: `text`, or `json` with one object a line."
    )
    metrics_address: str = Field(
        "",
        description="Address of its own, as `HOST:PORT`, at which `fyren serve` shows metrics to Prometheus under "
        "`/metrics`; `:9464` is on this machine only. Empty turns it off. It asks nobody who they are, so keep it to "
        "the operators' network. Whatever OpenTelemetry sends is set by its own variables, such as "
        "`OTEL_EXPORTER_OTLP_ENDPOINT`.",
    )
    drain_seconds: float = Field(
        0.0,
        ge=0.0,
        le=60.0,
        description="Seconds that `fyren serve` goes on answering after SIGTERM while `/readyz` says 503, for a load "
        "balancer to notice before connections are refused.",
    )

    @field_validator("metrics_address")
    @classmethod
    def _listening(cls, value: str) -> str:
        if value:
            as_listening(value)
        return value
