"""What is said about files at once, and what the buttons under a draft do where something is in the way."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from bot.access.stewards import Stewards
from bot.conversation.card import CardReply, DoneReply, Fold, Line, NoticeReply
from bot.conversation.document_cards import (
    DISCARD,
    DRAFT,
    JOB,
    LANGUAGE,
    NOTE,
    NOTE_LIMIT,
    PUBLISH,
    UNDO,
    Showing,
    draft_card,
    reading_card,
)
from bot.conversation.documents import DocumentsFlow, Parcel
from bot.conversation.replies import Reply, TextReply
from bot.conversation.texts import LANGUAGES, Texts
from bot.conversation.turn import Action, FilesSent, Scope, Sender, SentFile, Turn
from bot.documents.board import Word
from bot.documents.errors import DocumentsStoreFailed, DraftFailed, DraftStale, Problem
from bot.documents.jobs import Job, JobFile, JobState
from bot.documents.recording import Person
from bot.settings_fields.values import as_people
from bot.teams.cards.card_size import CARD_LIMIT, fitted_card, units
from ingest.difference import Difference, DocumentChange, PassageChange
from ingest.gate_report import AnswerChange, GateReport, Said, Verdict
from ingest.model import FileStatus, Outcome
from knowledge.model import Origin

TEXTS = Texts.load()
TENANT = "3b1d0c7a-0000-4000-8000-00000000a001"
ANNA, BERTIL, CARIN = (f"0b0e8a52-0000-4000-8000-00000000000{n}" for n in (1, 2, 3))
NAMES = {"uddevalla": "Uddevalla", "lysekil": "Lysekil"}
WHO = as_people(
    f"{ANNA}@{TENANT}=administrator,{BERTIL}@{TENANT}=municipal_administrator:uddevalla+lysekil,"
    f"{CARIN}@{TENANT}=municipal_administrator:lysekil"
)
SHOWING = Showing(TEXTS, NAMES, "https://fyren.example.se")
SENT = FilesSent((SentFile("../IT\u202epolicy.md", "https://x"),))
NOON = datetime(2026, 11, 1, 12, tzinfo=UTC)
JOB_OF_ANNA = Job(
    "a" * 32,
    NOON,
    ANNA,
    TENANT,
    "",
    (JobFile("f", "IT-policy.md", 9),),
    state=JobState.DRAFT,
    generation="g1",
    base="g0",
)


class FakeDesk:
    """Implements `Decisions` and `Intake` over one job; `failing` is raised by the next decision."""

    def __init__(self, job: Job = JOB_OF_ANNA) -> None:
        self.kept = job
        self.begun: list[Parcel] = []
        self.messages: dict[str, str] = {}
        self.notes: list[str] = []
        self.looks = 0
        self.failing: Exception | None = None
        self.undone = True

    async def begin(self, parcel: Parcel) -> None:
        self._fail()
        self.begun.append(parcel)

    async def shown(self, parcel_id: str, message: str) -> None:
        self._fail()
        self.messages[parcel_id] = message

    async def job(self, job_id: str) -> Job | None:
        return self.kept if job_id == self.kept.id else None

    def look(self) -> None:
        self.looks += 1

    async def publish(self, job: Job, by: Person, note: str) -> bool:
        self._fail()
        self.notes.append(note)
        self.kept = replace(job, state=JobState.PUBLISHED)
        return True

    async def discard(self, job: Job, by: Person, note: str) -> bool:
        self._fail()
        self.kept = replace(job, state=JobState.DISCARDED)
        return True

    async def undoable(self, job: Job) -> bool:
        raise DraftFailed(Problem.INDEX)

    async def undo(self, job: Job, by: Person) -> bool:
        self._fail()
        return self.undone

    def _fail(self) -> None:
        failing, self.failing = self.failing, None
        if failing is not None:
            raise failing


@pytest.fixture
def desk() -> FakeDesk:
    return FakeDesk()


@pytest.fixture
def flow(desk: FakeDesk) -> DocumentsFlow:
    return DocumentsFlow(SHOWING, Stewards(WHO, NAMES), desk, desk)


def turn(event: Any, user: str = ANNA, **changes: Any) -> Turn:
    return Turn(event, Sender(TENANT, user), "a:1", "1", locale="sv-SE", **{"address": "here", **changes})


async def pressed(flow: DocumentsFlow, verb: str, user: str = ANNA, **data: str) -> Reply:
    action = Action(verb, {JOB: JOB_OF_ANNA.id, DRAFT: "g1", LANGUAGE: "sv", **data})
    [reply] = await flow.press(action, turn(action, user), "sv")
    return reply


def said(reply: Reply) -> str:
    assert isinstance(reply, TextReply | NoticeReply | DoneReply)
    return reply.text


async def test_files_are_taken_on_under_harmless_names_and_the_message_is_known(
    flow: DocumentsFlow, desk: FakeDesk
) -> None:
    [card] = await flow.received(SENT, turn(SENT), "sv")
    assert isinstance(card, CardReply)
    [parcel] = desk.begun
    assert ([each.name for each in parcel.files], parcel.owner, parcel.address) == (["ITpolicy.md"], "", "here")
    await flow.shown(card.key, "sent-1")
    await flow.shown("check.card:7", "sent-2")
    assert desk.messages == {parcel.id: "sent-1"}
    desk.failing = DocumentsStoreFailed()
    await flow.shown(card.key, "sent-3")
    assert desk.messages == {parcel.id: "sent-1"}


@pytest.mark.parametrize(
    ("user", "changes", "words"),
    [
        (ANNA, {"scope": Scope.GROUP}, "personlig chatt"),
        (ANNA, {"scope": Scope.CHANNEL}, "personlig chatt"),
        (ANNA, {"address": ""}, "Jag tar inte emot filer här."),
        (BERTIL, {}, "flera kommuner"),
        ("nobody", {}, "Jag kan inte ta emot filer från dig."),
    ],
)
async def test_what_is_not_taken_is_refused_in_words(
    flow: DocumentsFlow, desk: FakeDesk, user: str, changes: dict[str, Any], words: str
) -> None:
    [reply] = await flow.received(SENT, turn(SENT, user, **changes), "sv")
    assert words in said(reply)
    assert desk.begun == []


async def test_over_made_up_data_nothing_is_taken_and_nothing_pressed() -> None:
    bare = DocumentsFlow(SHOWING, Stewards(WHO, NAMES))
    [reply] = await bare.received(SENT, turn(SENT), "sv")
    assert "Jag tar inte emot filer här." in said(reply)
    await bare.shown("documents:x", "sent-1")
    assert "Skicka filen" in said(await pressed(bare, PUBLISH))


async def test_where_nothing_can_be_stored_that_is_said(flow: DocumentsFlow, desk: FakeDesk) -> None:
    desk.failing = DocumentsStoreFailed()
    [reply] = await flow.received(SENT, turn(SENT), "sv")
    assert "Något gick fel hos mig" in said(reply)
    desk.failing = DocumentsStoreFailed()
    assert isinstance(await pressed(flow, PUBLISH), NoticeReply)


async def test_a_note_goes_along_and_one_that_is_too_long_publishes_nothing(
    flow: DocumentsFlow, desk: FakeDesk
) -> None:
    assert "för lång" in said(await pressed(flow, PUBLISH, **{NOTE: "x" * (NOTE_LIMIT + 1)}))
    reply = await pressed(flow, PUBLISH, **{NOTE: " Ny\u202e policy "})
    assert isinstance(reply, DoneReply)
    assert (desk.notes, desk.looks, reply.buttons) == (["Ny policy"], 1, ())


@pytest.mark.parametrize(
    ("failing", "kind", "words"),
    [
        (DraftFailed(Problem.BUSY), NoticeReply, "En inläsning pågår"),
        (DraftFailed(Problem.INDEX), NoticeReply, "Kunskapsbasen gick inte"),
        (DraftStale(), DoneReply, "Jag gör om utkastet"),
    ],
)
async def test_a_publication_that_fails_says_why(
    flow: DocumentsFlow, desk: FakeDesk, failing: Exception, kind: type[Reply], words: str
) -> None:
    desk.failing = failing
    reply = await pressed(flow, PUBLISH)
    assert isinstance(reply, kind)
    assert words in said(reply)


@pytest.mark.parametrize(
    ("state", "generation", "words"),
    [
        (JobState.QUEUED, "", "Filerna läses på nytt."),
        (JobState.DRAFT, "g2", "Använd det senaste kortet."),
        (JobState.FAILED, "", "Det blev inget utkast"),
        (JobState.CANCELLED, "", "avbruten"),
        (JobState.PUBLISHED, "g2", "redan publicerat"),
    ],
)
async def test_an_old_card_says_what_has_become_of_it(
    flow: DocumentsFlow, desk: FakeDesk, state: JobState, generation: str, words: str
) -> None:
    desk.kept = replace(JOB_OF_ANNA, state=state, generation=generation)
    for verb in (PUBLISH, DISCARD, UNDO):
        assert words in said(await pressed(flow, verb))
    assert desk.notes == []


async def test_what_is_not_the_latest_any_more_cannot_be_undone(flow: DocumentsFlow, desk: FakeDesk) -> None:
    desk.undone = False
    desk.kept = replace(JOB_OF_ANNA, state=JobState.PUBLISHED)
    assert "går inte att ångra längre" in said(await pressed(flow, UNDO))


async def test_a20_nobody_decides_about_what_they_may_not_manage(flow: DocumentsFlow, desk: FakeDesk) -> None:
    desk.kept = replace(JOB_OF_ANNA, by=CARIN, owner="uddevalla")
    assert "hör inte till" in said(await pressed(flow, PUBLISH, CARIN))
    desk.kept = replace(JOB_OF_ANNA, by=CARIN, owner="")
    assert "hör inte till" in said(await pressed(flow, PUBLISH, CARIN))
    desk.kept = replace(JOB_OF_ANNA, by=CARIN, owner="lysekil")
    assert "Publicerat" in said(await pressed(flow, PUBLISH, CARIN))


def full_job(many: int) -> Job:
    text = "Lösenord byts bara om de har läckt. " * 50
    sample = PassageChange("2", (2,), text, text)
    changes = tuple(
        DocumentChange(f"d{n}", f"@lysekil/{n}.pdf", Origin.INGESTED, f"Policy {n}", changed=9, samples=(sample,))
        for n in range(many)
    )
    outcome = Outcome("x.pdf", FileStatus.UPDATED, hidden=3, unread=(1, 2), recognised=(4,), flagged=(text,) * 5)
    answer = AnswerChange("q", "Vem beslutar?", Verdict.REFUSED, Said(False, text, ()), Said(True, "", ()))
    return replace(
        JOB_OF_ANNA,
        owner="lysekil",
        difference=Difference(changed=changes),
        outcomes=tuple(replace(outcome, path=f"@lysekil/{n}.pdf") for n in range(many)),
        gate=GateReport(asked=many + 1, worse=(answer,) * many, changed=(answer,)),
    )


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_card_of_many_files_stays_within_what_teams_takes_with_its_buttons(language: str) -> None:
    card = draft_card(full_job(200), replace(SHOWING, site="https://fyren.example.se"), language)
    shown = fitted_card(card, TEXTS, language)
    assert units(shown) <= CARD_LIMIT
    assert str(shown).count("Action.Execute") == 2
    assert "Lysekil" in str(shown)  # what is cut is neither who gets answers
    assert f"https://fyren.example.se/documents/jobs/{JOB_OF_ANNA.id}" in str(shown)  # nor where all of it stands


def test_a_card_warns_of_answers_that_get_worse_and_shows_them() -> None:
    blocks = draft_card(full_job(1), SHOWING, "sv").blocks
    lines = [each.text for each in blocks if isinstance(each, Line)]
    assert "Kända frågor får sämre svar: 1. Läs dem innan du publicerar." in lines
    assert "Av 2 kända frågor får 2 ett annat svar. Sämre: 1. Bättre: 0. Bara annorlunda: 1." in lines
    folded = [line.text for each in blocks if isinstance(each, Fold) for line in each.blocks if isinstance(line, Line)]
    assert "Efter: Inget svar" in folded


@pytest.mark.parametrize(
    ("word", "text"),
    [
        (None, "Läser 2 filer"),
        (Word(1, "a", "", JobState.DRAFT, "load", 1, 2, "a.md"), "Läser 2 filer"),
        (Word(1, "a", "", JobState.READING, "load", 1, 2, "@lysekil/a.md"), "Läser filerna: 1 av 2 klara, senast a.md"),
        (Word(1, "a", "", JobState.READING, "embed", 3, 9), "Gör texten sökbar: 3 av 9 stycken"),
        (Word(1, "a", "", JobState.READING, "gate", 3, 9), "Provar kända frågor: 3 av 9"),
        (Word(1, "a", "", JobState.READING, "publish", 1, 1), "Skriver utkastet"),
    ],
)
def test_progress_tells_the_phase_and_the_file(word: Word | None, text: str) -> None:
    job = replace(JOB_OF_ANNA, files=JOB_OF_ANNA.files * 2, state=JobState.READING)
    assert reading_card(job, word, "documents:1", SHOWING, "sv").summary == text
