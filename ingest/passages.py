"""Blocks to passages: pieces that follow the headings, carry their path and pages, and can be quoted on their own."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from ingest.model import PASSAGE_KIND, Block, BlockKind, LoadedDocument
from knowledge.model import Asked, Origin, Passage
from knowledge.swedish.tokens import sentences

TARGET = 110
"""Words at which a text passage is full: shorter neighbours under the same heading are added up to it."""
SOFT_MAX = 160
"""Words that added neighbours may not exceed."""
HARD_MAX = 220
"""Words that no passage exceeds, single sentences aside."""


_NEIGHBOURS = frozenset(
    {
        (BlockKind.PARAGRAPH, BlockKind.PARAGRAPH),
        (BlockKind.PARAGRAPH, BlockKind.LIST),
        (BlockKind.PARAGRAPH, BlockKind.TABLE),
        (BlockKind.LIST, BlockKind.PARAGRAPH),
        (BlockKind.TABLE, BlockKind.PARAGRAPH),
    }
)
"""Which blocks may become one passage with the block after them."""


@dataclass(frozen=True, slots=True)
class _Piece:
    """A passage in the making."""

    kind: BlockKind
    text: str
    headings: tuple[str, ...]
    pages: tuple[int, ...]
    block: Block


def cut(document: LoadedDocument, *, path: str, origin: Origin) -> tuple[Passage, ...]:
    """The passages of a document, in reading order.

    Headings are never crossed; a heading without text gives none; no sentence is cut; lists and tables stay whole up
    to HARD_MAX words and are then divided between items or rows, with the lead-in or header repeated. Ids are made of
    the content, so an unchanged passage keeps its id when its neighbours change.
    """
    used: set[str] = set()
    passages: list[Passage] = []
    for piece in _joined(_pieces(document)):
        draft = Passage(
            id="",
            document=document.id,
            path=path,
            origin=origin,
            title=document.title,
            headings=piece.headings,
            pages=piece.pages,
            kind=PASSAGE_KIND[piece.kind],
            text=piece.text,
            notes=piece.block.notes,
            figure=piece.block.figure,
            questions=piece.block.questions,
            change=piece.block.change,
            weight=piece.block.weight,
        )
        passages.append(replace(draft, id=_identity(draft, used)))
    return tuple(passages)


def _identity(passage: Passage, used: set[str]) -> str:
    digest = hashlib.sha256(f"{passage.path}\n{passage.context}".encode()).hexdigest()[:12]
    identity = f"{passage.document}#{digest}"
    number = 2
    while identity in used:
        identity = f"{passage.document}#{digest}-{number}"
        number += 1
    used.add(identity)
    return identity


def _pieces(document: LoadedDocument) -> Iterator[_Piece]:
    """Blocks with their heading path, the long ones divided."""
    trail: list[tuple[int, str]] = []
    top = (document.section,) if document.section else ()
    for block in document.blocks:
        if block.kind is BlockKind.HEADING:
            trail = [(level, text) for level, text in trail if level < block.level]
            trail.append((block.level, block.text))
            continue
        headings = (*top, *(text for _, text in trail))
        for text in _divided(block):
            yield _Piece(block.kind, text, headings, block.pages, block)


def _divided(block: Block) -> list[str]:
    text = block.text.strip()
    if not text:
        return []
    if words(text) <= HARD_MAX or block.kind in (BlockKind.FIGURE, BlockKind.DEFINITION):
        return [text]
    if block.kind is BlockKind.LIST:
        return _divided_rows(text, first_rows=0 if text.startswith("- ") else 1, whole_items=True)
    if block.kind is BlockKind.TABLE:
        return _divided_rows(text, first_rows=1, whole_items=False)
    return _divided_sentences(text)


def _divided_sentences(text: str) -> list[str]:
    """Groups of whole sentences, about equally long."""
    parts = sentences(text)
    groups = -(-words(text) // SOFT_MAX)
    goal = words(text) / groups
    result: list[list[str]] = [[]]
    for part in parts:
        filled = words(" ".join(result[-1]))
        if result[-1] and (filled + words(part) > HARD_MAX or filled >= goal):
            result.append([])
        result[-1].append(part)
    return [" ".join(group) for group in result]


def _divided_rows(text: str, *, first_rows: int, whole_items: bool) -> list[str]:
    """Rows in groups, each under the lead-in or header. Nested items stay with the item above them."""
    lines = text.split("\n")
    head, rows = lines[:first_rows], lines[first_rows:]
    units: list[list[str]] = []
    for row in rows:
        if whole_items and units and row.startswith("  "):
            units[-1].append(row)
        else:
            units.append([row])
    units = [part for unit in units for part in _fitting(unit, HARD_MAX - words("\n".join(head)))]
    result: list[list[str]] = []
    for unit in units:
        if result and words("\n".join([*head, *result[-1], *unit])) <= SOFT_MAX:
            result[-1] += unit
        else:
            result.append(list(unit))
    return ["\n".join([*head, *group]) for group in result]


def _fitting(unit: list[str], room: int) -> list[list[str]]:
    """A unit that is too long on its own: first its nested rows go their own way, then its sentences do."""
    if words("\n".join(unit)) <= room:
        return [unit]
    if len(unit) > 1:
        return [part for row in unit for part in _fitting([row], room)]
    row = unit[0]
    if row.startswith("|"):
        return [[row]]
    mark = row[: len(row) - len(row.lstrip(" -"))] or "- "
    return [[mark + part] for part in _divided_sentences(row.lstrip(" -"))]


def _joined(pieces: Iterator[_Piece]) -> list[_Piece]:
    """What stands together under one heading becomes one passage, as long as it is short enough to be one subject."""
    result: list[_Piece] = []
    for piece in pieces:
        last = result[-1] if result else None
        if last is not None and _belong_together(last, piece):
            kind = piece.kind if last.kind is BlockKind.PARAGRAPH else last.kind
            pages = tuple(sorted({*last.pages, *piece.pages}))
            block = replace(last.block, questions=_together(*last.block.questions, *piece.block.questions))
            result[-1] = replace(last, kind=kind, text=f"{last.text}\n{piece.text}", pages=pages, block=block)
        else:
            result.append(piece)
    return result


def _together(*questions: Asked) -> tuple[Asked, ...]:
    """Each question once, with all that answers it."""
    answers: dict[str, tuple[str, ...]] = {}
    for asked in questions:
        answers[asked.text] = tuple(dict.fromkeys((*answers.get(asked.text, ()), *asked.answers)))
    return tuple(Asked(text, found) for text, found in answers.items())


def _belong_together(last: _Piece, piece: _Piece) -> bool:
    """Short paragraphs, and a list or table with the paragraphs around it."""
    if (last.kind, piece.kind) not in _NEIGHBOURS or last.headings != piece.headings:
        return False
    if last.block.notes != piece.block.notes or last.block.weight != piece.block.weight:
        return False
    filled, more = words(last.text), words(piece.text)
    is_running = last.kind is piece.kind
    return filled + more <= SOFT_MAX and (not is_running or filled < TARGET or more < TARGET // 4)


def words(text: str) -> int:
    """How many words a text has, table bars and bullets aside."""
    return sum(1 for word in text.split() if word not in ("|", "-"))


def page_count(documents: Sequence[Passage]) -> int:
    """On how many different pages the passages stand."""
    return len({page for passage in documents for page in passage.pages})
