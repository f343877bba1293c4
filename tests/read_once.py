"""What comes with the program is read and compiled once for a process: hundreds of tests start parts of it, or all.

Nothing is told apart by it: it is the same files that are read, and other folders than the shipped ones are read each
time.
"""

from __future__ import annotations

from functools import lru_cache, partial

import pytest
from jinja2 import BytecodeCache, Environment
from jinja2.bccache import Bucket

from bot.conversation.texts import CATALOGUE, Texts
from knowledge.adapters import generation_files
from knowledge.swedish import lexicon

load_lexicon = lru_cache(maxsize=1)(lexicon.load_lexicon)
"""The Swedish dictionary; what is read by this is kept."""


class _Compiled(BytecodeCache):
    """Templates by their name and text, in memory."""

    def __init__(self) -> None:
        self._codes: dict[tuple[str, str], bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        if code := self._codes.get((bucket.key, bucket.checksum)):
            bucket.bytecode_from_string(code)

    def dump_bytecode(self, bucket: Bucket) -> None:
        self._codes[bucket.key, bucket.checksum] = bucket.bytecode_to_string()


def texts(patch: pytest.MonkeyPatch) -> None:
    """The message catalogues, which take tenths of a second."""
    load = Texts.load
    shipped = lru_cache(maxsize=1)(load)
    patch.setattr(Texts, "load", lambda directory=CATALOGUE: shipped() if directory == CATALOGUE else load(directory))


def dictionary(patch: pytest.MonkeyPatch) -> None:
    """The Swedish dictionary, which takes a second and is read for every generation that is written."""
    patch.setattr(generation_files, "load_lexicon", load_lexicon)


def templates(patch: pytest.MonkeyPatch) -> None:
    """The pages' templates, which take most of the time in which an application starts."""
    from bot.web import rendering

    patch.setattr(rendering, "Environment", partial(Environment, bytecode_cache=_Compiled()))
