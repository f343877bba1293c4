"""The history of publications keeps every line that was ever forced to disk, whatever happens to its neighbours."""

from __future__ import annotations

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.publications import publications
from knowledge.adapters.generation import GenerationStore
from knowledge.adapters.history import FILE, Action, History, Publication, replaced_at
from knowledge.retention import Retention, outlived
from tests.fakes.knowledge import document
from tests.fakes.library import publish_generation

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)


def line(generation: str, replaced: str | None = None, hours: int = 0, note: str = "") -> Publication:
    return Publication(
        generation=generation, replaced=replaced, at=NOON + timedelta(hours=hours), action=Action.PUBLISHED, note=note
    )


def test_lines_come_back_in_order_with_what_was_said(tmp_path: Path) -> None:
    history = History(tmp_path)
    assert history.read() == ()
    lines = [line("a"), line("b", "a", 1, "Två\nrader, åäö")]
    for each in lines:
        history.append(each)
    assert list(history.read()) == lines


@pytest.mark.parametrize("left", [1, 40, 90])
def test_a_half_written_line_hides_no_other(tmp_path: Path, left: int) -> None:
    history = History(tmp_path)
    for name in "ab":
        history.append(line(name))
    whole = (tmp_path / FILE).read_bytes()
    first = whole.index(b"\n") + 1
    os.truncate(tmp_path / FILE, first + left)
    assert [each.generation for each in history.read()] == ["a"]
    history.append(line("c"))
    assert [each.generation for each in history.read()] == ["a", "c"]


def test_a_changed_line_is_passed_over(tmp_path: Path) -> None:
    history = History(tmp_path)
    for name in "abc":
        history.append(line(name, note="beslut"))
    content = (tmp_path / FILE).read_bytes()
    place = content.index(b"beslut", content.index(b"\n"))
    (tmp_path / FILE).write_bytes(content[:place] + b"Beslut" + content[place + 6 :])
    assert [each.generation for each in history.read()] == ["a", "c"]


def test_a_publication_that_was_killed_before_its_line_gets_one(tmp_path: Path) -> None:
    first = publish_generation(tmp_path)
    (tmp_path / FILE).unlink()
    store = GenerationStore(tmp_path)
    second = store.write(documents=[document()], passages=[], vectors=None, model=None, author="Anna", base=first)
    store.settle()
    store.publish(second)
    history = (tmp_path / FILE).read_bytes()
    (tmp_path / FILE).write_bytes(history[: history.index(b"\n") + 1])
    store.settle()
    store.settle()
    told = [(each.generation, each.replaced, each.author) for each in store.history()]
    assert told == [(first, None, ""), (second, first, "Anna")]


def test_what_was_published_before_there_was_a_history_is_told_as_far_as_it_is_there(tmp_path: Path) -> None:
    first, second = publish_generation(tmp_path), publish_generation(tmp_path)
    (tmp_path / FILE).unlink()
    store = GenerationStore(tmp_path)
    assert [each.generation for each in publications(store)] == [first, second]
    third = publish_generation(tmp_path)
    never = store.write(documents=[document()], passages=[], vectors=None, model=None)
    assert [each.generation for each in publications(store)] == [first, second, third]
    assert never in store.generations()


def test_when_a_generation_was_replaced_is_forgotten_once_it_is_back() -> None:
    told = (line("a"), line("b", "a", 1), line("a", "b", 2), line("c", "a", 3))
    assert replaced_at(told[:2]) == {"a": NOON + timedelta(hours=1)}
    assert replaced_at(told[:3]) == {"b": NOON + timedelta(hours=2)}
    assert replaced_at(told).keys() == {"a", "b"}


@given(
    st.lists(st.sampled_from("abcdef"), unique=True, max_size=6).map(sorted),
    st.sampled_from([None, "a", "c", "f"]),
    st.dictionaries(st.sampled_from("abcdef"), st.integers(0, 60)),
    st.integers(0, 6),
    st.integers(0, 60),
)
@settings(max_examples=60, deadline=None)
def test_what_outlives_the_retention(
    names: list[str], current: str | None, ages: dict[str, int], most: int, days: int
) -> None:
    replaced = {name: NOON - timedelta(days=age) for name, age in ages.items()}
    gone = outlived(names, current, replaced, Retention(most, days), NOON)
    assert current not in gone
    assert set(gone) <= set(names)
    left = [name for name in names if name not in gone and name != current]
    assert len(left) <= most
    assert all(ages.get(name, 0) <= days for name in left)
    kept_by_number = names[len(names) - most :] if most else []
    assert all(name in gone or name == current or name in left for name in names)
    assert all(name in left or name == current or ages.get(name, 0) > days for name in kept_by_number)
