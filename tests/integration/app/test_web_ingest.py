"""`fyren ingest` of web addresses."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from bot.cli import addresses
from tests.fakes.web_site import Pages, Sites, html, site_map, web_sites
from tests.integration.app.commands import Finished
from tests.integration.app.in_process import InProcess

MAP = "https://www.example.se/karta.xml"


@pytest.fixture
def fyren(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> InProcess:
    command = InProcess(tmp_path / "var", monkeypatch, capsys)
    for name, value in (("EMBEDDING_PROVIDER", "off"), ("BUILTIN_LIBRARY", "false"), ("WEB_SOURCES", "www.example.se")):
        monkeypatch.setenv(f"FYREN_{name}", value)
    return command


@pytest.mark.parametrize(
    ("sites", "arguments", "told"),
    [
        ("", (MAP,), "FYREN_WEB_SOURCES"),
        ("*.annan.se", (MAP,), "inte att hämta från www.example.se. Tillåtna webbplatser är: *.annan.se"),
        ("www.example.se", (MAP, "--watch"), "inte att bevaka"),
        ("www.example.se", ("HTTP://www.example.se/",), "börja med https://"),
    ],
)
def test_a10_what_may_not_be_fetched_is_wrong_usage_and_told_why(
    fyren: InProcess, monkeypatch: pytest.MonkeyPatch, sites: str, arguments: tuple[str, ...], told: str
) -> None:
    monkeypatch.setenv("FYREN_WEB_SOURCES", sites)
    done = fyren("ingest", *arguments)
    assert (done.code, done.out) == (2, "")
    assert told in done.err


def test_a10_a_list_that_names_this_machine_or_a_top_domain_stops_the_start(
    fyren: InProcess, monkeypatch: pytest.MonkeyPatch
) -> None:
    for sites in ("localhost", "www.example.se, *.se", "10.0.0.1"):
        monkeypatch.setenv("FYREN_WEB_SOURCES", sites)
        assert "FYREN_WEB_SOURCES: värdet är ingen lista över webbplatser" in fyren("ingest", MAP).err


async def test_a_map_is_told_taken_in_and_pruned(fyren: InProcess, monkeypatch: pytest.MonkeyPatch) -> None:
    a, b = "https://www.example.se/a", "https://www.example.se/b"
    pages: Pages = {
        "www.example.se/karta.xml": site_map(a, b),
        "www.example.se/a": html("Fyren", "Fyren på Hållö tändes år 1842."),
        "www.example.se/b": html("Hamnen", "Hamnen är öppen hela året."),
    }
    async with web_sites(pages) as sites:
        monkeypatch.setattr(addresses, "web_of", lambda settings: sites.web())

        async def run(*arguments: object) -> tuple[Finished, dict[str, str]]:
            done = await asyncio.to_thread(fyren, "ingest", MAP, *arguments, "--json")
            return done, {each["path"]: each["status"] for each in done.data["documents"]}

        there = {"web:www.example.se/a": "added", "web:www.example.se/b": "added"}
        assert (await run("--dry-run"))[1] == there
        done, told = await run()
        assert (done.code, told) == (0, there)
        _forget(sites, b)
        done, told = await run("--prune")
        assert (done.code, told) == (0, {"web:www.example.se/a": "unchanged", "web:www.example.se/b": "removed"})
        sites.pages["www.example.se/karta.xml"] = "<urlset>"
        done, told = await run("--prune")
        assert (done.code, told) == (1, {"web:www.example.se/karta.xml": "rejected"})
        assert "inga dokument är borttagna" in done.err
    found = await asyncio.to_thread(fyren, "search", "När tändes fyren på Hållö?", "--json")
    assert found.data["hits"][0]["path"] == "web:www.example.se/a"


def _forget(sites: Sites, url: str) -> None:
    text = sites.pages["www.example.se/karta.xml"]
    assert isinstance(text, str)
    sites.pages["www.example.se/karta.xml"] = text.replace(f"<url><loc>{url}</loc></url>", "")
