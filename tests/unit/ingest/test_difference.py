"""What two states of the index differ in."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.difference import Difference, DocumentChange, FactChange, PassageChange, between
from ingest.merging import File, Key
from knowledge.model import Origin, Passage
from tests.fakes.knowledge import document, passage

WORDS = st.sampled_from(["avfall", "bygglov", "skola", "vatten"])
PASSAGES = st.lists(st.builds(lambda text, heading: passage(text, heading), WORDS, WORDS), max_size=5)
STATES = st.dictionaries(st.sampled_from(["a.md", "b.md", "c.md"]), PASSAGES, max_size=3)

Texts = Mapping[str, Counter[tuple[str, str]]]
"""How often a section of each file says what."""


def state(files: Mapping[str, Sequence[Passage]], **facts: Any) -> dict[Key, File]:
    return {
        (Origin.LIBRARY, path): File(replace(document(path, path=path), checksum=str(passages), **facts), passages)
        for path, passages in files.items()
    }


def texts(files: Mapping[str, Sequence[Passage]]) -> Texts:
    return {path: Counter((each.section, each.text) for each in passages) for path, passages in files.items()}


def applied(before: Texts, difference: Difference) -> Texts:
    """The texts after a difference."""
    after = {path: Counter(said) for path, said in before.items()}
    for change in difference.documents:
        said = after.setdefault(change.path, Counter())
        for sample in change.samples:
            if sample.before:
                said[sample.section_before or sample.section, sample.before] -= 1
            if sample.after:
                said[sample.section, sample.after] += 1
    for change in difference.removed:
        assert not +after.pop(change.path), "everything in a removed file is removed"
    return {path: +said for path, said in after.items()}


@given(STATES, STATES)
@settings(max_examples=150, deadline=None)
def test_applied_to_the_old_state_it_gives_the_new_one(
    before: dict[str, list[Passage]], after: dict[str, list[Passage]]
) -> None:
    difference = between(state(before), state(after))
    assert applied(texts(before), difference) == texts(after)
    for change in difference.documents:
        kinds = Counter((bool(each.before), bool(each.after)) for each in change.samples)
        assert kinds == +Counter(
            {(False, True): change.added, (True, True): change.changed, (True, False): change.removed}
        )


@given(STATES)
@settings(max_examples=30, deadline=None)
def test_a_state_does_not_differ_from_itself_or_from_a_copy(files: dict[str, list[Passage]]) -> None:
    one = state(files)
    assert not between(one, one)
    assert not between(one, state(files))
    reordered = {path: list(reversed(passages)) for path, passages in files.items()}
    assert all(not change.samples for change in between(one, state(reordered)).documents)


def test_passages_are_shown_beside_what_they_were() -> None:
    before = state({"a.md": [passage("Planen gäller till 2026.", "Tid"), passage("Nämnden beslutar.", "Vem")]})
    after = state({"a.md": [passage("Planen gäller till 2030.", "Tid"), passage("Nämnden beslutar.", "Beslut")]})
    [change] = between(before, after).changed
    assert (change.added, change.changed, change.removed) == (0, 2, 0)
    assert change.samples == (
        PassageChange("Tid", (), "Planen gäller till 2026.", "Planen gäller till 2030."),
        PassageChange("Beslut", (), "Nämnden beslutar.", "Nämnden beslutar.", "Vem"),
    )


def test_facts_are_a_change_also_where_the_text_is_the_same() -> None:
    said = {"a.md": [passage("Planen gäller.", "Tid")]}
    [change] = between(state(said), state(said, valid_until="2026-12-31", responsible="Kansliet")).changed
    assert change.samples == ()
    assert change.facts == (FactChange("valid_until", "", "2026-12-31"), FactChange("responsible", "", "Kansliet"))


def test_what_is_stored_is_bounded_and_the_counts_are_not() -> None:
    many = [passage("ord " * 500 + str(number), "Tid") for number in range(30)]
    stored = between({}, state({"a.md": many})).sampled(most=3, longest=50)
    [change] = stored.added
    assert isinstance(change, DocumentChange)
    assert (change.added, len(change.samples), stored.passages_added) == (30, 3, 30)
    assert all(len(each.after) <= 52 for each in change.samples)
