"""A person's answers beside those of 2024, item by item, with what must be said about the old figures."""

from __future__ import annotations

from collections.abc import Sequence

from bot.conversation import figures
from bot.conversation.card import Line, Look
from bot.conversation.check import wording
from bot.conversation.check.keeper import Held
from bot.conversation.texts import Texts
from bot.maturity.baseline import Comparison, Row
from knowledge.model import Unit


def comparison_lines(held: Held, comparisons: Sequence[Comparison], texts: Texts) -> tuple[Line, ...]:
    """Three lines or more an item: the answer, the distribution of 2024, and every reservation about it."""
    lines: list[Line] = []
    for each in comparisons:
        lines += _lines(held, each, texts)
    return tuple(lines)


def _lines(held: Held, compared: Comparison, texts: Texts) -> list[Line]:
    session, instrument, language = held.session, held.round.instrument, held.session.language
    item = instrument.item(compared.item)
    number, _ = wording.number(session, instrument, compared.item)
    answer = wording.answer(item, session.answers.get(compared.item), texts, language) if item else ""
    topic = compared.topic.say(language)
    said = texts.say("check.result.compare_item", language, number=number, topic=topic, answer=answer)
    told = [_shares(compared, texts, language)] if compared.rows else list(compared.distribution.findings)
    caveats = [
        texts.say("check.result.compare_caveat", language, caveat=each) for each in compared.distribution.caveats
    ]
    return [Line(said, Look.STRONG), *(Line(each) for each in told), *(Line(each, Look.SUBTLE) for each in caveats)]


def _shares(compared: Comparison, texts: Texts, language: str) -> str:
    shares = ", ".join(_share(row, texts, language) for row in compared.rows)
    if compared.distribution.unit is Unit.TICK:
        return texts.say("check.result.compare_ticks", language, shares=shares)
    respondents = compared.distribution.respondents
    if respondents is None:
        return texts.say("check.result.compare_shares", language, shares=shares)
    return texts.say("check.result.compare_shares_n", language, respondents=respondents, shares=shares)


def _share(row: Row, texts: Texts, language: str) -> str:
    label = " + ".join(each.say(language) for each in row.labels) or texts.say("check.item.null.dk", language)
    if row.percent is None:
        told = texts.say("check.result.share_missing", language, label=label)
    else:
        share = figures.percent(row.percent, texts, language)
        if row.corrected is not None:
            corrected = figures.percent(row.corrected, texts, language)
            share = texts.say("figure.probably", language, share=share, corrected=corrected)
        told = f"{label} {share}"
    return texts.say("check.result.share_own", language, share=told) if row.own else told
