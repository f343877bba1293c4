"""Every kind of card of the check, drawn by Microsoft's own renderer in light and dark: nothing that axe finds."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from playwright.async_api import Page, expect

from bot.conversation.card import CardReply, DoneReply
from bot.conversation.check.reminder_cards import paused_card, reminder_card
from bot.conversation.human_cards import channel_card, offer_card, question_card, reply_card
from bot.conversation.replies import Reply
from bot.conversation.texts import Texts
from bot.conversation.turn import Scope
from bot.conversation.weekly_card import digest_card
from bot.maturity.instrument import Kind
from bot.maturity.instrument_file import INSTRUMENTS, MAIN, load_folder
from bot.maturity.rounds import Round
from bot.maturity.session import Session, Source
from bot.questions.cases import Case
from bot.questions.keeping import Keeping
from bot.reminders.digest import OpenRound
from bot.reminders.model import Kept, Wish
from bot.results.model import Count, Participation, Response
from bot.teams.sending.replies import Renderer
from tests.e2e.accessibility import violations
from tests.e2e.conftest import RESULTS
from tests.e2e.stage import HERE, browser_page
from tests.fakes.advice import FakeAdvice
from tests.fakes.check_store import MemoryCheckStore
from tests.fakes.check_talk import Client, conversation, open_round, rules

pytestmark = [pytest.mark.e2e, pytest.mark.slow]

RENDERER = HERE / "node_modules" / "adaptivecards" / "dist" / "adaptivecards.min.js"
THEMES = {
    "light": {"back": "#ffffff", "fore": "#242424", "subtle": "#616161", "accent": "#4f52b2", "emphasis": "#f5f5f5"},
    "dark": {"back": "#292929", "fore": "#ffffff", "subtle": "#adadad", "accent": "#9299f7", "emphasis": "#1f1f1f"},
}
"""Teams' colours: background, text, subtle text, accent, and the background of what stands out."""

DRAW = """([card, colours]) => {
    const shades = {default: colours.fore, subtle: colours.subtle};
    const text = name => ({default: name, subtle: colours.subtle});
    const style = back => ({backgroundColor: back, foregroundColors: {
        default: text(colours.fore), accent: text(colours.accent), good: text(colours.fore)}});
    const drawn = new AdaptiveCards.AdaptiveCard();
    drawn.hostConfig = new AdaptiveCards.HostConfig({
        fontFamily: "Noto Sans, sans-serif", supportsInteractivity: true,
        textBlock: {headingLevel: 2},
        containerStyles: {
            default: style(colours.back), emphasis: style(colours.emphasis), accent: style(colours.accent)},
        actions: {actionsOrientation: "horizontal", actionAlignment: "left", maxActions: 6,
            showCard: {actionMode: "inline"}},
    });
    document.body.style.cssText = `background:${colours.back};color:${colours.fore};font-family:Noto Sans,sans-serif`;
    const sheet = document.createElement("style");
    sheet.textContent = `button,input,textarea,select{background:${colours.back};color:${colours.fore};`
        + `border:1px solid ${colours.subtle};padding:6px 12px;margin:3px;font:inherit}`
        + `::placeholder{color:${colours.subtle};opacity:1} label{margin-left:4px} a{color:${colours.accent}}`;
    document.head.append(sheet);
    drawn.parse(card);
    const place = document.querySelector("main");
    place.replaceChildren(drawn.render());
}"""

LABELLED = "each => each.labels.length > 0 || Boolean(each.getAttribute('aria-labelledby'))"


@pytest.fixture
async def page(client: None) -> AsyncIterator[Page]:
    async with browser_page(width=640, height=1200) as page:
        yield page


@pytest.fixture(scope="module")
def store() -> MemoryCheckStore:
    """A round of the real instrument."""
    rules()
    return MemoryCheckStore(open_round(load_folder(INSTRUMENTS)[MAIN]))


async def every_card(store: MemoryCheckStore) -> dict[str, Reply]:
    """One of each: as somebody with two roles sees them on the way through a whole check."""
    cards: dict[str, Reply] = {}
    me = Client(conversation(store, FakeAdvice()))
    await me.say("mognadskoll")
    cards["notice"] = me.card
    await me.press("Jag har läst, starta")
    cards["background"] = me.card
    await me.press("Fortsätt", organisation="uddevalla", roles="it_nara,verksamhetsnara", operation="ekonomi")
    instrument = store.held["2026-1"].instrument
    while True:
        [draft] = store.drafts.values()
        item = instrument.item(draft.session.at)
        if item is None:
            break
        cards.setdefault(f"item-{item.kind}", me.card)
        if item.security:
            cards.setdefault("item-security", me.card)
        if item.kind is Kind.TEXT:
            await me.say("Vad är viktigast?")
            cards.setdefault("pending-words", me.card)
            await me.say("ja")
        elif item.kind is Kind.CHOICES:
            await me.say("1, 2")
        else:
            await me.say("2")
    cards["review"] = me.card
    await me.say("ändra fråga 1")
    cards["item-again"] = me.card
    await me.say("vi har väl lite sådär på gång")
    await me.say("radera mina svar")
    cards["pending-erase"] = me.card
    await me.say("nej")
    await me.say("sammanfattning")
    replies = await me.press("Skicka in")
    for number, reply in enumerate(each for each in replies if isinstance(each, CardReply)):
        cards[f"result-{number}"] = reply
    cards["line"] = next(iter(each for each in me.lines.values() if each.buttons))
    return cards | beside_the_check(draft.session, store.held["2026-1"]) | of_a_person()


def beside_the_check(session: Session, held: Round) -> dict[str, Reply]:
    """The cards about reminders, and the weekly digest."""
    texts, day = Texts.load(), date(2026, 11, 30)
    wish = Wish("", "sv", session.id, 7)
    kept = Kept(held.id, "owner", Source.INDIVIDUAL, day, wish=wish)
    answered = {each.id: Response(Count(1, 4), 20) for each in held.instrument.organisations if not each.shared}
    told = OpenRound(held, Participation(Response(Count(14, 56), 280), answered, shared=Response(Count(7, 7))), 19)
    return {
        "paused": paused_card(session, texts.say("reminders.paused.will", "sv"), texts, wanted=True),
        "reminder": reminder_card(kept, wish, held, day, 2, texts),
        "digest": digest_card([told], day, texts, "sv"),
    }


def of_a_person() -> dict[str, Reply]:
    """The cards on the way to a person and back."""
    texts, question = Texts.load(), "Vem beslutar om plattformen?"
    case = Case(
        "1" * 32, datetime(2026, 11, 1, tzinfo=UTC), question, "sv", reply="Förbundet.\n\nVarje kommun säger ja."
    )
    return {
        "human-question": question_card(case.id, question, Keeping(timedelta(days=90)), texts, "sv"),
        "human-offer": offer_card(question, texts, "sv"),
        "human-reply": reply_card(case, texts),
        "human-channel": channel_card(case, "2026-11-01", "https://fyren.example.se/questions/1", texts, "sv"),
    }


@pytest.mark.parametrize("theme", THEMES)
async def test_no_card_of_the_check_has_anything_that_axe_finds(
    page: Page, store: MemoryCheckStore, theme: str
) -> None:
    cards = await every_card(MemoryCheckStore(*store.held.values()))
    wanted = {"notice", "background", "item-level", "item-choice", "item-choices", "item-text", "item-security"}
    assert wanted | {"review", "item-again", "pending-words", "pending-erase", "result-0", "line"} <= cards.keys()
    assert {"paused", "reminder", "digest", "human-question", "human-reply"} <= cards.keys()
    RESULTS.mkdir(exist_ok=True)
    for name, reply in cards.items():
        assert isinstance(reply, CardReply | DoneReply)
        [rendered] = Renderer(Texts.load()).render([reply], Scope.PERSONAL, "sv")
        card = rendered.payload["attachments"][0]["content"]
        await page.set_content(
            f"<!doctype html><html lang=sv><head><title>{name}</title></head><body><main></main></body>"
        )
        await page.add_script_tag(path=RENDERER)
        await page.evaluate(DRAW, [card, THEMES[theme]])
        assert await violations(page, "main") == [], name
        for button in await page.get_by_role("button", name="Vad betyder").all():
            await button.click()
            await expect(button).to_have_attribute("aria-expanded", "true")
        assert await violations(page, "main") == [], f"{name}, unfolded"
        await page.screenshot(path=RESULTS / f"card-{name}-{theme}.png", full_page=True)
        for field in await page.locator("input, textarea, select").all():
            assert await field.evaluate(
                "each => each.labels.length || each.ariaLabelledByElements?.length || each.getAttribute('aria-label')"
            )


async def test_nothing_depends_on_colour(store: MemoryCheckStore) -> None:
    """What is told by a look or a bar is told in words too."""
    cards = await every_card(MemoryCheckStore(*store.held.values()))
    result = cards["result-0"]
    assert isinstance(result, CardReply)
    told = " ".join(str(getattr(block, "told", "")) for block in result.blocks)
    assert "av 100" in told
    assert replace(result, summary="").blocks == result.blocks
