"""Rounds, sessions and responses to store, and what reads the instruments that they keep."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date

from bot.maturity.errors import DataInvalid
from bot.maturity.instrument import Instrument, Null, Organisation, Role, Wording
from bot.maturity.ports import Person
from bot.maturity.responses import ItemAnswer, Response
from bot.maturity.rounds import Round, RoundStatus
from bot.maturity.session import Background, Given, Phase, Session, Source

ANNA = Person("tenant-a", "anna")
BO = Person("tenant-a", "bo")
NAMESAKE = Person("tenant-b", "anna")

OPENS = date(2026, 11, 1)
CLOSES = date(2026, 12, 15)

SOCIAL = ("uddevalla",)
SHARED = ("lysekil", "munkedal", "sotenas")


@dataclass
class Calendar:
    """A clock that stands still."""

    day: date = date(2026, 11, 2)

    def __call__(self) -> date:
        return self.day


def read(text: str, name: str) -> Instrument:
    """Stands in for the reading of YAML: the text is an id and a version."""
    if not text.startswith("koll "):
        raise DataInvalid(name, 1, "no instrument")
    title = Wording("Kollen", "The check")
    roles = tuple(Role(each, title) for each in ("it", "overgripande"))
    places = tuple(Organisation(each, each.title(), (each,)) for each in (*SOCIAL, *SHARED))
    version = text.removeprefix("koll ")
    return Instrument("koll", version, title, 6, (), (), roles=roles, organisations=places, source=text)


def a_round(
    id: str = "r1",
    *,
    label: str = "",
    status: RoundStatus = RoundStatus.OPEN,
    text: str = "koll 1",
    opens: date = OPENS,
) -> Round:
    return Round(id, label or f"2026:{id}", read(text, id), status, opens, CLOSES)


def a_session(
    answers: Mapping[str, Given] | None = None,
    *,
    round: str = "r1",
    source: Source = Source.INDIVIDUAL,
    comments: Mapping[str, str] | None = None,
) -> Session:
    return Session(
        id="s1",
        round=round,
        digest=read("koll 1", "").digest,
        source=source,
        language="sv",
        notice="2026-10",
        noticed=OPENS,
        phase=Phase.ITEMS,
        background=Background("uddevalla", ("it", "overgripande"), "socialtjanst"),
        answers=answers or {},
        comments=comments or {},
        seen=("activity-1",),
    )


def with_answer(session: Session, item: str, code: str) -> Session:
    return replace(session, answers={**session.answers, item: Given((code,), fingerprint="f" * 16)})


ANSWERS = (
    ItemAnswer("portfolj", ("3",), comment="på gång"),
    ItemAnswer("forum", ("rad", "chef")),
    ItemAnswer("vision", null=Null.DONT_KNOW),
    ItemAnswer("hinder", text="Å i NFC, \U0001d518, \U0001f914, \u202e, 'citat'; DROP TABLE rounds;--"),
    ItemAnswer("sakerhet", ("1",), text="hemligt ord", comment="lösenordet är svampsoppa", security=True),
    ItemAnswer("skuld", null=Null.NOT_APPLICABLE, security=True),
)


def a_response(
    answers: tuple[ItemAnswer, ...] = ANSWERS,
    *,
    round: str = "r1",
    source: Source = Source.INDIVIDUAL,
    municipalities: tuple[str, ...] = SOCIAL,
    submitted: date = date(2026, 11, 2),
) -> Response:
    return Response(
        round=round,
        instrument="koll",
        instrument_version="1",
        digest=read("koll 1", "").digest,
        submitted=submitted,
        source=source,
        mode="teams_chat",
        language="sv",
        notice="2026-10",
        organisation="uddevalla",
        municipalities=municipalities,
        roles=("it", "overgripande"),
        operation="socialtjanst",
        answers=answers,
    )
