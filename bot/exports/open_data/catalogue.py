"""The catalogue of open data as RDF: DCAT-AP-SE 3.0, the Swedish profile of DCAT-AP.

Names of things derive from the service's address, so that a portal that harvests twice finds the same ones again.
"""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from typing import Final

from rdflib import DCAT, DCTERMS, FOAF, RDF, XSD, BNode, Graph, Literal, Namespace, URIRef
from rdflib.term import Node

from bot.conversation.texts import LANGUAGES, Texts
from bot.exports.open_data.publication import Published, Publisher

LICENCE: Final = URIRef("http://creativecommons.org/publicdomain/zero/1.0/")
"""CC0 1.0; the profile asks it of every catalogue."""

_AUTHORITY: Final = "http://publications.europa.eu/resource/authority/"
_THEMES: Final = ("GOVE", "TECH")
_LANGUAGES: Final = {"sv": "SWE", "en": "ENG"}
_PUBLISHER_TYPE: Final = URIRef("http://purl.org/adms/publishertype/RegionalAuthority")
_PLACE: Final = URIRef("http://data.europa.eu/nuts/code/SE232")
"""Västra Götaland, which Fyrbodal is a part of; there is no code of Fyrbodal's own."""
_VCARD: Final = Namespace("http://www.w3.org/2006/vcard/ns#")
_VERSION: Final = URIRef("http://www.w3.org/ns/dcat#version")
"""New in DCAT 3."""
_DCATAP: Final = Namespace("http://data.europa.eu/r5r/")


_PREFIXES: Final = {
    "xml": Namespace("http://www.w3.org/XML/1998/namespace"),
    "rdf": RDF,
    "xsd": XSD,
    "dcat": DCAT,
    "dcterms": DCTERMS,
    "foaf": FOAF,
    "vcard": _VCARD,
    "dcatap": _DCATAP,
}


class Syntax(StrEnum):
    """How the catalogue is written, by the ending of its address."""

    RDF = "rdf"
    TURTLE = "ttl"
    JSON_LD = "jsonld"


MEDIA: Final = {
    Syntax.RDF: "application/rdf+xml",
    Syntax.TURTLE: "text/turtle",
    Syntax.JSON_LD: "application/ld+json",
}
"""The media type of each."""

_WRITERS: Final = {Syntax.RDF: "pretty-xml", Syntax.TURTLE: "turtle", Syntax.JSON_LD: "json-ld"}

FORMATS: Final = {"csv": "text/csv", "json": "application/json"}
"""The files of each data set, by the ending of their address."""


def written(
    publisher: Publisher,
    data_sets: Sequence[Published],
    texts: Texts,
    syntax: Syntax,
    languages: Sequence[str] = LANGUAGES,
) -> bytes:
    """The catalogue in a syntax. Takes a moment of the processor."""
    graph = catalogue(publisher, data_sets, texts, languages)
    return graph.serialize(format=_WRITERS[syntax], encoding="utf-8")


def catalogue(
    publisher: Publisher, data_sets: Sequence[Published], texts: Texts, languages: Sequence[str] = LANGUAGES
) -> Graph:
    """The catalogue with its data sets, their distributions, the publisher and the contact point."""
    graph = Graph(bind_namespaces="none")
    for prefix, space in _PREFIXES.items():
        graph.bind(prefix, space)
    page = URIRef(publisher.page)
    whole, agent, contact = (URIRef(f"{page}#{name}") for name in ("catalogue", "publisher", "contact"))
    _put(graph, whole, DCAT.Catalog, {DCTERMS.publisher: agent, DCTERMS.license: LICENCE, FOAF.homepage: page})
    graph.add((whole, DCAT.themeTaxonomy, URIRef(f"{_AUTHORITY}data-theme")))
    _say(graph, whole, texts, languages, {DCTERMS.title: "title", DCTERMS.description: "description"})
    for language in languages:
        graph.add((whole, DCTERMS.language, _language(language)))
    if data_sets:
        graph.add((whole, DCTERMS.issued, _day(min(each.issued for each in data_sets))))
        graph.add((whole, DCTERMS.modified, _day(max(each.edition.compiled for each in data_sets))))
    _put(graph, agent, FOAF.Agent, {FOAF.name: Literal(publisher.name), DCTERMS.type: _PUBLISHER_TYPE})
    _put(graph, contact, _VCARD.Organization, {_VCARD.fn: Literal(publisher.contact)})
    if publisher.email:
        graph.add((contact, _VCARD.hasEmail, URIRef(f"mailto:{publisher.email}")))
    for each in data_sets:
        graph.add((whole, DCAT.dataset, _data_set(graph, publisher, each, texts, languages)))
    return graph


def _data_set(graph: Graph, publisher: Publisher, told: Published, texts: Texts, languages: Sequence[str]) -> URIRef:
    page, held = publisher.page, told.round
    one = URIRef(f"{page}/{held.id}#dataset")
    period = BNode(f"period-{held.id}")
    book = URIRef(f"{page}/{told.address('codebook.json')}")
    _put(
        graph,
        one,
        DCAT.Dataset,
        {
            DCTERMS.publisher: URIRef(f"{page}#publisher"),
            DCAT.contactPoint: URIRef(f"{page}#contact"),
            DCTERMS.accessRights: URIRef(f"{_AUTHORITY}access-right/PUBLIC"),
            DCTERMS.accrualPeriodicity: URIRef(f"{_AUTHORITY}frequency/IRREG"),
            DCTERMS.identifier: Literal(str(one)),
            DCTERMS.issued: _day(told.issued),
            DCTERMS.modified: _day(told.edition.compiled),
            DCTERMS.spatial: _PLACE,
            DCTERMS.temporal: period,
            DCTERMS.conformsTo: book,
            DCAT.landingPage: URIRef(page),
            _VERSION: Literal(str(told.edition.number)),
        },
    )
    _put(graph, period, DCTERMS.PeriodOfTime, {DCAT.startDate: _day(held.opens)})
    if held.closed_on is not None:
        graph.add((period, DCAT.endDate, _day(held.closed_on)))
    _put(graph, book, DCTERMS.Standard, {})
    _say(graph, book, texts, languages, {DCTERMS.title: "codebook"}, label=held.label)
    _say(graph, one, texts, languages, {DCTERMS.title: "dataset"}, label=held.label)
    _say(graph, one, texts, languages, {DCTERMS.description: "dataset_description"}, label=held.label, k=held.threshold)
    for language in languages:
        for keyword in texts.lines("exports.open_data.keywords", language):
            graph.add((one, DCAT.keyword, Literal(keyword, lang=language)))
    # The names of roles and answers are Swedish in both files.
    graph.add((one, DCTERMS.language, _language("sv")))
    for theme in _THEMES:
        graph.add((one, DCAT.theme, URIRef(f"{_AUTHORITY}data-theme/{theme}")))
    for ending, media in FORMATS.items():
        graph.add((one, DCAT.distribution, _distribution(graph, page, told, ending, media, texts, languages)))
    return one


def _distribution(
    graph: Graph, page: str, told: Published, ending: str, media: str, texts: Texts, languages: Sequence[str]
) -> URIRef:
    file = URIRef(f"{page}/{told.address(ending)}")
    one = URIRef(f"{page}/{told.round.id}#{ending}")
    _put(
        graph,
        one,
        DCAT.Distribution,
        {
            DCAT.accessURL: file,
            DCAT.downloadURL: file,
            DCTERMS.format: Literal(media),
            DCTERMS.license: LICENCE,
            DCTERMS.issued: _day(told.issued),
            DCTERMS.modified: _day(told.edition.compiled),
            DCTERMS.language: _language("sv"),
            DCTERMS.conformsTo: URIRef(f"{page}/{told.address('codebook.json')}"),
            _DCATAP.availability: URIRef(f"{_AUTHORITY}planned-availability/STABLE"),
        },
    )
    _say(graph, one, texts, languages, {DCTERMS.title: f"file_{ending}", DCTERMS.description: f"about_{ending}"})
    return one


def _put(graph: Graph, subject: Node, kind: URIRef, values: dict[URIRef, Node]) -> None:
    graph.add((subject, RDF.type, kind))
    for predicate, value in values.items():
        graph.add((subject, predicate, value))


def _say(
    graph: Graph, subject: Node, texts: Texts, languages: Sequence[str], keys: dict[URIRef, str], **values: object
) -> None:
    for predicate, key in keys.items():
        for language in languages:
            text = texts.say(f"exports.open_data.{key}", language, **values)
            graph.add((subject, predicate, Literal(text, lang=language)))


def _language(language: str) -> URIRef:
    return URIRef(f"{_AUTHORITY}language/{_LANGUAGES[language]}")


def _day(day: object) -> Literal:
    return Literal(str(day), datatype=XSD.date)
