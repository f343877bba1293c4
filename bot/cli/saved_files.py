"""A file that the conversation hands over, saved where the command was started."""

from __future__ import annotations

from itertools import count
from pathlib import Path

from bot.conversation.card import FileReply


def save(reply: FileReply) -> Path:
    """Write the file under its name, or `name-2` and so on where that is taken. Blocks; raises OSError."""
    folder, name = Path.cwd(), Path(Path(reply.name).name)
    for number in count(1):
        path = folder / (name if number == 1 else f"{name.stem}-{number}{name.suffix}")
        try:
            file = path.open("xb")
        except FileExistsError:
            continue
        try:
            with file:
                file.write(reply.content)
        except OSError:
            # Half a file must not look like a whole one.
            path.unlink(missing_ok=True)
            raise
        return path
    raise AssertionError("counting has no end")
