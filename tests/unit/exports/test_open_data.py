"""The catalogue of open data holds what the Swedish profile of DCAT-AP asks for, in every syntax the same."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from rdflib import DCTERMS, FOAF, RDF, Graph, Literal, Namespace, URIRef
from rdflib.compare import isomorphic

from bot.exports.open_data.catalogue import Syntax, catalogue, written
from bot.exports.open_data.publication import Published, Publisher, is_open, published
from bot.maturity.ports import Edition
from bot.maturity.rounds import RoundStatus
from tests.fakes.editions import round_of
from tests.fakes.materials import texts

DCAT = Namespace("http://www.w3.org/ns/dcat#")
VCARD = Namespace("http://www.w3.org/2006/vcard/ns#")
PUBLISHER = Publisher("Fyrbodals kommunalförbund", "strategen", "data@example.se", "https://fyren.example.se")
FORMATS = {Syntax.RDF: "xml", Syntax.TURTLE: "turtle", Syntax.JSON_LD: "json-ld"}

MANDATORY = {
    DCAT.Catalog: (DCTERMS.title, DCTERMS.description, DCTERMS.publisher, DCTERMS.license, DCAT.dataset),
    DCAT.Dataset: (DCTERMS.title, DCTERMS.description, DCTERMS.publisher),
    DCAT.Distribution: (DCAT.accessURL,),
    FOAF.Agent: (FOAF.name,),
    VCARD.Organization: (VCARD.fn, VCARD.hasEmail),
}
"""What DCAT-AP-SE 3.0 makes mandatory for each class that is used."""
RECOMMENDED = {
    DCAT.Catalog: (FOAF.homepage, DCTERMS.language, DCTERMS.issued, DCTERMS.modified, DCAT.themeTaxonomy),
    DCAT.Dataset: (
        *(DCAT.contactPoint, DCAT.distribution, DCAT.keyword, DCAT.theme, DCTERMS.accessRights),
        *(DCTERMS.issued, DCTERMS.spatial, DCTERMS.temporal, DCTERMS.conformsTo, DCTERMS.language),
    ),
    DCAT.Distribution: (DCTERMS.license, DCTERMS.format, DCTERMS.title, DCTERMS.description, DCAT.downloadURL),
}
CC0 = URIRef("http://creativecommons.org/publicdomain/zero/1.0/")


def stored(number: int, day: date) -> Edition:
    return Edition("2026-1", number, day, "d", "c")


@pytest.fixture(scope="module")
def told() -> list[Published]:
    other = replace(round_of(label="2025:1", year=2025), open_data=True)
    found = [
        published(round_of(), [stored(1, date(2026, 11, 16)), stored(2, date(2026, 12, 1))]),
        published(other, [stored(1, date(2025, 11, 16))]),
    ]
    return [each for each in found if each is not None]


@pytest.fixture(scope="module")
def graph(told: list[Published]) -> Graph:
    return Graph().parse(data=written(PUBLISHER, told, texts(), Syntax.RDF), format="xml")


@pytest.mark.parametrize("asked", [MANDATORY, RECOMMENDED])
def test_the_profile_is_kept(graph: Graph, asked: dict[Any, tuple[URIRef, ...]]) -> None:
    for kind, properties in asked.items():
        things = list(graph.subjects(RDF.type, kind))
        assert things, kind
        for thing in things:
            missing = [each for each in properties if not list(graph.objects(thing, each))]
            assert missing == [], thing


def test_what_is_published_of_a_round_is_said_with_its_values(graph: Graph) -> None:
    assert set(graph.objects(None, DCTERMS.license)) == {CC0}
    one = URIRef("https://fyren.example.se/open-data/2026-1#dataset")
    assert graph.value(one, DCAT.version) == Literal("2")
    assert str(graph.value(one, DCTERMS.issued)) == "2026-11-16"
    assert str(graph.value(one, DCTERMS.modified)) == "2026-12-01"
    period = graph.value(one, DCTERMS.temporal)
    assert [str(graph.value(period, each)) for each in (DCAT.startDate, DCAT.endDate)] == ["2026-10-01", "2026-11-16"]
    languages = {each.language for each in graph.objects(one, DCTERMS.title) if isinstance(each, Literal)}
    assert languages == {"sv", "en"}
    assert {each.language for each in graph.objects(one, DCAT.keyword) if isinstance(each, Literal)} == languages
    assert str(graph.value(one, DCTERMS.conformsTo)).endswith("/open-data/2026-1.codebook.json")
    files = {str(each) for each in graph.objects(None, DCAT.downloadURL)}
    assert "https://fyren.example.se/open-data/2026-1.csv" in files
    assert len(files) == 4
    assert [str(each) for each in graph.objects(None, VCARD.hasEmail)] == ["mailto:data@example.se"]
    literal_days = [each for each in graph.objects(None, DCTERMS.issued) if isinstance(each, Literal)]
    assert all(str(each.datatype).endswith("#date") for each in literal_days)


@pytest.mark.filterwarnings(
    "ignore:ConjunctiveGraph is deprecated:DeprecationWarning"
)  # rdflib's own reader of JSON-LD
def test_every_syntax_says_the_same(told: list[Published], graph: Graph) -> None:
    for syntax, name in FORMATS.items():
        read = Graph().parse(data=written(PUBLISHER, told, texts(), syntax), format=name)
        assert isomorphic(read, graph), syntax


def test_an_empty_catalogue_is_one_all_the_same() -> None:
    graph = catalogue(replace(PUBLISHER, email=""), [], texts())
    assert list(graph.objects(None, DCAT.dataset)) == []
    assert len(list(graph.subjects(RDF.type, DCAT.Catalog))) == 1
    assert list(graph.objects(None, VCARD.hasEmail)) == []


def test_only_what_is_over_meant_to_be_open_and_compiled_is_published() -> None:
    editions = [stored(1, date(2026, 11, 16))]
    held = round_of()
    assert published(held, editions) is not None
    assert published(held, []) is None
    for other in (
        replace(held, open_data=False),
        replace(held, practice=True),
        replace(held, status=RoundStatus.OPEN),
        replace(held, status=RoundStatus.PLANNED),
    ):
        assert not is_open(other)
        assert published(other, editions) is None
