"""What two states of the index differ in: documents, and the passages of each. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, fields, replace

from ingest.merging import File, Key
from knowledge.model import Document, Origin, Passage

SAMPLES = 20
"""Passages of one document that a stored difference shows."""
LONGEST = 600
"""Characters of a passage that a stored difference shows."""

_NO_FACTS = frozenset({"id", "path", "origin", "checksum", "hidden", "unread", "recognised", "flagged"})
"""What names a file, says nothing to a reader, or is told of the file itself."""


@dataclass(frozen=True, slots=True)
class PassageChange:
    """A passage before and after; `before` is empty for a new one, `after` for one that is gone.

    `section` and `pages` are where it stands now, or stood; `section_before` is set where that was elsewhere.
    """

    section: str
    pages: tuple[int, ...]
    before: str
    after: str
    section_before: str = ""


@dataclass(frozen=True, slots=True)
class FactChange:
    """A fact about a document, such as `valid_until` or `owner`, before and after; empty where there is none."""

    name: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class DocumentChange:
    """One file that is new, another, or gone, with how many of its passages are.

    `samples` are some or all of those passages, in the order of the file. A changed file without changed passages has
    other `facts`, or other bytes that say the same.
    """

    document: str
    path: str
    origin: Origin
    title: str
    added: int = 0
    changed: int = 0
    removed: int = 0
    facts: tuple[FactChange, ...] = ()
    samples: tuple[PassageChange, ...] = ()
    owner: str = ""


@dataclass(frozen=True, slots=True)
class Difference:
    """Files that are new, changed and gone, each sorted by origin and path."""

    added: tuple[DocumentChange, ...] = ()
    changed: tuple[DocumentChange, ...] = ()
    removed: tuple[DocumentChange, ...] = ()

    def __bool__(self) -> bool:
        """Whether there is any."""
        return bool(self.added or self.changed or self.removed)

    @property
    def documents(self) -> tuple[DocumentChange, ...]:
        """All of them."""
        return (*self.added, *self.changed, *self.removed)

    @property
    def passages_added(self) -> int:
        """New passages, in new and in changed files."""
        return sum(each.added for each in self.documents)

    @property
    def passages_changed(self) -> int:
        """Passages that say something else, or stand elsewhere, in changed files."""
        return sum(each.changed for each in self.documents)

    @property
    def passages_removed(self) -> int:
        """Passages that are gone, from changed files and with removed ones."""
        return sum(each.removed for each in self.documents)

    def sampled(self, most: int = SAMPLES, longest: int = LONGEST) -> Difference:
        """The same with at most so many passages a document, and characters a passage: for storing and showing."""
        return Difference(
            *(
                tuple(_sampled(each, most, longest) for each in part)
                for part in (self.added, self.changed, self.removed)
            )
        )


def between(before: Mapping[Key, File], after: Mapping[Key, File]) -> Difference:
    """What turns one state into the other, with every passage that changed.

    Files that both states share as one object are not looked into, so that a small change is found quickly. Passages
    are compared by heading path and text: other page numbers, or another order, are no change. Reads passages from
    disk.
    """
    return Difference(
        added=tuple(_all_new(after[key]) for key in sorted(after.keys() - before.keys())),
        changed=tuple(
            change
            for key in sorted(before.keys() & after.keys())
            if before[key] is not after[key] and (change := _changed(before[key], after[key])) is not None
        ),
        removed=tuple(_all_gone(before[key]) for key in sorted(before.keys() - after.keys())),
    )


def _all_new(file: File) -> DocumentChange:
    samples = tuple(_added(passage) for passage in file.passages)
    return replace(_named(file.document), added=len(samples), samples=samples)


def _all_gone(file: File) -> DocumentChange:
    samples = tuple(_removed(passage) for passage in file.passages)
    return replace(_named(file.document), removed=len(samples), samples=samples)


def _changed(before: File, after: File) -> DocumentChange | None:
    """None where nothing differs."""
    samples = _aligned(before.passages, after.passages)
    if not samples and before.document == after.document:
        return None
    return replace(
        _named(after.document),
        added=sum(not each.before for each in samples),
        changed=sum(bool(each.before and each.after) for each in samples),
        removed=sum(not each.after for each in samples),
        facts=tuple(_facts(before.document, after.document)),
        samples=samples,
    )


def _named(document: Document) -> DocumentChange:
    return DocumentChange(
        document=document.id,
        path=document.path,
        origin=document.origin,
        title=document.title,
        owner=getattr(document, "owner", ""),
    )


def _facts(before: Document, after: Document) -> Iterable[FactChange]:
    for field in fields(Document):
        was, now = getattr(before, field.name), getattr(after, field.name)
        if was != now and field.name not in _NO_FACTS:
            yield FactChange(field.name, _shown(was), _shown(now))


def _shown(value: object) -> str:
    if isinstance(value, tuple):
        return "; ".join(map(str, value))
    return "" if value is None else str(value)


def _aligned(before: Sequence[Passage], after: Sequence[Passage]) -> tuple[PassageChange, ...]:
    """Each passage that changed, with its counterpart: the same text elsewhere, else the next in the same section."""
    old, new = _without_common(before, after)
    changes: dict[int, PassageChange] = {}
    for key in (_text, _section):
        there = _grouped(new, key)
        for name, places in _grouped(old, key).items():
            for was, now in zip(places, there.get(name, ()), strict=False):
                changes[now] = _replaced(old.pop(was), new.pop(now))
    changes |= {place: _added(passage) for place, passage in new.items()}
    return (*(changes[place] for place in sorted(changes)), *map(_removed, old.values()))


def _without_common(
    before: Sequence[Passage], after: Sequence[Passage]
) -> tuple[dict[int, Passage], dict[int, Passage]]:
    """The passages that only one side has, by their places; what stands twice has to stand twice on both."""
    old, new = dict(enumerate(before)), dict(enumerate(after))
    there = _grouped(new, _content)
    for content, places in _grouped(old, _content).items():
        for was, now in zip(places, there.get(content, ()), strict=False):
            del old[was], new[now]
    return old, new


def _grouped(passages: Mapping[int, Passage], key: Callable[[Passage], object]) -> dict[object, list[int]]:
    groups: defaultdict[object, list[int]] = defaultdict(list)
    for place, passage in passages.items():
        groups[key(passage)].append(place)
    return groups


def _content(passage: Passage) -> tuple[tuple[str, ...], str]:
    return passage.headings, passage.text


def _text(passage: Passage) -> str:
    return passage.text


def _section(passage: Passage) -> tuple[str, ...]:
    return passage.headings


def _added(passage: Passage) -> PassageChange:
    return PassageChange(passage.section, passage.pages, "", passage.text)


def _removed(passage: Passage) -> PassageChange:
    return PassageChange(passage.section, passage.pages, passage.text, "")


def _replaced(before: Passage, after: Passage) -> PassageChange:
    was = before.section if before.headings != after.headings else ""
    return PassageChange(after.section, after.pages, before.text, after.text, was)


def _sampled(change: DocumentChange, most: int, longest: int) -> DocumentChange:
    return replace(change, samples=tuple(_shortened(each, longest) for each in change.samples[:most]))


def _shortened(change: PassageChange, longest: int) -> PassageChange:
    return replace(change, before=_cut(change.before, longest), after=_cut(change.after, longest))


def _cut(text: str, longest: int) -> str:
    return text if len(text) <= longest else f"{text[:longest].rstrip()} …"
