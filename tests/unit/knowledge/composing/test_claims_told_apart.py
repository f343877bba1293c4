"""True claims are sent and false ones are not: a table the verifier was built with, and one held back from it."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from knowledge.composing.model import Claim, Source
from knowledge.composing.verification import Checked, Verifier
from knowledge.model import Origin, Passage, PassageKind
from knowledge.pieces import PieceReader
from knowledge.question import understand
from knowledge.swedish.analysis import no_split

DATA = Path(__file__).resolve().parent.parent / "data"
TABLES = ("claims", "claims_more", "claims_third")
HELD_BACK = "claims_held_back"
VERIFIER = Verifier(PieceReader(no_split))


@cache
def _table(name: str) -> Mapping[str, Any]:
    return dict(yaml.safe_load((DATA / f"{name}.yaml").read_text(encoding="utf-8")))


@cache
def _passages(name: str) -> Mapping[str, Passage]:
    return {
        key: Passage(
            key, key, f"{key}.md", Origin.LIBRARY, one["title"], tuple(one["headings"]), (), PassageKind(one["kind"]),
            one["text"].strip(),
        )
        for key, one in _table(name)["passages"].items()
    }  # fmt: skip


def checked(name: str, row: Mapping[str, Any]) -> Checked:
    """What the verifier says of one row."""
    passages = _passages(name)
    given = {n: passages[source["passage"]] for n, source in enumerate(row["sources"], start=1)}
    sources = tuple(Source(n, source["quote"]) for n, source in enumerate(row["sources"], start=1))
    return VERIFIER.check(Claim(row["text"], sources), given, understand(row["question"]))


@pytest.mark.parametrize("name", TABLES)
def test_r05_false_claims_are_dropped(name: str) -> None:
    """All but those of which the table says why code cannot tell."""
    rows = [row for row in _table(name)["false_claims"] if "limit" not in row]
    assert [row["text"] for row in rows if not checked(name, row).problems] == []


def test_true_claims_are_sent() -> None:
    rows = [(name, row) for name in TABLES for row in _table(name)["true_claims"]]
    dropped = [(row["text"], found) for name, row in rows if (found := checked(name, row).problems)]
    assert len(dropped) <= len(rows) * 0.05, dropped


def test_claims_that_nobody_foresaw_are_mostly_told_apart() -> None:
    table = _table(HELD_BACK)
    sent = [row for row in table["false_claims"] if not checked(HELD_BACK, row).problems]
    dropped = [row for row in table["true_claims"] if checked(HELD_BACK, row).problems]
    assert len(sent) <= len(table["false_claims"]) * 0.2
    assert len(dropped) <= len(table["true_claims"]) * 0.3


def test_the_tables_are_long_enough() -> None:
    names = (*TABLES, HELD_BACK)
    assert sum(len(_table(name)["true_claims"]) for name in names) >= 180
    assert sum(len(_table(name)["false_claims"]) for name in names) >= 300
    assert sum("limit" in row for name in names for row in _table(name)["false_claims"]) <= 3
