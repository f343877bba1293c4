"""The process in which a draft is made: `python -m bot.drafting.worker`.

The order comes as a line of JSON on standard input, which then stays open for as long as somebody wants the draft; how
far it is, and how it ended, go as lines of JSON to the original standard output.
"""

from __future__ import annotations

import asyncio
import logging
import os
import sys
from collections.abc import Callable
from typing import Final

from bot.conversation.texts import Texts
from bot.documents.errors import DraftFailed, DraftStale, Problem
from bot.drafting.lines import GIVEN, LINE, End, Far, Given
from bot.drafting.making import Maker
from bot.knowledge_base import advising, open_engine
from bot.logs.masking import mask_log
from bot.settings import Settings
from bot.web_sources import web_of
from knowledge.adapters.embeddings import LangChainEmbedder

NICENESS: Final = 10
"""By how much it gives way to the service and whatever else the machine does."""

Say = Callable[[Far | End], None]


def main() -> int:
    """Make one draft."""
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # whatever a library prints must not get among the answers
    os.nice(NICENESS)
    given = GIVEN.validate_json(sys.stdin.buffer.readline())
    settings = Settings.read(**given.settings)
    logging.basicConfig(level=settings.log_level, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    mask_log()

    def say(line: Far | End) -> None:
        answers.write(LINE.dump_json(line) + b"\n")
        answers.flush()

    with answers:
        return asyncio.run(_made(given, settings, say))


async def _made(given: Given, settings: Settings, say: Say) -> int:
    making = asyncio.create_task(_make(given, settings, say))
    wanted = asyncio.create_task(asyncio.to_thread(sys.stdin.buffer.read))
    await asyncio.wait({making, wanted}, return_when=asyncio.FIRST_COMPLETED)
    if not making.done():
        making.cancel()
        await asyncio.wait({making})
        return 1
    say(making.result())
    return 0


async def _make(given: Given, settings: Settings, say: Say) -> End:
    def tell(phase: str, done: int, total: int, path: str = "") -> None:
        say(Far(phase, done, total, path))

    store, embedder = await open_engine(settings)
    try:
        advise = await advising(settings, Texts.load(), embedder)
        maker = Maker(store, embedder, advise, settings.limits, web_of(settings))
        return End(await maker(given.order, tell))
    except DraftStale as error:
        return End(stale=True, detail=str(error))
    except DraftFailed as error:
        return End(problem=error.reason, detail=error.detail)
    except Exception as error:
        logging.getLogger(__name__).exception("the draft could not be made")
        return End(problem=Problem.BROKEN, detail=type(error).__name__)
    finally:
        if isinstance(embedder, LangChainEmbedder):
            await embedder.aclose()


if __name__ == "__main__":
    sys.exit(main())
