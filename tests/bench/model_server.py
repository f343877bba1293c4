"""The model that is measured with: a process of its own, which notes when it had said what.

`python -m tests.bench.model_server --port 8090 --notes FILE --wait 1.5` writes one line of JSON for each
answer to the file that `--notes` names: when the request came, when the first claim was complete, when the answer was,
all on the clock that every process of a machine shares.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import random
import time
from pathlib import Path
from typing import Any

from aiohttp import web

from tests.fakes.model_behaviours import pieces, true_claims
from tests.fakes.model_call import Behaviour, Call
from tests.fakes.model_server import open_model_server


def noting(notes: Path, wait: float, pause: float, size: int, *, most: float = 0.0) -> Behaviour:
    """True claims from the passages of the prompt: `wait` seconds until the first word, or anything between that and
    `most`; `pause` between pieces."""

    async def behave(call: Call) -> web.StreamResponse:
        came = time.monotonic()
        answer = _interpretation() if _asks_how_to_read(call.body) else true_claims(call.body)
        await asyncio.sleep(random.uniform(wait, max(wait, most)))
        said, first = "", 0.0
        for piece in pieces(answer, size):
            await call.send(piece)
            said += piece
            if not first and "}]}" in said:
                first = time.monotonic()
            if pause:
                await asyncio.sleep(pause)
        response = await call.end()
        line = {"came": came, "first": first, "ended": time.monotonic(), "answer": len(said)}
        # One line a write: what another process reads is whole.
        with notes.open("a", encoding="utf-8") as file:
            file.write(json.dumps(line) + "\n")
        return response

    return behave


def _asks_how_to_read(body: dict[str, Any]) -> bool:
    return "standalone" in json.dumps(body.get("response_format", {}))


def _interpretation() -> str:
    return json.dumps({"standalone": "", "route": "question"})


async def _serve(port: int, behaviour: Behaviour) -> None:
    async with open_model_server(behaviour, port=port) as server:
        print(server.url, flush=True)
        await asyncio.Event().wait()


def main() -> None:
    """Serve until stopped."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--notes", type=Path, required=True)
    parser.add_argument("--wait", type=float, default=0.0)
    parser.add_argument("--wait-most", type=float, default=0.0)
    parser.add_argument("--pause", type=float, default=0.0)
    parser.add_argument("--size", type=int, default=12)
    parser.add_argument("--broken", action="store_true", help="answer 500 to everything")
    given = parser.parse_args()

    async def broken(call: Call) -> web.StreamResponse:
        return web.json_response({"error": {"message": "broken", "type": "server_error"}}, status=500)

    telling = noting(given.notes, given.wait, given.pause, given.size, most=given.wait_most)
    behaviour = broken if given.broken else telling
    asyncio.run(_serve(given.port, behaviour))


if __name__ == "__main__":
    main()
