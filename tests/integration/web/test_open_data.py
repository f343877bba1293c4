"""Open data: for everybody, and nothing that is not to be published."""

from __future__ import annotations

import csv
import io

import pytest
from rdflib import Graph, Namespace

from tests.fakes.editions import VISIBILITY, main_instrument
from tests.fakes.export_site import ExportSite
from tests.integration.web.export_client import Client, client, running, site

__all__ = ["client", "running", "site"]
pytestmark = pytest.mark.asyncio(loop_scope="module")

DCAT = Namespace("http://www.w3.org/ns/dcat#")


@pytest.mark.filterwarnings(
    "ignore:ConjunctiveGraph is deprecated:DeprecationWarning"
)  # rdflib's own reader of JSON-LD
async def test_everybody_finds_the_files_by_the_page_and_by_the_catalogue(site: ExportSite, client: Client) -> None:
    for language in ("sv", "en"):
        page = await client.get(f"/open-data?language={language}")
        words = await page.text()
        assert page.status == 200
        assert 'href="/open-data/2026-1.csv"' in words
        assert "2025" not in words
    for syntax, name in (("rdf", "xml"), ("ttl", "turtle"), ("jsonld", "json-ld")):
        response = await client.get(f"/open-data/catalog.{syntax}")
        graph = Graph().parse(data=await response.read(), format=name)
        files = {str(each).rpartition("/")[2] for each in graph.objects(None, DCAT.downloadURL)}
        assert files == {"2026-1.csv", "2026-1.json"}
    for file in ("2026-1.csv", "2026-1.json", "2026-1.codebook.json"):
        response = await client.get(f"/open-data/{file}")
        assert response.status == 200
        assert response.headers["Access-Control-Allow-Origin"] == "*"
        sent = {"If-None-Match": response.headers["ETag"]}
        assert (await client.get(f"/open-data/{file}", headers=sent)).status == 304
    assert site.audit.kept == []


async def test_security_words_of_people_and_statements_that_are_not_public_are_not_in_any_file(
    site: ExportSite, client: Client
) -> None:
    security = [each for each in main_instrument().items if each.security]
    assert security
    bodies = {}
    for file in ("2026-1.csv", "2026-1.json", "2026-1.codebook.json"):
        bodies[file] = (await (await client.get(f"/open-data/{file}")).read()).decode("utf-8-sig")
        for item in security:
            assert f'"{item.id}"' not in bodies[file]
            assert f",{item.id}," not in bodies[file]
            assert item.question.sv not in bodies[file]
        for words in ("Fler e-tjänster som invånarna", "upphandling", "KS 2026"):
            assert words not in bodies[file]
    table = list(csv.DictReader(io.StringIO(bodies["2026-1.csv"])))
    stated = {each["municipality"] for each in table if each["group"] == "statement"}
    assert stated == {place for place, how in VISIBILITY.items() if how == "public"}
    assert "peers" not in {each["group"] for each in table}


async def test_what_is_not_published_is_not_there(site: ExportSite, client: Client) -> None:
    for file in ("2025-1.csv", "2027-1.csv", "2026-1.xlsx", "2026-1", "nothing.csv", "catalog.html", "..%2f2026-1.csv"):
        response = await client.get(f"/open-data/{file}")
        assert response.status == 404, file
        assert "application/json" in response.headers["Content-Type"]
