"""What comes out of a zip file, and what does not."""

from __future__ import annotations

import random
import struct
import zipfile
from pathlib import Path

import pytest

from ingest.archives import MAX_ARCHIVE, NAME_LENGTH, Entry, Room, is_archive, room_for, shown, unpack
from ingest.errors import DocumentRejected, Reason
from tests.fakes import office_files
from tests.fakes.hostile_packages import Entry as Packed
from tests.fakes.hostile_packages import deflated, zip_of
from tests.fakes.mutations import mutated

MEGABYTE = 1_000_000
AMPLE = Room()


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    return tmp_path / "arkiv.zip"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "uppackat"
    folder.mkdir()
    return folder


def opened(archive: Path, folder: Path, room: Room = AMPLE, max_bytes: int = 50 * MEGABYTE) -> tuple[Entry, ...]:
    return unpack(archive, folder, room, max_bytes)


def names(entries: tuple[Entry, ...]) -> list[str]:
    return [entry.name for entry in entries]


def refusal(archive: Path, folder: Path, room: Room = AMPLE) -> Reason:
    with pytest.raises(DocumentRejected) as caught:
        opened(archive, folder, room)
    return caught.value.reason


def test_files_in_folders_come_out_and_clutter_stays_in(archive: Path, folder: Path) -> None:
    with zipfile.ZipFile(archive, "w") as packed:
        packed.mkdir("tom mapp")
        for name in ("a.md", "under/b.TXT", "__MACOSX/._a.md", ".DS_Store", "under/Thumbs.db", "under/~$b.docx"):
            packed.writestr(name, f"Text i {name}")
    entries = opened(archive, folder)
    assert [(entry.name, entry.stored) for entry in entries] == [("a.md", "00000.md"), ("under/b.TXT", "00001.txt")]
    assert (folder / "00001.txt").read_text(encoding="utf-8") == "Text i under/b.TXT"


def test_office_files_are_documents_and_other_zip_files_archives(archive: Path, tmp_path: Path) -> None:
    zip_of(archive, [deflated("a.md", b"Text")])
    document = office_files.guideline_docx(tmp_path / "a.docx")
    empty = zip_of(tmp_path / "empty.zip", [])
    misnamed = document.rename(tmp_path / "egentligen-word.zip")
    assert [is_archive(path) for path in (archive, misnamed, empty)] == [True, False, True]


@pytest.mark.parametrize(
    ("written", "flags"),
    [
        ("Ärende för Åmål.md".encode("cp850"), 0),
        ("Ärende för Åmål.md".encode(), 0),
        ("Ärende för Åmål.md".encode(), 0x800),
    ],
    ids=["windows", "macos", "marked"],
)
def test_swedish_names_are_read_as_they_were_written(archive: Path, folder: Path, written: bytes, flags: int) -> None:
    stand_in = "x" * len(written)
    zip_of(archive, [deflated(stand_in, b"Text", flags=flags)])
    archive.write_bytes(archive.read_bytes().replace(stand_in.encode(), written))
    assert names(opened(archive, folder)) == ["Ärende för Åmål.md"]


HOSTILE = {
    "../../etc/passwd.txt": "etc/passwd.txt",
    "/etc/cron.d/job.txt": "etc/cron.d/job.txt",
    "C:\\Windows\\..\\x.txt": "Windows/x.txt",
    "..\\..\\y.txt": "y.txt",
    "CON": "CON",
    "aux.txt": "aux.txt",
    "faktura\u202efdp.exe": "faktura\\u202efdp.exe",
    "noll\u200bbredd.md": "noll\\u200bbredd.md",
    "rad\nbyte\x1b[31m.md": "rad\\u000abyte\\u001b[31m.md",
    "a.pdf\x00.exe": "a.pdf\\u0000.exe",
    "//": "utan namn",
    "..": "utan namn",
}


@pytest.mark.parametrize(("name", "label"), HOSTILE.items(), ids=range(len(HOSTILE)))
def test_i04_hostile_names_are_labels_and_never_paths(name: str, label: str) -> None:
    assert shown(name) == label


def test_i04_hostile_names_are_stored_under_generated_ids(archive: Path, folder: Path) -> None:
    listed = ["../../utanför.md", "/srv/absolut.md", "CON", "lång" * 75 + ".md", "bak\u202eåt.md"]
    zip_of(archive, [deflated(name, name.encode(), flags=0x800) for name in listed])
    entries = opened(archive, folder)
    assert [entry.stored for entry in entries] == ["00000.md", "00001.md", "00002", "00003.md", "00004.md"]
    assert names(entries)[:3] == ["utanför.md", "srv/absolut.md", "CON"]
    assert (len(entries[3].name), entries[3].name[-7:]) == (NAME_LENGTH, "lång.md")
    assert sorted(path.name for path in folder.iterdir()) == sorted(entry.stored for entry in entries)
    assert sorted(path.name for path in folder.parent.iterdir()) == ["arkiv.zip", "uppackat"]


def test_names_that_become_alike_are_told_apart(archive: Path, folder: Path) -> None:
    zip_of(archive, [deflated(name, b"Text") for name in ("a.md", "../a.md", "x/../a.md")])
    assert names(opened(archive, folder)) == ["a.md", "a (2).md", "x/a.md"]


def test_i01_a_bomb_is_refused_and_its_neighbours_come_out(archive: Path, folder: Path) -> None:
    zip_of(archive, [deflated("a.md", b"Text"), deflated("bomb.txt", bytes(80 * MEGABYTE)), deflated("b.md", b"Text")])
    entries = opened(archive, folder)
    assert [entry.reason for entry in entries] == [None, Reason.TOO_LARGE, None]
    assert sum(path.stat().st_size for path in folder.iterdir()) == 8


def test_i01_a_file_that_lies_about_its_size_is_refused(archive: Path, folder: Path) -> None:
    content = b"Text " * 1000
    short, long, other = (deflated("a.txt", content, size=10), deflated("b.txt", content, size=90_000), b"annat")
    wrong = deflated("c.txt", other, crc=1)
    entries = opened(zip_of(archive, [short, long, wrong, deflated("d.txt", content)]), folder)
    assert [entry.reason for entry in entries] == [Reason.UNSAFE, Reason.UNSAFE, Reason.UNREADABLE, None]
    assert [path.name for path in folder.iterdir()] == ["00003.txt"]


def test_i01_what_is_larger_than_a_document_may_be_is_refused(archive: Path, folder: Path) -> None:
    zip_of(archive, [deflated("a.txt", bytes(range(250)) * 10), deflated("b.txt", b"Text")])
    entries = opened(archive, folder, max_bytes=1000)
    assert [entry.reason for entry in entries] == [Reason.TOO_LARGE, None]


def test_i01_really_inflated_bytes_are_counted_over_the_whole_archive(archive: Path, folder: Path) -> None:
    content = bytes(range(250)) * 4
    zip_of(archive, [deflated(f"{number}.txt", content, size=1000) for number in range(5)])
    entries = opened(archive, folder, Room(total=2500))
    assert [entry.reason for entry in entries] == [None, None, *[Reason.TOO_LARGE] * 3]


def test_i01_a_small_archive_may_not_become_a_large_one() -> None:
    assert [room_for(size).total for size in (1, 500_000, MAX_ARCHIVE)] == [20_000_000, 50_000_000, 300_000_000]


def test_i01_ten_thousand_files_are_refused_before_one_is_unpacked(archive: Path, folder: Path) -> None:
    zip_of(archive, [Packed(f"{number}.txt", b"", 0, 0, method=0) for number in range(10_000)])
    assert refusal(archive, folder) is Reason.TOO_LARGE
    zip_of(archive, [deflated(f"{number}.txt", b"Text") for number in range(4)])
    assert refusal(archive, folder, Room(files=3)) is Reason.TOO_LARGE
    assert list(folder.iterdir()) == []


def test_i01_overlapping_files_are_refused(archive: Path, folder: Path) -> None:
    kernel = deflated("a.txt", bytes(1 * MEGABYTE))
    zip_of(archive, [kernel, *(Packed(f"{n}.txt", b"", MEGABYTE, 0, local="a.txt", at=0) for n in range(3))])
    assert refusal(archive, folder) is Reason.UNSAFE


def test_i06_an_archive_with_a_password_says_so(archive: Path, folder: Path) -> None:
    zip_of(archive, [deflated("a.txt", b"hemligt" * 9, flags=1)])
    assert refusal(archive, folder) is Reason.ENCRYPTED


def test_what_is_no_whole_archive_is_refused(archive: Path, folder: Path) -> None:
    zip_of(archive, [deflated("a.txt", b"Text" * 500)])
    whole = archive.read_bytes()
    archive.write_bytes(whole[: len(whole) // 2])
    assert refusal(archive, folder) is Reason.UNREADABLE
    zip_of(archive, [])
    assert refusal(archive, folder) is Reason.EMPTY
    zip_of(archive, [deflated("mapp/.gömd", b"Text", flags=0x800)])
    assert refusal(archive, folder) is Reason.EMPTY
    zip_of(archive, [deflated("a.txt", b"Text")], before=struct.pack("<4s", b"PK\x03\x04"))
    assert refusal(archive, folder) is Reason.UNSAFE


def test_xml_with_a_document_type_is_left_to_its_loader(archive: Path, folder: Path) -> None:
    zip_of(archive, [deflated("lag.xml", b"<!DOCTYPE akt SYSTEM 'akt.dtd'><akt/>")])
    assert [entry.reason for entry in opened(archive, folder)] == [None]


def test_i17_mutated_archives_are_unpacked_or_refused_and_nothing_else(archive: Path, folder: Path) -> None:
    files = {f"mapp {number}/å{number}.txt": f"Text {number} om planen. " * number for number in range(1, 8)}
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, text in files.items():
            packed.writestr(name, text)
    whole, chance = archive.read_bytes(), random.Random(17)
    counts = {"whole": 0, "parts": 0, "refused": 0}
    for number in range(300):
        if number % 3:
            place = chance.randrange(len(whole))
            archive.write_bytes(whole[:place] + bytes([chance.randrange(256)]) + whole[place + 1 :])
        else:
            archive.write_bytes(mutated(whole, chance))
        try:
            entries = opened(archive, folder) if is_archive(archive) else ()
        except DocumentRejected:
            counts["refused"] += 1
        else:
            counts["parts" if any(entry.reason for entry in entries) else "whole"] += 1
            stored = {entry.stored for entry in entries if entry.stored}
            assert {path.name for path in folder.iterdir()} == stored
        for path in folder.iterdir():
            path.unlink()
    assert min(counts.values()) > 10, counts
