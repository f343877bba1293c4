"""Jobs, files and changes in words."""

from __future__ import annotations

from typing import Final

from bot.documents.board import Word
from bot.documents.words import MEGA, Say, numbers, refused, shown_path, trouble

__all__ = ["MEGA", "Say", "numbers", "refused", "shown_path", "trouble", "word_of"]

_COUNTED: Final = frozenset({"fetch", "load", "embed", "gate"})
_PHASES: Final = frozenset({*_COUNTED, "write", "publish"})


def word_of(word: Word, say: Say) -> str:
    """How far a job is."""
    if word.phase == "recognise":
        return say("recognition.phase", done=word.done, total=word.total)
    if word.phase in _COUNTED:
        return say(f"documents.phase.{word.phase}", done=word.done, total=word.total)
    if word.phase in _PHASES:
        return say(f"documents.phase.{word.phase}")
    return say(f"documents.state.{word.state}")
