"""How a piece of text is set, as far as it tells headings from text and what is seen from what is hidden."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace

_CLOSE = 14
"""Steps of 255 by which text may differ from its ground and still not be seen."""
_SMALLEST = 1.0
"""Points; nobody reads text that is not larger."""
MARKED = "marked"
"""A ground whose colour cannot be told: text on it counts as seen."""
WHITE = "FFFFFF"


@dataclass(frozen=True, slots=True)
class Setting:
    """What a style or a paragraph says of its text; None where it says nothing. `size` is in points.

    `color` and `ground` are six hexadecimal digits, `auto`, or another word for what cannot be compared. `outline` is
    0 for body text and else the level of a heading. `numbered` is a number of numbering and a level in it. `indent` is
    the left edge in points.
    """

    bold: bool | None = None
    size: float | None = None
    vanish: bool | None = None
    color: str | None = None
    ground: str | None = None
    outline: int | None = None
    numbered: tuple[str, int] | None = None
    indent: float | None = None

    def over(self, other: Setting) -> Setting:
        """This setting where it says something, else the other."""
        said = {field.name: value for field in fields(self) if (value := getattr(self, field.name)) is not None}
        return replace(other, **said) if said else other

    def hides(self, ground: str) -> bool:
        """Whether text set so on a ground (its own goes first) is not seen by a reader."""
        behind = self.ground if self.ground not in (None, "auto") else ground
        same = self.color is not None and alike(self.color, behind)
        return bool(self.vanish) or same or (self.size is not None and self.size <= _SMALLEST)


def alike(color: str, ground: str) -> bool:
    """Whether letters of a colour cannot be told from their ground; never where either is no colour."""
    try:
        first, second = int(color, 16), int(ground, 16)
    except ValueError:
        return False
    return all(abs((first >> shift & 255) - (second >> shift & 255)) <= _CLOSE for shift in (0, 8, 16))
