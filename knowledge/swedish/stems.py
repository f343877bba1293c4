"""Stemming and stop words: what makes two word forms the same term."""

from __future__ import annotations

from functools import lru_cache

import Stemmer

_FUNCTION_WORDS = """
    alla allt all att av bara bland blev bli blir blivit både de dem den denna dennes dess dessa det detta dig din dina
    ditt dock du där därför då efter ej eller en er era ert ett från för före ge genom ger gör göra ha hade han hans har
    hej henne hennes hon honom hos hur här i in inom inte ja jag jo ju kan kom komma kommer kunde kunna man med mellan
    men mer mest min mina mitt mot mycket måste ni nog nu när nån nåt något någon några och om oss på redan samt sedan
    ser sig sin sina sitt ska skall skulle som så sådan sådana sådant tack till tills under upp ut utan vad var vara
    varför varit varje vart vem vems vi via vid vilka vilken vilket vill vår våra vårt åt än är även också väl vore
    tycker the a an of to in on and or is are was were be been what which who whom how do does did for with from by at
    as it its this that these those there can could should would will i we you they our your their my me us not no has
    have had about any into than then when where why
    """
LONGEST = 60
"""Letters; nothing longer is a word, and analysing it would only cost time."""
_VOWELS = frozenset("aeiouyåäö")
STOP_WORDS = frozenset(_FUNCTION_WORDS.split())
"""Function words of Swedish and English; they never become terms."""


@lru_cache(maxsize=1)
def _stemmer() -> Stemmer.Stemmer:
    return Stemmer.Stemmer("swedish")


# Snowball leaves pairs apart that Swedish readers hold together: digital/digitalt, anmäla/anmälan, hinder/hindren.
_ENDINGS = (
    ("alt", "al"),
    ("skt", "sk"),
    ("igt", "ig"),
    ("ivt", "iv"),
    ("ält", "äl"),
    ("ökan", "ök"),
    ("älan", "äl"),
    ("erkan", "erk"),
)


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
        "kapitel": "kapitlet kapitlen kapitlets",
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
    if len(word) <= 3 or any(char.isdigit() for char in word):
        return word
    current = word
    while len(current) > 4:
        shorter = _without_article(str(_stemmer().stemWord(current)))
        if shorter == current:
            break
        current = shorter
    for ending, replacement in _ENDINGS:
        if current.endswith(ending) and len(current) > len(ending) + 1:
            return current[: -len(ending)] + replacement
    return current


def _without_article(word: str) -> str:
    """What Snowball leaves of the definite form: `förbundet`, `programmet`, `hindret`, `strategin`."""
    if len(word) >= 6 and word.endswith("et") and word[-3] not in _VOWELS and not word.endswith("het"):
        word = word[:-2]
        if word[-1] == word[-2] == "m":
            word = word[:-1]
    elif len(word) >= 7 and word.endswith("in"):
        word = word[:-1]
    return word[:-1] if len(word) > 4 and word.endswith("dr") else word
