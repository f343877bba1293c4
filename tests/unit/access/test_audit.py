"""The audit log's chain shows every change that was made to it afterwards."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.access.audit import GENESIS, Action, AuditEntry, AuditEvent, canonical, sealed, verified

NOON = datetime(2026, 11, 1, 12, tzinfo=UTC)


def chain(length: int) -> list[AuditEntry]:
    entries: list[AuditEntry] = []
    for number in range(length):
        event = AuditEvent(
            NOON + timedelta(minutes=number), "f-1", "t", Action.ROUND_OPENED, "2026:1", {"n": str(number)}
        )
        entries.append(sealed(event, entries[-1] if entries else None))
    return entries


def test_d14_an_untouched_chain_holds_from_its_beginning() -> None:
    entries = chain(4)
    assert [each.number for each in entries] == [1, 2, 3, 4]
    assert entries[0].previous == GENESIS
    found = verified(entries)
    assert (found.entries, found.head, found.broken) == (4, entries[-1].hash, None)
    assert verified([]).head == GENESIS


CHANGES: dict[str, Callable[[AuditEntry], AuditEntry]] = {
    "actor": lambda entry: replace(entry, event=replace(entry.event, actor="x")),
    "tenant": lambda entry: replace(entry, event=replace(entry.event, tenant="x")),
    "action": lambda entry: replace(entry, event=replace(entry.event, action="x")),
    "subject": lambda entry: replace(entry, event=replace(entry.event, subject="x")),
    "details": lambda entry: replace(entry, event=replace(entry.event, details={"n": "x"})),
    "time": lambda entry: replace(entry, event=replace(entry.event, at=entry.event.at + timedelta(microseconds=1))),
    "hash": lambda entry: replace(entry, hash="0" * 64),
    "previous": lambda entry: replace(entry, previous="0" * 63 + "1"),
    "sealed anew": lambda entry: replace(sealed(replace(entry.event, actor="x"), None), number=entry.number),
}


@pytest.mark.parametrize("change", CHANGES)
@pytest.mark.parametrize("place", [0, 2, 3])
def test_d14_a_changed_entry_breaks_the_chain_where_it_stands(change: str, place: int) -> None:
    entries = chain(5)
    entries[place] = CHANGES[change](entries[place])
    # The first entry, sealed anew, is right by itself; the one after it is not.
    expected = place + 2 if (change, place) == ("sealed anew", 0) else place + 1
    assert verified(entries).broken == expected


def test_d14_a_removed_an_added_and_a_moved_entry_break_it_too() -> None:
    entries = chain(5)
    assert verified(entries[:1] + entries[2:]).broken == 3
    assert verified(entries[1:]).broken == 2
    assert verified([*entries[:2], entries[1], *entries[2:]]).broken == 2
    assert verified([entries[0], entries[2], entries[1], *entries[3:]]).broken == 3


def test_d14_what_is_cut_off_its_end_shows_in_the_number_that_was_noted() -> None:
    entries = chain(5)
    cut = verified(entries[:3])
    assert (cut.broken, cut.entries, cut.head) == (None, 3, entries[2].hash)


@settings(max_examples=40, deadline=None)
@given(
    st.tuples(st.text(), st.text(), st.text(), st.text()),
    st.tuples(st.text(), st.text(), st.text(), st.text()),
    st.dictionaries(st.text(max_size=3), st.text(max_size=3), max_size=3),
)
def test_two_events_have_the_same_form_only_when_they_are_the_same(
    one: tuple[str, str, str, str], other: tuple[str, str, str, str], details: dict[str, str]
) -> None:
    first, second = (canonical(1, AuditEvent(NOON, *each, details), GENESIS) for each in (one, other))
    assert (first == second) == (one == other)
    backwards = dict(reversed(details.items()))
    assert first == canonical(1, AuditEvent(NOON, *one, backwards), GENESIS)


def test_the_same_moment_has_one_form_in_every_time_zone_and_none_without() -> None:
    stockholm = NOON.astimezone(timezone(timedelta(hours=1)))
    event = AuditEvent(NOON, "a", "t", Action.SIGNED_IN)
    assert canonical(1, event, GENESIS) == canonical(1, replace(event, at=stockholm), GENESIS)
    with pytest.raises(ValueError, match="time zone"):
        sealed(replace(event, at=NOON.replace(tzinfo=None)), None)
