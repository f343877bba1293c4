"""Documents that are published, one at a time: taken out, given other facts, by whom they may be, and undone."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from bot.documents.jobs import JobState
from tests.fakes.visitors import ADMINISTRATOR, MUNICIPAL
from tests.integration.web.documents_desktop import TEXT, Desktop, opened

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def whole(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Desktop]:
    async with opened(tmp_path_factory.mktemp("documents")) as found:
        yield found


@pytest.fixture
def desktop(whole: Desktop) -> Desktop:
    """With nothing published."""
    whole.site.drafts.put(f"cleared {len(whole.site.drafts.published)}", [])
    return whole


async def test_i15_a_document_is_taken_out_by_a_draft_and_comes_back_when_that_is_undone(desktop: Desktop) -> None:
    page = await desktop.drafted(("ut & in.md", TEXT))
    await desktop.press(ADMINISTRATOR, f"{page}/publish")
    one = "/documents/one?path=ut+%26+in.md"
    _, listed = await desktop.look(ADMINISTRATOR, "/documents")
    assert one in listed
    _, shown = await desktop.look(ADMINISTRATOR, one)
    for each in ("Fyren slutar svara ur dokumentet direkt", "senast 30 dagar", "högst 180 dagar", "remove --at-once"):
        assert each in shown, each
    removal = await desktop.removed("ut & in.md")
    await desktop.until(removal, JobState.DRAFT)
    assert await desktop.removed("ut & in.md") == removal, "the one that waits is shown"
    assert removal in (await desktop.look(ADMINISTRATOR, one))[1]
    _, shown = await desktop.look(ADMINISTRATOR, removal)
    for each in ("Dokument som tas bort", "1 som tas bort", "slutar Fyren svara", "Av Adam Admin"):
        assert each in shown, each
    assert len(desktop.site.drafts.held) == 1, "nothing has happened yet"
    assert await desktop.press(ADMINISTRATOR, f"{removal}/publish", note="Gäller inte") == 303
    assert desktop.site.drafts.held == []
    assert "Fyren svarar inte ur dokumentet längre." in (await desktop.look(ADMINISTRATOR, removal))[1]
    assert (await desktop.look(ADMINISTRATOR, one))[0] == 404
    assert await desktop.press(ADMINISTRATOR, "/documents/one/remove", path="ut & in.md") == 404
    _, history = await desktop.look(ADMINISTRATOR, "/documents/history")
    assert "Borttagning: ut &amp; in.md" in history
    assert "Adam Admin" in history
    assert ">m-1<" not in history
    assert await desktop.press(ADMINISTRATOR, f"{removal}/undo") == 303
    assert len(desktop.site.drafts.held) == 1
    expected = ["documents_removal_asked", "documents_published", "documents_undone"]
    assert await desktop.recorded(removal) == expected
    again = await desktop.removed("ut & in.md")
    await desktop.until(again, JobState.DRAFT)
    desktop.site.drafts.put("elsewhere", [])  # on the command line, say
    assert await desktop.press(ADMINISTRATOR, f"{again}/publish") == 303
    await desktop.until(again, JobState.FAILED)
    assert "Dokumentet är redan borttaget" in (await desktop.look(ADMINISTRATOR, again))[1]


async def test_facts_are_published_at_once_and_undone(desktop: Desktop) -> None:
    page = await desktop.drafted()
    await desktop.press(ADMINISTRATOR, f"{page}/publish")
    status, where, told = await desktop.set_facts("riktlinjer.md", review_by="2026-02-30")
    assert (status, "Skriv dagen som år-månad-dag" in told, "2026-02-30" in told) == (422, True, True)
    [before] = desktop.site.drafts.held
    status, where, _ = await desktop.set_facts("riktlinjer.md", review_by="2027-06-30", responsible="Åsa", owner="")
    assert status == 303
    [after] = desktop.site.drafts.held
    assert (after.review_by, after.responsible, after.owner) == ("2027-06-30", "Åsa", "")
    _, shown = await desktop.look(ADMINISTRATOR, where)
    for each in ("Uppgifterna gäller nu", "2026-01-01 blir 2027-06-30", "Uppgifter: riktlinjer.md"):
        assert each in shown, each
    assert "Behöver ses över" not in (await desktop.look(ADMINISTRATOR, "/documents"))[1]
    assert await desktop.recorded(where) == ["documents_facts_changed", "documents_published"]
    status, _, told = await desktop.set_facts("riktlinjer.md", review_by="2027-06-30", responsible="Åsa", owner="")
    assert (status, "Du har inte ändrat något" in told) == (422, True)
    assert await desktop.press(ADMINISTRATOR, f"{where}/undo") == 303
    assert desktop.site.drafts.held == [before]
    _, listed = await desktop.look(ADMINISTRATOR, "/documents")
    assert "Behöver ses över" in listed
    assert "Ingen ansvarig är angiven." in listed


async def test_i11_of_two_who_change_facts_at_once_the_second_is_told(desktop: Desktop) -> None:
    page = await desktop.drafted()
    await desktop.press(ADMINISTRATOR, f"{page}/publish")
    seen = await desktop.seen("riktlinjer.md")
    assert (await desktop.set_facts("riktlinjer.md", responsible="Åsa"))[0] == 303
    status, _, told = await desktop.set_facts("riktlinjer.md", seen=seen, responsible="Bo")
    assert (status, "Uppgifterna har ändrats sedan du öppnade sidan" in told, "Åsa" in told) == (422, True, True)
    desktop.site.drafts.overtaken = True  # by another publication, between preparing and publishing
    status, _, told = await desktop.set_facts("riktlinjer.md", responsible="Bo")
    desktop.site.drafts.overtaken = False
    assert (status, "ingenting är sparat" in told) == (422, True)
    [job, *_] = await desktop.site.database.jobs.all(limit=1)
    assert job.state is JobState.FAILED
    _, shown = await desktop.look(ADMINISTRATOR, f"/documents/jobs/{job.id}")
    assert "Något annat publicerades i samma stund" in shown


async def test_r07_a_municipalitys_administrator_changes_and_removes_their_own_documents_alone(
    desktop: Desktop,
) -> None:
    for owner in ("", "uddevalla", "lysekil"):
        page = await desktop.drafted(owner=owner)
        assert await desktop.press(ADMINISTRATOR, f"{page}/publish") == 303
    for path in ("riktlinjer.md", "@lysekil/riktlinjer.md", "nowhere.md"):
        assert (await desktop.look(MUNICIPAL, f"/documents/one?path={path}"))[0] == 404
        for act in ("facts", "remove"):
            assert await desktop.press(MUNICIPAL, f"/documents/one/{act}", path=path) == 404
    mine = "@uddevalla/riktlinjer.md"
    _, shown = await desktop.look(MUNICIPAL, f"/documents/one?path={mine}")
    assert 'name="owner"' not in shown
    assert (await desktop.set_facts(mine, by=MUNICIPAL, responsible="Åsa", owner=""))[0] == 303
    assert {each.owner for each in desktop.site.drafts.held} == {"", "uddevalla", "lysekil"}
    removal = await desktop.removed(mine, by=MUNICIPAL)
    await desktop.until(removal, JobState.DRAFT)
    assert await desktop.press(MUNICIPAL, f"{removal}/publish") == 303
    assert {each.owner for each in desktop.site.drafts.held} == {"", "lysekil"}
    assert (await desktop.set_facts("riktlinjer.md", owner="lysekil"))[0] == 303
    assert {each.owner for each in desktop.site.drafts.held} == {"lysekil"}
    _, shown = await desktop.look(ADMINISTRATOR, "/documents/one?path=@lysekil/riktlinjer.md")
    assert ("Dokumentet är inskickat för Lysekil" in shown, 'name="owner"' in shown) == (True, False)
    assert (await desktop.set_facts("@lysekil/riktlinjer.md", owner=""))[0] == 303
    assert {each.owner for each in desktop.site.drafts.held} == {"lysekil"}, "its place decides"


async def test_i11_a_removal_waits_its_turn_and_is_made_anew_on_what_was_published_meanwhile(desktop: Desktop) -> None:
    page = await desktop.drafted()
    await desktop.press(ADMINISTRATOR, f"{page}/publish")
    removal, other = await desktop.removed("riktlinjer.md"), await desktop.drafted(("annat.md", TEXT))
    await desktop.until(removal, JobState.DRAFT)
    assert await desktop.press(ADMINISTRATOR, f"{other}/publish") == 303
    assert await desktop.press(ADMINISTRATOR, f"{removal}/publish") == 303
    again = await desktop.until(removal, JobState.DRAFT)
    assert again.base == desktop.site.drafts.published[-1]
    assert len(desktop.site.drafts.held) == 2, "to be looked at once more"
    assert await desktop.press(ADMINISTRATOR, f"{removal}/publish") == 303
    assert [each.path for each in desktop.site.drafts.held] == ["annat.md"]


async def test_i11_who_presses_second_is_told_how_it_is_now(desktop: Desktop) -> None:
    page = await desktop.drafted()
    assert await desktop.press(ADMINISTRATOR, f"{page}/discard") == 303
    for act in ("publish", "discard", "cancel", "undo"):
        told = await desktop.told(ADMINISTRATOR, f"{page}/{act}")
        assert "Läget har ändrats sedan du öppnade sidan." in told
        assert "Utkastet är kastat" in told


async def test_a_removal_that_is_cancelled_or_discarded_leaves_the_document(desktop: Desktop) -> None:
    page = await desktop.drafted()
    await desktop.press(ADMINISTRATOR, f"{page}/publish")
    removal = await desktop.removed("riktlinjer.md")
    await desktop.until(removal, JobState.DRAFT)
    assert await desktop.press(ADMINISTRATOR, f"{removal}/discard") == 303
    assert "Dokumentet finns kvar." in (await desktop.look(ADMINISTRATOR, removal))[1]
    desktop.site.drafts.slow = asyncio.Event()
    _, reading, _ = await desktop.send(ADMINISTRATOR, ("annat.md", TEXT))
    await desktop.until(reading, JobState.READING)
    removal = await desktop.removed("riktlinjer.md")  # it waits for its turn
    assert await desktop.press(ADMINISTRATOR, f"{removal}/cancel") == 303
    assert "Dokumentet finns kvar." in (await desktop.look(ADMINISTRATOR, removal))[1]
    assert await desktop.press(ADMINISTRATOR, f"{reading}/cancel") == 303
    desktop.site.drafts.slow = None
    assert [each.path for each in desktop.site.drafts.held] == ["riktlinjer.md"]
