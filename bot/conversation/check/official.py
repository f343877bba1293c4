"""What people are told before they answer for their organisation, and not as one person among others."""

from __future__ import annotations

from collections.abc import Collection

from bot.conversation.texts import Texts
from bot.maturity.instrument import Instrument
from bot.maturity.session import Phase, Session, Source


def role_names(instrument: Instrument, language: str, chosen: Collection[str] | None = None) -> str:
    """The official roles in words, or those of them that were chosen; empty where there is none."""
    official = [role for role in instrument.roles if role.official and (chosen is None or role.id in chosen)]
    return ", ".join(role.title.say(language) for role in official)


def before_choosing(source: Source, instrument: Instrument, texts: Texts, language: str) -> str:
    """What is told where a role is chosen; empty where nobody can answer for the organisation."""
    return _told(source, role_names(instrument, language), texts, language)


def after_choosing(before: Session, session: Session, instrument: Instrument, texts: Texts) -> str:
    """What is told on the way from the background to the questions; empty where that changes nothing.

    Somebody who types a role need not have read the card.
    """
    if before.phase is not Phase.BACKGROUND or session.phase is Phase.BACKGROUND:
        return ""
    roles = role_names(instrument, session.language, session.background.roles)
    known = role_names(instrument, session.language, before.background.roles)
    if before.answers and roles == known:
        return ""
    return _told(session.source, roles, texts, session.language)


def who_sees(session: Session, instrument: Instrument, texts: Texts) -> str:
    """Who sees what was sent in."""
    language = session.language
    if session.source is Source.CONSENSUS:
        return texts.say("check.result.who_group", language)
    roles = role_names(instrument, language, session.background.roles)
    if roles:
        return texts.say("check.result.who_official", language, roles=roles)
    return texts.say("check.result.who", language)


def _told(source: Source, roles: str, texts: Texts, language: str) -> str:
    if source is Source.CONSENSUS:
        return texts.say("check.official.group", language)
    return texts.say("check.official.role", language, roles=roles) if roles else ""
