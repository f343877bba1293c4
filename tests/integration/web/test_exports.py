"""Files of a round: who gets which view, and that every download is recorded before anything is sent."""

from __future__ import annotations

import csv
import io
import json
import re

import openpyxl
import pytest

from bot.access.roles import Role
from bot.access.visitor import ANYBODY, Visitor
from tests.fakes.export_site import PDF, ExportSite
from tests.fakes.visitors import ADMINISTRATOR, CONTACT_A, FEDERATION, TENANT, headers, signed_in
from tests.integration.web.export_client import Client, client, running, site

__all__ = ["client", "running", "site"]
pytestmark = pytest.mark.asyncio(loop_scope="module")

FILES = ("csv", "csv?dialect=sv", "xlsx", "json", "pdf")
TWO = Visitor("c-1", TENANT, "Två Kommuner", frozenset({Role.CONTACT}), frozenset({"orust", "tanum"}))


async def as_(site: ExportSite, visitor: Visitor) -> dict[str, str]:
    return headers(await signed_in(site.sessions, visitor))


async def test_the_federation_gets_every_file_and_each_download_is_recorded(site: ExportSite, client: Client) -> None:
    sent = await as_(site, FEDERATION)
    bodies = {}
    for file in FILES:
        response = await client.get(f"/rounds/2026-1/exports/{file}", headers=sent)
        assert response.status == 200, file
        ending = file.partition("?")[0]
        wanted = f'attachment; filename="mognadskollen-2026-1-utgava-1.{ending}"'
        assert response.headers["Content-Disposition"] == wanted
        assert response.headers["Cache-Control"] == "no-store"
        bodies[file] = await response.read()
    table = list(csv.DictReader(io.StringIO(bodies["csv"].decode("utf-8-sig"))))
    assert {"uddevalla", "lysekil", ""} == {each["municipality"] for each in table} & {"uddevalla", "lysekil", ""}
    assert bodies["csv?dialect=sv"].decode("utf-8-sig").startswith("round;edition;")
    assert openpyxl.load_workbook(io.BytesIO(bodies["xlsx"]), read_only=True).sheetnames[0] == "Resultat"
    told = json.loads(bodies["json"])
    assert (told["audience"], told["generator"]["ai_generated"]) == ("federation", False)
    assert told["total"] == len(told["rows"]) == len(table)
    assert bodies["pdf"] == PDF
    events = [each.event for each in site.audit.kept]
    assert [(each.action, each.subject, each.actor) for each in events] == [
        ("results_exported", "2026:1", FEDERATION.subject)
    ] * len(FILES)
    assert [each.details["file"] for each in events] == ["csv", "csv", "xlsx", "json", "pdf"]


async def test_the_federation_gets_one_municipality_without_what_that_keeps_to_itself(
    site: ExportSite, client: Client
) -> None:
    sent = await as_(site, FEDERATION)
    told = await (await client.get("/rounds/2026-1/exports/json?municipality=orust", headers=sent)).json()
    assert (told["audience"], told["municipality"]) == ("federation", "orust")
    assert {each["municipality"] for each in told["rows"]} == {"", "orust"}
    assert not {each["group"] for each in told["rows"]} & {"statement", "peers"}
    assert set(told["participation"]["municipalities"]) == {"orust"}
    for file in ("pdf", "xlsx"):
        assert (await client.get(f"/rounds/2026-1/exports/{file}?municipality=orust", headers=sent)).status == 200
    assert (await client.get("/rounds/2026-1/exports/json?municipality=oslo", headers=sent)).status == 404


async def test_d09_a_contact_gets_the_own_municipality_and_no_other(site: ExportSite, client: Client) -> None:
    sent = await as_(site, CONTACT_A)
    response = await client.get("/rounds/2026-1/exports/json", headers=sent)
    told = await response.json()
    assert (response.status, told["audience"], told["municipality"]) == (200, "municipality", "uddevalla")
    assert {each["municipality"] for each in told["rows"]} == {"", "uddevalla"}
    assert "uddevalla" in response.headers["Content-Disposition"]
    assert site.audit.kept[-1].event.details["municipality"] == "uddevalla"
    for path in ("json?municipality=lysekil", "pdf?municipality=lysekil", "?municipality=lysekil"):
        refused = await client.get(f"/rounds/2026-1/exports/{path}".replace("/?", "?"), headers=sent)
        assert refused.status == 403, path
    both = await as_(site, TWO)
    for municipality in ("tanum", "orust"):
        response = await client.get(f"/rounds/2026-1/exports/json?municipality={municipality}", headers=both)
        assert (await response.json())["municipality"] == municipality


@pytest.mark.parametrize(("visitor", "status"), [(ANYBODY, 303), (ADMINISTRATOR, 403)])
async def test_d09_others_get_nothing(site: ExportSite, client: Client, visitor: Visitor, status: int) -> None:
    sent = await as_(site, visitor)
    for path in ("", "/csv", "/pdf"):
        response = await client.get(f"/rounds/2026-1/exports{path}", headers=sent, allow_redirects=False)
        assert response.status == status
    assert site.audit.kept == []


async def test_what_cannot_be_recorded_is_not_sent(site: ExportSite, client: Client) -> None:
    sent = await as_(site, FEDERATION)
    site.audit.broken = True
    response = await client.get("/rounds/2026-1/exports/csv", headers=sent)
    assert response.status == 503
    assert b"uddevalla" not in await response.read()


async def test_what_is_not_there_is_told(site: ExportSite, client: Client) -> None:
    sent = await as_(site, FEDERATION)
    for path in (
        "2026-1/exports/exe",
        "2026-1/exports/csv?dialect=xx",
        "2027-1/exports/csv",
        "no/exports",
        "no/exports/csv",
    ):
        assert (await client.get(f"/rounds/{path}", headers=sent)).status == 404, path
    site.pictures.broken = True
    failed = await client.get("/rounds/2026-1/exports/pdf", headers=sent)
    assert (failed.status, failed.headers["Retry-After"]) == (503, "10")
    assert site.audit.kept == []


async def test_the_page_names_every_file_in_both_languages(site: ExportSite, client: Client) -> None:
    sent = await as_(site, CONTACT_A)
    for language in ("sv", "en"):
        page = await (await client.get(f"/rounds/2026-1/exports?language={language}", headers=sent)).text()
        links = re.findall(r'href="(/rounds/2026-1/exports/[^"]+)"', page)
        assert len(links) == 2 * len(FILES)
        assert len({each.partition("?")[0] for each in links}) == len(FILES)
        labels = re.findall(r'aria-label="([^"]+)" download', page)
        assert len(set(labels)) == len(links)
        assert "Uddevalla" in page
        assert (await client.get(links[-1].replace("&amp;", "&"), headers=sent)).status == 200
    page = await (await client.get("/rounds/2026-1/exports", headers=await as_(site, FEDERATION))).text()
    assert "Uddevalla" not in page
