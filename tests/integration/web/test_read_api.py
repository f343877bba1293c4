"""The read API: what it answers whom, in one form, and that its description is true."""

from __future__ import annotations

import asyncio
import csv
import io
import threading
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
import schemathesis
from aiohttp import web
from hypothesis import HealthCheck, Phase, given, settings

from bot.access.api_keys import new_key
from bot.access.visitor import Visitor
from bot.exports.csv_file import COLUMNS
from bot.web.access import declared
from bot.web.api.endpoints import ENDPOINTS
from bot.web.api.problems import MEDIA, STATUSES
from tests.fakes.export_site import TODAY, ExportSite
from tests.fakes.visitors import ADMINISTRATOR, CONTACT_A, FEDERATION, cookie, signed_in
from tests.integration.web.export_client import Client, client, running, site

__all__ = ["client", "running", "site"]
in_one_loop = pytest.mark.asyncio(loop_scope="module")

RESULTS = "/api/v1/rounds/2026-1/results"


async def person(site: ExportSite, visitor: Visitor) -> dict[str, str]:
    """What a signed-in person's script sends."""
    sent = cookie(await signed_in(site.sessions, visitor))
    return {"Cookie": "; ".join(f"{name}={value}" for name, value in sent.items())}


@in_one_loop
async def test_a_program_with_a_key_reads_the_federations_view(site: ExportSite, client: Client) -> None:
    sent = await site.key()
    rounds = await (await client.get("/api/v1/rounds", headers=sent)).json()
    assert [each["label"] for each in rounds["rounds"]] == ["2027:1", "2026:1", "2025:1"]
    one = await (await client.get("/api/v1/rounds/2026-1", headers=sent)).json()
    assert (one["threshold"], one["status"], one["closed_on"]) == (5, "closed", "2026-11-16")
    assert "diary_number" not in one
    editions = await (await client.get("/api/v1/rounds/2026-1/editions", headers=sent)).json()
    assert [each["number"] for each in editions["editions"]] == [1]
    told = await (await client.get(f"{RESULTS}?item=portfoljstyrning&group=persons", headers=sent)).json()
    assert {(each["item"], each["group"]) for each in told["rows"]} == {("portfoljstyrning", "persons")}
    assert (told["audience"], told["total"], told["generator"]["ai_generated"]) == ("federation", 7, False)
    areas = await (await client.get("/api/v1/rounds/2026-1/areas", headers=sent)).json()
    assert any(each["index"] for each in areas["areas"])
    book = await (await client.get("/api/v1/rounds/2026-1/codebook?language=en", headers=sent)).json()
    assert [each["name"] for each in book["codebook"]["columns"]] == list(COLUMNS)
    assert [each.event.details["file"] for each in site.audit.kept] == ["api"]
    assert site.audit.kept[0].event.actor.startswith("api-key:")


@in_one_loop
async def test_d09_a_key_or_a_person_of_one_municipality_reads_that_and_no_other(
    site: ExportSite, client: Client
) -> None:
    for sent in (await site.key("uddevalla"), await person(site, CONTACT_A)):
        told = await (await client.get(f"{RESULTS}?limit=5000", headers=sent)).json()
        assert {each["municipality"] for each in told["rows"]} == {"", "uddevalla"}
        assert (await client.get(f"{RESULTS}?municipality=lysekil", headers=sent)).status == 403
        areas = await (await client.get("/api/v1/rounds/2026-1/areas", headers=sent)).json()
        assert {each["municipality"] for each in areas["areas"]} == {"", "uddevalla"}
        response = await (await client.get("/api/v1/rounds/2026-1/participation", headers=sent)).json()
        assert set(response["participation"]["municipalities"]) == {"uddevalla"}
        assert (await client.get("/api/v1/rounds/2027-1/participation", headers=sent)).status == 403


@in_one_loop
async def test_while_a_round_is_open_the_federation_reads_who_has_answered_and_nothing_else(
    site: ExportSite, client: Client
) -> None:
    sent = await person(site, FEDERATION)
    told = await (await client.get("/api/v1/rounds/2027-1/participation", headers=sent)).json()
    assert (told["edition"], told["participation"]["total"]["answered"]) == (None, {"low": 0, "high": 0})
    for path in ("results", "areas"):
        assert (await client.get(f"/api/v1/rounds/2027-1/{path}", headers=sent)).status == 404


@in_one_loop
async def test_pages_of_rows_follow_each_other_and_csv_is_the_same_table(site: ExportSite, client: Client) -> None:
    sent = await site.key("tanum")
    whole = await (await client.get(f"{RESULTS}?limit=5000", headers=sent)).json()
    rows, path = [], f"{RESULTS}?limit=200&role=verksamhetsnara"
    while path:
        response = await client.get(path, headers=sent)
        rows += (await response.json())["rows"]
        path = response.headers.get("Link", "").partition(">")[0].lstrip("<")
    assert rows == [each for each in whole["rows"] if each["role"] == "verksamhetsnara"]
    assert len(rows) > 200
    response = await client.get(f"{RESULTS}?limit=5000", headers=sent | {"Accept": "text/csv, application/json;q=0.5"})
    assert response.headers["Content-Type"] == "text/csv; charset=utf-8"
    table = list(csv.DictReader(io.StringIO((await response.read()).decode("utf-8-sig"))))
    assert [each["index"] for each in table] == [
        "" if each["index"] is None else repr(float(each["index"])) for each in whole["rows"]
    ]


@in_one_loop
async def test_what_has_not_changed_is_not_sent_again_and_counts_as_no_download(
    site: ExportSite, client: Client
) -> None:
    sent = await site.key()
    tag = (await client.get(RESULTS, headers=sent)).headers["ETag"]
    site.audit.kept.clear()
    again = await client.get(RESULTS, headers=sent | {"If-None-Match": tag})
    assert (again.status, await again.read(), again.headers["ETag"]) == (304, b"", tag)
    assert site.audit.kept == []
    assert (await client.get(f"{RESULTS}?language=en", headers=sent | {"If-None-Match": tag})).status == 200
    other = await client.get(RESULTS, headers=await site.key("tanum") | {"If-None-Match": tag})
    assert other.status == 200
    assert again.headers["Cache-Control"] == "no-store"


@in_one_loop
async def test_every_error_has_one_form(site: ExportSite, client: Client) -> None:
    key = await site.key()
    ended, written = new_key("gammal", "", created=TODAY, expires=TODAY - timedelta(days=1))
    await site.keys.add(ended)
    admin = await person(site, ADMINISTRATOR)
    cases: list[tuple[int, str, dict[str, str]]] = [
        (401, RESULTS, {}),
        (401, RESULTS, {"Authorization": f"Bearer {written}"}),
        (401, RESULTS, {"Authorization": "Basic Og=="}),
        (403, RESULTS, admin),
        (404, "/api/v1/rounds/none", key),
        (404, "/api/v1/nothing", key),
        (400, f"{RESULTS}?limit=0", key),
        (400, f"{RESULTS}?limit=1&limit=2", key),
        (400, f"{RESULTS}?itme=x", key),
        (400, f"{RESULTS}?group=people", key),
        (406, RESULTS, key | {"Accept": "image/png"}),
        (406, "/api/v1/rounds", key | {"Accept": "text/csv"}),
    ]
    for status, path, sent in cases:
        response = await client.get(path, headers=sent)
        told = await response.json(content_type=MEDIA)
        assert (response.status, told["status"], sorted(told)) == (
            status,
            status,
            ["detail", "status", "title", "type"],
        )
        assert told["type"] == f"/api/docs#{STATUSES[status]}"
    assert "itme" in (await (await client.get(f"{RESULTS}?itme=x", headers=key)).json(content_type=MEDIA))["detail"]
    english = await client.get("/api/v1/rounds", headers={"Accept-Language": "en"})
    assert (await english.json(content_type=MEDIA))["title"] == "Not signed in"
    assert english.headers["WWW-Authenticate"] == "Bearer"
    posted = await client.post(RESULTS, headers=key)
    assert (posted.status, posted.content_type, posted.headers["Allow"]) == (405, MEDIA, "GET,HEAD")
    for broken in (site.store, site.keys, site.audit):
        broken.broken = True
        failed = await client.get(RESULTS, headers=key)
        broken.broken = False
        assert (failed.status, failed.content_type, failed.headers["Retry-After"]) == (503, MEDIA, "10")


@in_one_loop
async def test_a_key_opens_no_page_and_no_export(site: ExportSite, client: Client) -> None:
    key = await site.key()
    for path in ("/rounds/2026-1/exports", "/rounds/2026-1/exports/csv"):
        assert (await client.get(path, headers=key, allow_redirects=False)).status in (303, 401, 403)


@in_one_loop
async def test_the_description_has_every_route_and_can_be_read(site: ExportSite, client: Client) -> None:
    response = await client.get("/api/openapi.json")
    told = await response.json()
    assert told["openapi"] == "3.1.0"
    served = {each.path for each in declared(site.app).values() if each.path.startswith("/api/v1")}
    assert set(told["paths"]) == served == {each.path for each in ENDPOINTS}
    columns = told["components"]["schemas"]["ExportRow"]["properties"]
    assert tuple(columns) == COLUMNS
    assert all(each["description"] for each in columns.values())
    assert (await client.get("/api/openapi.json", headers={"If-None-Match": response.headers["ETag"]})).status == 304
    for language in ("sv", "en"):
        page = await (await client.get(f"/api/docs?language={language}")).text()
        for words in ("getResults", "/api/v1/rounds/{round}/results", "ExportRow", "index_if_unknown_absent"):
            assert words in page
        for kind in STATUSES.values():
            assert f'id="{kind}"' in page, "problems link here"


@pytest.fixture(scope="module")
def served() -> Iterator[tuple[str, ExportSite, dict[str, str]]]:
    """The site on a port of this machine, in a thread of its own, and the headers of a program."""
    started, sent = threading.Event(), {}
    site, loop, address = ExportSite(), asyncio.new_event_loop(), []

    runner = web.AppRunner(site.app, access_log=None)

    async def start() -> None:
        sent.update(await site.key())
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        address.append(f"http://127.0.0.1:{runner.addresses[0][1]}")
        started.set()

    thread = threading.Thread(target=lambda: (loop.create_task(start()), loop.run_forever()), daemon=True)
    thread.start()
    assert started.wait(60)
    yield address[0], site, sent
    asyncio.run_coroutine_threadsafe(runner.cleanup(), loop).result(10)
    loop.call_soon_threadsafe(loop.stop)
    thread.join(10)
    loop.close()


def test_w09_whatever_the_description_allows_is_answered_as_it_says(
    served: tuple[str, ExportSite, dict[str, str]],
) -> None:
    address, _, sent = served
    schema = schemathesis.openapi.from_url(f"{address}/api/openapi.json")
    operations: list[Any] = [each.ok() for each in schema.get_all_operations()]  # type: ignore[union-attr]  # or it fails
    assert len(operations) == len(ENDPOINTS)
    for operation in operations:

        @given(case=operation.as_strategy())
        @settings(
            max_examples=6,
            deadline=None,
            database=None,
            derandomize=True,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        def whatever(case: Any) -> None:
            case.path_parameters = dict.fromkeys(case.path_parameters or {}, "2026-1")
            case.call_and_validate(headers=sent)

        whatever()
