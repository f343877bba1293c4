"""The weekly digest as a card: for each open round how many have answered, by municipality, and how long is left."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from bot.conversation.card import Block, CardReply, Line, Look, Table
from bot.conversation.texts import Texts
from bot.reminders.digest import OpenRound
from bot.results.model import Count, Response


def digest_card(rounds: Sequence[OpenRound], today: date, texts: Texts, language: str) -> CardReply:
    """The card of this week; `rounds` are those that are open."""
    week = today.isocalendar().week
    blocks: list[Block] = [Line(texts.say("reminders.weekly.title", language, week=week), Look.HEADING)]
    for each in rounds:
        blocks += _round(each, texts, language)
    blocks.append(Line(texts.say("reminders.weekly.note", language), Look.SUBTLE))
    told = " ".join(
        texts.say(
            "reminders.weekly.summary_round",
            language,
            label=each.held.label,
            number=number(each.participation.total.answered, texts, language),
        )
        for each in rounds
    )
    return CardReply(texts.say("reminders.weekly.summary", language, week=week, told=told), tuple(blocks))


def number(count: Count, texts: Texts, language: str) -> str:
    """A number, or its range where it is not told exactly."""
    if count.exact is not None:
        return str(count.exact)
    return texts.say("reminders.weekly.range", language, low=count.low, high=count.high)


def _round(each: OpenRound, texts: Texts, language: str) -> Iterator[Block]:
    held, say = each.held, texts.say
    title = held.instrument.title.say(language)
    yield Line(say("reminders.weekly.round", language, title=title, label=held.label), Look.HEADING)
    yield Line(_left(each, texts, language))
    total = number(each.participation.total.answered, texts, language)
    yield Line(say("reminders.weekly.total", language, number=total), Look.STRONG)
    if each.participation.joint:
        yield Line(say("reminders.weekly.joint", language, number=each.participation.joint))
    yield _table(each, texts, language)


def _left(each: OpenRound, texts: Texts, language: str) -> str:
    if each.held.closes is None or each.days_left is None:
        return texts.say("reminders.weekly.days_open", language)
    if each.days_left <= 1:
        return texts.say("reminders.weekly.days_last", language)
    return texts.say("reminders.weekly.days", language, days=each.days_left, date=each.held.closes.isoformat())


def _table(each: OpenRound, texts: Texts, language: str) -> Table:
    say, instrument = texts.say, each.held.instrument
    lines: list[tuple[str, Response]] = []
    for organisation_id, response in each.participation.municipalities.items():
        organisation = instrument.organisation(organisation_id)
        lines.append((organisation.title if organisation else organisation_id, response))
    if each.participation.shared is not None:
        lines.append((say("reminders.weekly.shared", language), each.participation.shared))
    invited = any(response.invited is not None for _, response in lines)
    columns = ("municipality", "answered", "invited") if invited else ("municipality", "answered")
    rows = []
    for name, response in lines:
        told = "" if response.invited is None else str(response.invited)
        row = (name, number(response.answered, texts, language), told or say("reminders.weekly.unknown", language))
        rows.append(row[: len(columns)])
    head = tuple(say(f"reminders.weekly.head.{column}", language) for column in columns)
    return Table(say("reminders.weekly.caption", language), head, tuple(rows))
