"""An answer that quotes a text about a survey figure brings that figure, and no other."""

from __future__ import annotations

import pytest

from knowledge.figures import figure_told
from knowledge.model import Bar, Citation, Figure, Passage, PassageKind, Unit
from tests.fakes.knowledge import passage

LEVELS = ("Icke-existerande", "Ostrukturerad", "Utvecklingsfas", "Delvis etablerad", "Väl fungerande")


def figure(number: str, title: str, *shares: float | None, labels: tuple[str, ...] = LEVELS) -> Figure:
    bars = tuple(Bar(label, share) for label, share in zip(labels, shares, strict=False))
    return Figure(number, f"Hur är {title}?", Unit.RESPONDENT, bars, id=title.lower(), title=title)


PORTFOLIO = figure("3", "Portföljstyrning", 17, 28, 33, 6, 2)
PROJECTS = figure("4", "Projektstyrning", 17, 28, 33, 5.5, 11)
PROCESSES = figure("11", "Processorienterade arbetssätt", 0, 35, 31, 22, 12)
CULTURE = figure("11", "Innovationskultur", 4, 25, 49, 16, 6)
FORUMS = figure("9", "Forum för digitalisering", 33, 24, None, labels=("Digitaliseringsråd", "IT-råd", "Användarforum"))
FIGURES = (PORTFOLIO, PROJECTS, PROCESSES, CULTURE, FORUMS)


def shelf(document: str = "rapport") -> list[Passage]:
    return [passage("text", "Enkäten", document=document)] + [
        passage(each.question, each.title, document=document, kind=PassageKind.FIGURE, figure=each) for each in FIGURES
    ]


def told(*quotes: str, document: str = "rapport") -> Figure | None:
    source = passage(" ".join(quotes), "Avsnitt", document=document)
    return figure_told([Citation(n, source, quote) for n, quote in enumerate(quotes, start=1)], shelf())


@pytest.mark.parametrize(
    ("quotes", "expected"),
    [
        (["I 33 procent av svaren är portföljstyrningen i utvecklingsfas. I 6 procent är portföljstyrningen delvis "
          "etablerad."], PORTFOLIO),
        (["28 procent kallar projektstyrningen ostrukturerad, 33 procent placerar den i utvecklingsfas."], PROJECTS),
        (["Projektstyrningen är ostrukturerad i 28 procent.", "Projektstyrningen är delvis etablerad i 5,5 procent."],
         PROJECTS),
        (["Innovationskulturen (figur 11) är i utvecklingsfas i 49 procent."], CULTURE),
        (["Arbetssätten mättes (figur 11).", "Arbetssätten är ostrukturerade i 35 procent."], PROCESSES),
        (["Om forum för digitalisering gäller:\n- 33 procent av kryssen om forum gällde digitaliseringsråd\n"
          "- 24 procent av kryssen om forum gällde IT-råd"], FORUMS),
    ],
    ids=["in two sentences", "in one sentence", "in two places", "mentioned", "a namesake by number", "in a list"],
)  # fmt: skip
def test_the_figure_that_is_told_of_comes_along(quotes: list[str], expected: Figure) -> None:
    assert told(*quotes) == expected


@pytest.mark.parametrize(
    "quote",
    [
        "Portföljstyrning är att välja mellan projekt.",
        "Portföljstyrningen är ostrukturerad i 28 procent av svaren.",
        "Målstyrningen är ostrukturerad i 28 procent och i utvecklingsfas i 33 procent av svaren.",
        "Portföljstyrningen kostar 28 procent mer och 33 procent av tiden.",
        "Portföljstyrningen är ostrukturerad i 128 procent och i utvecklingsfas i 2,33 procent.",
        "Samverkan mättes (figur 3), och 17 procent fungerar väl.",
        "Portföljstyrningen mättes (figur 3).",
        "Portföljstyrningen mättes (figur 33).",
    ],
    ids=[
        "no share",
        "one share",
        "another topic",
        "other things",
        "other numbers",
        "another's mention",
        "a mention",
        "another number",
    ],
)
def test_what_only_resembles_brings_none(quote: str) -> None:
    assert told(quote) is None


def test_another_document_s_figure_stays_where_it_is() -> None:
    assert told("Portföljstyrningen är ostrukturerad i 28 procent och i utvecklingsfas i 33.", document="annan") is None


def test_nothing_quoted_tells_of_nothing() -> None:
    assert figure_told([], shelf()) is None
    assert figure_told([Citation(1, shelf()[0], "")], []) is None
