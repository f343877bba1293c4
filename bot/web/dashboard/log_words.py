"""Entries of the audit log in words."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from bot.access.audit import AuditEntry
from bot.maturity.days import PLACE
from bot.web.dashboard.voice import Voice


def moment(entry: AuditEntry, voice: Voice) -> str:
    """When something was done, in Swedish time. Reads the time zone, so call it in a thread."""
    local = entry.event.at.astimezone(ZoneInfo(PLACE))
    return voice.say("pages.moment", day=local.date().isoformat(), time=f"{local:%H:%M}")


def action_words(entry: AuditEntry, voice: Voice) -> str:
    """What was done; the code of an action that has no words any more."""
    key = f"pages.action.{entry.event.action}"
    return voice.say(key) if key in voice.texts.keys(voice.language) else entry.event.action


def details_words(entry: AuditEntry, voice: Voice, *, without: frozenset[str] = frozenset()) -> str:
    """The details of an entry: their names in words, their values as they were recorded."""
    known = voice.texts.keys(voice.language)
    told = []
    for name, value in entry.event.details.items():
        if value and name not in without:
            key = f"pages.detail.{name}"
            told.append(voice.say("pages.named", name=voice.say(key) if key in known else name, value=value))
    return "; ".join(told)
