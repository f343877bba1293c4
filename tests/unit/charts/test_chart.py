"""A figure becomes words and numbers in the reader's language, and a name that changes with them."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.charts.chart import MOST_BARS, chart_of, drawable
from bot.conversation.texts import Texts
from knowledge.model import Bar, Unit
from tests.fakes.figures import FIGURE

TEXTS = Texts.load()


def test_everything_is_said_in_the_readers_language() -> None:
    swedish, english = chart_of(FIGURE, TEXTS, "sv"), chart_of(FIGURE, TEXTS, "en")
    assert (swedish.headline, swedish.unit) == ("Figur 3. Portföljstyrning", "Procent av svaren.")
    assert (english.headline, english.unit) == ("Figure 3. Portföljstyrning", "Percent of the answers.")
    assert [bar.share for bar in swedish.bars] == ["17 %", "5,5 %", "2 % *", "0 %", "anges inte i källan"]
    assert [bar.share for bar in english.bars] == ["17%", "5.5%", "2% *", "0%", "not stated in the source"]
    assert (swedish.source, english.source) == ("Källa: Statusrapport, s. 28–29", "Source: Statusrapport, pp. 28–29")


def test_a_misprint_keeps_its_printed_number_and_is_explained() -> None:
    chart = chart_of(FIGURE, TEXTS, "sv")
    misprint = chart.bars[2]
    assert (misprint.percent, misprint.corrected) == (2.0, 11.0)
    assert chart.notes == ("* Troligen fel i källan: rätt tal är nog 11 % (streckat).",)


def test_a_figure_without_title_source_or_pages_is_still_a_chart() -> None:
    chart = chart_of(replace(FIGURE, title="", source="", pages=()), TEXTS, "sv")
    assert chart.headline == f"Figur 3. {FIGURE.question}"
    assert chart.source == ""
    assert chart_of(replace(FIGURE, pages=()), TEXTS, "sv").source == "Källa: Statusrapport"
    assert chart_of(replace(FIGURE, pages=(28,)), TEXTS, "sv").source == "Källa: Statusrapport, s. 28"


@pytest.mark.parametrize(
    "other",
    [
        replace(FIGURE, number="4"),
        replace(FIGURE, title="Projektstyrning"),
        replace(FIGURE, unit=Unit.TICK),
        replace(FIGURE, bars=(*FIGURE.bars[:-1], Bar("Vet ej", 3.0))),
        replace(FIGURE, bars=(*FIGURE.bars[:2], Bar("Väl fungerande", 2.0), *FIGURE.bars[3:])),
    ],
    ids=["number", "title", "unit", "share", "correction"],
)
def test_whatever_changes_the_picture_changes_its_name(other: object) -> None:
    assert chart_of(other, TEXTS, "sv").key != chart_of(FIGURE, TEXTS, "sv").key  # type: ignore[arg-type]  # a Figure


def test_the_name_is_the_same_in_every_run_and_another_in_another_language() -> None:
    key = chart_of(FIGURE, TEXTS, "sv").key
    assert key == chart_of(replace(FIGURE), TEXTS, "sv").key
    assert key != chart_of(FIGURE, TEXTS, "en").key


def test_a_picture_needs_a_name_and_not_too_many_bars() -> None:
    assert drawable(FIGURE)
    assert not drawable(replace(FIGURE, id=""))
    assert not drawable(replace(FIGURE, bars=()))
    assert not drawable(replace(FIGURE, bars=FIGURE.bars[:1] * (MOST_BARS + 1)))
