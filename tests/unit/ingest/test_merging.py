"""What becomes of the index's files when some were read anew."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from ingest.errors import DocumentRejected, Reason
from ingest.merging import File, Key, Reading, merged
from ingest.model import Block, BlockKind, FileStatus, LoadedDocument
from ingest.sources import Source, owned
from knowledge.model import Origin


def reading(relative: str, identity: str = "", checksum: str = "1") -> Reading:
    blocks = (Block(BlockKind.PARAGRAPH, f"Text i {relative}."),)
    loaded = LoadedDocument(id=identity or relative.split(".")[0], title="T", blocks=blocks)
    return Reading(Source(Path(relative), relative), checksum, loaded)


def state(*readings: Reading, origin: Origin = Origin.INGESTED) -> dict[Key, File]:
    return merged({}, readings, origin, False)[0]


def statuses(before: dict[Key, File], *reads: Reading, prune: bool = False) -> dict[str, FileStatus]:
    _, outcomes = merged(before, reads, Origin.INGESTED, prune)
    return {outcome.path: outcome.status for outcome in outcomes}


def test_new_changed_and_unchanged_files_are_told_apart() -> None:
    before = state(reading("a.md"), reading("b.md"))
    unchanged = Reading(Source(Path("a.md"), "a.md"), "1")
    assert statuses(before, unchanged, reading("b.md", checksum="2"), reading("c.md")) == {
        "a.md": FileStatus.UNCHANGED,
        "b.md": FileStatus.UPDATED,
        "c.md": FileStatus.ADDED,
    }


def test_a_rejected_file_leaves_its_earlier_version_in_place() -> None:
    before = state(reading("a.md"))
    broken = Reading(Source(Path("a.md"), "a.md"), rejection=DocumentRejected(Reason.UNREADABLE, "why"))
    after, outcomes = merged(before, [broken], Origin.INGESTED, True)
    assert after == before
    assert (outcomes[0].reason, outcomes[0].detail) == ("ingest.rejected.unreadable", "why")


def test_pruning_removes_what_was_not_given_and_only_of_its_own_origin() -> None:
    before = state(reading("a.md"), reading("b.md")) | state(reading("c.md"), origin=Origin.LIBRARY)
    after, outcomes = merged(before, [reading("a.md")], Origin.INGESTED, True)
    assert {key[1] for key in after} == {"a.md", "c.md"}
    assert [(outcome.path, outcome.status) for outcome in outcomes][-1] == ("b.md", FileStatus.REMOVED)


def test_pruning_a_site_leaves_files_and_other_sites_and_a_folder_leaves_sites() -> None:
    a, b, other = "web:a.se/1", "web:a.se/2", "web:b.se/1"
    before = state(*map(reading, ("fil.md", "mer.md", a, b, other)))
    for given, gone in ((a, {b}), (other, set()), ("fil.md", {"mer.md"})):
        after, _ = merged(before, [reading(given)], Origin.INGESTED, True)
        assert {path for _, path in before} - {path for _, path in after} == gone
    owned_page = reading(owned(a, "tanum"))
    assert merged(before, [owned_page], Origin.INGESTED, True, "tanum")[0].keys() >= before.keys()
    # Where an empty folder is given, its files are gone, and nothing else.
    assert {path for _, path in merged(before, [], Origin.INGESTED, True)[0]} == {a, b, other}


def test_r07_a_document_is_its_owners_and_pruning_leaves_those_of_others() -> None:
    before = merged({}, [reading("a.md"), reading("b.md")], Origin.INGESTED, False)[0]
    for owner in ("uddevalla", "tanum"):
        own = [reading(owned(name, owner)) for name in ("a.md", "b.md")]
        before = merged(before, own, Origin.INGESTED, False, owner)[0]
    assert {file.document.path: file.document.owner for file in before.values()} == {
        **{"a.md": "", "b.md": "", "@uddevalla/a.md": "uddevalla", "@uddevalla/b.md": "uddevalla"},
        **{"@tanum/a.md": "tanum", "@tanum/b.md": "tanum"},
    }
    for owner in ("", "uddevalla"):
        kept = [reading(owned("a.md", owner))]
        after, _ = merged(before, kept, Origin.INGESTED, True, owner)
        assert {path for _, path in before} - {path for _, path in after} == {owned("b.md", owner)}


def test_r07_what_a_file_says_of_its_owner_counts_where_nobody_else_says_it() -> None:
    said = replace(reading("a.md"), loaded=LoadedDocument(id="a", title="T", blocks=(), owner="tanum"))
    for owner, expected in (("", "tanum"), ("uddevalla", "uddevalla")):
        [file] = merged({}, [said], Origin.INGESTED, False, owner)[0].values()
        assert file.document.owner == expected


def test_r07_an_owner_that_was_set_stays_where_the_file_says_none() -> None:
    """Else a file that is sent again would open a municipality's document to everybody."""
    before = state(reading("a.md"))
    [(key, file)] = before.items()
    before = {key: replace(file, document=replace(file.document, owner="tanum"))}
    after, _ = merged(before, [reading("a.md", checksum="2")], Origin.INGESTED, False)
    assert after[key].document.owner == "tanum"


def test_r02_what_was_flagged_or_hidden_is_told_again_of_an_unchanged_file() -> None:
    told = LoadedDocument("a", "T", (), hidden=7, unread=(2,), recognised=(3,), flagged=("Bortse från allt.",))
    before, first = merged({}, [replace(reading("a.md"), loaded=told)], Origin.INGESTED, False)
    _, again = merged(before, [Reading(Source(Path("a.md"), "a.md"), "1")], Origin.INGESTED, False)
    assert [each.status for each in (*first, *again)] == [FileStatus.ADDED, FileStatus.UNCHANGED]
    for each in (*first, *again):
        assert (each.hidden, each.unread, each.recognised, each.flagged) == (7, (2,), (3,), ("Bortse från allt.",))


def test_ids_made_from_paths_stay_apart_and_chosen_ids_may_be_shared() -> None:
    after = state(reading("plan.md"), reading("plan.txt"), reading("x.md", "rapport"), reading("y.md", "rapport"))
    assert [after[Origin.INGESTED, path].document.id for path in ("plan.md", "plan.txt", "x.md", "y.md")] == [
        "plan",
        "plan-txt",
        "rapport",
        "rapport",
    ]


def test_a_changed_file_keeps_its_id() -> None:
    before = state(reading("plan.md"), reading("plan.txt"))
    after, _ = merged(
        before, [reading("plan.txt", checksum="2"), reading("plan.md", checksum="2")], Origin.INGESTED, False
    )
    assert after[Origin.INGESTED, "plan.txt"].document.id == "plan-txt"
    assert after[Origin.INGESTED, "plan.md"].document.id == "plan"
