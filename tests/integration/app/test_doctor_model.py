"""What `fyren doctor` says of a language model that is there, silent, or not as agreed."""

from __future__ import annotations

import pytest

from bot.doctor import Verdict, examine_model
from knowledge.adapters.chat_model import ModelConfig
from tests.fakes import model_behaviours
from tests.fakes.model_call import Behaviour
from tests.fakes.model_server import open_model_server


@pytest.fixture(autouse=True)
def _straight_to_the_server(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")


CASES: dict[str, tuple[Behaviour, str]] = {
    "well": (model_behaviours.BEHAVIOURS["good"](), "model.ok"),
    "wrong key": (model_behaviours.failing(401), "model.unavailable"),
    "no JSON": (model_behaviours.good("Hej."), "model.formless"),
    "other JSON": (model_behaviours.good("[1]"), "model.formless"),
    "filter": (model_behaviours.filtered_prompt, "model.filtered"),
    "silent": (model_behaviours.hang, "model.slow"),
}


@pytest.mark.parametrize("name", CASES)
async def test_the_doctor_asks_the_model_and_names_what_is_wrong(name: str) -> None:
    behaviour, key = CASES[name]
    async with open_model_server(behaviour) as server:
        deadline = 0.4 if name == "silent" else 10.0
        found = await examine_model(ModelConfig("openai", "small", server.url, "k-of-the-model", deadline=deadline))
    assert found.key == key
    assert (found.verdict is Verdict.OK) == (name == "well")
    assert found.values["model"] == "openai/small"


async def test_without_a_model_that_is_said_and_in_order() -> None:
    found = await examine_model(None)
    assert (found.key, found.verdict) == ("model.off", Verdict.OK)
