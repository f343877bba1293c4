"""The arguments of every subcommand, and which module runs it; light, because every call of `fyren` imports it."""

from __future__ import annotations

import argparse
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

from bot.cli.backup_parser import backup
from bot.cli.documents_parser import documents, ingest
from bot.cli.maturity.parser import both_sides
from bot.cli.maturity.parser import configure as maturity
from bot.version import program_version

MOST_HITS = 200
LONGEST_NOTE = 500


@dataclass(frozen=True, slots=True)
class Command:
    """One subcommand: `module.run(arguments, settings, console) -> exit code`."""

    name: str
    module: str
    help: str
    configure: Callable[[argparse.ArgumentParser], None]


def build_parser() -> argparse.ArgumentParser:
    """The parser of the whole command line."""
    parser = argparse.ArgumentParser(
        prog="fyren",
        description="Fyren answers questions about digitalisation in Fyrbodal, with citations. Settings are "
        "environment variables that begin with FYREN_; `fyren doctor` checks them.",
    )
    parser.add_argument("--version", action="version", version=f"fyren {program_version()}")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for command in COMMANDS:
        sub = commands.add_parser(command.name, help=command.help, description=command.help)
        command.configure(sub)
        sub.add_argument("--json", action="store_true", help="write the result as JSON")
        sub.set_defaults(module=command.module)
    return parser


def _serve(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--host", help="address to listen on (default: FYREN_HOST, else 127.0.0.1)")
    parser.add_argument("--port", type=int, help="port to listen on (default: FYREN_PORT, else 3978)")
    parser.add_argument(
        "--demo",
        type=Path,
        nargs="?",
        const=Path(),
        metavar="FOLDER",
        help="serve made-up data of `fyren maturity demo`, on this machine only, and nothing of your own",
    )


def _as_somebody(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--as",
        dest="reader",
        default="",
        metavar="MUNICIPALITY",
        help="search what the people of this municipality may read, or `everybody` (default: every document)",
    )


def _ask(parser: argparse.ArgumentParser) -> None:
    _as_somebody(parser)
    what = parser.add_mutually_exclusive_group(required=True)
    what.add_argument("question", nargs="?", metavar="QUESTION", help="the question")
    what.add_argument(
        "--batch",
        metavar="FILE.jsonl",
        help='questions, one JSON object a line: {"id", "question", "context": [earlier questions]}; - is stdin',
    )


def _search(parser: argparse.ArgumentParser) -> None:
    _as_somebody(parser)
    what = parser.add_mutually_exclusive_group(required=True)
    what.add_argument("question", nargs="?", metavar="QUERY", help="what to search for")
    what.add_argument(
        "--batch",
        metavar="FILE.jsonl",
        help='queries, one JSON object a line: {"id", "question", "context": [earlier questions]}; - is stdin',
    )
    parser.add_argument("--k", type=_count, default=10, metavar="N", help="how many passages (default 10)")
    parser.add_argument("--mode", choices=("hybrid", "dense", "lexical"), default="hybrid")


def _feedback(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--limit", type=_count, default=50, metavar="N", help="how many, newest first (default 50)")
    parser.add_argument(
        "--evaluation-questions",
        action="store_true",
        help="instead, the questions that were picked for evaluation, as JSON lines that `fyren eval` reads",
    )


def _eval(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "questions",
        type=Path,
        metavar="FILE.jsonl",
        help='a question set, one JSON object a line: {"id", "question"}, and what a right answer must hold',
    )
    parser.add_argument(
        "--generator",
        choices=("extractive", "llm"),
        default="extractive",
        help="whose answers: the sources' own words (default), or those of the configured language model, which then "
        "also judges how well they are supported and to the point",
    )
    parser.add_argument("--worst", type=_some, default=10, metavar="N", help="how many misses to show (default 10)")
    parser.add_argument(
        "--report", type=Path, metavar="FOLDER", help="also write report.md, report.json and reliability.png there"
    )
    parser.add_argument(
        "--baseline", type=Path, metavar="FILE", help="compare with a stored run; 1 where a score fell beyond noise"
    )
    parser.add_argument(
        "--write-baseline",
        type=Path,
        metavar="FILE",
        help="store this run, for later ones to be compared with; not where it fell below --baseline",
    )


def _personal_data(parser: argparse.ArgumentParser) -> None:
    actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION")
    find = actions.add_parser("find", help="conversations with a question that holds these words")
    find.add_argument("words", metavar="WORDS", help="what the person has asked Fyren, to be found by")
    export = actions.add_parser("export", help="everything that is kept of a person or a conversation, as JSON")
    erase = actions.add_parser("erase", help="delete everything that is kept of a person or a conversation")
    for action, what in ((export, "tell"), (erase, "delete")):
        action.add_argument(
            "--person", type=_person, metavar="TENANT/USER", help=f"their ids in Entra: {what} what is kept of them"
        )
        action.add_argument("--conversation", metavar="ID", help=f"its id in Teams: {what} what is kept of it")
        action.add_argument("--tenant", default="", metavar="ID", help="the tenant that it belongs to (default: any)")
    both_sides(actions.choices.values())


def _teams(parser: argparse.ArgumentParser) -> None:
    actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION")
    package = actions.add_parser("package", help="write the app package that is uploaded to Teams")
    package.add_argument(
        "--output", type=Path, default=Path("fyren-teams.zip"), metavar="FILE", help="where to (default: %(default)s)"
    )
    package.add_argument(
        "--app-version",
        type=_version,
        metavar="X.Y.Z",
        help="the package's version, which Teams wants to rise with every change (default: that of Fyren)",
    )
    both_sides((package,))


def _pause(parser: argparse.ArgumentParser) -> None:
    actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION")
    on = actions.add_parser("on", help="answer nobody in Teams, in no replica; people are told")
    on.add_argument("--note", type=_note, default="", metavar="TEXT", help="what people are told besides")
    off = actions.add_parser("off", help="answer again; 1 where that was not paused")
    show = actions.add_parser("show", help="who is paused")
    for action in (on, off):
        action.add_argument("--tenant", type=_tenant, metavar="ID", help="only this tenant's people")
    both_sides((on, off, show))


def _note(text: str) -> str:
    if len(text) > LONGEST_NOTE:
        raise argparse.ArgumentTypeError(f"at most {LONGEST_NOTE} characters, not {len(text)}")
    return text.strip()


def _tenant(text: str) -> str:
    try:
        return str(UUID(text))
    except ValueError:
        raise argparse.ArgumentTypeError(f"a tenant's id from Entra is needed, not {text!r}") from None


def _version(text: str) -> str:
    if not re.fullmatch(r"\d+\.\d+\.\d+", text, re.ASCII):
        raise argparse.ArgumentTypeError(f"three whole numbers are needed, such as 2026.11.1, not {text!r}")
    return text


def _person(text: str) -> str:
    tenant, _, user = text.partition("/")
    if not tenant or not user:
        raise argparse.ArgumentTypeError(f"the tenant's id, a slash and the person's id are needed, not {text!r}")
    return text


def _nothing(parser: argparse.ArgumentParser) -> None:
    """A command without arguments of its own."""


def _some(text: str) -> int:
    return 0 if text == "0" else _count(text)


def _count(text: str) -> int:
    if not text.isdecimal() or not 1 <= int(text) <= MOST_HITS:
        raise argparse.ArgumentTypeError(f"a whole number from 1 to {MOST_HITS} is needed, not {text!r}")
    return int(text)


COMMANDS = (
    Command("serve", "bot.cli.serve", "run the bot and its web pages", _serve),
    Command("chat", "bot.cli.chat", "talk to the bot in the terminal", _as_somebody),
    Command("ask", "bot.cli.ask", "answer one question, or a batch of them", _ask),
    Command("search", "bot.cli.search", "find passages in the knowledge base", _search),
    Command("ingest", "bot.cli.ingest", "add documents to the knowledge base", ingest),
    Command("documents", "bot.cli.documents", "documents, drafts and publications", documents),
    Command("maturity", "bot.cli.maturity.rounds", "rounds and instruments of the maturity check", maturity),
    Command("feedback", "bot.cli.feedback", "the thumbs that answers have been given", _feedback),
    Command("personal-data", "bot.cli.personal_data", "what is kept of a person: export, erase", _personal_data),
    Command("eval", "bot.cli.evaluate", "score retrieval, answers, citations and refusals", _eval),
    Command("usage", "bot.cli.usage", "tokens of the language model that this month has used", _nothing),
    Command("teams", "bot.cli.teams", "the app package for Teams", _teams),
    Command("pause", "bot.cli.pause", "stop answering in Teams for a while, and go on", _pause),
    Command("backup", "bot.cli.backup", "copy everything that is kept, check a copy, put one back", backup),
    Command("doctor", "bot.cli.doctor", "check the configuration and say what to do", _nothing),
)
