"""A composer over the small library, with a model that says what it is told to, and budgets that remember."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from knowledge.advisor import Advisor, AdvisorOptions
from knowledge.composing.composer import Composer
from knowledge.composing.model import Claim
from knowledge.composing.options import ComposerOptions
from knowledge.composing.ports import Advance, Asker, Budgets, Usage, Written
from knowledge.composing.verification import Checked
from knowledge.errors import ModelFailed
from knowledge.language import Language
from knowledge.model import Answer, Passage
from knowledge.question import Question
from prompts.loader import Prompts
from tests.fakes.chat_model import Scripted, ScriptedModel, claims_json
from tests.fakes.knowledge import ShownKeys, WordList, judged_by_coverage, small_library

QUESTION = "Hur många personer besvarade enkäten?"
QUOTE = "Enkäten besvarades av 18 personer i samtliga 14 kommuner."
PROMPTS = Prompts.load()
ALWAYS = AdvisorOptions(operating_point=0.0)
NEVER = AdvisorOptions(operating_point=1.1)
FIRST = ("Det var 18 personer som besvarade enkäten.", [(1, QUOTE)])
SECOND = ("De arbetar i 14 kommuner.", [(1, "i samtliga 14 kommuner")])
FALSE = ("FEL: 99 personer svarade.", [(1, QUOTE)])
GOOD = claims_json([FIRST, SECOND])


class MarkedFalse:
    """Lets pass what quotes its passage and does not begin with FEL."""

    def __init__(self) -> None:
        self.unsaid: tuple[str, ...] = ()
        self.made = 0

    def __call__(self, advisor: Advisor, unsaid: Collection[str]) -> MarkedFalse:
        self.unsaid = tuple(unsaid)
        self.made += 1
        return self

    def check(self, claim: Claim, given: Mapping[int, Passage], question: Question) -> Checked:
        held = tuple(one for one in claim.sources if one.passage in given and one.quote in given[one.passage].text)
        wrong = ("number",) if claim.text.startswith("FEL") else ()
        return Checked(claim.text, held, wrong if held else ("no source",))


class Purse(Budgets):
    """Budgets that remember what was set aside, and what was charged for it."""

    def __init__(self, error: ModelFailed | None = None) -> None:
        self.error = error
        self.reserved: list[tuple[Asker, int]] = []
        self.settled: list[int] = []

    async def reserve(self, asker: Asker, tokens: int) -> Purse:
        if self.error is not None:
            raise self.error
        self.reserved.append((asker, tokens))
        return self

    async def settle(self, used: int) -> None:
        self.settled.append(used)


class Asking:
    """A composer over the small library, with all that it told."""

    def __init__(
        self,
        *answers: Scripted,
        options: AdvisorOptions = ALWAYS,
        deadline: float = 30.0,
        budgets: Purse | None = None,
        usage: Usage | None = None,
        cache_minutes: int = 60,
    ) -> None:
        self.model = ScriptedModel(*answers, usage=usage)
        self.verifier = MarkedFalse()
        self.index = small_library()
        self.advisor = Advisor(self.index, None, WordList(), ShownKeys(), options, answerability=judged_by_coverage())
        composing = ComposerOptions(deadline=deadline, cache_minutes=cache_minutes)
        self.composer = Composer(self.model, ShownKeys(), PROMPTS, budgets, composing, self.verifier)
        self.told: list[Advance] = []

    async def ask(
        self,
        question: str = QUESTION,
        context: Sequence[str] = (),
        language: Language | None = None,
        *,
        person: str = "p",
        told: list[Advance] | None = None,
    ) -> Answer:
        tell = (self.told if told is None else told).append
        asker = Asker("t", f"t/{person}")
        return await self.composer.ask(self.advisor, question, context, language, asker=asker, tell=tell)

    @property
    def written(self) -> list[str]:
        return [one.text for one in self.told if isinstance(one, Written)]

    async def extractive(self, question: str = QUESTION) -> Answer:
        return await self.advisor.ask(question)


def label(reason: str) -> str:
    return f"<composed.note.{reason} sv>"
