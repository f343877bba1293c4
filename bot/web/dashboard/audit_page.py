"""The audit log for the administrator: who did what, when, to what, and whether the log is whole."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.access.audit import AuditEntry, Verified
from bot.web.dashboard.addresses import AUDIT
from bot.web.dashboard.log_words import action_words, details_words, moment
from bot.web.dashboard.parts import Entry, Group, Link, Row, Table
from bot.web.dashboard.voice import Voice

AT_ONCE = 100
"""Entries on a page."""


@dataclass(frozen=True, slots=True)
class AuditPage:
    """The page. `whole` is whether the chain is; `verified` says so, with what is to be noted elsewhere."""

    whole: bool
    verified: str
    head: str
    table: Table
    older: Link | None
    newest: Link | None


def audit_of(entries: Sequence[AuditEntry], verified: Verified, voice: Voice, *, before: int | None) -> AuditPage:
    """The page with these entries, newest first. Reads the time zone, so call it in a thread."""
    rows = [
        Row(
            Entry(str(each.number)),
            (
                Entry(moment(each, voice)),
                Entry(action_words(each, voice)),
                Entry(each.event.subject),
                Entry(each.event.actor, each.event.tenant),
                Entry(details_words(each, voice)),
            ),
        )
        for each in entries
    ]
    columns = tuple(
        voice.say(f"pages.column.{each}") for each in ("number", "when", "what", "subject", "actor", "details")
    )
    whole = verified.broken is None
    if whole:
        told = voice.say("pages.audit.whole", entries=voice.whole(verified.entries))
    else:
        told = voice.say("pages.audit.broken", number=verified.broken)
    older = None
    if len(entries) == AT_ONCE:
        older = Link(voice.say("pages.audit.older"), f"{AUDIT}?before={entries[-1].number}")
    newest = Link(voice.say("pages.audit.newest"), AUDIT) if before is not None else None
    return AuditPage(
        whole,
        told,
        verified.head,
        Table(voice.say("pages.audit.caption"), columns, (Group(tuple(rows)),)),
        older,
        newest,
    )
