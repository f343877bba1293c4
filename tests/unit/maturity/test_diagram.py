"""The picture of the session's phases shows exactly what the code does."""

from __future__ import annotations

import random
import re
from collections import defaultdict
from datetime import date
from pathlib import Path

import pytest

from bot.maturity import moves, session
from bot.maturity.errors import Refused
from bot.maturity.instrument import Kind, Null
from bot.maturity.session import Background, Given, Phase, Source
from bot.maturity.steps import begin, take
from tests.fakes.instruments import instrument

DIAGRAM = Path(session.__file__).parent / "session.mmd"
INSTRUMENT = instrument()
WALKS, STEPS = 1000, 30
DAY = date(2026, 11, 1)

Edges = dict[tuple[str, str], set[str]]


def drawn() -> Edges:
    """The edges of the picture: from and to, and the moves that lead there."""
    edges: Edges = defaultdict(set)
    for line in DIAGRAM.read_text(encoding="utf-8").splitlines():
        arrow = re.fullmatch(r"\s*(\w+) --> (\w+): (.+)", line)
        if arrow:
            edges[arrow[1].lower(), arrow[2].lower()] |= {name.strip() for name in arrow[3].split(",")}
    return edges


def _moves(rng: random.Random) -> moves.Move:
    item = rng.choice(INSTRUMENT.items)
    codes = tuple(option.code for option in item.options)
    given = Given(text="ord") if item.kind is Kind.TEXT else Given(codes=(rng.choice(codes),))
    given = rng.choice([given, given, Given(null=Null.SKIPPED)])
    background = Background(
        rng.choice(["", "uddevalla"]), rng.choice([(), ("it",), ("ledning",), ("verksamhet",)]), rng.choice(["", "it"])
    )
    possible: list[moves.Move] = [
        moves.ReadNotice("v2", DAY),
        moves.Describe(background),
        moves.Describe(background),
        moves.Reply(item.id, given),
        moves.Reply(item.id, given),
        moves.Reply(item.id, given),
        moves.Suggest(item.id, given),
        moves.Write(item.id, "vad?"),
        moves.Comment(item.id, rng.choice(["", "en kommentar"])),
        moves.Show(item.id),
        moves.ChangeBackground(),
        moves.Back(),
        moves.Review(),
        moves.SkipRest(),
        moves.Pause(),
        moves.Resume(),
        moves.AskErase(),
        moves.Confirm(),
        moves.Decline(),
        moves.Submit(),
        moves.Submit(),
    ]
    return rng.choice(possible)


def walked() -> Edges:
    """The edges that random walks find."""
    rng = random.Random(2026)
    edges: Edges = defaultdict(set)
    for _ in range(WALKS):
        now = begin("s", "r", Source.INDIVIDUAL, "sv", moves.ReadNotice("v1", DAY), INSTRUMENT)
        for _ in range(STEPS):
            move = _moves(rng)
            try:
                then = take(now, move, INSTRUMENT)
            except Refused:
                continue
            edges[now.phase, then.phase].add(type(move).__name__)
            now = then
    return edges


@pytest.mark.slow
def test_the_picture_shows_every_way_from_phase_to_phase_and_no_other() -> None:
    assert {edge: sorted(names) for edge, names in drawn().items()} == {
        (str(start), str(end)): sorted(names) for (start, end), names in walked().items()
    }


def test_every_phase_is_drawn_and_every_one_leads_on() -> None:
    edges = drawn()
    assert {end for _, end in edges} == {phase.value for phase in Phase}
    for phase in Phase:
        assert any(start == phase and end != phase for start, end in edges)
