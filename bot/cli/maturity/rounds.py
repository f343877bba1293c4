"""`fyren maturity rounds`: the life of rounds."""

from __future__ import annotations

import argparse
import asyncio
import re
from collections.abc import Awaitable, Callable
from dataclasses import replace
from pathlib import Path

from bot.cli.console import CommandFailed, Console
from bot.cli.maturity import round_words
from bot.cli.maturity.instruments import wanted
from bot.cli.maturity.publishing import tell_published
from bot.maturity.days import swedish_days
from bot.maturity.errors import Conflict, StepRefused, ThresholdTooLow
from bot.maturity.instrument import Instrument
from bot.maturity.instrument_file import MAIN
from bot.maturity.invited_file import LARGEST, InvitedInvalid, read_invited
from bot.maturity.round_life import COMMAND_LINE
from bot.maturity.rounds import LEAST_THRESHOLD, Invited, Round, RoundStatus
from bot.settings import Settings
from bot.storage.database import Database, open_database


def run(arguments: argparse.Namespace, settings: Settings, console: Console) -> int:
    """One of the actions; each says what it did."""
    return asyncio.run(_run(arguments, settings, console))


async def _run(arguments: argparse.Namespace, settings: Settings, console: Console) -> int:
    database = await open_database(settings.database, settings.identity_database)
    try:
        match arguments.action:
            case "list":
                round_words.tell_all(await database.check.rounds(), console)
            case "show":
                held = await round_named(arguments.label, database, console)
                await round_words.tell_whole(held, database, console)
            case "log":
                return await round_words.tell_log(arguments.label, arguments.limit, database, console)
            case "create":
                await _create(arguments, database, settings, console)
            case _:
                await _Steps(arguments, database, settings, console).take()
    except StepRefused as error:
        raise refused(error, console) from None
    except ThresholdTooLow:
        raise console.fail("cli.maturity.refused.threshold", least=LEAST_THRESHOLD) from None
    finally:
        await database.close()
    return 0


def refused(error: StepRefused, console: Console) -> CommandFailed:
    """Why a step was not taken, in words."""
    return console.fail(f"cli.maturity.refused.{error.reason}", **error.values)


async def _create(arguments: argparse.Namespace, database: Database, settings: Settings, console: Console) -> None:
    instrument = await asyncio.to_thread(wanted, arguments.instrument or MAIN, settings, console)
    status = RoundStatus.OPEN if arguments.open else RoundStatus.PLANNED
    new = Round(
        id=round_id(arguments.label),
        label=arguments.label,
        instrument=instrument,
        status=status,
        opens=arguments.opens or (await swedish_days())(),
        closes=arguments.closes,
        invited=await _invited(arguments.invited, instrument, console) if arguments.invited else {},
        open_data=arguments.open_data,
        threshold=LEAST_THRESHOLD if arguments.threshold is None else arguments.threshold,
    )
    try:
        await database.check.add(new, COMMAND_LINE)
    except Conflict:
        raise console.fail("cli.maturity.taken", label=arguments.label) from None
    round_words.tell_done(new, "created" if status is RoundStatus.PLANNED else "created_open", console)


class _Steps:
    """The actions on a round that is there."""

    def __init__(self, arguments: argparse.Namespace, database: Database, settings: Settings, console: Console) -> None:
        self._asked = arguments
        self._database = database
        self._settings = settings
        self._console = console

    async def take(self) -> None:
        """The action that was asked for. Raises CommandFailed, StepRefused, StorageError."""
        steps: dict[str, tuple[Callable[[Round], Awaitable[None]], str]] = {
            "open": (self._open, "opened"),
            "close": (self._close, "closed"),
            "reopen": (self._reopen, "reopened"),
            "archive": (self._archive, "archived"),
            "change": (self._change, "changed"),
            "invite": (self._invite, "invited_set"),
            "correct": (self._correct, "corrected"),
        }
        step, done = steps[self._asked.action]
        held = await round_named(self._asked.label, self._database, self._console)
        await step(held)
        after = await round_named(self._asked.label, self._database, self._console)
        round_words.tell_done(after, done, self._console)
        if self._asked.action == "close":
            await tell_published(after, self._database, self._settings, self._console)

    async def _open(self, held: Round) -> None:
        await self._database.check.open(held.id, COMMAND_LINE)

    async def _close(self, held: Round) -> None:
        await self._database.check.close(held.id, COMMAND_LINE)

    async def _reopen(self, held: Round) -> None:
        asked = self._asked
        await self._database.check.reopen(held.id, closes=asked.closes, reason=asked.reason.strip(), by=COMMAND_LINE)

    async def _archive(self, held: Round) -> None:
        asked = self._asked
        await self._database.check.archive(
            held.id,
            diary_number=asked.diary.strip(),
            retention=asked.retention_decision.strip(),
            keep_answers=asked.keep_answers,
            by=COMMAND_LINE,
        )

    async def _change(self, held: Round) -> None:
        asked = self._asked
        closes = held.closes if asked.closes is None else None if asked.closes == "never" else asked.closes
        changed = replace(
            held,
            opens=asked.opens or held.opens,
            closes=closes,
            threshold=held.threshold if asked.threshold is None else asked.threshold,
            open_data=held.open_data if asked.open_data is None else asked.open_data == "yes",
        )
        if changed == held:
            raise self._console.fail("cli.maturity.nothing_changed", label=held.label)
        await self._database.check.change(changed, COMMAND_LINE)

    async def _invite(self, held: Round) -> None:
        invited = await _invited(self._asked.invited, held.instrument, self._console)
        await self._database.check.change(replace(held, invited=invited), COMMAND_LINE)

    async def _correct(self, held: Round) -> None:
        instrument = await asyncio.to_thread(wanted, held.instrument.id, self._settings, self._console)
        await self._database.check.correct(replace(held, instrument=instrument), COMMAND_LINE)


async def round_named(label: str, database: Database, console: Console) -> Round:
    """The round with this label. Raises CommandFailed, StorageError."""
    found = next((each for each in await database.check.rounds() if each.label == label), None)
    if found is None:
        raise console.fail("cli.maturity.unknown", label=label)
    return found


async def _invited(path: Path, instrument: Instrument, console: Console) -> Invited:
    try:
        content = await asyncio.to_thread(_read, path)
    except OSError as error:
        raise console.fail("cli.maturity.unreadable", path=path, detail=error.strerror or error) from None
    try:
        return read_invited(content, instrument)
    except InvitedInvalid as error:
        lines = [
            f"{path}:{each.line}: {console.say(f'cli.maturity.invited.{each.reason}', **each.values)}"
            for each in error.problems
        ]
        raise CommandFailed("\n".join(lines)) from None


def _read(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(LARGEST + 1)


def round_id(label: str) -> str:
    """An id from a label: small letters, figures and hyphens."""
    return re.sub(r"[^a-z0-9]+", "-", label.lower().translate(str.maketrans("åäö", "aao"))).strip("-") or "omgang"
