"""The scale benchmark multiplies what it is given as it says, and draws what it measured."""

from __future__ import annotations

import numpy as np
import pytest

from knowledge.model import embedded_texts
from tests.bench.bars import Bar, at_least, at_most
from tests.bench.multiplied import PAGES, Base, multiplied
from tests.bench.scale import _growth
from tests.bench.scale_plot import draw
from tests.fakes.knowledge import DOCUMENTS, PASSAGES, passage, vectors_of

ASKED = passage("Hajar lever. Fiskar simmar.", "Hajar", questions=("vad heter fisken",))
OWN = (ASKED, *PASSAGES)
BASE = Base(DOCUMENTS, OWN, vectors_of(embedded_texts(OWN)))


@pytest.mark.parametrize("size", [4, len(OWN), 57])
def test_there_are_as_many_passages_as_wanted_and_a_row_for_every_text(size: int) -> None:
    files, rows = multiplied(BASE, size)
    passages = [one for file in files for one in file.passages]
    assert len(passages) == size
    assert len(rows) == len(embedded_texts(passages)) == size + 1
    np.testing.assert_allclose(np.linalg.norm(rows, axis=1), 1.0, rtol=1e-4)
    assert {one.path for file in files for one in file.passages} <= {file.document.path for file in files}
    assert len({(file.document.origin, file.document.path) for file in files}) == len(files)


def test_what_is_given_is_there_once_as_it_is() -> None:
    files, rows = multiplied(BASE, 57)
    own = [one for file in files[: len(DOCUMENTS)] for one in file.passages]
    assert own == list(OWN)
    np.testing.assert_array_equal(rows[: len(OWN)], BASE.vectors[: len(OWN)])
    np.testing.assert_array_equal(rows[57:], BASE.vectors[len(OWN) :])


def test_what_is_added_differs_in_words_and_vector_and_is_alike_in_every_run() -> None:
    files, rows = multiplied(BASE, 400)
    added = [one for file in files[len(DOCUMENTS) :] for one in file.passages]
    assert all(len(file.passages) <= PAGES for file in files[len(DOCUMENTS) :])
    assert len({one.text for one in added}) > 0.6 * len(added)
    nearest = (rows[len(OWN) : 400] @ BASE.vectors[: len(OWN)].T).max(axis=1)
    assert 0.85 < float(nearest.mean()) < 0.98
    again, same = multiplied(BASE, 400)
    assert again == files
    np.testing.assert_array_equal(same, rows)


def measured(passages: int, megabytes: float) -> dict[str, object]:
    return {
        "passages": passages,
        "size_mb": megabytes,
        "build_seconds": 1.0,
        "open_seconds": 0.1,
        "search_ms": {"p50": 1.0, "p95": 2.0},
        "with_embedding_ms": {"p50": 1.0, "p95": 2.0},
    }


def test_linear_growth_is_one_whatever_was_there_before() -> None:
    rows = [measured(size, 40 + size / 10) for size in (1000, 3000, 10_000)]
    assert _growth(rows, "size_mb") == pytest.approx(1.0)
    square = [measured(size, size**2) for size in (1000, 3000, 10_000)]
    assert _growth(square, "size_mb") > 3


def test_the_plot_is_a_picture() -> None:
    assert draw([measured(size, size / 10) for size in (1000, 3000)]).startswith(b"\x89PNG")


def test_a_bar_says_whether_it_holds() -> None:
    assert str(Bar("x", 1.0, 2, "s", at_most)).endswith("ok")
    assert "MISSED" in str(Bar("x", 3.0, 2, "s", at_most, "why"))
    assert Bar("x", 3.0, 2, "s", at_least).is_held
