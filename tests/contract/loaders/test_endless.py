"""Files that would keep a parser busy for minutes are refused for what they count, before that work is done."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from ingest.cleaning.vocabulary import Vocabulary
from ingest.errors import DocumentRejected, Reason
from ingest.loaders import base
from ingest.loaders.web import tree as pages
from ingest.loaders.web.tree import MAX_ATTRIBUTES, MAX_ELEMENTS, tree_of
from tests.contract.loaders.reading import read, rejection, whole
from tests.fakes import office_files


def attributes(count: int, quote: str = '"') -> str:
    return " ".join(f"a{number}={quote}v>{number}{quote}" for number in range(count))


def refused(text: str) -> DocumentRejected:
    with pytest.raises(DocumentRejected) as caught:
        tree_of(text)
    return caught.value


@pytest.mark.parametrize("quote", ['"', "'"])
def test_i01_a_tag_with_attributes_without_end_never_reaches_the_parser(quote: str) -> None:
    # The parser compares each attribute with all before it: 200,000 would take it minutes.
    why = refused(f"<html><body><p {attributes(200_000, quote)}>Text</p></body></html>")
    assert (why.reason, why.detail) == (Reason.UNREADABLE, f"a tag with more than {MAX_ATTRIBUTES} attributes")


@pytest.mark.parametrize(
    "before", ["<!-- <p -->", "<script>if (a<b) { x = '<p' }</script>", '<img alt="<p">', "<p a='"]
)
def test_i01_attributes_are_counted_whatever_stands_before(before: str) -> None:
    assert refused(f"<html><body>{before}<p {attributes(MAX_ATTRIBUTES + 1)}>").reason is Reason.UNREADABLE


@pytest.mark.parametrize(
    "text",
    [
        f"<p {attributes(MAX_ATTRIBUTES)}>Text</p>",
        f"<script>for (i=0;i<n;i++) {{ {'a b ' * MAX_ATTRIBUTES} }}</script><p>Text</p>",
        f"<p>a < b {'ord ' * 2 * MAX_ATTRIBUTES} Text</p>",
    ],
    ids=["as many as may be", "a program", "a bare sign"],
)
def test_ordinary_pages_are_not_taken_for_crowded_ones(text: str) -> None:
    assert "Text" in tree_of(f"<html><body>{text}</body></html>").text_content()


def test_i01_a_page_of_cells_without_end_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pages, "MAX_ELEMENTS", 300)
    why = refused(f"<html><body><table>{'<tr><td>1<td>2' * 150}</table></body></html>")
    assert why.reason is Reason.TOO_LARGE
    assert MAX_ELEMENTS > 100_000


@pytest.mark.parametrize(
    ("name", "part", "end", "piece"),
    [
        ("docx", "word/document.xml", b"</w:body>", b"<w:p><w:r><w:t>a</w:t></w:r></w:p>"),
        ("odt", "content.xml", b"</office:text>", b"<text:p>a</text:p>"),
    ],
)
def test_i01_paragraphs_without_end_are_refused_before_one_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, part: str, end: bytes, piece: bytes
) -> None:
    good = {"docx": office_files.guideline_docx, "odt": office_files.guideline_odt}[name](tmp_path / f"good.{name}")
    path = tmp_path / f"a.{name}"
    with zipfile.ZipFile(good) as old, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as new:
        for entry in old.infolist():
            data = old.read(entry)
            new.writestr(entry.filename, data.replace(end, piece * 50 + end) if entry.filename == part else data)
    assert whole(read(path))
    monkeypatch.setattr(base, "MAX_PARAGRAPHS", 50)
    why = rejection(path)
    assert (why.reason, "paragraphs, limit 50" in why.detail) == (Reason.TOO_LARGE, True)


def test_a_word_without_end_is_looked_at_once() -> None:
    # From each letter to the end would be three billion steps, which nothing but a hang shows.
    words = Vocabulary(f"{'a' * 80_000} it-stöd x1e-post -- a-b-c")
    assert [words.hyphened(word) for word in ("it-stöd", "e-post", "a-b", "b-c")] == [True, True, True, False]
