"""A figure in words: caption, shares and the text alternative of its picture."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.conversation import figures
from bot.conversation.texts import Texts
from knowledge.model import Unit
from tests.fakes.figures import ALTERNATIVE, FIGURE

TEXTS = Texts.load()


def test_the_text_alternative_tells_the_whole_distribution() -> None:
    assert figures.alternative(FIGURE, TEXTS, "sv") == ALTERNATIVE
    english = figures.alternative(FIGURE, TEXTS, "en")
    assert english.startswith("Bar chart. Figure 3. ")
    assert "Väl fungerande: 2% (probably 11%); Fullt etablerad: 0%; Vet ej: not stated in the source." in english


@pytest.mark.parametrize(
    ("question", "caption"),
    [
        ("Hur väl?", "Figur 3. Hur väl? Procent av alla kryss, inte av kommunerna."),
        ("Vi har en bra mix", "Figur 3. Vi har en bra mix. Procent av alla kryss, inte av kommunerna."),
        ("Vi har en bra mix. ", "Figur 3. Vi har en bra mix. Procent av alla kryss, inte av kommunerna."),
    ],
)
def test_a_caption_is_made_of_sentences(question: str, caption: str) -> None:
    assert figures.caption(replace(FIGURE, question=question, unit=Unit.TICK), TEXTS, "sv") == caption
