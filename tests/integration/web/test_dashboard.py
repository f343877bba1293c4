"""The dashboard over HTTP: who gets which page, the steps of a round, and charts of the same view."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator
from dataclasses import replace
from html import unescape

import pytest
import pytest_asyncio
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from bot.access.visitor import Visitor
from bot.charts.errors import DrawingFailed
from bot.charts.vega.job import Job
from bot.maturity.rounds import RoundStatus
from bot.web.access import declared
from tests.fakes.dashboard import (
    ADMINISTRATOR,
    CLOSED,
    CONTACT,
    EARLIER,
    FEDERATION,
    NEIGHBOUR,
    OPEN,
    PLANNED,
    FakeDashboard,
)
from tests.fakes.editions import HOSTILE
from tests.fakes.visitors import form, headers, signed_in

pytestmark = pytest.mark.asyncio(loop_scope="module")

PAGES = (
    "/rounds",
    "/rounds/2026-1",
    "/rounds/2027-1",
    "/rounds/2026-1/results",
    "/rounds/2026-1/results?role=it_nara&area=teknik&items=gap",
    "/rounds/2026-1/items/digital_mognad",
    "/rounds/2026-1/items/digital_mognad?role=it_nara",
    "/rounds/2026-1/items/forum",
    "/rounds/2026-1/municipalities/uddevalla",
    "/rounds/2027-1/municipalities/uddevalla",
    "/rounds/2026-1/trend",
    "/rounds/2025-1/trend",
    "/rounds/2026-1/themes",
    "/rounds/2026-1/recommendations",
)
FOR_FEDERATION = ("/rounds/2026-1/municipalities", "/rounds/new", "/rounds/2027-1/change", "/rounds/2028-1")


class Pen:
    """Draws a picture that names what it shows; `broken` fails."""

    def __init__(self) -> None:
        self.broken = False

    async def draw(self, job: Job) -> bytes:
        if self.broken:
            raise DrawingFailed("the fake pen was told to fail")
        return f"<svg>{job.spec['width']:g} {job.spec['background']}</svg>".encode()


class Dashboard:
    """A running dashboard, and somebody with a browser."""

    def __init__(self, made: FakeDashboard, pen: Pen, client: TestClient[web.Request, web.Application]) -> None:
        self.made, self.pen, self.client = made, pen, client

    async def get(self, path: str, visitor: Visitor = FEDERATION, **sent: str) -> tuple[int, str]:
        secret = await signed_in(self.made.site.sessions, visitor)
        async with self.client.get(path, headers=headers(secret) | sent, allow_redirects=False) as response:
            return response.status, unescape(await response.text())

    async def post(self, path: str, visitor: Visitor = FEDERATION, /, **fields: str) -> tuple[int, str, str]:
        """Status, where to, and what is shown."""
        secret = await signed_in(self.made.site.sessions, visitor)
        sent = headers(secret) | {"Origin": f"http://{self.client.host}:{self.client.port}"}
        data = form(secret, **fields)
        async with self.client.post(path, headers=sent, data=data, allow_redirects=False) as response:
            return response.status, response.headers.get("Location", ""), unescape(await response.text())


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def shared() -> AsyncIterator[Dashboard]:
    pen = Pen()
    made = await asyncio.to_thread(FakeDashboard, pen)
    async with TestClient(TestServer(made.site.app), cookie_jar=None) as client:
        yield Dashboard(made, pen, client)
    await made.dashboard.close()


@pytest_asyncio.fixture(loop_scope="module")
async def dashboard(shared: Dashboard) -> Dashboard:
    """With the rounds as they were in the beginning."""
    made = shared.made
    made.store.held = {each.id: each for each in (CLOSED, EARLIER, OPEN, PLANNED)}
    made.site.audit.kept.clear()
    made.publishing.states.clear()
    shared.pen.broken = False
    return shared


async def test_every_page_is_there_in_both_languages(dashboard: Dashboard) -> None:
    everything = (
        (FEDERATION, "sv", PAGES),
        (CONTACT, "en", PAGES),
        (FEDERATION, "en", FOR_FEDERATION),
        (ADMINISTRATOR, "en", ("/audit",)),
    )
    for visitor, language, pages in everything:
        for path in pages:
            status, page = await dashboard.get(path, visitor, **{"Accept-Language": language})
            assert status == 200, path
            assert f'<html lang="{language}">' in page
            assert len(re.findall("<h1", page)) == 1, path
            assert page.count("<table") == page.count("<caption"), path
            assert "style=" not in page


async def test_a_contact_gets_the_own_municipality_and_an_administrator_no_results(dashboard: Dashboard) -> None:
    for path in ("/rounds/2026-1/municipalities/tanum", "/rounds/2026-1/results?municipality=tanum"):
        assert (await dashboard.get(path, CONTACT))[0] == 403
    status, _ = await dashboard.get("/rounds/2026-1/municipalities", CONTACT)
    assert status == 303
    for path in (*FOR_FEDERATION[1:3], "/rounds/2026-1/charts/response.svg", "/audit"):
        assert (await dashboard.get(path, CONTACT))[0] == 403, path
    for path in PAGES + FOR_FEDERATION:
        assert (await dashboard.get(path, ADMINISTRATOR))[0] == 403, path
    assert (await dashboard.get("/audit", FEDERATION))[0] == 403
    _, page = await dashboard.get("/rounds/2026-1/results", NEIGHBOUR)
    assert "Dals-Ed" in page
    assert "Uddevalla" not in page
    _, page = await dashboard.get("/rounds/2026-1", CONTACT)
    assert "Tanum" not in page


async def test_what_is_not_there_is_not_found(dashboard: Dashboard) -> None:
    missing = (
        "/rounds/nothing",
        "/rounds/2026-1/items/nothing",
        "/rounds/2026-1/items/sdk?role=overgripande",
        "/rounds/2026-1/municipalities/nothing",
        "/rounds/2026-1/municipalities/sml-it",
        "/rounds/2027-1/results",
        "/rounds/2026-1/charts/nothing.svg",
        "/rounds/2026-1/charts/bars.nothing.svg",
        "/rounds/2027-1/charts/areas.svg",
    )
    for path in missing:
        assert (await dashboard.get(path))[0] == 404, path


async def test_charts_are_drawn_for_the_look_that_is_asked_for(dashboard: Dashboard) -> None:
    _, page = await dashboard.get("/rounds/2026-1/items/processorientering")
    addresses = re.findall(r'(?:srcset|src)="([^"]+charts[^"]+)"', page)
    assert len(addresses) == 8
    drawn = {(await dashboard.get(address))[1] for address in addresses[:4]}
    assert len(drawn) == 4
    assert re.search(r'alt="Stapeldiagram över Processorientering\. 2026:1, 92 svar', page)
    for name in ("areas.svg", "response.svg", "trend.svg?before=2025-1", "municipality.svg?municipality=uddevalla"):
        assert (await dashboard.get(f"/rounds/2026-1/charts/{name}"))[0] == 200, name
    assert (await dashboard.get("/rounds/2027-1/charts/response.svg"))[0] == 200
    assert (await dashboard.get("/rounds/2026-1/charts/municipality.svg?municipality=tanum", CONTACT))[0] == 403
    dashboard.pen.broken = True
    assert (await dashboard.get("/rounds/2026-1/charts/squares.sdk.svg?language=en"))[0] == 503


async def test_a_round_is_opened_closed_reopened_and_archived(dashboard: Dashboard) -> None:
    made = dashboard.made
    planned = f"/rounds/{PLANNED.id}"
    made.store.held[PLANNED.id] = replace(PLANNED, opens=OPEN.opens, closes=None)
    status, _, page = await dashboard.post(f"{planned}/open")
    assert status == 422
    assert "Kryssa i rutan om du vill gå vidare." in page
    assert made.store.held[PLANNED.id].status is RoundStatus.PLANNED
    assert await dashboard.post(f"{planned}/open", confirm="yes") == (303, f"{planned}?done=open", "303: See Other")
    assert made.store.held[PLANNED.id].status is RoundStatus.OPEN
    status, _, _ = await dashboard.post(f"{planned}/close", confirm="yes")
    assert (status, made.store.held[PLANNED.id].status) == (303, RoundStatus.CLOSED)
    assert made.publishing.poked == 1
    _, page = await dashboard.get(f"{planned}?done=close")
    assert "Det finns inget resultat." in page
    status, _, page = await dashboard.post(f"{planned}/reopen", confirm="yes", reason="", closes="2027-11-30")
    assert status == 422
    assert 'value="2027-11-30"' in page
    again = {"confirm": "yes", "reason": "Fel sista dag", "closes": "2027-11-30"}
    assert (await dashboard.post(f"{planned}/reopen", FEDERATION, **again))[0] == 303
    assert (await dashboard.post(f"{planned}/close", confirm="yes"))[0] == 303
    kept = {"confirm": "yes", "diary_number": "KS 2027/1", "retention": "Plan 4.2", "keep_answers": "730"}
    assert (await dashboard.post(f"{planned}/archive", FEDERATION, **kept))[0] == 303
    archived = made.store.held[PLANNED.id]
    assert (archived.status, archived.diary_number, archived.keep_answers) == (RoundStatus.ARCHIVED, "KS 2027/1", 730)
    status, _, page = await dashboard.post(f"{planned}/reopen", FEDERATION, **again)
    assert status == 422
    assert 'role="alert"' in page
    for path in ("open", "close", "reopen", "archive", "change", "publish", "remind"):
        for visitor in (CONTACT, ADMINISTRATOR):
            assert (await dashboard.post(f"{planned}/{path}", visitor, confirm="yes"))[0] == 403


async def test_a_round_is_created_and_changed(dashboard: Dashboard) -> None:
    made = dashboard.made
    new = {"label": "2029:1", "instrument": "fyrbodal-mognad", "opens": "2029-10-01", "threshold": "5"}
    status, where, _ = await dashboard.post("/rounds/new", FEDERATION, **new, **{"invited.tanum.it_nara": "3"})
    assert (status, where) == (303, "/rounds/2029-1?done=created")
    assert made.store.held["2029-1"].invited == {("tanum", "it_nara"): 3}
    for wrong in (
        new,
        new | {"label": ""},
        new | {"instrument": "nothing"},
        new | {"closes": "2029-09-01", "label": "x"},
    ):
        status, _, page = await dashboard.post("/rounds/new", FEDERATION, **wrong)
        assert status == 422
        assert 'role="alert"' in page
    change = {"opens": "2029-10-02", "threshold": "7", "open_data": "yes"}
    assert (await dashboard.post("/rounds/2029-1/change", FEDERATION, **change))[0] == 303
    changed = made.store.held["2029-1"]
    assert (changed.threshold, changed.open_data, changed.invited) == (7, True, {})
    assert (await dashboard.post("/rounds/2029-1/change", opens="x"))[0] == 422
    status, _, page = await dashboard.post("/rounds/2029-1/change", opens="2029-10-02", closes="2029-10-01")
    assert status == 422
    assert 'role="alert"' in page


async def test_people_are_reminded_after_a_look_at_how_many(dashboard: Dashboard) -> None:
    _, page = await dashboard.get("/rounds/2027-1")
    assert "3 personer skulle få en påminnelse" in page
    assert "Har fått två påminnelser" in page
    assert (await dashboard.post("/rounds/2027-1/remind"))[0] == 422
    assert dashboard.made.reminding.sent == []
    status, where, _ = await dashboard.post("/rounds/2027-1/remind", confirm="yes")
    assert (status, where) == (303, "/rounds/2027-1?done=remind")
    await asyncio.sleep(0)
    assert dashboard.made.reminding.sent == ["2027-1"]
    assert (await dashboard.post("/rounds/2026-1/remind", confirm="yes"))[0] == 404


async def test_only_its_contact_decides_for_a_municipality(dashboard: Dashboard) -> None:
    where = "/rounds/2027-1/visibility"
    decided = {"municipality": "uddevalla", "visibility": "public"}
    assert (await dashboard.post(where, FEDERATION, **decided))[0] == 403
    assert (await dashboard.post(where, NEIGHBOUR, **decided))[0] == 403
    status, to, _ = await dashboard.post(where, CONTACT, **decided)
    assert (status, to) == (303, "/rounds/2027-1/municipalities/uddevalla?done=visibility")
    assert dashboard.made.visibilities.held["2027-1", "uddevalla"].by == CONTACT.subject
    assert (await dashboard.post(where, CONTACT, municipality="uddevalla", visibility="nobody"))[0] == 400
    assert (await dashboard.post(where, CONTACT, municipality="sml-it", visibility="own"))[0] == 400
    assert (await dashboard.post("/rounds/2026-1/visibility", CONTACT, **decided))[0] == 409


async def test_d14_looking_at_results_is_recorded_once_a_day_and_the_log_shows_itself_whole(
    dashboard: Dashboard,
) -> None:
    audit = dashboard.made.site.audit
    somebody = replace(FEDERATION, subject="f2")
    for path in ("results", "items/sdk", "trend"):
        await dashboard.get(f"/rounds/2026-1/{path}", somebody)
    seen = [each.event for each in audit.kept if each.event.action == "results_seen"]
    assert [(each.actor, each.subject, dict(each.details)) for each in seen] == [
        ("f2", "2026:1", {"audience": "federation"})
    ]
    _, page = await dashboard.get("/audit", ADMINISTRATOR)
    assert "Loggen är hel. Den har 2 poster." in page
    assert "Såg resultat" in page
    assert audit.actions()[-1] == "log_seen"
    audit.kept[0] = replace(audit.kept[0], event=replace(audit.kept[0].event, actor="somebody else"))
    _, page = await dashboard.get("/audit?before=2", ADMINISTRATOR)
    assert "Loggen är bruten vid post 1." in page
    audit.broken = True
    assert (await dashboard.get("/rounds/2026-1/results", replace(FEDERATION, subject="f3")))[0] == 503
    audit.broken = False


async def test_a_round_that_could_not_be_compiled_can_be_tried_again(dashboard: Dashboard) -> None:
    made = dashboard.made
    made.store.held["2030-1"] = replace(CLOSED, id="2030-1", label="2030:1")
    _, page = await dashboard.get("/rounds/2030-1")
    assert "Svaren sammanställs." in page
    made.publishing.states["2030-1"] = "failed"
    _, page = await dashboard.get("/rounds/2030-1")
    assert "Svaren gick inte att sammanställa." in page
    assert (await dashboard.post("/rounds/2030-1/publish"))[0] == 303
    assert made.publishing.asked == ["2030-1"]


async def test_w06_hostile_names_are_words_on_every_page() -> None:
    made = await asyncio.to_thread(FakeDashboard, Pen(), hostile=True)
    async with TestClient(TestServer(made.site.app), cookie_jar=None) as client:
        secret = await signed_in(made.site.sessions, FEDERATION)
        for path in PAGES + FOR_FEDERATION:
            async with client.get(path, headers=headers(secret)) as response:
                page = await response.text()
                assert response.status == 200, path
                assert HOSTILE not in page, path
                assert "<script" not in page, path
                assert "<img src=x" not in page, path
        async with client.get("/rounds/2026-1/themes", headers=headers(secret)) as response:
            assert HOSTILE in unescape(await response.text())


async def test_every_route_of_the_dashboard_needs_somebody(dashboard: Dashboard) -> None:
    for route, each in declared(dashboard.made.site.app).items():
        if route.method == "GET" and not each.open:
            assert route.resource is not None
            path = re.sub(r"{[^}]*}", "x", route.resource.canonical)
            assert (await dashboard.get(path, Visitor()))[0] in (303, 401), path
