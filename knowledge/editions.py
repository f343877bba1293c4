"""One hit a thing: copies of a text fall together, and of two editions of a document the newer one speaks."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from knowledge.model import Document, Hit, Passage
from knowledge.question import Question, years
from knowledge.swedish.tokens import fold

COPY = 0.9
"""From this share of common words on (Jaccard), two passages are the same text."""
REVISED = 0.5
"""The same for two editions of one document, where wording and figures may have changed."""
FIRST = 5
"""How many results all say something else."""
_YEAR = re.compile(r"(?<!\d)(?:19|20)\d{2}(?!\d)")
_MARKS = re.compile(
    # Underscores part the words of a file name, where `\b` sees none.
    r"(?<!\d)(?:19|20)\d{2}(?:[-_.]?(?:0[1-9]|1[0-2])(?:[-_.]?[0-3]\d)?)?(?!\d)|"
    r"(?<![^\W_])(?:v(?:ersion)?[ ._-]?\d+(?:\.\d+)*|(?:rev(?:ision|iderad|iderat)?|utgåva|upplaga)(?:[ ._-]{0,2}\d+)?|"
    r"slutlig|utkast|ny|gammal|final)(?![^\W_])"
)
"""What tells editions apart in a title: dates, version numbers, and words such as `utkast`."""


@dataclass(frozen=True, slots=True)
class _Edition:
    """`work`: what all editions of a document are called; `date`: ISO date or year, empty where none is known.

    `document` is the document's id: the files of one document are its parts, whatever their dates. `checksum` is the
    one of the file's bytes.
    """

    document: str
    work: str
    date: str
    checksum: str


@dataclass(frozen=True, slots=True)
class _Seen:
    hit: Hit
    edition: _Edition
    words: frozenset[str]


class Editions:
    """Which documents are editions of the same work, told from their titles and dates."""

    def __init__(self, documents: Iterable[Document]) -> None:
        self._of = {(document.origin, document.path): _edition(document) for document in documents}

    def distinct(self, question: Question, hits: Iterable[Hit]) -> list[Hit]:
        """The hits, best first, without those that say again what a better one says.

        A newer edition takes its older one's place, unless the question names a year of the older one. Where it names
        years of both, both stay.
        """
        return [one.hit for one in _apart(self._current(question, hits))[0]]

    def spread(self, question: Question, hits: Iterable[Hit]) -> list[Hit]:
        """The same for a list of results, where copies of a text in other documents come later instead of not at all.

        Two documents of their own may share a paragraph, and then either may be the one that is looked for: a text
        stands twice among the first FIRST results at most, and a third time only after them. Copies of a whole document
        (the same title or the same bytes) come after them altogether.
        """
        kept, copies = _apart(self._current(question, hits))
        second = _second(kept, copies)
        first = sorted((*kept, *second), key=lambda one: (-one.hit.score, one.hit.rank))[:FIRST]
        there = {id(one) for one in first}
        rest = sorted(
            (one for one in (*kept, *copies) if id(one) not in there), key=lambda one: (-one.hit.score, one.hit.rank)
        )
        return [one.hit for one in (*first, *rest)]

    def _current(self, question: Question, hits: Iterable[Hit]) -> list[_Seen]:
        """The newest edition of each thing that is said, in the best place that one of its editions has."""
        wanted = years(question.standalone)
        seen = [_Seen(hit, self._edition(hit.passage), _words(hit.passage)) for hit in hits]
        works: dict[str, list[int]] = {}
        for number, one in enumerate(seen):
            works.setdefault(one.edition.work, []).append(number)
        newer = [_newest(number, seen, works[one.edition.work], wanted) for number, one in enumerate(seen)]
        best: dict[int, int] = {}
        for place, following in enumerate(newer):
            newest = place
            while following is not None:
                newest, following = following, newer[following]
            best.setdefault(newest, place)
        return [replace(seen[one], hit=replace(seen[one].hit, score=seen[at].hit.score)) for one, at in best.items()]

    def _edition(self, passage: Passage) -> _Edition:
        return self._of.get((passage.origin, passage.path), _Edition(passage.document, passage.path, "", passage.path))


def _edition(document: Document) -> _Edition:
    found = _YEAR.findall(f"{document.title} {document.path}")
    return _Edition(
        document=document.id,
        work=" ".join(_MARKS.sub(" ", fold(document.title)).replace("_", " ").split()).strip(" .,-–()"),
        date=str(document.as_of) if document.as_of else max(found, default=""),
        checksum=document.checksum,
    )


def _newest(number: int, seen: Sequence[_Seen], work: Iterable[int], wanted: frozenset[str]) -> int | None:
    """Which hit is the newest edition of what this one says; None for one that is itself."""
    own = seen[number]
    later = [
        other
        for other in work
        if _is_edition(seen[other].edition, own.edition)
        and _supersedes(seen[other].edition, own.edition, wanted)
        and _alike(seen[other].words, own.words) >= REVISED
    ]
    return max(later, key=lambda other: (_order(seen[other].edition, wanted), -other), default=None)


def _apart(seen: Iterable[_Seen]) -> tuple[list[_Seen], list[_Seen]]:
    """What says something of its own, and copies of it in other documents, each best first."""
    kept: list[_Seen] = []
    copies: list[_Seen] = []
    for one in seen:
        (copies if any(_is_copy(one, other) for other in kept) else kept).append(one)
    return kept, copies


def _second(kept: Sequence[_Seen], copies: Iterable[_Seen]) -> list[_Seen]:
    """Of each text the best copy that stands in a document of its own."""
    second: dict[int, _Seen] = {}
    for one in copies:
        at = next(number for number, other in enumerate(kept) if _is_copy(one, other))
        if not _is_same_document(one.edition, kept[at].edition):
            second.setdefault(at, one)
    return list(second.values())


def _is_same_document(one: _Edition, other: _Edition) -> bool:
    return one.work == other.work or one.checksum == other.checksum


def _is_copy(one: _Seen, other: _Seen) -> bool:
    if _is_edition(one.edition, other.edition):
        return False
    # Of some hundred pairs hardly any comes as far as the comparison of words.
    fewer, more = sorted((len(one.words), len(other.words)))
    if fewer < COPY * more:
        return False
    return _alike(one.words, other.words) >= COPY and _numbers(one.words) == _numbers(other.words)


def _is_edition(one: _Edition, other: _Edition) -> bool:
    return one.document != other.document and one.work == other.work and one.date != other.date


def _supersedes(new: _Edition, old: _Edition, wanted: frozenset[str]) -> bool:
    both = _asked_for(new, wanted) and _asked_for(old, wanted)
    return not both and _order(new, wanted) > _order(old, wanted)


def _order(edition: _Edition, wanted: frozenset[str]) -> tuple[bool, str]:
    return _asked_for(edition, wanted), edition.date


def _asked_for(edition: _Edition, wanted: frozenset[str]) -> bool:
    """Whether the question names the edition's year."""
    return edition.date[:4] in wanted


def _words(passage: Passage) -> frozenset[str]:
    return frozenset(passage.text.lower().split())


def _numbers(words: frozenset[str]) -> frozenset[str]:
    """Texts that differ in a figure are not the same, unless they are editions of one work."""
    return frozenset(word for word in words if any(letter.isdigit() for letter in word))


def _alike(one: frozenset[str], other: frozenset[str]) -> float:
    common = len(one & other)
    return common / max(1, len(one) + len(other) - common)
