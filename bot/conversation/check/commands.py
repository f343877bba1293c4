"""What is typed to the maturity check instead of pressing a button, as a command.

An ordinary question never becomes one: a message is a command as a whole or not at all. `check_commands.yaml` has the
words, in both languages.
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path
from typing import Any, TypeVar

import yaml
from rapidfuzz.distance import OSA

from bot.conversation.texts import CATALOGUE, LANGUAGES, CatalogueInvalid
from bot.maturity.positions import position
from bot.maturity.typed import folded

T = TypeVar("T")

_Around = tuple[int | str, ...]

LONGEST = 200
"""Characters of a command; only a comment may be longer."""

_SLIP_FROM = 7
_MOST_WORDS = 5
"""Words that may name a question to change."""
_TO_NUMBER = re.compile(r"(\d{1,3})\.?\s+(?:till|to)\b.*", re.IGNORECASE | re.DOTALL)
"""`ändra 4 till delvis etablerad`: leads to question 4, where the answer is chosen."""
_TO_ANSWER = re.compile(r"(?:till|to)\b", re.IGNORECASE)
"""`ändra till delvis etablerad` names an answer and no question."""
_APOSTROPHES = re.compile(r"(?<=\w)['’](?=\w)")
_NO_WORD = re.compile(r"[^\w\s]")


class Verb(StrEnum):
    """What a command does."""

    START = "start"
    START_GROUP = "start_group"
    CONTINUE = "continue"
    PAUSE = "pause"
    BACK = "back"
    STOP = "stop"
    EDIT = "edit"
    EDIT_BACKGROUND = "edit_background"
    REVIEW = "review"
    MY_ANSWERS = "my_answers"
    ERASE = "erase"
    SUBMIT = "submit"
    EXPLAIN = "explain"
    RESULT = "result"
    COMPARE = "compare"
    LEVELS = "levels"
    YES = "yes"
    NO = "no"
    ACCEPT = "accept"
    COMMENT = "comment"
    INFORMATION = "information"
    REPEAT = "repeat"
    SKIP_REST = "skip_rest"
    REMIND = "remind"
    REFUSE_REMINDERS = "refuse_reminders"


@dataclass(frozen=True, slots=True)
class Command:
    """A typed command, and its language where the words are of one only.

    `number` is that of a question as it is shown; it may be one that does not exist. `words` are the comment, the name
    of a question to change, or the field of `Background` to change.
    """

    verb: Verb
    number: int | None = None
    words: str = ""
    language: str | None = None


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The file's content: whole phrases with their command, and beginnings in the form in which they are compared."""

    phrases: Mapping[str, Command]
    edit: Mapping[str, str | None]
    edit_by_number: Mapping[str, str | None]
    comments: Mapping[str, tuple[re.Pattern[str], re.Pattern[str]]]
    may_be_asked: frozenset[Verb]
    accents_matter: frozenset[str]


class Commands:
    """Reads commands; immutable and safe to share."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self._vocabulary = vocabulary
        self._phrases = _with_folded(vocabulary.phrases, vocabulary.accents_matter)
        self._edit = _with_folded(vocabulary.edit, vocabulary.accents_matter)
        self._edit_by_number = _with_folded(vocabulary.edit_by_number, vocabulary.accents_matter)
        slips: defaultdict[_Around, list[tuple[str, Command]]] = defaultdict(list)
        for phrase, command in self._phrases.items():
            for around, meant in _without_one(phrase.split()):
                if len(meant) >= _SLIP_FROM:
                    slips[around].append((meant, command))
        # Every message is looked up here: by the words around a slip there is next to nothing left to compare.
        self._slips = dict(slips)

    @classmethod
    def load(cls, path: Path = CATALOGUE / "check_commands.yaml") -> Commands:
        """Raises CatalogueInvalid."""
        try:
            tree = yaml.load(path.read_bytes(), yaml.CSafeLoader)
            return cls(_read(tree))
        except (OSError, yaml.YAMLError, AttributeError, KeyError, TypeError, ValueError) as error:
            raise CatalogueInvalid(f"{path.name}: {error}") from error

    def read(self, text: str) -> Command | None:
        """The command that the text is; None where it is an answer, a question or anything else. Never raises."""
        asked = text.rstrip().endswith("?")
        comment = self._comment(text, asked=asked)
        if comment is not None or len(text) > LONGEST:
            return comment
        typed = bare(text)
        command = self._phrases.get(typed) or self._slipped(typed)
        if command is not None:
            return command if not asked or command.verb in self._vocabulary.may_be_asked else None
        return None if asked else self._changing(text)

    def _comment(self, text: str, *, asked: bool) -> Command | None:
        for language, (with_colon, without) in self._vocabulary.comments.items():
            found = with_colon.fullmatch(text.strip()) or (None if asked else without.fullmatch(text.strip()))
            if found is not None:
                number = int(found["number"]) if found["number"] else None
                return Command(Verb.COMMENT, number, (found["words"] or "").strip(), language)
        return None

    def _slipped(self, typed: str) -> Command | None:
        near = {
            command
            for around, word in _without_one(typed.split())
            for meant, command in self._slips.get(around, ())
            if OSA.distance(word, meant, score_cutoff=1) == 1
        }
        return near.pop() if len(near) == 1 else None

    def _changing(self, text: str) -> Command | None:
        """`ändra`, and which question: by its number, or by words that name it."""
        written = text.split()
        for length in range(len(written), 0, -1):
            lead, rest = bare(" ".join(written[:length])), " ".join(written[length:])
            number = _number(rest)
            if lead in self._edit and (number is not None or _names(rest)):
                words = "" if number is not None else rest.strip(" .,!:;\"”'")
                return Command(Verb.EDIT, number, words, self._edit[lead])
            if lead in self._edit_by_number and number is not None:
                return Command(Verb.EDIT, number, language=self._edit_by_number[lead])
        return None


def bare(text: str) -> str:
    """A text as phrases are compared: small letters, single spaces, no punctuation."""
    plain = unicodedata.normalize("NFKC", text).casefold()
    return " ".join(_NO_WORD.sub(" ", _APOSTROPHES.sub("", plain)).split())


def _number(rest: str) -> int | None:
    found = _TO_NUMBER.fullmatch(rest)
    return int(found[1]) if found else position(rest)


def _names(rest: str) -> bool:
    return len(rest.split()) <= _MOST_WORDS and _TO_ANSWER.match(rest) is None


def _without_one(words: Sequence[str]) -> Iterator[tuple[_Around, str]]:
    """Each of the words, with what is certain where it is the one that was mistyped: its place, its first letter and
    all others."""
    for place, word in enumerate(words):
        yield (place, word[0], *words[:place], *words[place + 1 :]), word


def _with_folded(phrases: Mapping[str, T], accents_matter: frozenset[str]) -> dict[str, T]:
    """The phrases, and how they are typed without accents, unless they are another word then."""
    plain = {folded(phrase): meant for phrase, meant in phrases.items() if phrase not in accents_matter}
    return {**plain, **phrases}


def _read(tree: Mapping[str, Any]) -> Vocabulary:
    phrases: dict[str, Command] = {}
    for name, by_language in tree["phrases"].items():
        _add(phrases, Command(Verb(name)), by_language)
    for name, by_language in tree["edit_background"].items():
        _add(phrases, Command(Verb.EDIT_BACKGROUND, words=name), by_language)
    leads = tree["leads"]
    return Vocabulary(
        phrases=phrases,
        edit=_by_phrase(leads["edit"]),
        edit_by_number=_by_phrase(leads["edit_by_number"]),
        comments={language: _comments(leads, language) for language in LANGUAGES},
        may_be_asked=frozenset(map(Verb, tree["may_be_asked"])),
        accents_matter=frozenset(map(bare, tree["accents_matter"])),
    )


def _add(phrases: dict[str, Command], command: Command, by_language: Mapping[str, list[str]]) -> None:
    for phrase, language in _by_phrase(by_language).items():
        if phrase in phrases:
            raise ValueError(f"{phrase!r} means {phrases[phrase].verb} already")
        phrases[phrase] = replace(command, language=language)


def _by_phrase(by_language: Mapping[str, list[str]]) -> dict[str, str | None]:
    """The language of each phrase; None where it is one of both."""
    languages: defaultdict[str, list[str]] = defaultdict(list)
    for language in LANGUAGES:
        for phrase in by_language[language]:
            if not isinstance(phrase, str):
                raise ValueError(f"{phrase!r} is no text; put it in quotes")
            languages[bare(phrase)].append(language)
    return {phrase: found[0] if len(found) == 1 else None for phrase, found in languages.items()}


def _comments(leads: Mapping[str, Mapping[str, list[str]]], language: str) -> tuple[re.Pattern[str], re.Pattern[str]]:
    """With a colon, and without one: `kommentar fråga 4: …`, `kommentar …`, `lägg till en kommentar`."""
    freely, strictly, to = (_any_of(leads[key][language]) for key in ("comment_bare", "comment", "comment_to"))
    with_colon = rf"(?:{freely}|{strictly})(?:\s+(?:(?:{to})\s+)?(?P<number>\d{{1,3}}))?\s*[:：](?P<words>.*)"
    without = rf"(?:(?:{freely})(?:\s+(?:{to})\s+(?P<number>\d{{1,3}})\b)?(?:\s+(?P<words>.*))?|(?:{strictly}))\W*"
    flags = re.IGNORECASE | re.DOTALL
    return re.compile(with_colon, flags), re.compile(without, flags)


def _any_of(phrases: Sequence[str]) -> str:
    ordered = sorted(phrases, key=len, reverse=True)
    return "|".join(r"\s+".join(re.escape(word) for word in phrase.split()) for phrase in ordered)
