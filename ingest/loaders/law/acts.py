"""What is known of an EU act from its number: id, CELEX, address, and the name that citations show."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache

from ingest.loaders.web.facts import day_in
from knowledge.acts import Act, load_acts

_NUMBER = re.compile(
    r"\(\s*(?:EU|EG|EEG|EC|EEC)(?:\s*,\s*Euratom)?\s*\)\s*(?:nr|No)?\s*(?P<one>\d{1,4})/(?P<two>\d{1,4})|"
    r"\b(?P<year>(?:19|20)\d\d)/(?P<serial>\d{1,4})/(?:EU|EG|EC|EEG)\b",
    re.IGNORECASE,
)
_CELEX = re.compile(r"\b([03]?)((?:19|20)\d\d)([RLD])(\d{4})(?:-((?:19|20)\d{6}))?\b")
_KINDS = (
    (re.compile(r"direktiv|directive", re.IGNORECASE), "L", "dir"),
    (re.compile(r"beslut|decision", re.IGNORECASE), "D", "dec"),
    (re.compile(r"förordning|regulation", re.IGNORECASE), "R", "reg"),
)
_SUBJECT = re.compile(r"\b(?:om|on|laying down|concerning|establishing|regarding)\s", re.IGNORECASE)
_BESIDES = re.compile(
    r"\s(?:och|samt|and)\s(?:om\s)?(?:ändring|upphävande|amending|repealing)|,?\s(?:om ändring|amending)|\s\(",
    re.IGNORECASE,
)
_VERSION = re.compile(r"\b([0-3]\d)\.([01]\d)\.((?:19|20)\d\d)\b")


@dataclass(frozen=True, slots=True)
class ActFacts:
    """An act's names and places. `id` is empty where its number is not known; `as_of` is an ISO date."""

    title: str
    id: str = ""
    as_of: str | None = None
    url: str | None = None
    source: str = "EUR-Lex"
    aliases: tuple[str, ...] = ()


@cache
def known_acts() -> Mapping[str, Act]:
    """The acts that have a name; read once a process, which is one that parses."""
    return load_acts()


def celex_of(year: int, serial: int) -> str:
    """The CELEX number of an act that is known by its number alone: a directive where its name says so."""
    act = known_acts().get(f"{year}/{serial}") or known_acts().get(f"{serial}/{year}")
    return f"3{year}{'L' if act and 'direktiv' in act.name.lower() else 'R'}{serial:04d}"


def act_facts(title: str, reference: str = "", *, swedish: bool) -> ActFacts:
    """What a title and the reference above a consolidated text say (`02016R0679 — SV — 04.05.2016`)."""
    title = " ".join(title.split())
    number = _number(title)
    celex = _CELEX.search(reference)
    if number is None and celex is None:
        return ActFacts(title=title, as_of=day_in(title))
    year, serial = (int(celex[2]), int(celex[4])) if celex else number or (0, 0)
    letter, eli = _kind(title) if celex is None else _kind(celex[3])
    consolidated = _consolidated(reference, celex)
    base = f"{year}{letter}{serial:04d}"
    whole = f"0{base}-{consolidated.replace('-', '')}" if consolidated else f"3{base}"
    printed = f"{year}/{serial}" if year >= 2015 else f"{serial}/{year}"
    act = known_acts().get(printed) or known_acts().get(f"{year}/{serial}")
    return ActFacts(
        title=(act.name if swedish else act.en) if act else _shortened(title),
        id=f"celex-{whole.lower()}",
        as_of=consolidated or day_in(title),
        url=f"https://eur-lex.europa.eu/eli/{eli}/{year}/{serial}/{consolidated or 'oj'}",
        source=f"EUR-Lex, {official}" if (official := _official(title)) else "EUR-Lex",
        aliases=tuple(dict.fromkeys((*(act.names if act else ()), printed, f"3{base}"))),
    )


def with_address(facts: ActFacts, address: str | None) -> ActFacts:
    """The facts with the page's own address where the act's number gave none."""
    return facts if facts.url or not address else replace(facts, url=address)


def _number(title: str) -> tuple[int, int] | None:
    """Year and serial number: since 2015 the year stands first, before it the serial number did, save in directives."""
    match = _NUMBER.search(title)
    if match is None:
        return None
    if match["year"]:
        return int(match["year"]), int(match["serial"])
    one, two = int(match["one"]), int(match["two"])
    return (one, two) if 1950 <= one <= 2100 and not (1950 <= two < 2015 and "nr" in match.group()) else (two, one)


def _kind(title: str) -> tuple[str, str]:
    """Letter of the CELEX number and type of the ELI address, by the act's first words or by its letter."""
    if len(title) == 1:
        return next((letter, eli) for _, letter, eli in _KINDS if letter == title)
    first = min(_KINDS, key=lambda kind: match.start() if (match := kind[0].search(title)) else len(title))
    eli = first[2]
    if eli == "reg" and (special := re.match(r".{0,60}?(genomförande|implementing|delegera|delegated)", title, re.I)):
        eli = "reg_impl" if special[1].lower().startswith(("genom", "impl")) else "reg_del"
    return first[1], eli


def _consolidated(reference: str, celex: re.Match[str] | None) -> str | None:
    if celex is None or celex[1] == "3":
        return None
    if celex[5]:
        return day_in(celex[5])
    match = _VERSION.search(reference)
    return day_in(f"{match[3]}-{match[2]}-{match[1]}") if match else None


def _official(title: str) -> str:
    """Who made the act, its kind and number: the title up to its number, in ordinary letters."""
    match = _NUMBER.search(title)
    if match is None:
        return ""
    made = title[: match.start()].strip()
    made = made.capitalize() if made.isupper() else made
    return f"{made} {match.group()}"


def _shortened(title: str) -> str:
    """Kind, number and subject of an act that has no name, without what it amends and repeals."""
    number, subject = _NUMBER.search(title), _SUBJECT.search(title)
    if number is None or subject is None or subject.start() < number.end():
        return title
    kind = re.search(r"\w*(?:förordning|direktiv|beslut|regulation|directive|decision)", title, re.IGNORECASE)
    about = _BESIDES.split(title[subject.start() :], maxsplit=1)[0].strip(" ,")
    return f"{kind.group().capitalize() if kind else ''} {number.group()} {about}".strip()
