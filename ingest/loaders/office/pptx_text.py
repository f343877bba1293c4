"""Text of a slide's shapes: paragraphs with their bullets, tables with merged cells, and what is too small to read."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from xml.etree.ElementTree import Element

from ingest.loaders.counting import counted, item_label
from ingest.loaders.office.attribute_values import whole
from ingest.loaders.office.pptx_colors import Colors
from ingest.loaders.office.pptx_shapes import Backing, Shape
from ingest.loaders.office.xml_parts import A, P
from ingest.loaders.setting import MARKED, alike

_SMALLEST = 100
"""Hundredths of a point; nobody reads text that is not larger."""
_BULLETS = frozenset((f"{A}buChar", f"{A}buAutoNum", f"{A}buBlip"))
_WIDEST = 200
_SHAPES = {
    "alphaLc": "lowerLetter",
    "alphaUc": "upperLetter",
    "romanLc": "lowerRoman",
    "romanUc": "upperRoman",
}


@dataclass(frozen=True, slots=True)
class SlideParagraph:
    """`depth` is -1 for what is no item of a list; `label` is the number in front of an item."""

    text: str
    depth: int = -1
    label: str = ""


@dataclass(frozen=True, slots=True)
class Seen:
    """Text, and how many characters beside it nobody sees."""

    text: str
    hidden: int


def seen(paragraph: Element, ground: str = MARKED, colors: Colors | None = None) -> Seen:
    """The text of a paragraph that stands on a ground of some colour."""
    parts: list[str] = []
    hidden = 0
    for run in paragraph:
        if run.tag == f"{A}br":
            parts.append(" ")
        elif run.tag in (f"{A}r", f"{A}fld"):
            text = run.findtext(f"{A}t") or ""
            properties = run.find(f"{A}rPr")
            size = properties.get("sz", "") if properties is not None else ""
            color = colors.of(properties.find(f"{A}solidFill")) if colors and properties is not None else None
            if (whole(size, _SMALLEST + 1) <= _SMALLEST) or (color is not None and alike(color, ground)):
                hidden += len("".join(text.split()))
            else:
                parts.append(text)
        else:
            parts += [part.text or "" for part in run.iter() if part.tag.endswith("/math}t")]
    return Seen(" ".join("".join(parts).split()), hidden)


def paragraphs_of(shape: Shape, backing: Backing, ground: str, colors: Colors) -> Iterator[tuple[SlideParagraph, int]]:
    """The paragraphs of a shape that stands on a ground of some colour, each with its hidden characters."""
    body = shape.element.find(f"{P}txBody")
    if body is None:
        return
    above = list(backing.placeholders(shape.role, shape.index)) if shape.role is not None else []
    inherited = [body.find(f"{A}lstStyle"), *(found.find(f"{P}txBody/{A}lstStyle") for found in above)]
    styles = [style for style in [*inherited, backing.body_style if shape.is_body else None] if style is not None]
    counts: dict[int, int] = {}
    for element in body.findall(f"{A}p"):
        shown = seen(element, ground, colors)
        properties = element.find(f"{A}pPr")
        level = whole(properties.get("lvl")) if properties is not None else 0
        mark = _bullet([properties, *(style.find(f"{A}lvl{level + 1}pPr") for style in styles)])
        if not shown.text or mark is None or shape.is_title:
            yield SlideParagraph(shown.text), shown.hidden
            continue
        for deeper in [place for place in counts if place > level]:
            del counts[deeper]
        label = ""
        if mark.tag == f"{A}buAutoNum":
            counts[level] = counts[level] + 1 if level in counts else whole(mark.get("startAt"), 1)
            kind = mark.get("type", "")
            shape_name = next((name for start, name in _SHAPES.items() if kind.startswith(start)), "decimal")
            label = item_label(counted(counts[level], shape_name))
        else:
            counts.pop(level, None)
        yield SlideParagraph(shown.text, level, label), shown.hidden


def table_rows(table: Element) -> tuple[list[list[str]], int]:
    """The rows of a table, merged cells repeated, and its hidden characters."""
    rows: list[list[str]] = []
    hidden = 0
    for row in table.findall(f"{A}tr"):
        texts: list[str] = []
        for cell in row.findall(f"{A}tc")[:_WIDEST]:
            shown = [seen(paragraph) for paragraph in cell.iter(f"{A}p")]
            hidden += sum(part.hidden for part in shown)
            text = " ".join(part.text for part in shown if part.text)
            if cell.get("hMerge") in ("1", "true") and texts:
                text = texts[-1]
            elif cell.get("vMerge") in ("1", "true") and rows and len(texts) < len(rows[-1]):
                text = rows[-1][len(texts)]
            texts.append(text)
        rows.append(texts)
    return rows, hidden


def _bullet(properties: list[Element | None]) -> Element | None:
    """The bullet that the nearest properties with a say in it give."""
    for element in properties:
        for child in element if element is not None else ():
            if child.tag in _BULLETS:
                return child
            if child.tag == f"{A}buNone":
                return None
    return None
