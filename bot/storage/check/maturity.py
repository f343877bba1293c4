"""The check's store: rounds, drafts and responses on the main database, keys on the identity database."""

from __future__ import annotations

from bot.maturity.days import Today
from bot.storage.check.drafts import SqlDrafts
from bot.storage.check.keys import RoundKeys
from bot.storage.check.responses import SqlResponses
from bot.storage.check.rounds import ReadInstrument, SqlRounds
from bot.storage.operating.audit import Now, utc_now
from bot.storage.reminding.reminders import SqlReminders
from bot.storage.transactions import Transactions


class SqlCheckStore(SqlRounds, SqlDrafts, SqlResponses):
    """Implements `bot.maturity.ports.CheckStore`; every method raises StorageError where a database fails.

    `read` reads the instrument that a round keeps; `today` is the day that counts for whether a round is open, and
    `now` the time that the audit log names.
    """

    def __init__(
        self,
        main: Transactions,
        identity: Transactions,
        *,
        read: ReadInstrument,
        today: Today,
        now: Now = utc_now,
    ) -> None:
        keys = RoundKeys(identity)
        SqlRounds.__init__(self, main, keys, read, today, now)
        SqlDrafts.__init__(self, main, keys, today)
        SqlResponses.__init__(self, main, keys)
        # They share the keys that are remembered, so that closing a round here forgets its key for reminders, too.
        self.reminders = SqlReminders(main, identity, keys, today)
