"""Draws the app's icons from the SVG files beside them: `python -m tests.e2e.icons`."""

from __future__ import annotations

import io

import vl_convert
from PIL import Image

from bot.teams.app_package.bundle import FOLDER

WHITE = (255, 255, 255)


def drawn(name: str) -> Image.Image:
    """The icon's picture. An outline is white wherever it is anything at all, which drawing alone does not give."""
    png = vl_convert.svg_to_png((FOLDER / f"{name}.svg").read_text(encoding="utf-8"), scale=1, ppi=72)
    picture = Image.open(io.BytesIO(png)).convert("RGBA")
    if name == "outline":
        white = Image.new("RGBA", picture.size, WHITE)
        white.putalpha(picture.getchannel("A"))
        return white
    return picture


def main() -> None:
    """Write both files anew."""
    for name in ("color", "outline"):
        drawn(name).save(FOLDER / f"{name}.png", optimize=True)


if __name__ == "__main__":
    main()
