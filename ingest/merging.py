"""What becomes of the index's files when some were read anew: pure, so that every case can be tried without a disk."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import PurePosixPath

from ingest.errors import DocumentRejected, Reason
from ingest.loaders.base import slug
from ingest.model import FileStatus, LoadedDocument, Outcome
from ingest.passages import cut, page_count
from ingest.sources import Source, owner_of_place
from ingest.web_sources.places import site_of_place
from knowledge.model import Document, Origin, Passage

Key = tuple[Origin, str]
"""What names a file in the index: origin and path."""


@dataclass(frozen=True, slots=True)
class File:
    """A document of the generation with its passages.

    `stored` says where they stand among the published generation's; None for a file that was read anew.
    """

    document: Document
    passages: Sequence[Passage]
    stored: Sequence[int] | None = None


@dataclass(frozen=True, slots=True)
class Reading:
    """What reading one file gave: `loaded` None and no reason means that it is unchanged."""

    source: Source
    checksum: str = ""
    loaded: LoadedDocument | None = None
    rejection: DocumentRejected | None = None
    seconds: float = 0.0


def files_of(stored: Iterable[tuple[Document, Sequence[Passage], Sequence[int]]]) -> dict[Key, File]:
    """The contents of a generation, file by file: each document with its passages, and where these stand."""
    return {(document.origin, document.path): File(document, passages, places) for document, passages, places in stored}


def merged(
    before: Mapping[Key, File], reads: Sequence[Reading], origin: Origin, prune: bool, owner: str = ""
) -> tuple[dict[Key, File], tuple[Outcome, ...]]:
    """The new state of the index, and what happened to each file.

    What was read anew belongs to `owner`, or without one to whom the file says. Pruning leaves others' files alone, and
    of the web all sites but those that were read: a site's pages are not in a folder, nor the folder's files on it.
    """
    after = dict(before)
    names = Counter(file.document.id for file in before.values())
    outcomes: list[Outcome] = []
    for read in reads:
        key = (origin, read.source.relative)
        if read.rejection is not None:
            outcomes.append(_rejected(read))
            continue
        if read.loaded is None:
            unchanged = outcome_of(before[key], FileStatus.UNCHANGED, read.seconds)
            outcomes.append(_known(unchanged, before[key].document, read))
            continue
        if key in before:
            names[before[key].document.id] -= 1
        loaded = replace(read.loaded, id=_settled(read.loaded.id, read.source.relative, names))
        names[loaded.id] += 1
        after[key] = _file(loaded, read, origin, owner, before.get(key))
        status = FileStatus.UPDATED if key in before else FileStatus.ADDED
        outcomes.append(_read_anew(outcome_of(after[key], status, read.seconds), loaded, read))
    if prune:
        given = {(origin, read.source.relative) for read in reads}
        sites = {site_of_place(read.source.relative) for read in reads} or {""}
        unopened = tuple(f"{read.source.relative}/" for read in reads if read.rejection is not None)
        for key in sorted(key for key in before if key[0] is origin and key not in given):
            # A rejected archive keeps what came from it, as any rejected file keeps its earlier version.
            theirs = owner_of_place(key[1]) == owner and site_of_place(key[1]) in sites
            if theirs and not key[1].startswith(unopened):
                outcomes.append(outcome_of(after.pop(key), FileStatus.REMOVED))
    return after, tuple(outcomes)


def _settled(identity: str, relative: str, names: Mapping[str, int]) -> str:
    """An id made from a path must not fall together with another document's; one chosen by an author may."""
    if identity != slug(relative) or not names.get(identity):
        return identity
    suffix = PurePosixPath(relative).suffix.lower().lstrip(".") or "fil"
    candidate, number = f"{identity}-{suffix}", 2
    while names.get(candidate):
        candidate, number = f"{identity}-{suffix}-{number}", number + 1
    return candidate


def _file(loaded: LoadedDocument, read: Reading, origin: Origin, owner: str, earlier: File | None) -> File:
    """What a file does not say of its validity and its owner stays as it was set for its earlier version."""
    known = earlier.document if earlier is not None else None
    path = read.source.relative
    document = Document(
        id=loaded.id,
        path=path,
        title=loaded.title,
        kind=loaded.kind,
        origin=origin,
        checksum=read.checksum,
        source=loaded.source,
        as_of=loaded.as_of,
        url=loaded.url,
        aliases=loaded.aliases,
        notes=loaded.notes,
        owner=owner or loaded.owner or (known.owner if known else ""),
        valid_from=loaded.valid_from or (known.valid_from if known else None),
        valid_until=loaded.valid_until or (known.valid_until if known else None),
        review_by=loaded.review_by or (known.review_by if known else None),
        responsible=loaded.responsible or (known.responsible if known else None),
        hidden=loaded.hidden,
        unread=loaded.unread,
        recognised=loaded.recognised,
        flagged=loaded.flagged,
    )
    return File(document, cut(loaded, path=path, origin=origin))


def outcome_of(file: File, status: FileStatus, seconds: float = 0.0) -> Outcome:
    """The row of the table for a file that is, or was, in the index."""
    return Outcome(
        path=file.document.path,
        status=status,
        passages=len(file.passages),
        pages=page_count(file.passages),
        seconds=seconds,
    )


def _read_anew(outcome: Outcome, loaded: LoadedDocument, read: Reading) -> Outcome:
    """The row with what only the reading itself can tell."""
    return replace(
        outcome,
        pages=loaded.pages or outcome.pages,
        hidden=loaded.hidden,
        unread=loaded.unread,
        recognised=loaded.recognised,
        flagged=loaded.flagged,
        inside=read.source.inside,
        remark=loaded.remark,
    )


def _known(outcome: Outcome, document: Document, read: Reading) -> Outcome:
    """The row of a file that need not be read again, with what its reading told: flagged once is flagged still."""
    return replace(
        outcome,
        hidden=document.hidden,
        unread=document.unread,
        recognised=document.recognised,
        flagged=document.flagged,
        inside=read.source.inside,
    )


def _rejected(read: Reading) -> Outcome:
    rejection = read.rejection or DocumentRejected(Reason.UNREADABLE)
    return Outcome(
        path=read.source.relative,
        status=FileStatus.REJECTED,
        reason=f"ingest.rejected.{rejection.reason}",
        detail=rejection.detail,
        seconds=read.seconds,
        inside=read.source.inside,
        unread=rejection.unread,
        remark=rejection.remark,
    )
