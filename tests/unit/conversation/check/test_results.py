"""What comes back after sending in: profile, comparison with 2024 with its reservations, advice with its sources."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from bot.conversation.card import CardReply, Fold, Gauge, Table
from bot.conversation.check.keeper import Held
from bot.conversation.check.opening_cards import Contacts
from bot.conversation.check.results import Background, Results
from bot.conversation.replies import AnswerReply, Reply, TextReply
from bot.conversation.texts import Texts
from bot.knowledge_base import LIBRARY
from bot.maturity import moves
from bot.maturity.advice_file import load_advice
from bot.maturity.baseline import baseline_of
from bot.maturity.instrument import Instrument, Null
from bot.maturity.instrument_file import INSTRUMENTS, MAIN, load_folder
from bot.maturity.ports import Draft, Sources
from bot.maturity.session import Background as Described
from bot.maturity.session import Given, Source
from bot.maturity.steps import begin, take
from knowledge.errors import IndexDamaged
from knowledge.model import Passage
from knowledge.survey.loading import load
from tests.fakes.check_talk import NoSources, open_round
from tests.fakes.knowledge import passage

CONTACTS = Contacts("Kim Strateg, kim@example.se", "ombud@example.se")
READ = moves.ReadNotice("v1", date(2026, 11, 1))


class EverySource:
    """A knowledge base that holds whatever is quoted."""

    def quoted(self, document: str, quote: str) -> Passage | None:
        return replace(passage(quote, "Avsnitt", title=document, pages=(1,)), document=document)


class DamagedSource:
    """A knowledge base that breaks."""

    def quoted(self, document: str, quote: str) -> Passage | None:
        raise IndexDamaged("the file is short")


@pytest.fixture(scope="module")
def shipped() -> Instrument:
    return load_folder(INSTRUMENTS)[MAIN]


@pytest.fixture(scope="module")
def background(shipped: Instrument) -> Background:
    advice = load_advice(shipped)
    assert advice is not None
    return Background(baseline_of(load(LIBRARY / "enkat-2024.yaml")), {shipped.id: advice})


def submitted(
    instrument: Instrument, role: str, level: str, *, language: str = "sv", closes: date | None = None
) -> Held:
    """Somebody who answered every item of a role with one level."""
    session = begin("s1", "r1", Source.INDIVIDUAL, language, READ, instrument)
    session = take(session, moves.Describe(Described("uddevalla", (role,), "ekonomi")), instrument)
    while session.at:
        item = instrument.item(session.at)
        assert item is not None
        given = Given(codes=(level,)) if item.option(level) else Given(null=Null.SKIPPED)
        session = take(session, moves.Reply(item.id, given), instrument)
    return Held(Draft(take(session, moves.Submit(), instrument), 9), open_round(instrument, closes=closes))


async def replies(held: Held, background: Background, sources: Sources | None = None) -> list[Reply]:
    return await Results(Texts.load(), background, sources or EverySource(), CONTACTS).replies(held)


async def test_the_profile_has_bars_a_table_and_a_text_alternative(shipped: Instrument, background: Background) -> None:
    card = (await replies(submitted(shipped, "overgripande", "2"), background))[0]
    assert isinstance(card, CardReply)
    bars = {block.label: (block.percent, block.told) for block in card.blocks if isinstance(block, Gauge)}
    assert bars["Styrning"] == (40.0, "40 av 100 (4 av 4 frågor)")
    [table] = [block for block in card.blocks if isinstance(block, Table)]
    assert ("Styrning", "40", "4/4") in table.rows
    assert "Styrning: 40 av 100" in card.summary


async def test_own_answers_stand_beside_those_of_2024_with_their_reservations(
    shipped: Instrument, background: Background
) -> None:
    card = (await replies(submitted(shipped, "overgripande", "2"), background))[1]
    assert isinstance(card, CardReply)
    [fold] = [block for block in card.blocks if isinstance(block, Fold)]
    told = "\n".join(getattr(line, "text", "") for line in fold.blocks)
    assert "Portföljstyrning. Ditt svar: Utvecklingsfas." in told
    assert "Utvecklingsfas 33 % (ditt svar)" in told
    assert "2 % (troligen 11 %)" in told
    assert "troligen ett tryckfel" in told
    assert "2024 (18 svar)" in told
    assert "andel av alla kryss" in told


async def test_three_recommendations_each_with_sources_and_initiatives(
    shipped: Instrument, background: Background
) -> None:
    [answer] = [
        each
        for each in await replies(submitted(shipped, "verksamhetsnara", "1"), background)
        if isinstance(each, AnswerReply)
    ]
    text = answer.answer.text
    assert text.startswith("Tre saker att gå vidare med")
    assert all(f"\n\n{number}. " in text for number in (1, 2, 3))
    assert "\n\n4. " not in text
    assert len(answer.answer.citations) >= 6
    for citation in answer.answer.citations:
        assert f"”{citation.quote}” [{citation.n}]" in text
    assert (answer.id, answer.curated) == ("", True)


@pytest.mark.parametrize("sources", [NoSources(), DamagedSource()])
async def test_advice_stands_without_its_sources_where_they_cannot_be_looked_up(
    shipped: Instrument, background: Background, sources: Sources
) -> None:
    said = await replies(submitted(shipped, "verksamhetsnara", "1"), background, sources)
    [answer] = [each for each in said if isinstance(each, AnswerReply)]
    assert answer.answer.citations == ()
    assert "”" not in answer.answer.text
    assert "\n\n3. " in answer.answer.text


async def test_what_happens_next_and_who_sees_what_is_told(shipped: Instrument, background: Background) -> None:
    held = submitted(shipped, "it_nara", "3", closes=date(2026, 12, 15))
    said = await replies(held, background)
    told = str(said[0])
    assert "2026-12-15" in told
    assert "minst fem" in told
    assert isinstance(said[-1], TextReply)
    assert "Kim Strateg" in said[-1].text


async def test_all_of_it_in_english(shipped: Instrument, background: Background) -> None:
    said = await replies(submitted(shipped, "overgripande", "2", language="en"), background)
    told = str(said)
    for swedish in ("Tack", "Ditt svar", "ditt svar", "Tre saker", "av 100"):
        assert swedish not in told
    assert "Being developed 33% (your answer)" in told


async def test_an_instrument_without_advice_and_baseline_still_has_a_profile(shipped: Instrument) -> None:
    said = await replies(submitted(shipped, "it_nara", "3"), Background({}, {}))
    assert [type(each) for each in said] == [CardReply, TextReply]
