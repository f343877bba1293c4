"""What the attacks are tried on: a knowledge base of hostile documents, taken in once for each file of tests."""

from __future__ import annotations

from dataclasses import dataclass
from dataclasses import field as dataclass_field
from pathlib import Path

import pytest

from knowledge.adapters.generation import GenerationStore
from tests.attacks import corpus
from tests.attacks.cases import IMPORTANT, JAILBREAKS, LATENT, TEMPLATES
from tests.attacks.corpus import Attack, CorpusMissing
from tests.attacks.documents import Planted, plant
from tests.attacks.stage import Stage
from tests.fakes.check_talk import rules


@dataclass(frozen=True, slots=True)
class Published:
    """The prompts that others have published, by what they attack."""

    prompts: list[Attack] = dataclass_field(repr=False)
    injections: list[Attack] = dataclass_field(repr=False)
    payloads: list[Attack] = dataclass_field(repr=False)


@pytest.fixture(scope="session")
def published(request: pytest.FixtureRequest) -> Published:
    """Skips where the packages are missing; with `--require-client` it fails."""
    try:
        return Published(
            [*corpus.jailbreaks(JAILBREAKS), *corpus.templates(TEMPLATES), *corpus.web_injections()],
            [*corpus.latent_injections(LATENT), *corpus.important_instructions(IMPORTANT)],
            corpus.web_payloads(),
        )
    except CorpusMissing as missing:
        (pytest.fail if request.config.getoption("--require-client") else pytest.skip)(str(missing))


@dataclass(frozen=True, slots=True)
class Field:
    """The knowledge base, and the documents in it that mean harm."""

    stage: Stage = dataclass_field(repr=False)
    planted: list[Planted] = dataclass_field(repr=False)


@pytest.fixture(scope="module")
def field(published: Published, tmp_path_factory: pytest.TempPathFactory) -> Field:
    rules()  # read from files, which the event loop may not wait for
    folder: Path = tmp_path_factory.mktemp("attacks")
    planted = plant(folder / "index", folder / "documents", published.injections)
    return Field(Stage(GenerationStore(folder / "index").open(None)), planted)
