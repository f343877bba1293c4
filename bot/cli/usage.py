"""`fyren usage`: the tokens of the language model that this month's questions have used, in all and by tenant."""

from __future__ import annotations

import argparse
import asyncio
from dataclasses import asdict

from bot.cli.console import Console
from bot.settings import Settings
from bot.storage.answers.usage import MonthUsage, Tokens
from bot.storage.database import open_database


def run(arguments: argparse.Namespace, settings: Settings, console: Console) -> int:
    """Tenants by their ids; of people only how many they are."""
    usage = asyncio.run(_usage(settings))
    if console.json:
        limits = {"person": settings.budget_person, "tenant": settings.budget_tenant, "total": settings.budget_total}
        console.data(asdict(usage) | {"limits": limits})
        return 0
    console.line(console.say("usage.month", month=usage.month, people=usage.people))
    console.line(f"  {console.say('usage.total')}: {_told(usage.total, settings.budget_total, console)}")
    for tenant, tokens in usage.tenants.items():
        console.line(f"  {tenant}: {_told(tokens, settings.budget_tenant, console)}")
    return 0


def _told(tokens: Tokens, limit: int, console: Console) -> str:
    used = tokens.used + tokens.reserved
    if limit:
        return console.say("usage.of_limit", used=used, limit=limit, percent=round(100 * used / limit))
    return console.say("usage.no_limit", used=used)


async def _usage(settings: Settings) -> MonthUsage:
    database = await open_database(settings.database, settings.identity_database)
    try:
        return await database.budgets.usage()
    finally:
        await database.close()
