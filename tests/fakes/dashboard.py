"""The dashboard on the web side alone, over stores in memory with hand-made editions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from functools import cache
from hashlib import sha256
from typing import Final

from bot.access.roles import Role
from bot.access.visitor import Visitor
from bot.charts.vega.pictures import Drawing, VegaPictures
from bot.conversation.texts import Texts
from bot.knowledge_base import LIBRARY
from bot.maturity.advice_file import load_advice
from bot.maturity.baseline import Distribution, baseline_of
from bot.maturity.ports import Edition as StoredEdition
from bot.maturity.ports import Group, Participation
from bot.maturity.round_life import SERVICE, By
from bot.maturity.rounds import Round, RoundStatus
from bot.maturity.session import Source
from bot.maturity_check import SURVEY
from bot.reminders.model import Kept
from bot.reminders.planning import Line, Why
from bot.reminders.ports import Delivery
from bot.results.edition_json import edition_to_json
from bot.results.model import Edition
from bot.web.dashboard.dashboard import Dashboard
from bot.web.dashboard.desk import Desk, Stores
from bot.web.dashboard.shelf import Shelf
from knowledge.model import Origin, Passage, PassageKind
from knowledge.survey import loading
from tests.fakes.check_store import MemoryCheckStore, MemoryEditions, MemoryVisibilities
from tests.fakes.editions import (
    MUNICIPALITIES,
    SIZES,
    edition,
    hostile_edition,
    hostile_round,
    main_instrument,
    previous_edition,
    round_of,
)
from tests.fakes.site import Site

TODAY: Final = date(2027, 10, 15)
OPEN: Final = replace(round_of(RoundStatus.OPEN, label="2027:1", year=2027), closes=date(2027, 11, 15))
PLANNED: Final = round_of(RoundStatus.PLANNED, label="2028:1", year=2028)
CLOSED: Final = round_of()
EARLIER: Final = round_of(label="2025:1", year=2025)

FEDERATION: Final = Visitor("f1", "t0", "Kim Strateg", frozenset({Role.FEDERATION}))
CONTACT: Final = Visitor("c1", "t1", "Robin Kontakt", frozenset({Role.CONTACT}), frozenset({"uddevalla"}))
NEIGHBOUR: Final = Visitor("c2", "t2", "Alex Granne", frozenset({Role.CONTACT}), frozenset({"dals-ed"}))
ADMINISTRATOR: Final = Visitor("a1", "t0", "Sam Drift", frozenset({Role.ADMINISTRATOR}))


class CountedStore(MemoryCheckStore):
    """A store whose rounds have been answered by as many as the hand-made edition tells of; but those `unanswered`."""

    unanswered: frozenset[str] = frozenset({PLANNED.id})

    async def participation(self, round_id: str) -> Participation:
        if round_id in self.unanswered:
            return await super().participation(round_id)
        groups = {
            Group(each, (each,), (role,), Source.INDIVIDUAL): sizes[place]
            for role, sizes in SIZES.items()
            for place, each in enumerate(MUNICIPALITIES)
            if sizes[place]
        }
        return Participation(groups, {TODAY: sum(groups.values())})


class Reminding:
    """Three people are due, and two are not; `sent` are the rounds whose people were reminded."""

    def __init__(self) -> None:
        self.sent: list[str] = []

    async def plan(self, held: Round) -> Sequence[Line]:
        kept = Kept(held.id, "owner", Source.INDIVIDUAL, TODAY)
        return [Line(kept, why) for why in (Why.DUE, Why.DUE, Why.DUE, Why.ENOUGH, Why.SUBMITTED)]

    async def one_round(self, held: Round, by: By = SERVICE) -> Mapping[Delivery, int]:
        self.sent.append(held.id)
        return {Delivery.SENT: 3}


class Publishing:
    """Compiles nothing; `asked` are the rounds that it was to try again, `poked` how often it was to look."""

    def __init__(self) -> None:
        self.states: dict[str, str] = {}
        self.asked: list[str] = []
        self.poked = 0

    def progress(self, round_id: str) -> str:
        return self.states.get(round_id, "idle")

    def poke(self) -> None:
        self.poked += 1

    def ask(self, round_id: str) -> None:
        self.asked.append(round_id)


class Quoting:
    """A knowledge base that holds whatever is quoted, on page 12."""

    def quoted(self, document: str, quote: str) -> Passage | None:
        heading = ("3.2 Förutsättningar",)
        return Passage("p", document, "p.md", Origin.LIBRARY, document, heading, (12,), PassageKind.TEXT, quote)


@cache
def survey() -> Mapping[str, Distribution]:
    """The results of 2024."""
    return baseline_of(loading.load(LIBRARY / SURVEY))


class FakeDashboard:
    """Build it in a thread: it reads templates and data files. `hostile` is the round whose names are no names."""

    def __init__(self, drawing: Drawing, *, hostile: bool = False) -> None:
        self.site = Site()
        closed = hostile_round() if hostile else CLOSED
        self.store = CountedStore(closed, EARLIER, OPEN, PLANNED, clock=lambda: TODAY)
        self.editions = MemoryEditions(self.store)
        for each in (hostile_edition() if hostile else edition(), previous_edition()):
            self._put(each)
        self.visibilities = MemoryVisibilities(self.store)
        self.reminding = Reminding()
        self.publishing = Publishing()
        instrument = main_instrument()
        advice = load_advice(instrument)
        self.desk = Desk(
            self.site.pages,
            Texts.load(),
            Stores(
                rounds=self.store,
                responses=self.store,
                visibilities=self.visibilities,
                audit=self.site.audit,
                shelf=Shelf(self.store, self.editions),
                sources=Quoting(),
                instruments={instrument.id: instrument},
                baseline=survey(),
                advice={instrument.id: advice} if advice is not None else {},
                today=lambda: TODAY,
                publishing=self.publishing,
                reminding=lambda: self.reminding,
            ),
        )
        self.dashboard = Dashboard(self.desk, VegaPictures(drawing))
        self.dashboard.attach(self.site.routes)

    def _put(self, made: Edition) -> None:
        content = edition_to_json(made)
        checksum = sha256(content.encode()).hexdigest()
        stored = StoredEdition(made.round, made.number, made.compiled, made.digest, checksum)
        self.editions.held[made.round, made.number] = stored, content
