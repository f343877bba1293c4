"""The steps of a round as forms, and what is asked when a round is created or changed."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import replace

from bot.maturity.errors import ThresholdTooLow
from bot.maturity.instrument import Instrument, Organisation, Role
from bot.maturity.round_life import CHANGEABLE, Step
from bot.maturity.rounds import LEAST_THRESHOLD, Round, RoundStatus
from bot.web.dashboard.addresses import ROUNDS, at
from bot.web.dashboard.forms import CONFIRM, Field, Form, Input, Problems, Reading, Sent
from bot.web.dashboard.order import municipalities_of
from bot.web.dashboard.parts import Choice
from bot.web.dashboard.voice import Voice

STEPS: Mapping[Step, tuple[tuple[str, Input, bool], ...]] = {
    Step.OPEN: (),
    Step.CLOSE: (),
    Step.REOPEN: (("reason", Input.LONG, True), ("closes", Input.DAY, True)),
    Step.ARCHIVE: (
        ("diary_number", Input.TEXT, True),
        ("retention", Input.LONG, True),
        ("keep_answers", Input.NUMBER, False),
    ),
}
"""The fields of a step's form: name, how it is filled in, and whether it has to be."""
Grid = tuple[tuple[str, tuple[Field, ...]], ...]
GRAVE = frozenset({Step.CLOSE, Step.ARCHIVE})


def step_form(step: Step, held: Round, voice: Voice, sent: Sent, problems: Problems) -> Form:
    """The form of a step; with what was `sent` and what is wrong with it where it was not taken."""
    fields = tuple(
        Field(
            name,
            voice.say(f"pages.step.field.{name}"),
            kind,
            sent.get(name, ""),
            voice.say(f"pages.step.hint.{name}"),
            required,
            problems.get(name, ""),
            least=0 if kind is Input.NUMBER else None,
        )
        for name, kind, required in STEPS[step]
    )
    return Form(
        step.value,
        voice.say(f"pages.step.{step}.title"),
        (voice.say(f"pages.step.{step}.text"),),
        at(held.id, step.value),
        voice.say(f"pages.step.{step}.button"),
        fields,
        voice.say(f"pages.step.{step}.confirm"),
        step in GRAVE,
        problems.get("", ""),
        problems.get(CONFIRM, ""),
    )


def create_form(
    instruments: Sequence[Instrument], chosen: Instrument, voice: Voice, sent: Sent, problems: Problems
) -> Form:
    """The form for a new round."""
    offered = tuple(
        Choice(
            each.id,
            voice.say("pages.create.instrument", title=voice.word(each.title), version=each.version),
            each is chosen,
        )
        for each in instruments
    )
    fields = [
        _field("label", Input.TEXT, voice, sent, problems, required=True),
        replace(_field("instrument", Input.SELECT, voice, sent, problems, required=True), choices=offered),
        *_changeable(voice, sent, problems, frozenset(CHANGEABLE)),
        _field("practice", Input.TICK, voice, sent, problems),
    ]
    return Form(
        "create",
        voice.say("pages.create.title"),
        (voice.say("pages.create.text"),),
        f"{ROUNDS}/new",
        voice.say("pages.create.button"),
        tuple(fields),
        problem=problems.get("", ""),
        columns=tuple(voice.word(each.title) for each in chosen.roles),
        grid=_invited(chosen, voice, sent, problems),
    )


def change_form(held: Round, voice: Voice, sent: Sent | None, problems: Problems) -> Form:
    """The form for what may still be changed of a round."""
    free = frozenset(name for name, statuses in CHANGEABLE.items() if held.status in statuses)
    values = told_of(held) if sent is None else sent
    fields = _changeable(voice, values, problems, free)
    asked = "invited" in free
    return Form(
        "change",
        voice.say("pages.change_round.title"),
        (voice.say("pages.change_round.text"),),
        at(held.id, "change"),
        voice.say("pages.change_round.button"),
        tuple(fields),
        problem=problems.get("", ""),
        columns=tuple(voice.word(each.title) for each in held.instrument.roles) if asked else (),
        grid=_invited(held.instrument, voice, values, problems) if asked else (),
    )


def new_round(sent: Sent, instrument: Instrument, voice: Voice) -> tuple[Round | None, Problems]:
    """The planned round that a form describes, or what is wrong with it."""
    reading = Reading(sent, voice)
    label = reading.text("label")
    round_id = _id_of(label)
    if label and (not round_id or len(label) > 40):
        reading.problems["label"] = voice.say("pages.form.no_label")
    opens = reading.day("opens")
    closes = reading.day("closes", required=False)
    threshold = reading.number("threshold") or LEAST_THRESHOLD
    invited = _read_invited(reading, instrument)
    if reading.problems or opens is None:
        return None, reading.problems
    try:
        made = Round(
            round_id,
            label,
            instrument,
            RoundStatus.PLANNED,
            opens,
            closes,
            reading.ticked("practice"),
            invited,
            open_data=reading.ticked("open_data"),
            threshold=threshold,
        )
    except ThresholdTooLow:
        return None, {"threshold": voice.say("pages.form.threshold", least=LEAST_THRESHOLD)}
    return made, {}


def changed_round(sent: Sent, held: Round, voice: Voice) -> tuple[Round | None, Problems]:
    """The round with what a form changes of it, or what is wrong with that."""
    free = {name for name, statuses in CHANGEABLE.items() if held.status in statuses}
    reading = Reading(sent, voice)
    changed = held
    if "opens" in free:
        changed = replace(
            changed, opens=reading.day("opens") or held.opens, closes=reading.day("closes", required=False)
        )
    if "open_data" in free:
        changed = replace(changed, open_data=reading.ticked("open_data"))
    if "invited" in free:
        changed = replace(changed, invited=_read_invited(reading, held.instrument))
    threshold = reading.number("threshold") if "threshold" in free else None
    if reading.problems:
        return None, reading.problems
    try:
        return replace(changed, threshold=threshold or held.threshold), {}
    except ThresholdTooLow:
        return None, {"threshold": voice.say("pages.form.threshold", least=LEAST_THRESHOLD)}


def told_of(held: Round) -> Sent:
    """What a form shows of a round before anything is changed."""
    told = {
        "opens": held.opens.isoformat(),
        "closes": held.closes.isoformat() if held.closes else "",
        "threshold": str(held.threshold),
    }
    if held.open_data:
        told["open_data"] = "yes"
    return told | {_name(place, role): str(number) for (place, role), number in held.invited.items()}


def _changeable(voice: Voice, sent: Sent, problems: Problems, free: frozenset[str]) -> list[Field]:
    kinds = (("opens", Input.DAY), ("closes", Input.DAY), ("threshold", Input.NUMBER), ("open_data", Input.TICK))
    fields = []
    for name, kind in kinds:
        if name in free:
            field = _field(name, kind, voice, sent, problems, required=name == "opens")
            if name == "threshold":
                field = replace(field, least=LEAST_THRESHOLD, value=field.value or str(LEAST_THRESHOLD))
            fields.append(field)
    return fields


def _field(name: str, kind: Input, voice: Voice, sent: Sent, problems: Problems, *, required: bool = False) -> Field:
    label, hint = voice.say(f"pages.create.field.{name}"), voice.say(f"pages.create.hint.{name}")
    return Field(name, label, kind, sent.get(name, ""), hint, required, problems.get(name, ""))


def _invited(instrument: Instrument, voice: Voice, sent: Sent, problems: Problems) -> Grid:
    """A field for every municipality and role."""
    return tuple(
        (place.title, tuple(_invited_field(place, role, voice, sent, problems) for role in instrument.roles))
        for place in municipalities_of(instrument)
    )


def _invited_field(place: Organisation, role: Role, voice: Voice, sent: Sent, problems: Problems) -> Field:
    name = _name(place.id, role.id)
    label = voice.say("pages.create.invited", place=place.title, role=voice.word(role.title))
    return Field(name, label, Input.NUMBER, sent.get(name, ""), problem=problems.get(name, ""), least=0)


def _read_invited(reading: Reading, instrument: Instrument) -> dict[tuple[str, str], int]:
    found = {}
    for place in municipalities_of(instrument):
        for role in instrument.roles:
            number = reading.number(_name(place.id, role.id))
            if number is not None:
                found[place.id, role.id] = number
    return found


def _name(place: str, role: str) -> str:
    return f"invited.{place}.{role}"


def _id_of(label: str) -> str:
    """`2026:1` -> `2026-1`: what stands in addresses."""
    plain = unicodedata.normalize("NFKD", label.casefold()).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")
