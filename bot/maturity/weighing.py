"""What a sentence says, as meanings with weights: phrases found, negations and strengthening words applied.

A negation that belongs to nothing understood makes the whole sentence `unclear`: better to ask than to propose the
opposite of what was said.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from bot.maturity.instrument import Null
from bot.maturity.phrasebook import NO, Phrasebook
from bot.maturity.phrases import Found, Modifier, Phrase
from bot.maturity.typed import BREAK

K = TypeVar("K")

LABEL_WEIGHT = 3.0
"""How much it counts that the words of an option stand in the sentence."""

_MORE_OF_THE_SAME = 0.5
"""What each further phrase of one meaning adds to the weightiest."""
_AFFIRMATIVE = 40
"""The degree from which a meaning says that there is something."""
_REACH = 6
"""Words that a modifier may stand before what it modifies."""


@dataclass(frozen=True, slots=True)
class Label:
    """The words of an option in a text, from word `start` up to `end`."""

    code: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Heard:
    """What a sentence says: weights by meaning, by option whose own words are used, and by reason for no answer.

    Where it is `unclear`, nothing is to be made of it.
    """

    meanings: Mapping[str, float] = field(default_factory=dict)
    labels: Mapping[str, float] = field(default_factory=dict)
    nulls: Mapping[Null, float] = field(default_factory=dict)
    unclear: bool = False


Owner = Callable[[str, Sequence[str]], str | None]
"""The option that a phrase with this meaning and these words belongs to instead, if any."""


def heard(book: Phrasebook, typed: Sequence[str], labels: Sequence[Label] = (), owner: Owner | None = None) -> Heard:
    """What these words say. `typed` are folded words with BREAK between clauses; `labels` stand among them."""
    found = list(book.find(typed))
    chosen = _apart([*labels, *found])
    attached = _attached(book, typed, chosen)
    spoiled = [label for label in chosen if isinstance(label, Label) and attached.of(label)]
    if spoiled:
        chosen = _apart([*(label for label in labels if label not in spoiled), *found])
        attached = _attached(book, typed, chosen)
    return _weigh(book, typed, chosen, attached, owner)


def _apart(spans: Sequence[Label | Found]) -> list[Label | Found]:
    """The longest first, of equals the weightiest, and of the others those that overlap none; in reading order."""
    ranked = sorted(spans, key=lambda span: (span.start - span.end, -_weight(span), span.start))
    taken: set[int] = set()
    chosen: list[Label | Found] = []
    for span in ranked:
        if taken.isdisjoint(range(span.start, span.end)):
            taken.update(range(span.start, span.end))
            chosen.append(span)
    return sorted(chosen, key=lambda span: span.start)


class _Attachments:
    """Which modifiers belong to which span, and which belong to none."""

    def __init__(self) -> None:
        self._by_start: dict[int, list[Modifier]] = {}
        self.used: set[int] = set()

    def attach(self, span: Label | Found, modifier: Found) -> None:
        if modifier.phrase.modifier is not None:
            self._by_start.setdefault(span.start, []).append(modifier.phrase.modifier)
            self.used.add(modifier.start)

    def of(self, span: Label | Found) -> Sequence[Modifier]:
        return self._by_start.get(span.start, ())


def _attached(book: Phrasebook, typed: Sequence[str], chosen: Sequence[Label | Found]) -> _Attachments:
    """From the last to the first, so that in `inte alls bra` the first words modify and are no meaning of their own."""
    ends = {span.end: span for span in chosen}
    attached = _Attachments()
    for span in reversed(chosen):
        if span.start in attached.used or (isinstance(span, Found) and _only_modifies(span.phrase)):
            continue
        place = span.start
        while place > 0 and span.start - place <= _REACH and typed[place - 1] != BREAK:
            before = ends.get(place)
            if isinstance(before, Found) and before.phrase.modifier is not None and before.start not in attached.used:
                attached.attach(span, before)
                place = before.start
            elif before is None and typed[place - 1] in book.fillers:
                place -= 1
            else:
                break
    return attached


def _weight(span: Label | Found) -> float:
    return span.phrase.weight if isinstance(span, Found) else LABEL_WEIGHT + 1


def _only_modifies(phrase: Phrase) -> bool:
    return phrase.modifier is not None and phrase.meaning is None and phrase.null is None


def _weigh(
    book: Phrasebook, typed: Sequence[str], chosen: Sequence[Label | Found], attached: _Attachments, owner: Owner | None
) -> Heard:
    meanings: dict[str, float] = {}
    labels: dict[str, float] = {}
    nulls: dict[Null, float] = {}
    unclear = denies = affirms = False
    for span in chosen:
        part = typed[span.start : span.end]
        negative = not book.negations.isdisjoint(part)
        if isinstance(span, Label):
            _add(labels, span.code, LABEL_WEIGHT)
            affirms |= not negative
        elif span.start in attached.used:
            continue
        elif span.phrase.vague or _leads_nowhere(book, typed, chosen, span):
            unclear = True
        elif span.phrase.null is not None:
            _add(nulls, span.phrase.null, span.phrase.weight)
            unclear |= Modifier.NOT in attached.of(span)
            denies |= negative
        elif span.phrase.meaning is not None:
            modifiers = attached.of(span)
            code = owner(span.phrase.meaning, part) if owner and not modifiers else None
            name = _modified(book, span.phrase.meaning, modifiers)
            if code is not None:
                _add(labels, code, span.phrase.weight)
            elif name is None:
                unclear = True
            else:
                # A plain no may introduce what is said, but not follow it.
                unclear |= name == NO and bool(meanings or labels)
                _add(meanings, name, span.phrase.weight)
                denies |= negative and book.meanings[name].denies
                affirms |= not negative and book.meanings[name].degree >= _AFFIRMATIVE
    unclear |= (denies and affirms) or bool(nulls and (meanings or labels))
    return Heard(meanings, labels, nulls, unclear)


def _leads_nowhere(book: Phrasebook, typed: Sequence[str], chosen: Sequence[Label | Found], span: Found) -> bool:
    """Whether this is a modifier of something that is not understood: `inte` alone, `helt` in `helt hopplöst`."""
    if span.phrase.modifier is None:
        return False
    if span.phrase.meaning is None:
        return span.phrase.modifier is Modifier.NOT
    following = typed[span.end] if span.end < len(typed) else BREAK
    known = following == BREAK or following in book.fillers or any(other.start == span.end for other in chosen)
    return not known


def _modified(book: Phrasebook, name: str, modifiers: Sequence[Modifier]) -> str | None:
    meaning = book.meanings[name]
    if Modifier.NOT in modifiers:
        return meaning.negated if modifiers.count(Modifier.NOT) == 1 else None
    if Modifier.MORE in modifiers:
        return meaning.more
    return meaning.less if Modifier.LESS in modifiers else name


def _add(weights: dict[K, float], key: K, weight: float) -> None:
    held = weights.get(key, 0.0)
    weights[key] = max(held, weight) + _MORE_OF_THE_SAME if held else weight
