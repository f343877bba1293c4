"""The form by which facts about a document are set, and what is wrong with what was filled in."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import astuple
from datetime import date
from typing import Final

from bot.conversation.router import clean
from bot.documents.facts import Facts
from bot.documents.words import Say
from bot.web.dashboard.forms import Field, Form, Input
from bot.web.dashboard.parts import Choice

RESPONSIBLE_LIMIT: Final = 120
"""Characters of the name of a person or an office."""
DAY_LENGTH: Final = len("2027-06-30")
DAYS: Final = ("valid_from", "valid_until", "review_by")
EARLIEST, LATEST = date(1900, 1, 1), date(2199, 12, 31)
"""What is beyond is a slip of the finger."""
SEEN: Final = "seen"
"""The field that says which facts the form was filled with."""


def mark(facts: Facts) -> str:
    """What tells facts from others, so that nobody overwrites what somebody else has set meanwhile."""
    return hashlib.sha256("\0".join(astuple(facts)).encode()).hexdigest()[:32]


def read(sent: Mapping[str, str], before: Facts, owners: Sequence[str], say: Say) -> tuple[Facts, Mapping[str, str]]:
    """The facts as they were filled in, and what is wrong with them by the name of the field.

    `owners` are those who may be chosen; where there are none, the owner stays.
    """
    valid_from, valid_until, review_by, responsible = (clean(sent.get(each, "")) for each in (*DAYS, "responsible"))
    owner = sent.get("owner", before.owner) if owners else before.owner
    given = Facts(valid_from, valid_until, review_by, responsible, owner)
    wrong: dict[str, str] = {}
    for name in DAYS:
        if not _is_day(getattr(given, name)):
            wrong[name] = say("document.facts.no_day", first=EARLIEST.year, last=LATEST.year)
    if not wrong and given.valid_from and given.valid_until and given.valid_until < given.valid_from:
        wrong["valid_until"] = say("document.facts.backwards")
    if len(given.responsible) > RESPONSIBLE_LIMIT:
        wrong["responsible"] = say("document.facts.long", limit=RESPONSIBLE_LIMIT)
    if owners and given.owner not in owners:
        wrong["owner"] = say("document.facts.no_owner")
    return given, wrong


def form_of(
    facts: Facts,
    owners: Sequence[str],
    municipalities: Mapping[str, str],
    say: Say,
    wrong: Mapping[str, str] | None = None,
) -> Form:
    """The form, filled with these facts."""
    wrong = wrong or {}
    fields = [
        Field(
            name,
            say(f"document.facts.{name}"),
            Input.DAY,
            getattr(facts, name),
            say(f"document.facts.{name}_hint"),
            problem=wrong.get(name, ""),
        )
        for name in DAYS
    ]
    fields.append(
        Field(
            "responsible",
            say("document.facts.responsible"),
            Input.TEXT,
            facts.responsible,
            say("document.facts.responsible_hint"),
            problem=wrong.get("responsible", ""),
        )
    )
    if owners:
        choices = tuple(Choice(each, _owner(each, municipalities, say), each == facts.owner) for each in owners)
        fields.append(
            Field(
                "owner",
                say("document.facts.owner"),
                Input.SELECT,
                facts.owner,
                say("document.facts.owner_hint"),
                required=True,
                problem=wrong.get("owner", ""),
                choices=choices,
            )
        )
    return Form("facts", say("document.facts.title"), (), "", say("document.facts.button"), tuple(fields))


def _is_day(text: str) -> bool:
    if not text:
        return True
    if len(text) != DAY_LENGTH:  # `20270630` is an ISO date too, and no browser sends it
        return False
    try:
        return EARLIEST <= date.fromisoformat(text) <= LATEST
    except ValueError:
        return False


def _owner(key: str, municipalities: Mapping[str, str], say: Say) -> str:
    return say("documents.send.only", name=municipalities.get(key, key)) if key else say("documents.send.everybody")
