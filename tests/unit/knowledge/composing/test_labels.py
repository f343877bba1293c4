"""Every reason for which a model's words are missing has its label, in both languages."""

from __future__ import annotations

import re

import pytest

from bot.conversation.texts import LANGUAGES, Texts
from knowledge.composing.interpreting import ROUTES
from knowledge.errors import ModelFailed

TEXTS = Texts.load()
REASONS = re.findall(r"`(\w+)`", (ModelFailed.__doc__ or "").partition("label:")[2])


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_reason_and_route_has_its_text(language: str) -> None:
    assert {"unavailable", "slow", "invalid", "budget_unknown"} <= set(REASONS)
    for reason in (*REASONS, "unverified"):
        assert TEXTS.say(f"composed.note.{reason}", language)
    for route in set(ROUTES) - {"question", "out_of_scope"}:
        assert TEXTS.say(f"composed.route.{route}", language)
