"""Styles of an OpenDocument text: how text is set, where pages break, how lists and headings are numbered."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from xml.etree.ElementTree import Element

from ingest.loaders.counting import counted, shape_of
from ingest.loaders.office.attribute_values import points, whole
from ingest.loaders.setting import Setting

TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
STYLE = "{urn:oasis:names:tc:opendocument:xmlns:style:1.0}"
OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
_FO = "{urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0}"
_DEEPEST = 40
_BOLD = frozenset(("bold", "600", "700", "800", "900"))


@dataclass(frozen=True, slots=True)
class Level:
    """One level of a list or of the headings; `shape` is `bullet`, or how the number is written."""

    shape: str = "bullet"
    before: str = ""
    after: str = ""
    shown: int = 1
    start: int = 1
    indent: float = 0.0


@dataclass(frozen=True, slots=True)
class _Style:
    parent: str
    setting: Setting
    share: float
    """Letter height as a share of the parent's; 0 where it is not relative."""
    breaks_before: bool
    breaks_after: bool
    numbering: str | None
    outline: int | None


class OdtStyles:
    """The styles of one document."""

    def __init__(self, roots: Iterable[Element | None]) -> None:
        self._styles: dict[tuple[str, str], _Style] = {}
        self._lists: dict[str, dict[int, Level]] = {}
        self.outline: dict[int, Level] = {}
        for root in roots:
            for element in root.iter() if root is not None else ():
                if element.tag in (f"{STYLE}style", f"{STYLE}default-style"):
                    key = (element.get(f"{STYLE}family", ""), element.get(f"{STYLE}name", ""))
                    self._styles[key] = _style(element)
                elif element.tag == f"{TEXT}list-style":
                    self._lists[element.get(f"{STYLE}name", "")] = _levels(element)
                elif element.tag == f"{TEXT}outline-style":
                    self.outline = _levels(element)

    def chain(self, family: str, name: str) -> list[str]:
        """The name of a style and of those that it comes from."""
        names: list[str] = []
        while (family, name) in self._styles and name and len(names) < _DEEPEST:
            names.append(name)
            name = self._styles[family, name].parent
        return names

    def setting(self, family: str, name: str) -> Setting:
        """How a style sets its text, the family's defaults included."""
        default = self._styles.get((family, ""))
        result = default.setting if default is not None else Setting()
        for step in reversed(self.chain(family, name)):
            style = self._styles[family, step]
            size = result.size
            result = style.setting.over(result)
            if style.share and size:
                result = Setting(size=size * style.share).over(result)
        return result

    def own(self, family: str, name: str) -> Setting:
        """What one style says by itself."""
        return self._styles[family, name].setting

    def breaks(self, name: str, *, after: bool = False) -> bool:
        """Whether a paragraph in a style begins (ends) a page. An own style says it, or the one it comes from."""
        styles = [self._styles["paragraph", step] for step in self.chain("paragraph", name)]
        return any(style.breaks_after if after else style.breaks_before for style in styles)

    def outline_level(self, name: str) -> int:
        """The heading level that a paragraph style gives; 0 for none."""
        levels = (self._styles["paragraph", step].outline for step in self.chain("paragraph", name))
        return next((level for level in levels if level is not None), 0)

    def levels(self, name: str) -> dict[int, Level]:
        """The levels of a list style, from 1."""
        return self._lists.get(name, {})


class Counter:
    """Counts through the levels of one list or of all headings."""

    def __init__(self) -> None:
        self._counts: dict[int, int] = {}

    def label(self, level: int, levels: dict[int, Level], start: int | None = None) -> str:
        """The label of the next item on a level; empty for bullets and for levels without numbers."""
        found = levels.get(level, Level())
        if start is not None:
            self._counts[level] = start
        else:
            self._counts[level] = self._counts[level] + 1 if level in self._counts else found.start
        for deeper in [place for place in self._counts if place > level]:
            del self._counts[deeper]
        if found.shape in ("bullet", "none"):
            return ""
        first = max(1, level - found.shown + 1)
        numbers = [
            counted(self._counts.get(place, levels.get(place, Level()).start), shape)
            for place in range(first, level + 1)
            if (shape := levels.get(place, Level()).shape) not in ("bullet", "none")
        ]
        return f"{found.before}{'.'.join(numbers)}{found.after}".strip()


def _style(element: Element) -> _Style:
    text, paragraph, cell = (element.find(f"{STYLE}{kind}-properties") for kind in ("text", "paragraph", "table-cell"))
    read: dict[str, Element | None] = {"text": text, "paragraph": paragraph, "cell": cell}
    size = text.get(f"{_FO}font-size", "") if text is not None else ""
    weight = text.get(f"{_FO}font-weight") if text is not None else None
    display = text.get(f"{TEXT}display") if text is not None else None
    automatic = text is not None and text.get(f"{STYLE}use-window-font-color") == "true"
    grounds = [part.get(f"{_FO}background-color") for part in read.values() if part is not None]
    ground = next((_color(value) for value in grounds if value is not None), None)
    setting = Setting(
        bold=weight in _BOLD if weight is not None else None,
        size=points(size),
        vanish=display == "none" if display is not None else None,
        color="auto" if automatic else _color(text.get(f"{_FO}color")) if text is not None else None,
        ground=ground,
        indent=points(paragraph.get(f"{_FO}margin-left", "")) if paragraph is not None else None,
    )
    before = paragraph.get(f"{_FO}break-before") if paragraph is not None else None
    after = paragraph.get(f"{_FO}break-after") if paragraph is not None else None
    outline = element.get(f"{STYLE}default-outline-level")
    return _Style(
        parent=element.get(f"{STYLE}parent-style-name", ""),
        setting=setting,
        share=whole(size[:-1]) / 100 if size.endswith("%") else 0.0,
        breaks_before=before == "page" or bool(element.get(f"{STYLE}master-page-name")),
        breaks_after=after == "page",
        numbering=element.get(f"{STYLE}list-style-name"),
        outline=whole(outline) if outline is not None else None,
    )


def _levels(parent: Element) -> dict[int, Level]:
    result: dict[int, Level] = {}
    for element in parent:
        level = element.get(f"{TEXT}level", "")
        if not level.isdecimal():
            continue
        kind = element.tag.rpartition("}")[2]
        sign = element.get(f"{STYLE}num-format", "")
        result[whole(level)] = Level(
            shape="bullet" if kind in ("list-level-style-bullet", "list-level-style-image") else shape_of(sign),
            before=element.get(f"{STYLE}num-prefix", ""),
            after=element.get(f"{STYLE}num-suffix", ""),
            shown=whole(element.get(f"{TEXT}display-levels"), 1),
            start=whole(element.get(f"{TEXT}start-value"), 1),
            indent=_indent(element),
        )
    return result


def _indent(level: Element) -> float:
    for alignment in level.iter(f"{STYLE}list-level-label-alignment"):
        return points(alignment.get(f"{_FO}margin-left", "")) or 0.0
    return 0.0


def _color(value: str | None) -> str | None:
    if value is None:
        return None
    return "auto" if value == "transparent" else value.lstrip("#").upper()
