"""Every sentence of a printed report is cited with the page on which it stands."""

from __future__ import annotations

import re
from pathlib import Path

from pypdf import PdfReader

from ingest.loaders.pdf import PdfLoader
from ingest.passages import cut
from knowledge.model import Origin
from tests.bench.ingest_files import long_pdf

PAGES = 8
RIGHT = 0.98


def bare(text: str) -> str:
    return "".join(text.split())


def test_nearly_every_sentence_is_cited_with_its_page(tmp_path: Path) -> None:
    path = long_pdf(tmp_path / "rapport.pdf", PAGES)
    held = [
        (bare(passage.text), passage.pages)
        for passage in cut(PdfLoader().load(path, path.name), path=path.name, origin=Origin.INGESTED)
    ]
    right = []
    for number, page in enumerate(PdfReader(path).pages, start=1):
        for sentence in re.findall(r"Ärendetharnummer\d+-\d+-\d\.", bare(page.extract_text())):
            right.append(any(sentence in text and number in pages for text, pages in held))
    assert len(right) > 5 * PAGES
    assert sum(right) >= RIGHT * len(right)
    assert max(len(pages) for _, pages in held) <= 2
