"""What to go on with: advice that is written beforehand, chosen by fixed rules from a person's answers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from bot.maturity.instrument import Instrument, Item, Kind, Null, Wording
from bot.maturity.scoring import item_index
from bot.maturity.session import Given

COUNT = 3
"""Recommendations that a person gets; more are not taken in."""


@dataclass(frozen=True, slots=True)
class Quote:
    """A sentence of a document of the knowledge base, word for word, in Swedish."""

    document: str
    quote: str


@dataclass(frozen=True, slots=True)
class Advice:
    """What to do next. `challenge` is what it is about: U01 to U21 of the report, or a name of its own.

    `sources` say why, `initiatives` who helps.
    """

    challenge: str
    title: Wording
    text: Wording
    sources: tuple[Quote, ...]
    initiatives: tuple[Quote, ...] = ()


@dataclass(frozen=True, slots=True)
class Gap:
    """Advice on options of an item with several choices: on an obstacle that is chosen, or on what is `missing`.

    It weighs as an answer with the index `weighs` (0-100).
    """

    codes: frozenset[str]
    weighs: float
    missing: bool
    advice: Advice


@dataclass(frozen=True, slots=True)
class ItemAdvice:
    """The advice on one item: by level (a code each) or by gap."""

    item: str
    levels: Mapping[str, Advice] = field(default_factory=dict)
    gaps: tuple[Gap, ...] = ()

    @property
    def first(self) -> Advice:
        """The advice on the worst answer; its sources tell what the item is about."""
        return next(iter(self.levels.values())) if self.levels else self.gaps[0].advice


@dataclass(frozen=True, slots=True)
class Unknown:
    """What is said about an item that was answered "vet ej"; texts with the placeholder `{topic}`."""

    weighs: float
    title: Wording
    text: Wording


@dataclass(frozen=True, slots=True)
class AdviceFile:
    """All advice for an instrument, by item."""

    instrument: str
    unknown: Unknown
    items: Mapping[str, ItemAdvice]


@dataclass(frozen=True, slots=True)
class Recommendation:
    """Advice that a person gets, and the item and area that it comes from. `index` is what its answer weighed."""

    item: str
    area: str
    index: float
    advice: Advice


def choose(
    advice: AdviceFile | None,
    instrument: Instrument,
    items: Sequence[Item],
    answers: Mapping[str, Given],
    count: int = COUNT,
) -> tuple[Recommendation, ...]:
    """The recommendations for a person who was asked these items: at most `count`, most needed first.

    The rule. Every answer that there is advice on is a candidate, and weighs as much as its index: an item with levels
    as its level, with the text for that level, so that somebody whose answers are all high gets the texts for high
    levels; a gap (an obstacle that was chosen, something that was not named among what is in place) as the file says;
    "vet ej" as the file says too, with the advice to find out. The candidate with the lowest weight is taken, then the
    next lowest, and so on. Of those that weigh the same, one from an area that has none yet goes first, then the one
    whose item was asked first. What a recommendation has been taken for, its challenge, is taken once only.

    Items in words, items that were skipped or do not apply, and answers without advice give nothing. Without advice for
    the instrument there are no recommendations.
    """
    if advice is None:
        return ()
    order = {item.id: place for place, item in enumerate(instrument.items)}
    left = [one for item in items for one in _candidates(item, answers.get(item.id), advice)]
    chosen: list[Recommendation] = []
    while left and len(chosen) < count:
        areas = {one.area for one in chosen}
        best = min(left, key=lambda one: (one.index, one.area in areas, order.get(one.item, len(order))))
        chosen.append(best)
        left = [one for one in left if one.advice.challenge != best.advice.challenge]
    return tuple(chosen)


def _candidates(item: Item, given: Given | None, advice: AdviceFile) -> Iterator[Recommendation]:
    own = advice.items.get(item.id)
    if given is None or item.kind is Kind.TEXT or given.null in (Null.SKIPPED, Null.NOT_APPLICABLE):
        return
    if given.null is Null.DONT_KNOW:
        yield Recommendation(item.id, item.area, advice.unknown.weighs, _find_out(item, own, advice.unknown))
    elif own is not None and (index := item_index(item, given)) is not None:
        if given.codes[0] in own.levels:
            yield Recommendation(item.id, item.area, index, own.levels[given.codes[0]])
    elif own is not None and given.codes:
        for gap in own.gaps:
            if gap.missing is gap.codes.isdisjoint(given.codes):
                yield Recommendation(item.id, item.area, gap.weighs, gap.advice)


def _find_out(item: Item, own: ItemAdvice | None, unknown: Unknown) -> Advice:
    def about(text: Wording) -> Wording:
        return Wording(text.sv.replace("{topic}", item.topic.sv), text.en.replace("{topic}", item.topic.en))

    challenge = own.first.challenge if own is not None and own.levels else item.id
    return Advice(challenge, about(unknown.title), about(unknown.text), own.first.sources if own else ())
