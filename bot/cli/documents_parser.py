"""The arguments of `fyren ingest` and `fyren documents`; light, because every call of `fyren` imports it."""

from __future__ import annotations

import argparse
import datetime
from pathlib import Path

from bot.cli.maturity.parser import both_sides
from ingest.web_sources.addresses import looks_like_address

NONE = "none"
"""What takes a fact away."""


def ingest(parser: argparse.ArgumentParser) -> None:
    """Of `fyren ingest`."""
    parser.add_argument(
        "paths",
        nargs="+",
        type=_place,
        metavar="PATH",
        help='files, folders, patterns such as "docs/**/*.pdf", web addresses of pages and site maps',
    )
    parser.add_argument(
        "--prune",
        action="store_true",
        help="remove ingested documents that are not in PATH; of web addresses, those of the same sites",
    )
    parser.add_argument("--dry-run", action="store_true", help="tell what would happen, and change nothing")
    parser.add_argument("--watch", action="store_true", help="go on, and take in what is new or changed, until Ctrl-C")
    parser.add_argument(
        "--draft",
        action="store_true",
        help="publish nothing: leave a draft, for `fyren documents publish` or `discard`",
    )
    parser.add_argument(
        "--hold", action="store_true", help="leave a draft, too, where known questions are answered worse than before"
    )
    parser.add_argument(
        "--gate",
        type=Path,
        metavar="FILE.jsonl",
        help="a question set of `fyren eval`, asked before and after (default: the questions picked for evaluation)",
    )
    parser.add_argument(
        "--owner", default="", metavar="MUNICIPALITY", help="whose documents these are: only its people may read them"
    )
    _told(parser)


def documents(parser: argparse.ArgumentParser) -> None:
    """Of `fyren documents`."""
    actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION")
    listing = actions.add_parser("list", help="every document of the knowledge base")
    listing.add_argument(
        "--overdue", action="store_true", help="only those that should have been looked over, or are not valid any more"
    )
    show = actions.add_parser("show", help="one document with its passages")
    remove = actions.add_parser("remove", help="take an ingested document out of the knowledge base")
    remove.add_argument(
        "--at-once",
        action="store_true",
        help="delete every earlier publication and all drafts as well, so that nothing of it is left",
    )
    facts = actions.add_parser("set", help="until when a document is valid, and who looks it over")
    for name, what in (
        ("valid-from", "first day on which it is in force"),
        ("valid-until", "last day on which it is in force"),
        ("review-by", "day until which it is to be looked over"),
    ):
        facts.add_argument(f"--{name}", type=_day, metavar="DATE", help=f"{what}, such as 2027-06-30, or {NONE}")
    facts.add_argument("--responsible", metavar="NAME", help=f"the person or office that looks it over, or {NONE}")
    for action in (show, remove, facts):
        action.add_argument("document", metavar="ID", help="document id, or path")
    actions.add_parser("history", help="every publication, also of states that are gone")
    diff = actions.add_parser("diff", help="what two states of the knowledge base differ in")
    diff.add_argument("before", nargs="?", metavar="GENERATION", help="default: what the published one was made from")
    diff.add_argument("after", nargs="?", metavar="GENERATION", help="default: the published one")
    rollback = actions.add_parser("rollback", help="publish an earlier state again")
    rollback.add_argument("generation", nargs="?", metavar="GENERATION", help="default: the one before the current")
    actions.add_parser("drafts", help="what is written and not published")
    publish = actions.add_parser("publish", help="publish a draft")
    discard = actions.add_parser("discard", help="throw a draft away")
    for action in (publish, discard):
        action.add_argument("draft", metavar="DRAFT", help="a generation that `fyren documents drafts` lists")
    for action in (remove, facts, rollback, publish):
        _told(action)
    both_sides(actions.choices.values())


def _told(parser: argparse.ArgumentParser) -> None:
    """What the history tells of a publication."""
    parser.add_argument("--note", default="", metavar="TEXT", help="why, for the history of publications")
    parser.add_argument("--author", metavar="NAME", help="who (default: the system's user)")


def _place(text: str) -> Path | str:
    """A path, or a web address, which a path would spoil."""
    return text.strip() if looks_like_address(text.strip()) else Path(text)


def _day(text: str) -> str:
    if text == NONE:
        return text
    try:
        return datetime.date.fromisoformat(text).isoformat()
    except ValueError:
        raise argparse.ArgumentTypeError(f"a day such as 2027-06-30 is needed, not {text!r}") from None
