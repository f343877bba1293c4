"""A round and what is to be done about it: response, next steps, reminders, and what has been done."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from bot.access.audit import Action, AuditEntry
from bot.access.permissions import Permission
from bot.maturity.round_life import CHANGEABLE, Step, possible
from bot.maturity.rounds import Round, RoundStatus
from bot.reminders.planning import Why
from bot.results.model import Participation
from bot.web.dashboard.addresses import at
from bot.web.dashboard.drawn import chart_named, figure_of
from bot.web.dashboard.forms import Form, Problems, Sent
from bot.web.dashboard.head import Head, dates, head_of
from bot.web.dashboard.log_words import action_words, details_words, moment
from bot.web.dashboard.order import municipalities_of
from bot.web.dashboard.parts import Entry, Fact, Group, Link, Look, Row, Section, Table
from bot.web.dashboard.round_forms import STEPS, step_form
from bot.web.dashboard.scene import Scene
from bot.web.dashboard.voice import Voice

DONE: Final = ("created", "open", "close", "reopen", "archive", "change", "remind", "visibility", "publish")
"""What a page may say has just been done."""
LOG_LINES: Final = 20
UNTOLD: Final = frozenset({"checksum", "instrument", "invited"})
"""Details that say nothing to people, or fill a page; the audit log's own page has them."""
LOOKING: Final = frozenset({Action.RESULTS_SEEN, Action.RESULTS_EXPORTED})
"""What does nothing to a round, and is for the administrator's log only."""


@dataclass(frozen=True, slots=True)
class Reminders:
    """Who would be reminded now, in numbers: how many, and why the others would not."""

    due: int
    text: str
    table: Table | None
    form: Form | None


@dataclass(frozen=True, slots=True)
class RoundPage:
    """The page. `refused` is why a step was not taken that is not on the page any more. `next` says in a sentence what
    is to be done; `publishing` what becomes of the results."""

    head: Head
    done: str
    refused: str
    next: str
    facts: tuple[Fact, ...]
    response: Section | None
    roles: Table | None
    steps: tuple[Form, ...]
    change: Link | None
    reminders: Reminders | None
    publishing: str
    publish: str
    log: Table | None
    places: tuple[Link, ...]


@dataclass(frozen=True, slots=True)
class Acting:
    """A step that was sent and not taken: what was filled in, and what is wrong."""

    step: str = ""
    sent: Sent | None = None
    problems: Problems | None = None


def round_of(
    scene: Scene,
    participation: Participation,
    *,
    done: str = "",
    acting: Acting | None = None,
    due: Mapping[Why, int] | None = None,
    progress: str = "",
    log: Sequence[AuditEntry] = (),
) -> RoundPage:
    """The page of a round. `due` counts people by why they would be reminded or not; None where nobody can be."""
    voice, held, visitor = scene.voice, scene.held, scene.visitor
    manages = visitor.may(Permission.MANAGE_ROUNDS)
    steps = [each for each in possible(held.status, visitor.roles) if each in STEPS] if manages else []
    change = None
    if manages and any(held.status in statuses for name, statuses in CHANGEABLE.items() if name != "open_data"):
        change = Link(voice.say("pages.change_round.title"), at(held.id, "change"))
    waits = held.is_over and not scene.compiled
    failed = waits and progress == "failed" and counts(held, participation)
    return RoundPage(
        head_of(scene, ""),
        voice.say(f"pages.done.{done}") if done in DONE else "",
        _refused(steps, acting),
        voice.say(f"pages.next.{held.status}") if manages else "",
        _facts(scene, participation),
        _response(scene, participation),
        _roles(scene, participation) if visitor.may(Permission.SEE_RESPONSE) else None,
        tuple(_form(each, scene, acting) for each in steps),
        change,
        _reminders(scene, due, acting) if visitor.may(Permission.SEND_REMINDERS) and due is not None else None,
        _publishing(scene, participation, failed=failed) if waits else "",
        at(held.id, "publish") if failed and manages else "",
        _log(scene, log) if manages and log else None,
        tuple(
            Link(each.title, at(held.id, "municipalities", each.id))
            for each in municipalities_of(held.instrument)
            if each.id in visitor.municipalities and visitor.may(Permission.SEE_MUNICIPALITY, each.id)
        ),
    )


def counts(held: Round, participation: Participation) -> bool:
    """Whether anything of the round is compiled, as `bot.publishing.due` has it: nothing is of a practice round, nor of
    one that nobody answered."""
    return not held.practice and participation.total.answered.high > 0


def _publishing(scene: Scene, participation: Participation, *, failed: bool) -> str:
    if not counts(scene.held, participation):
        return scene.voice.say("pages.publishing.nothing")
    return scene.voice.say("pages.publishing.failed" if failed else "pages.publishing.compiling")


def rounds_table(rounds: Sequence[Round], voice: Voice) -> Table:
    """All rounds, newest first."""
    rows = []
    for each in rounds:
        marks = (voice.say("pages.head.practice_short"),) if each.practice else ()
        cells = (Entry(voice.say(f"pages.status.{each.status}"), tags=marks), Entry(dates(each, voice)))
        rows.append(Row(Entry(each.label, href=at(each.id)), cells))
    columns = tuple(voice.say(f"pages.column.{each}") for each in ("round", "status", "dates"))
    return Table(voice.say("pages.rounds.caption"), columns, (Group(tuple(rows)),))


def _form(step: Step, scene: Scene, acting: Acting | None) -> Form:
    if acting is None or acting.step != step.value:
        return step_form(step, scene.held, scene.voice, {}, {})
    return step_form(step, scene.held, scene.voice, acting.sent or {}, acting.problems or {})


def _refused(steps: Sequence[Step], acting: Acting | None) -> str:
    """Why a step was refused that has no form now, such as one that somebody else has taken in the meantime."""
    if acting is None or not acting.problems or acting.step in {*steps, "remind"}:
        return ""
    return next(iter(acting.problems.values()))


def _facts(scene: Scene, participation: Participation) -> tuple[Fact, ...]:
    voice, held = scene.voice, scene.held
    instrument = held.instrument
    facts = [Fact(voice.say("pages.facts.answers"), voice.response(participation.total))]
    if participation.shared is not None and scene.visitor.may(Permission.SEE_RESPONSE):
        facts.append(Fact(voice.say("pages.facts.shared"), voice.response(participation.shared)))
    if participation.joint and scene.visitor.may(Permission.SEE_RESPONSE):
        facts.append(Fact(voice.say("pages.facts.joint"), voice.municipalities(participation.joint)))
    questions = voice.say("pages.facts.version", title=voice.word(instrument.title), version=instrument.version)
    facts.append(Fact(voice.say("pages.facts.instrument"), questions))
    facts.append(Fact(voice.say("pages.facts.threshold"), voice.say("pages.facts.threshold_of", number=held.threshold)))
    if held.diary_number:
        facts.append(Fact(voice.say("pages.step.field.diary_number"), held.diary_number))
    if held.retention:
        facts.append(Fact(voice.say("pages.step.field.retention"), held.retention))
    return tuple(facts)


def _response(scene: Scene, participation: Participation) -> Section | None:
    """Answers by municipality, in the order of the alphabet; a contact sees the own ones."""
    voice, visitor = scene.voice, scene.visitor
    rows = []
    for each in municipalities_of(scene.instrument):
        told = participation.municipalities.get(each.id)
        if told is None or not visitor.may(Permission.SEE_MUNICIPALITY_RESPONSE, each.id):
            continue
        share = ""
        if told.invited and told.answered.exact is not None:
            share = voice.percent(min(1.0, told.answered.exact / told.invited))
        invited = voice.whole(told.invited) if told.invited is not None else voice.say("pages.response.unknown")
        cells = (
            Entry(voice.count(told.answered), look=Look.NUMBER),
            Entry(invited, look=Look.NUMBER),
            Entry(share, look=Look.NUMBER),
        )
        rows.append(Row(Entry(each.title, href=at(scene.held.id, "municipalities", each.id)), cells))
    if not rows:
        return None
    columns = tuple(voice.say(f"pages.column.{each}") for each in ("municipality", "answered", "invited", "share"))
    table = Table(voice.say("pages.response.caption"), columns, (Group(tuple(rows)),), frozenset({1, 2, 3}))
    figure = None
    if visitor.may(Permission.SEE_RESPONSE):
        figure = figure_of(scene, "response", chart_named(scene, "response", participation=participation))
    return Section("response", voice.say("pages.response.title"), (voice.say("pages.response.text"),), figure, table)


def _roles(scene: Scene, participation: Participation) -> Table:
    voice = scene.voice
    rows = []
    for role in scene.instrument.roles:
        told = participation.roles.get(role.id)
        if told is not None:
            rows.append(Row(Entry(voice.word(role.title)), (Entry(voice.response(told), look=Look.NUMBER),)))
    columns = tuple(voice.say(f"pages.column.{each}") for each in ("role", "answered"))
    return Table(voice.say("pages.response.roles"), columns, (Group(tuple(rows)),), frozenset({1}))


def _reminders(scene: Scene, due: Mapping[Why, int], acting: Acting | None) -> Reminders | None:
    voice, held = scene.voice, scene.held
    if held.status is not RoundStatus.OPEN:
        return None
    number = due.get(Why.DUE, 0)
    rows = [
        Row(Entry(voice.say(f"pages.remind.why.{why}")), (Entry(voice.whole(count), look=Look.NUMBER),))
        for why, count in due.items()
        if why is not Why.DUE and count
    ]
    columns = tuple(voice.say(f"pages.column.{each}") for each in ("why", "persons"))
    table = Table(voice.say("pages.remind.caption"), columns, (Group(tuple(rows)),), frozenset({1})) if rows else None
    form = None
    problems = acting.problems if acting is not None and acting.step == "remind" else None
    if number:
        form = Form(
            "remind",
            voice.say("pages.remind.form"),
            (voice.say("pages.remind.rules"),),
            at(held.id, "remind"),
            voice.say("pages.remind.button"),
            confirm=voice.say("pages.remind.confirm", number=number),
            problem=(problems or {}).get("", ""),
            confirm_problem=(problems or {}).get("confirm", ""),
        )
    key = "nobody" if not number else "one" if number == 1 else "several"
    text = voice.say("pages.remind.several", number=number) if key == "several" else voice.say(f"pages.remind.{key}")
    return Reminders(number, text, table, form)


def _log(scene: Scene, entries: Sequence[AuditEntry]) -> Table:
    """What has been done with the round, newest first, without who did it; that is for the administrator."""
    voice = scene.voice
    done = [each for each in entries if each.event.action not in LOOKING][:LOG_LINES]
    rows = [
        Row(
            Entry(moment(each, voice)),
            (Entry(action_words(each, voice)), Entry(details_words(each, voice, without=UNTOLD))),
        )
        for each in done
    ]
    columns = tuple(voice.say(f"pages.column.{each}") for each in ("when", "what", "details"))
    return Table(voice.say("pages.log.caption"), columns, (Group(tuple(rows)),))
