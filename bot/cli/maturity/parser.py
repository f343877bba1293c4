"""The arguments of `fyren maturity`; light, because every call of `fyren` imports it."""

from __future__ import annotations

import argparse
from collections.abc import Iterable
from datetime import date
from pathlib import Path

_PACKAGE = "bot.cli.maturity"


def configure(parser: argparse.ArgumentParser) -> None:
    """Every subject of `fyren maturity`, and which module runs it."""
    subjects = parser.add_subparsers(dest="subject", required=True, metavar="SUBJECT")
    instruments = subjects.add_parser("instruments", help="the questionnaires that a round can ask")
    instruments.set_defaults(module=f"{_PACKAGE}.instruments")
    rounds = subjects.add_parser("rounds", help="the life of rounds: create, open, close, reopen, archive")
    rounds.set_defaults(module=f"{_PACKAGE}.rounds")
    actions = rounds.add_subparsers(dest="action", required=True, metavar="ACTION")
    _look(actions)
    _create(actions)
    _step(actions)
    _remind(actions)
    retention = subjects.add_parser("retention", help="delete what rounds no longer keep, by their decisions")
    retention.set_defaults(module=f"{_PACKAGE}.retention")
    retention.add_argument("--dry-run", action="store_true", help="tell what is due, and delete nothing")
    results = subjects.add_parser("results", help="what is published of a round that is closed")
    results.set_defaults(module=f"{_PACKAGE}.results")
    _results(results)
    demo = subjects.add_parser("demo", help="made-up rounds in a database of their own, to look at results at once")
    demo.set_defaults(module=f"{_PACKAGE}.demo")
    _demo(demo)
    export = subjects.add_parser("export", help="results of a closed round as a file")
    export.set_defaults(module=f"{_PACKAGE}.export")
    _export(export)
    keys = subjects.add_parser("api-keys", help="keys by which programs read results")
    keys.set_defaults(module=f"{_PACKAGE}.api_keys")
    key_actions = keys.add_subparsers(dest="action", required=True, metavar="ACTION")
    _api_keys(key_actions)
    disclose = subjects.add_parser("disclose", help="hand out responses as they were given, by a decision")
    disclose.set_defaults(module=f"{_PACKAGE}.disclose")
    _disclose(disclose)
    both_sides((instruments, *actions.choices.values(), retention, results, demo))
    both_sides((export, *key_actions.choices.values(), disclose))


def _results(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("label", metavar="LABEL", help="the round's label")
    parser.add_argument("--municipality", metavar="ID", help="as this municipality sees it, such as uddevalla")


def _demo(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--data-dir",
        type=Path,
        dest="folder",
        metavar="FOLDER",
        help="where its database is to be (default: the folder `demo` in the data folder)",
    )
    parser.add_argument("--respondents", type=_number, metavar="N", help="people in the latest closed round")
    parser.add_argument("--seed", type=_whole, metavar="S", help="another number gives other answers")


def _export(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("label", metavar="LABEL", help="the round's label")
    parser.add_argument(
        "--format",
        required=True,
        choices=("csv", "csv-sv", "xlsx", "json", "pdf", "open-data"),
        help="csv-sv has semicolons and decimal commas; open-data is a folder with files and their catalogue",
    )
    parser.add_argument("--out", required=True, metavar="FILE", help="where to write it; - is standard output")
    parser.add_argument("--municipality", metavar="ID", help="as this municipality sees it, such as uddevalla")
    parser.add_argument("--language", choices=("sv", "en"), help="language of the file (default: FYREN_LANGUAGE)")


def _api_keys(actions: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    create = actions.add_parser("create", help="a new key; it is shown once, on standard output")
    create.add_argument("name", metavar="NAME", help="what it is for, such as Power BI")
    create.add_argument("--municipality", metavar="ID", help="whose view it reads (default: the federation)")
    create.add_argument("--days", type=_number, default=365, metavar="N", help="for how long it counts (default 365)")
    actions.add_parser("list", help="every key, newest first, without what it is written as")
    revoke = actions.add_parser("revoke", help="take a key back, at once")
    revoke.add_argument("id", metavar="ID", help="the key's id, which `list` shows")


def _disclose(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("label", metavar="LABEL", help="the round's label")
    parser.add_argument("--out", required=True, type=Path, metavar="FOLDER", help="a new folder for the documents")
    parser.add_argument("--decision", required=True, metavar="TEXT", help="by which decision, for the audit log")
    parser.add_argument("--mask", action="append", default=[], metavar="ITEM", help="an item whose answers are masked")
    parser.add_argument("--include-security", action="store_true", help="do not mask the items about security")
    parser.add_argument("--language", choices=("sv", "en"), help="language of names (default: FYREN_LANGUAGE)")


def both_sides(parsers: Iterable[argparse.ArgumentParser]) -> None:
    """`--json` is accepted on either side of an action; the inner one must not undo the outer."""
    for each in parsers:
        each.add_argument("--json", action="store_true", default=argparse.SUPPRESS, help="write the result as JSON")


def _look(actions: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    actions.add_parser("list", help="every round, newest first")
    show = actions.add_parser("show", help="one round, with how many have answered and what was compiled of it")
    show.add_argument("label", metavar="LABEL", help="the round's label")
    log = actions.add_parser("log", help="what was done to rounds, newest first; 1 where the log was tampered with")
    log.add_argument("label", nargs="?", default="", metavar="LABEL", help="the round's label (default: everything)")
    log.add_argument("--limit", type=_number, default=50, metavar="N", help="how many entries (default 50)")


def _create(actions: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    create = actions.add_parser("create", help="a new round; it takes answers once it is opened")
    create.add_argument("label", metavar="LABEL", help="what people see, such as 2026:1")
    create.add_argument("--instrument", metavar="ID", help="default: fyrbodal-mognad")
    create.add_argument("--opens", type=day, metavar="DATE", help="first day (default: today)")
    create.add_argument("--closes", type=day, metavar="DATE", help="last day (default: until it is closed)")
    create.add_argument("--open", action="store_true", help="open it at once")
    create.add_argument(
        "--threshold",
        type=_number,
        metavar="K",
        help="responses from which on results are shown (default and least: 5)",
    )
    create.add_argument(
        "--invited", type=Path, metavar="FILE", help="how many were invited: CSV of municipality;role;invited"
    )
    create.add_argument("--open-data", action="store_true", help="publish what may be published of it")


def _step(actions: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    opened = actions.add_parser("open", help="let a planned round take answers")
    close = actions.add_parser("close", help="take no more answers, destroy drafts and the link to people; for good")
    reopen = actions.add_parser(
        "reopen", help="let a closed round take answers again; what was answered before can no longer be changed"
    )
    reopen.add_argument("--reason", required=True, metavar="TEXT", help="why, for the audit log")
    reopen.add_argument("--closes", type=day, required=True, metavar="DATE", help="the new last day")
    archive = actions.add_parser("archive", help="register a closed round for good")
    archive.add_argument("--diary", required=True, metavar="NUMBER", help="the number under which it is registered")
    archive.add_argument(
        "--retention-decision", required=True, metavar="DECISION", help="the decision on what is kept and deleted"
    )
    archive.add_argument(
        "--keep-answers",
        type=_whole,
        metavar="DAYS",
        help="for how many days the responses are kept from today (default: for ever); results are always kept",
    )
    change = actions.add_parser("change", help="other dates, threshold or openness; the threshold only while planned")
    change.add_argument("--opens", type=day, metavar="DATE", help="first day")
    change.add_argument("--closes", type=_day_or_never, metavar="DATE", help="last day, or `never`: until it is closed")
    change.add_argument("--threshold", type=_number, metavar="K", help="responses from which on results are shown")
    change.add_argument("--open-data", choices=("yes", "no"), help="whether what may be published is")
    invite = actions.add_parser("invite", help="how many were invited, in place of what was known")
    correct = actions.add_parser(
        "correct", help="give a round its instrument's present text; what changed is asked again"
    )
    for action in (opened, close, reopen, archive, change, invite, correct):
        action.add_argument("label", metavar="LABEL", help="the round's label")
    invite.add_argument("invited", type=Path, metavar="FILE", help="CSV of municipality;role;invited")


def _remind(actions: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    remind = actions.add_parser("remind", help="remind those who are due, in Teams and within working hours")
    remind.set_defaults(module=f"{_PACKAGE}.reminders")
    remind.add_argument("label", metavar="LABEL", help="the round's label")
    remind.add_argument("--dry-run", action="store_true", help="tell who would get what, and send nothing")


def day(text: str) -> date:
    """A date on the command line."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"a date such as 2026-12-15 is needed, not {text!r}") from None


def _day_or_never(text: str) -> date | str:
    return text if text == "never" else day(text)


def _number(text: str) -> int:
    number = _whole(text)
    if number < 1:
        raise argparse.ArgumentTypeError(f"a whole number from 1 on is needed, not {text!r}")
    return number


def _whole(text: str) -> int:
    if not text.isascii() or not text.isdecimal() or len(text) > 6:
        raise argparse.ArgumentTypeError(f"a whole number is needed, not {text!r}")
    return int(text)
