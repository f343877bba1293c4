"""Tables of a page to pipe rows: header first, cells that span several places repeated in each of them."""

from __future__ import annotations

from collections.abc import Iterator

from lxml.html import HtmlElement

from ingest.cleaning.rows import Parted, parted
from ingest.cleaning.rows import pipe_rows as markdown
from ingest.loaders.web.tree import tag, text_of

MOST_CELLS = 100_000
"""Where spans would give more, they are not followed."""

_BLOCKS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6", "table", "article", "section", "main", "form", "blockquote"})


def is_layout(table: HtmlElement) -> bool:
    """Whether the table only places things on the page: by its role, by one column, or by whole parts in its cells."""
    if table.get("role", "").lower() in ("presentation", "none"):
        return True
    if any(True for _ in table.iter("th", "caption")):
        return any(tag(inner) == "table" for inner in table.iterdescendants("table"))
    rows = list(_rows(table))
    if not rows or max(len(cells) for _, cells in rows) < 2:
        return True
    return any(tag(inner) in _BLOCKS for inner in table.iterdescendants())


def caption(table: HtmlElement) -> str:
    """The table's own heading; empty where it has none."""
    return next((text_of(each) for each in table.iter("caption")), "")


def table_parts(table: HtmlElement) -> Parted:
    """The table's rows, and titles that span all its columns."""
    return parted(_lines(table))


def pipe_rows(table: HtmlElement) -> str:
    """Markdown rows without the ruled line, titles over all columns among them."""
    return markdown(_lines(table))


def _lines(table: HtmlElement) -> list[list[str]]:
    """Rows of texts. Several header rows become one; rows without text are left out."""
    rows = list(_rows(table))
    grid = _spread([cells for _, cells in rows])
    heads = 0
    while heads < len(rows) and (rows[heads][0] or all(tag(cell) == "th" for cell in rows[heads][1])):
        heads += 1
    header = [" ".join(dict.fromkeys(filter(None, parts))) for parts in zip(*grid[:heads], strict=False)]
    lines = ([header] if heads > 1 and heads < len(rows) else grid[:heads]) + grid[heads:]
    return [line for line in lines if any(line)]


def _rows(table: HtmlElement) -> Iterator[tuple[bool, list[HtmlElement]]]:
    """The table's own rows: those of its head first, those of its foot last."""
    order = {"thead": 0, "tfoot": 2}
    found: list[tuple[int, HtmlElement]] = []
    for child in table:
        if tag(child) == "tr":
            found.append((1, child))
        elif tag(child) in ("thead", "tbody", "tfoot"):
            found += [(order.get(tag(child), 1), row) for row in child if tag(row) == "tr"]
    for place, row in sorted(found, key=lambda pair: pair[0]):
        cells = [cell for cell in row if tag(cell) in ("td", "th")]
        if cells:
            yield place == 0, cells


def _spread(rows: list[list[HtmlElement]]) -> list[list[str]]:
    """Rows of equal length; a cell's text stands wherever the cell reaches."""
    below: dict[tuple[int, int], str] = {}
    grid: list[list[str]] = []
    taken = 0
    for number, cells in enumerate(rows):
        line: list[str] = []
        for cell in cells:
            while (number, len(line)) in below:
                line.append(below.pop((number, len(line))))
            text = cell_text(cell)
            across, down = _span(cell, "colspan"), min(_span(cell, "rowspan"), len(rows) - number)
            taken += across * down
            if taken > MOST_CELLS:
                across, down = 1, 1
            for row in range(1, down):
                below.update({(number + row, len(line) + place): text for place in range(across)})
            line += [text] * across
        while (number, len(line)) in below:
            line.append(below.pop((number, len(line))))
        grid.append(line)
    width = max(map(len, grid), default=0)
    return [line + [""] * (width - len(line)) for line in grid] if width * len(grid) <= MOST_CELLS else grid


def _span(cell: HtmlElement, name: str) -> int:
    value = cell.get(name, "1").strip()
    return max(1, min(int(value), 1000)) if value.isascii() and value.isdigit() and len(value) < 6 else 1


def cell_text(cell: HtmlElement) -> str:
    """A cell's text in one line; its paragraphs and items are set apart, and bars become slashes."""
    for inner in list(cell.iter("br")):
        inner.tail = f" {inner.tail or ''}"
    for inner in list(cell.iter("p", "li", "div")):
        following = inner.getnext() is not None
        inner.tail = f"{'; ' if following and tag(inner) == 'li' else ' '}{inner.tail or ''}"
    return text_of(cell).replace("|", "/").replace("/ /", "/")
