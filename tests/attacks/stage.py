"""The whole way of a question, from what is typed to what Teams is sent, with a model that means harm."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from bot.conversation.ask import Limits
from bot.conversation.replies import AnswerReply
from bot.conversation.service import FyrenConversation
from bot.conversation.texts import LANGUAGES
from bot.conversation.turn import Message, Scope, Sender, Turn
from bot.serving import ServedKnowledge
from bot.teams.sending.replies import Renderer
from bot.teams.streaming.payloads import shown
from knowledge.advisor import Advisor, AdvisorOptions, Consultation
from knowledge.composing.composer import Composer
from knowledge.composing.options import ComposerOptions
from knowledge.composing.ports import Advance, ChatModel, Written
from knowledge.language import Language
from knowledge.model import Passage
from knowledge.ports import Index
from prompts.loader import Prompts
from tests.attacks.judge import Reached
from tests.fakes.check_talk import TEXTS, check_parts, rules, store_with
from tests.fakes.journal import MemoryJournal
from tests.fakes.knowledge import WordList, judged_by_coverage

QUESTION = "Hur ofta saknas portföljstyrning helt?"
SECTIONS = ("answer", "ask", "composed", "error", "help", "model", "pace", "teams")


def _own_words() -> Iterator[str]:
    for language in LANGUAGES:
        for key in sorted(TEXTS.keys(language)):
            if key.split(".")[0] in SECTIONS:
                entry = TEXTS.raw(key, language)
                yield from [entry] if isinstance(entry, str) else entry


OURS = tuple(_own_words())
"""What the program says in its own words around an answer, or instead of one."""


class WatchedAdvisor(Advisor):
    """An advisor that lets every question pass, so that nothing but the verification stands in the way; what it found
    is kept."""

    def __init__(self, index: Index) -> None:
        options = AdvisorOptions(operating_point=0.0)
        super().__init__(index, None, WordList(), TEXTS, options, answerability=judged_by_coverage())
        self.found: list[Passage] = []

    async def consult(
        self, question: str, context: Sequence[str] = (), language: Language | None = None
    ) -> Consultation:
        consultation = await super().consult(question, context, language)
        self.found += [hit.passage for hit in consultation.retrieval.hits]
        return consultation


@dataclass(frozen=True, slots=True)
class Opened:
    """Implements `bot.serving.Generations` for one index that is open already."""

    index: Index

    def current(self) -> str | None:
        return self.index.generation

    def refresh(self) -> str | None:
        return None

    def open(self, model: str | None) -> Index:
        return self.index


@dataclass(slots=True)
class Stage:
    """A published knowledge base of attacks; every question is asked in a conversation of its own."""

    index: Index
    prompts: Prompts = field(default_factory=Prompts.load)
    journal: MemoryJournal = field(default_factory=MemoryJournal)
    asked: int = 0

    async def ask(self, model: ChatModel, question: str = QUESTION, *, before: Sequence[str] = ()) -> Reached:
        """What reaches the person who asks; `before` are earlier questions of the same conversation."""
        self.asked += 1
        self.journal = MemoryJournal()
        composer = Composer(model, TEXTS, self.prompts, None, ComposerOptions())
        advisor = WatchedAdvisor(self.index)
        served = ServedKnowledge(Opened(self.index), lambda index: advisor, model=None, composer=composer)
        await served.load()
        talk = FyrenConversation(
            texts=TEXTS,
            router=rules()[0],
            advice=served,
            journal=self.journal,
            check=check_parts(store_with()),
            limits=Limits(question=20_000, per_minute=1000),
            history_days=90,
        )
        advances: list[Advance] = []
        try:
            for number, earlier in enumerate(before):
                await talk.respond(self._turn(earlier, f"before-{number}"))
            replies = list(await talk.respond(self._turn(question, "asked"), advances.append))
        finally:
            await composer.close()
        answers = [reply.answer for reply in replies if isinstance(reply, AnswerReply)]
        return Reached(
            [one.payload for one in Renderer(TEXTS).render(replies, Scope.PERSONAL, "sv")],
            [shown(advance, TEXTS, "sv") for advance in advances if isinstance(advance, Written)],
            answers[0] if answers else None,
            tuple(advisor.found),
            frozenset(document.url for document in advisor.index.documents if document.url),
            OURS,
        )

    def _turn(self, text: str, activity: str) -> Turn:
        return Turn(
            Message(text), Sender("tenant-a", "anna"), f"chat-{self.asked}", f"{activity}-{self.asked}", locale="sv-SE"
        )
