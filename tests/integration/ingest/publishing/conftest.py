"""A store with something published, and a folder with a document that is not."""

from __future__ import annotations

from pathlib import Path

import pytest

from knowledge.adapters.generation import GenerationStore
from tests.fakes.library import publish_generation
from tests.integration.ingest.publishing.waste_plan import write


@pytest.fixture
def store(tmp_path: Path) -> GenerationStore:
    publish_generation(tmp_path / "index")
    return GenerationStore(tmp_path / "index")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    path = tmp_path / "documents"
    path.mkdir()
    write(path, "Planen för avfall antogs år 2020 av nämnden.")
    return path
