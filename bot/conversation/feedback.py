"""The feedback flow: a thumb is tied to the answer it was pressed on."""

from __future__ import annotations

import asyncio
import logging

from bot.conversation.ask import Clock, utc_now
from bot.conversation.ports import Journal, JournalFailed, Place, Rating
from bot.conversation.raters import rater_of
from bot.conversation.replies import Reply, TextReply
from bot.conversation.router import clean
from bot.conversation.texts import Texts
from bot.conversation.turn import Feedback, Sender
from knowledge.masking import masked

COMMENT = 2000
"""Characters of a comment that are kept."""

_log = logging.getLogger(__name__)


class FeedbackFlow:
    """Keeps thumbs in the journal; silent when all went well, since Teams thanks by itself."""

    def __init__(self, texts: Texts, journal: Journal, *, clock: Clock = utc_now) -> None:
        self._texts = texts
        self._journal = journal
        self._clock = clock

    async def rate(self, feedback: Feedback, sender: Sender, place: Place, language: str) -> list[Reply]:
        """The replies to a thumb."""
        # Cut before, for the time that it takes, and after, as a placeholder may be longer than what it stands for.
        comment = await asyncio.to_thread(masked, clean(feedback.comment)[: 2 * COMMENT])
        rating = Rating(
            at=self._clock(),
            place=place,
            rater=rater_of(place, sender.tenant, sender.user),
            liked=feedback.liked,
            comment=comment[:COMMENT],
            reply_to=feedback.reply_to,
        )
        try:
            kept = await self._journal.rate(rating)
        except JournalFailed:
            _log.exception("a thumb could not be stored")
            return [TextReply(self._texts.say("feedback.failed", language))]
        return [] if kept else [TextReply(self._texts.say("feedback.no_answer", language))]
