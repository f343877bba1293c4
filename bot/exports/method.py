"""How the figures came to be and what is hidden, and about the export itself: what stands in every file."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bot.conversation.texts import Texts
from bot.exports.material import Material
from bot.exports.names import Names
from bot.maturity.rounds import TEXT_THRESHOLD
from bot.results.views import Audience


@dataclass(frozen=True, slots=True)
class Section:
    """A heading with sentences below it."""

    heading: str
    lines: tuple[str, ...]


def method(material: Material, texts: Texts, language: str) -> tuple[Section, ...]:
    """How it was computed, what is hidden and why, and what has to be known about the figures of 2024."""
    sections = [
        Section(texts.say("exports.method.heading", language), texts.lines("exports.method.lines", language)),
        Section(texts.say("exports.method.hidden_heading", language), hidden(material, texts, language)),
    ]
    if material.baseline:
        caveats = tuple(_caveats(material, texts, language))
        told = (*texts.lines("exports.method.baseline", language), *caveats)
        sections.append(Section(texts.say("exports.method.baseline_heading", language), told))
    return tuple(sections)


def hidden(material: Material, texts: Texts, language: str) -> tuple[str, ...]:
    """What is not told, and why; with the threshold of the round."""
    threshold = material.view.edition.threshold
    first = texts.say("exports.method.threshold", language, k=threshold, text=max(threshold, TEXT_THRESHOLD))
    return (first, *texts.lines("exports.method.hidden", language))


def about(material: Material, texts: Texts, language: str) -> Sequence[tuple[str, str]]:
    """Which round and edition this is, for whom, and that no model wrote it, as pairs of a name and a value."""
    edition, held = material.view.edition, material.round
    audience = material.view.audience
    named = {"municipality": own_municipality(material, language)} if audience is Audience.MUNICIPALITY else {}
    values = {
        "round": edition.label,
        "edition": str(edition.number),
        "compiled": edition.compiled.isoformat(),
        "opened": edition.opened.isoformat(),
        "closed": edition.closed.isoformat(),
        "instrument": f"{held.instrument.title.say(language)} {edition.instrument_version}",
        "digest": edition.digest,
        "threshold": str(edition.threshold),
        "diary": held.diary_number,
        "audience": texts.say(f"exports.audience.{audience}", language, **named),
        "generator": texts.say("exports.about.program", language, version=material.program),
        "ai": texts.say("exports.about.ai_value", language),
        "demo": texts.say("exports.about.demo_value", language) if edition.demo else "",
        "practice": texts.say("exports.about.practice_value", language) if edition.practice else "",
    }
    return [(texts.say(f"exports.about.{name}", language), value) for name, value in values.items() if value]


def own_municipality(material: Material, language: str) -> str:
    """The name of the municipality that the view is of; empty where it is of all of them."""
    municipality = material.view.municipality
    return Names(material.round.instrument, language).municipality(municipality) if municipality else ""


def _caveats(material: Material, texts: Texts, language: str) -> Iterator[str]:
    """Every known error of 2024 in the items that are in the view; the survey's own words, which are Swedish."""
    seen = dict.fromkeys(result.item for result in material.view.edition.results)
    for item_id in seen:
        item = material.round.instrument.item(item_id)
        distribution = material.baseline.get(item.baseline) if item is not None and item.baseline else None
        if item is not None and distribution is not None:
            for caveat in distribution.caveats:
                yield texts.say("exports.method.caveat", language, item=item.topic.say(language), caveat=caveat)
