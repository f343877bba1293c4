"""Site maps are read strictly: what they list, and what they may not hold. Robots' rules, and inflating."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest

from ingest.errors import DocumentRejected, Reason
from ingest.web_sources.inflating import PIECE, Inflater
from ingest.web_sources.retries import seconds_of
from ingest.web_sources.robots import LONGEST_DELAY, robots_of
from ingest.web_sources.site_maps import Entry, SiteMap, is_site_map, read_site_map
from tests.fakes.web_site import AGENT, html, site_map

MAP = site_map(("https://www.example.se/a", "2026-11-01"), "https://www.example.se/b?x=1&amp;y=2")
ENTITIES = (
    '<?xml version="1.0"?><!DOCTYPE urlset [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]>'
    "<urlset><url><loc>https://www.example.se/&b;</loc></url></urlset>"
)
OUTSIDE = '<?xml version="1.0"?><!DOCTYPE urlset SYSTEM "file:///etc/passwd"><urlset><url><loc>https://a.se/</loc></url></urlset>'
MOST = 100_000


def _read(folder: Path, content: str | bytes, most: int = MOST) -> SiteMap:
    path = folder / "karta"
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    assert is_site_map(path) or b"<" not in path.read_bytes()
    return read_site_map(path, most, 100)


@pytest.mark.parametrize("packed", [False, True])
def test_a_map_is_read_with_the_moments_that_it_tells(tmp_path: Path, packed: bool) -> None:
    content = gzip.compress(MAP.encode()) if packed else MAP.encode()
    assert _read(tmp_path, content) == SiteMap(
        (Entry("https://www.example.se/a", "2026-11-01"), Entry("https://www.example.se/b?x=1&y=2"))
    )


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "iso-8859-1"])
def test_a_map_is_read_in_its_encoding(tmp_path: Path, encoding: str) -> None:
    text = MAP.replace('<?xml version="1.0"?>', f'<?xml version="1.0" encoding="{encoding}"?>').replace("/a<", "/å<")
    assert _read(tmp_path, text.encode(encoding)).entries[0].url == "https://www.example.se/å"


def test_other_elements_and_names_with_a_prefix_change_nothing(tmp_path: Path) -> None:
    text = (
        '<s:sitemapindex xmlns:s="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:i="urn:bild"><s:sitemap>'
        "<i:image><i:loc>https://a.se/bild</i:loc></i:image><s:loc> https://a.se/\n</s:loc></s:sitemap></s:sitemapindex>"
    )
    assert _read(tmp_path, text) == SiteMap((Entry("https://a.se/"),), is_index=True)


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (ENTITIES, Reason.UNSAFE),
        (OUTSIDE, Reason.UNSAFE),
        ("<urlset>" + "<a>" * 50, Reason.UNSAFE),
        (MAP[:-20], Reason.SITE_MAP),
        (gzip.compress(MAP.encode())[:-9], Reason.SITE_MAP),
        (gzip.compress(MAP.encode())[:40] + b"\xff" * 40, Reason.SITE_MAP),
        (gzip.compress(MAP.encode() + b" " * 5_000_000), Reason.TOO_LARGE),
        ("<urlset>" + "<url><loc>a</loc></url>" * 101, Reason.SITE_MAP),
    ],
    ids=["entities", "outside", "deep", "cut", "cut gzip", "damaged gzip", "inflates", "too many"],
)
def test_i02_a_map_that_is_broken_or_hostile_is_refused(tmp_path: Path, content: str | bytes, reason: Reason) -> None:
    with pytest.raises(DocumentRejected) as refused:
        _read(tmp_path, content, 2_000_000)
    assert refused.value.reason is reason


@pytest.mark.parametrize(
    "content", [html("Råd", "Text."), "Text.", "", "<rss/>", "%PDF-1.7", "<!DOCTYPE svg []><svg/>"]
)
def test_what_is_no_map_is_told_from_one(tmp_path: Path, content: str) -> None:
    (tmp_path / "sida").write_text(content, encoding="utf-8")
    assert not is_site_map(tmp_path / "sida")


def test_what_a_site_asks_of_programs_counts_and_is_bounded() -> None:
    ours = "User-agent: annan\nUser-agent: FYREN # vi\nDisallow: /hemligt\n\nCrawl-delay: 900\n"
    rules = robots_of(f"\ufeffUser-agent: *\nDisallow: /\n\n{ours}User-agent: fyren\nDisallow: /mer", AGENT)
    assert rules.allows("/a")
    assert not rules.allows("/hemligt/a")
    assert not rules.allows("/mer")
    assert rules.delay == LONGEST_DELAY
    assert not robots_of("User-agent: *\nDisallow: /", AGENT).allows("/a")
    assert robots_of("User-agent: *\nDisallow:", AGENT).allows("/a")
    assert robots_of("", AGENT) == robots_of("<html>\x00 : skräp\nCrawl-delay: x", AGENT)


@pytest.mark.parametrize(
    ("rules", "forbidden", "allowed"),
    [
        ("Disallow: /*.pdf$", ("/a.pdf", "/a/b.pdf.pdf"), ("/a.pdf?b", "/a.pdfx", "/pdf")),
        ("Disallow: /*?skriv=", ("/a?skriv=1", "/?skriv="), ("/a", "/a?sida=1")),
        ("Disallow: /a*b*c", ("/abc", "/a1b2c3"), ("/acb", "/ab")),
        ("Disallow: /exakt$", ("/exakt",), ("/exakt/", "/exakta")),
        ("Disallow: /\nAllow: /öppet/", ("/a", "/öppe"), ("/öppet/a", "/%C3%B6ppet/a")),
        ("Allow: /a\nDisallow: /a", (), ("/a",)),
        ("Disallow: /a*a$", ("/aa",), ("/a",)),
    ],
)
def test_the_longest_rule_decides_and_signs_stand_for_anything(
    rules: str, forbidden: tuple[str, ...], allowed: tuple[str, ...]
) -> None:
    found = robots_of(f"User-agent: *\n{rules}", AGENT)
    assert [found.allows(path) for path in (*forbidden, *allowed)] == [False] * len(forbidden) + [True] * len(allowed)


def test_i01_what_is_inflated_comes_in_pieces_and_may_follow_each_other() -> None:
    pieces = list(Inflater().feed(gzip.compress(b"a" * 1_000_000)))
    assert max(map(len, pieces)) <= PIECE
    assert sum(map(len, pieces)) == 1_000_000
    two = Inflater()
    assert b"".join(two.feed(gzip.compress(b"ett ") + gzip.compress(b"tva"))) == b"ett tva"
    two.end()


@pytest.mark.parametrize(("header", "seconds"), [(None, 0), ("", 0), ("7", 7), ("i morgon", 0), ("-3", 0), ("²", 0)])
def test_how_long_a_site_wants_to_be_left_alone(header: str | None, seconds: float) -> None:
    assert seconds_of(header) == seconds


def test_a_site_may_name_the_moment() -> None:
    assert seconds_of("Sun, 06 Nov 2044 08:49:37 GMT") > 1_000_000
    assert seconds_of("Sun, 06 Nov 1994 08:49:37 GMT") == 0
