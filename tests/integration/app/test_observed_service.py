"""`fyren serve` with metrics, in the test's own process: what it shows, and how it takes its leave."""

from __future__ import annotations

import asyncio
import json
import os
import re
import signal
import socket
from pathlib import Path

import aiohttp
import pytest

from bot.cli import serve
from bot.cli.console import Console
from bot.conversation.texts import Texts
from bot.settings import Settings
from bot.telemetry.metrics import BUDGET_LIMIT, BUDGET_USED, METRICS, MODEL_BREAKER
from tests.fakes.library import publish_generation
from tests.fakes.teams import activity, connector_stub

OF_A_MODEL = {each.name for each in (BUDGET_LIMIT, BUDGET_USED, MODEL_BREAKER)}


def free_port() -> int:
    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))
        port: int = bound.getsockname()[1]
        return port


async def test_a_running_service_shows_every_metric_and_says_that_it_is_leaving(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in Settings.model_fields:
        monkeypatch.delenv(f"FYREN_{name.upper()}", raising=False)
    port = free_port()
    settings = Settings.read(
        data_dir=tmp_path,
        builtin_library=False,
        embedding_provider="off",
        port=0,
        metrics_address=f"127.0.0.1:{port}",
        drain_seconds=30,
    )
    await asyncio.to_thread(publish_generation, settings.index_dir)
    serving = asyncio.create_task(serve._serve(settings, Console(Texts.load(), json=True), demo=False))
    try:
        url = await announced(capsys)
        async with aiohttp.ClientSession() as session, connector_stub() as connector:
            async with session.post(f"{url}/api/messages", json=activity(connector.url, text="Hamnar?")) as taken:
                assert taken.status in (200, 202)
            await connector.wait_for(1)
            async with session.post(f"{url}/api/messages", data=b"{}") as refused:
                assert refused.status == 415
            text = await shown(session, port)
            families = set(re.findall(r"^# TYPE (\S+) ", text, re.M))
            assert {each.exposed[0].removesuffix("_bucket") for each in METRICS} <= families
            told = set(re.findall(r"^(fyren_\w+?)(?:_total|_bucket|_count|_sum)?[{ ]", text, re.M))
            assert {each.name for each in METRICS if not each.labels} - OF_A_MODEL <= told
            assert re.search(r'fyren_turn_duration_seconds_count\{kind="message",outcome="done"\} 1\.0', text)
            assert re.search(r'fyren_question_duration_seconds_count\{.*generator="quoted".*\} 1\.0', text)
            assert 'fyren_requests_refused_total{reason="media_type"} 1.0' in text
            assert re.search(r'fyren_generation_info\{generation="[^"]+",mode="lexical"\} 1\.0', text)
            assert "Hamnar" not in text
            os.kill(os.getpid(), signal.SIGTERM)
            told_ready, status = await leaving(session, url)
            assert (status, told_ready["status"]) == (503, "shutting down")
            async with session.get(f"{url}/healthz") as alive:
                assert alive.status == 200  # and turns that come now are still answered
            os.kill(os.getpid(), signal.SIGINT)  # somebody is in a hurry
            async with asyncio.timeout(20):
                await serving
    finally:
        serving.cancel()


async def announced(capsys: pytest.CaptureFixture[str]) -> str:
    said = ""
    async with asyncio.timeout(60):
        while True:
            said += capsys.readouterr().out
            if "\n" in said:
                url: str = json.loads(said.splitlines()[0])["url"]
                return url
            await asyncio.sleep(0.02)


async def shown(session: aiohttp.ClientSession, port: int) -> str:
    """The metrics once everything has been looked at."""
    async with asyncio.timeout(20):
        while True:
            async with session.get(f"http://127.0.0.1:{port}/metrics") as response:
                text = await response.text()
            if "\nfyren_web_sessions 0.0" in text:
                return text
            await asyncio.sleep(0.02)


async def leaving(session: aiohttp.ClientSession, url: str) -> tuple[dict[str, str], int]:
    async with asyncio.timeout(20):
        while True:
            async with session.get(f"{url}/readyz") as response:
                told: dict[str, str] = await response.json()
                if response.status != 200:
                    return told, response.status
            await asyncio.sleep(0.02)
