"""What axe-core finds on part of a page."""

from __future__ import annotations

from functools import cache

from playwright.async_api import Page

from tests.e2e.stage import HERE

AXE = HERE / "node_modules" / "axe-core" / "axe.min.js"
EMULATOR = ".ac-pushButton-content.expandable"
"""The emulator puts `aria-expanded` on a part inside a button instead of on the button; no card can mend that."""

RUN = """async ([selector, emulator]) => {
    const found = await axe.run(
        {include: [[selector]], exclude: emulator ? [[emulator]] : []}, {resultTypes: ["violations"]});
    return found.violations.flatMap(each => each.nodes.map(node => `${each.id}: ${node.html.slice(0, 200)}`));
}"""


@cache
def axe() -> str:
    """axe-core, as a script without a result."""
    return f"{AXE.read_text(encoding='utf-8')};null"


async def violations(page: Page, selector: str, *, emulator: bool = False) -> list[str]:
    """One line a violation, on everything that the selector matches; all of axe's rules.

    `emulator` leaves out what the Teams emulator does wrong by itself.
    """
    await page.evaluate(axe())  # no element of the page, whose own policy would forbid it
    found: list[str] = await page.evaluate(RUN, [selector, EMULATOR if emulator else ""])
    return found
