"""How Word text is set: style chains and direct settings to what a reader sees."""

from __future__ import annotations

import re
from dataclasses import dataclass
from xml.etree.ElementTree import Element

from ingest.loaders.office.attribute_values import points, whole
from ingest.loaders.office.xml_parts import W, is_on
from ingest.loaders.setting import MARKED, Setting

_HEADING = re.compile(r"(?:heading|rubrik|overskrift|otsikko|überschrift|titre)\s?([1-9])", re.IGNORECASE)
_NAMES = re.compile(r"[\s_-]+")
_DEEPEST = 40
"""Styles that a style may be based on, one on the other; longer chains are a ring."""


@dataclass(frozen=True, slots=True)
class _Style:
    name: str
    based_on: str
    setting: Setting


class Styles:
    """The styles of one document. Styles keep their English names whatever the language; their ids do not."""

    def __init__(self, root: Element | None) -> None:
        self._styles: dict[str, _Style] = {}
        self._resolved: dict[str, Setting] = {}
        self._default = Setting()
        self._usual = {"paragraph": ""}
        for element in root if root is not None else ():
            if element.tag == f"{W}docDefaults":
                run = element.find(f"{W}rPrDefault/{W}rPr")
                self._default = setting_of(element.find(f"{W}pPrDefault/{W}pPr"), run)
            elif element.tag == f"{W}style":
                self._take(element)

    def _take(self, element: Element) -> None:
        identity = element.get(f"{W}styleId", "")
        name, based_on = (element.find(f"{W}{part}") for part in ("name", "basedOn"))
        if is_on(element, f"{W}default") and f"{W}default" in element.attrib:
            self._usual[element.get(f"{W}type", "")] = identity
        self._styles[identity] = _Style(
            _NAMES.sub(" ", name.get(f"{W}val", "") if name is not None else identity).strip().lower(),
            based_on.get(f"{W}val", "") if based_on is not None else "",
            setting_of(element.find(f"{W}pPr"), element.find(f"{W}rPr")),
        )

    def paragraph(self, identity: str) -> Setting:
        """How a paragraph style sets its text, document defaults included; the usual style where none is named."""
        return self._setting(identity or self._usual["paragraph"]).over(self._default)

    def character(self, identity: str) -> Setting:
        """What a character style says."""
        return self._setting(identity)

    def names(self, identity: str) -> tuple[str, ...]:
        """The name of a paragraph style and of those that it is based on, in lower case."""
        found: list[str] = []
        identity = identity or self._usual["paragraph"]
        while identity in self._styles and len(found) < _DEEPEST:
            found.append(self._styles[identity].name)
            identity = self._styles[identity].based_on
        return tuple(found or [_NAMES.sub(" ", identity).lower()])

    def heading_level(self, identity: str, setting: Setting) -> int:
        """The level of a heading, by outline level or by name; 0 for what is none."""
        if setting.outline is not None:
            return setting.outline
        for name in self.names(identity):
            match = _HEADING.fullmatch(name)
            if match:
                return int(match.group(1))
        return 0

    def _setting(self, identity: str) -> Setting:
        if identity not in self._resolved:
            self._resolved[identity] = Setting()  # so that a ring of styles ends
            style = self._styles.get(identity)
            if style is not None:
                above = self._setting(style.based_on) if style.based_on else Setting()
                self._resolved[identity] = style.setting.over(above)
        return self._resolved[identity]


def setting_of(paragraph: Element | None, run: Element | None) -> Setting:
    """What the properties of a paragraph and of a run say."""
    read: dict[str, object] = {}
    if run is not None:
        read["bold"] = is_on(run.find(f"{W}b"), f"{W}val")
        read["vanish"] = is_on(run.find(f"{W}vanish"), f"{W}val")
        size = _value(run, "sz")
        read["size"] = points(size, per_point=2)
        read["color"] = _value(run, "color")
        read["ground"] = MARKED if _value(run, "highlight") else _ground(run)
    if paragraph is not None:
        outline = _value(paragraph, "outlineLvl")
        read["outline"] = (whole(outline, 9) + 1) % 10 if outline else None
        number, level = _value(paragraph, "numPr/numId"), _value(paragraph, "numPr/ilvl")
        read["numbered"] = (number or "", whole(level)) if number or level else None
        read["ground"] = read.get("ground") or _ground(paragraph)
        read["indent"] = indent_of(paragraph)
    return Setting(**read)  # type: ignore[arg-type]  # each value is read for its field above


def indent_of(paragraph: Element | None) -> float | None:
    """The left edge of a paragraph in points; None where its properties do not say."""
    indent = paragraph.find(f"{W}ind") if paragraph is not None else None
    value = indent.get(f"{W}left") or indent.get(f"{W}start") if indent is not None else None
    return points(value, per_point=20)


def fill_of(properties: Element | None) -> str | None:
    """The colour that a cell, paragraph or run is filled with; None where it says nothing."""
    return _ground(properties) if properties is not None else None


def _ground(properties: Element) -> str | None:
    shading = properties.find(f"{W}shd")
    return shading.get(f"{W}fill", "auto") if shading is not None else None


def _value(properties: Element, path: str) -> str | None:
    element = properties.find("/".join(f"{W}{step}" for step in path.split("/")))
    return element.get(f"{W}val") if element is not None else None
