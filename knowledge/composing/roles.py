"""Who does what to whom: whether a claim's parts stand as they do in the clause that bears it out.

Told by word order, without a parser: what stands before the verb, what stands behind `till` and `av`, and of what a
share is a share.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache

from knowledge.composing.clauses import VERB, Clause
from knowledge.composing.meaning import actors
from knowledge.composing.words import Word, Words, holds, stands, tokens_of
from knowledge.swedish.stems import stem

_PREPOSITION = re.compile(
    r"\b(?P<p>till|från|av|mot|åt|före|framför|(?<!has )(?<!have )(?<!had )to|from|by|for|before|over)\s+"
    r"(?:(?:en|ett|den|det|de|a|an|the|sin|sina)\s+)?(?P<w>[^\W\d_]{3,})"
)
_TOWARDS = {"to": "till", "from": "från", "by": "av", "for": "åt", "before": "före", "over": "framför"}
_PLACING = (
    "i|på|vid|under|enligt|från|med|för|hos|inom|genom|mot|efter|före|till|av|om|sedan|utan|in|on|at|with|for|within|through|"
    "against|after|before|to|of|by|from|since|without"
)
_PLACED = re.compile(rf"\b(?:{_PLACING})\s+$")
_FRONTED = re.compile(rf"\W*(?:{_PLACING})\b", re.IGNORECASE)
"""What begins with a preposition says when or where, and not who."""
_PHRASE = re.compile(
    r"\b(?:i|på|vid|under|enligt|från|med|för|hos|inom|genom|till|in|on|at|with|for|to)\s+\w+", re.IGNORECASE
)
_PASSIVE = re.compile(r"\b(?:av|by)\b")
_BASE = re.compile(
    r"(?:%|procent|percent|per cent|\d⁄\d)\s+(?:av|of)\s+(?:(?:de|den|alla|the|all)\s+)?(?P<base>[^\W\d_]{4,})",
    re.IGNORECASE,
)
_RESPONDENT = re.compile(r"(?:svar|uppgiftsläm|deltag|kryss|respon|answer|tick|those)\w*")
_PREFIXES = ("o", "un", "in", "im", "ir", "non-", "icke-", "dis")
_SHORTEST = 4
_EQUATING = frozenset(("är", "var", "het", "is", "are", "were"))
"""Verbs, as stems, whose two sides may change places."""
_HELPING = frozenset(("ska", "skall", "kan", "får", "måst", "bör", "har", "had", "skull", "kom"))
"""Verbs, as stems, before which an object may stand while who acts comes behind them."""


def swapped(text: str, own: Sequence[Word], support: Clause, words: Words, *, foreign: bool) -> Iterator[str]:
    """`A lämnar till B` where the source says `B lämnar till A`."""
    there: dict[str, set[str]] = {}
    for match in _PREPOSITION.finditer(support.text.casefold()):
        there.setdefault(match["p"], set()).update(words.held(match["w"]))
    said = list(_PREPOSITION.finditer(text.casefold()))
    held, around = words.held(support.text), words.held_in(support.framed)
    behind = {other["w"] for other in said}
    for match in said:
        target = there.get(_TOWARDS.get(match["p"], match["p"]) if foreign else match["p"])
        here = [word for word in own if word.text == match["w"]]
        known = [word for word in here if not foreign or len(word.forms) > 1]
        if not target or not known or any(holds(target, word) for word in known):
            continue
        if not any(holds(around, word) for word in known):
            yield "recipient"
        if not any(holds(held, word) for word in known):
            continue
        if any(word.text not in behind and stands(target, word) for word in own):
            yield "swapped"
    yield from _turned(text, own, support, words, foreign=foreign)


def _turned(text: str, own: Sequence[Word], support: Clause, words: Words, *, foreign: bool) -> Iterator[str]:
    """What stands before the verb in the claim and behind it in the source, while another part went the other way."""
    held = support.text if any(words.held(around[1]) for around in _around_verbs(support.text)) else support.whole
    if _PASSIVE.search(text) or _PASSIVE.search(held):
        return
    for verb, *said in _around_verbs(text)[: 1 if foreign else None]:
        there = next((around for other, *around in _around_verbs(held) if foreign or other == verb), None)
        if (
            there is None
            or verb in _EQUATING
            or _FRONTED.match(said[0])
            or (verb in _HELPING and _follows(said[1], there[0], words))
        ):
            continue
        first = [word for word in own if stands(words.held(said[0]), word) and not _placed(said[0], word, words)]
        last = [word for word in own if stands(words.held(said[1]), word) and word not in first]
        before, behind = words.held(there[0]), words.held(there[1])
        led = any(holds(behind, word) and not holds(before, word) for word in first)
        moved = [word for word in last if holds(before, word) and not holds(behind, word)]
        if led and any(not _placed(there[0], word, words) for word in moved):
            yield "swapped"


def _follows(behind: str, before: str, words: Words) -> bool:
    """`Loggar ska kommunen spara`: who acts comes right behind the verb where something else begins the sentence."""
    first = words.of(" ".join(behind.split()[:2]), every=True)
    return any(stands(words.held(before), word) for word in first)


def subject(text: str, own: Sequence[Word], support: Clause, words: Words) -> Iterator[str]:
    """Somebody else than in the source does what the claim says."""
    said, there = _around_verbs(text), _around_verbs(support.text)
    if not said or not there:
        return
    before = said[0][1]
    acting, theirs_acting = (actors(_PHRASE.sub(" ", part)) for part in (before, there[0][1]))
    if acting and theirs_acting and not acting & theirs_acting and not _PASSIVE.search(text):
        yield "subject"
        return
    doers = [
        word
        for word in own
        if stands(words.held(before), word) and not _placed(before, word, words) and not _is_respondent(word.text)
    ]
    held = words.held_in(support.framed)
    if not doers or any(holds(held, word) for word in doers):
        return
    theirs = words.held(there[0][1])
    if theirs and not any(stands(theirs, word) for word in own):
        yield "subject"


def prefixed(text: str, support: Clause) -> Iterator[str]:
    """`fullständig` where the source has `ofullständig`, or the other way round."""
    said, held = ({token.text for token in tokens_of(part)} for part in (text, support.whole))
    for word in said - held:
        if len(word) > _SHORTEST and any(f"{prefix}{word}" in held for prefix in _PREFIXES):
            yield "opposite"
    for word in held - said:
        if any(word.startswith(prefix) and word.removeprefix(prefix) in said - held for prefix in _PREFIXES):
            yield "opposite"


def share(text: str, support: Clause, words: Words, *, foreign: bool) -> Iterator[str]:
    """A share of one thing told as a share of another: of municipalities, where the source has answers."""
    for match in _BASE.finditer(text):
        base = words.of(match["base"], foreign=foreign, every=True)
        if _is_respondent(match["base"].lower()):
            continue
        around = support.text if support.is_row else f"{support.text} {support.frame.removesuffix(support.heading)}"
        if base and not any(holds(words.held(around), word) for word in base):
            yield "share"


@lru_cache(maxsize=8192)
def _around_verbs(text: str) -> tuple[tuple[str, str, str], ...]:
    """Each verb of a text, what stands before it and what behind it."""
    return tuple(
        (stem(match.group().lower()), text[: match.start()], text[match.end() :])
        for match in VERB.finditer(text)
        if match.start()
    )


def _is_respondent(word: str) -> bool:
    return _RESPONDENT.fullmatch(word) is not None


def _placed(before: str, word: Word, words: Words) -> bool:
    """Whether a word stands behind a preposition, so that it is a place or a time and nobody who acts."""
    return _FRONTED.match(before) is not None or any(
        _PLACED.search(before[: match.start()].casefold()) is not None
        for match in re.finditer(r"[^\W_]+", before)
        if holds(words.held(match.group()), word)
    )
