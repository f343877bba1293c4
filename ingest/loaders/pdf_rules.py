"""The lines that a PDF page draws around the cells of its tables, read from its drawing operations."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from pypdf import PageObject

_THIN = 2.6
"""Points up to which a box is a line drawn as one."""
_STRAIGHT = 0.5
"""Points by which a line may lean."""
_SHORTEST = 4.0
"""Points; shorter lines are parts of pictures."""
_MOST = 6_000
"""Lines of a page; a page with more shows a drawing."""
_LARGEST = 4_000_000
"""Bytes of drawing operations; more is a drawing as well."""

_NUMBER = rb"[-+]?(?:\d+\.?\d*|\.\d+)"
_OPERATION = re.compile(
    rb"(?<![^\s\]>)])(?:(?P<numbers>(?:" + _NUMBER + rb"\s+){2,6})(?P<operator>cm|re|[mlcvy])(?=\s|$)"
    rb"|(?P<plain>BT|ET|q|Q|S|s|h|f\*?|F|B\*?|b\*?|n)(?=\s|$))",
    re.DOTALL,
)
_PAINTED = frozenset({b"S", b"s", b"f", b"f*", b"F", b"B", b"B*", b"b", b"b*"})
_ARGUMENTS = {b"cm": 6, b"re": 4, b"m": 2, b"l": 2}
_IDENTITY = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)
_Matrix = tuple[float, float, float, float, float, float]


@dataclass(frozen=True, slots=True)
class Rule:
    """A straight line: `at` is its height where it lies and its distance from the left where it stands, in points."""

    at: float
    start: float
    end: float


@dataclass(frozen=True, slots=True)
class Rules:
    """The lines of a page that lie, and those that stand."""

    lying: tuple[Rule, ...] = ()
    standing: tuple[Rule, ...] = ()


def rules_of(page: PageObject) -> Rules:
    """The lines and the edges of boxes on a page; none where it has a drawing of very many."""
    content = page.get_contents()
    data = content.get_data() if content is not None else b""
    if len(data) > _LARGEST:
        return Rules()
    drawing = _Drawing(float(page.mediabox.width), float(page.mediabox.height))
    in_text = False  # where letters in brackets may look like operations
    for match in _OPERATION.finditer(data):
        plain = match.group("plain")
        if plain in (b"BT", b"ET") or in_text:
            in_text = plain == b"BT" or (in_text and plain != b"ET")
            continue
        if plain is not None:
            drawing.do(plain)
        else:
            drawing.draw(match.group("operator"), match.group("numbers"))
        if len(drawing.lying) + len(drawing.standing) > _MOST:
            return Rules()
    return Rules(tuple(drawing.lying), tuple(drawing.standing))


class _Drawing:
    """Follows the matrix of the page, and keeps what is painted of each path."""

    def __init__(self, width: float, height: float) -> None:
        self.lying: list[Rule] = []
        self.standing: list[Rule] = []
        self._page = (width, height)
        self._matrix: _Matrix = _IDENTITY
        self._saved: list[_Matrix] = []
        self._path: list[tuple[float, float, float, float]] = []
        self._point = self._begun = (0.0, 0.0)

    def do(self, operator: bytes) -> None:
        """An operation without numbers."""
        if operator == b"q":
            self._saved.append(self._matrix)
        elif operator == b"Q":
            self._matrix = self._saved.pop() if self._saved else _IDENTITY
        elif operator == b"h":
            self._line_to(self._begun)
        else:
            if operator in _PAINTED:
                for box in self._path:
                    self._keep(*box)
            self._path = []

    def draw(self, operator: bytes, numbers: bytes) -> None:
        """An operation with numbers; curves are no lines of a table."""
        count = _ARGUMENTS.get(operator, 0)
        values = [float(number) for number in numbers.split()[-count:]] if count else []
        if not count or len(values) < count:
            return
        if operator == b"cm":
            self._matrix = _product(values, self._matrix)
        elif operator == b"re":
            x, y, width, height = values
            self._add(self._placed(x, y), self._placed(x + width, y + height))
        else:
            point = self._placed(*values)
            if operator == b"l":
                self._line_to(point)
            else:
                self._begun = self._point = point

    def _line_to(self, point: tuple[float, float]) -> None:
        if min(abs(point[0] - self._point[0]), abs(point[1] - self._point[1])) < _STRAIGHT:
            self._add(self._point, point)
        self._point = point

    def _placed(self, x: float, y: float) -> tuple[float, float]:
        a, b, c, d, e, f = self._matrix
        return x * a + y * c + e, x * b + y * d + f

    def _add(self, one: tuple[float, float], other: tuple[float, float]) -> None:
        (x, right), (y, top) = sorted((one[0], other[0])), sorted((one[1], other[1]))
        self._path.append((x, y, right, top))

    def _keep(self, x: float, y: float, right: float, top: float) -> None:
        width, height = right - x, top - y
        if width > 0.97 * self._page[0] and height > 0.97 * self._page[1]:
            return
        if height <= _THIN:
            self._lie((y + top) / 2, x, right)
        elif width <= _THIN:
            self._stand((x + right) / 2, y, top)
        else:
            self._lie(y, x, right)
            self._lie(top, x, right)
            self._stand(x, y, top)
            self._stand(right, y, top)

    def _lie(self, at: float, start: float, end: float) -> None:
        if end - start >= _SHORTEST:
            self.lying.append(Rule(at, start, end))

    def _stand(self, at: float, start: float, end: float) -> None:
        if end - start >= _SHORTEST:
            self.standing.append(Rule(at, start, end))


def _product(values: Sequence[float], matrix: _Matrix) -> _Matrix:
    a, b, c, d, e, f = values
    p, q, r, s, t, u = matrix
    return (
        a * p + b * r,
        a * q + b * s,
        c * p + d * r,
        c * q + d * s,
        e * p + f * r + t,
        e * q + f * s + u,
    )
