"""What an answer must hold besides being about the right thing: the names, the year, the very attribute asked for.

Questions that sound answerable are refused on these: `vilket märke har låsen` needs a brand and `hur många invånare
har Tanum` needs inhabitants, in the sentence itself or in its heading.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from knowledge import facets
from knowledge.concepts import Concept
from knowledge.kinds import Kind
from knowledge.question import Question, names, years
from knowledge.swedish.tokens import fold, normalise

_FOCUS = re.compile(
    r"\b(?:hur många|how many|vilken sorts?|vilket slags?|vilken|vilket|vilka|which|"
    r"what(?= \w+ (?:is|are|do|does|has|have|did)\b)|"
    r"vem är|vilka är|who is|vad heter|vad kallas|vad har .{2,40}? för)"
    r"\s+(?:(?:är|de|den|det|the|var|slags|sorts)\s+)*",
    re.IGNORECASE,
)
_SHAPED = frozenset((Kind.TIME, Kind.MONEY, Kind.CONTACT, Kind.REFERENCE, Kind.COMPARISON))
_VAGUE = frozenset(("verksamhet", "verksamheter", "område", "områden", "sätt", "delar", "del", "system", "krav"))
_REACH = 2
"""How many words after the question word may be what is asked for (`vilka svenska bolag`)."""


def focus(question: Question, concepts: Sequence[Concept]) -> tuple[Concept, ...]:
    """The concepts right after the question word: what the answer must be a case of.

    Empty where nothing follows, for follow-ups, and where the kind of question already says what is wanted (a date).
    """
    if question.background or question.kind in _SHAPED:
        return ()
    text = normalise(question.text)
    match = _FOCUS.search(text)
    if match is None:
        return ()
    found: list[Concept] = []
    position = match.end()
    for concept in sorted((one for one in concepts if one.start >= 0), key=lambda one: one.start):
        if concept.start < position:
            continue
        if text[position : concept.start].strip(" ,\"'”(") or len(found) == _REACH:
            break
        if concept.surface not in _VAGUE:
            found.append(concept)
        position = concept.start + len(concept.surface)
    return tuple(found)


@dataclass(frozen=True, slots=True)
class Demands:
    """What a question names that an answer must hold, folded; worked out once for all the units it is held against.

    `municipality`: it asks which municipality (`vilken kommun …`), so that a unit must name one.
    """

    names: tuple[str, ...]
    places: frozenset[str]
    years: frozenset[str]
    municipality: bool

    def missing(self, place: str, unit: str) -> tuple[str, ...]:
        """What `place` (the unit, its neighbours, headings and title) does not hold of it."""
        wanted: list[str] = []
        if self.names or self.places or self.years:
            folded = fold(place)
            wanted += [name for name in self.places if name not in folded]
            wanted += [year for year in self.years if year not in folded]
            wanted += [name for name in self.names if _bare(name) not in folded and name not in wanted]
        if self.municipality and not facets.places(unit):
            wanted.append("kommun")
        return tuple(wanted)


def demands_of(question: Question) -> Demands:
    """The demands of a question, with what its conversation adds to it."""
    return Demands(
        names=names(question.text),
        places=facets.places(question.standalone),
        years=years(question.standalone),
        municipality=_WHICH_MUNICIPALITY.search(fold(question.standalone)) is not None,
    )


def _bare(name: str) -> str:
    """A name without its genitive; of a long one its beginning, so that `Dalslandskommunernas` finds Dalsland."""
    if len(name) > 10:
        return name[:6]
    return name[:-1] if len(name) > 4 and name.endswith("s") else name


_WHICH_MUNICIPALITY = re.compile(r"\b(?:vilken|vilka)(?: \w+)? kommun(?:er)?\b|\b(?:which|what)(?: \w+)? municipalit")
