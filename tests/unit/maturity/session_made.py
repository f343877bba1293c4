"""A small instrument's session, and moves that lead on in it."""

from __future__ import annotations

from datetime import date

from bot.maturity import moves
from bot.maturity.session import Background, Given, Session, Source
from bot.maturity.steps import begin, take
from tests.fakes.instruments import instrument

INSTRUMENT = instrument()
READ = moves.ReadNotice("v1", date(2026, 11, 1))
LED = Background("uddevalla", ("ledning",), "social")
BOTH = Background("uddevalla", ("it", "ledning"), "social")


def new(source: Source = Source.INDIVIDUAL) -> Session:
    """One that has just begun."""
    return begin("s1", "r1", source, "sv", READ, INSTRUMENT)


def after(session: Session, *made: moves.Move) -> Session:
    """The session after these moves."""
    for move in made:
        session = take(session, move, INSTRUMENT)
    return session


def answer(item: str, code: str, comment: str | None = None) -> moves.Reply:
    """One choice, and a comment where there is one."""
    return moves.Reply(item, Given(codes=(code,)), comment)


def finished() -> Session:
    """Everything is answered, and nothing is sent in."""
    return after(
        new(),
        moves.Describe(LED),
        answer("portfolj", "2"),
        answer("sakerhet", "4", "en kommentar"),
        moves.Reply("forum", Given(codes=("forum", "rad"))),
        moves.Reply("mal", Given(text="Enklare vardag")),
    )
