"""What a person gets for sending the answers in: a profile, the comparison with 2024, advice with its sources."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass

from bot.conversation.card import Block, Button, Buttons, CardReply, Fold, Gauge, Line, Look, Table
from bot.conversation.check import official
from bot.conversation.check.advice_reply import advice_reply
from bot.conversation.check.comparison_lines import comparison_lines
from bot.conversation.check.keeper import Held
from bot.conversation.check.opening_cards import Contacts
from bot.conversation.check.presses import On, Verb, action, card_key
from bot.conversation.replies import Reply, TextReply
from bot.conversation.texts import Texts
from bot.maturity.baseline import Distribution
from bot.maturity.ports import Sources
from bot.maturity.profile import AreaResult, Profile, profile
from bot.maturity.recommendations import AdviceFile


@dataclass(frozen=True, slots=True)
class Background:
    """What results are made from beside the answers: the survey of 2024, and advice by instrument."""

    baseline: Mapping[str, Distribution]
    advice: Mapping[str, AdviceFile]


class Results:
    """Makes the replies to a check that was sent in. Reads nothing before that, so nothing can colour an answer."""

    def __init__(self, texts: Texts, background: Background, sources: Sources, contacts: Contacts) -> None:
        self._texts = texts
        self._background = background
        self._sources = sources
        self._contacts = contacts

    async def replies(self, held: Held) -> list[Reply]:
        """Thanks and profile, the comparison, the advice, and whom to talk to."""
        # A profile is a few milliseconds of work, and looking up its sources may be the first time in this generation.
        return await asyncio.to_thread(self._replies, held)

    def _replies(self, held: Held) -> list[Reply]:
        language = held.session.language
        found = self._profile(held)
        advice = advice_reply(found.recommendations, self._sources, self._texts, language)
        human = self._texts.say("check.result.human", language, contact=self._contacts.strategist)
        return [self._profile_card(held, found), *self._comparison(held, found), *advice, TextReply(human)]

    async def compared(self, held: Held) -> list[Reply]:
        """The comparison alone, unfolded."""
        lines = await asyncio.to_thread(self._lines, held)
        told = "\n\n".join(line.text for line in lines)
        return [TextReply(told or self._texts.say("check.result.compare_none", held.session.language))]

    def _lines(self, held: Held) -> tuple[Line, ...]:
        return comparison_lines(held, self._profile(held).comparisons, self._texts)

    def _profile(self, held: Held) -> Profile:
        instrument = held.round.instrument
        advice = self._background.advice.get(instrument.id)
        return profile(instrument, held.session, self._background.baseline, advice)

    def taken(self, held: Held) -> str:
        """That another group has answered for the same organisation."""
        organisation = held.round.instrument.organisation(held.session.background.organisation)
        return self._texts.say(
            "check.refused.taken",
            held.session.language,
            organisation=organisation.title if organisation else "",
            contact=self._contacts.strategist,
        )

    def _profile_card(self, held: Held, found: Profile) -> CardReply:
        session, say, language = held.session, self._texts.say, held.session.language
        blocks: list[Block] = [
            Line(say("check.result.thanks", language), Look.HEADING),
            Line(self._next(held)),
            Line(official.who_sees(session, held.round.instrument, self._texts)),
        ]
        told = ""
        if found.areas:
            told = "; ".join(f"{self._area(each, language)}: {self._value(each, language)}" for each in found.areas)
            blocks += [
                Line(say("check.result.profile", language), Look.HEADING),
                Line(say("check.result.profile_text", language)),
                *(
                    Gauge(self._area(each, language), each.score.index, self._value(each, language))
                    for each in found.areas
                ),
                self._table(found, language),
            ]
        blocks += [
            Line(say("check.result.not_ai", language), Look.SUBTLE),
            Buttons(
                (
                    Button(say("check.review.mine", language), action(Verb.MY_ANSWERS, session, On.RESULT)),
                    Button(say("check.review.change_button", language), action(Verb.REVIEW, session, On.RESULT)),
                    Button(say("check.review.erase", language), action(Verb.ERASE, session, On.RESULT)),
                )
            ),
        ]
        thanks = say("check.result.thanks", language)
        summary = f"{thanks} {say('check.result.profile_summary', language, told=told)}" if told else thanks
        return CardReply(summary, tuple(blocks), card_key(session.id, On.RESULT))

    def _next(self, held: Held) -> str:
        language, say = held.session.language, self._texts.say
        if held.round.practice:
            return say("check.result.practice", language)
        if held.round.closes is None:
            return say("check.result.next_open", language)
        return say("check.result.next_dated", language, date=held.round.closes.isoformat())

    def _table(self, found: Profile, language: str) -> Table:
        say = self._texts.say
        head = tuple(say(f"check.result.profile_head.{column}", language) for column in ("area", "index", "answered"))
        rows = tuple(
            (self._area(each, language), self._index(each, language), f"{each.score.answered}/{each.score.asked}")
            for each in found.areas
        )
        return Table(say("check.result.profile_caption", language), head, rows)

    def _area(self, result: AreaResult, language: str) -> str:
        title = result.title.say(language)
        return f"{title}, {result.role.say(language)}" if result.role else title

    def _index(self, result: AreaResult, language: str) -> str:
        index = result.score.index
        return self._texts.say("check.result.no_index", language) if index is None else f"{index:.0f}"

    def _value(self, result: AreaResult, language: str) -> str:
        score, say = result.score, self._texts.say
        if score.index is None:
            return say("check.result.area_thin", language, answered=score.answered, asked=score.asked)
        return say(
            "check.result.area", language, index=f"{score.index:.0f}", answered=score.answered, asked=score.asked
        )

    def _comparison(self, held: Held, found: Profile) -> list[Reply]:
        if not found.comparisons:
            return []
        language, say = held.session.language, self._texts.say
        lines = comparison_lines(held, found.comparisons, self._texts)
        blocks: tuple[Block, ...] = (
            Line(say("check.result.compare", language), Look.HEADING),
            Line(say("check.result.compare_text", language)),
            Fold(say("check.result.compare_fold", language), lines),
        )
        return [CardReply(say("check.result.compare_summary", language), blocks)]
