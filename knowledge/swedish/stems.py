"""Stemming and stop words: what makes two word forms the same term."""

from __future__ import annotations

import re
from functools import lru_cache

import Stemmer

_FUNCTION_WORDS = """
    alla allt all att av bara bland blev bli blir blivit både de dem den denna dennes dess dessa det detta dig din
    dina ditt dock du där därför då efter ej eller en er era ert ett från för före ge genom ger gör göra ha hade han
    hans har hej henne hennes hon honom hos hur här i in inom inte ja jag jo ju kan kom komma kommer kunde kunna man
    med mellan men mer mest min mina mitt mot mycket måste ni nog nu när nån nåt något någon några och om oss på
    redan samt sedan ser sig sin sina sitt ska skall skulle som så sådan sådana sådant tack till tills under upp ut
    utan vad var vara varför varit varje vart vem vems vi via vid vilka vilken vilket vill vår våra vårt åt än är
    även också väl vore tycker bl ex fl fr ca cirka tex mfl dvs osv pga resp the a an of to in on and or is are was
    were be been what which who whom how do does did for with from by at as it its this that these those there can
    could should would will i we you they our your their my me us not no has have had about any into than then when
    where why
    """
LONGEST = 60
"""Letters; nothing longer is a word, and analysing it would only cost time."""
_VOWELS = frozenset("aeiouyåäö")
STOP_WORDS = frozenset(_FUNCTION_WORDS.split())
"""Function words of Swedish and English, with the pieces of `bl.a.` and the like; they never become terms."""


@lru_cache(maxsize=1)
def _stemmer() -> Stemmer.Stemmer:
    return Stemmer.Stemmer("swedish")


# Snowball leaves pairs apart that Swedish readers hold together: digital/digitalt, anmälan/anmälningar, införa/infört.
_ENDINGS = (
    ("alt", "al"),
    ("skt", "sk"),
    ("igt", "ig"),
    ("ivt", "iv"),
    ("ält", "äl"),
    ("samt", "sam"),
    ("bart", "bar"),
    ("löst", "lös"),
    ("ökning", "ök"),
    ("mälning", "mäl"),
    ("ört", "ör"),
    ("örd", "ör"),
    ("yrt", "yr"),
    ("yrd", "yr"),
    ("samm", "sam"),
)
_ANY_ENDING = tuple(ending for ending, _ in _ENDINGS)
_DOUBLE_AND_T = re.compile(r"(?:bb|ck|gg|ll|pp)t$|(?:gg|ll)d$")
"""`nationellt`, `tryggt`, `uttryckt`; `anställd`, `byggd`: the form is the word and one letter."""
_SYNCOPE = re.compile(r"[^aeiouyåäöl]el$|[^aeiouyåäör]r$")
"""The vowel that comes and goes: `artikel` as `artikl-ar`, `registr-et` as `register`, `säkr-a` as `säker`."""
_DEFINITE_A = re.compile(r"[^aeiouyåäö]ans?$")
"""`skolan`, `ansökan`: what Snowball does not know."""
_DEFINITE_N = re.compile(r"(?:el|or)ns?$")
"""`artikeln`, `datorn`."""
_NO_DEFINITE = re.compile(r"(?:plan|organ|[^m]man)s?$")
"""`handlingsplan` and `ombudsman` are no `-pla` and `-ma`; `bolagsstämman` is one."""


# Strong verbs and plurals with a changed vowel, which no stemmer of endings can bring together.
_IRREGULAR = {
    form: stem_form
    for stem_form, forms in {
        "skriv": "skrev skrivit skriven skrivet skrivna",
        "find": "fann funnit",
        "gäll": "gällde gällt",
        "bär": "bar burit",
        "driv": "drev drivit driven drivet drivna",
        "håll": "höll hållit",
        "ge": "gav gett givit ges",
        "ta": "tog tagit tas",
        "stå": "stod stått",
        "träd": "trädde trätt",
        "sät": "satte satt sätter",
        "väl": "valde valt väljer vald valda",
        "träff": "träffas träffades",
        "säg": "sade sagt sa",
        "lägg": "lade lagt",
        "bidra": "bidrog bidragit",
        "stöd": "stödjer stödde",
        "bok": "böcker böckerna",
        "stad": "städer städerna städernas stads",
        "land": "länder länderna",
        "man": "män männen",
        "hand": "händer",
        "ledamot": "ledamöter ledamöterna",
        "år": "året åren årets årens",
        "ök": "öka ökar ökade ökat ökning ökningen",
        "kapitl": "kapitel kapitlet kapitlen kapitlets kap",
        "data": "data datas",
    }.items()
    for form in forms.split()
}


@lru_cache(maxsize=65_536)
def stem(word: str) -> str:
    """The term of a folded word: Snowball applied until nothing changes, then our own endings.

    Once is not enough: `säkerhets` gives `säkerhet`, and that gives `säker`. Words of three letters or fewer, and
    words with digits, are their own stem.
    """
    if word in _IRREGULAR:
        return _IRREGULAR[word]
    if len(word) > LONGEST:
        return word
    if len(word) <= 3 or (not word.isalpha() and any(char.isdigit() for char in word)):
        return word
    if len(word) == 4:
        return word[:-1] if word[-1] == "a" and word[-2] not in _VOWELS else word
    current = word
    if word.endswith(("an", "ans")) and _DEFINITE_A.search(word) and not _NO_DEFINITE.search(word):
        current = word.removesuffix("s").removesuffix("n")
        if len(current) == 4:
            return current[:-1]
    elif len(word) > 5 and _DEFINITE_N.search(word):
        current = word.removesuffix("s").removesuffix("n")
    while len(current) > 4:
        shorter = _without_article(str(_stemmer().stemWord(current)))
        if shorter == current:
            break
        current = shorter
    if current[-1] in "dt" and _DOUBLE_AND_T.search(current):
        return current[:-1]
    if len(current) > 4 and _SYNCOPE.search(current):
        return current[:-2] + "l" if current[-1] == "l" else current[:-1]
    if not current.endswith(_ANY_ENDING):
        return current
    for ending, replacement in _ENDINGS:
        if current.endswith(ending) and len(current) > len(ending) + 1:
            return current[: -len(ending)] + replacement
    return current


@lru_cache(maxsize=65_536)
def root(word: str) -> str:
    """A folded word without its last ending; `stem` goes on until there is none."""
    return str(_stemmer().stemWord(word))


def _without_article(word: str) -> str:
    """What Snowball leaves of the definite form: `förbundet`, `programmet`, `hindret`, `strategin`."""
    if len(word) >= 6 and word.endswith("et") and word[-3] not in _VOWELS and not word.endswith("het"):
        word = word[:-2]
        if word[-1] == word[-2] == "m":
            word = word[:-1]
    elif len(word) >= 7 and word.endswith("in"):
        word = word[:-1]
    return word[:-1] if len(word) > 4 and word.endswith("dr") else word
