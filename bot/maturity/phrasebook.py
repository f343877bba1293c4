"""Words that tell how far somebody has come, as data: phrases with a meaning, and how meanings lead to one another.

`phrasebook.yaml` explains its own format at the top.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from bot.maturity.errors import DataInvalid
from bot.maturity.instrument import Null
from bot.maturity.instrument_nodes import Fields, Value, compose
from bot.maturity.phrases import Family, Found, Meaning, Modifier, Phrase, end_of, pattern_of
from bot.maturity.typed import words

PHRASEBOOK = Path(__file__).parent / "phrasebook.yaml"
"""The phrasebook that comes with Fyren."""

ALL, NONE = "all_of_them", "none_of_them"
"""What may be typed for every option of a list, and for the one that goes with no other."""

NO, ABSENT, HALFWAY = "no", "absent", "halfway"
"""Meanings that every phrasebook has: a plain no, that there is nothing, and the middle step of a scale."""

WEIGHTS = {"strong": 3.0, "cues": 2.0, "weak": 1.0}
"""How much a phrase of each list counts."""

_WORD_LISTS = ("fillers", "number_words", "prefixes", "yes_words")
_KEY = 2
"""First letters by which phrases are found."""


class Phrasebook:
    """The phrases in a form in which a text is searched for all of them at once; immutable."""

    def __init__(
        self,
        meanings: Mapping[str, Meaning],
        phrases: Sequence[Phrase],
        forms: Mapping[str, tuple[tuple[str, ...], ...]],
        word_lists: Mapping[str, frozenset[str]],
    ) -> None:
        self.meanings = meanings
        self.forms = forms
        """What may be typed instead of pressing a button that gives no answer (by its `Null`), or for ALL or NONE."""
        self.fillers = word_lists["fillers"]
        """Words that may stand between a modifier and what it modifies."""
        self.number_words = word_lists["number_words"]
        """Words that may stand around a number that is an answer."""
        self.yes_words = word_lists["yes_words"]
        """Words that may stand before the name of an answer."""
        self.prefixes = tuple(sorted(word_lists["prefixes"]))
        """Beginnings of a word that make the rest of it stronger: `jättebra`."""
        self.negations = frozenset(
            phrase.pattern[0] for phrase in phrases if phrase.modifier is Modifier.NOT and len(phrase.pattern) == 1
        )
        """Single words that say that something is not."""
        self._by_key: dict[str, list[Phrase]] = defaultdict(list)
        for phrase in phrases:
            self._by_key[phrase.pattern[0].removesuffix("*")[:_KEY]].append(phrase)

    @classmethod
    def load(cls, path: Path = PHRASEBOOK) -> Phrasebook:
        """Raises DataInvalid."""
        try:
            text = path.read_text(encoding="utf-8-sig")
        except (OSError, UnicodeDecodeError) as error:
            raise DataInvalid(path.name, 1, "the file cannot be read as UTF-8") from error
        return cls.parse(text, path.name)

    @classmethod
    def parse(cls, text: str, name: str) -> Phrasebook:
        """The phrasebook in a file's text. Raises DataInvalid."""
        top = compose(text, name).fields("nulls", ALL, NONE, "modifiers", "vague", *_WORD_LISTS, "meanings")
        phrases = _Phrases()
        forms = {key: _forms(top[key]) for key in (ALL, NONE)}
        for null, (_, value) in _only(top["nulls"], tuple(Null)).items():
            fields = value.fields("forms", optional=tuple(WEIGHTS))
            forms[null] = _forms(fields["forms"])
            phrases.add(fields, null=Null(null))
        for modifier, (_, value) in _only(top["modifiers"], tuple(Modifier)).items():
            phrases.add_all(value, modifier=Modifier(modifier))
        phrases.add_all(top["vague"], vague=True)
        meanings = _meanings(top["meanings"], phrases)
        lists = {key: frozenset(_words(top[key])) for key in _WORD_LISTS}
        return cls(meanings, phrases.made(), forms, lists)

    def split(self, typed: Sequence[str]) -> tuple[str, ...]:
        """The words with strengthening beginnings taken off, as words of their own."""
        return tuple(part for word in typed for part in self._parted(word))

    def find(self, typed: Sequence[str]) -> Iterator[Found]:
        """Every phrase at every place, overlapping ones too."""
        for start, word in enumerate(typed):
            for phrase in self._by_key.get(word[:_KEY], ()):
                end = end_of(phrase.pattern, typed, start)
                if end is not None:
                    yield Found(phrase, start, end)

    def _parted(self, word: str) -> tuple[str, ...]:
        for prefix in self.prefixes:
            if word.startswith(prefix) and len(word) >= len(prefix) + 3:
                return (prefix, word.removeprefix(prefix))
        return (word,)


class _Phrases:
    """Collects phrases; the same words in two lists become one phrase that is both."""

    def __init__(self) -> None:
        self._found: dict[tuple[str, ...], Phrase] = {}

    def add(self, fields: Fields, *, meaning: str | None = None, null: Null | None = None) -> None:
        for key, weight in WEIGHTS.items():
            value = fields.get(key)
            if value is not None:
                self.add_all(value, meaning=meaning, null=null, weight=weight)

    def add_all(
        self,
        value: Value,
        *,
        meaning: str | None = None,
        null: Null | None = None,
        modifier: Modifier | None = None,
        vague: bool = False,
        weight: float = 0.0,
    ) -> None:
        for entry in value.entries():
            try:
                pattern = pattern_of(entry.text())
            except ValueError as error:
                raise entry.fail(str(error)) from error
            held = self._found.get(pattern)
            new = Phrase(pattern, meaning, null, modifier, vague, weight)
            if held is not None:
                if modifier is not None or held.modifier is None:
                    raise entry.fail(f"{entry.text()!r} stands in the file already; take one of them away")
                new = Phrase(pattern, meaning, null, held.modifier, vague, weight)
            self._found[pattern] = new

    def made(self) -> tuple[Phrase, ...]:
        return tuple(self._found.values())


def _meanings(value: Value, phrases: _Phrases) -> dict[str, Meaning]:
    pairs = value.pairs()
    for name in (NO, ABSENT, HALFWAY):
        if name not in pairs:
            raise value.fail(f"the meaning {name!r} is missing; add it")
    meanings: dict[str, Meaning] = {}
    for name, (_, entry) in pairs.items():
        fields = entry.fields("family", "degree", optional=("more", "less", "negated", "otherwise", *WEIGHTS))
        links = {
            key: held.one_of(str, tuple(pairs)) if (held := fields.get(key)) else None
            for key in ("more", "less", "negated")
        }
        otherwise = fields.get("otherwise")
        meanings[name] = Meaning(
            name=name,
            family=fields["family"].one_of(Family, tuple(Family)),
            degree=fields["degree"].whole(0, 100),
            more=links["more"] or name,
            less=links["less"] or name,
            negated=links["negated"],
            otherwise=tuple(
                tuple(each.one_of(str, tuple(pairs)) for each in group.entries()) for group in otherwise.entries()
            )
            if otherwise
            else (),
        )
        phrases.add(fields, meaning=name)
    return meanings


def _only(value: Value, names: Sequence[str]) -> Mapping[str, tuple[Value, Value]]:
    value.fields(*names)
    return value.pairs()


def _forms(value: Value) -> tuple[tuple[str, ...], ...]:
    return tuple(words(form.text()) for form in value.entries())


def _words(value: Value) -> Iterator[str]:
    for entry in value.entries():
        yield from words(entry.text())
