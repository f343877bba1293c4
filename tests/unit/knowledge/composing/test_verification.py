"""A claim holds where its passages do, and names what does not."""

from __future__ import annotations

import pytest

from knowledge.composing.model import Claim, Source
from knowledge.composing.verification import Verifier
from knowledge.model import Origin, Passage, PassageKind
from knowledge.pieces import PieceReader
from knowledge.question import understand
from knowledge.swedish.analysis import no_split

TEXT = "17 procent saknar portföljstyrning och 28 procent har en ostrukturerad portföljstyrning."
PASSAGE = Passage(
    "a", "d", "p", Origin.LIBRARY, "Statusrapport", ("Styrning",), (17,), PassageKind.TEXT,
    f"{TEXT} Enligt artikel 26.2 gäller kraven från den 2 augusti 2026. Rapporten ska lämnas inom 24 timmar.",
)  # fmt: skip


def _problems(text: str, quote: str = TEXT, number: int = 1) -> tuple[str, ...]:
    verifier = Verifier(PieceReader(no_split), ["KANARIE-123"])
    question = understand("Hur många saknar portföljstyrning?")
    return verifier.check(Claim(text, (Source(number, quote),)), {1: PASSAGE}, question).problems


@pytest.mark.parametrize(
    ("text", "quote"),
    [
        ("17 procent saknar portföljstyrning.", TEXT),
        ("Sjutton procent av de svarande saknar portföljstyrning [1].", TEXT),
        ("28 procent har en ostrukturerad portföljstyrning.", TEXT),
        ("Kraven gäller från 2026-08-02 enligt artikel 26.2.", "gäller kraven från den 2 augusti 2026"),
        ("Rapporten ska lämnas inom 24 timmar.", "Rapporten ska lämnas inom 24 timmar."),
    ],
)
def test_true_claims_hold(text: str, quote: str) -> None:
    assert _problems(text, quote) == ()


def test_r05_a_figure_of_another_sentence_does_not_hold() -> None:
    assert _problems("17 procent saknar portföljstyrning, och rapporten ska lämnas inom 24 timmar.")


def test_what_a_claim_names_stands_in_no_problem() -> None:
    assert "tanum" not in " ".join(_problems("17 procent saknar portföljstyrning i Tanum.")).casefold()


@pytest.mark.parametrize(
    "text",
    [
        "18 procent saknar portföljstyrning.", "Arton procent saknar portföljstyrning.",
        "١٨ procent saknar portföljstyrning.", "①⑧ % saknar portföljstyrning.", "17‰ saknar portföljstyrning.",
        "17 procentenheter saknar portföljstyrning.", "28 procent saknar portföljstyrning.",
        "Hälften saknar portföljstyrning.", "Två av tre saknar portföljstyrning.",
        "17 procent saknar portföljstyrning i Tanum.", "Kraven gäller från den 3 augusti 2026.",
        "Kraven gäller från den 2 augusti 2027.", "Enligt artikel 27.2 gäller kraven.",
        "Rapporten ska lämnas inom 24 månader.", "Rapporten ska inte lämnas enligt kraven i DORA.",
        "17 procent saknar portföljstyrning, se evil.example.com.", "Kommunen får böter om bråket fortsätter i skolan.",
        "17 procent saknar portföljstyrning [1](x).", "17 procent saknar portföljstyrning, h t t p s : / / x . se.",
        "17 procent saknar portföljstyrning, t.co/x.", "17 procent saknar portföljstyrning 2001:db8::1.",
        "17 procent saknar portföljstyrning %2568ttps%253A%252F%252Fx.se.",
        "17 procent saknar <at>alla</at> portföljstyrning.", "k-a-n-a-r-i-e 123", "321 EIRANAK",
    ],
)  # fmt: skip
def test_r01_false_claims_and_links_do_not_hold(text: str) -> None:
    assert _problems(text)


def test_r01_markers_and_quotes_resolve() -> None:
    assert _problems("17 procent saknar portföljstyrning.", number=9) == ("source",)
    assert _problems("17 procent saknar portföljstyrning.", quote="Detta står inte där alls") == ("quote",)
