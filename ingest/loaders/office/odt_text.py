"""A paragraph of an OpenDocument text to what a reader sees of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from xml.etree.ElementTree import Element

from ingest.loaders.flow import Look
from ingest.loaders.office.odt_styles import OFFICE, TEXT, OdtStyles
from ingest.loaders.setting import Setting

DRAW = "{urn:oasis:names:tc:opendocument:xmlns:drawing:1.0}"
INDEXES = frozenset(
    f"{TEXT}{name}"
    for name in (
        *("table-of-content", "illustration-index", "table-index", "object-index", "user-index"),
        *("alphabetical-index", "bibliography", "tracked-changes"),
    )
)
"""What repeats or keeps text that stands elsewhere or was deleted."""
_SILENT = frozenset((f"{OFFICE}annotation", f"{TEXT}placeholder", f"{TEXT}script", f"{TEXT}ruby-text", *INDEXES))
_BLANKS = frozenset((f"{TEXT}s", f"{TEXT}tab", f"{TEXT}line-break"))
_HIDING = frozenset((f"{TEXT}hidden-text", f"{TEXT}hidden-paragraph"))


@dataclass(slots=True)
class Paragraph:
    """`notes` are the bodies of footnotes and endnotes, `boxes` what is anchored here and holds paragraphs."""

    parts: list[str] = field(default_factory=list)
    pages: set[int] = field(default_factory=set)
    notes: list[Element] = field(default_factory=list)
    boxes: list[Element] = field(default_factory=list)
    letters: Counter[tuple[float, bool]] = field(default_factory=Counter)

    @property
    def text(self) -> str:
        """The visible text."""
        return "".join(self.parts)

    @property
    def look(self) -> Look:
        """The letter height of most of it, and whether all of it is bold."""
        if not self.letters:
            return Look()
        (size, _), _ = self.letters.most_common(1)[0]
        return Look(size, all(bold for _, bold in self.letters))


class OdtReader:
    """Reads paragraphs in order, because pages run on. `hidden` counts characters; `page` is 0 where none are told."""

    def __init__(self, styles: OdtStyles, page: int) -> None:
        self.hidden = 0
        self.page = page
        self._styles = styles
        self._is_first = True

    def next_page(self) -> None:
        """Take a page break."""
        self.page += 1 if self.page else 0

    def paragraph(self, element: Element, ground: str) -> Paragraph:
        """Read a paragraph or heading that stands on a ground of some colour."""
        style = element.get(f"{TEXT}style-name", "")
        if self._styles.breaks(style) and not self._is_first:
            self.next_page()
        self._is_first = False
        setting = self._styles.setting("paragraph", style)
        result = Paragraph()
        unseen = any(mark.get(f"{TEXT}is-hidden") == "true" for mark in element.iter(f"{TEXT}hidden-paragraph"))
        self._inline(element, result, Setting(vanish=True).over(setting) if unseen else setting, ground)
        if self._styles.breaks(style, after=True):
            self.next_page()
        return result

    def _inline(self, element: Element, into: Paragraph, setting: Setting, ground: str) -> None:
        self._show(element.text, into, setting, ground)
        for child in element:
            tag = child.tag
            if tag in _BLANKS:
                self._show(" ", into, setting, ground)
            elif tag == f"{TEXT}soft-page-break":
                self.next_page()
            elif tag == f"{TEXT}note":
                body = child.find(f"{TEXT}note-body")
                into.notes += [body] if body is not None and not setting.hides(ground) else []
            elif tag.startswith(DRAW):
                into.boxes += boxes_of(child)
            elif tag in _HIDING:
                unseen = child.get(f"{TEXT}is-hidden") == "true"
                self._inline(child, into, Setting(vanish=True).over(setting) if unseen else setting, ground)
            elif tag not in _SILENT:
                name = child.get(f"{TEXT}style-name", "") if tag in (f"{TEXT}span", f"{TEXT}a") else ""
                own = self._span(name, setting) if name else setting
                self._inline(child, into, own, ground)
            self._show(child.tail, into, setting, ground)

    def _span(self, name: str, setting: Setting) -> Setting:
        """A text style on top of the paragraph's; the defaults of text styles are the paragraph's already."""
        result = setting
        for step in reversed(self._styles.chain("text", name)):
            result = self._styles.own("text", step).over(result)
        return result

    def _show(self, text: str | None, into: Paragraph, setting: Setting, ground: str) -> None:
        if not text:
            return
        if setting.hides(ground):
            self.hidden += len("".join(text.split()))
            into.parts.append(" " if text[:1].isspace() else "")
            return
        into.parts.append(text)
        if text.strip():
            into.letters[setting.size or 0.0, bool(setting.bold)] += len(text)
            if self.page:
                into.pages.add(self.page)


def boxes_of(element: Element) -> Iterator[Element]:
    """The outermost elements inside a drawing that hold paragraphs."""
    if any(child.tag in (f"{TEXT}p", f"{TEXT}h", f"{TEXT}list") for child in element):
        yield element
        return
    for child in element:
        yield from boxes_of(child)


def is_hidden_section(element: Element) -> bool:
    """Whether a section is not shown."""
    return element.get(f"{TEXT}display") == "none"


def letters_of(element: Element) -> int:
    """How many characters an element holds, for what is left out as a whole."""
    return sum(len("".join(text.split())) for text in element.itertext())
