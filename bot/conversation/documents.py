"""The flow of files that somebody sends: who may, what is said at once, and the buttons under a draft.

Fetching and reading go on outside of the turn; `bot.documents_chat` tells of them in the same chat.
"""

from __future__ import annotations

import logging
import re
import secrets
from dataclasses import dataclass, replace
from typing import Final, Protocol

from bot.access.stewards import Stewards
from bot.conversation.card import DoneReply, NoticeReply
from bot.conversation.document_cards import (
    DISCARD,
    DRAFT,
    JOB,
    LANGUAGE,
    NOTE,
    NOTE_LIMIT,
    PREFIX,
    PUBLISH,
    UNDO,
    Showing,
    fetching_card,
    published_reply,
)
from bot.conversation.replies import Reply, TextReply
from bot.conversation.router import clean
from bot.conversation.texts import LANGUAGES
from bot.conversation.turn import Action, FilesSent, Scope, SentFile, Turn
from bot.documents.errors import DocumentsStoreFailed, DraftFailed, DraftStale
from bot.documents.jobs import UNDER_WAY, Job, JobState
from bot.documents.names import harmless
from bot.documents.recording import Person
from bot.documents.words import trouble

_ID: Final = re.compile(r"[0-9a-f]{32}")

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Parcel:
    """Files that are to be fetched and read. `address` is where the chat is found again; `owner` is whose documents
    they become (empty: everybody's)."""

    id: str
    files: tuple[SentFile, ...]
    by: Person
    owner: str
    address: str
    language: str


class Decisions(Protocol):
    """What is decided about drafts; `bot.documents.desk.Desk` is one."""

    async def publish(self, job: Job, by: Person, note: str) -> bool:
        """Publish a draft; False where it is none any more. Raises DraftStale, and then reads the job again;
        DraftFailed, DocumentsStoreFailed."""

    async def discard(self, job: Job, by: Person, note: str) -> bool:
        """Throw a draft away; False where it is none any more. Raises DocumentsStoreFailed."""

    async def undoable(self, job: Job) -> bool:
        """Whether a publication can be taken back. Raises DraftFailed."""

    async def undo(self, job: Job, by: Person) -> bool:
        """Take a publication back; False where it is not the latest any more. Raises DraftFailed."""


class Intake(Protocol):
    """Fetches and reads files in the background, and tells of it; `bot.documents_chat.DocumentsChat` is one."""

    async def begin(self, parcel: Parcel) -> None:
        """Take files on; returns at once. Raises DocumentsStoreFailed."""

    async def shown(self, parcel_id: str, message: str) -> None:
        """The message that shows the progress has this id. Raises DocumentsStoreFailed."""

    async def job(self, job_id: str) -> Job | None:
        """A job; None where there is none. Raises DocumentsStoreFailed."""

    def look(self) -> None:
        """Something has changed that people may have to be told of."""


class DocumentsFlow:
    """Without a desk (over made-up data) no files are taken."""

    def __init__(
        self, showing: Showing, stewards: Stewards, desk: Decisions | None = None, intake: Intake | None = None
    ) -> None:
        self._showing = showing
        self._stewards = stewards
        self._desk = desk
        self._intake = intake

    def takes(self, action: Action) -> bool:
        """Whether a button is of this flow."""
        return action.verb in (PUBLISH, DISCARD, UNDO)

    async def received(self, sent: FilesSent, turn: Turn, language: str) -> list[Reply]:
        """What is said at once about files; the rest comes in its time."""
        if turn.scope is not Scope.PERSONAL:
            return self._refused("not_here", sent, language)
        if self._desk is None or self._intake is None or not turn.address:
            return self._refused("no_desk", sent, language)
        steward = self._stewards.of(turn.sender.tenant, turn.sender.user)
        if steward is None:
            return self._refused("not_allowed", sent, language)
        if steward.owner is None:
            return self._refused("which", sent, language)
        if not sent.files:
            return self._refused("unreadable", sent, language)
        by = Person(turn.sender.user, turn.sender.tenant)
        files = tuple(replace(each, name=harmless(each.name)) for each in sent.files)
        parcel = Parcel(secrets.token_hex(16), files, by, steward.owner, turn.address, language)
        try:
            await self._intake.begin(parcel)
        except DocumentsStoreFailed:
            _log.exception("files that were sent in a chat could not be taken on")
            return self._refused("failed", sent, language)
        others = [TextReply(self._say("filed.others", language, count=sent.others))] if sent.others else []
        card = fetching_card(files[0].name, 0, len(files), f"{PREFIX}{parcel.id}", self._showing, language)
        return [*others, card]

    async def shown(self, key: str, message: str) -> None:
        """A card was sent under this message id."""
        if self._intake is None or not key.startswith(PREFIX):
            return
        try:
            await self._intake.shown(key.removeprefix(PREFIX), message)
        except DocumentsStoreFailed:
            _log.exception("which message shows the progress could not be stored")

    async def press(self, action: Action, turn: Turn, language: str) -> list[Reply]:
        """The replies to a button, in the card's language; what no card of this person's sends is refused."""
        spoken = action.data.get(LANGUAGE, "")
        language = spoken if spoken in LANGUAGES else language
        if turn.scope is not Scope.PERSONAL or self._desk is None or self._intake is None:
            return self._notice("filed.refused.not_here", language)
        try:
            job = await self._mine(action.data.get(JOB, ""), turn, self._intake)
            if job is None:
                _log.warning("a button was pressed on documents that are not this person's, or are gone")
                return self._notice("filed.not_yours", language)
            return await self._decide(action, job, turn, self._desk, self._intake, language)
        except DraftFailed as error:
            _log.error("what was pressed in a chat could not be done: %s", error)
            return self._notice(trouble(error), language)
        except DocumentsStoreFailed:
            _log.exception("what was pressed in a chat could not be done")
            return self._notice("filed.refused.failed", language)

    async def _mine(self, job_id: str, turn: Turn, intake: Intake) -> Job | None:
        """The job of a card, where this person sent the files and may still decide about them."""
        job = await intake.job(job_id) if _ID.fullmatch(job_id) else None
        if job is None or (job.tenant, job.by) != (turn.sender.tenant, turn.sender.user):
            return None
        steward = self._stewards.of(turn.sender.tenant, turn.sender.user)
        return job if steward is not None and steward.covers(job.owner) else None

    async def _decide(
        self, action: Action, job: Job, turn: Turn, desk: Decisions, intake: Intake, language: str
    ) -> list[Reply]:
        if job.generation != action.data.get(DRAFT, ""):
            return self._done("filed.newer", language) if job.state is JobState.DRAFT else self._now(job, language)
        by = Person(turn.sender.user, turn.sender.tenant)
        note = clean(action.data.get(NOTE, "")[: 2 * NOTE_LIMIT])
        if len(note) > NOTE_LIMIT:
            return [NoticeReply(self._say("documents.decide.note_long", language, limit=NOTE_LIMIT))]
        if action.verb == UNDO:
            undone = job.state is JobState.UNDONE or await desk.undo(job, by)
            return self._done("filed.state.undone" if undone else "filed.not_undoable", language)
        try:
            if action.verb == PUBLISH:
                await desk.publish(job, by, note)
            else:
                await desk.discard(job, by, note)
        except DraftStale:
            intake.look()
            return self._done("filed.outdated", language)
        intake.look()
        after = await intake.job(job.id)
        if after is None:
            return self._notice("filed.not_yours", language)
        if after.state is JobState.PUBLISHED:
            return [published_reply(after, self._showing, language, undoable=await self._undoable(after, desk))]
        return self._now(after, language)

    async def _undoable(self, job: Job, desk: Decisions) -> bool:
        try:
            return await desk.undoable(job)
        except DraftFailed as error:
            _log.error("whether job %s can be undone is not known: %s", job.id, error)
            return False

    def _now(self, job: Job, language: str) -> list[Reply]:
        """What became of documents, where the card offers what is over."""
        if job.state in UNDER_WAY:
            return self._done("filed.again", language)
        return self._done(f"filed.state.{job.state}", language)

    def _refused(self, why: str, sent: FilesSent, language: str) -> list[Reply]:
        text = self._say(f"filed.refused.{why}", language)
        aside = f" {self._say('filed.ask_alone', language)}" if sent.text else ""
        return [TextReply(f"{text}{aside}")]

    def _notice(self, key: str, language: str) -> list[Reply]:
        return [NoticeReply(self._say(key, language))]

    def _done(self, key: str, language: str) -> list[Reply]:
        return [DoneReply(self._say(key, language))]

    def _say(self, key: str, language: str, **values: object) -> str:
        return self._showing.say(key, language, **values)
