"""What the sheets of a workbook share: their names and order, texts, number formats, and letters nobody sees."""

from __future__ import annotations

import re
from dataclasses import dataclass
from xml.etree.ElementTree import Element

from ingest.errors import DocumentRejected, Reason
from ingest.loaders.office.kind import main_part
from ingest.loaders.office.number_formats import BUILT_IN, GENERAL
from ingest.loaders.office.package import Package
from ingest.loaders.office.xml_parts import R, S, parse, parse_if_there, related, relations

MAX_TEXTS = 500_000
_WHITE_THEME = "0"
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
"""How a workbook writes characters that XML cannot hold, most often the end of a line."""
_WHITE_INDEXED = ("1", "9")


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet. `kind` is `worksheet` or another, such as `chartsheet`."""

    name: str
    part: str
    kind: str
    hidden: bool


@dataclass(frozen=True, slots=True)
class Style:
    """A cell's number format, and whether its letters are as white as the sheet."""

    code: str
    unseen: bool


class Workbook:
    """Everything that is read once for all sheets."""

    def __init__(self, package: Package) -> None:
        """Raises DocumentRejected, ParseError."""
        main = main_part(package)
        root = parse(package, main)
        parts = {link.id: link for link in relations(package, main)}
        properties = root.find(f"{S}workbookPr")
        self.since_1904 = properties is not None and properties.get("date1904", "0") in ("1", "true")
        self.texts = _texts(parse_if_there(package, related(package, main, "sharedStrings")))
        self.styles = _styles(parse_if_there(package, related(package, main, "styles")))
        self.sheets: list[Sheet] = []
        for entry in root.findall(f"{S}sheets/{S}sheet"):
            link = parts.get(entry.get(f"{R}id", ""))
            if link is None or link.target not in package:
                raise DocumentRejected(Reason.UNREADABLE, f"sheet {entry.get('name', '')[:80]} is missing")
            hidden = entry.get("state", "visible") != "visible"
            self.sheets.append(Sheet(entry.get("name", ""), link.target, link.kind, hidden))

    def style(self, index: str | None) -> Style:
        """The style that a cell names."""
        place = int(index) if index and index.isdecimal() else 0
        return self.styles[place] if place < len(self.styles) else Style(GENERAL, False)


def rich_text(element: Element) -> str:
    """The text of a shared or inline string, all its runs together; reading aids for Asian names are left out."""
    parts = [element.findtext(f"{S}t") or ""]
    parts += [run.findtext(f"{S}t") or "" for run in element.findall(f"{S}r")]
    text = "".join(parts)
    return _ESCAPED.sub(lambda match: chr(int(match.group(1), 16)), text) if "_x" in text else text


def _texts(root: Element | None) -> list[str]:
    if root is None:
        return []
    if len(root) > MAX_TEXTS:
        raise DocumentRejected(Reason.TOO_LARGE, f"{len(root)} texts, limit {MAX_TEXTS}")
    return [rich_text(element) for element in root]


def _styles(root: Element | None) -> list[Style]:
    if root is None:
        return []
    own = {entry.get("numFmtId", ""): entry.get("formatCode", "") for entry in root.findall(f"{S}numFmts/{S}numFmt")}
    white = [_is_white(font.find(f"{S}color")) for font in root.findall(f"{S}fonts/{S}font")]
    bare = [_is_bare(fill) for fill in root.findall(f"{S}fills/{S}fill")]
    result: list[Style] = []
    for entry in root.findall(f"{S}cellXfs/{S}xf"):
        number = entry.get("numFmtId", "0")
        code = own.get(number) or BUILT_IN.get(int(number) if number.isdecimal() else 0, GENERAL)
        unseen = _at(white, entry.get("fontId", "0")) and _at(bare, entry.get("fillId", "0"))
        result.append(Style(code, unseen))
    return result


def _is_white(color: Element | None) -> bool:
    if color is None or color.get("auto") in ("1", "true"):
        return False
    light = color.get("theme") == _WHITE_THEME and color.get("tint", "0") in ("0", "0.0")
    return color.get("rgb", "")[-6:].upper() == "FFFFFF" or light or color.get("indexed") in _WHITE_INDEXED


def _is_bare(fill: Element) -> bool:
    pattern = fill.find(f"{S}patternFill")
    if pattern is None:
        return len(fill) == 0
    kind = pattern.get("patternType", "none")
    return kind == "none" or (kind == "solid" and _is_white(pattern.find(f"{S}fgColor")))


def _at(values: list[bool], index: str) -> bool:
    place = int(index) if index.isdecimal() else 0
    return place < len(values) and values[place]
