"""The page on which an administrator pauses the bot."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from aiohttp.test_utils import TestClient, TestServer

from bot.access.audit import Action, AuditEvent
from bot.access.pauses import EVERYBODY, Pause
from bot.web.pausing import PausePages
from tests.fakes.site import Site
from tests.fakes.visitors import ADMINISTRATOR, form, headers, signed_in

TENANT = "3b1d0c7a-0000-4000-8000-00000000a001"


class MemoryPauses:
    def __init__(self) -> None:
        self.kept: dict[str, Pause] = {}
        self.events: list[AuditEvent] = []
        self.looks = 0

    async def all(self) -> Sequence[Pause]:
        return [self.kept[tenant] for tenant in sorted(self.kept)]

    async def begin(self, pause: Pause, event: AuditEvent) -> None:
        self.kept[pause.tenant] = pause
        self.events.append(event)

    async def end(self, tenant: str, event: AuditEvent) -> bool:
        self.events.append(event)
        return self.kept.pop(tenant, None) is not None

    async def look(self) -> None:
        self.looks += 1


async def test_w14_an_administrator_pauses_and_lets_answer_again_and_both_are_recorded() -> None:
    site, pauses = await asyncio.to_thread(Site), MemoryPauses()
    names = {TENANT.upper(): ("Uddevalla", "Lysekil")}
    PausePages(site.pages, pauses, {TENANT}, pauses.look, organisations=names).attach(site.routes)
    secret = await signed_in(site.sessions, ADMINISTRATOR)
    async with TestClient(TestServer(site.app), cookie_jar=None) as client:
        sent = headers(secret) | {"Origin": f"http://{client.host}:{client.port}", "Sec-Fetch-Site": "same-origin"}

        async def press(**fields: str) -> int:
            data = form(secret, **fields)
            response = await client.post("/pause", data=data, headers=sent, allow_redirects=False)
            return response.status

        async def page() -> str:
            return " ".join((await (await client.get("/pause", headers=headers(secret))).text()).split())

        assert "Fyren är inte pausad." in await page()
        assert await press(wanted="on", tenant=EVERYBODY, note="Åter\r\nkl. <15>.") == 303
        assert await press(wanted="on", tenant=TENANT, note="") == 303
        shown = await page()
        assert "Åter kl. &lt;15&gt;." in shown
        assert f"<strong>Uddevalla, Lysekil ({TENANT})</strong>" in shown
        assert "<strong>Alla</strong>" in shown
        assert await press(wanted="off", tenant=EVERYBODY) == 303
        for odd in (
            {"wanted": "on"},
            {"tenant": EVERYBODY},
            {"wanted": "toggle", "tenant": EVERYBODY},
            {"wanted": "on", "tenant": "t9", "note": ""},
            {"wanted": "on", "tenant": EVERYBODY, "note": "x" * 501},
        ):
            assert await press(**odd) == 400
    assert list(pauses.kept) == [TENANT]
    done = [(each.action, each.subject, each.actor) for each in pauses.events]
    assert done == [
        (Action.BOT_PAUSED, EVERYBODY, "m-1"),
        (Action.BOT_PAUSED, TENANT, "m-1"),
        (Action.BOT_RESUMED, EVERYBODY, "m-1"),
    ]
    assert pauses.looks == 3
