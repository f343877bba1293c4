"""Documents of one municipality on the command line: taken in, searched as somebody, and told of by `doctor`."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.fakes.collections import opened, owned
from tests.integration.app.commands import Fyren

QUESTION = "Vad kostar bygglov för en altan?"
TAXES = {
    "": "Bygglov prövas av byggnadsnämnden.",
    "uddevalla": "Bygglov för en altan kostar 4711 kronor.",
    "tanum": "Bygglov för en altan kostar 6543 kronor.",
}


@pytest.fixture
def fyren(tmp_path: Path) -> Fyren:
    return Fyren(tmp_path / "var", ANALYSIS_OFF="lexicon")


@pytest.fixture
def filled(fyren: Fyren, tmp_path: Path) -> Fyren:
    taxes = [owned(owner, "taxa", [("Taxa", text)]) for owner, text in TAXES.items()]
    opened(tmp_path / "var" / "index", taxes, vectors=False)
    return fyren


def found(fyren: Fyren, *arguments: str) -> set[str]:
    return {hit["path"] for hit in fyren("search", QUESTION, "--json", *arguments).data["hits"]}


def test_r07_each_reads_what_is_theirs_and_whoever_runs_the_service_everything(filled: Fyren) -> None:
    assert found(filled) == {"taxa.md", "@uddevalla/taxa.md", "@tanum/taxa.md"}
    assert found(filled, "--as", "everybody") == {"taxa.md"}
    assert found(filled, "--as", "Tanum") == {"taxa.md", "@tanum/taxa.md"}
    told = filled("ask", QUESTION, "--as", "uddevalla").out
    said = filled("chat", "--as", "uddevalla", "--json", stdin=f"{QUESTION}\n").out
    for text in (told, said):
        assert "4711" in text
        assert "6543" not in text


def test_a_municipality_that_nobody_knows_is_refused_with_those_that_are_known(fyren: Fyren, tmp_path: Path) -> None:
    for arguments in (("ingest", str(tmp_path), "--owner", "atlantis"), ("ask", QUESTION, "--as", "atlantis")):
        ended = fyren(*arguments)
        assert ended.code == 1
        assert "atlantis" in ended.err
        assert "uddevalla" in ended.err


def test_r07_a_file_or_a_command_says_whose_it_is_and_doctor_where_that_is_nobody(fyren: Fyren, tmp_path: Path) -> None:
    folder = tmp_path / "mer"
    folder.mkdir()
    for name, owner in (("a", "tanum"), ("b", "atlantis")):
        text = f"---\ntitle: {name}\nowner: {owner}\n---\n\nBygglov för en altan hos {owner}.\n"
        (folder / f"{name}.md").write_text(text, encoding="utf-8")
    assert fyren("ingest", folder).code == 0
    assert fyren("ingest", folder / "a.md", "--owner", "Uddevalla").code == 0
    assert found(fyren, "--as", "everybody") == set()
    assert found(fyren, "--as", "tanum") == {"a.md"}
    assert found(fyren, "--as", "uddevalla") == {"@uddevalla/a.md"}
    assert "atlantis" in fyren("doctor").out
