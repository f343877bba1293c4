"""The Teams client's page, in the words of someone who chats."""

from __future__ import annotations

import re

from playwright.async_api import Locator, Page, expect

PATIENCE = 20_000
"""Milliseconds to wait for something to appear."""


class Chat:
    """The personal chat with Fyren."""

    def __init__(self, page: Page) -> None:
        self._page = page
        self._box = page.locator("[contenteditable=true][role=textbox]")

    async def open(self, address: str) -> None:
        """Open the chat, which installs the bot for its user; returns when one can write."""
        await self._page.goto(address)
        await expect(self._box).to_be_visible(timeout=PATIENCE)

    async def write(self, text: str) -> None:
        """Type a message key by key, and send it."""
        await self._box.click()
        await self._page.keyboard.type(text)
        await self._page.keyboard.press("Enter")

    def messages(self) -> Locator:
        """What the bot has sent, oldest first: header and body of each message."""
        author = self._page.get_by_label("Message author")
        return self._page.locator("div:has(> [aria-label='Message header'])").filter(has=author)

    def said(self, text: str) -> Locator:
        """What the person has sent, by its text."""
        author = self._page.get_by_label("Message author")
        mine = self._page.locator("div:has(> [aria-label='Message header'])").filter(has_not=author)
        return mine.filter(has_text=text)

    async def answer(self) -> Locator:
        """The latest message that carries the label of generated content, once it is there."""
        message = self.messages().filter(has_text="AI generated").last
        await expect(message).to_be_visible(timeout=PATIENCE)
        return message

    async def picture(self) -> Locator:
        """The latest picture of a figure, once the client has loaded all of it."""
        picture = self._page.get_by_role("img", name=re.compile("^(Stapeldiagram|Bar chart)")).last
        await expect(picture).to_be_visible(timeout=PATIENCE)
        await expect(picture).to_have_js_property("complete", True, timeout=PATIENCE)
        return picture

    async def citation(self, message: Locator, number: int) -> str:
        """What the preview of a citation says: quote and source. It opens under the pointer, and closes by itself."""
        preview = self._page.locator("[role=dialog]")
        await expect(preview).to_have_count(0, timeout=PATIENCE)
        await message.get_by_role("button", name=str(number), exact=True).first.hover()
        told = await preview.inner_text(timeout=PATIENCE)
        await self._page.mouse.move(0, 0)
        return told

    async def rate(self, message: Locator, thumb: str, comment: str) -> None:
        """Press a thumb (`Like` or `Dislike`) under a message, and send a comment with it."""
        await message.get_by_label(thumb, exact=True).click()
        dialog = self._page.get_by_role("dialog")
        await dialog.get_by_role("textbox").fill(comment)
        await dialog.get_by_role("button", name="Submit").click()
        await expect(dialog).to_contain_text("Thank you", timeout=PATIENCE)
        await dialog.get_by_role("button", name="Close", exact=True).click()

    async def press(self, title: str) -> None:
        """Press the newest button of this title, once it is there."""
        button = self.button(title).last
        await expect(button).to_be_visible(timeout=PATIENCE)
        await button.click()

    async def choose(self, label: str, option: str) -> None:
        """Choose from the newest list that unfolds."""
        await self._page.get_by_role("combobox", name=re.compile(re.escape(label))).last.click()
        await self._page.get_by_role("option", name=option, exact=True).click()

    async def tick(self, option: str) -> None:
        """Tick the newest box of this title."""
        await self._page.get_by_role("checkbox", name=re.compile(re.escape(option))).last.check()

    async def fill(self, label: str, text: str) -> None:
        """Write into the newest field of this label."""
        await self._page.get_by_label(label).last.fill(text)

    async def shows(self, text: str) -> Locator:
        """The newest message of the bot that holds this text, once it is there."""
        message = self.messages().filter(has_text=text).last
        await expect(message).to_be_visible(timeout=PATIENCE)
        return message

    def button(self, title: str) -> Locator:
        """A card's button, or a suggested question."""
        return self._page.get_by_role("button", name=title, exact=True)
