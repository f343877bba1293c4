"""What a question means beside those before it, and where it belongs, in the model's eyes.

What it says is only a search text and one of five words. Anything odd leaves the question as the rules understand it.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, get_args

from knowledge.composing.calls import ModelCalls
from knowledge.composing.ports import Asker, ModelRequest
from knowledge.composing.spotlight import Spotlight, seen
from knowledge.errors import ModelFailed
from knowledge.language import Language
from knowledge.masking import masked
from knowledge.question import GENERIC, Question, understand
from knowledge.swedish.analysis import analyse
from knowledge.verify import numbers
from prompts.loader import Prompts

Route = Literal["question", "check", "documents", "small_talk", "out_of_scope"]
ROUTES: tuple[Route, ...] = get_args(Route)

TURNS = 4
"""Earlier questions that are shown: as many as the rules look at."""
EARLIER = 300
"""Characters of each of them."""
ASKED = 1000
"""Characters of the question itself."""
STANDALONE = 300
"""Characters of a question rewritten to stand alone; a longer one is none."""
LONGEST = 4000
"""Characters of the model's answer that are read."""

SCHEMA = {
    "type": "object",
    "properties": {"standalone": {"type": "string"}, "route": {"type": "string", "enum": list(ROUTES)}},
    "required": ["standalone", "route"],
    "additionalProperties": False,
}


@dataclass(frozen=True, slots=True)
class Interpretation:
    """The question as it can be searched for; None where the rules' own reading is to be used."""

    standalone: str | None = None
    route: Route = "question"


def depends(asked: Question) -> bool:
    """Whether the rules find that a question leaves something unsaid that was said before."""
    return asked.standalone != asked.text


def understood(question: str, context: Sequence[str], language: Language | None) -> tuple[Question, Sequence[str]]:
    """The question and those before it without personal identity numbers and the like, whoever asks."""
    earlier = [masked(turn) for turn in context[-TURNS:]]
    return understand(masked(question), earlier, language), earlier


def request_of(
    prompts: Prompts, canary: str, question: str, context: Sequence[str], spotlight: Spotlight
) -> ModelRequest:
    """What the model is asked; as long at most for a thousand earlier questions as for four."""
    rendered = prompts.render(
        "interpret",
        canary=canary,
        mark=spotlight.mark,
        history=[spotlight.data(turn[:EARLIER]) for turn in context[-TURNS:]],
        question=spotlight.data(question[:ASKED]),
    )
    return ModelRequest("interpret", rendered.system, rendered.user, "interpretation", SCHEMA, max_tokens=300)


async def interpret(
    calls: ModelCalls, request: ModelRequest, asked: Question, context: Sequence[str], asker: Asker, limit: float
) -> Interpretation:
    """The model's reading, held against the person's own words. Raises ModelFailed."""
    pieces: list[str] = []
    async with calls.opened(request, asker, limit) as stream:
        read = 0
        async for piece in stream:
            pieces.append(piece)
            read += len(piece)
            if read > LONGEST:
                raise ModelFailed("the interpretation is too long", "invalid")
    # The answer and the earlier questions may be long: read off the loop.
    return await asyncio.to_thread(interpretation_of, "".join(pieces), asked, context)


def interpretation_of(text: str, asked: Question, context: Sequence[str]) -> Interpretation:
    """What the model's answer says. Raises ModelFailed with `invalid` where that is no JSON of this form."""
    try:
        found, _ = json.JSONDecoder().raw_decode(text, text.index("{"))
        standalone, route = found["standalone"], found["route"]
    except (ValueError, KeyError, RecursionError) as error:
        raise ModelFailed("the interpretation has another form", "invalid") from error
    if not isinstance(standalone, str) or route not in ROUTES:
        raise ModelFailed("the interpretation has another form", "invalid")
    return Interpretation(_accepted(standalone, asked, context), route)


def _accepted(standalone: str, asked: Question, context: Sequence[str]) -> str | None:
    """The rewritten question where it keeps the person's own words and adds no figure that nobody wrote."""
    clean = " ".join(seen(standalone).split())
    if not clean or len(clean) > STANDALONE:
        return None
    rewritten = understand(clean)
    own = {term.main for term in analyse(asked.text) if term.main not in GENERIC}
    if not own <= {term.main for term in rewritten.terms}:
        return None
    known = frozenset[str]().union(*(numbers(turn) for turn in (*context[-TURNS:], asked.text)))
    return clean if numbers(clean) <= known else None
