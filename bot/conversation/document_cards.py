"""The cards of files that were sent: how far they are, what would change, and what became of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from bot.conversation.card import Block, Button, Buttons, CardReply, DoneReply, Field, Fold, Gauge, Line, Look, Table
from bot.conversation.texts import Texts
from bot.conversation.turn import Action
from bot.documents.board import Word
from bot.documents.jobs import Job, JobState
from bot.documents.words import numbers, shown_path
from ingest.difference import DocumentChange
from ingest.gate_report import AnswerChange, GateReport, Said
from ingest.model import Outcome

PUBLISH, DISCARD, UNDO = "documents.publish", "documents.discard", "documents.undo"
JOB, DRAFT, LANGUAGE, NOTE = "job", "draft", "language", "documents_note"
PREFIX: Final = "documents:"
"""How the key of a card begins that shows progress; the chat's id follows."""
NOTE_LIMIT: Final = 500
FILES: Final = 20
CHANGES: Final = 8
QUESTIONS: Final = 10
LONGEST: Final = 300
"""Characters of a passage or answer on a card; the page shows all of it."""

_BARS: Final = frozenset({"load", "recognise", "embed", "gate"})


@dataclass(frozen=True, slots=True)
class Showing:
    """How cards are made: in which words, with which municipalities, and where the pages are (empty: nowhere)."""

    texts: Texts
    municipalities: Mapping[str, str]
    site: str = ""

    def say(self, key: str, language: str, **values: object) -> str:
        """A text of the catalogue."""
        return self.texts.say(key, language, **values)


def fetching_card(name: str, done: int, total: int, key: str, showing: Showing, language: str) -> CardReply:
    """Files on their way here, of which `name` comes now."""
    if total == 1:
        return _progress(showing.say("filed.fetching_one", language, name=name), 0, 0, key, showing, language)
    text = showing.say("filed.fetching", language, number=min(done + 1, total), total=total, name=name)
    return _progress(text, done, total, key, showing, language)


def reading_card(job: Job, word: Word | None, key: str, showing: Showing, language: str) -> CardReply:
    """How far the reading is."""
    say = showing.say
    if job.problem and job.state is JobState.QUEUED:
        return _progress(say(f"documents.problem.{job.problem}", language), 0, 0, key, showing, language)
    if word is None or word.state is not JobState.READING or not word.phase:
        state = "waiting" if job.state is JobState.QUEUED else "reading"
        return _progress(
            say(f"filed.{state}", language, files=_files(job, showing, language)), 0, 0, key, showing, language
        )
    values = {"done": word.done, "total": word.total}
    match word.phase:
        case "load" if word.path and word.total > 1:
            text = say("filed.phase.load", language, **values, name=shown_path(word.path))
        case "load":
            text = say("filed.reading", language, files=_files(job, showing, language))
        case "recognise":
            text = say("recognition.phase", language, **values)
        case "embed" | "gate":
            text = say(f"filed.phase.{word.phase}", language, **values)
        case _:
            text = say("filed.phase.write", language)
    bar = word.phase in _BARS and word.total > 1
    return _progress(text, word.done if bar else 0, word.total if bar else 0, key, showing, language)


def _progress(text: str, done: int, total: int, key: str, showing: Showing, language: str) -> CardReply:
    blocks: tuple[Block, ...] = (Line(text),)
    if total:
        percent = 100 * done / total
        told = showing.say("filed.percent", language, percent=int(percent))
        blocks = (Gauge(text, percent, told),)
    return CardReply(text, blocks, key)


def ended_card(text: str) -> CardReply:
    """What the message of progress says at the end."""
    return CardReply(text, (Line(text),))


def read_text(job: Job, showing: Showing, language: str) -> str:
    """That the files were read; what came of it follows."""
    return showing.say("filed.read", language, files=_files(job, showing, language))


def failed_card(job: Job, showing: Showing, language: str) -> CardReply:
    """Why there is nothing to publish."""
    title = showing.say("filed.failed_title", language)
    why = showing.say(f"documents.problem.{job.problem}", language)
    blocks = (Line(title, Look.HEADING), Line(why), *_outcomes(job.outcomes, "filed.went", showing, language))
    return CardReply(f"{title}. {why}", blocks)


def draft_card(job: Job, showing: Showing, language: str) -> CardReply:
    """What would change, what to look at before, and the buttons that decide."""
    say = showing.say
    title = say("filed.draft.title", language)
    summary = f"{read_text(job, showing, language)} {_counts(job, showing, language)}"
    whose = showing.municipalities.get(job.owner, job.owner)
    owner = say("filed.draft.only", language, name=whose) if job.owner else say("filed.draft.everybody", language)
    data = {JOB: job.id, DRAFT: job.generation, LANGUAGE: language}
    blocks: tuple[Block, ...] = (
        Line(title, Look.HEADING),
        Line(summary),
        # Before what may be long: what does not fit into a message is cut from its end.
        Line(f"{owner} {say('filed.draft.unchanged', language)}", Look.SUBTLE),
        *_page(job, showing, language),
        *_changes(job.difference.documents, showing, language),
        *_outcomes(job.outcomes, "filed.remarks", showing, language),
        *_gate(job.gate, showing, language),
        Field(NOTE, say("documents.decide.note", language), multiline=False, limit=NOTE_LIMIT),
        Buttons(
            (
                Button(say("filed.draft.publish", language), Action(PUBLISH, data), main=True),
                Button(say("filed.draft.discard", language), Action(DISCARD, data)),
            )
        ),
    )
    return CardReply(f"{title}. {summary}", blocks)


def published_reply(job: Job, showing: Showing, language: str, *, undoable: bool) -> DoneReply:
    """That the documents are what people get answers from, and the way back where there is one."""
    said = showing.say("filed.published", language, files=_files(job, showing, language))
    data = {JOB: job.id, DRAFT: job.generation, LANGUAGE: language}
    undo = Button(showing.say("filed.undo", language), Action(UNDO, data))
    return DoneReply(said, (undo,) if undoable else ())


def _files(job: Job, showing: Showing, language: str) -> str:
    """The files in a few words: the name of the only one, or how many there are."""
    if len(job.files) == 1:
        return job.files[0].name
    return showing.say("filed.files", language, count=len(job.files))


def _counts(job: Job, showing: Showing, language: str) -> str:
    """How many documents and passages are new, changed and gone; what there is none of is left out."""
    change = job.difference
    counted = {
        "documents_added": len(change.added),
        "documents_changed": len(change.changed),
        "documents_removed": len(change.removed),
        "passages_added": change.passages_added,
        "passages_changed": change.passages_changed,
        "passages_removed": change.passages_removed,
    }
    return " ".join(
        showing.say(f"filed.draft.count.{name}", language, count=count) for name, count in counted.items() if count
    )


def _changes(changes: Sequence[DocumentChange], showing: Showing, language: str) -> list[Block]:
    """A table of documents, and some of their passages behind a button."""
    if not changes:
        return []
    say = showing.say
    head = tuple(say(f"filed.changes.{name}", language) for name in ("document", "added", "changed", "removed"))
    shown = changes[:FILES]
    rows = tuple((each.title, str(each.added), str(each.changed), str(each.removed)) for each in shown)
    table = Table(say("filed.changes.caption", language), head, rows)
    samples = [
        Line(f"{each.title}: {_cut(sample.after or sample.before)}" + (f" ({gone})" if not sample.after else ""))
        for gone in (say("filed.changes.gone", language),)
        for each in shown
        for sample in each.samples[:2]
    ][:CHANGES]
    more = [Line(say("filed.more", language, count=len(changes) - FILES), Look.SUBTLE)] if changes[FILES:] else []
    fold = [Fold(say("filed.changes.show", language), tuple(samples))] if samples else []
    return [table, *more, *fold]


def _outcomes(outcomes: Sequence[Outcome], title: str, showing: Showing, language: str) -> list[Block]:
    """What is to be looked at in the files; of a file that was read without trouble, nothing."""
    remarks = [(each, text) for each in outcomes for text in _remarks(each, showing, language)]
    lines = [Line(f"{shown_path(each.path)}: {text}") for each, text in remarks[:FILES]]
    if not lines:
        return []
    more = (
        [Line(showing.say("filed.more", language, count=len(remarks) - FILES), Look.SUBTLE)] if remarks[FILES:] else []
    )
    return [Line(showing.say(title, language), Look.STRONG), *lines, *more]


def _remarks(outcome: Outcome, showing: Showing, language: str) -> list[str]:
    say = showing.say
    said = []
    if outcome.reason:
        said.append(f"{say('filed.rejected', language)} {say(outcome.reason, language)}")
    if outcome.hidden:
        said.append(say("documents.files.hidden", language, count=outcome.hidden))
    if outcome.unread:
        said.append(say("documents.files.unread", language, pages=numbers(outcome.unread)))
    if outcome.remark:
        said.append(say(f"recognition.remark.{outcome.remark}", language))
    if outcome.recognised:
        said.append(say("documents.files.recognised", language, pages=numbers(outcome.recognised)))
    if outcome.flagged:
        quotes = "; ".join(f"”{_cut(each)}”" for each in outcome.flagged[:3])
        said.append(f"{say('documents.files.flagged', language)} {quotes}")
    return said


def _gate(gate: GateReport | None, showing: Showing, language: str) -> list[Block]:
    """Known questions whose answers would be others, the worse ones first."""
    if gate is None or not gate.asked:
        return []
    say, others = showing.say, (*gate.worse, *gate.changed, *gate.better)
    if not others:
        return [Line(say("filed.gate.same", language, asked=gate.asked))]
    blocks: list[Block] = []
    if gate.worse:
        blocks.append(Line(say("documents.gate.warn", language, count=len(gate.worse)), Look.STRONG))
    counted = {"worse": len(gate.worse), "changed": len(gate.changed), "better": len(gate.better)}
    blocks.append(Line(say("filed.gate.text", language, asked=gate.asked, others=len(others), **counted)))
    told = [line for each in others[:QUESTIONS] for line in _answer_change(each, showing, language)]
    return [*blocks, Fold(say("filed.gate.show", language), tuple(told))]


def _answer_change(change: AnswerChange, showing: Showing, language: str) -> list[Line]:
    say = showing.say
    return [
        Line(change.question, Look.STRONG),
        Line(say(f"documents.gate.verdict.{change.verdict}", language), Look.SUBTLE),
        Line(f"{say('documents.change.before', language)}: {_said(change.before, showing, language)}"),
        Line(f"{say('documents.change.after', language)}: {_said(change.after, showing, language)}"),
    ]


def _said(said: Said, showing: Showing, language: str) -> str:
    return showing.say("documents.gate.refusal", language) if said.refused else _cut(said.text)


def _page(job: Job, showing: Showing, language: str) -> list[Block]:
    """Where all of it stands, with a preview; nowhere where there are no pages that people reach. The words name the
    page of all documents, which leads there: a job's own address is wider than a telephone."""
    if not showing.site:
        return []
    every = f"{showing.site}/documents"
    return [Line(showing.say("filed.page", language, address=every), address=f"{every}/jobs/{job.id}")]


def _cut(text: str) -> str:
    flat = " ".join(text.split())
    return flat if len(flat) <= LONGEST else f"{flat[:LONGEST].rstrip()}…"
