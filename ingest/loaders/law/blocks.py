"""The provisions of an act to blocks, so that each can be cited by its own number: `artikel 26.2`, `skäl 12`.

The readers of the different formats tell what they come upon, in the order of the act; here it becomes headings and
text. A provision's shortest reference is always the nearest heading, as that is what a citation shows.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from ingest.cleaning.bullets import split_lead_in
from ingest.model import Block, BlockKind

RECITAL_WEIGHT = 0.6
"""What a recital counts for beside an article that says the same: it explains, and binds nobody."""
LONG = 55
"""Characters from which a provision's heading is followed by its bare reference: citations have room for 80."""

_PART, _TITLE, _CHAPTER, _SECTION, _ARTICLE, _PARAGRAPH = range(1, 7)
_DIVISIONS = (
    (re.compile(r"(?:del|part)\b", re.IGNORECASE), _PART),
    (re.compile(r"(?:avdelning|title)\b", re.IGNORECASE), _TITLE),
    (re.compile(r"(?:kapitel|chapter)\b", re.IGNORECASE), _CHAPTER),
)
_LABEL = re.compile(r"\(?([0-9]{1,3}[a-zåäö]{0,2}|[a-zåäö]{1,4}|[ivxlcdm]{1,6})(?:[).]|\.\))?", re.IGNORECASE)
_TERM = re.compile(r"[”\"“„'‘«‧]?([^”\"“’'»‧:;]{2,80})[”\"“’'»‧]?\s*(?::|means\b|avses\b)")


@dataclass(frozen=True, slots=True)
class Item:
    """A point of a list: `label` as printed (empty for a dash), its text, and the points and texts inside it."""

    label: str
    text: str
    inner: tuple[Item, ...] = ()


class LawBlocks:
    """Takes an act's parts in order; `blocks` is what came of them. `swedish` decides how provisions are cited."""

    def __init__(self, *, swedish: bool) -> None:
        self._swedish = swedish
        self._blocks: list[Block] = []
        self._waiting: list[Block] = []
        self._weight = 1.0
        self._article = ""
        self._paragraph = ""
        self._annex = ""
        self._defines = False
        self._lead = ""
        self._items: list[Item] = []

    @property
    def blocks(self) -> tuple[Block, ...]:
        """Headings without text below them are left out where something else followed."""
        self._settle()
        return tuple(self._blocks)

    @property
    def article_number(self) -> str:
        """Of the article that is being told; empty outside of articles."""
        return self._article

    def division(self, label: str, title: str = "") -> None:
        """A part, chapter or section begins."""
        self._begin()
        level = next((level for pattern, level in _DIVISIONS if pattern.match(label)), _SECTION)
        self._head(level, _joined(_named(label), title))

    def article(self, label: str, title: str = "") -> None:
        """An article begins; `label` as printed, such as `Artikel 26`."""
        self._begin()
        match = re.search(r"\d+\s?[a-z]{0,3}\b", label, re.IGNORECASE)
        self._article = match.group().replace(" ", "") if match else ""
        self._defines = title.lower().startswith("definition")
        whole = _joined(_named(label), title)
        self._head(_ARTICLE, whole)
        if len(whole) > LONG and self._article:
            self._head(_PARAGRAPH, self._reference(self._article))

    def add_title(self, title: str) -> None:
        """The title of the division, article or annex that has just begun, where it comes after its label."""
        title = " ".join(title.split())
        last = next((block for block in reversed(self._waiting) if block.level != _PARAGRAPH), None)
        if last is None or not title:
            self.subheading(title)
        elif last.level == _ARTICLE:
            self.article(last.text, title)
        elif self._annex and last.level == _PART:
            self.annex(last.text, title)
        else:
            self._waiting[self._waiting.index(last)] = replace(last, text=_joined(last.text, title))

    def paragraph(self, number: str) -> None:
        """A numbered paragraph of the article begins."""
        self._settle()
        self._paragraph = number
        self._head(_PARAGRAPH, self._reference(self._article, number))

    def recital(self, number: str) -> None:
        """A recital begins."""
        self._begin()
        self._weight = RECITAL_WEIGHT
        # The lowest level, so that no chapter or article that follows stands below a recital.
        self._head(_PARAGRAPH, f"{'skäl' if self._swedish else 'recital'} {number}")

    def annex(self, label: str, title: str = "") -> None:
        """An annex begins; `label` as printed, such as `BILAGA III`."""
        self._begin()
        self._annex = _named(label)
        whole = _joined(self._annex, title)
        self._head(_PART, whole)
        if len(whole) > LONG:
            self._head(_PARAGRAPH, _lower(self._annex))

    def subheading(self, text: str) -> None:
        """A heading of its own inside an annex or an article."""
        self._settle()
        if text.strip():
            self._head(_SECTION if self._annex else _PARAGRAPH, " ".join(text.split()))

    def text(self, text: str) -> None:
        """Running text; it may lead a list in."""
        text = " ".join(text.split())
        if any(letter.isalnum() for letter in text):
            self._settle()
            self._lead = text

    def items(self, items: Sequence[Item]) -> None:
        """Points: definitions and an annex's numbered points are provisions of their own, others make one list."""
        for item in items:
            number = _number(item.label)
            if number.isdigit() and self._annex:
                self._point(item, f"{_lower(self._annex)} {'punkt' if self._swedish else 'point'} {number}")
            elif number and self._defines and number[0].isdigit():
                self._definition(item, self._reference(self._article, self._paragraph, number))
            else:
                self._items.append(item)

    def table(self, rows: str) -> None:
        """A table as pipe rows."""
        self._settle()
        if rows:
            self._put(BlockKind.TABLE, rows)

    def _definition(self, item: Item, reference: str) -> None:
        self._settle()
        term = _TERM.match(item.text)
        self._head(_PARAGRAPH, _joined(reference, term.group(1).strip() if term else ""))
        self._put(BlockKind.DEFINITION, "\n".join((item.text, *_rows(item.inner, 0))))

    def _point(self, item: Item, reference: str) -> None:
        self._settle()
        self._head(_PARAGRAPH, reference)
        if item.inner:
            self._put(BlockKind.LIST, "\n".join(filter(None, (item.text, *_rows(item.inner, 0)))))
        else:
            self._put(BlockKind.PARAGRAPH, item.text)

    def _reference(self, article: str, *numbers: str) -> str:
        if self._swedish:
            return "artikel " + ".".join(filter(None, (article, *numbers)))
        return f"Article {article}" + "".join(f"({number})" for number in numbers if number)

    def _begin(self) -> None:
        """Something else begins: what was said of the last part no longer holds."""
        self._settle()
        self._weight, self._defines = 1.0, False
        self._article = self._paragraph = self._annex = ""

    def _head(self, level: int, text: str) -> None:
        self._waiting = [block for block in self._waiting if block.level < level]
        self._waiting.append(Block(BlockKind.HEADING, text, level=level, weight=self._weight))

    def _settle(self) -> None:
        """What has been said is complete: the text, and the points under its last sentence."""
        rest, items = self._lead, self._items
        self._lead, self._items = "", []
        rest, lead = split_lead_in(rest) if items else (rest, "")
        self._put(BlockKind.PARAGRAPH, rest)
        self._put(BlockKind.LIST, "\n".join(filter(None, (lead, *_rows(items, 0)))))

    def _put(self, kind: BlockKind, text: str) -> None:
        if any(letter.isalnum() for letter in text):
            self._blocks += self._waiting
            self._waiting = []
            self._blocks.append(Block(kind, text, weight=self._weight))


def _rows(items: Sequence[Item], depth: int) -> list[str]:
    rows: list[str] = []
    for item in items:
        number = _number(item.label)
        rows.append(f"{'  ' * depth}- {f'{number}) ' if number else ''}{item.text}")
        rows += _rows(item.inner, depth + 1)
    return rows


def is_label(text: str) -> bool:
    """Whether a text is nothing but the mark of a point: `a)`, `(12)`, `iv)`, `1.` or a dash."""
    text = text.strip()
    return text in ("—", "–", "-", "•", "·") or (
        len(text) > 1 and _LABEL.fullmatch(text) is not None and not text.isalnum()
    )


def _number(label: str) -> str:
    match = _LABEL.fullmatch(label.strip())
    return match.group(1) if match else ""


def _joined(label: str, title: str) -> str:
    return " ".join(f"{label} {title}".split())


def _named(label: str) -> str:
    """`KAPITEL III` as `Kapitel III`: the first word is set in ordinary letters, the number stays."""
    first, _, rest = " ".join(label.split()).partition(" ")
    return _joined(first.capitalize() if first.isupper() and len(first) > 2 else first, rest)


def _lower(label: str) -> str:
    return label[:1].lower() + label[1:] if label.startswith("Bilaga") else label
