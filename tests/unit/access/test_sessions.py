"""Sessions end in time, and what is stored of them opens nothing."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from bot.access.sessions import Lifetimes, WebSession, form_token, id_of, new_secret
from tests.fakes.visitors import FEDERATION

NOON = datetime(2026, 11, 1, 12, tzinfo=UTC)
LIFETIMES = Lifetimes(timedelta(minutes=30), timedelta(hours=10))


def test_w03_a_session_is_over_after_idling_and_at_its_age_in_any_case() -> None:
    session = WebSession("id", FEDERATION, NOON, NOON + timedelta(hours=9, minutes=45))
    for minutes, over in ((9 * 60 + 46, False), (10 * 60 - 1, False), (10 * 60, True)):
        assert LIFETIMES.over(session, NOON + timedelta(minutes=minutes)) is over
    fresh = WebSession("id", FEDERATION, NOON, NOON)
    for seconds, over in ((1799, False), (1800, True)):
        assert LIFETIMES.over(fresh, NOON + timedelta(seconds=seconds)) is over
    assert LIFETIMES.grain < LIFETIMES.idle


def test_w03_secrets_are_long_and_different_and_what_is_made_of_them_does_not_tell_them() -> None:
    secrets = {new_secret() for _ in range(50)}
    assert len(secrets) == 50
    assert min(map(len, secrets)) >= 43, "256 bits"
    for secret in secrets:
        assert secret not in (id_of(secret), form_token(secret))
        assert id_of(secret) != form_token(secret)
    assert len({form_token(each) for each in secrets}) == 50


def test_what_is_no_text_is_somebody_elses_secret_and_no_mistake() -> None:
    assert id_of("\udcff") != id_of("?")
