"""A Word paragraph to what a reader sees of it: tracked changes settled, hidden text counted, fields shown."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from xml.etree.ElementTree import Element

from ingest.loaders.flow import Look
from ingest.loaders.office.docx_fields import Fields, is_listing
from ingest.loaders.office.docx_styles import Styles, fill_of, setting_of
from ingest.loaders.office.xml_parts import MC, M, R, W, chosen, is_on
from ingest.loaders.setting import Setting

_THROUGH = frozenset(f"{W}{name}" for name in ("hyperlink", "ins", "moveTo", "smartTag", "customXml", "bdo", "dir"))
_DELETED = frozenset(f"{W}{name}" for name in ("del", "moveFrom"))
_SIGNS = {f"{W}tab": " ", f"{W}ptab": " ", f"{W}cr": " ", f"{W}noBreakHyphen": "-", f"{W}softHyphen": ""}
_NOTES = {f"{W}footnoteReference": "footnotes", f"{W}endnoteReference": "endnotes"}
_DRAWN = frozenset((f"{W}drawing", f"{W}pict", f"{W}object"))
_BOX = f"{W}txbxContent"
_DIAGRAM = "{http://schemas.openxmlformats.org/drawingml/2006/diagram}relIds"


@dataclass(slots=True)
class Paragraph:
    """`pages` are those that its text stands on, `notes` kinds and ids in order, `boxes` text boxes anchored in it,
    `diagrams` references to the parts that the texts of SmartArt drawings lie in.

    `runs_on`: its end was deleted with change tracking, so that the next paragraph belongs to it.
    """

    style: str
    setting: Setting
    parts: list[str] = field(default_factory=list)
    pages: set[int] = field(default_factory=set)
    notes: list[tuple[str, str]] = field(default_factory=list)
    boxes: list[Element] = field(default_factory=list)
    diagrams: list[str] = field(default_factory=list)
    letters: Counter[tuple[float, bool]] = field(default_factory=Counter)
    runs_on: bool = False

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


class TextReader:
    """Reads paragraphs in order, because pages and fields run on from one to the next. `hidden` counts characters."""

    def __init__(self, styles: Styles, *, rendered: bool, page: int) -> None:
        """`rendered`: pages are counted by the marks that Word left when it last showed the file. `page`: 0 = none."""
        self.hidden = 0
        self.page = page
        self._styles = styles
        self._rendered = rendered
        self._fields = Fields()

    def next_page(self) -> None:
        """Take a page break that is set, not rendered."""
        if self.page and not self._rendered:
            self.page += 1

    def paragraph(self, element: Element, ground: str) -> Paragraph:
        """Read a paragraph that stands on a ground of some colour (`marked`: one that cannot be told)."""
        properties = element.find(f"{W}pPr")
        style = _value(properties, "pStyle")
        if properties is not None and is_on(properties.find(f"{W}pageBreakBefore"), f"{W}val"):
            self.next_page()
        setting = setting_of(properties, None).over(self._styles.paragraph(style))
        result = Paragraph(style, setting)
        fill = fill_of(properties)
        self._inline(element, result, setting, fill if fill not in (None, "auto") else ground)
        if properties is not None:
            result.runs_on = properties.find(f"{W}rPr/{W}del") is not None
            section = properties.find(f"{W}sectPr")
            if section is not None and _value(section, "type") not in ("continuous", "nextColumn"):
                self.next_page()
        return result

    def _inline(self, elements: Iterable[Element], into: Paragraph, setting: Setting, ground: str) -> None:
        for element in elements:
            tag = element.tag
            if tag == f"{W}r":
                self._run(element, into, setting, ground)
            elif tag in _THROUGH:
                self._inline(element, into, setting, ground)
            elif tag == f"{W}fldSimple":
                if not is_listing(element.get(f"{W}instr", "")):
                    self._inline(element, into, setting, ground)
            elif tag == f"{W}sdt":
                if element.find(f"{W}sdtPr/{W}showingPlcHdr") is None:
                    self._inline(element.findall(f"{W}sdtContent/*"), into, setting, ground)
            elif tag in _DELETED:
                for mark in element.iter(f"{W}fldChar"):
                    self._fields.mark(mark.get(f"{W}fldCharType", ""))
            elif tag in (f"{M}oMath", f"{M}oMathPara"):
                self._show("".join(part.text or "" for part in element.iter(f"{M}t")), into, setting, ground)
            elif tag == f"{MC}AlternateContent":
                self._inline(chosen(element), into, setting, ground)

    def _run(self, run: Element, into: Paragraph, setting: Setting, ground: str) -> None:
        properties = run.find(f"{W}rPr")
        if properties is not None:
            style = self._styles.character(_value(properties, "rStyle"))
            setting = setting_of(None, properties).over(style).over(setting)
        self._contents(run, into, setting, ground)

    def _contents(self, elements: Iterable[Element], into: Paragraph, setting: Setting, ground: str) -> None:
        for element in elements:
            tag = element.tag
            if tag == f"{W}t":
                self._show(element.text or "", into, setting, ground)
            elif tag in _SIGNS:
                self._show(_SIGNS[tag], into, setting, ground)
            elif tag == f"{W}br":
                self._show(" ", into, setting, ground)
                if element.get(f"{W}type") == "page":
                    self.next_page()
            elif tag == f"{W}lastRenderedPageBreak":
                self.page += 1 if self.page and self._rendered else 0
            elif tag == f"{W}fldChar":
                self._fields.mark(element.get(f"{W}fldCharType", ""))
            elif tag == f"{W}instrText":
                self._fields.instruct(element.text or "")
            elif tag in _NOTES:
                if not self._fields.silent and not setting.hides(ground):
                    into.notes.append((_NOTES[tag], element.get(f"{W}id", "")))
            elif tag in _DRAWN:
                into.boxes += _boxes(element)
                into.diagrams += [found.get(f"{R}dm", "") for found in element.iter(_DIAGRAM)]
            elif tag == f"{MC}AlternateContent":
                self._contents(chosen(element), into, setting, ground)
            elif tag == f"{W}ruby":
                self._inline(element.findall(f"{W}rubyBase/*"), into, setting, ground)

    def _show(self, text: str, into: Paragraph, setting: Setting, ground: str) -> None:
        if self._fields.silent:
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


def _boxes(element: Element) -> list[Element]:
    """The text boxes of a drawing, each once; boxes inside boxes are found when those are read."""
    found: list[Element] = []
    for child in chosen(element) if element.tag == f"{MC}AlternateContent" else element:
        found += [child] if child.tag == _BOX else _boxes(child)
    return found


def _value(properties: Element | None, name: str) -> str:
    element = properties.find(f"{W}{name}") if properties is not None else None
    return element.get(f"{W}val", "") if element is not None else ""
