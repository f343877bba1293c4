"""Presentations (.pptx): a heading for each slide, its number as page; notes and hidden slides are left out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from xml.etree.ElementTree import Element

from ingest.errors import DocumentRejected, Reason
from ingest.loaders.base import slug
from ingest.loaders.flow import Flow
from ingest.loaders.office.attribute_values import whole
from ingest.loaders.office.kind import main_part, require_kind
from ingest.loaders.office.package import Package, damage_rejects, open_package
from ingest.loaders.office.pptx_colors import Colors, background, boxes_behind, ground_of
from ingest.loaders.office.pptx_shapes import Backing, Box, Shape, shapes_of
from ingest.loaders.office.pptx_text import paragraphs_of, seen, table_rows
from ingest.loaders.office.properties import office_properties
from ingest.loaders.office.xml_parts import A, P, R, parse, parse_if_there, related, relations
from ingest.loaders.stated_date import stated_date
from ingest.loaders.titling import titled
from ingest.model import LoadedDocument

MAX_SLIDES = 3000
_NAMELESS = "Bild {number}"
_HEIGHT = 6_858_000
"""EMU; the usual height of a slide."""


class PptxLoader:
    """Loader for PowerPoint files since 2007."""

    name = "pptx"
    suffixes = frozenset({".pptx", ".ppsx", ".potx"})

    def sniff(self, head: bytes) -> bool:
        """A zip file is told by what is in it, which its first bytes do not show."""
        return False

    def load(self, path: Path, relative: str) -> LoadedDocument:
        """Read the file.

        Raises DocumentRejected: WRONG_TYPE, MACROS, ENCRYPTED, UNSAFE, TOO_LARGE, UNREADABLE, EMPTY, NO_TEXT_LAYER
        (pictures only).
        """
        package = open_package(path)
        with damage_rejects():
            require_kind(package, self.name)
            properties = office_properties(package)
            show = _Show(package)
            blocks = show.flow.blocks()
        if show.unread and not show.texts:
            raise DocumentRejected(Reason.NO_TEXT_LAYER, f"{show.slides} slides without text")
        title, blocks = titled(properties.title, show.title, blocks, relative)
        return LoadedDocument(
            id=slug(relative),
            title=title,
            blocks=blocks,
            as_of=stated_date(blocks) or properties.saved,
            hidden=show.hidden,
            unread=tuple(show.unread),
            pages=show.slides,
        )


@dataclass(frozen=True, slots=True)
class _Slide:
    part: str
    root: Element
    backing: Backing
    colors: Colors
    ground: str
    behind: tuple[Box, ...]


class _Show:
    """Reads the slides in the order in which they are shown."""

    def __init__(self, package: Package) -> None:
        self.flow = Flow()
        self.title = ""
        self.hidden = 0
        self.texts = 0
        self.unread: list[int] = []
        self._package = package
        self._backings: dict[str, tuple[Backing, Colors, list[Box]]] = {}
        main = main_part(package)
        root = parse(package, main)
        size = root.find(f"{P}sldSz")
        self._height = whole(size.get("cy"), _HEIGHT) if size is not None else _HEIGHT
        self._width = whole(size.get("cx"), 2 * _HEIGHT) if size is not None else 2 * _HEIGHT
        parts = {link.id: link.target for link in relations(package, main)}
        listed = [parts.get(entry.get(f"{R}id", ""), "") for entry in root.findall(f"{P}sldIdLst/{P}sldId")]
        self.slides = len(listed)
        if self.slides > MAX_SLIDES:
            raise DocumentRejected(Reason.TOO_LARGE, f"{self.slides} slides, limit {MAX_SLIDES}")
        for number, part in enumerate(listed, start=1):
            self._slide(number, part)

    def _slide(self, number: int, part: str) -> None:
        root = parse(self._package, part)
        backing, colors, behind = self._backing(part)
        tree = root.find(f"{P}cSld/{P}spTree")
        shapes = shapes_of(tree, backing, self._height) if tree is not None else []
        ground = background((root, *backing.trees), colors)
        slide = _Slide(part, root, backing, colors, ground, (*behind, *boxes_behind(shapes)))
        self.hidden += self._notes(part)
        if root.get("show", "1") in ("0", "false"):
            self.hidden += sum(_letters(shape) for shape in shapes)
            return
        visible = [shape for shape in shapes if not shape.is_dropped and self._is_seen(shape)]
        self.hidden += sum(_letters(shape) for shape in shapes if not shape.is_dropped and not self._is_seen(shape))
        title = " ".join(_title(shape) for shape in visible if shape.is_title).strip()
        opens = any(shape.role == "ctrTitle" for shape in visible)
        before = self.texts
        self.flow.heading(title or _NAMELESS.format(number=number), 1, (number,))
        for shape in visible:
            if not shape.is_title:
                self._shape(shape, slide, number)
        if opens and number == 1:
            self.title = title
        self.texts += bool(title)
        if self.texts == before and _holds_something(visible):
            self.unread.append(number)

    def _shape(self, shape: Shape, slide: _Slide, number: int) -> None:
        table = shape.element.find(f"{A}graphic/{A}graphicData/{A}tbl")
        if table is not None:
            rows, hidden = table_rows(table)
            self.hidden += hidden
            self.texts += any(any(row) for row in rows)
            self.flow.table(rows, (number,))
            return
        ground = ground_of(shape, slide.backing, slide.behind, slide.ground, slide.colors)
        for paragraph, hidden in paragraphs_of(shape, slide.backing, ground, slide.colors):
            self.hidden += hidden
            self.texts += bool(paragraph.text)
            if paragraph.depth < 0:
                self.flow.paragraph(paragraph.text, (number,))
            else:
                self.flow.item(paragraph.label + paragraph.text, paragraph.depth, (number,))
        for text in self._drawn(shape, slide):
            self.texts += 1
            self.flow.item(text, 0, (number,))

    def _drawn(self, shape: Shape, slide: _Slide) -> list[str]:
        """The texts of a SmartArt drawing, which lie in a part of their own."""
        data = shape.element.find(f"{A}graphic/{A}graphicData")
        if data is None or not data.get("uri", "").endswith("/diagram"):
            return []
        wanted = {value for child in data for value in child.attrib.values()}
        parts = [link.target for link in relations(self._package, slide.part) if link.id in wanted]
        roots = [parse_if_there(self._package, part) for part in parts if "data" in part.rsplit("/", 1)[-1]]
        return [text for root in roots if root is not None for p in root.iter(f"{A}p") if (text := seen(p).text)]

    def _is_seen(self, shape: Shape) -> bool:
        """Whether a shape is shown, and stands on the slide at least in part."""
        box = shape.box
        beside = box is not None and (
            box.x >= self._width or box.y >= self._height or box.x + box.width <= 0 or box.y + box.height <= 0
        )
        return not shape.hidden and not (beside and box is not None and box.width > 0)

    def _notes(self, part: str) -> int:
        root = parse_if_there(self._package, related(self._package, part, "notesSlide"))
        tree = root.find(f"{P}cSld/{P}spTree") if root is not None else None
        if tree is None:
            return 0
        shapes = shapes_of(tree, Backing((), None), self._height)
        return sum(_letters(shape) for shape in shapes if not shape.is_dropped)

    def _backing(self, slide: str) -> tuple[Backing, Colors, list[Box]]:
        """What a slide stands on: layout and master, their colours, and where their pictures and filled shapes are."""
        layout = related(self._package, slide, "slideLayout")
        if layout not in self._backings:
            master = related(self._package, layout, "slideMaster") if layout else ""
            roots = [parse_if_there(self._package, part) for part in (layout, master)]
            style = roots[1].find(f"{P}txStyles/{P}bodyStyle") if roots[1] is not None else None
            theme = parse_if_there(self._package, related(self._package, master, "theme")) if master else None
            backing = Backing(tuple(root for root in roots if root is not None), style)
            drawn = [tree for root in backing.trees if (tree := root.find(f"{P}cSld/{P}spTree")) is not None]
            shapes = [shape for tree in drawn for shape in shapes_of(tree, Backing((), None), self._height)]
            still = boxes_behind([shape for shape in shapes if shape.role is None])
            self._backings[layout] = backing, Colors(theme, roots[1]), still
        return self._backings[layout]


def _title(shape: Shape) -> str:
    return " ".join(seen(paragraph).text for paragraph in shape.element.iter(f"{A}p"))


def _letters(shape: Shape) -> int:
    return sum(len("".join((text.text or "").split())) for text in shape.element.iter(f"{A}t"))


def _holds_something(shapes: Sequence[Shape]) -> bool:
    """Whether there are pictures, charts or drawings."""
    return any(shape.element.tag in (f"{P}pic", f"{P}graphicFrame") or _letters(shape) for shape in shapes)
