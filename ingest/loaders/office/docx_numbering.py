"""Numbers and bullets that Word makes up while it shows a document: they stand nowhere in its text."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from xml.etree.ElementTree import Element

from ingest.loaders.counting import counted
from ingest.loaders.office.attribute_values import whole
from ingest.loaders.office.docx_styles import indent_of
from ingest.loaders.office.xml_parts import W

_PLACE = re.compile(r"%([1-9])")


@dataclass(frozen=True, slots=True)
class Label:
    """What stands in front of a paragraph: nothing for a bullet, else the text of its number.

    `depth` is 0-8, `indent` the left edge in points.
    """

    text: str
    depth: int
    indent: float = 0.0


@dataclass(frozen=True, slots=True)
class _Level:
    start: int = 1
    shape: str = "decimal"
    text: str = ""
    style: str = ""
    restart: int | None = None
    indent: float = 0.0


class Numbering:
    """Counts through a document; `label` is called once for each numbered paragraph, in order."""

    def __init__(self, root: Element | None) -> None:
        self._levels: dict[str, dict[int, _Level]] = {}
        self._numbers: dict[str, tuple[str, dict[int, _Level]]] = {}
        self._counts: dict[str, dict[int, int]] = {}
        self._begun: set[str] = set()
        links: dict[str, str] = {}
        named: dict[str, str] = {}
        for element in root if root is not None else ():
            if element.tag == f"{W}abstractNum":
                identity = element.get(f"{W}abstractNumId", "")
                self._levels[identity] = _levels(element)
                links[identity] = _value(element, "numStyleLink")
                named[_value(element, "styleLink")] = identity
            elif element.tag == f"{W}num":
                changed: dict[int, _Level] = {}
                shared = _value(element, "abstractNumId")
                for override in element.findall(f"{W}lvlOverride"):
                    changed |= self._override(override, shared)
                self._numbers[element.get(f"{W}numId", "")] = (shared, changed)
        for identity, link in links.items():
            if link and link in named:
                self._levels[identity] = self._levels[named[link]]

    def _override(self, override: Element, shared: str) -> dict[int, _Level]:
        level = whole(override.get(f"{W}ilvl"))
        own = _levels(override)
        if own:
            return own
        start = _value(override, "startOverride")
        usual = self._levels.get(shared, {}).get(level, _Level())
        return {level: replace(usual, start=whole(start, 1))} if start else {}

    def label(self, number: str, level: int, style: str = "") -> Label | None:
        """The label of the next paragraph with a numbering; None where it has none. `style`: where a style gave it."""
        if number not in self._numbers:
            return None
        shared, changed = self._numbers[number]
        levels = self._levels.get(shared, {}) | changed
        if style:
            level = next((place for place, found in levels.items() if found.style == style), level)
        found = levels.get(level, _Level())
        if found.shape == "bullet":
            return Label("", level, found.indent)
        counts = self._counts.setdefault(shared, {})
        if number not in self._begun:
            self._begun.add(number)
            for place in changed:
                counts.pop(place, None)
        counts[level] = counts[level] + 1 if level in counts else found.start
        for deeper in [place for place in counts if place > level]:
            restart = levels.get(deeper, _Level()).restart
            if restart is None or (restart and level < restart):
                del counts[deeper]
        if found.shape == "none" and not found.text.strip():
            return None

        def shown_count(match: re.Match[str]) -> str:
            at = int(match.group(1)) - 1
            shown = levels.get(at, _Level())
            return counted(counts.get(at, shown.start), shown.shape)

        return Label(_PLACE.sub(shown_count, found.text).strip(), level, found.indent)


def _levels(parent: Element) -> dict[int, _Level]:
    result: dict[int, _Level] = {}
    for element in parent.findall(f"{W}lvl"):
        restart = _value(element, "lvlRestart")
        result[whole(element.get(f"{W}ilvl"))] = _Level(
            whole(_value(element, "start"), 1),
            _value(element, "numFmt") or "decimal",
            _value(element, "lvlText"),
            _value(element, "pStyle"),
            whole(restart) if restart else None,
            indent_of(element.find(f"{W}pPr")) or 0.0,
        )
    return result


def _value(element: Element, name: str) -> str:
    child = element.find(f"{W}{name}")
    return child.get(f"{W}val", "") if child is not None else ""
