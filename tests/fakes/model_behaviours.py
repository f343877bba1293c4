"""What a language model's server does when it is asked: well, badly, slowly, or not at all.

Each is for `tests.fakes.model_server`; `in_turn` takes them one after another.
"""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Callable, Iterator
from functools import partial
from itertools import islice
from typing import Final

from aiohttp import web

from tests.fakes.model_call import Behaviour, Body, Call

PIECE: Final = 12
"""Characters of one piece of a stream."""


def pieces(text: str, size: int = PIECE) -> Iterator[str]:
    """The text as it is streamed."""
    letters = iter(text)
    while piece := "".join(islice(letters, size)):
        yield piece


def hostile(answer: Callable[[Body], str], *, pause: float = 0.0) -> Behaviour:
    """Answers whatever the callable makes of the request's body; `pause` is seconds before each piece."""

    async def behave(call: Call) -> web.StreamResponse:
        for piece in pieces(answer(call.body)):
            if pause:
                await asyncio.sleep(pause)
            await call.send(piece)
        return await call.end()

    return behave


def good(answer: str) -> Behaviour:
    """Gives this answer, in pieces."""
    return hostile(lambda body: answer)


def slow(answer: str, pause: float = 0.02) -> Behaviour:
    """The same, with a pause before each piece."""
    return hostile(lambda body: answer, pause=pause)


def drip(pause: float = 0.02) -> Behaviour:
    """Letter by letter, and without end."""

    async def behave(call: Call) -> web.StreamResponse:
        await call.send('{"claims":[')
        while not call.released.is_set():
            await asyncio.sleep(pause)
            await call.send(" ")
        return await call.end()

    return behave


async def hang(call: Call) -> web.StreamResponse:
    """Takes the request and says nothing."""
    await call.released.wait()
    return web.Response(status=503)


def hang_after(begin: str) -> Behaviour:
    """Begins an answer, and says nothing more."""

    async def behave(call: Call) -> web.StreamResponse:
        await call.send(begin)
        await call.released.wait()
        return await call.end()

    return behave


def failing(
    status: int, *, code: str = "", message: str = "not now", headers: dict[str, str] | None = None
) -> Behaviour:
    """Answers with an error as OpenAI words it."""

    async def behave(call: Call) -> web.StreamResponse:
        error = {"message": message, "type": "error", "param": None, "code": code or None}
        return web.json_response({"error": error}, status=status, headers=headers)

    return behave


broken = failing(500)


def busy(retry_after: str = "0.01") -> Behaviour:
    """Asks for patience: `retry_after` is seconds, or empty for a server that does not say how many."""
    headers = {"Retry-After": retry_after} if retry_after else None
    return failing(429, code="rate_limit_exceeded", headers=headers)


def cut(begin: str) -> Behaviour:
    """Begins an answer and closes the connection."""

    async def behave(call: Call) -> web.StreamResponse:
        for piece in pieces(begin):
            await call.send(piece)
        await asyncio.sleep(0.01)  # so that what was written arrives before the connection is gone
        call.hang_up()
        return await call.end()

    return behave


async def hang_up(call: Call) -> web.StreamResponse:
    """Closes the connection without a word."""
    call.hang_up()
    return web.Response()


def refusal(text: str = "Det kan jag inte hjälpa till med.") -> Behaviour:
    """Declines, as models with structured output do."""

    async def behave(call: Call) -> web.StreamResponse:
        for piece in pieces(text):
            await call.send(piece, key="refusal")
        return await call.end(key="refusal")

    return behave


def ending(begin: str, finish: str) -> Behaviour:
    """Begins an answer that ends for another reason than that it is complete: `length`, `content_filter`."""

    async def behave(call: Call) -> web.StreamResponse:
        for piece in pieces(begin):
            await call.send(piece)
        return await call.end(finish)

    return behave


def length(begin: str = '{"claims":[{"text":"Halv') -> Behaviour:
    """Runs out of tokens."""
    return ending(begin, "length")


def content_filter(begin: str = '{"claims":[') -> Behaviour:
    """The answer is stopped by a filter."""
    return ending(begin, "content_filter")


filtered_prompt = failing(400, code="content_filter", message="The prompt triggered the content management policy.")
"""The question is stopped by a filter, as Azure says it."""

invalid_json = good('Jag tror att svaret är: {"claims": [{"text" ')


def in_turn(*behaviours: Behaviour) -> Behaviour:
    """One after another; the last one stays."""
    waiting = list(behaviours)

    async def behave(call: Call) -> web.StreamResponse:
        return await (waiting.pop(0) if len(waiting) > 1 else waiting[0])(call)

    return behave


PASSAGE: Final = re.compile(r"^Stycke (\d+):\n<<(\w+)>>[^\n]*\n(.*?)<</\2>>", re.MULTILINE | re.DOTALL)
CLAIM: Final = re.compile(r"^Påstående (\d+) \(hänvisar till ([\d, ]*)", re.MULTILINE)
SENTENCE: Final = re.compile(r"[A-ZÅÄÖ][^\n.!?]{20,280}[.!?](?=\s|$)")


def passages(user: str) -> list[tuple[int, str]]:
    """The numbered passages of a prompt that asks for an answer, without the places that they are from."""
    return [(int(found[1]), found[3]) for found in PASSAGE.finditer(user)]


def true_claims(body: Body, most: int = 3) -> str:
    """An answer that holds: the first sentence of each of the first passages, word by word."""
    claims = []
    for n, text in passages(str(body["messages"][-1]["content"])):
        if found := SENTENCE.search(text):
            claims.append({"text": found[0], "sources": [{"passage": n, "quote": found[0]}]})
    return json.dumps({"claims": claims[:most]}, ensure_ascii=False)


def sensible(body: Body) -> str:
    """What a good model says to each of the program's requests, as far as that is known without understanding them."""
    asked = json.dumps(body.get("response_format", {}))
    if "standalone" in asked:
        return json.dumps({"standalone": "", "route": "question"})
    if '"score"' in asked:
        return json.dumps({"score": 4})
    if '"supported"' in asked:
        return json.dumps({"claims": [_approved(found) for found in CLAIM.finditer(body["messages"][-1]["content"])]})
    if '"ord"' in asked:
        return json.dumps({"ord": "hej"})
    return true_claims(body)


def _approved(claim: re.Match[str]) -> Body:
    citations = [{"number": int(n), "supports": True} for n in claim[2].split(",") if n.strip()]
    return {"claim": int(claim[1]), "supported": True, "complete": bool(citations), "citations": citations}


BEHAVIOURS: Final[dict[str, Callable[[], Behaviour]]] = {
    "good": lambda: hostile(sensible),
    "slow": lambda: hostile(sensible, pause=0.05),
    "busy": partial(busy, "30"),
    "broken": lambda: broken,
    "hang": lambda: hang,
    "drip": partial(drip, 1.0),
    "cut": partial(cut, '{"claims":['),
    "invalid": lambda: invalid_json,
    "refusal": refusal,
    "filter": content_filter,
    "length": length,
}
