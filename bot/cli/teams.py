"""`fyren teams package`: writes the app package that is uploaded to Teams."""

from __future__ import annotations

import argparse
from pathlib import Path

from bot.cli.console import Console
from bot.settings import Settings, variable
from bot.teams.app_package.bundle import bundle
from bot.teams.app_package.manifest import AppIdentity
from bot.version import program_version


def run(arguments: argparse.Namespace, settings: Settings, console: Console) -> int:
    """The file that is there is replaced: it holds nothing that the settings do not. Raises CommandFailed."""
    identity = _identity(settings, arguments.app_version, console)
    target: Path = arguments.output
    try:
        target.write_bytes(bundle(identity, console.texts))
    except OSError as error:
        raise console.fail("app.package.not_written", path=target, why=error.strerror or str(error)) from error
    if console.json:
        console.data({"package": str(target), "app": identity.app_id, "version": identity.version})
        return 0
    console.line(console.say("app.package.written", path=target, version=identity.version))
    console.line(console.say("app.package.next"))
    return 0


def _identity(settings: Settings, version: str | None, console: Console) -> AppIdentity:
    if not settings.teams_app_id:
        raise console.fail("app.package.no_app_id", setting=variable("teams_app_id"))
    # Teams shows these addresses to everybody, and takes no others.
    if not settings.public_url.startswith("https://"):
        raise console.fail("app.package.no_address", setting=variable("public_url"))
    return AppIdentity(
        settings.teams_app_id,
        version or program_version(),
        settings.teams_publisher,
        settings.public_url.rstrip("/"),
    )
