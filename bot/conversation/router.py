"""Which flow takes a message: a question to the knowledge base, or one of the few things that are none."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

import yaml

from bot.conversation.texts import CATALOGUE, CatalogueInvalid
from knowledge.language import language_of

SHORT = 60
"""Characters up to which a message with a `contains` phrase is taken as that phrase, not as a question about it."""


class Flow(StrEnum):
    """What a message wants."""

    QUESTION = "question"
    EMPTY = "empty"
    NO_WORDS = "no_words"
    HELP = "help"
    GREETING = "greeting"
    THANKS = "thanks"
    GOODBYE = "goodbye"
    ABOUT = "about"
    PRIVACY = "privacy"
    CHECK = "check"
    HUMAN = "human"


@dataclass(frozen=True, slots=True)
class Route:
    """The flow that takes a message, the message cleaned, and the language to answer in (None: not recognised)."""

    flow: Flow
    text: str
    language: str | None


class Router:
    """Routes messages by the phrases of `phrases.yaml`; everything else that holds a word is a question."""

    def __init__(self, exact: Mapping[str, tuple[Flow, str]], contained: Mapping[str, tuple[Flow, str]]) -> None:
        self._exact = exact
        self._contained = contained

    @classmethod
    def load(cls, path: Path = CATALOGUE / "phrases.yaml") -> Router:
        """Raises CatalogueInvalid."""
        try:
            tree = yaml.safe_load(path.read_bytes())
            contained = _phrases(tree.pop("contains"))
            return cls(_phrases(tree), contained)
        except (OSError, yaml.YAMLError, AttributeError, KeyError, ValueError) as error:
            raise CatalogueInvalid(f"{path.name}: {error}") from error

    def route(self, message: str) -> Route:
        """Which flow takes this message."""
        text = clean(message)
        if not text:
            return Route(Flow.EMPTY, text, None)
        if not any(character.isalnum() for character in text):
            return Route(Flow.NO_WORDS, text, None)
        bare = _bare(text)
        if bare in self._exact:
            return Route(self._exact[bare][0], text, self._exact[bare][1])
        if len(bare) <= SHORT:
            for phrase, (flow, language) in self._contained.items():
                if phrase in bare:
                    return Route(flow, text, language)
        return Route(Flow.QUESTION, text, language_of(text))


def clean(message: str) -> str:
    """A message as it is searched and kept: composed characters, single spaces, nothing invisible.

    Half of a surrogate pair, which JSON can carry, is replaced: it can be neither stored nor sent.
    """
    whole = message.encode("utf-8", "replace").decode("utf-8")
    composed = unicodedata.normalize("NFC", whole)
    visible = "".join(c if unicodedata.category(c) not in {"Cc", "Cf"} else _stand_in(c) for c in composed)
    return " ".join(visible.split())


def _stand_in(character: str) -> str:
    return " " if character.isspace() else ""


def _bare(text: str) -> str:
    return " ".join(re.sub(r"[^\w\s]", " ", text.casefold()).split())


def _phrases(tree: Mapping[str, Mapping[str, list[str]]]) -> dict[str, tuple[Flow, str]]:
    return {
        _bare(phrase): (Flow(flow), language)
        for language, flows in tree.items()
        for flow, phrases in flows.items()
        for phrase in phrases
    }
