"""The `fyren` command: thin modules, one a subcommand, over the parts that `bot.app` puts together.

Results go to standard output, everything else to standard error. Exit codes: 0 done, 1 failed, 2 wrong usage. A
subcommand's module is imported only when it runs, so that `--help` and light commands answer at once.
"""

from __future__ import annotations

import importlib
import logging
import sys
from collections.abc import Sequence

from bot.cli.console import CommandFailed, Console, speak_utf8
from bot.cli.parser import build_parser
from bot.conversation.ports import JournalFailed
from bot.conversation.texts import Texts
from bot.logs.json_lines import write_json
from bot.logs.masking import mask_log
from bot.maturity.errors import DataInvalid
from bot.settings import Settings, SettingsInvalid
from bot.teams.errors import TeamsError
from ingest.errors import DraftOutdated, IngestError, IngestInterrupted, IsolationUnavailable, NoSuchGeneration
from knowledge.errors import EmbeddingFailed, IndexDamaged, IndexMismatch, IndexUnavailable, KnowledgeError

FAILED = 1
INTERRUPTED = 130

_EXPECTED: tuple[tuple[type[Exception], str], ...] = (
    (IndexDamaged, "cli.error.damaged"),
    (IndexMismatch, "cli.error.mismatch"),
    (IndexUnavailable, "cli.error.index"),
    (EmbeddingFailed, "cli.error.embedding"),
    (KnowledgeError, "cli.error.other"),
    (IngestInterrupted, "cli.error.busy"),
    (DraftOutdated, "publication.error.outdated"),
    (NoSuchGeneration, "publication.error.unknown"),
    (IsolationUnavailable, "ingesting.not_isolated"),
    (IngestError, "cli.error.other"),
    (DataInvalid, "cli.error.data"),
    (JournalFailed, "cli.error.database"),
    (TeamsError, "cli.error.other"),
)
"""What may go wrong without being a defect, the special before the general; each becomes one line."""


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code."""
    speak_utf8()
    arguments = build_parser().parse_args(argv)
    console = Console(Texts.load(), json=arguments.json)
    try:
        given = {name: value for name in ("host", "port") if (value := getattr(arguments, name, None)) is not None}
        settings = Settings.read(**given)
        console.language = settings.language
        _log_to_stderr(settings, chatty=arguments.command == "serve")
        code: int = importlib.import_module(arguments.module).run(arguments, settings, console)
        return code
    except SettingsInvalid as error:
        return importlib.import_module("bot.cli.invalid").report(error, arguments.command, console)  # type: ignore[no-any-return]  # a module found by name has no types
    except CommandFailed as error:
        console.note(str(error))
        return FAILED
    except tuple(kind for kind, _ in _EXPECTED) as error:
        key = next(key for kind, key in _EXPECTED if isinstance(error, kind))
        console.note(console.texts.say(key, console.language, detail=error))
        return FAILED
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:
        # Whoever read the results has stopped; Python would complain once more when it flushes at exit.
        sys.stdout = open("/dev/null", "w", encoding="utf-8")  # noqa: SIM115 - lives until the process ends
        return FAILED


def _log_to_stderr(settings: Settings, *, chatty: bool) -> None:
    """A service tells what it does; a command only what goes wrong, unless DEBUG is asked for."""
    level = settings.log_level
    quiet = not chatty and level == "INFO"
    logging.basicConfig(
        level="WARNING" if quiet else level,
        stream=sys.stderr,
        format="%(asctime)s %(levelname)s %(name)s: %(message)s" if chatty else "%(levelname)s %(name)s: %(message)s",
        force=True,
    )
    if settings.log_format == "json":
        write_json()
    mask_log()
    if level != "DEBUG":
        # They tell every request with its address, or how they were loaded.
        for noisy in ("httpx", "httpx2", "openai", "msal", "asyncio", "faiss", "procrastinate"):
            logging.getLogger(noisy).setLevel("WARNING")
