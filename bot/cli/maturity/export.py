"""`fyren maturity export`: a round's results as a file, or as a folder of open data. Every export is recorded."""

from __future__ import annotations

import argparse
import asyncio
import os
import sys
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

from bot.access.audit import Action, AuditEvent
from bot.charts.vega.pictures import VegaPictures
from bot.charts.vega.process import VegaProcess
from bot.cli.console import CommandFailed, Console
from bot.cli.maturity.rounds import round_named
from bot.exports.codebook import codebook
from bot.exports.csv_file import Dialect, csv_file
from bot.exports.documents import CodebookDocument, result_file
from bot.exports.errors import ReportFailed
from bot.exports.material import Material
from bot.exports.open_data.catalogue import Syntax, written
from bot.exports.open_data.publication import Published, Publisher, published
from bot.exports.report.making import report_file
from bot.exports.report.process import ReportProcess
from bot.exports.rows import rows
from bot.exports.workbook import workbook
from bot.maturity.round_life import COMMAND_LINE
from bot.maturity.rounds import Round
from bot.maturity_check import read_baseline
from bot.results.errors import NotForAudience, ResultsError
from bot.results.model import Edition
from bot.results.views import federation_view, municipality_view, public_view
from bot.settings import Settings
from bot.storage.database import Database, open_database
from bot.version import program_version
from bot.web.dashboard.shelf import Shelf
from bot.web.takeaways import trend_since

STANDARD_OUTPUT = "-"


def run(arguments: argparse.Namespace, settings: Settings, console: Console) -> int:
    """As the federation sees it, one municipality's contact, or everybody."""
    asyncio.run(_run(arguments, settings, console))
    return 0


async def _run(asked: argparse.Namespace, settings: Settings, console: Console) -> None:
    database = await open_database(settings.database, settings.identity_database)
    try:
        held = await round_named(asked.label, database, console)
        shelf = Shelf(database.check, database.editions)
        edition = await _edition(held, shelf, console)
        if asked.format == "open-data":
            files = await _open_data(asked, held, edition, database, settings, console)
        else:
            material = await _material(asked, held, edition, shelf, console)
            files = {"": await _file(asked, material, console)}
        details = {"file": asked.format, "edition": str(edition.number), "municipality": asked.municipality or ""}
        event = AuditEvent(
            datetime.now(UTC), COMMAND_LINE.actor, COMMAND_LINE.tenant, Action.RESULTS_EXPORTED, held.label, details
        )
        await database.audit.append(event)
    finally:
        await database.close()
    await _write(asked, held, edition, files, console)


async def _edition(held: Round, shelf: Shelf, console: Console) -> Edition:
    try:
        edition = await shelf.latest(held)
    except ResultsError as error:
        raise console.fail("cli.error.other", detail=error) from error
    if edition is None:
        why = "cli.maturity.results.none" if held.is_over else "cli.maturity.results.open"
        raise console.fail(why, label=held.label)
    return edition


async def _material(
    asked: argparse.Namespace, held: Round, edition: Edition, shelf: Shelf, console: Console
) -> Material:
    try:
        view = municipality_view(edition, asked.municipality) if asked.municipality else federation_view(edition)
    except NotForAudience:
        raise console.fail("cli.maturity.results.municipality", municipality=asked.municipality) from None
    changed = await trend_since(shelf, view, held)
    baseline, version = await asyncio.to_thread(lambda: (read_baseline(), program_version()))
    return Material(view, held, changed, baseline, version)


async def _file(asked: argparse.Namespace, material: Material, console: Console) -> bytes:
    texts, language = console.texts, asked.language or console.language
    match asked.format:
        case "csv" | "csv-sv":
            dialect = Dialect.SV if asked.format == "csv-sv" else Dialect.RFC4180
            return csv_file(rows(material.view, material.round, language), dialect)
        case "xlsx":
            return workbook(material, texts, language)
        case "json":
            return result_file(material, texts, language)
    drawing = VegaProcess()
    try:
        return await report_file(material, texts, language, pictures=VegaPictures(drawing), setting=ReportProcess())
    except ReportFailed as error:
        raise console.fail("cli.maturity.export.report", detail=error) from error
    finally:
        await drawing.close()


async def _open_data(
    asked: argparse.Namespace,
    held: Round,
    edition: Edition,
    database: Database,
    settings: Settings,
    console: Console,
) -> Mapping[str, bytes]:
    """The files of a round's open data, by their names, with a catalogue of it alone."""
    if asked.municipality or asked.out == STANDARD_OUTPUT:
        raise console.fail("cli.maturity.export.folder")
    told = published(held, await database.editions.all(held.id))
    if told is None:
        raise console.fail("cli.maturity.export.not_open", label=held.label)
    return await asyncio.to_thread(_open_files, told, edition, settings, console)


def _open_files(told: Published, edition: Edition, settings: Settings, console: Console) -> Mapping[str, bytes]:
    held, texts = told.round, console.texts
    base = settings.pictures_url
    publisher = Publisher(settings.open_data_publisher, settings.contact, settings.open_data_email, base)
    material = Material(public_view(edition), held, program=program_version())
    book = CodebookDocument(round=held.label, codebook=codebook(held.instrument, texts, "sv", security=False))
    return {
        told.address("csv"): csv_file(rows(material.view, held, "sv")),
        told.address("json"): result_file(material, texts, "sv"),
        told.address("codebook.json"): book.model_dump_json(indent=1).encode(),
        **{f"catalog.{syntax}": written(publisher, [told], texts, syntax) for syntax in Syntax},
    }


async def _write(
    asked: argparse.Namespace, held: Round, edition: Edition, files: Mapping[str, bytes], console: Console
) -> None:
    if asked.out == STANDARD_OUTPUT:
        sys.stdout.buffer.write(files[""])
        sys.stdout.buffer.flush()
        return
    try:
        paths = await asyncio.to_thread(_put, Path(asked.out), files)
    except OSError as error:
        raise _unwritten(asked.out, error, console) from error
    if console.json:
        told = {"label": held.label, "edition": edition.number, "format": asked.format}
        console.data(told | {"files": [os.fspath(each) for each in paths]})
        return
    for each in paths:
        console.line(console.say("cli.maturity.export.written", path=each))


def _put(out: Path, files: Mapping[str, bytes]) -> list[Path]:
    """The paths that were written: `out` itself, or files in it. Half a file is never left behind."""
    written_to = []
    for name, body in files.items():
        path = out / name if name else out
        path.parent.mkdir(parents=True, exist_ok=True)
        draft = path.with_name(f".{path.name}.draft")
        try:
            draft.write_bytes(body)
            draft.replace(path)
        finally:
            draft.unlink(missing_ok=True)
        written_to.append(path)
    return written_to


def _unwritten(path: str, error: OSError, console: Console) -> CommandFailed:
    return console.fail("cli.maturity.export.unwritten", path=path, detail=error.strerror or error)
