"""What becomes of a round's results once it is closed."""

from __future__ import annotations

from bot.cli.console import Console
from bot.maturity.days import swedish_days
from bot.maturity.rounds import Round
from bot.publishing.due import is_due
from bot.publishing.errors import CompilingFailed
from bot.publishing.process import ProcessPublishing
from bot.settings import Settings
from bot.storage.database import Database


async def tell_published(held: Round, database: Database, settings: Settings, console: Console) -> None:
    """Compile the results of a round that was closed, and say beside the command's result how that went.

    The round is closed in any case: where it fails, closing again tries again, and so does the service. Raises
    StorageError, CommandFailed.
    """
    if not await is_due(held, database):
        return
    console.note(console.say("cli.maturity.publishing.begun"))
    publish = ProcessPublishing(settings.database, settings.identity_database)
    try:
        outcome = await publish(held.id, (await swedish_days())())
    except CompilingFailed as error:
        raise console.fail("cli.maturity.publishing.failed", label=held.label, detail=error) from None
    if not outcome.made:
        return  # a running service was faster
    values = {"label": held.label, "number": outcome.number, "responses": outcome.responses}
    console.note(console.say("cli.maturity.publishing.done", **values))
    if outcome.hidden:
        console.note(console.say("cli.maturity.publishing.hidden", hidden=outcome.hidden, cells=outcome.cells))
    console.note(console.say("cli.maturity.publishing.look", label=held.label))
