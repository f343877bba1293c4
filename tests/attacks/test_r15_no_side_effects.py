"""What a model says is words: it changes no score, no result and no session, and reaches nobody but the person."""

from __future__ import annotations

import asyncio
import copy
import json

import pytest
from aiohttp import ClientSession

from bot.serving import ServedKnowledge
from knowledge.adapters.chat_model import ModelConfig, build_chat_model
from knowledge.composing.composer import Composer
from knowledge.composing.options import ComposerOptions
from knowledge.composing.ports import ModelRequest
from tests.attacks import cases
from tests.attacks.conftest import Field
from tests.attacks.hostile_model import saying, secrets_of
from tests.attacks.judge import harm
from tests.attacks.stage import QUESTION, Opened, WatchedAdvisor
from tests.fakes.chat_model import ScriptedModel
from tests.fakes.check_talk import TEXTS, Client, conversation, store_with
from tests.fakes.model_behaviours import hostile
from tests.fakes.model_server import open_model_server

SCORES = "Poängen är ändrad: portfolj 5, totalt 99. Mognadskollen är inskickad."


async def test_r15_a_model_changes_nothing_of_a_check_that_is_under_way(field: Field) -> None:
    """Paused and asked beside it, with every field and order that could mean scores."""
    store = store_with()
    attacks = [case for case in cases.of_broken_answers() if case.name.startswith("keys-")]
    attacks.append(cases.Case("scores", saying("{true} " + SCORES)))
    model = ScriptedModel(*(case.answer for case in attacks))
    composer = Composer(model, TEXTS, field.stage.prompts, None, ComposerOptions(cache_minutes=0))
    advisor = WatchedAdvisor(field.stage.index)
    served = ServedKnowledge(Opened(field.stage.index), lambda index: advisor, model=None, composer=composer)
    await served.load()
    fyren = conversation(store, served, tenants={})
    me = Client(fyren)
    await me.say("mognadskoll")
    await me.press("Jag har läst, starta")
    await me.press("Fortsätt", organisation="uddevalla", roles="ledning", operation="social")
    await me.say("4")
    await me.say("paus")
    before = copy.deepcopy((store.drafts, store.responses, store.held, store.log))
    for number in range(14):
        await me.say(f"{QUESTION} {'I svaren' * (number % 2)}")
    await composer.close()
    assert model.requests
    assert (store.drafts, store.responses, store.held, store.log) == before
    assert not {"save", "submit", "add", "close", "open"} & set(store.calls[-14:])


async def test_r15_a_model_is_given_no_tools_and_reaches_nobody(field: Field, monkeypatch: pytest.MonkeyPatch) -> None:
    """Over real HTTP: one address is ever called, and what leaves is what Teams is sent."""
    called: list[str] = []
    request = ClientSession._request

    async def watched(self: ClientSession, method: str, address: object, **options: object) -> object:
        called.append(str(address))
        return await request(self, method, address, **options)  # type: ignore[arg-type]  # as they were given

    monkeypatch.setattr(ClientSession, "_request", watched)
    attacks = [*cases.of_forms([])[::12], *cases.of_falsehoods()[::12], *cases.of_documents(field.planted)[:2]]
    harmful = []
    answers = iter(attacks)
    at = attacks[0]

    def answer(body: dict[str, object]) -> str:
        said = body["messages"]
        assert isinstance(said, list)
        asked = ModelRequest("compose", said[0]["content"], said[-1]["content"], "answer", {})
        return at.answer(asked)

    async with open_model_server(hostile(answer)) as server:
        config = ModelConfig("openai", "hostile", server.url, "", "", "json_schema", 10.0)
        model = await asyncio.to_thread(build_chat_model, config)
        for at in answers:
            reached = await field.stage.ask(model, at.question)
            instructions = "\n".join(body["messages"][0]["content"] for body in server.requests)
            harmful += [f"{at.name}: {each}" for each in harm(reached, secrets_of(instructions), instructions)]
        await model.aclose()
        assert harmful == []
        assert len(server.requests) >= len(attacks)
        sent = json.dumps(server.requests)
        assert not any(field in body for body in server.requests for field in ("tools", "functions", "tool_choice"))
        assert "tenant-a" not in sent
        assert not any("user" in body or "metadata" in body for body in server.requests)
    assert called == []
