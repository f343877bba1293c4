"""As whom the command line reads the knowledge base, and whose documents it takes in."""

from __future__ import annotations

from bot.cli.console import Console
from bot.municipalities import load_municipalities
from bot.settings import Settings
from knowledge.access import EVERYBODY, OPERATOR, Audience, people_of

EVERYBODYS = "everybody"
"""What stands for nobody's municipality."""


def reader(named: str, settings: Settings, console: Console) -> Audience:
    """Who is to read: without a name whoever runs the service, who reads everything. Raises CommandFailed. Blocks."""
    if not named:
        return OPERATOR
    return EVERYBODY if named == EVERYBODYS else people_of(municipality(named, settings, console))


def municipality(named: str, settings: Settings, console: Console) -> str:
    """The key of a municipality, from it or from its name. Raises CommandFailed where there is none. Blocks."""
    known = load_municipalities(settings)
    wanted = named.strip().casefold()
    for key, name in known.items():
        if wanted in (key.casefold(), name.casefold()):
            return key
    raise console.fail("collections.unknown", name=named, known=", ".join(sorted(known)))
