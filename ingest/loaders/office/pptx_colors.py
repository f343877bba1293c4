"""Which letters on a slide nobody sees, because they are as light as what they stand on.

Only what is certain counts: letters with a colour of their own, on a ground of one known colour, with no picture or
filled shape behind them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from xml.etree.ElementTree import Element

from ingest.loaders.office.pptx_shapes import Backing, Box, Shape
from ingest.loaders.office.xml_parts import A, P
from ingest.loaders.setting import MARKED

_FILLS = frozenset(f"{A}{name}" for name in ("solidFill", "gradFill", "blipFill", "pattFill", "grpFill"))
_PLAIN_BACKGROUND = "1001"
_ROLES = {"bg1": "lt1", "tx1": "dk1", "bg2": "lt2", "tx2": "dk2"}


class Colors:
    """The colours of a theme under the names by which slides call them."""

    def __init__(self, theme: Element | None, master: Element | None) -> None:
        scheme = theme.find(f"{A}themeElements/{A}clrScheme") if theme is not None else None
        self._scheme: dict[str, str] = {}
        for entry in scheme if scheme is not None else ():
            for color in entry:
                self._scheme[entry.tag.rpartition("}")[2]] = color.get("lastClr") or color.get("val") or ""
        mapping = master.find(f"{P}clrMap") if master is not None else None
        self._roles: Mapping[str, str] = dict(mapping.attrib) if mapping is not None else _ROLES

    def of(self, holder: Element | None) -> str | None:
        """The colour inside a fill or reference; None where there is none, or one that is changed or mixed."""
        for color in holder if holder is not None else ():
            name = color.tag.rpartition("}")[2]
            if len(color) == 0 and name == "srgbClr":
                return color.get("val")
            if len(color) == 0 and name == "schemeClr":
                role = color.get("val", "")
                return self._scheme.get(self._roles.get(role, role))
        return None


def background(trees: Sequence[Element], colors: Colors) -> str:
    """The colour of a slide, from its own tree or the first of its layout's and master's that says; else `marked`."""
    for tree in trees:
        found = tree.find(f"{P}cSld/{P}bg")
        if found is not None:
            reference = found.find(f"{P}bgRef")
            if reference is not None and reference.get("idx") == _PLAIN_BACKGROUND:
                return colors.of(reference) or MARKED
            return colors.of(found.find(f"{P}bgPr/{A}solidFill")) or MARKED
    return MARKED


def ground_of(shape: Shape, backing: Backing, behind: Sequence[Box], slide: str, colors: Colors) -> str:
    """The colour that a shape's text stands on; `marked` where that is not certain."""
    fill = _fill(shape.element)
    if fill is not None:
        return colors.of(fill) or MARKED if fill.tag == f"{A}solidFill" else MARKED
    style = shape.element.find(f"{P}style/{A}fillRef")
    if style is not None and style.get("idx", "0") != "0":
        return MARKED
    above = backing.placeholders(shape.role, shape.index) if shape.role is not None else ()
    if shape.box is None or any(_fill(each) is not None for each in above):
        return MARKED
    return MARKED if any(_overlap(shape.box, box) for box in behind) else slide


def boxes_behind(shapes: Sequence[Shape]) -> list[Box]:
    """Where pictures, tables and filled shapes stand; one without a place may stand anywhere."""
    everywhere = Box(-(2**40), -(2**40), 2**41, 2**41)
    return [shape.box or everywhere for shape in shapes if shape.element.tag != f"{P}sp" or _covers(shape.element)]


def _covers(element: Element) -> bool:
    style = element.find(f"{P}style/{A}fillRef")
    return _fill(element) is not None or (style is not None and style.get("idx", "0") != "0")


def _fill(element: Element) -> Element | None:
    properties = element.find(f"{P}spPr")
    return next((child for child in properties if child.tag in _FILLS), None) if properties is not None else None


def _overlap(first: Box, second: Box) -> bool:
    across = first.x < second.x + second.width and second.x < first.x + first.width
    return across and first.y < second.y + second.height and second.y < first.y + first.height
