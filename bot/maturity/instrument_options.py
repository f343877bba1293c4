"""The options of an instrument's file: scales, answers of one item, and the words that each can be typed in."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from types import MappingProxyType

from bot.maturity.instrument import Kind, Option
from bot.maturity.instrument_nodes import Fields, Value
from bot.maturity.typed import words

LENGTHS: Mapping[Kind, tuple[int, int]] = MappingProxyType(
    {Kind.LEVEL: (2, 10), Kind.CHOICE: (2, 12), Kind.CHOICES: (3, 20), Kind.TEXT: (0, 0)}
)
"""How many options an item of a kind has, at least and at most; more than that nobody reads on a telephone."""

RESERVED = frozenset(
    {
        *("vet ej", "vet inte", "ej aktuellt", "inte aktuellt", "hoppa över", "tillbaka", "paus", "pausa", "avbryt"),
        *("fortsätt", "ändra", "hjälp", "integritet", "kommentar", "mina svar", "radera mina svar", "skicka in"),
        *("don't know", "not applicable", "skip", "back", "pause", "cancel", "continue", "change", "help", "privacy"),
        *("comment", "my answers", "delete my answers", "submit"),
    }
)
"""What a person writes to do something else than choosing an option."""


def read_options(value: Value, kind: Kind) -> tuple[Option, ...]:
    """A list of options. Raises DataInvalid where they do not fit the kind, or could be mistaken for one another."""
    records = value.records("code", "label", optional=("level", "forms", "exclusive"))
    least, most = LENGTHS[kind]
    if not least <= len(records) <= most:
        raise value.fail(f"an item of the kind {kind} has {least} to {most} options, not {len(records)}")
    if kind is Kind.LEVEL:
        for expected, (code, fields) in enumerate(records):
            if code != str(expected):
                raise fields["code"].fail(
                    f"levels are numbered 0, 1, 2 and so on, worst first: write {expected}, not {code}"
                )
    distinct(_names(fields) for _, fields in records)
    options = tuple(_option(code, fields, kind) for code, fields in records)
    if kind is Kind.CHOICES:
        _check_exclusive(value, records, options)
    return options


def with_levels(options: tuple[Option, ...], value: Value | None) -> tuple[Option, ...]:
    """A scale's options with an item's own sentences for some of its levels, given by code."""
    if value is None:
        return options
    codes = [option.code for option in options]
    own = {}
    for code, (key, sentence) in value.pairs().items():
        if code not in codes:
            raise key.fail(f"the scale has no level {code!r}; its levels are {', '.join(codes)}")
        own[code] = sentence.wording()
    return tuple(replace(option, level=own.get(option.code, option.level)) for option in options)


def titled(fields: Fields) -> list[Value]:
    """The values of a title in both languages, as `distinct` takes them."""
    wording = fields["title"].fields("sv", "en")
    return [wording["sv"], wording["en"]]


def distinct(choices: Iterable[Iterable[Value]]) -> None:
    """Raises DataInvalid where a typed answer could mean two of the choices, or something else than a choice.

    Each choice is given as its names. They are compared as typed answers are: without case, accents and punctuation.
    """
    reserved = {words(each) for each in RESERVED}
    taken: dict[tuple[str, ...], tuple[int, Value]] = {}
    for number, names in enumerate(choices):
        for name in names:
            text = name.text()
            key = words(text)
            if all(word.isdecimal() for word in key):
                raise name.fail(f"{text!r} has no letters; a number in an answer means a place in the list")
            if key in reserved:
                raise name.fail(f"{text!r} is what people write for something else than an option; choose another word")
            owner, first = taken.setdefault(key, (number, name))
            if owner != number:
                raise name.fail(f"{text!r} stands for another choice too, in line {first.line}; take one of them away")


def _option(code: str, fields: Fields, kind: Kind) -> Option:
    level, forms, exclusive = fields.get("level"), fields.get("forms"), fields.get("exclusive")
    if exclusive and kind is not Kind.CHOICES:
        raise exclusive.fail(f"exclusive is for options of the kind {Kind.CHOICES}; take it away")
    return Option(
        code=code,
        label=fields["label"].wording(),
        level=level.wording() if level else None,
        forms=tuple(form.text() for form in forms.entries()) if forms else (),
        exclusive=exclusive.flag() if exclusive else False,
    )


def _names(fields: Fields) -> list[Value]:
    label, forms = fields["label"].fields("sv", "en"), fields.get("forms")
    return [label["sv"], label["en"], *(forms.entries() if forms else ())]


def _check_exclusive(value: Value, records: tuple[tuple[str, Fields], ...], options: tuple[Option, ...]) -> None:
    """Somebody to whom nothing applies needs an answer, at the end of the list where it is looked for."""
    for (_, fields), option in zip(records[:-1], options[:-1], strict=True):
        if option.exclusive:
            raise fields["exclusive"].fail("only the last option can be exclusive; move it to the end")
    if not options[-1].exclusive:
        raise value.fail("the last option must be one such as 'None of these' with exclusive: true; add it")
