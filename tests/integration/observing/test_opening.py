"""Telemetry as the settings and OpenTelemetry's variables want it, against a real collector on loopback."""

from __future__ import annotations

import logging

import aiohttp
import pytest

from bot.observing import opening
from bot.observing.opening import Observing, open_telemetry
from bot.observing.settings import Exporting, read_exporting
from bot.settings import Settings
from bot.telemetry.metrics import LIMITED
from bot.telemetry.ports import NO_TELEMETRY
from tests.fakes.collector import collector


def settings(**given: object) -> Settings:
    return Settings.read(builtin_library=False, **given)


async def test_without_a_setting_nothing_is_counted_and_nothing_is_sent() -> None:
    async with open_telemetry(settings(), Exporting()) as telemetry:
        assert telemetry is NO_TELEMETRY


async def test_w05_prometheus_reads_an_address_of_its_own_which_says_not_what_it_runs_on(
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.INFO)
    async with open_telemetry(settings(metrics_address=":0"), Exporting()) as telemetry:
        telemetry.count(LIMITED, "questions")
        logging.getLogger("bot").error("en rad")
        url = caplog.records[-2].getMessage().rpartition(" ")[2]
        assert url.startswith("http://127.0.0.1:")
        async with aiohttp.ClientSession() as session, session.get(url) as response:
            text = await response.text()
        assert (response.status, response.content_type, response.headers["Server"]) == (200, "text/plain", "Fyren")
    assert 'fyren_rate_limited_total{what="questions"} 1.0' in text
    assert 'fyren_log_lines_total{level="error"} 1.0' in text
    assert "_created" not in text


async def test_what_is_measured_reaches_a_collector_also_at_the_end(monkeypatch: pytest.MonkeyPatch) -> None:
    async with collector() as stub:
        monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", stub.url)
        monkeypatch.setenv("OTEL_SERVICE_NAME", "fyren-prov")
        monkeypatch.setenv("OTEL_TRACES_SAMPLER", "always_on")
        async with open_telemetry(settings(), read_exporting()) as telemetry:
            assert isinstance(telemetry, Observing)
            telemetry.count(LIMITED, "questions")
            with telemetry.span("turn"), telemetry.span("send"):
                pass
        assert sorted(stub.spans) == ["send", "turn"]
        assert "fyren_rate_limited" in stub.metrics
        assert stub.services == {"fyren-prov"}


async def test_a_collector_that_is_gone_delays_neither_the_service_nor_its_end(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(opening, "FAREWELL", 0.05)
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", "http://127.0.0.1:9")
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_TIMEOUT", "1")
    async with open_telemetry(settings(), read_exporting()) as telemetry:
        with telemetry.span("turn"):
            telemetry.count(LIMITED, "questions")
    assert "could not be sent within" in caplog.text or "Failed to export" in caplog.text
