"""What a fitting answer looks like: a number, a date, a definition, a list."""

from __future__ import annotations

import re
from enum import StrEnum


class Kind(StrEnum):
    """The shape of answer that a question asks for."""

    DEFINITION = "definition"
    NUMBER = "number"
    MONEY = "money"
    TIME = "time"
    PERSON = "person"
    PLACE = "place"
    CONTACT = "contact"
    REFERENCE = "reference"
    LIST = "list"
    COMPARISON = "comparison"
    REASON = "reason"
    STATE = "state"
    OTHER = "other"


# The first that fits wins: a reference stands first, as `vilken artikel … sanktionsavgifter` is not about money; money
# and numbers stand before `vad är`, so that `vad är andelen …` asks for a number.
_PATTERNS: tuple[tuple[Kind, str], ...] = (
    (
        Kind.REFERENCE,
        r"\b(?:vilken|vilket|vilka|which|what) (?:\w+ )?(?:artik\w+|paragraf\w*|kapitel\w*|article\w*|section)\b",
    ),
    (
        Kind.CONTACT,
        r"\b(?:telefonnum\w+|telefonen till|mejladress\w*|mejlen till|mailadress\w*|e-?postadress\w*|besöksadress\w*|"
        r"postadress\w*|kontaktuppgift\w*|öppettid\w*|hur når (?:jag|man|vi)|phone number|"
        r"e-?mail address|address of)\b",
    ),
    (
        Kind.MONEY,
        r"\b(?:hur mycket (?:pengar|kostar|kostade|får|fick|betalar|sparade|satsa\w*)|kosta[rd]?e?|kostnad(?:en|erna)?|"
        r"vad (?:betalar|betalade)|tar .{2,60} betalt|(?:hur stor\w*|vilken) (?:rabatt|besparing)\w*|hur stort anslag|"
        r"kostnadsuppskattning\w*|"
        r"pris(?:et)?|kronor|miljoner|tjänar|lön(?:en)?|hur hög\w* (?:avgift|bot|böter)\w*|budget(?:en)?|"
        r"(?:års|månads|licens|medlems)?avgift(?:en)?|sanktionsavgift\w*|böter|bötes\w*|"
        r"cost|price|how much money|fines?)\b",
    ),
    (
        Kind.NUMBER,
        r"\b(?:hur m[åa]nga|hur stor (?:andel|del|procent)\w*|hur stort antal|hur (?:mycket|mkt)|andel(?:en)?|"
        r"hur (?:o)?vanligt|hur stor[at]? (?:problem|hinder|bekymmer|betydelse|skillnad)\w*|how (?:big|large|common)|"
        r"procent|antal(?:et)?|how many|how much|"
        r"what (?:share|percentage|proportion))\b",
    ),
    (
        Kind.TIME,
        r"^\W*(?:(?:under |från |till |i )?vilk(?:et|a) (?:datum|år|årtal)|när|från (?:och med )?när|"
        r"sedan när|inom vilken tid|"
        r"hur (?:länge|lång tid|snab+t|fort|snart|ofta)|"
        r"when|(?:from |by |since |until |in )?what (?:date|year)|how (?:long|soon|quickly|often|fast))\b|"
        r"\b(?:senast när|vilket datum|vilken dag|vilket år|(?:inom|på) vilken tid|deadline|tidsfrist\w*)\b",
    ),
    (Kind.COMPARISON, r"\b(?:skillnad\w*|skiljer|jämför\w*|jämfört|kontra|versus|difference|compared?)\b"),
    (
        Kind.DEFINITION,
        r"^\W*(?:vad (?:är|betyder|innebär|menas med|står|avses med)\b|va (?:e|är)\b|"
        r"förklara\b|definiera\b|definition\w*|"
        r"what(?:'s| is| are| does .* mean)\b|explain\b|define\b|berätta om)",
    ),
    (Kind.PERSON, r"^\W*(?:vem|vems|vilken (?:person|myndighet|organisation)|who|whose)\b"),
    (
        Kind.STATE,
        r"^\W*(?:hur (?:ser|såg) .{2,60}? ut\b|hur (?:bra|väl|långt|mogn\w+|digital\w*) |"
        r"hur (?:går|är|står) det (?:med|till)\b|how (?:well|far|mature|good) )|\bläget\b|"
        r"^\W*(?:vilka|vilken|vilket|vad|which|what) .{2,60}\b(?:vanligast\w*|most common)\b",
    ),
    (Kind.PLACE, r"^\W*(?:var (?:finns|ligger|kan|hittar|står)|where)\b"),
    (Kind.REASON, r"^\W*(?:varför|why|hur kommer det sig|av vilken anledning)\b"),
    (
        Kind.LIST,
        r"^\W*(?:vilka|vilken|vilket|nämn|lista|räkna upp|ge exempel|which|list|name)\b|\b(?:vilka|exempel på)\b",
    ),
)
_COMPILED = tuple((kind, re.compile(pattern, re.IGNORECASE)) for kind, pattern in _PATTERNS)


def kind_of(text: str) -> Kind:
    """The shape that a question asks for."""
    return next((kind for kind, pattern in _COMPILED if pattern.search(text)), Kind.OTHER)


_SWEDISH_WORD = {
    "va": "vad",
    "vems": "vem",
    "vilken": "vilka",
    "vilket": "vilka",
    "what": "vad",
    "how": "hur",
    "when": "när",
    "who": "vem",
    "which": "vilka",
    "why": "varför",
    "where": "var",
}
_QUESTION_WORDS = frozenset(("vad", "hur", "när", "vem", "vilka", "varför", "var"))


def question_word(text: str) -> str | None:
    """The Swedish question word that a question or heading begins with (`which` counts as `vilka`), or None."""
    match = re.match(r"\W*(\w+)", text)
    if match is None:
        return None
    word = match[1].lower()
    word = _SWEDISH_WORD.get(word, word)
    return word if word in _QUESTION_WORDS else None
