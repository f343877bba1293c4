"""Sessions of people: found, moved and kept. A move is committed before anybody is told that it was made."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from bot.maturity import moves
from bot.maturity.days import Today
from bot.maturity.errors import Conflict
from bot.maturity.ports import CheckStore, Draft, Person
from bot.maturity.responses import response_of
from bot.maturity.rounds import Round, RoundStatus
from bot.maturity.session import Phase, Session, Source
from bot.maturity.steps import begin, carry_over, take
from bot.telemetry.metrics import CHECK_SAVES
from bot.telemetry.ports import NO_TELEMETRY, Telemetry

TRIES = 5
"""How often a move is made anew on what somebody else has stored in the meantime."""
SEEN = 64
"""Activities that a session remembers, so that one which comes again changes nothing."""


@dataclass(frozen=True, slots=True)
class Held:
    """A person's session with the version that it is stored in, and its round."""

    draft: Draft
    round: Round

    @property
    def session(self) -> Session:
        """The session as it is stored."""
        return self.draft.session

    @property
    def going_on(self) -> bool:
        """Whether the session waits for the person: neither paused nor sent in."""
        return not self.session.paused and self.session.phase is not Phase.SUBMITTED


class Keeper:
    """Every method raises what the store and the steps raise: StoreFailed and its kin, and Refused."""

    def __init__(self, store: CheckStore, today: Today, telemetry: Telemetry = NO_TELEMETRY) -> None:
        self._store = store
        self._telemetry = telemetry
        self._today = today

    async def open_rounds(self, *, practice: bool) -> list[Round]:
        """Rounds that take answers today, newest first; practice rounds only where they are wanted."""
        rounds = await self._store.rounds()
        return [each for each in rounds if each.takes_answers(self._today()) and (practice or not each.practice)]

    async def find_round(self, round_id: str) -> Round | None:
        """A round, whether open or not."""
        return next((each for each in await self._store.rounds() if each.id == round_id), None)

    async def any_closed(self) -> bool:
        """Whether a round has been closed, even if it was opened again: what was answered before has no owner left."""
        return any(each.is_over or each.openings > 1 for each in await self._store.rounds())

    async def mine(self, person: Person) -> list[Held]:
        """The person's sessions in rounds that are not closed; the one to go on with first, those sent in last."""
        drafts = await self._store.mine(person)
        if not drafts:
            return []
        rounds = {each.id: each for each in await self._store.rounds() if each.status is RoundStatus.OPEN}
        held = [Held(draft, rounds[draft.session.round]) for draft in drafts if draft.session.round in rounds]
        return sorted(held, key=lambda each: (each.session.phase is Phase.SUBMITTED, each.session.paused))

    async def start(
        self, person: Person, chosen: Round, source: Source, language: str, notice: str, activity: str
    ) -> tuple[Held, bool]:
        """A new session, or the one that the person has in this round already; and whether it is new."""
        existing = await self._store.load(person, chosen.id, source)
        if existing is not None:
            return Held(existing, chosen), False
        read = moves.ReadNotice(notice, self._today())
        session = begin(secrets.token_hex(12), chosen.id, source, language, read, chosen.instrument)
        session = replace(session, seen=(activity,))
        try:
            version = await self._store.save(person, session, 0)
        except Conflict:
            # The same start from another device, or delivered twice at once.
            existing = await self._store.load(person, chosen.id, source)
            if existing is None:
                raise
            return Held(existing, chosen), False
        return Held(Draft(session, version), chosen), True

    async def read_notice(self, person: Person, held: Held, version: str, activity: str) -> Held:
        """The person has read this version of the notice."""
        return await self.move(person, held, [moves.ReadNotice(version, self._today())], activity)

    async def move(self, person: Person, held: Held, made: Sequence[moves.Move], activity: str) -> Held:
        """The session after these moves, stored. An activity that was here before changes nothing."""

        def change(session: Session) -> Session:
            for each in made:
                session = take(session, each, held.round.instrument)
            return session

        return await self._change(person, held, change, activity)

    async def carry_over(self, person: Person, held: Held, activity: str) -> Held:
        """The session under its round's present instrument."""
        return await self._change(person, held, lambda session: carry_over(session, held.round.instrument), activity)

    async def pause_others(self, person: Person, held: Held, mine: Sequence[Held], activity: str) -> None:
        """One check goes on at a time: what is typed is for that one. Does nothing where `held` does not go on."""
        if not held.going_on:
            return
        for each in mine:
            if each.session.id != held.session.id and each.going_on:
                await self.move(person, each, [moves.Pause()], activity)

    async def submit(self, person: Person, held: Held, mode: str, activity: str) -> Held:
        """The session sent in: it and its response are stored in one transaction."""
        return await self._change(
            person, held, lambda session: take(session, moves.Submit(), held.round.instrument), activity, mode=mode
        )

    async def erase(self, person: Person, held: Held) -> bool:
        """Everything of this session deleted; whether there was anything."""
        return await self._store.erase(person, held.round.id, held.session.source)

    async def erase_traces(self, person: Person) -> None:
        """Whatever is kept about somebody who has no session, such as where they wanted to be reminded, deleted."""
        for each in await self.open_rounds(practice=True):
            for source in Source:
                await self._store.erase(person, each.id, source)

    async def _change(
        self,
        person: Person,
        held: Held,
        change: Callable[[Session], Session],
        activity: str,
        *,
        mode: str = "",
    ) -> Held:
        for _ in range(TRIES):
            session = held.session
            if activity in session.seen:
                return held
            changed = change(session)
            if changed == session:
                return held
            stamped = replace(changed, seen=(*session.seen, activity)[-SEEN:])
            try:
                version = await self._stored(person, held, stamped, mode)
            except Conflict:
                held = await self._again(person, held)
            else:
                return Held(Draft(stamped, version), held.round)
        raise Conflict("others were faster every time")

    async def _stored(self, person: Person, held: Held, session: Session, mode: str) -> int:
        if not mode:
            version = await self._store.save(person, session, held.draft.version)
        else:
            response = response_of(session, held.round, mode=mode, day=self._today())
            version = await self._store.submit(person, session, response, held.draft.version)
        self._telemetry.count(CHECK_SAVES, "response" if mode else "step")
        return version

    async def _again(self, person: Person, held: Held) -> Held:
        draft = await self._store.load(person, held.round.id, held.session.source)
        if draft is None or draft.session.id != held.session.id:
            raise Conflict("the session is gone")
        return Held(draft, held.round)


def activity_hash(conversation: str, activity: str) -> str:
    """Names an activity without keeping its id."""
    return hashlib.sha256(f"{conversation}\0{activity}".encode("utf-8", "replace")).hexdigest()[:16]
