"""A small instrument with everything that an instrument may have, for tests of the check."""

from __future__ import annotations

from bot.maturity.instrument import (
    Area,
    Condition,
    Instrument,
    Item,
    Kind,
    Operation,
    Option,
    Organisation,
    Role,
    Wording,
)


def wording(text: str) -> Wording:
    """A text that is told apart by language."""
    return Wording(text, f"{text} (en)")


def levels(*labels: str) -> tuple[Option, ...]:
    """A scale, worst first."""
    return tuple(
        Option(str(code), wording(label), wording(f"Nivån {label.lower()} beskriven."))
        for code, label in enumerate(labels)
    )


SCALE = levels("Saknas", "Ostrukturerad", "Utvecklingsfas", "Delvis etablerad", "Väl fungerande", "Fullt etablerad")


def instrument(version: str = "2026.1") -> Instrument:
    """Two roles, a condition, one item of every kind, one of them sensitive."""
    tick = (
        Option("rad", wording("Råd")),
        Option("forum", wording("Forum")),
        Option("inget", wording("Inget av detta"), exclusive=True),
    )
    items = (
        Item(
            "portfolj",
            "styrning",
            Kind.LEVEL,
            wording("Portföljstyrning"),
            wording("Hur är portföljstyrningen?"),
            SCALE,
            wording("Att välja bland insatser."),
            frozenset({"ledning"}),
            baseline="portfoljstyrning",
        ),
        Item(
            "sakerhet", "styrning", Kind.LEVEL, wording("Säkerhet"), wording("Hur är säkerheten?"), SCALE, security=True
        ),
        Item(
            "modell",
            "teknik",
            Kind.LEVEL,
            wording("Förvaltningsmodell"),
            wording("Hur är modellen?"),
            SCALE,
            roles=frozenset({"it"}),
        ),
        Item(
            "vilken",
            "teknik",
            Kind.CHOICE,
            wording("Vilken modell"),
            wording("Vilken modell är det?"),
            (Option("itil", wording("ITIL")), Option("egen", wording("Egen modell"))),
            roles=frozenset({"it"}),
            when=Condition("modell", frozenset({"1", "2", "3", "4", "5"})),
        ),
        Item("forum", "styrning", Kind.CHOICES, wording("Forum"), wording("Vilka forum finns?"), tick),
        Item("mal", "styrning", Kind.TEXT, wording("Mål"), wording("Vilka mål är viktigast?")),
    )
    return Instrument(
        id="prov",
        version=version,
        title=wording("Provkollen"),
        minutes=2,
        areas=(Area("styrning", wording("Styrning")), Area("teknik", wording("Teknik"))),
        items=items,
        roles=(
            Role("it", wording("IT-nära")),
            Role("ledning", wording("Övergripande")),
            Role("verksamhet", wording("Verksamhetsnära")),
        ),
        organisations=(
            Organisation("uddevalla", "Uddevalla", ("Uddevalla",)),
            Organisation("sotenas", "Sotenäs", ("Sotenäs",)),
            Organisation("sml-it", "SML-IT", ("Lysekil", "Munkedal", "Sotenäs")),
        ),
        operations=(Operation("social", wording("Socialtjänst, vård och omsorg")), Operation("it", wording("IT"))),
        source=f"prov {version}",
    )
