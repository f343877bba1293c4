"""What a text states besides words: amounts, numbers, points in time, places. Used on questions and on evidence."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from knowledge.kinds import Kind
from knowledge.swedish.tokens import fold

MUNICIPALITIES = (
    "Bengtsfors", "Dals-Ed", "Färgelanda", "Lysekil", "Mellerud", "Munkedal", "Orust", "Sotenäs", "Strömstad",
    "Tanum", "Trollhättan", "Uddevalla", "Vänersborg", "Åmål",
)  # fmt: skip
"""The 14 member municipalities of Fyrbodals kommunalförbund."""

_PLACE = {fold(name): re.compile(rf"\b{re.escape(fold(name))}s?\b") for name in MUNICIPALITIES}
_MONEY = re.compile(
    r"\b\d[\d \u00a0.,]*\s?(?:kr\b|kronor|sek\b|mkr|mnkr|tkr|miljon\w*|miljard\w*|öre\b|euro\b|eur\b|€)|"
    r"(?:€|eur)\s?\d|"
    r"\b(?:kostnadsfri\w*|gratis|avgiftsfri\w*|utan (?:kostnad|avgift)|ing(?:en|a) (?:kostnad|avgift)\w*|"
    r"självkostnad\w*)\b|"
    r"\b\d+(?:[.,]\d+)? (?:procent|%) av (?:årsomsättning|omsättning|kostnad)",
    re.IGNORECASE,
)
_NUMBER_WORD = (
    r"en|ett|två|tre|fyra|fem|sex|sju|åtta|nio|tio|elva|tolv|tretton|fjorton|femton|tjugo|trettio|hälften|hälfte|"
    r"tredjedel\w*|fjärdedel\w*|majoritet\w*|flertal\w*|samtliga|alla|ingen|inga|inget|flera|många|få|hundra|tusen"
)
_NUMBER = re.compile(rf"\d|\b(?:{_NUMBER_WORD})\b", re.IGNORECASE)
_MONTH = r"januari|februari|mars|april|maj|juni|juli|augusti|september|oktober|november|december"
_TIME = re.compile(
    rf"\b(?:19|20)\d{{2}}\b(?![/:])|\b(?:{_MONTH})\b|"
    rf"\b(?:{_NUMBER_WORD}|\d+)\s?(?:-\d+ )?"
    r"(?:år|månad\w*|veck\w+|(?:arbets|bank|vecko)?dag\w*|dygn|timm\w+|minut\w*|sekund\w*)\b|"
    r"\b(?:omedelbart|genast|utan dröjsmål|årlig\w*|varje (?:år|månad|vecka|dag)|efter att|innan|när|senast|dagligen|"
    r"kvartal\w*|våren|sommaren|hösten|vintern|nyår\w*|klockan|samma dag|direkt|under tiden|tills|förrän)\b",
    re.IGNORECASE,
)
_PERSON = re.compile(
    r"\b[A-ZÅÄÖ][a-zåäöé]+ (?:[A-ZÅÄÖ]\. )?[A-ZÅÄÖ][a-zåäöé]+\b|\b(?:[A-ZÅÄÖ]{2,}|Digg|Inera|Adda|VästKom)\b|"
    r"(?:myndighet|nämnd|styrelse|direktion|råd|förbund|departement|regering|kommission|kommun|region|chef|direktör|strateg|"
    r"ansvarig|ledning|domstol|inspektion|bolag|kontor|enhet|grupp|utvecklare|samordnare)\w*",
)


def places(text: str) -> frozenset[str]:
    """The member municipalities named in a text, folded; a genitive `s` counts."""
    folded = fold(text)
    return frozenset(name for name, pattern in _PLACE.items() if pattern.search(folded))


def has_number(text: str) -> bool:
    """Whether a text states a count or share, in figures or words."""
    return _NUMBER.search(text) is not None


def has_amount(text: str) -> bool:
    """Whether a text states a sum of money, or says who pays."""
    return _MONEY.search(text) is not None


def has_time(text: str) -> bool:
    """Whether a text states a date, a duration or a condition in time."""
    return _TIME.search(text) is not None


_CONTACT = re.compile(
    r"@|\b0\d{1,3}[-– ]\d|\b\d{3} \d{2}\b|\b[A-ZÅÄÖ][a-zåäö]+(?:gatan|vägen|torget) \d|\bklockan \d|www\."
)


def has_contact(text: str) -> bool:
    """Whether a text holds an address, a telephone number or opening hours."""
    return _CONTACT.search(text) is not None


_CAUSE = re.compile(
    r"\b(?:eftersom|därför|för att|genom att|så att|beror|leder till|annars|risk\w*|utan|gör att|kan ge|orsak\w*|"
    r"skäl\w*|innebär)\b",
    re.IGNORECASE,
)


_REFERENCE = re.compile(
    r"\b(?:artikel|artiklar(?:na)?|art\.|kapitel|kap\.|bilaga)\s?\d|\bbilaga (?-i:[IVX]+)\b|\d\s?(?:kap\.|§)|§\s?\d",
    re.IGNORECASE,
)


def has_reference(text: str) -> bool:
    """Whether a text names an article, a section or an annex by its number."""
    return _REFERENCE.search(text) is not None


def has_cause(text: str) -> bool:
    """Whether a text says why: a reason, a purpose or a consequence."""
    return _CAUSE.search(text) is not None


def has_actor(text: str) -> bool:
    """Whether a text names a person, a body or a role."""
    return _PERSON.search(text) is not None


_VAGUE_NUMBERS = ("en", "ett", "flera", "många", "få")
_COUNTED = re.compile(
    rf"\d|\b(?:{'|'.join(word for word in _NUMBER_WORD.split('|') if word not in _VAGUE_NUMBERS)})\b",
    re.IGNORECASE,
)
_DATED = re.compile(
    rf"\b(?:19|20)\d{{2}}\b(?![/:])|\b\d{{1,2}} (?:{_MONTH})\b|\b(?:{_NUMBER_WORD}|\d+)\s?(?:-\d+ )?"
    r"(?:år|månad\w*|veck\w+|(?:arbets|bank|vecko)?dag\w*|dygn|timm\w+|minut\w*|sekund\w*)\b|\b(?:årlig\w*|varje)\b",
    re.IGNORECASE,
)
_STATES: Mapping[Kind, re.Pattern[str]] = {Kind.NUMBER: _COUNTED, Kind.TIME: _DATED, Kind.MONEY: _MONEY}


def states(kind: Kind, text: str) -> bool:
    """Whether a text states just what the kind asks for: a count and not `flera`, a date and not `senast`."""
    pattern = _STATES.get(kind)
    return fits(kind, text) if pattern is None else pattern.search(text) is not None


_NEEDS: Mapping[Kind, Callable[[str], bool]] = {
    Kind.MONEY: has_amount,
    Kind.NUMBER: has_number,
    Kind.TIME: has_time,
    Kind.PERSON: has_actor,
    Kind.CONTACT: has_contact,
    Kind.REFERENCE: has_reference,
}


def demands(kind: Kind) -> bool:
    """Whether this kind of question demands a shape at all."""
    return kind in _NEEDS


def fits(kind: Kind, text: str) -> bool:
    """Whether a text has the shape that the kind of question demands; kinds without a shape always fit."""
    need = _NEEDS.get(kind)
    return need is None or need(text)
