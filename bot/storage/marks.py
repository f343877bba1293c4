"""Pseudonyms of people and conversations outside of the maturity check, under one key in the identity database.

Without that key nobody can tell who stands behind one, or try names out. With it, a person's id leads to what they
asked, which is how that is handed over or erased when they want it; nothing leads the other way.
"""

from __future__ import annotations

from typing import Final

from sqlalchemy import Connection, insert, select
from sqlalchemy.exc import IntegrityError

from bot.storage.errors import StorageError
from bot.storage.reminding.refusals import NO_ROUND
from bot.storage.schema.identity import round_keys
from bot.storage.sealing import derived, new_key, pseudonym
from bot.storage.transactions import Transactions

PURPOSE: Final = "marks"
IN_LOG: Final = 16
"""Hexadecimal digits of a mark in the audit log."""
HALF: Final = 32
"""Digits of each half of an origin, as `bot.questions.cases.origin_of` makes it: one tells the conversation, one it in
its tenant."""
KEPT_HALF: Final = 30
"""Digits of each half as it is kept: 120 bits."""
BETWEEN: Final = "-"
"""Stands between the kept halves, by which a kept origin differs from one that nobody has put under the key."""


class Marks:
    """Makes them; `open_marks` reads the key."""

    def __init__(self, key: bytes) -> None:
        self._key = key

    def asker(self, tenant: str, conversation: str, user: str) -> str:
        """Who asked, beside an answer: another mark in every conversation, so that what somebody wrote in a channel,
        where people see who they are, does not point at their own chat. Empty where nobody is named."""
        return pseudonym(self._key, "asker", tenant, conversation, user) if user else ""

    def sender(self, tenant: str, user: str) -> str:
        """Who sent a question to a person, which is only done in one's own chat. Empty where nobody is named."""
        return pseudonym(self._key, "sender", tenant, user) if user else ""

    def rater(self, rater: str) -> str:
        """Who pressed a thumb. `rater` is what `bot.conversation.raters` makes of their ids."""
        return pseudonym(self._key, "rater", rater)

    def origin(self, origin: str) -> str:
        """The conversation that something came from, in its tenant; empty where it came from none. `origin` is what
        `bot.questions.cases.origin_of` makes of them."""
        if not origin:
            return ""
        return self.conversation(origin[:HALF]) + pseudonym(self._key, "origin", origin[HALF:])[:KEPT_HALF]

    def conversation(self, part: str) -> str:
        """What the kept origins of a conversation begin with, whichever its tenant; `part` is what all of them begin
        with before."""
        return pseudonym(self._key, "conversation", part)[:KEPT_HALF] + BETWEEN

    def asking(self, person: str) -> str:
        """Who asks at this moment; `person` is `tenant/user`."""
        return pseudonym(self._key, "asking", person)

    def notice(self, tenant: str, conversation: str) -> str:
        """The chat in which the check's notice is shown."""
        return pseudonym(self._key, "notice", tenant, conversation)

    def log_secret(self) -> bytes:
        """What the names of conversations in the service's own log are made with: the same in every replica."""
        return derived(self._key, "names in the log")

    def logged(self, what: str) -> str:
        """What stands in the audit log for a conversation, or for a person."""
        return pseudonym(self._key, "log", what)[:IN_LOG]


async def open_marks(identity: Transactions) -> Marks:
    """With the key that is stored, which is made where there is none. Raises StorageError."""
    query = select(round_keys.c.key).where(round_keys.c.round == NO_ROUND, round_keys.c.purpose == PURPOSE)

    def find(connection: Connection) -> bytes | None:
        return connection.scalar(query)

    def make(connection: Connection) -> None:
        connection.execute(insert(round_keys), {"round": NO_ROUND, "purpose": PURPOSE, "key": new_key()})

    key = await identity.read("the key of marks could not be read", find)
    if key is None:
        try:
            await identity.write("the key of marks could not be made", make)
        except StorageError as error:
            if not isinstance(error.__cause__, IntegrityError):  # Then somebody else made it in the meantime.
                raise
        key = await identity.read("the key of marks could not be read", find)
    if key is None:
        raise StorageError("the key of marks was made and is not there")
    return Marks(key)
