"""A figure as lines of a terminal, whatever its width."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.cli.bars import bars
from bot.conversation.texts import Texts
from knowledge.model import Bar
from tests.fakes.figures import FIGURE

TEXTS = Texts.load()
LABEL = "Informationssäkerhetschef eller informationssäkerhetssamordnare"
LONG = replace(FIGURE, bars=(*FIGURE.bars, Bar(LABEL, 24.0)))


def test_bars_stand_beside_their_labels() -> None:
    assert list(bars(FIGURE, TEXTS, "sv", 100)) == [
        "  Icke-existerande  ██████▊ 17 %",
        "  Delvis etablerad  ██▎ 5,5 %",
        "  Väl fungerande    ▊ 2 % (troligen 11 %)",
        "  Fullt etablerad   0 %",
        "  Vet ej            anges inte i källan",
    ]


def test_where_labels_are_long_bars_stand_below_them() -> None:
    lines = list(bars(LONG, TEXTS, "sv", 60))
    assert lines[:2] == ["  Icke-existerande", "  ██████▌ 17 %"]
    assert lines[-2:] == [f"  {LABEL}", "  █████████▏ 24 %"]


@pytest.mark.parametrize("width", [30, 40, 60, 80, 100])
@pytest.mark.parametrize("language", ["sv", "en"])
def test_lines_keep_to_the_width(width: int, language: str) -> None:
    full = replace(FIGURE, bars=(*FIGURE.bars, Bar("Alla", 100.0), Bar("Fler än alla", 120.0)))
    assert max(map(len, bars(full, TEXTS, language, width))) <= width


def test_longer_bars_stand_for_larger_shares_down_to_single_percents() -> None:
    steps = replace(FIGURE, bars=tuple(Bar("x", float(percent)) for percent in range(0, 101)))
    drawn = [line.split("x")[1].strip().split(" ")[0] for line in list(bars(steps, TEXTS, "sv", 100))[1:]]
    lengths = [8 * cells.count("█") + (0 if cells.endswith("█") else " ▏▎▍▌▋▊▉".index(cells[-1])) for cells in drawn]
    assert lengths == sorted(set(lengths))


def test_a_figure_without_bars_is_no_lines() -> None:
    assert list(bars(replace(FIGURE, bars=()), TEXTS, "sv", 80)) == []
