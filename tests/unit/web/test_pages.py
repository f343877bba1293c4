"""What every page has: its language, its menu, and nothing of anybody's that runs."""

from __future__ import annotations

import asyncio
import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer
from yarl import URL

from bot.access.permissions import Permission
from bot.access.roles import Role
from bot.access.visitor import Visitor
from bot.conversation.texts import LANGUAGES, Texts
from bot.web.assets import Assets
from bot.web.errors import AssetsInvalid
from bot.web.mishaps import KINDS
from bot.web.rendering import TEMPLATES, Pages
from bot.web.sessions import CookieKind
from bot.web.signin.errors import Reason
from tests.fakes.site import Site
from tests.fakes.visitors import ADMINISTRATOR, headers, signed_in
from tests.unit.web.conftest import Client

ATTACKS = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "' onfocus='alert(1)' autofocus='",
    "</title><svg/onload=alert(1)>",
    "{{ 7 * 7 }}{% for x in () %}",
    "javascript:alert(1)",
)


class Tags(HTMLParser):
    """The elements and attributes of a page, as a browser understands it."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))


@pytest.mark.parametrize("attack", ATTACKS)
async def test_w06_what_a_person_is_called_is_shown_and_does_nothing(site: Site, attack: str) -> None:
    named = Visitor("x", "t", attack, frozenset({Role.ADMINISTRATOR}))

    async def show(request: web.Request) -> web.Response:
        return await site.pages.show(request, "start.html", condition=attack, rows=[(attack, attack)])

    site.routes.add("GET", "/shown", show, needs=Permission.BE_SIGNED_IN)
    async with TestClient(TestServer(site.app)) as client:
        secret = await signed_in(site.sessions, named)
        page = await (await client.get("/shown", params={"a": attack}, headers=headers(secret))).text()
    tags = Tags(page).tags
    assert [tag for tag, _ in tags if tag in ("script", "img", "svg")] == []
    assert [name for _, each in tags for name in each if name.startswith("on") or name == "style"] == []
    assert not any((each.get("href") or "").lower().startswith("javascript") for _, each in tags)
    assert "49" not in re.sub(r"[\w-]{43}|v=\w+", "", page)
    text = page.replace("&#34;", '"').replace("&#39;", "'").replace("&lt;", "<").replace("&gt;", ">")
    assert text.count(attack) >= 3


async def test_w06_an_error_page_does_not_repeat_what_was_asked(client: Client) -> None:
    for attack in ATTACKS:
        page = await (await client.get(f"/{attack.replace('/', '')}", headers=headers(""))).text()
        assert "alert(1)" not in page.replace("alert%281%29", "").replace("alert(1)", "", page.count("?language=") * 2)
        assert [tag for tag, _ in Tags(page).tags if tag == "script"] == []


async def test_a_page_has_a_language_a_skip_link_and_one_heading(site: Site, client: Client) -> None:
    secret = await signed_in(site.sessions, ADMINISTRATOR)
    response = await client.get("/nowhere", headers=headers(secret) | {"Accept-Language": "en"})
    page = await response.text()
    tags = Tags(page).tags
    assert ("html", {"lang": "en"}) in tags
    assert next(each["href"] for tag, each in tags if tag == "a") == "#content"
    assert sum(tag == "h1" for tag, _ in tags) == 1
    assert sum(tag == "main" and each["id"] == "content" for tag, each in tags) == 1


async def test_the_menu_and_the_sign_out_are_there_for_whoever_is_signed_in(site: Site) -> None:
    async def show(request: web.Request) -> web.Response:
        return await site.pages.show(request, "signin_refused.html", reason="expired")

    site.routes.add("GET", "/log", show, needs=Permission.SEE_AUDIT_LOG, menu="web.heading")
    site.routes.add("GET", "/open", show, needs=Permission.BE_ANYBODY)
    async with TestClient(TestServer(site.app)) as client:
        secret = await signed_in(site.sessions, ADMINISTRATOR)
        inside = await client.get("/log", headers=headers(secret))
        page = await inside.text()
        assert 'href="/log" aria-current="page"' in page
        assert re.search(r'action="/sign-out">\s*<input type="hidden" name="form_token" value="[\w-]{43}">', page)
        assert "Adam Admin" in page
        assert "form-action 'self'" in inside.headers["Content-Security-Policy"]
        outside = await client.get("/open")
        page = await outside.text()
        assert "<nav" not in page
        assert "<form" not in page
        assert 'href="/sign-in"' in page
        assert "form-action 'none'" in outside.headers["Content-Security-Policy"]


async def test_a_language_that_was_chosen_is_remembered(client: Client) -> None:
    page = await client.get("/nowhere?a=%26b&language=en", headers=headers(""))
    text = await page.text()
    assert 'lang="en"' in text
    assert 'href="/nowhere?a=%26b&amp;language=sv"' in text
    assert 'lang="en"' in await (await client.get("/nowhere", headers=headers(""))).text()
    odd = await client.get("/nowhere?language=../de", headers=headers("") | {"Accept-Language": "sv"})
    assert "Set-Cookie" not in odd.headers
    assert 'lang="en"' in await odd.text(), "the cookie still says so"


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_mishap_and_refusal_has_its_texts(language: str) -> None:
    texts = Texts.load()
    for kind in {*KINDS.values(), "foreign_form", "session_ended", "broken", "other"}:
        assert texts.raw(f"signin.error.{kind}.title", language)
        needs = {"contact"} if kind == "forbidden" else set()
        assert texts.needs(f"signin.error.{kind}.text", language) == needs
    for reason in [*Reason, "failed"]:
        needs = {"contact"} if reason in ("no_role", "untrusted") else set()
        assert texts.needs(f"signin.refused.{reason}", language) == needs


@pytest.mark.parametrize(
    "path",
    [
        "/static/../rendering.py",
        "/static/..%2frendering.py",
        "/static/%2e%2e/rendering.py",
        "/static/..%252frendering.py",
        "/static/%252e%252e%252frendering.py",
        "/static/..\\rendering.py",
        "/static/....//rendering.py",
        "/static//etc/passwd",
        "/static/%00fyren.css",
        "/static/fyren.css%00.png",
        "/static/fyren.css/",
        "/static/",
        "/static",
        "/static/FYREN.CSS",
        "/static/.",
    ],
)
async def test_w07_no_address_leads_to_a_file_outside(client: Client, path: str) -> None:
    response = await client.get(URL(path, encoded=True))
    assert response.status == 404
    assert "import" not in await response.text()


@pytest.mark.parametrize("odd", ["link", "folder", "type"])
def test_w07_what_is_no_plain_file_of_a_known_type_stops_the_start(tmp_path: Path, odd: str) -> None:
    secret = tmp_path / "secret.css"
    secret.write_text("a {}", encoding="utf-8")
    folder = tmp_path / "static"
    folder.mkdir()
    match odd:
        case "link":
            (folder / "a.css").symlink_to(secret)
        case "folder":
            (folder / "a.css").mkdir()
        case _:
            (folder / "a.py").write_text("", encoding="utf-8")
    with pytest.raises(AssetsInvalid, match=r"a\.(css|py)"):
        Assets(folder)


async def test_a_static_file_is_kept_by_its_version(site: Site, client: Client) -> None:
    response = await client.get(site.assets.address("fyren.css"))
    assert response.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert response.headers["Content-Type"] == "text/css; charset=utf-8"
    again = await client.get("/fyren.css", headers={"If-None-Match": response.headers["ETag"]})
    assert again.status == 304
    assert (await client.get("/static/fyren.css?v=old")).headers["Cache-Control"] == "public, max-age=3600"


def test_a_template_that_cannot_be_read_stops_the_start(tmp_path: Path) -> None:
    (tmp_path / "bad.html").write_text("{% if %}", encoding="utf-8")
    with pytest.raises(AssetsInvalid, match="template"):
        Pages(Texts.load(), Assets(), CookieKind(secure=False), language="sv", contact="x", folder=tmp_path)


def test_no_page_has_a_style_or_a_script_inside() -> None:
    for path in sorted(TEMPLATES.rglob("*.html")):
        plain = re.sub(r"{[#%{].*?[#%}]}", "", path.read_text(encoding="utf-8"), flags=re.DOTALL)
        for tag, attributes in Tags(plain).tags:
            assert tag != "style", path.name
            assert tag != "script" or "src" in attributes, path.name
            assert not [name for name in attributes if re.fullmatch("style|on[a-z]+", name)], path.name


async def test_rendering_leaves_the_event_loop_alone(site: Site) -> None:
    """The watch on the loop would raise where a template were read on it."""
    async with TestClient(TestServer(site.app)) as client:
        assert (await asyncio.gather(*(client.get("/nowhere", headers=headers("")) for _ in range(5))))[0].status == 404
