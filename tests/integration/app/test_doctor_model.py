"""What `fyren doctor` says of a language model that is there, silent, or not as agreed, and of locking parsers in."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.conversation.texts import Texts
from bot.doctor.findings import Verdict
from bot.doctor.knowledge import examine_isolation, examine_model, examine_recognition
from bot.settings import Settings
from knowledge.adapters.chat_model import ModelConfig
from tests.fakes import model_behaviours
from tests.fakes.model_call import Behaviour
from tests.fakes.model_server import open_model_server
from tests.fakes.tesseracts import WITH_SWEDISH, WITHOUT_SWEDISH, install


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


@pytest.mark.parametrize(
    ("program", "key"),
    [
        ("ingest.worker", "isolation.ok"),
        ("tests.fakes.unguarded_worker", "isolation.refused"),
        ("tests.fakes.nowhere", "isolation.broken"),
    ],
)
async def test_the_doctor_starts_a_parser_and_sees_that_it_is_locked_in(program: str, key: str) -> None:
    found = await examine_isolation(program)
    assert (found.key, found.verdict is Verdict.OK) == (key, key == "isolation.ok")


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


@pytest.mark.parametrize(
    ("languages", "ocr", "key"),
    [
        (WITH_SWEDISH, "auto", "recognition.ok"),
        (WITHOUT_SWEDISH, "auto", "recognition.no_swedish"),
        ("", "auto", "recognition.missing"),
        (WITH_SWEDISH, "off", "recognition.off"),
    ],
)
async def test_i06_scanned_pages_the_doctor_says_whether_they_are_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, languages: str, ocr: str, key: str
) -> None:
    if languages:
        install(tmp_path, "", languages)
    monkeypatch.setenv("PATH", str(tmp_path))
    found = await examine_recognition(Settings.read(ocr=ocr))
    texts = Texts.load()
    assert (found.key, texts.say(f"doctor.{found.key}", "sv") != "") == (key, True)
    assert (found.verdict is Verdict.WARNING) == (key in ("recognition.no_swedish", "recognition.missing"))
