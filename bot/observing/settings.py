"""The environment variables of OpenTelemetry that decide what is sent; its library reads the others by itself."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import Final

from bot.settings import Problem, SettingsInvalid

TRACES: Final = ("otlp", "console", "none")
METRICS: Final = ("otlp", "console", "prometheus", "none")
PROTOCOL: Final = "http/protobuf"
INTERVAL: Final = 60.0
"""Seconds between two exports of metrics, as OpenTelemetry's specification has it."""


@dataclass(frozen=True, slots=True)
class Exporting:
    """Which exporters get what. `sampled` is whether the environment says which traces are kept; `interval` is seconds
    between two exports of metrics; `page` is where Prometheus reads them, by OpenTelemetry's own variables."""

    traces: frozenset[str] = frozenset()
    metrics: frozenset[str] = frozenset()
    sampled: bool = False
    interval: float = INTERVAL
    page: str = ""


def read_exporting() -> Exporting:
    """From the environment: nothing is sent where no variable asks for it. Raises SettingsInvalid."""
    if _given("OTEL_SDK_DISABLED").lower() == "true":
        return Exporting()
    chosen = Exporting(
        _exporters("TRACES", TRACES),
        _exporters("METRICS", METRICS),
        bool(_given("OTEL_TRACES_SAMPLER")),
        _milliseconds("OTEL_METRIC_EXPORT_INTERVAL", INTERVAL),
        f"{_given('OTEL_EXPORTER_PROMETHEUS_HOST') or 'localhost'}:{_given('OTEL_EXPORTER_PROMETHEUS_PORT') or '9464'}",
    )
    for signal, exporters in (("TRACES", chosen.traces), ("METRICS", chosen.metrics)):
        if "otlp" in exporters:
            _require_protocol(signal)
    return chosen


def _exporters(signal: str, allowed: tuple[str, ...]) -> frozenset[str]:
    name = f"OTEL_{signal}_EXPORTER"
    given = {each.strip().lower() for each in _given(name).split(",") if each.strip()}
    if given - set(allowed):
        raise SettingsInvalid([Problem(name, "not_one_of", {"allowed": ", ".join(allowed)})])
    if not given and (_given("OTEL_EXPORTER_OTLP_ENDPOINT") or _given(f"OTEL_EXPORTER_OTLP_{signal}_ENDPOINT")):
        return frozenset({"otlp"})
    return frozenset(given - {"none"})


def _require_protocol(signal: str) -> None:
    for name in (f"OTEL_EXPORTER_OTLP_{signal}_PROTOCOL", "OTEL_EXPORTER_OTLP_PROTOCOL"):
        if _given(name):
            if _given(name) != PROTOCOL:
                raise SettingsInvalid([Problem(name, "not_one_of", {"allowed": PROTOCOL})])
            return


def _milliseconds(name: str, default: float) -> float:
    """Seconds."""
    given = _given(name)
    if not given:
        return default
    if not given.isdigit() or not int(given):
        raise SettingsInvalid([Problem(name, "no_integer")])
    return int(given) / 1000


def _given(name: str) -> str:
    return os.environ.get(name, "").strip()
