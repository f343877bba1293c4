"""The second way to the figures, itself held against what is worked out by hand."""

from __future__ import annotations

from bot.maturity.instrument import Kind, Null, Organisation, Role
from bot.maturity.responses import ItemAnswer, Response
from bot.maturity.session import Source
from tests.unit.results.oracle import Figures, Oracle, Stated, raw_rows
from tests.unit.results.published import DAY, instrument, item, wording

LEVEL, CHOICES, OFFICIAL = item("p"), item("q", "x", kind=Kind.CHOICES, options=3), item("r", "y")
ASKED = instrument(LEVEL, CHOICES, OFFICIAL)
ASKED = type(ASKED)(
    *(ASKED.id, ASKED.version, ASKED.title, 5, ASKED.areas, ASKED.items),
    roles=(Role("x", wording("x")), Role("y", wording("y"), official=True)),
    organisations=(*ASKED.organisations, Organisation("delad", "Delad", ("vast", "ost"))),
)
SERVES = {each.id: each.municipalities for each in ASKED.organisations}


def one(organisation: str, roles: str, joint: bool = False, operation: str = "", **answers: str) -> Response:
    """A response; an answer is codes side by side, or `dk`, `na` or `skipped`."""
    nulls = {null.value: null for null in Null}
    given = tuple(
        ItemAnswer(item_id, () if told in nulls else tuple(told), nulls.get(told)) for item_id, told in answers.items()
    )
    source = Source.CONSENSUS if joint else Source.INDIVIDUAL
    return Response(
        *("r", "prov", "1", "d", DAY, source, "teams_chat", "sv", "1"),
        *(organisation, SERVES[organisation], tuple(roles), operation, given),
    )


ORACLE = Oracle(
    raw_rows(
        [
            (str(place), response)
            for place, response in enumerate(
                [
                    one("norr", "x", p="1", q="01", operation="skola"),
                    one("norr", "x", p="2", q="0", operation="skola"),
                    one("norr", "y", p="5", r="4"),
                    one("norr", "xy", p="0", q="dk", r="dk"),
                    one("soder", "x", p="dk", q="skipped"),
                    one("soder", "x", p="na", q="2"),
                    one("delad", "y", p="3", r="1"),
                    one("soder", "xy", joint=True, p="4", q="12", r="3"),
                ]
            )
        ]
    ),
    ASKED,
)


def test_everybody_and_each_role_with_nulls_apart_and_two_roles_counted_once() -> None:
    counts = {"0": 1, "1": 1, "2": 1, "3": 1, "4": 0, "5": 1}
    assert ORACLE.roles_of(LEVEL) == ("", "x", "y")
    assert ORACLE.pooled(LEVEL, "") == Figures(5, 1, 1, counts, 2.0, 0, 5, 44.0, 220 / 6, spread=True)
    assert ORACLE.pooled(LEVEL, "x").index == 20
    assert (ORACLE.pooled(LEVEL, "y").answered, ORACLE.pooled(LEVEL, "y").median) == (2, 4.0)
    assert ORACLE.pooled(CHOICES, "x") == Figures(3, 1, 0, {"0": 2, "1": 1, "2": 1})
    assert ORACLE.pooled(OFFICIAL, "y").answered == 2


def test_municipalities_their_peers_and_areas_of_operation() -> None:
    assert ORACLE.municipality(LEVEL, "", "norr").median == 1.5
    assert ORACLE.municipality(LEVEL, "", "soder") == Figures(0, 1, 1, dict.fromkeys("012345", 0))
    assert ORACLE.municipality(LEVEL, "", "vast").answered == 0
    assert ORACLE.peers(LEVEL, "", "soder").answered == 5
    assert ORACLE.operation(LEVEL, "x", "skola").index == 30


def test_statements_and_every_municipality_once() -> None:
    assert ORACLE.statements(OFFICIAL, "y") == {
        "norr": Stated(4.0, ("4",), None, shared=False, joint=False),
        "vast": Stated(1.0, ("1",), None, shared=True, joint=False),
        "ost": Stated(1.0, ("1",), None, shared=True, joint=False),
        "soder": Stated(3.0, ("3",), None, shared=False, joint=True),
    }
    assert ORACLE.statements(LEVEL, "") == {"soder": Stated(4.0, ("4",), None, shared=False, joint=True)}
    assert ORACLE.values(LEVEL, "") == {"norr": 1.5, "soder": 4.0}
    assert ORACLE.middle(LEVEL, "") == (2.125, 2.75, 3.375)
    assert ORACLE.municipalities_by_option(LEVEL, "") == {"0": 0, "1": 1, "2": 0, "3": 0, "4": 1, "5": 0}
    assert ORACLE.options(CHOICES, "x") == {"norr": frozenset("0"), "soder": frozenset("12")}
    assert ORACLE.municipalities_by_option(CHOICES, "x", among=["soder"]) == {"0": 0, "1": 1, "2": 1}


def test_a_gap_in_knowledge_takes_a_quarter_and_two() -> None:
    def gap(answered: int, unknown: int) -> bool:
        people = [one("norr", "x", q="0")] * answered + [one("norr", "x", q="dk")] * unknown
        rows = raw_rows([(str(place), each) for place, each in enumerate(people)])
        return Oracle(rows, ASKED).pooled(CHOICES, "x").gap

    assert [gap(6, 2), gap(7, 2), gap(3, 1), gap(0, 2)] == [True, False, False, True]
