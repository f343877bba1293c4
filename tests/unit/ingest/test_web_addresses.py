"""Which web addresses may be fetched, and where their pages are in the index."""

from __future__ import annotations

import re
from urllib.parse import quote, urlsplit

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.errors import AddressProblem, AddressRefused
from ingest.web_sources.addresses import Address, address_from, address_of
from ingest.web_sources.allow_list import AllowList, site_of
from ingest.web_sources.places import LONGEST, MARK, place_of, site_of_place

LISTED = ("www.example.se", "*.annan.se", "docs.example.se/handbok", "api.example.se:8443")
SITES = AllowList(tuple(map(site_of, LISTED)))

hosts = st.sampled_from(["www.example.se", "WWW.Example.SE", "xn--rksmrgs-5wao1o.se", "räksmörgås.se"])
signs = st.sampled_from("abÅö 0.-_~@:;=+%/?#\\\u202e\x00&\n$Aé")
words = st.text(signs, max_size=12)
paths = st.lists(st.text(signs, max_size=8).map(lambda each: quote(each, safe="~@:;=+$&")), max_size=5).map("/".join)


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("http://www.example.se/a", AddressProblem.NOT_HTTPS),
        ("https://anna:hemligt@www.example.se/", AddressProblem.CREDENTIALS),
        ("https://www.example.se@evil.se/", AddressProblem.CREDENTIALS),
        ("https://127.0.0.1/", AddressProblem.BY_NUMBER),
        ("https://2130706433/", AddressProblem.BY_NUMBER),
        ("https://0x7f.1/", AddressProblem.BY_NUMBER),
        ("https://www.example.0x1/", AddressProblem.BY_NUMBER),
        ("https://[::1]/", AddressProblem.BY_NUMBER),
        ("https://[::ffff:8.8.8.8]/", AddressProblem.BY_NUMBER),
        ("https://localhost/", AddressProblem.NO_ADDRESS),
        ("https://www.example.se\\@evil.se/", AddressProblem.NO_ADDRESS),
        ("https://www.example.se/a b", AddressProblem.NO_ADDRESS),
        ("https://www.exam\tple.se/", AddressProblem.NO_ADDRESS),
        ("https://www.example.se:0/", AddressProblem.NO_ADDRESS),
        ("https://www.example.se:99999/", AddressProblem.NO_ADDRESS),
        ("https://www.example.se/%zz", AddressProblem.NO_ADDRESS),
        ("https://www.example.se/%00", AddressProblem.NO_ADDRESS),
        ("https:///a", AddressProblem.NO_ADDRESS),
        ("ftp://www.example.se/", AddressProblem.NO_ADDRESS),
        ("file:///etc/passwd", AddressProblem.NO_ADDRESS),
        ("https://www.example.se/" + "a" * 2000, AddressProblem.NO_ADDRESS),
        ("https://example.se/", AddressProblem.NOT_LISTED),
        ("https://www.example.se.evil.se/", AddressProblem.NOT_LISTED),
        ("https://evilwww.example.se/", AddressProblem.NOT_LISTED),
        ("https://www.example.se:8443/", AddressProblem.NOT_LISTED),
        ("https://annan.se/", AddressProblem.NOT_LISTED),
        ("https://evilannan.se/", AddressProblem.NOT_LISTED),
        ("https://docs.example.se/", AddressProblem.NOT_LISTED),
        ("https://docs.example.se/handboken", AddressProblem.NOT_LISTED),
        ("https://docs.example.se/handbok/../hemligt", AddressProblem.NO_ADDRESS),
        ("https://docs.example.se/handbok/%2e%2e/hemligt", AddressProblem.NO_ADDRESS),
        ("https://docs.example.se/handbok/..%2fhemligt", AddressProblem.NO_ADDRESS),
        ("https://docs.example.se/handbok/%252e%252e/hemligt", AddressProblem.NO_ADDRESS),
        ("https://docs.example.se/handbok/..%5chemligt", AddressProblem.NO_ADDRESS),
        ("https://api.example.se/", AddressProblem.NOT_LISTED),
    ],
)
def test_a10_what_is_not_on_the_list_or_reads_two_ways_is_refused(text: str, problem: AddressProblem) -> None:
    with pytest.raises(AddressRefused) as refused:
        SITES.read(text)
    assert refused.value.problem is problem


@pytest.mark.parametrize(
    ("text", "url"),
    [
        ("https://www.example.se", "https://www.example.se/"),
        (" https://WWW.EXAMPLE.SE./a#del ", "https://www.example.se/a"),
        ("https://www.example.se:443/a?b=c%20d", "https://www.example.se/a?b=c%20d"),
        ("https://www.example.se/råd och", ""),
        ("https://www.example.se/råd", "https://www.example.se/r%C3%A5d"),
        ("https://a.b.annan.se/", "https://a.b.annan.se/"),
        ("https://docs.example.se/handbok", "https://docs.example.se/handbok"),
        ("https://docs.example.se/h%61ndbok/del-1", "https://docs.example.se/h%61ndbok/del-1"),
        ("https://api.example.se:8443/", "https://api.example.se:8443/"),
    ],
)
def test_a_listed_address_is_taken_in_one_form(text: str, url: str) -> None:
    if not url:
        with pytest.raises(AddressRefused):
            SITES.read(text)
    else:
        assert SITES.read(text).url == url


@pytest.mark.parametrize("text", ["*.se", "*", "localhost", "10.0.0.1", "a@example.se", "www.*.se", "example.se?a=b"])
def test_a10_no_list_names_a_top_domain_or_this_machine(text: str) -> None:
    with pytest.raises(AddressRefused):
        site_of(text)


def test_an_empty_list_allows_nothing() -> None:
    assert not AllowList()
    with pytest.raises(AddressRefused):
        AllowList().read("https://www.example.se/")


@given(st.builds(lambda host, path, query: f"https://{host}/{path}?{query}", hosts, paths, words))
@settings(max_examples=60, deadline=None)
def test_a10_what_is_read_is_read_the_same_by_others(text: str) -> None:
    """What is checked is what is asked for: reading it again, here or elsewhere, gives the same machine and path."""
    try:
        address = address_of(text)
    except AddressRefused:
        return
    parts = urlsplit(address.url)
    assert (parts.hostname, parts.path, parts.query, parts.fragment) == (address.host, address.path, address.query, "")
    assert address.url.isascii()
    assert address_of(address.url) == address
    assert ".." not in address.path.split("/")


@given(st.text(signs, max_size=30))
@settings(max_examples=40, deadline=None)
def test_a10_a_redirect_leads_to_an_address_or_nowhere(location: str) -> None:
    base = address_of("https://www.example.se/a/b")
    try:
        address = address_from(base, location)
    except AddressRefused:
        return
    assert address.url.startswith("https://")
    assert address_of(address.url) == address


@given(paths, words, paths, words)
@settings(max_examples=60, deadline=None)
def test_i04_places_are_safe_bounded_and_each_page_s_own(one: str, asks: str, other: str, asks_other: str) -> None:
    found: list[Address] = []
    for path, query in ((one, asks), (other, asks_other)):
        try:
            found.append(address_of(f"https://www.example.se/{path}?{query}"))
        except AddressRefused:
            return
    first, second = map(place_of, found)
    assert (first == second) == (found[0] == found[1])
    for place in (first, second):
        assert place.startswith(f"{MARK}www.example.se/")
        assert len(place) <= len(f"{MARK}www.example.se/") + LONGEST
        assert not re.search(r"[\x00-\x1f\\\u202e]", place)
        assert all(part and not part.startswith(".") for part in place.split("/"))
        assert site_of_place(place) == site_of_place(f"@uddevalla/{place}") == f"{MARK}www.example.se"


def test_places_read_as_addresses_do() -> None:
    assert place_of(address_of("https://www.example.se/dokument/Råd och stöd.pdf".replace(" ", "%20"))) == (
        "web:www.example.se/dokument/Råd och stöd.pdf"
    )
    assert place_of(address_of("https://www.example.se")) == "web:www.example.se/index~"
    asked = place_of(address_of("https://www.example.se/visa.aspx?id=7"))
    assert re.fullmatch(r"web:www\.example\.se/visa~[0-9a-f]{16}\.aspx", asked)
    assert site_of_place("web/rapport.pdf") == site_of_place("@uddevalla/rapport.pdf") == ""
