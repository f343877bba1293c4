"""Whether a style makes text invisible: the styles of a page's own sheet and of its elements, as far as they say so."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from lxml.html import HtmlElement

from ingest.loaders.web.tree import names, tag

FAINT = 1.25
"""Contrast (as WCAG 2 defines it, 1 to 21) below which nobody reads a text; the least that is asked of pages is 3."""
TINY = 2.0
"""Letters of fewer pixels are none."""
FAR = 400.0
"""Pixels outside the page from which text is moved out of sight, not merely to the side."""

Styles = Mapping[str, str]

_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
_SIMPLE = re.compile(r"([a-z][a-z0-9]*)?([.#][\w-]+)?", re.IGNORECASE)
_SHOWN_ON_SCREEN = re.compile(r"@media\s+(?:only\s+)?(?:screen|all)\s*$|@(?:supports|layer|container)\b", re.IGNORECASE)
_NUMBER = re.compile(r"(-?\d*\.?\d+)\s*(px|pt|em|rem|%|vw|vh|cm|mm)?")
_ZERO_BOX = re.compile(r"rect\(\s*(?:0|1px)[\s,]+(?:0|1px)[\s,]+(?:0|1px)[\s,]+(?:0|1px)|inset\(\s*(?:50|100)%")
_NAMED = {
    "white": (255, 255, 255), "black": (0, 0, 0), "red": (255, 0, 0), "green": (0, 128, 0), "blue": (0, 0, 255),
    "gray": (128, 128, 128), "grey": (128, 128, 128), "silver": (192, 192, 192), "yellow": (255, 255, 0),
    "navy": (0, 0, 128), "snow": (255, 250, 250), "ivory": (255, 255, 240), "whitesmoke": (245, 245, 245),
    "ghostwhite": (248, 248, 255), "floralwhite": (255, 250, 240), "azure": (240, 255, 255),
    "mintcream": (245, 255, 250), "seashell": (255, 245, 238), "lightgray": (211, 211, 211),
    "lightgrey": (211, 211, 211), "gainsboro": (220, 220, 220),
}  # fmt: skip

Colour = tuple[int, int, int]


class Sheet:
    """The rules of a page's own style sheets that name one class, id or tag."""

    def __init__(self, css: str) -> None:
        self._rules: dict[str, dict[str, str]] = {}
        for selectors, declarations in _rules(_COMMENT.sub(" ", css)):
            styles = parsed(declarations)
            for selector in selectors.split(","):
                match = _SIMPLE.fullmatch(selector.strip())
                if match and styles and selector.strip():
                    self._rules.setdefault(selector.strip().lower(), {}).update(styles)

    def of(self, element: HtmlElement) -> Styles:
        """What is declared for the element: by the sheet, by attributes of old pages, and by itself."""
        found: dict[str, str] = {}
        name = tag(element)
        if self._rules:
            marks = [f".{each.lower()}" for each in names(element)] + [f"#{(element.get('id') or '').lower()}"]
            for key in (name, *marks, *(name + mark for mark in marks)):
                found.update(self._rules.get(key, {}))
        if element.get("bgcolor"):
            found["background-color"] = element.get("bgcolor", "").lower()
        if name == "font" and element.get("color"):
            found["color"] = element.get("color", "").lower()
        if element.get("style"):
            found.update(parsed(element.get("style", "")))
        return found


def _rules(css: str) -> list[tuple[str, str]]:
    """Selectors and declarations of what applies on a screen of any size; other conditions are left out whole."""
    found: list[tuple[str, str]] = []
    begun: list[str] = []
    for piece, mark in re.findall(r"([^{}]*)([{}])", css):
        if mark == "{":
            begun.append(piece.rpartition(";")[2].strip())
            continue
        if not begun:
            continue
        selectors = begun.pop()
        if not selectors.startswith("@") and all(_SHOWN_ON_SCREEN.match(each) for each in begun):
            found.append((selectors, piece))
    return found


def parsed(declarations: str) -> dict[str, str]:
    """`name: value` pairs in lower case."""
    pairs = (each.partition(":") for each in declarations.lower().split(";"))
    return {name.strip(): value.replace("!important", "").strip() for name, _, value in pairs if value.strip()}


def removes(styles: Styles) -> bool:
    """Whether the element is out of sight with all that is in it."""
    if not styles:
        return False
    if (
        styles.get("display") == "none"
        or styles.get("mso-hide") == "all"
        or styles.get("visibility") in ("hidden", "collapse")
    ):
        return True
    if styles.get("content-visibility") == "hidden" or _pixels(styles.get("opacity", ""), 1.0) < 0.05:
        return True
    if _ZERO_BOX.search(styles.get("clip", "") + styles.get("clip-path", "")):
        return True
    if re.search(r"scale[xy]?\(\s*0(?:\.0+)?\s*[,)]|translate[xy]?\(\s*-\d{3,}", styles.get("transform", "")):
        return True
    if abs(_pixels(styles.get("text-indent", ""), 0.0)) >= FAR:
        return True
    left, top, *margins = (_pixels(styles.get(side, ""), 0.0) for side in ("left", "top", "margin-left", "margin-top"))
    is_placed = styles.get("position") in ("absolute", "fixed", "relative")
    if min(margins) <= -FAR or (is_placed and (min(left, top) <= -FAR or left >= 10 * FAR)):
        return True
    is_cut = "hidden" in styles.get("overflow", "") or "clip" in styles.get("overflow", "")
    return is_cut and any(_pixels(styles.get(side, ""), FAR) <= 1.0 for side in ("width", "height", "max-height"))


def _pixels(value: str, default: float) -> float:
    match = _NUMBER.match(value)
    if match is None:
        return default
    scale = {"em": 16.0, "rem": 16.0, "pt": 1.33, "cm": 37.8, "mm": 3.78, "%": 10.0, "vw": 10.0, "vh": 10.0}
    return float(match.group(1)) * scale.get(match.group(2) or "", 1.0)


@dataclass(frozen=True, slots=True)
class Ink:
    """How letters are set: their colour, what they stand on (None where that cannot be told), and their size."""

    colour: Colour | None = (0, 0, 0)
    ground: Colour | None = (255, 255, 255)
    is_clear: bool = False
    is_tiny: bool = False

    def under(self, styles: Styles) -> Ink:
        """The ink inside an element with these styles."""
        if not styles:
            return self
        colour, ground, clear, tiny = self.colour, self.ground, self.is_clear, self.is_tiny
        if styles.get("color", "inherit") not in ("inherit", "currentcolor"):
            colour, clear = _colour(styles["color"]), _is_transparent(styles["color"])
        given = styles.get("background-color") or styles.get("background")
        if given and not _is_transparent(given):
            ground = _colour(given)
        if _NUMBER.match(size := styles.get("font-size", "")):
            tiny = (_pixels(size, 16.0) * (0.016 if size.endswith("%") else 1.0)) <= TINY
        return Ink(colour, ground, clear, tiny)

    @property
    def is_invisible(self) -> bool:
        """Whether nobody can see the letters."""
        if self.is_clear or self.is_tiny:
            return True
        return self.colour is not None and self.ground is not None and contrast(self.colour, self.ground) < FAINT


@lru_cache(maxsize=1024)
def contrast(one: Colour, other: Colour) -> float:
    """Contrast ratio of two colours, 1 to 21 (WCAG 2.2, relative luminance)."""
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: Colour) -> float:
    linear = [
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in (each / 255 for each in colour)
    ]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def _is_transparent(value: str) -> bool:
    if value.startswith(("transparent", "none", "inherit", "initial", "unset")):
        return True
    match = re.match(r"(?:rgba|hsla)\([^)]*[,/]\s*(0|0?\.0\d*|0%)\s*\)", value)
    return match is not None


def _colour(value: str) -> Colour | None:
    """Of a colour or the `background` shorthand; None for pictures, variables and what is not known."""
    if "url(" in value or "gradient" in value or "var(" in value:
        return None
    match = re.search(r"#([0-9a-f]{8}|[0-9a-f]{6}|[0-9a-f]{3,4})\b", value)
    if match:
        digits = match.group(1)
        whole = "".join(digit * 2 for digit in digits) if len(digits) < 6 else digits
        return int(whole[:2], 16), int(whole[2:4], 16), int(whole[4:6], 16)
    match = re.search(r"rgba?\(\s*(\d{1,3})[\s,]+(\d{1,3})[\s,]+(\d{1,3})", value)
    if match:
        return min(255, int(match[1])), min(255, int(match[2])), min(255, int(match[3]))
    return next((_NAMED[word] for word in re.findall(r"[a-z]+", value) if word in _NAMED), None)
