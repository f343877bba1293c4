"""Which files are taken, and under which path."""

from __future__ import annotations

import os
from pathlib import Path

from ingest.errors import Reason
from ingest.sources import collect, is_there


def make(root: Path, *names: str) -> None:
    for name in names:
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(name, encoding="utf-8")


def test_paths_are_relative_to_the_folder_and_hidden_files_stay_out(tmp_path: Path) -> None:
    make(tmp_path, "b.md", "under/a.txt", ".hidden/c.md", ".d.md", "under/~$e.txt", "Thumbs.db")
    assert [source.relative for source in collect([tmp_path])] == ["b.md", "under/a.txt"]


def test_a_file_given_by_itself_has_its_name_even_if_hidden(tmp_path: Path) -> None:
    make(tmp_path, "under/.plan.md")
    assert [source.relative for source in collect([tmp_path / "under" / ".plan.md"])] == [".plan.md"]


def test_a_file_given_twice_is_taken_once(tmp_path: Path) -> None:
    make(tmp_path, "a.md")
    assert len(collect([tmp_path, tmp_path / "a.md"])) == 1


def test_equal_names_from_two_folders_stay_apart(tmp_path: Path) -> None:
    make(tmp_path, "ett/a.md", "två/a.md")
    assert [source.relative for source in collect([tmp_path / "ett", tmp_path / "två"])] == ["a.md", "två/a.md"]


def test_names_are_composed(tmp_path: Path) -> None:
    make(tmp_path, "A\u0308rende.md")
    assert [source.relative for source in collect([tmp_path])] == ["\u00c4rende.md"]


def found(*patterns: Path) -> list[str]:
    return [source.relative for source in collect(patterns)]


def test_a_pattern_finds_files_as_if_its_folder_had_been_given(tmp_path: Path) -> None:
    make(tmp_path, "docs/a.pdf", "docs/b.md", "docs/under/c.pdf", "docs/.gömd/d.pdf", "annat/e.pdf")
    docs = tmp_path / "docs"
    assert found(docs / "**" / "*.pdf") == ["a.pdf", "under/c.pdf"]
    assert found(docs / "*.pdf", docs / "b.md") == ["a.pdf", "b.md"]
    assert found(tmp_path / "d*") == ["docs/a.pdf", "docs/b.md", "docs/under/c.pdf"]
    assert found(docs / "**") == ["a.pdf", "b.md", "under/c.pdf"]
    assert found(docs / "**x", docs / "*.xlsx") == []


def test_a_name_with_a_wildcard_in_it_is_itself(tmp_path: Path) -> None:
    make(tmp_path, "plan [2026].md", "plan 2.md")
    assert found(tmp_path / "plan [2026].md") == ["plan [2026].md"]


def test_a_pattern_without_a_file_is_not_there(tmp_path: Path) -> None:
    make(tmp_path, "a.md")
    there = [is_there(tmp_path / name) for name in ("a.md", "*.md", "*.pdf", "b.md", "**.md")]
    assert there == [True, True, False, False, False]


def told(*given: Path) -> dict[str, tuple[Reason | None, str]]:
    return {source.relative: (source.problem, source.detail) for source in collect(given)}


def test_what_is_no_file_is_told(tmp_path: Path) -> None:
    make(tmp_path, "a.md")
    os.mkfifo(tmp_path / "rör.md")
    refused = (Reason.WRONG_TYPE, "no file")
    assert told(tmp_path) == {"a.md": (None, ""), "rör.md": refused}
    assert told(tmp_path / "*.md") == told(tmp_path)
    assert told(tmp_path / "rör.md") == {"rör.md": refused}


def test_i04_a_link_out_of_the_folder_is_told_and_not_followed(tmp_path: Path) -> None:
    make(tmp_path, "utanför/hemlig.md", "in/a.md")
    (tmp_path / "in" / "ut.md").symlink_to(tmp_path / "utanför" / "hemlig.md")
    (tmp_path / "in" / "mapp").symlink_to(tmp_path / "utanför")
    (tmp_path / "in" / "bort.md").symlink_to(tmp_path / "finns-inte")
    (tmp_path / "in" / "ring.md").symlink_to(tmp_path / "in" / "ring.md")
    out = Reason.WRONG_TYPE, "a link that leads out of its folder"
    nowhere = Reason.WRONG_TYPE, "a link that leads nowhere"
    expected = {"a.md": (None, ""), "bort.md": nowhere, "mapp": out, "ring.md": nowhere, "ut.md": out}
    assert told(tmp_path / "in") == expected
    assert told(tmp_path / "in" / "*") == expected


def test_a_link_within_the_folder_is_its_file_and_one_given_by_itself_may_lead_anywhere(tmp_path: Path) -> None:
    make(tmp_path, "utanför/b.md", "in/under/a.md")
    (tmp_path / "in" / "kort.md").symlink_to(Path("under/a.md"))
    (tmp_path / "in" / "samma").symlink_to(Path("under"))
    (tmp_path / "in" / "ut.md").symlink_to(tmp_path / "utanför" / "b.md")
    assert told(tmp_path / "in" / "under", tmp_path / "in" / "ut.md") == {"a.md": (None, ""), "ut.md": (None, "")}
    (tmp_path / "in" / "ut.md").unlink()
    assert told(tmp_path / "in") == {"kort.md": (None, "")}
