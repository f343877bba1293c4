"""Whether each figure of a claim says of the same thing what it says in the quoted sentences.

A figure that stands in the passage may still be tied to another subject: to the next option of a survey, another item
of a list, another column, the duty of the sentence before. So a clause of the claim is held against the clause that has
its figure, and against those that have another one of the same kind.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from knowledge.composing.clauses import VERB, Clause
from knowledge.composing.meaning import bound, bounded_alike
from knowledge.composing.stated import Stated, stated
from knowledge.composing.words import Word, Words, count, holds, stands

_NAMING = frozenset(("code", "roman"))
"""Figures that are parts of names."""
_FRAMING = frozenset(("year", "month", "code", "roman", "reference", "article", "chapter", "section", "annex", "level"))
"""Figures that a heading or lead-in may give for all that stands below it."""
_BOUNDED = frozenset(("year", "month", "code", "roman", "reference", "article", "chapter", "section", "annex", "page",
                      "paragraph", "point", "figure", "table", "recital", "level", "phase", "ordinal"))  # fmt: skip
_BARE = frozenset(("number", "municipality", "person"))
"""Kinds between which a figure without its unit may stand."""


def figures(said: Clause, quoted: Sequence[Clause], every: Sequence[Clause], words: Words, own: Sequence[Word]) -> Tied:
    """Where the figures of one clause of a claim stand, and what is wrong with them.

    `quoted` are the clauses of the quoted units and `every` those of all cited passages; `own` are the content words
    of the claim's clause.
    """
    wanted = [one for one in said.figures if not _is_place(one, said.figures)]
    problems: list[str] = []
    places: dict[Stated, Clause | None] = {}
    for one in wanted:
        there = [clause for clause in quoted if _has(clause.figures, one)]
        framed = [clause for clause in quoted if _may_frame(one) and _has(stated(clause.heading), one)]
        if not there and not framed:
            problems.append(f"number: {one.kind} {one.value}")
            continue
        if not there:
            places[one] = None
            continue
        best = max(there, key=lambda clause: (_together(clause, wanted), count(words.held(clause.text), own)))
        places[one] = best
        problems += _elsewhere(one, best, every, words, own)
        problems += _unbounded(one, said, best)
    problems += _apart(places)
    problems += _of_others(places, quoted, words, own)
    return Tied(tuple(dict.fromkeys(problems)), tuple(dict.fromkeys(filter(None, places.values()))))


class Tied:
    """The clauses of the sources that a claim's figures stand in, and the problems found."""

    __slots__ = ("clauses", "problems")

    def __init__(self, problems: tuple[str, ...], clauses: tuple[Clause, ...]) -> None:
        self.problems = problems
        self.clauses = clauses


def _may_frame(one: Stated) -> bool:
    return one.kind in _FRAMING


def _is_place(one: Stated, others: Sequence[Stated]) -> bool:
    return one.kind == "roman" and any(other.kind != "roman" and other.value == one.value for other in others)


def _has(held: Sequence[Stated], one: Stated) -> bool:
    return any(_same(one, other) for other in held)


def _same(one: Stated, other: Stated) -> bool:
    if one.value != other.value:
        return False
    return one.kind == other.kind or (one.kind == "number" and other.kind in _BARE) or (one.kind, other.kind) in _READS


_READS = frozenset((("number", "year"), ("number", "krona"), ("number", "euro"), ("municipality", "number")))
"""Kinds that a claim and its source may give the same figure; the first is the claim's."""


def _together(clause: Clause, wanted: Sequence[Stated]) -> int:
    return sum(_has(clause.figures, one) for one in wanted)


def _comparable(one: Stated, other: Stated) -> bool:
    return one.kind == other.kind or (one.kind in _BARE and other.kind in _BARE)


def _rival(clause: Clause, one: Stated) -> bool:
    """Whether a clause has another figure of the kind, and not this one."""
    same_kind = [other for other in clause.figures if _comparable(one, other)]
    return bool(same_kind) and not any(_same(one, other) for other in same_kind)


def _elsewhere(one: Stated, best: Clause, every: Sequence[Clause], words: Words, own: Sequence[Word]) -> Iterator[str]:
    """A word that stands with another figure of the kind and not around this one says that the claim mixed them up."""
    if one.kind in _NAMING:
        return
    near = words.held(best.text)
    frame = words.held_in(best.framed[1:])
    for rival in (clause for clause in every if _rival(clause, one)):
        held = words.held(rival.text)
        # What stands in the frame only because a rival stands there as well does not speak for this figure.
        theirs = [
            word
            for word in own
            if stands(held, word) and not stands(near, word) and (rival.unit == best.unit or not holds(frame, word))
        ]
        mine = [word for word in own if holds(near, word) and not stands(held, word)]
        if theirs and len(theirs) >= _needed(rival, best, len(mine)):
            yield f"number: {one.kind} {one.value} elsewhere"
            return


def _needed(rival: Clause, best: Clause, mine: int) -> int:
    """How many of a claim's words must speak for another figure, where so many speak for this one.

    In `53 procent i Fyrbodal, mot 47 procent i riket` the second part leaves out what both are of.
    """
    if rival.unit != best.unit:
        return mine
    if not VERB.search(best.text):
        return 1 if mine == 0 else 99
    return mine if VERB.search(rival.text) else 1


def _unbounded(one: Stated, said: Clause, best: Clause) -> Iterator[str]:
    if one.kind in _BOUNDED - {"year"}:
        return
    here = next(other for other in best.figures if _same(one, other))
    if not bounded_alike(bound(said.text, one.start), bound(best.text, here.start)):
        yield f"bound: {one.kind} {one.value}"


def _apart(places: dict[Stated, Clause | None]) -> Iterator[str]:
    """Two figures that a clause of a claim ties together stand together, or one of them beside no other of its kind."""
    for one, first in places.items():
        for other, second in places.items():
            if one is other or first is None or second is None or first is second or one.kind in _NAMING:
                continue
            if _rival(second, one) or (first.unit != second.unit and not _frames(first, other)):
                yield f"number: {one.kind} {one.value} apart from {other.kind} {other.value}"


def _of_others(
    places: dict[Stated, Clause | None], quoted: Sequence[Clause], words: Words, own: Sequence[Word]
) -> Iterator[str]:
    """A clause that has the figure and nothing else of the claim, beside another of its sentence that has the rest."""
    for one, place in places.items():
        if place is None or one.kind in _FRAMING or count(words.held(place.text), own):
            continue
        beside = (clause for clause in quoted if clause.unit == place.unit and clause is not place)
        if any(count(words.held(clause.text), own) > 1 for clause in beside):
            yield f"number: {one.kind} {one.value} elsewhere"


def _frames(clause: Clause, one: Stated) -> bool:
    """Whether a figure also stands around a clause, as a year in the sentence before that it refers back to."""
    return _has(stated(clause.frame), one)
