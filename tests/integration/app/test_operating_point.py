"""The operating point that is set decides from how sure an answer is given."""

from __future__ import annotations

import asyncio

import pytest

from bot.conversation.texts import Texts
from bot.knowledge_base import open_knowledge
from bot.settings import Settings
from knowledge.model import Answer, Status
from tests.fakes.library import publish_generation

QUESTION = "Hur stor andel av svaren saknar portföljstyrning?"


async def ask(settings: Settings, point: float) -> Answer:
    await asyncio.to_thread(publish_generation, settings.index_dir)
    base = await open_knowledge(settings.model_copy(update={"operating_point": point}), Texts.load())
    try:
        return await base.served.ask(QUESTION)
    finally:
        await base.close()


@pytest.mark.parametrize(("point", "status"), [(0.0, Status.ANSWERED), (1.0, Status.REFUSED)])
async def test_a_service_set_to_nought_answers_and_one_set_to_one_refuses(
    settings: Settings, point: float, status: Status
) -> None:
    answer = await ask(settings, point)
    assert answer.status is status
    assert answer.confidence is not None
