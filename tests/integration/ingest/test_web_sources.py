"""Pages and site maps over real https on this machine: what comes, what is refused, and how politely it is asked."""

from __future__ import annotations

import asyncio
import gzip
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from aiohttp import web

from ingest.errors import Reason
from ingest.model import Advance, FileStatus, Phase
from ingest.pipeline import ingest
from ingest.sources import Source
from ingest.web_sources.addresses import address_of
from ingest.web_sources.fetching import Web
from ingest.web_sources.gathering import Gathered, gathered
from knowledge.adapters.generation import GenerationStore
from tests.fakes.web_site import AGENT, LIMITS, PUBLIC, Names, Pages, Sites, html, site_map, to, web_sites

A, B, C = (f"https://www.example.se/{each}" for each in "abc")


async def _gather(web_: Web, *urls: str) -> tuple[Gathered, dict[str, str]]:
    """What came, and the text of each file."""
    async with gathered([address_of(each) for each in urls], web_, lambda _: None) as found:
        texts = {each.url: each.path.read_text("utf-8") for each in found.sources if each.problem is None}
    assert not any(each.path.exists() for each in found.sources)
    return found, texts


def _problems(sources: Sequence[Source]) -> dict[str, Reason | None]:
    return {each.relative.partition("/")[2]: each.problem for each in sources}


async def test_a_page_comes_with_the_address_that_it_has_in_the_end() -> None:
    pages: Pages = {"www.example.se/a": to("/b", 301), "www.example.se/b": html("Råd", "Fyren tändes 1842.")}
    async with web_sites(pages) as sites:
        found, texts = await _gather(sites.web(), A)
    (source,) = found.sources
    assert (source.relative, source.url, source.path.suffix) == ("web:www.example.se/a", B, ".html")
    assert "1842" in texts[B]
    assert found.complete
    asked = sites.headers[-1]
    assert asked["User-Agent"] == AGENT
    assert "Cookie" not in asked


async def test_i16_a_map_gives_its_pages_and_each_that_cannot_be_had_a_reason() -> None:
    pages: Pages = {
        "www.example.se/robots.txt": "User-agent: *\nDisallow: /hemligt\n",
        "www.example.se/karta.xml": site_map(
            A, A, "http://www.example.se/b", C, "https://www.example.se/hemligt", "https://www.annan.se/x", "inget"
        ),
        "www.example.se/a": html("A", "Ett."),
        "www.example.se/b": html("B", "Två."),
        "www.annan.se/x": html("X", "Tre."),
    }
    async with web_sites(pages) as sites:
        found, texts = await _gather(sites.web(), "https://www.example.se/karta.xml")
    assert _problems(found.sources) == {
        "a": None,
        "b": None,
        "c": Reason.NOT_THERE,
        "hemligt": Reason.ROBOTS,
        "x": Reason.ADDRESS,
    }
    assert set(texts) == {A, B}
    assert not any(each.startswith("www.annan.se") or each == "www.example.se/hemligt" for each in sites.requests)
    assert sites.of("www.example.se/robots.txt") == 1
    assert sites.of("www.example.se/a") == 1


async def test_an_index_of_packed_maps_is_followed_and_no_deeper_than_allowed() -> None:
    own = "https://www.example.se"
    pages: Pages = {
        "www.example.se/karta.xml": site_map(f"{own}/1.xml.gz", f"{own}/karta.xml", f"{own}/djup0.xml", index=True),
        "www.example.se/1.xml.gz": gzip.compress(site_map(A).encode()),
        "www.example.se/a": html("A", "Ett."),
        **{f"www.example.se/djup{n}.xml": site_map(f"{own}/djup{n + 1}.xml", index=True) for n in range(9)},
    }
    async with web_sites(pages) as sites:
        found, _ = await _gather(sites.web(), f"{own}/karta.xml")
    assert _problems(found.sources) == {"a": None, f"djup{LIMITS.depth - 1}.xml": Reason.TOO_MANY}
    assert not found.complete
    assert sites.of("www.example.se/karta.xml") == 1


async def test_maps_that_cannot_be_had_count_as_well_and_are_asked_for_once() -> None:
    maps = [f"https://www.example.se/{n}.xml" for n in range(9)]
    pages: Pages = {"www.example.se/karta.xml": site_map(*maps, *maps, index=True)}
    async with web_sites(pages) as sites:
        web_ = sites.web(limits=replace(LIMITS, maps=3))
        found, _ = await _gather(web_, "https://www.example.se/karta.xml")
    missing = Reason.NOT_THERE
    assert _problems(found.sources) == {"karta.xml": Reason.TOO_MANY, "0.xml": missing, "1.xml": missing}
    assert len(sites.requests) == 4  # with the rules


async def test_of_too_many_pages_those_that_changed_last_are_fetched() -> None:
    listed = [(f"https://www.example.se/{n}", f"2026-{n + 1:02}-01") for n in range(6)]
    pages: Pages = {"www.example.se/karta.xml": site_map(*listed)}
    pages |= {f"www.example.se/{n}": html(str(n), "Text.") for n in range(6)}
    async with web_sites(pages) as sites:
        web_ = sites.web(limits=replace(LIMITS, pages=2))
        found, _ = await _gather(web_, "https://www.example.se/karta.xml")
    assert _problems(found.sources) == {"karta.xml": Reason.TOO_MANY, "4": None, "5": None}
    assert not found.complete


@pytest.mark.parametrize(
    "location",
    [
        "https://www.annan.se/x", "http://www.example.se/b", "https://169.254.169.254/latest", "//localhost/",
        "https://a:b@www.example.se/", "https://www.example.se:22/", "file:///etc/passwd", "https://[::1]/",
    ],
)  # fmt: skip
async def test_a10_a_redirect_leads_nowhere_that_is_not_allowed(location: str) -> None:
    async with web_sites({"www.example.se/a": to(location)}) as sites:
        found, _ = await _gather(sites.web(), A)
    assert _problems(found.sources) == {"a": Reason.ADDRESS}
    assert sites.requests == ["www.example.se/robots.txt", "www.example.se/a"]
    assert set(sites.names.asked) == {"www.example.se"}


@pytest.mark.parametrize(
    "addresses",
    [
        ["127.0.0.1"], ["10.1.2.3"], ["172.16.0.1"], ["192.168.0.1"], ["169.254.169.254"], ["100.64.0.1"], ["0.0.0.0"],
        ["224.0.0.1"], ["255.255.255.255"], ["192.0.0.9"], ["198.18.0.1"], ["::1"], ["::"], ["fe80::1%1"], ["fd00::1"],
        ["fec0::1"], ["ff02::1"], ["::ffff:127.0.0.1"], ["::ffff:10.0.0.1"], ["::127.0.0.1"], ["64:ff9b::7f00:1"],
        ["2002:7f00:1::1"], ["2001:db8::1"], [PUBLIC, "10.0.0.1"],
    ],
)  # fmt: skip
async def test_a10_a_listed_name_that_leads_into_a_network_is_not_connected_to(addresses: list[str]) -> None:
    async with web_sites({"www.example.se/a": html("A", "Ett.")}) as sites:
        sites.names = Names({"www.example.se": [addresses]})
        found, _ = await _gather(sites.web(), A)
    assert _problems(found.sources) == {"a": Reason.ADDRESS}
    assert sites.requests == []


async def test_a10_a_name_that_changes_its_mind_is_checked_for_every_connection() -> None:
    """The name leads to the open network for the rules, and to this machine for the page."""

    async def closing(request: web.Request) -> web.Response:
        answer = web.Response(status=404)
        answer.force_close()
        return answer

    async with web_sites({"www.example.se/robots.txt": closing, "www.example.se/a": html("A", "Ett.")}) as sites:
        sites.names = Names({"www.example.se": [[PUBLIC], ["127.0.0.1"]]})
        found, _ = await _gather(sites.web(), A)
    assert _problems(found.sources) == {"a": Reason.ADDRESS}
    assert sites.requests == ["www.example.se/robots.txt"]


async def test_a10_the_certificate_has_to_be_the_site_s() -> None:
    async with web_sites({"inne.example.se/a": html("A", "Ett.")}) as sites:
        found, _ = await _gather(replace(sites.web(), tls=None), A)
    assert _problems(found.sources) == {"a": Reason.UNREACHABLE}
    assert sites.requests == []


async def test_i01_a_body_is_counted_while_it_comes_and_while_it_is_inflated() -> None:
    async def endless(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse()
        await response.prepare(request)
        while True:
            await response.write(b"a" * 1000)

    async def empty_members(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse(headers={"Content-Encoding": "gzip"})
        await response.prepare(request)
        while True:
            await response.write(gzip.compress(b"") * 50)

    packed = {"Content-Encoding": "gzip"}
    pages: Pages = {
        "www.example.se/lang": web.Response(body=b"a" * 30_000),
        "www.example.se/utan-slut": endless,
        "www.example.se/tom": empty_members,
        "www.example.se/bomb": web.Response(body=gzip.compress(b"a" * 9_000_000), headers=packed),
        "www.example.se/bra": web.Response(body=gzip.compress(b"bra"), headers=packed),
        "www.example.se/avbruten": web.Response(body=gzip.compress(b"bra")[:-3], headers=packed),
        "www.example.se/trasig": web.Response(body=b"\x1f\x8b nej", headers=packed),
        "www.example.se/okand": web.Response(body=b"a", headers={"Content-Encoding": "br"}),
    }
    async with web_sites(pages) as sites:
        found, texts = await _gather(sites.web(), *(f"https://{each}" for each in pages))
    large, broken = Reason.TOO_LARGE, Reason.UNREACHABLE
    assert _problems(found.sources) == {
        "lang": large, "utan-slut": large, "tom": large, "bomb": large, "bra": None,
        "avbruten": broken, "trasig": broken, "okand": broken,
    }  # fmt: skip
    assert list(texts.values()) == ["bra"]


async def test_i01_all_pages_together_are_counted() -> None:
    pages: Pages = {f"www.example.se/{n}": "a" * 9000 for n in range(4)}
    async with web_sites(pages) as sites:
        web_ = sites.web(limits=replace(LIMITS, whole=20_000))
        found, _ = await _gather(web_, *(f"https://{each}" for each in pages))
    assert list(_problems(found.sources).values()).count(Reason.TOO_LARGE) == 2


@pytest.mark.parametrize("status", [429, 502, 503, 504])
async def test_a_site_that_is_busy_is_asked_again_after_the_pause_that_it_wants(status: int) -> None:
    busy = web.Response(status=status, headers={"Retry-After": "7"})
    async with web_sites({"www.example.se/a": [busy, html("A", "Ett.")]}) as sites:
        found, _ = await _gather(sites.web(), A)
    assert _problems(found.sources) == {"a": None}
    assert max(sites.slept) == pytest.approx(7, abs=1)


async def test_a_site_that_stays_busy_or_wants_a_long_pause_is_left_in_peace() -> None:
    long = web.Response(status=503, headers={"Retry-After": "3600"})
    pages: Pages = {"www.example.se/a": web.Response(status=503), "www.example.se/b": long, "www.example.se/c": "Text."}
    async with web_sites(pages) as sites:
        found, _ = await _gather(sites.web(), A, B, C)
    assert set(_problems(found.sources).values()) == {Reason.UNREACHABLE}
    assert [sites.of(f"www.example.se/{each}") for each in "abc"] == [3, 1, 0]


async def test_where_the_rules_of_a_site_cannot_be_read_nothing_of_it_is() -> None:
    async with web_sites({"www.example.se/robots.txt": web.Response(status=500), "www.example.se/a": "Text."}) as sites:
        found, _ = await _gather(sites.web(), A, B)
    assert _problems(found.sources) == {"a": Reason.UNREACHABLE, "b": Reason.UNREACHABLE}
    assert sites.requests == ["www.example.se/robots.txt"]


async def test_a_connection_that_breaks_and_a_site_that_hangs_are_rows_too() -> None:
    async def breaking(request: web.Request) -> web.StreamResponse:
        assert request.transport is not None
        request.transport.abort()
        return web.Response()

    async def hanging(request: web.Request) -> web.StreamResponse:
        await asyncio.sleep(30)
        return web.Response()

    async with web_sites(
        {"www.example.se/a": breaking, "www.example.se/b": hanging, "www.example.se/c": "C."}
    ) as sites:
        found, _ = await _gather(sites.web(limits=replace(LIMITS, read=0.2)), A, B, C)
    assert _problems(found.sources) == {"a": Reason.UNREACHABLE, "b": Reason.UNREACHABLE, "c": None}


async def test_when_the_time_for_all_is_over_the_rest_is_told_of() -> None:
    async def hanging(request: web.Request) -> web.StreamResponse:
        await asyncio.sleep(30)
        return web.Response()

    pages: Pages = {
        "www.example.se/karta.xml": site_map(A, B, C),
        **{f"www.example.se/{each}": hanging for each in "abc"},
    }
    async with web_sites(pages) as sites:
        found, _ = await _gather(sites.web(limits=replace(LIMITS, all=0.5)), "https://www.example.se/karta.xml")
    assert _problems(found.sources) == dict.fromkeys("abc", Reason.TIMED_OUT)


async def test_a_site_is_asked_for_two_pages_at_once_and_as_slowly_as_it_wants() -> None:
    async def slow(request: web.Request) -> web.StreamResponse:
        await asyncio.sleep(0.02)
        return web.Response(text="Text.")

    pages: Pages = {"www.example.se/karta.xml": site_map(*(f"https://www.example.se/{n}" for n in range(8)))}
    both: Pages = {**pages, **{f"www.example.se/{n}": slow for n in range(8)}}
    async with web_sites(both) as sites:
        await _gather(sites.web(), "https://www.example.se/karta.xml")
        assert sites.most_at_once == 2
        assert not sites.slept
    async with web_sites({**both, "www.example.se/robots.txt": "User-agent: Fyren\nCrawl-delay: 2"}) as sites:
        await _gather(sites.web(), "https://www.example.se/karta.xml")
        assert max(sites.slept) == pytest.approx(14, abs=3)


async def test_addresses_that_lead_to_one_page_are_one_document() -> None:
    pages: Pages = {
        "www.example.se/karta.xml": site_map(A, B, C),
        "www.example.se/a": to(B), "www.example.se/b": "Text.", "www.example.se/c": to(B),
    }  # fmt: skip
    async with web_sites(pages) as sites:
        found, _ = await _gather(sites.web(), "https://www.example.se/karta.xml")
    assert _problems(found.sources) == {"b": None}


async def test_a_page_becomes_a_document_that_is_cited_where_it_stands_and_stays_where_it_cannot_be_had(
    tmp_path: Path,
) -> None:
    store, advances = GenerationStore(tmp_path), list[Advance]()

    async def run(sites: Sites) -> tuple[dict[str, FileStatus], dict[str, str | None]]:
        async with gathered([address_of("https://www.example.se/karta.xml")], sites.web(), advances.append) as found:
            report = await ingest(found.sources, store=store, embedder=None, prune=True)
        documents = (await asyncio.to_thread(store.contents)).documents
        return {each.path: each.status for each in report.outcomes}, {each.path: each.url for each in documents}

    b = "web:www.example.se/b"
    pages: Pages = {
        "www.example.se/karta.xml": site_map(B),
        "www.example.se/b": to("/c"),
        "www.example.se/c": html("Hamnen", "Hamnen är öppen hela året."),
    }
    async with web_sites(pages) as sites:
        assert await run(sites) == ({b: FileStatus.ADDED}, {b: C})
        sites.pages["www.example.se/c"] = web.Response(status=410)
        assert await run(sites) == ({b: FileStatus.REJECTED}, {b: C})
    assert [(each.phase, each.done, each.total, each.path) for each in advances] == [(Phase.FETCH, 1, 1, b)] * 2
