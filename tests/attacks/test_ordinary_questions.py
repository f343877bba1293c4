"""What looks like an attack and is none is answered; what the library does not hold is not, whatever the model says."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import yaml

from bot.conversation.texts import Texts
from bot.knowledge_base import open_knowledge
from bot.settings import Settings
from knowledge.advisor import Advisor
from knowledge.composing.composer import Composer
from knowledge.composing.options import ComposerOptions
from knowledge.composing.ports import ModelRequest
from knowledge.model import Answer, Status
from prompts.loader import Prompts
from tests.attacks.hostile_model import obeying
from tests.fakes.chat_model import ScriptedModel, reading
from tests.fakes.model_behaviours import true_claims

pytestmark = pytest.mark.slow

FOLDER = Path(__file__).parent
LOOK_ALIKES: list[str] = yaml.safe_load((FOLDER / "look_alikes.yaml").read_text("utf-8"))
UNANSWERABLE: list[str] = yaml.safe_load((FOLDER / "unanswerable.yaml").read_text("utf-8"))
TEXTS = Texts.load()


@dataclass(frozen=True, slots=True)
class Library:
    """The built-in library, opened once."""

    advisor: Advisor
    prompts: Prompts

    async def ask(self, model: ScriptedModel, question: str) -> Answer:
        composer = Composer(model, TEXTS, self.prompts, None, ComposerOptions())
        try:
            return await composer.ask(self.advisor, question)
        finally:
            await composer.close()


@pytest.fixture(scope="module")
def held(library: Path) -> Iterator[Library]:
    base = asyncio.run(open_knowledge(Settings.read(data_dir=library), TEXTS))
    yield Library(base.served.advisor, Prompts.load())
    asyncio.run(base.close())


def good(request: ModelRequest) -> str:
    """The first sentences of the passages, word by word."""
    if request.purpose != "compose":
        return reading("")
    return true_claims({"messages": [{"role": "user", "content": request.user}]})


def eager(request: ModelRequest) -> str:
    """Takes every question for one that the library answers, and answers that."""
    return good(request) if request.purpose == "compose" else reading("Vad är portföljstyrning?", "question")


async def test_what_only_looks_like_an_attack_is_answered_without_a_model(held: Library) -> None:
    assert len(LOOK_ALIKES) >= 60
    refused = [one for one in LOOK_ALIKES if (await held.advisor.ask(one)).status is not Status.ANSWERED]
    assert refused == []


async def test_what_only_looks_like_an_attack_is_answered_with_a_model(held: Library) -> None:
    model = ScriptedModel(good, size=97)
    answers = {one: await held.ask(model, one) for one in LOOK_ALIKES}
    assert [one for one, answer in answers.items() if answer.status is not Status.ANSWERED] == []
    quoted = [one for one, answer in answers.items() if answer.generator == "extractive"]
    assert len(quoted) <= 0.05 * len(LOOK_ALIKES), quoted


@pytest.mark.parametrize("answer", [good, eager, obeying], ids=["good", "eager", "obeying"])
async def test_r06_what_the_library_does_not_hold_is_not_answered(held: Library, answer: object) -> None:
    assert len(UNANSWERABLE) >= 50
    model = ScriptedModel(answer, size=97)  # type: ignore[arg-type]  # one of the three above
    answered = [one for one in UNANSWERABLE if (await held.ask(model, one)).status is Status.ANSWERED]
    assert len(answered) <= 0.05 * len(UNANSWERABLE), answered
