"""The vectors that come with the program are those of the built-in library, as the local engine makes them."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from knowledge.adapters.embeddings import LOCAL_ENGINE, LocalE5Embeddings
from knowledge.adapters.shipped_vectors import ShippedVectors
from tests.evals.library_vectors import Text, texts_of

pytestmark = pytest.mark.slow

SAMPLE = 12
"""Texts that are embedded again: a passage takes a tenth of a second."""
ALIKE = 0.999
"""Cosine of two vectors of one text; processors differ in how they round, those of different texts in far more."""


@pytest.fixture(scope="module")
def texts(library: Path) -> list[Text]:
    return texts_of(library / "index")


def test_they_are_of_every_text_and_of_no_other(texts: list[Text]) -> None:
    wanted = {text.key for text in texts}
    shipped = ShippedVectors()
    assert wanted - set(shipped.get(LOCAL_ENGINE, list(wanted))) == set(), "write them anew: `make vectors`"
    assert len(shipped) == len(wanted), "some are of texts that are gone: `make vectors`"


def test_they_are_what_the_engine_makes(texts: list[Text]) -> None:
    engine = LocalE5Embeddings()
    shipped = ShippedVectors()
    for text in texts[:: len(texts) // SAMPLE]:
        made = engine.embed_documents([text.text]) if text.kind == "passage" else engine.embed_queries([text.text])
        [kept] = shipped.get(LOCAL_ENGINE, [text.key]).values()
        assert float(np.dot(made[0], kept)) / float(np.linalg.norm(made[0])) >= ALIKE, text.text
        assert abs(float(np.linalg.norm(kept)) - 1) < 0.001
