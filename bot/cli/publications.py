"""`fyren documents history`, `diff`, `rollback`, `drafts`, `publish` and `discard`: states of the knowledge base."""

from __future__ import annotations

import argparse
import asyncio
from collections.abc import Callable, Sequence
from dataclasses import asdict
from typing import Any, TypeVar

from bot.cli.author import author_of
from bot.cli.console import Console
from bot.cli.names import names_of
from bot.cli.table import table
from bot.settings import Settings
from ingest.difference import Difference, DocumentChange, PassageChange
from ingest.drafts import Draft, difference, discard, drafts, publish, rollback
from ingest.errors import NoSuchGeneration
from ingest.publications import publications
from knowledge.adapters.generation import GenerationStore
from knowledge.adapters.manifest import DifferenceCounts

Result = TypeVar("Result")

ACTIONS = ("history", "diff", "rollback", "drafts", "publish", "discard")
SHOWN = 5
"""Passages of a document that are shown; JSON has all."""
SAID = 100
"""Characters of a passage that are shown."""


def run(arguments: argparse.Namespace, store: GenerationStore, settings: Settings, console: Console) -> None:
    """One of the ACTIONS."""
    match arguments.action:
        case "history":
            _history(store, settings, console)
        case "diff":
            _diff(store, arguments.before, arguments.after, console)
        case "rollback":
            _rollback(store, arguments, console)
        case "drafts":
            _drafts(store, console)
        case "publish":
            _publish(store, arguments, console)
        case "discard":
            _discard(store, arguments.draft, console)


def _history(store: GenerationStore, settings: Settings, console: Console) -> None:
    current, kept = store.current(), set(store.generations())
    newest_first = list(reversed(publications(store)))
    published = [each.generation == current and number == 0 for number, each in enumerate(newest_first)]
    names = asyncio.run(names_of(settings, {each.author for each in newest_first}))
    if console.json:
        rows = [
            each.model_dump(mode="json")
            | {
                "created": each.at.isoformat(),
                "model": store.manifest(each.generation).model if each.generation in kept else None,
                "name": names.get(each.author, ""),
                "kept": each.generation in kept,
                "published": now,
            }
            for each, now in zip(newest_first, published, strict=True)
        ]
        console.data({"generation": current, "generations": rows})
        return
    lines = [
        (
            each.generation,
            f"{each.at:%Y-%m-%d %H:%M}",
            names.get(each.author, each.author),
            console.say(f"publication.action.{each.action}"),
            each.passages,
            _counts(each.difference, console),
            each.note,
            console.say("publication.now")
            if now
            else ""
            if each.generation in kept
            else console.say("publication.gone"),
        )
        for each, now in zip(newest_first, published, strict=True)
    ]
    _table(("generation", "at", "author", "action", "passages", "difference", "note", "state"), lines, console)


def _diff(store: GenerationStore, before: str | None, after: str | None, console: Console) -> None:
    """Of two states; of one and the published one; or of the published one and what it was made from."""
    current = store.current()
    if current is None:
        raise console.fail("publication.no_earlier")
    if before is None:
        before = next((each.replaced for each in reversed(publications(store)) if each.generation == current), None)
        if before is None:
            raise console.fail("publication.no_earlier")
    if after is None:
        after = current
        if before in store.drafts.names():
            before, after = current, before
    found = _known(lambda: difference(store, before, after), console, before, after)
    if console.json:
        console.data({"before": before, "after": after, **asdict(found)})
        return
    console.line(console.say("publication.between", before=before, after=after))
    tell_difference(found, console)


def _rollback(store: GenerationStore, arguments: argparse.Namespace, console: Console) -> None:
    wanted: str | None = arguments.generation
    going = rollback(store, wanted, author=author_of(arguments.author), note=arguments.note)
    if wanted is None:
        try:
            back = asyncio.run(going)
        except NoSuchGeneration:
            raise console.fail("publication.no_earlier") from None
    else:
        back = _known(lambda: asyncio.run(going), console, wanted)
    _told(console, "publication.rolled_back", back)


def _drafts(store: GenerationStore, console: Console) -> None:
    found, current = drafts(store), store.current()
    if console.json:
        console.data({"generation": current, "drafts": [_draft(each, current) for each in found]})
        return
    if not found:
        console.note(console.say("publication.no_drafts"))
        return
    lines = [
        (
            each.generation,
            f"{each.created:%Y-%m-%d %H:%M}",
            each.author,
            each.passages,
            _counted(each.difference, console),
            each.note,
            "" if each.base == current else console.say("publication.outdated"),
        )
        for each in found
    ]
    _table(("generation", "at", "author", "passages", "difference", "note", "state"), lines, console)


def _publish(store: GenerationStore, arguments: argparse.Namespace, console: Console) -> None:
    going = publish(store, arguments.draft, author=author_of(arguments.author), note=arguments.note)
    _told(console, "publication.published", _known(lambda: asyncio.run(going), console, arguments.draft))


def _discard(store: GenerationStore, draft: str, console: Console) -> None:
    _known(lambda: asyncio.run(discard(store, draft)), console, draft)
    _told(console, "publication.discarded", draft)


def tell_difference(found: Difference, console: Console) -> None:
    """Document by document, with some passages of each."""
    if not found:
        console.line(console.say("publication.nothing"))
    for kind, changes in (("added", found.added), ("changed", found.changed), ("removed", found.removed)):
        for change in changes:
            _tell_document(kind, change, console)


def _tell_document(kind: str, change: DocumentChange, console: Console) -> None:
    counts = {"added": change.added, "changed": change.changed, "removed": change.removed}
    told = console.say("publication.counts.passages", **counts)
    console.line(f"{console.say(f'publication.document.{kind}')}: {change.title}  [{change.path}]  {told}")
    for fact in change.facts:
        console.line(f"  {fact.name}: {fact.before or '–'} → {fact.after or '–'}")
    for sample in change.samples[:SHOWN]:
        console.line(f"  {sample.section}")
        for mark, text in _lines(sample):
            console.line(f"    {mark} {text}")
    if len(change.samples) > SHOWN:
        console.line(f"  {console.say('publication.more', count=len(change.samples) - SHOWN)}")


def _lines(sample: PassageChange) -> list[tuple[str, str]]:
    texts = (("-", sample.before), ("+", sample.after))
    return [(mark, _cut(text)) for mark, text in texts if text and (sample.before != sample.after or mark == "+")]


def _cut(text: str) -> str:
    plain = " ".join(text.split())
    return plain if len(plain) <= SAID else f"{plain[:SAID].rstrip()} …"


def _counts(counts: DifferenceCounts | None, console: Console) -> str:
    if counts is None:
        return ""
    return console.say(
        "publication.counts.passages",
        added=counts.passages_added,
        changed=counts.passages_changed,
        removed=counts.passages_removed,
    )


def _counted(found: Difference, console: Console) -> str:
    counts = (found.passages_added, found.passages_changed, found.passages_removed)
    return console.say("publication.counts.passages", **dict(zip(("added", "changed", "removed"), counts, strict=True)))


def _draft(draft: Draft, current: str | None) -> dict[str, Any]:
    return {
        "generation": draft.generation,
        "base": draft.base,
        "outdated": draft.base != current,
        "created": draft.created.isoformat(),
        "author": draft.author,
        "note": draft.note,
        "owner": draft.owner,
        "passages": draft.passages,
        "difference": asdict(draft.difference),
    }


def _known(act: Callable[[], Result], console: Console, *names: str) -> Result:
    """What the act gives, or the end of the command where a generation or draft does not exist."""
    try:
        return act()
    except NoSuchGeneration:
        raise console.fail("publication.unknown", generation=", ".join(names)) from None


def _told(console: Console, key: str, generation: str) -> None:
    if console.json:
        console.data({"generation": generation})
    else:
        console.line(console.say(key, generation=generation))


def _table(names: Sequence[str], rows: Sequence[Sequence[object]], console: Console) -> None:
    for line in table([console.say(f"publication.head.{name}") for name in names], rows):
        console.line(line)
