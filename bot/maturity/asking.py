"""Whether words typed during the check ask Fyren something, or are meant as an answer.

Decided in favour of the answer where both are possible: an answer is shown and confirmed, while a question that was
none leads away. So `är väl ganska bra` and `har vi inte` (`det` left out) are answers, and `vet inte vad det är` is
one, too: it says vet ej in other words. `4?` and `delvis etablerad?` end as questions do; whoever calls asks first
whether they name an answer exactly.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from bot.maturity.typed import BREAK, clauses

LONGEST = 2_000
"""Characters from the beginning that are looked at, besides the end."""
_END = 50

_ENDS_ASKING = re.compile(r"[?？]+[\s)\]\"'”’»*_.!🤔🙂😊]*\Z")

# Word lists read better as text than as one quoted word a line. All are folded: å and ä are a, ö is o.
_PREAMBLE = frozenset(
    """
    hej hejsan halla tjena ok okej okey ja jo jaha nja hm hmm och men sa alltsa fyren du snalla ursakta vanta eh oj
    hi hello well so and but please sorry wait
    """.split()  # noqa: SIM905 - see above
)
_ASKING = frozenset(
    """
    vad vem vems vilka vilken vilket varfor hur hurdan vart
    what whats who whos whose which why how hows
    """.split()  # noqa: SIM905 - see above
)
_ASKING_BEFORE_VERB = frozenset({"nar", "var", "when", "where"})
"""`när träder den i kraft`, but `när vi bygger nytt`."""
_VERBS = frozenset(
    """
    ar ska skall kan far maste bor borjar slutar kommer trader blir var finns hittar star ligger galler hade har gor
    is are do does did can could should must will would was were has have may
    """.split()  # noqa: SIM905 - see above
)
_INVERTED = frozenset(
    """
    ar finns kan far ska skall maste bor kommer gar galler har betyder innebar menas raknas ingar hor omfattas behover
    behovs menar syftar avses
    is are do does did can could should must will would was were has have may might am
    """.split()  # noqa: SIM905 - see above
)
_SUBJECTS = frozenset(
    """
    man du ni jag det detta den dessa de dom vi nagon nagot nagra allt alla
    it this that these those there you we i they one anyone someone anything something
    """.split()  # noqa: SIM905 - see above
)
_ALWAYS_ASKING = frozenset({"betyder", "innebar", "menas", "raknas", "ingar", "omfattas", "avses", "menar", "syftar"})
"""Verbs that open no answer, whatever follows."""
_WITHOUT_SUBJECT = frozenset({"har", "ar", "gor", "finns", "kommer", "behover", "behovs", "gar"})
"""Verbs that open an answer whose `det` is left out: `har vi inte`."""
_ABOUT_FYREN = frozenset({"du", "ni", "you", "man"})
_ANSWERING = frozenset(
    """
    inte ej ingen inget inga ingenting knappt knappast aldrig val nog ju redan delvis ganska ratt lite mycket bra daligt
    pa not no none never hardly partly quite fairly
    """.split()  # noqa: SIM905 - see above
)
_REQUESTS = (
    *(
        "forklara",
        "beratta",
        "beskriv",
        "definiera",
        "ge exempel",
        "ge ett exempel",
        "ge mig",
        "hjalp mig",
        "visa exempel",
    ),
    *(
        "undrar",
        "jag undrar",
        "vi undrar",
        "jag vill veta",
        "vill veta",
        "jag forstar inte",
        "forstar inte",
        "fattar inte",
    ),
    *("jag fattar inte", "snalla forklara", "sag mig", "exempel pa", "definition av", "innebord", "las om"),
    *(
        "explain",
        "tell me",
        "describe",
        "define",
        "give me",
        "give an example",
        "i wonder",
        "wondering",
        "help me understand",
    ),
    *(
        "i dont understand",
        "i do not understand",
        "dont understand",
        "i want to know",
        "id like to know",
        "show me",
        "example of",
    ),
)
_STATEMENTS = (
    *("vad jag vet", "vad vi vet", "vad jag kan se", "vad jag forstar", "vad jag tror", "vad galler", "vad betraffar"),
    *("vad som helst", "hur som helst", "hur bra som helst", "hur daligt som helst", "hur det an", "vem som helst"),
    *("vilket som", "vilken som helst", "hur mycket som helst", "what we have", "what i know", "which is", "vilket ar"),
    *("vilket gor", "far jag saga", "kan jag saga", "skulle jag saga", "how we do it"),
)
_DOUBTS = (
    "vet inte",
    "vet ej",
    "jag vet inte",
    "jag vet ej",
    "dont know",
    "i dont know",
    "do not know",
    "i do not know",
)


def is_question(text: str) -> bool:
    """Whether the text asks: by its question mark, its question word, its order of words, or as a request.

    Pure and quick, whatever the length. Never raises.
    """
    if _ENDS_ASKING.search(text.rstrip()[-_END:]):
        return True
    spoken = [clause for clause in _clauses(text[:LONGEST]) if clause]
    if not spoken or _begins(spoken[0], _DOUBTS):
        return False
    return _asks(spoken[0]) or any(_asks_later(clause) for clause in spoken[1:])


def _clauses(text: str) -> list[tuple[str, ...]]:
    found: list[tuple[str, ...]] = []
    words: list[str] = []
    for word in (*clauses(text), BREAK):
        if word != BREAK:
            words.append(word)
            continue
        while words and words[0] in _PREAMBLE:
            del words[0]
        found.append(tuple(words))
        words = []
    return found


def _asks(words: Sequence[str]) -> bool:
    if _begins(words, _STATEMENTS):
        return False
    first, second = words[0], words[1] if len(words) > 1 else ""
    if first in _ASKING or _begins(words, _REQUESTS) or first in _ALWAYS_ASKING:
        return True
    if first in _ASKING_BEFORE_VERB:
        return second in _VERBS
    if first not in _INVERTED or second not in _SUBJECTS:
        return False
    answered = first in _WITHOUT_SUBJECT and second not in _ABOUT_FYREN and not _ANSWERING.isdisjoint(words[1:])
    return not answered


def _asks_later(words: Sequence[str]) -> bool:
    """After the first clause, a question word counts before a verb only: `…, vad är det`, but `…, hur man nu gör`."""
    if _begins(words, _STATEMENTS):
        return False
    if _begins(words, _REQUESTS):
        return True
    return words[0] in _ASKING | _ASKING_BEFORE_VERB and len(words) > 1 and words[1] in _VERBS | _ALWAYS_ASKING


def _begins(words: Sequence[str], phrases: Sequence[str]) -> bool:
    return any(tuple(words[: phrase.count(" ") + 1]) == tuple(phrase.split()) for phrase in phrases)
