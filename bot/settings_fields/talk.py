"""Settings of conversations: how much is asked and remembered."""

from __future__ import annotations

from pydantic import Field

from bot.settings_fields.group import Group


class TalkSettings(Group):
    """How long questions are, and for how long they are context."""

    question_limit: int = Field(1000, ge=100, le=10_000, description="Longest question, in characters.")
    context_turns: int = Field(
        4, ge=0, le=20, description="How many earlier questions of a conversation a follow-up is understood from."
    )
    context_minutes: int = Field(
        30, ge=0, le=24 * 60, description="Minutes after which earlier questions no longer count as context."
    )
    turns_per_minute: int = Field(
        120,
        ge=10,
        le=10_000,
        description="Messages and presses of any kind that one person may send in Teams within a minute, in each "
        "replica; those beyond are not looked at.",
    )
    questions_per_minute: int = Field(
        15,
        ge=1,
        le=1000,
        description="Questions that one person may ask within a minute, of all replicas together; those beyond wait.",
    )
