"""A person's chat with the check, over a store that tests may look into."""

from __future__ import annotations

from bot.conversation.card import DoneReply, NoticeReply
from bot.conversation.replies import Reply, TextReply
from bot.conversation.turn import Message, Turn
from bot.maturity.session import Session
from tests.fakes.advice import FakeAdvice
from tests.fakes.check_store import MemoryCheckStore
from tests.fakes.check_talk import TENANT, Client, conversation, store_with
from tests.fakes.notices import MemoryNotices


class Talk:
    """A person's chat over a store that the test may look into."""

    def __init__(self, store: MemoryCheckStore | None = None, mine: tuple[str, ...] = ()) -> None:
        self.store = store or store_with()
        self.advice = FakeAdvice()
        self.notices = MemoryNotices()
        self.fyren = conversation(self.store, self.advice, tenants={TENANT: mine}, notices=self.notices)
        self.me = Client(self.fyren)

    @property
    def session(self) -> Session:
        [draft] = self.store.drafts.values()
        return draft.session

    async def to_items(self, role: str = "ledning") -> Client:
        await self.me.say("mognadskoll")
        await self.me.press("Jag har läst, starta")
        await self.me.press("Fortsätt", organisation="uddevalla", roles=role, operation="social")
        return self.me

    async def to_summary(self) -> Client:
        await self.to_items()
        for typed in ("utvecklingsfas", "5", "2, 1", "Enklare vardag för alla"):
            await self.me.say(typed)
        return self.me


def texts(replies: list[Reply]) -> str:
    return "\n".join(reply.text for reply in replies if isinstance(reply, TextReply | NoticeReply | DoneReply))


def turn_of(client: Client) -> Turn:
    return Turn(Message(""), client.sender, client.chat, "x")
