"""OpenTelemetry's own variables: off where none is set, and a clear word where one is wrong."""

from __future__ import annotations

import pytest

from bot.observing.settings import read_exporting
from bot.settings import Settings, SettingsInvalid
from bot.settings_fields.values import as_listening

NAMES = (
    "OTEL_SDK_DISABLED",
    "OTEL_EXPORTER_OTLP_ENDPOINT",
    *(f"OTEL_{signal}_EXPORTER" for signal in ("TRACES", "METRICS")),
    *(f"OTEL_EXPORTER_OTLP_{signal}_ENDPOINT" for signal in ("TRACES", "METRICS")),
    "OTEL_TRACES_SAMPLER",
)


@pytest.fixture(autouse=True)
def nothing_set(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in NAMES:
        monkeypatch.delenv(name, raising=False)


@pytest.mark.parametrize(
    ("given", "traces", "metrics"),
    [
        ({}, set(), set()),
        ({"OTEL_SERVICE_NAME": "fyren"}, set(), set()),
        ({"OTEL_EXPORTER_OTLP_ENDPOINT": "http://c:4318"}, {"otlp"}, {"otlp"}),
        ({"OTEL_EXPORTER_OTLP_TRACES_ENDPOINT": "http://c:4318/v1/traces"}, {"otlp"}, set()),
        ({"OTEL_EXPORTER_OTLP_ENDPOINT": "http://c:4318", "OTEL_TRACES_EXPORTER": "none"}, set(), {"otlp"}),
        ({"OTEL_METRICS_EXPORTER": "prometheus, console"}, set(), {"prometheus", "console"}),
        ({"OTEL_EXPORTER_OTLP_ENDPOINT": "http://c:4318", "OTEL_SDK_DISABLED": "true"}, set(), set()),
    ],
)
def test_what_is_sent(
    monkeypatch: pytest.MonkeyPatch, given: dict[str, str], traces: set[str], metrics: set[str]
) -> None:
    for name, value in given.items():
        monkeypatch.setenv(name, value)
    exporting = read_exporting()
    assert (set(exporting.traces), set(exporting.metrics)) == (traces, metrics)
    assert not exporting.sampled


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("OTEL_TRACES_EXPORTER", "jaeger"),
        ("OTEL_METRICS_EXPORTER", "statsd"),
        ("OTEL_EXPORTER_OTLP_PROTOCOL", "grpc"),
        ("OTEL_EXPORTER_OTLP_METRICS_PROTOCOL", "grpc"),
        ("OTEL_METRIC_EXPORT_INTERVAL", "soon"),
    ],
)
def test_what_is_not_supported_is_told_by_its_name(monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", "http://c:4318")
    monkeypatch.setenv(name, value)
    with pytest.raises(SettingsInvalid) as wrong:
        read_exporting()
    assert [each.name for each in wrong.value.problems] == [name]


@pytest.mark.parametrize(
    ("given", "host", "port"),
    [
        (":9464", "127.0.0.1", 9464),
        ("0.0.0.0:9464", "0.0.0.0", 9464),
        ("[::1]:0", "::1", 0),
        ("matvarden.example.se:80", "matvarden.example.se", 80),
    ],
)
def test_an_address_to_listen_on(given: str, host: str, port: int) -> None:
    assert as_listening(given) == (host, port)
    assert Settings.read(metrics_address=given).metrics_address == given


@pytest.mark.parametrize(
    "given", ["9464", "host", "host:", "host:99999", "http://host:1", "::1:9464", "[x]:1", "a b:1"]
)
def test_what_is_no_address_to_listen_on_is_told(given: str) -> None:
    with pytest.raises(SettingsInvalid) as wrong:
        Settings.read(metrics_address=given)
    assert [(each.name, each.kind) for each in wrong.value.problems] == [("FYREN_METRICS_ADDRESS", "no_listening")]
