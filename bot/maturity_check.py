"""Settings -> the parts of the maturity check: instruments, advice, the survey of 2024, rules that read words."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping
from datetime import date

from bot.conversation.check.commands import Commands
from bot.conversation.check.flow import CheckParts
from bot.conversation.check.notices import Notices
from bot.conversation.check.opening_cards import Contacts
from bot.conversation.check.results import Background
from bot.knowledge_base import LIBRARY
from bot.maturity.advice_file import FOLDER as ADVICE
from bot.maturity.advice_file import load_advice
from bot.maturity.baseline import Distribution, baseline_of
from bot.maturity.days import Today
from bot.maturity.instrument import Instrument
from bot.maturity.instrument_file import INSTRUMENTS, MAIN, load_folder
from bot.maturity.matching import Matcher
from bot.maturity.phrasebook import Phrasebook
from bot.maturity.ports import CheckStore, Sources
from bot.maturity.rounds import Round, RoundStatus
from bot.reminders.ports import Reminders
from bot.settings import Settings
from knowledge.errors import LibraryInvalid
from knowledge.survey import loading as survey_file

SURVEY = "enkat-2024.yaml"

_log = logging.getLogger(__name__)


async def open_check(
    settings: Settings,
    store: CheckStore,
    notices: Notices,
    sources: Sources,
    today: Today,
    reminders: Reminders | None = None,
) -> CheckParts:
    """The check on an open store. Raises DataInvalid where a data file is broken, and StoreFailed."""
    practice = not settings.teams_app_id
    instruments = await asyncio.to_thread(load_folder, INSTRUMENTS, settings.instruments_dir)
    if practice:
        await _practise(store, instruments[MAIN], today())
    background = await asyncio.to_thread(_background, settings, instruments)
    return CheckParts(
        store=store,
        notices=notices,
        sources=sources,
        commands=await asyncio.to_thread(Commands.load),
        matcher=Matcher(await asyncio.to_thread(Phrasebook.load)),
        background=background,
        contacts=Contacts(settings.contact, settings.data_protection_contact),
        tenants=settings.tenant_organisations,
        today=today,
        practice=practice,
        reminders=reminders,
    )


async def _practise(store: CheckStore, instrument: Instrument, day: date) -> None:
    """A practice round where there is no round yet: without sign-in Fyren is being tried out on one machine."""
    if await store.rounds():
        return
    label = f"prov {day.year}"
    await store.add(Round("prov", label, instrument, RoundStatus.OPEN, day, practice=True))


def _background(settings: Settings, instruments: Mapping[str, Instrument]) -> Background:
    folders = (settings.instruments_dir / "advice", ADVICE)
    found = ((each.id, load_advice(each, *folders)) for each in instruments.values())
    advice = {instrument_id: loaded for instrument_id, loaded in found if loaded is not None}
    return Background(read_baseline(), advice)


def read_baseline() -> Mapping[str, Distribution]:
    """The survey of 2024; nothing where it cannot be read. Blocks."""
    try:
        return baseline_of(survey_file.load(LIBRARY / SURVEY))
    except LibraryInvalid:
        # The check works without its old figures; it must not stand still for a file that belongs to the library.
        _log.exception("the survey of 2024 could not be read, so results come without a comparison")
        return {}
