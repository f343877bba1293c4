"""Pictures of charts that are not drawn, for tests of what is around them."""

from __future__ import annotations

from bot.charts.errors import DrawingFailed
from bot.charts.vega.pictures import Picture

SVG = (
    '<svg xmlns="http://www.w3.org/2000/svg" width="40" height="20"><rect width="40" height="20" fill="#4f52b2"/></svg>'
)


class PlainPictures:
    """Implements `bot.exports.report.making.Pictures`; `broken` makes drawing fail. `asked` is what was asked for."""

    def __init__(self) -> None:
        self.asked: list[Picture] = []
        self.broken = False

    async def svg(self, picture: Picture) -> bytes:
        self.asked.append(picture)
        if self.broken:
            raise DrawingFailed("the fake was told to fail")
        return SVG.encode()
