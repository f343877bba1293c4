"""The model's JSON as it comes: each claim as soon as its object has closed.

The text is scanned once, character by character that matters, so the work grows with what is new and not with what has
come; every object is decoded once. Around the JSON there may be a fence or a sentence, as models write them that are
only asked for JSON.
"""

from __future__ import annotations

import json
import re

from knowledge.composing.model import Claim, Source
from knowledge.errors import ModelFailed

LONGEST = 60_000
"""Characters of a whole answer."""
DEEPEST = 8
"""Objects and lists within one another."""
SOURCES = 8
"""Sources of one claim that are looked at."""

_BEGINNING = re.compile(r'"claims"\s{0,20}:\s{0,20}\[')
_OVERLAP = 50
"""Characters that a beginning may reach back into what has been searched."""
_MATTERS = re.compile(r'["\\{}\[\]]')
_IN_STRING = re.compile(r'["\\]')
_SURROGATES = re.compile("[\ud800-\udfff]")


class ClaimReader:
    """Takes pieces of text and gives the claims that they complete."""

    def __init__(self) -> None:
        self._buffer = ""
        self._position = 0
        self._length = 0
        self._begun = False
        self._ended = False
        self._start: int | None = None
        self._depth = 0
        self._in_string = False

    def feed(self, piece: str) -> list[Claim]:
        """The claims that end in this piece. Raises ModelFailed with `invalid` where this is no list of claims."""
        self._length += len(piece)
        if self._length > LONGEST:
            raise _invalid("the answer is too long")
        if self._ended:
            return []
        self._buffer += piece
        if not self._begun and not self._find():
            return []
        claims: list[Claim] = []
        while (text := self._object()) is not None:
            claims.append(_claim(text))
        self._forget()
        return claims

    def close(self) -> None:
        """No more will come. Raises ModelFailed where the list was not there (`invalid`) or has not ended (`cut`)."""
        if not self._begun:
            raise _invalid("the answer holds no list of claims")
        if not self._ended:
            raise ModelFailed("the answer ended in the middle", "cut")

    def _find(self) -> bool:
        match = _BEGINNING.search(self._buffer, self._position)
        if match is None:
            self._position = max(0, len(self._buffer) - _OVERLAP)
            return False
        self._begun = True
        self._position = match.end()
        return True

    def _object(self) -> str | None:
        """The next object of the list, if all of it is there."""
        if self._start is None and not self._enter():
            return None
        while True:
            match = (_IN_STRING if self._in_string else _MATTERS).search(self._buffer, self._position)
            if match is None:
                self._position = len(self._buffer)
                return None
            char, self._position = match.group(), match.end()
            if char == "\\":
                if self._position == len(self._buffer):
                    self._position = match.start()
                    return None
                self._position += 1
            elif char == '"':
                self._in_string = not self._in_string
            elif char in "{[":
                self._depth += 1
                if self._depth > DEEPEST:
                    raise _invalid("the answer is nested too deep")
            else:
                self._depth -= 1
                if self._depth == 0:
                    start, self._start = self._start, None
                    return self._buffer[start : self._position]

    def _enter(self) -> bool:
        """Go to the beginning of the next object; whether there is one."""
        while self._position < len(self._buffer):
            char = self._buffer[self._position]
            if char == "{":
                self._start = self._position
                return True
            if char == "]":
                self._ended = True
                return False
            if char != "," and not char.isspace():
                raise _invalid("the list holds something else than claims")
            self._position += 1
        return False

    def _forget(self) -> None:
        """Let go of what has been read."""
        done = self._position if self._start is None else self._start
        self._buffer = self._buffer[done:]
        self._position -= done
        if self._start is not None:
            self._start = 0


def _claim(text: str) -> Claim:
    try:
        found = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise _invalid("a claim is no JSON") from error
    said = found.get("text")
    sources = found.get("sources", [])
    if not isinstance(said, str) or not isinstance(sources, list):
        raise _invalid("a claim lacks its text or sources")
    read = (_source(source) for source in sources[:SOURCES])
    return Claim(_written(said), tuple(source for source in read if source is not None))


def _source(source: object) -> Source | None:
    """None for what names no passage: the claim then rests on its other sources, or on none."""
    if not isinstance(source, dict):
        return None
    passage, quote = source.get("passage"), source.get("quote")
    if isinstance(passage, bool) or not isinstance(passage, int) or not isinstance(quote, str):
        return None
    return Source(passage, _written(quote))


def _written(text: str) -> str:
    """Halves of a character, which JSON can express and nothing can send, go."""
    return _SURROGATES.sub("", text)


def _invalid(message: str) -> ModelFailed:
    return ModelFailed(message, "invalid")
