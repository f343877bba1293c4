"""Two municipalities with documents on the same subject: what the people of one are told holds nothing of the other's.

Everything that could carry a passage is recorded: each prompt, answer, citation, suggestion, note and search.
"""

from __future__ import annotations

import asyncio
import itertools
import re
from collections.abc import Sequence
from contextvars import ContextVar
from pathlib import Path

import pytest

from bot.conversation.readership import Readership
from bot.conversation.replies import AnswerReply
from bot.conversation.turn import Scope, Sender
from bot.serving import ServedKnowledge
from knowledge.access import EVERYBODY, Audience, people_of
from knowledge.adapters.generation import GenerationStore
from knowledge.advisor import Advisor, AdvisorOptions
from knowledge.composing.composer import Composer
from knowledge.composing.options import ComposerOptions
from knowledge.composing.ports import ModelRequest
from knowledge.model import Answer
from knowledge.ports import Index
from prompts.loader import Prompts
from tests.fakes.chat_model import ScriptedModel, claims_json, reading
from tests.fakes.check_talk import TEXTS, Client, conversation, store_with
from tests.fakes.collections import MODEL, STEPS, opened, owned
from tests.fakes.knowledge import RecordingEmbedder, WordList, judged_by_coverage

SUBJECT = "Avgift för bygglov"
MARKS = {"": ("1001", "Gullmarn"), "uddevalla": ("4711", "Bäveån"), "tanum": ("6543", "Fjällbacka")}
"""Words that stand in one collection only."""
CONTENTS = [
    owned(
        owner,
        "taxa",
        [
            (f"{SUBJECT} vid {place}", f"Avgiften för bygglov av en altan vid {place} är {number} kronor."),
            (f"Handläggning vid {place}", f"Handläggningen av bygglov för en altan vid {place} tar {number} timmar."),
            (f"Undantag vid {place}", f"Bygglov för en altan vid {place} behövs inte under {number} centimeter."),
        ],
        [f"Vad kostar en altan vid {place}?"],
    )
    for owner, (number, place) in MARKS.items()
]
PATHS = {document.path: document.owner for document, _ in CONTENTS}
QUESTIONS = (
    "Vad är avgiften för bygglov av en altan?",
    "Hur lång tid tar handläggningen av bygglov för en altan?",
    "Vad kostar bygglov av en altan i Tanum?",
    "Vad är avgiften i Uddevalla för bygglov av en altan vid Bäveån?",
    "Vad kostar det vid Fjälbacka?",
)
ASKED_BY: ContextVar[str] = ContextVar("asked_by")
TENANTS = {
    "uddevalla": "00000000-0000-0000-0000-00000000000a",
    "tanum": "00000000-0000-0000-0000-00000000000b",
    "": "c",
}


class Scene:
    """The served knowledge with a model that says all it is shown, and a record of who it was asked for."""

    def __init__(self, root: Path, minutes: int) -> None:
        opened(root, CONTENTS)
        self.prompts: list[tuple[str, str]] = []
        self.model = ScriptedModel(self._answer)
        options = ComposerOptions(cache_minutes=minutes)
        self.composer = Composer(self.model, TEXTS, Prompts.load(), None, options)
        store = GenerationStore(root, STEPS)
        self.served = ServedKnowledge(store, self._advise, model=MODEL, composer=self.composer)

    def _advise(self, index: Index) -> Advisor:
        always = AdvisorOptions(operating_point=0.0)
        return Advisor(index, RecordingEmbedder(), WordList(), TEXTS, always, answerability=judged_by_coverage())

    def _answer(self, request: ModelRequest) -> str:
        self.prompts.append((ASKED_BY.get(), request.system + request.user))
        if request.purpose != "compose":
            return reading("Vad är avgiften för bygglov av en altan?")
        said = re.findall(r"(?:Avgiften|Handläggningen|Bygglov) [^.\n]*?\d{4} \w+\.", request.user)
        return claims_json([(each, [(number, each)]) for number, each in enumerate(dict.fromkeys(said), start=1)])

    async def ask(self, owner: str, question: str, context: Sequence[str] = ()) -> Answer:
        ASKED_BY.set(owner)
        audience = people_of(owner)
        answer = await self.served.ask(question, context, audience=audience)
        hits = await self.served.search(question, 12, audience=audience)
        clean(owner, [*texts_of(answer, question), *(f"{hit.passage} {hit.asked}" for hit in hits)])
        assert {hit.passage.path for hit in hits} <= {path for path, whose in PATHS.items() if whose in ("", owner)}
        return answer


def texts_of(answer: Answer, question: str) -> list[str]:
    """All of an answer but the question that was asked."""
    told = (
        answer.text,
        *answer.suggestions,
        *answer.notes,
        *(f"{one.passage} {one.quote}" for one in answer.citations),
    )
    return [each.replace(question, "") for each in told]


def clean(owner: str, texts: Sequence[str], said: str = "") -> None:
    """No word of anybody else's collection stands in the texts, unless it was said."""
    for other, marks in MARKS.items():
        for mark in marks if other not in ("", owner) else ():
            assert mark in said or not any(mark in text for text in texts), (owner, mark)


@pytest.fixture(params=[0, 60], ids=["no cache", "cache"])
def scene(request: pytest.FixtureRequest, tmp_path: Path) -> Scene:
    return Scene(tmp_path, request.param)


async def test_r07_fifty_at_once_get_nothing_of_the_other_municipality(scene: Scene) -> None:
    await scene.served.load()
    turns = itertools.islice(itertools.cycle(itertools.product(QUESTIONS, MARKS)), 50)
    asked = [(owner, question, number % 4 == 3) for number, (question, owner) in enumerate(turns)]
    answers = await asyncio.gather(
        *(scene.ask(owner, question, ("Vad är bygglov?",) if follows else ()) for owner, question, follows in asked)
    )
    await asyncio.gather(*(scene.ask(owner, question) for owner, question, _ in asked[::4]))
    for owner, prompt in scene.prompts:
        clean(owner, [prompt], "\n".join(QUESTIONS))
    assert {owner for owner, _ in scene.prompts} == set(MARKS)
    numbers = {owner: {mark[0] for other, mark in MARKS.items() if other in ("", owner)} for owner in MARKS}
    for owner in MARKS:
        told = " ".join(answer.text for (who, _, _), answer in zip(asked, answers, strict=True) if who == owner)
        assert {number for number, _ in MARKS.values() if number in told} == numbers[owner]
    await scene.composer.close()


async def test_r07_a_kept_answer_is_for_those_who_may_read_the_same(tmp_path: Path) -> None:
    scene = await asyncio.to_thread(Scene, tmp_path, 60)
    await scene.served.load()
    first = await scene.ask("uddevalla", QUESTIONS[0])
    asked = len(scene.model.requests)
    assert (await scene.ask("uddevalla", QUESTIONS[0])).text == first.text
    assert len(scene.model.requests) == asked
    for other in ("tanum", ""):
        assert (await scene.ask(other, QUESTIONS[0])).text != first.text
    counted = len(scene.model.requests)
    # A municipality without documents of its own reads what everybody does, and shares everybody's answers.
    assert "1001" in (await scene.ask("amal", QUESTIONS[0])).text
    assert len(scene.model.requests) == counted
    await scene.composer.close()


@pytest.mark.parametrize("scope", list(Scope))
async def test_r07_own_documents_answer_their_people_in_a_chat_of_their_own(tmp_path: Path, scope: Scope) -> None:
    scene = await asyncio.to_thread(Scene, tmp_path, 60)
    await scene.served.load()
    readership = Readership({TENANTS[owner]: people_of(owner) for owner in ("uddevalla", "tanum")})
    fyren = await asyncio.to_thread(lambda: conversation(store_with(), scene.served, readership=readership))
    for owner, tenant in TENANTS.items():
        ASKED_BY.set(owner if scope is Scope.PERSONAL else "")
        client = Client(fyren, Sender(tenant.upper(), "anna"), chat=f"chat-{owner}", scope=scope)
        said = await client.say(QUESTIONS[0])
        answer = next(each.answer for each in said if isinstance(each, AnswerReply))
        clean(owner, [*texts_of(answer, QUESTIONS[0]), repr(said)])
        assert (MARKS[owner][0] in answer.text) == (scope is Scope.PERSONAL or not owner)
    await scene.composer.close()


async def test_r07_nobody_who_is_not_named_reads_more_than_everybody(tmp_path: Path) -> None:
    scene = await asyncio.to_thread(Scene, tmp_path, 0)
    await scene.served.load()
    for audience in (
        EVERYBODY,
        people_of(""),
        Audience(frozenset(("", "lysekil"))),
        Readership().of("a", personal=True),
    ):
        assert (await scene.served.advisor_for(audience)) is scene.served.advisor
    quote = "Avgiften för bygglov av en altan vid Bäveån är 4711 kronor."
    assert scene.served.quoted("uddevalla-taxa", quote) is None
    assert scene.served.figures == []
    await scene.composer.close()
