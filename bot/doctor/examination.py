"""Checks of a configuration: what works, what does not, and what to do. Changes nothing."""

from __future__ import annotations

import asyncio
import os
import shutil
import socket
from collections.abc import AsyncIterator
from pathlib import Path

from sqlalchemy import text
from sqlalchemy.engine import make_url

from bot.access.loopback import is_loopback
from bot.doctor.findings import Check, Verdict
from bot.doctor.knowledge import examine_embedding, examine_index, examine_isolation, examine_model, examine_recognition
from bot.doctor.teams import examine_teams
from bot.knowledge_base import model_config
from bot.maturity.advice_file import FOLDER as ADVICE
from bot.maturity.advice_file import load_advice
from bot.maturity.errors import DataInvalid
from bot.maturity.instrument_file import INSTRUMENTS, load_folder
from bot.settings import Settings, unknown_variables, variable
from bot.signing_in import signin_config, signs_in_locally
from bot.storage.engine import open_engine
from bot.storage.errors import StorageError, translated
from bot.web.signin.errors import ProviderFailed
from bot.web.signin.provider import Provider

LITTLE_SPACE = 500 * 1024 * 1024
"""Bytes; a generation with its draft beside it needs less, but logs and the database grow too."""


async def examine(settings: Settings) -> AsyncIterator[Check]:
    """Every check, as it is done. The settings have been read, so each of them is valid by itself."""
    for check in _variables():
        yield check
    yield await asyncio.to_thread(_folder, settings.data_dir)
    yield await _database("database", settings.database)
    yield await _database("identity", settings.identity_database)
    embedding, embedder = await examine_embedding(settings)
    yield embedding
    yield await asyncio.to_thread(examine_index, settings, embedder)
    yield await examine_model(model_config(settings))
    yield await examine_isolation()
    yield await examine_recognition(settings)
    yield await asyncio.to_thread(_address, settings)
    yield _pictures(settings)
    for check in await asyncio.to_thread(lambda: list(examine_teams(settings))):
        yield check
    yield await _signin(settings)
    yield await asyncio.to_thread(_instruments, settings)
    if settings.teams_app_id:
        yield _contacts(settings)


def _variables() -> list[Check]:
    strays = unknown_variables()
    if not strays:
        return [Check("settings", Verdict.OK, "settings.ok")]
    return [
        Check("settings", Verdict.WARNING, "settings.nearly", {"name": name, "nearest": nearest})
        if nearest
        else Check("settings", Verdict.WARNING, "settings.unknown", {"name": name})
        for name, nearest in strays
    ]


def _folder(folder: Path) -> Check:
    nearest = next(path for path in (folder.absolute(), *folder.absolute().parents) if path.exists())
    values: dict[str, object] = {"folder": folder}
    if not nearest.is_dir() or not os.access(nearest, os.W_OK | os.X_OK):
        return Check("data", Verdict.ERROR, "data.closed", values)
    free = shutil.disk_usage(nearest).free
    if free < LITTLE_SPACE:
        return Check("data", Verdict.WARNING, "data.full", values | {"free": free // 2**20})
    return Check("data", Verdict.OK, "data.ok" if folder.exists() else "data.new", values)


async def _database(name: str, address: str) -> Check:
    try:
        engine = await asyncio.to_thread(open_engine, address)  # it imports the driver
        try:
            url = make_url(address)
            if url.get_backend_name() == "sqlite" and not await asyncio.to_thread(Path(url.database or "").exists):
                return Check(name, Verdict.OK, f"{name}.new")
            with translated("no connection"):
                await engine.read(lambda connection: connection.execute(text("SELECT 1")).scalar())
        finally:
            await engine.close()
    except StorageError as error:
        return Check(name, Verdict.ERROR, f"{name}.broken", {"detail": error})
    return Check(name, Verdict.OK, f"{name}.ok")


def _address(settings: Settings) -> Check:
    values = {"host": settings.host, "port": settings.port}
    if not settings.teams_app_id and not is_loopback(settings.host):
        return Check("address", Verdict.ERROR, "address.public", values)
    try:
        family, kind, _, _, address = socket.getaddrinfo(settings.host, settings.port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
    except OSError as error:
        return Check("address", Verdict.WARNING, "address.taken", values | {"detail": error.strerror or error})
    return Check("address", Verdict.OK, "address.ok", values)


def _pictures(settings: Settings) -> Check:
    if not settings.pictures_url:
        return Check("pictures", Verdict.WARNING, "pictures.off")
    return Check("pictures", Verdict.OK, "pictures.ok", {"url": settings.pictures_url})


async def _signin(settings: Settings) -> Check:
    if not settings.signin_authority:
        local = signs_in_locally(settings)
        return Check("signin", Verdict.OK if local else Verdict.WARNING, "signin.local" if local else "signin.off")
    provider = await asyncio.to_thread(Provider, signin_config(settings))
    try:
        description = await provider.description()
    except ProviderFailed as error:
        return Check("signin", Verdict.ERROR, "signin.broken", {"detail": error})
    finally:
        await provider.close()
    return Check("signin", Verdict.OK, "signin.ok", {"issuer": description.issuer, "roles": ", ".join(settings.grants)})


def _instruments(settings: Settings) -> Check:
    """Questionnaires and their advice, as they would be read at the start."""
    try:
        found = load_folder(INSTRUMENTS, settings.instruments_dir)
        for instrument in found.values():
            load_advice(instrument, settings.instruments_dir / "advice", ADVICE)
    except DataInvalid as error:
        return Check("instruments", Verdict.ERROR, "instruments.broken", {"detail": error})
    return Check("instruments", Verdict.OK, "instruments.ok", {"names": ", ".join(sorted(found))})


def _contacts(settings: Settings) -> Check:
    """People must be told whom to turn to before they answer (GDPR article 13): a title alone reaches nobody."""
    unset = [name for name in ("contact", "data_protection_contact") if name not in settings.model_fields_set]
    if unset:
        return Check("contacts", Verdict.WARNING, "contacts.default", {"names": ", ".join(map(variable, unset))})
    return Check("contacts", Verdict.OK, "contacts.ok")
