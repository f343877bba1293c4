"""A small instrument, so that everything that can happen in a round can be tried out."""

from __future__ import annotations

from bot.maturity.instrument import Area, Instrument, Item, Kind, Operation, Option, Organisation, Role, Wording
from bot.maturity.responses import ItemAnswer, Response
from bot.maturity.rounds import Round
from tests.unit.results.made import closed_round, response


def word(text: str) -> Wording:
    """The same word in both languages."""
    return Wording(text, text)


def item(
    identifier: str = "styrning",
    *,
    kind: Kind = Kind.LEVEL,
    options: int = 3,
    roles: tuple[str, ...] = ("v",),
    security: bool = False,
) -> Item:
    """An item whose options are numbered from 0."""
    return Item(
        identifier,
        "omrade",
        kind,
        word(identifier),
        word(f"{identifier}?"),
        options=tuple(Option(str(code), word(f"nivå {code}")) for code in range(options)),
        roles=frozenset(roles),
        security=security,
    )


def instrument(
    *items: Item, municipalities: int = 6, operations: int = 0, shared: tuple[str, ...] = (), roles: str = "vi"
) -> Instrument:
    """Municipalities m0, m1 and so on; roles v, i (official) and others by their letters; operations o0, o1."""
    names = [f"m{number}" for number in range(municipalities)]
    return Instrument(
        "small",
        "1",
        word("Liten"),
        5,
        areas=(Area("omrade", word("Område")),),
        items=items or (item(),),
        roles=tuple(Role(each, word(each), official=each == "i") for each in roles),
        organisations=(
            *(Organisation(name, name, (name,)) for name in names),
            *((Organisation("delad", "Delad", shared),) if shared else ()),
        ),
        operations=tuple(Operation(f"o{number}", word(f"o{number}")) for number in range(operations)),
        source="small",
    )


def small_round(of: Instrument, **changes: object) -> Round:
    """A closed round of it."""
    return closed_round(of, **changes)


def level(identifier: str, code: int) -> ItemAnswer:
    """An answer."""
    return ItemAnswer(identifier, codes=(str(code),))


def answering(
    held: Round,
    *given: tuple[str, int],
    role: str = "v",
    operation: str = "",
    item_id: str = "styrning",
    first: int = 0,
) -> list[tuple[str, Response]]:
    """Responses of persons who chose a level of one item, by municipality."""
    return [
        (
            f"id{first + number:04d}",
            response(held, place, [role], {"styrning": level("styrning", code)}, operation=operation),
        )
        for number, (place, code) in enumerate(given)
    ]
