"""Whether the quoted sentences say what a claim says: its subject, its names, its figures, and which way it goes."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence

from knowledge.composing import municipalities, roles
from knowledge.composing.clauses import VERB, Clause, claimed
from knowledge.composing.figures_tied import figures
from knowledge.composing.meaning import differences, negated
from knowledge.composing.words import Word, Words, count, holds, stands, tokens_of

SHARE = 0.6
"""How many of a claim's own content words must stand around its quotes; fitted by hand to the table of claims that the
tests hold."""
FOREIGN_SHARE = 0.5
"""The same for a claim in another language, of whose words the list does not know all."""

_LIGHT = frozenset(
    ("får", "fick", "har", "hade", "ger", "gav", "tar", "tog", "går", "gick", "gör", "gjorde", "get", "gets")
)
"""Verbs that say little by themselves."""
_FEW = 3
"""New words of a claim from which their share tells anything."""
_ENUMERATION = re.compile(r"(?P<a>[\w-]+), (?P<b>[\w-]+),? (?:och|eller|samt|and|or) (?P<c>[\w-]+)")
_BESIDE = 2
"""Other words of a claim beside the one in question, from which a clause is taken to speak of the same."""


def problems(
    text: str, quoted: Sequence[Clause], every: Sequence[Clause], words: Words, asked: str, *, foreign: bool
) -> list[str]:
    """What of a claim its quotes do not bear out; nothing where they do. `asked` is the question that it answers."""
    found: list[str] = []
    meant = [clause for clause in quoted if not clause.is_contrast and not clause.whole.rstrip().endswith("?")]
    if not meant:
        return ["quote"]
    for said in claimed(text):
        own = words.of(said.text, foreign=foreign, every=True)
        tied = figures(said, meant, every, words, own)
        found += tied.problems
        support = tied.clauses or _nearest(meant, own, words)
        if not support:
            continue
        found += _names(own, tied.clauses, meant, words)
        wrong = [_meant(said.text, own, one, words, foreign=foreign) for one in support]
        found += [problem for each in wrong for problem in each] if tied.clauses else _fewest(wrong)
        found += _differences(said.text, support, tied.clauses, quoted, own, words)
    found += _covered(text, quoted, every, words, asked, foreign=foreign)
    return list(dict.fromkeys(found))


def _fewest(tried: Sequence[list[str]]) -> list[str]:
    return min(tried, key=len)


def _meant(text: str, own: Sequence[Word], support: Clause, words: Words, *, foreign: bool) -> list[str]:
    """What stands in the claim in another place than in the clause that bears it out."""
    return [
        *roles.swapped(text, own, support, words, foreign=foreign),
        *roles.subject(text, own, support, words),
        *roles.prefixed(text, support),
        *roles.share(text, support, words, foreign=foreign),
    ]


def _differences(
    text: str,
    support: Sequence[Clause],
    tied: Sequence[Clause],
    quoted: Sequence[Clause],
    own: Sequence[Word],
    words: Words,
) -> list[str]:
    """How the claim means something else; without a figure, it is enough that one of the clauses means the same."""
    if tied:
        joined = " ".join(one.text for one in tied)
        return differences(text, joined, " ".join(one.whole for one in tied), tied[0].frame)
    tried = [differences(text, _spanned(one, quoted, own, words), one.whole, one.frame) for one in support]
    # `X, inte Y` may be told as `inte Y`, too.
    tried += [
        differences(text, f"{one.text}, inte {other.text}", one.whole, one.frame)
        for one in support
        for other in quoted
        if other.is_contrast and other.unit == one.unit
    ]
    return _fewest(tried)


def _spanned(best: Clause, quoted: Sequence[Clause], own: Sequence[Word], words: Words) -> str:
    """A clause with those of its sentence that hold words of the claim which it does not hold itself."""
    left = [word for word in own if not holds(words.held(best.text), word)]
    return " ".join(
        clause.text
        for clause in quoted
        if clause is best
        or (
            clause.unit == best.unit
            and not clause.is_contrast
            and not clause.is_row
            and count(words.held(clause.text), left)
        )
    )


def _covered(
    text: str, quoted: Sequence[Clause], every: Sequence[Clause], words: Words, asked: str, *, foreign: bool
) -> Iterator[str]:
    """Words of a claim that its quotes do not hold: too many of them, or some that stand in what was not quoted."""
    whole = words.of(text, foreign=foreign)
    known = {form for word in words.of(asked, foreign=foreign) for form in word.forms}
    new = [word for word in whole if known.isdisjoint(word.forms)]
    meant = frozenset(form for one in quoted if not one.is_contrast for form in words.held_in(one.framed))
    held = meant | frozenset(form for one in quoted for form in words.held(one.text))
    for some, fewest in ((new, _FEW), (whole, 1)):
        if len(some) >= fewest and count(held, some) / len(some) < (FOREIGN_SHARE if foreign else SHARE):
            yield "grounding"
    every_word = words.of(text, foreign=foreign, every=True)
    if any(
        _unquoted(word, every_word if VERB.fullmatch(word.text) and word.text not in _LIGHT else whole, every, words)
        for word in whole
        if not holds(held, word)
    ):
        yield "unquoted"
    if _lists_more(text, whole, held):
        yield "list"
    turned = frozenset(form for one in quoted if one.is_contrast for form in words.held(one.text))
    if not negated(text) and any(stands(turned, word) and not holds(meant, word) for word in whole):
        yield "contrast"


def _lists_more(text: str, own: Sequence[Word], held: Collection[str]) -> bool:
    """Whether an enumeration of the claim has items that the quotes lack beside some that they have."""
    for match in _ENUMERATION.finditer(text):
        items = [word for word in own if word.text in (match["a"].lower(), match["b"].lower(), match["c"].lower())]
        lacking = [word for word in items if not holds(held, word)]
        if lacking and len(lacking) < len(items):
            return True
    return False


def _unquoted(word: Word, own: Sequence[Word], every: Sequence[Clause], words: Words) -> bool:
    """Whether a word that the quotes lack stands, as a name or beside others of the claim, in a clause not quoted."""
    others = [other for other in own if other is not word]
    return any(
        stands(words.held(clause.text), word)
        and (word.text in _names_of(clause, (word,)) or count(words.held(clause.text), others) >= _BESIDE)
        for clause in every
    )


def _nearest(quoted: Sequence[Clause], own: Sequence[Word], words: Words) -> tuple[Clause, ...]:
    """The clauses that share most words with one of a claim, best first."""
    counted = [(count(words.held(clause.text), own), clause) for clause in quoted]
    most = max((number for number, _ in counted), default=0)
    return tuple(clause for number, clause in counted if number == most)


def _names(own: Sequence[Word], tied: Sequence[Clause], quoted: Sequence[Clause], words: Words) -> Iterator[str]:
    """A name that stands in another clause than what the claim says of it."""
    for word in own:
        having = [clause for clause in quoted if not clause.is_row and word.text in _names_of(clause, own)]
        if not having or any(clause in having for clause in tied):
            continue
        if any(_names_of(clause, ()) for clause in tied):
            yield "name elsewhere"
            continue
        others = [other for other in own if other is not word]
        units = {clause.unit for clause in having}
        best = max(count(words.held(clause.text), others) for clause in having)
        without = (clause for clause in quoted if clause not in having and clause.unit in units)
        if any(count(words.held(clause.text), others) > best for clause in without):
            yield "name elsewhere"


def _names_of(clause: Clause, own: Sequence[Word]) -> frozenset[str]:
    """The names that a clause holds: words with a capital that do not begin a sentence, and municipalities.

    With the words of a claim: those of them that the clause has as a name.
    """
    named = set(municipalities.named(clause.text))
    for n, token in enumerate(tokens_of(clause.text)):
        if token.capital and (n or not clause.begins):
            named.add(token.text)
    if not own:
        return frozenset(named)
    return frozenset(word.text for word in own if any(holds({name}, Word(word.text, (word.text,))) for name in named))
