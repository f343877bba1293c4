"""The shapes of a slide in the order in which they are read, and what they inherit from layout and master."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from xml.etree.ElementTree import Element

from ingest.loaders.office.attribute_values import whole
from ingest.loaders.office.xml_parts import MC, A, P, chosen

_DROPPED = frozenset(("ftr", "dt", "sldNum", "hdr", "sldImg"))
_TITLES = frozenset(("title", "ctrTitle"))
_BODIES = frozenset(("", "body", "obj"))
_ROW = 0.04
"""Share of the slide's height by which shapes of one row may stand higher or lower."""
_DEEPEST = 30
"""Groups inside groups."""


@dataclass(frozen=True, slots=True)
class Box:
    """Place and size on the slide, in EMU."""

    x: int
    y: int
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class Shape:
    """`element` holds text, a table or a picture; `role` is its placeholder type (None: it is no placeholder)."""

    element: Element
    role: str | None
    index: str
    box: Box | None
    hidden: bool

    @property
    def is_title(self) -> bool:
        """Whether it is the slide's title."""
        return self.role in _TITLES

    @property
    def is_body(self) -> bool:
        """Whether its paragraphs have bullets unless it says otherwise."""
        return self.role in _BODIES

    @property
    def is_dropped(self) -> bool:
        """Whether it is what stands on every slide: date, foot and number."""
        return self.role in _DROPPED


@dataclass(frozen=True, slots=True)
class Backing:
    """The trees of layout and master that a slide stands on, and the master's text styles."""

    trees: tuple[Element, ...]
    body_style: Element | None

    def placeholders(self, role: str, index: str) -> Iterator[Element]:
        """Those that a placeholder inherits from, the nearest first: by number in the layout, by kind elsewhere."""
        for tree in self.trees:
            same = [(found.get("idx", "0") == index and index != "0", found, shape) for shape, found in _marks(tree)]
            kinds = ("title", "ctrTitle") if role in _TITLES else ("body", "obj", "") if role in _BODIES else (role,)
            by_number = [shape for number, found, shape in same if number]
            by_kind = [shape for _, found, shape in same if found.get("type", "") in kinds]
            yield from (by_number or by_kind)[:1]


def shapes_of(tree: Element, backing: Backing, height: int) -> list[Shape]:
    """Every shape with text, tables or pictures, groups opened, in rows from left to right."""
    return _ordered(_found(tree, backing, height, hidden=False, depth=0), height)


def _found(parent: Iterable[Element], backing: Backing, height: int, *, hidden: bool, depth: int) -> list[Shape]:
    result: list[Shape] = []
    for element in parent:
        if element.tag == f"{MC}AlternateContent":
            result += _found(chosen(element), backing, height, hidden=hidden, depth=depth)
            continue
        name = element.tag.rpartition("}")[2]
        if name not in ("sp", "pic", "graphicFrame", "grpSp", "cxnSp") or depth > _DEEPEST:
            continue
        own = next(iter(element.iter(f"{P}cNvPr")), None)
        unseen = hidden or (own is not None and own.get("hidden", "0") in ("1", "true"))
        if name == "grpSp":
            inner = _ordered(_found(element, backing, height, hidden=unseen, depth=depth + 1), height)
            result += _placed(inner, _box(element))
            continue
        mark = next(iter(element.iter(f"{P}ph")), None)
        role = mark.get("type", "") if mark is not None else None
        index = mark.get("idx", "0") if mark is not None else ""
        box = _box(element)
        if box is None and role is not None:
            box = next((found for each in backing.placeholders(role, index) if (found := _box(each))), None)
        result.append(Shape(element, role, index, box, unseen))
    return result


def _placed(inner: list[Shape], group: Box | None) -> list[Shape]:
    """A group's shapes stand where the group does, so that they stay together in their own order."""
    return [Shape(shape.element, shape.role, shape.index, group or shape.box, shape.hidden) for shape in inner]


def _ordered(shapes: list[Shape], height: int) -> list[Shape]:
    """Titles first, then by rows; shapes without a place stay behind what stood before them."""
    titles = [shape for shape in shapes if shape.is_title]
    rest = sorted(
        (shape for shape in shapes if not shape.is_title), key=lambda shape: shape.box.y if shape.box is not None else 0
    )
    rows: list[list[Shape]] = []
    for shape in rest:
        top = shape.box.y if shape.box is not None else 0
        first = rows[-1][0].box if rows else None
        if rows and top - (first.y if first is not None else 0) <= _ROW * height:
            rows[-1].append(shape)
        else:
            rows.append([shape])
    return titles + [
        shape for row in rows for shape in sorted(row, key=lambda shape: shape.box.x if shape.box is not None else 0)
    ]


def _box(element: Element) -> Box | None:
    for path in (f"{P}spPr/{A}xfrm", f"{P}xfrm", f"{P}grpSpPr/{A}xfrm"):
        frame = element.find(path)
        offset = frame.find(f"{A}off") if frame is not None else None
        extent = frame.find(f"{A}ext") if frame is not None else None
        if offset is not None and extent is not None:
            x, y = whole(offset.get("x")), whole(offset.get("y"))
            return Box(x, y, whole(extent.get("cx")), whole(extent.get("cy")))
    return None


def _marks(tree: Element) -> Iterator[tuple[Element, Element]]:
    for shape in tree.iter(f"{P}sp"):
        mark = shape.find(f"{P}nvSpPr/{P}nvPr/{P}ph")
        if mark is not None:
            yield shape, mark
