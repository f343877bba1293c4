"""A person does the whole maturity check in Teams: once by mouse, once by keyboard, across a crash and two browsers."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from playwright.async_api import Page, expect

from bot.maturity.responses import Response
from bot.maturity.session import Source
from bot.storage.database import open_database
from tests.e2e.accessibility import violations
from tests.e2e.chat import Chat
from tests.e2e.conftest import RESULTS
from tests.e2e.stage import Stage, browser_page

pytestmark = [pytest.mark.e2e, pytest.mark.slow]

QUESTION = "vad menas med projektstyrning?"


@pytest.fixture
async def page(client: None) -> AsyncIterator[Page]:
    async with browser_page(width=1100, height=1400) as page:
        yield page


async def opened(page: Page, running: Stage) -> Chat:
    chat = Chat(page)
    await chat.open(running.teams)
    await page.get_by_title("Hide log panel").click()
    return chat


async def stored(running: Stage) -> Response:
    """The one response that was sent in."""
    folder = Path(running.data_dir)
    database = await open_database(f"sqlite:///{folder / 'fyren.sqlite3'}", f"sqlite:///{folder / 'identity.sqlite3'}")
    try:
        [held] = await database.check.rounds()
        [response] = await database.check.of_round(held.id)
        return response
    finally:
        await database.close()


async def picture(page: Page, name: str) -> None:
    RESULTS.mkdir(exist_ok=True)
    await page.wait_for_timeout(600)  # nothing on the page moves any more
    await page.screenshot(path=RESULTS / f"{name}.png")


async def accessible(page: Page) -> None:
    """Nothing that axe finds on the cards, and every input has a label."""
    assert await violations(page, ".ac-adaptiveCard", emulator=True) == []


async def test_a_whole_check_by_mouse_and_what_is_stored_is_what_was_answered(page: Page, running: Stage) -> None:
    chat = await opened(page, running)
    await chat.write("mognadskoll")
    await chat.shows("ungefär 6 minuter")
    await accessible(page)
    await picture(page, "check-notice")
    await chat.press("Visa hela informationen")
    await chat.press("Jag har läst, starta")
    await chat.shows("För vem svarar du?")
    await chat.choose("Kommun eller IT-organisation", "Uddevalla")
    await chat.tick("Verksamhetsnära")
    await chat.choose("Verksamhetsområde", "Ekonomi")
    await accessible(page)
    await picture(page, "check-background")
    await chat.press("Fortsätt")

    await chat.shows("Fråga 1 av 13")
    await chat.press("Vad betyder nivåerna?")
    await chat.fill("Kommentar (frivillig)", "Tillsammans med Trollhättan")
    await accessible(page)
    await picture(page, "check-item")
    await chat.press("4. Stämmer ganska bra")
    await chat.shows("✓ Fråga 1")
    answers = ("6. Stämmer helt", "3. Medel", "2. Ostrukturerad", "Vet ej")
    for number, answer in enumerate(answers, start=2):
        await chat.shows(f"Fråga {number} av 13")
        await chat.press(answer)
    await chat.shows("Fråga 6 av 13")
    await chat.tick("Förändringsträngsel")
    await chat.tick("Motstånd till förändring")
    await accessible(page)
    await chat.press("Spara svaret")
    rest = ("4. Hög", "Ej aktuellt", "1. Icke-existerande", "3. Delvis stöd")
    for number, answer in enumerate(rest, start=7):
        await chat.shows(f"Fråga {number} av 13")
        await chat.press(answer)
    await chat.shows("Fråga 11 av 13")
    await chat.press("Hoppa över")
    await chat.shows("Fråga 12 av 13")
    await chat.fill("Ditt svar", "Gemensamt e-arkiv")
    await accessible(page)
    await chat.press("Spara svaret")
    await chat.shows("Fråga 13 av 13")
    await chat.press("Tillbaka")
    await chat.shows("Ditt svar nu: ”Gemensamt e-arkiv”")
    await chat.press("Spara svaret")
    await chat.shows("Fråga 13 av 13")
    await chat.fill("Ditt svar", "Mindre pappersarbete")
    await chat.press("Spara svaret")

    await chat.shows("Dina svar, 13 av 13")
    await accessible(page)
    await picture(page, "check-summary")
    await chat.choose("Fråga att ändra", "3. Digital mognad")
    await chat.press("Ändra")
    await chat.shows("Ditt svar nu: Medel")
    await chat.press("4. Medel till hög")
    await chat.shows("Dina svar, 13 av 13")
    await expect(chat.messages().filter(has_text="2024")).to_have_count(0)
    await chat.press("Skicka in")

    await chat.shows("Tack, dina svar är inskickade.")
    await chat.shows("Dina svar bredvid 2024")
    await chat.shows("Tre saker att gå vidare med")
    await accessible(page)
    await picture(page, "check-result-end")
    await chat.press("Visa fråga för fråga")
    await accessible(page)
    await picture(page, "check-comparison")

    response = await stored(running)
    assert (response.organisation, response.roles, response.operation) == ("uddevalla", ("verksamhetsnara",), "ekonomi")
    assert (response.source, response.mode, response.language) == (Source.INDIVIDUAL, "teams_chat", "sv")
    told = [(each.codes or each.null or each.text) for each in response.answers]
    assert told == [
        *[("3",), ("5",), ("3",), ("1",), "dk", ("forandringstrangsel", "motstand"), ("3",), "na", ("0",), ("2",)],
        *["skipped", "Gemensamt e-arkiv", "Mindre pappersarbete"],
    ]
    assert response.answers[0].comment == "Tillsammans med Trollhättan"


async def test_a_whole_check_by_keyboard_across_a_crash_and_another_browser(page: Page, running: Stage) -> None:
    chat = await opened(page, running)
    for typed, shown in (
        ("mognadskoll", "ungefär 6 minuter"),
        ("jag har läst, starta", "För vem svarar du?"),
        ("Uddevalla", "Kvar att ange: roll, verksamhetsområde"),
        ("övergripande", "Kvar att ange: verksamhetsområde"),
        ("kommunstyrelse", "Fråga 1 av 8"),
        ("4", "Fråga 2 av 8"),
    ):
        await chat.write(typed)
        await chat.shows(shown)
    await chat.write(QUESTION)
    await expect(await chat.answer()).to_contain_text("Projektstyrning")
    await chat.shows("Tillbaka till fråga 2 av 8:")
    await chat.write("vi har väl lite sådär på gång")
    await chat.shows("Jag tolkar det som Utvecklingsfas")
    await picture(page, "check-proposal")
    await chat.write("ja")
    await chat.shows("Fråga 3 av 8")
    await chat.write("vet ej")
    await chat.shows("Fråga 4 av 8")
    await chat.write("paus")
    await chat.shows("3 av 8 frågor är besvarade")

    running.crash_and_restart()

    async with browser_page(width=1100, height=1400) as elsewhere:
        other = await opened(elsewhere, running)
        await other.write("fortsätt")
        await other.shows("Fråga 4 av 8")
        for typed, shown in (
            ("väl fungerande", "Fråga 5 av 8"),
            ("medel", "Fråga 6 av 8"),
            ("IT-råd och digitaliseringsråd", "Fråga 7 av 8"),
            ("1, 3", "Fråga 8 av 8"),
            ("ett gemensamt e-arkiv", "Dina svar, 8 av 8"),
            ("ändra fråga 1", "Ditt svar nu: Delvis etablerad"),
            ("väl fungerande", "Dina svar, 8 av 8"),
        ):
            await other.write(typed)
            await other.shows(shown)
        await other.write("skicka in")
        await other.shows("Tack, dina svar är inskickade.")
        await other.shows("Tre saker att gå vidare med")

    response = await stored(running)
    told = [(each.codes or each.null or each.text) for each in response.answers]
    assert told == [
        *[("4",), ("2",), "dk", ("4",), ("2",), ("digitaliseringsrad", "itrad"), ("ciso", "koordinator")],
        "ett gemensamt e-arkiv",
    ]
    assert response.roles == ("overgripande",)


async def test_a_card_is_pressed_with_the_keyboard_alone(page: Page, running: Stage) -> None:
    chat = await opened(page, running)
    await chat.write("mognadskoll")
    await chat.shows("ungefär 6 minuter")
    for _ in range(40):
        await page.keyboard.press("Shift+Tab")
        focused = await page.evaluate("document.activeElement.textContent")
        if focused == "Jag har läst, starta":
            break
    await page.keyboard.press("Enter")
    await chat.shows("För vem svarar du?")
