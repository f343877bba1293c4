"""Who does something to the check, where, and in which language."""

from __future__ import annotations

import secrets
from dataclasses import dataclass

from bot.conversation.check.keeper import Held, activity_hash
from bot.conversation.ports import Place
from bot.conversation.turn import Scope, Turn
from bot.maturity.ports import Person


@dataclass(frozen=True, slots=True)
class Scene:
    """One turn as the check sees it.

    Where a button was pressed, `key` is that of its card, and `pressed` the message that held it, where that is known.
    `settled` is the key of the card of a question that was answered by typing. `mine` are the person's sessions.
    `address` is where the chat is found again outside of a turn; empty where it is not.
    """

    person: Person
    place: Place
    language: str
    activity: str
    mode: str
    personal: bool
    pressed: str = ""
    key: str = ""
    settled: str = ""
    mine: tuple[Held, ...] = ()
    address: str = ""

    @property
    def tenant(self) -> str:
        """The person's tenant."""
        return self.person.tenant


def scene_of(turn: Turn, language: str) -> Scene:
    """The scene of a turn. An activity without an id is like no other."""
    activity = turn.activity or secrets.token_hex(16)
    return Scene(
        person=Person(turn.sender.tenant, turn.sender.user),
        place=Place(turn.sender.tenant, turn.conversation),
        language=language,
        activity=activity_hash(turn.conversation, activity),
        mode=turn.mode,
        personal=turn.scope is Scope.PERSONAL,
        pressed=turn.pressed,
        address=turn.address,
    )
