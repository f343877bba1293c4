"""Evidence to quotes: which sentences, list items or figures make up the answer, and in which order."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import takewhile

from knowledge.concepts import Concept
from knowledge.evidence import Evidence
from knowledge.kinds import Kind, question_word
from knowledge.model import Passage, PassageKind
from knowledge.pieces import Piece, PieceReader, Role
from knowledge.question import Question

MAX_LENGTH = 860
"""Characters of quoted text in one answer; with lead and markers it stays below about 900."""
MAX_SENTENCES = 3
MAX_PLACES = 4
MAX_LIST = 12
LISTED = 860
LATER_LISTED = 460
FIRST = 380
LATER = 230
BRIEF = 100
SHORT = 200
"""Characters of running text quoted from the best place and from each further one, below which a sentence leaves the
answer to the list after it, and below which a quote goes on."""
BEST_UNIT = 2.0
HEADED = 0.5
ASKED = 0.8
"""What a heading adds that holds at least the second share of the question: its passage was written to answer it."""
DEFINED = 0.5
"""What a glossary entry loses where no definition is asked for: it holds the question's word and never its answer."""
TOLD = 0.6
CLOSE = 0.7
NEXT = 0.5
"""A further sentence, a further place, must weigh at least this share of the best one's score."""
SAME = 0.75
"""From this share of common terms on, two sentences say the same."""
_ONE_FACT = frozenset((Kind.NUMBER, Kind.MONEY, Kind.TIME, Kind.PERSON))
_DEFINED = frozenset((Kind.DEFINITION, Kind.COMPARISON, Kind.OTHER))


@dataclass(frozen=True, slots=True)
class Quote:
    """Units of one passage, in the source's order."""

    passage: Passage
    pieces: tuple[Piece, ...]
    is_cut: bool = False
    """Whether the last unit goes on in the passage: it alone was longer than an answer may be."""

    @property
    def is_list(self) -> bool:
        """Whether it is a list or table rather than running text."""
        return len(self.pieces) > 1 and any(piece.role in (Role.ITEM, Role.ROW) for piece in self.pieces)

    @property
    def length(self) -> int:
        """Characters, markers included."""
        return sum(len(piece.text) + 5 for piece in self.pieces)


def choose(
    question: Question, concepts: Sequence[Concept], evidence: Sequence[Evidence], reader: PieceReader
) -> tuple[Quote, ...]:
    """The quotes that answer, best place first; further places only where nearly as good and saying something else.

    A comparison quotes one place for each of the things compared.
    """
    usable = [one for one in evidence if one.piece.role is not Role.RESERVATION] or list(evidence)
    places = _places(question, usable)
    if question.kind is Kind.COMPARISON and not _compares(concepts, places):
        sides = _sides(concepts, usable)
        if len(sides) > 1:
            return _within([Quote(one.hit.passage, (one.piece,)) for one in sides])
    quotes: list[Quote] = []
    said: list[frozenset[str]] = []
    for place in places:
        best = place[0]
        if len(quotes) == _most_places(question, quotes) or _place_score(question, best) < NEXT * _place_score(
            question, places[0][0]
        ):
            break
        repeats = any(_overlap(best.piece.terms, terms) > SAME for terms in said)
        if quotes and (repeats or len(best.missing) > len(places[0][0].missing)):
            continue
        quote = _around(question, place, reader, FIRST if not quotes else LATER)
        quotes.append(quote)
        said += [piece.terms for piece in quote.pieces]
    return _within(quotes)


def _compares(concepts: Sequence[Concept], places: Sequence[Sequence[Evidence]]) -> bool:
    """Whether the best place itself speaks of everything that is compared."""
    return bool(places) and all(
        any(one.alone.get(concept.surface, 0.0) >= 0.7 for one in places[0]) for concept in compared(concepts)
    )


def _most_places(question: Question, quotes: Sequence[Quote]) -> int:
    """A survey figure answers alone, with one place beside it; a definition needs few words, other questions more."""
    if quotes and quotes[0].passage.kind is PassageKind.FIGURE:
        return 2
    return MAX_PLACES - 1 if question.kind is Kind.DEFINITION else MAX_PLACES


def _places(question: Question, usable: Sequence[Evidence]) -> list[list[Evidence]]:
    """The evidence by passage, best passage first; within a passage the best unit first."""
    grouped: dict[str, list[Evidence]] = {}
    for one in usable:
        grouped.setdefault(one.hit.passage.id, []).append(one)
    ordered = sorted(grouped.values(), key=lambda place: -_place_score(question, place[0]))
    return [sorted(place, key=lambda one: -(one.score + TOLD * one.told)) for place in ordered]


def _place_score(question: Question, best: Evidence) -> float:
    """A passage counts as a whole, by the one unit of it that speaks to the question, and by its heading."""
    headed = best.headed if best.headed >= ASKED and _asked_alike(question, best) else 0.0
    beside = best.hit.passage.kind is PassageKind.DEFINITION and question.kind not in _DEFINED
    return best.hit.score + BEST_UNIT * best.score + HEADED * headed - DEFINED * beside


def reservations(quotes: Sequence[Quote], reader: PieceReader) -> tuple[str, ...]:
    """The source's own `Obs:` sentences that stand right after a quoted unit, or share its passage with a number."""
    found: list[str] = []
    for quote in quotes:
        quoted = {piece.position for piece in quote.pieces}
        terms = frozenset(term for piece in quote.pieces for term in piece.terms)
        for piece in reader.read(quote.passage).pieces:
            if piece.role is not Role.RESERVATION or piece.position in quoted:
                continue
            if piece.position - 1 in quoted or _overlap(piece.terms, terms) >= 0.3:
                said = piece.text.removeprefix("Obs:").strip()
                found.append(said[:1].upper() + said[1:])
    return tuple(dict.fromkeys(found))[:2]


def _around(question: Question, place: Sequence[Evidence], reader: PieceReader, room: int) -> Quote:
    """The quote around a passage's best unit: a whole list, a table's rows, or the sentences that also speak.

    `room` is how many characters of running text to quote at most; the best unit is quoted whatever its length.
    """
    best = place[0]
    passage = best.hit.passage
    pieces = reader.read(passage).pieces
    if passage.kind is PassageKind.FIGURE:
        return Quote(passage, _distribution(best.piece, pieces))
    if passage.change is not None:
        return Quote(passage, pieces)
    if passage.kind is PassageKind.DEFINITION:
        return Quote(passage, pieces[:1])
    if best.piece.role is Role.ROW:
        return Quote(passage, _rows(place, pieces))
    lead = next((piece for piece in pieces if piece.role is Role.LEAD), None)
    if lead is not None and _answers_by_heading(question, best):
        return Quote(passage, _list_around(lead, pieces, place, LISTED if room == FIRST else LATER_LISTED))
    if best.piece.role is Role.LEAD or (best.piece.role is Role.ITEM and _wants_list(question, place)):
        return Quote(passage, _list_around(best.piece, pieces, place, LISTED if room == FIRST else LATER_LISTED))
    if lead is not None and best.piece.role is Role.SENTENCE and _announces(question, best.piece, lead):
        space = (LISTED if room == FIRST else LATER_LISTED) - len(best.piece.text)
        return Quote(passage, (best.piece, *_list_around(lead, pieces, place, space)))
    chosen = [best.piece]
    used = len(best.piece.text)
    for one in place[1:]:
        if len(chosen) == MAX_SENTENCES or one.score < CLOSE * best.score:
            break
        if one.piece.role in (Role.SENTENCE, best.piece.role) and used + len(one.piece.text) <= room:
            chosen.append(one.piece)
            used += len(one.piece.text)
    return Quote(passage, _filled(sorted(chosen, key=lambda piece: piece.position), pieces, min(room, SHORT)))


def _announces(question: Question, sentence: Piece, lead: Piece) -> bool:
    """Whether the sentence stands right before a list and leaves it to the list to answer."""
    if sentence.position != lead.position - 1:
        return False
    return question.kind is Kind.LIST or (question.kind not in _ONE_FACT and len(sentence.text) < BRIEF)


def _answers_by_heading(question: Question, best: Evidence) -> bool:
    """Whether a passage's list is what its heading promises and the question asks: `Vad NIS 2 kräver av kommunen`."""
    return best.headed >= ASKED and best.own < ASKED and _asked_alike(question, best)


def _asked_alike(question: Question, best: Evidence) -> bool:
    headings = best.hit.passage.headings
    asked = question_word(question.standalone)
    return asked is not None and bool(headings) and question_word(headings[-1]) == asked


def _distribution(best: Piece, pieces: Sequence[Piece]) -> tuple[Piece, ...]:
    """A figure's sentences with percentages: the whole distribution, never one bar of it alone."""
    shares = [piece for piece in pieces if "procent" in piece.text and piece.role is Role.SENTENCE][:MAX_SENTENCES]
    if best.role is Role.SENTENCE and best not in shares:
        shares.append(best)
    return tuple(sorted(shares, key=lambda piece: piece.position)) or (best,)


def _filled(chosen: list[Piece], pieces: Sequence[Piece], room: int) -> tuple[Piece, ...]:
    """A lone short sentence gets the sentences after it, which usually say why and how."""
    while sum(len(piece.text) for piece in chosen) < room:
        following = chosen[-1].position + 1
        if following >= len(pieces) or pieces[following].role is not Role.SENTENCE:
            break
        chosen.append(pieces[following])
    return tuple(chosen)


def _wants_list(question: Question, place: Sequence[Evidence]) -> bool:
    """Whether the items answer together: a list is asked for, or several of them are about equally good."""
    equals = [one for one in place if one.score >= 0.9 * place[0].score]
    several = sum(one.piece.role is Role.ITEM for one in equals) >= 3
    return question.kind not in _ONE_FACT and (several or question.kind is Kind.LIST)


def _same_place(one: Evidence, other: Evidence) -> bool:
    return one.hit.passage.id == other.hit.passage.id


def _list_around(piece: Piece, pieces: Sequence[Piece], place: Sequence[Evidence], room: int) -> tuple[Piece, ...]:
    """The whole list under its lead-in; of one longer than `room`, the items that speak most to the question."""
    start = piece.position
    while start > 0 and pieces[start].role is Role.ITEM:
        start -= 1
    items = list(takewhile(lambda following: following.role in (Role.ITEM, Role.ROW), pieces[start + 1 :]))
    weight = {one.piece.position: one.score for one in place}
    room -= len(pieces[start].text) + 5
    chosen: list[Piece] = []
    for item in sorted(items, key=lambda one: -weight.get(one.position, 0.0)):
        room -= len(item.text) + 5
        if chosen and (room < 0 or len(chosen) == MAX_LIST):
            break
        chosen.append(item)
    return (pieces[start], *sorted(chosen, key=lambda one: one.position))


def _rows(place: Sequence[Evidence], pieces: Sequence[Piece]) -> tuple[Piece, ...]:
    """The rows that speak, under their header and the sentence that introduces the table."""
    rows = [piece for piece in pieces if piece.role is Role.ROW]
    good = {one.piece.position for one in place if one.score >= 0.9 * place[0].score}
    body = [piece for piece in rows[1:] if piece.position in good] or rows[1:]
    intro = [piece for piece in pieces if piece.position == rows[0].position - 1]
    return (*intro, rows[0], *body[:MAX_LIST])


def compared(concepts: Sequence[Concept]) -> tuple[Concept, ...]:
    """The things that a comparison compares: its first weighty concepts; empty where there is only one."""
    weighty = tuple(one for one in concepts if not one.generic and one.known)[:3]
    return weighty if len(weighty) > 1 else ()


def _sides(concepts: Sequence[Concept], usable: Sequence[Evidence]) -> list[Evidence]:
    """For each thing compared the best unit that holds it, each place once."""
    found: list[Evidence] = []
    for concept in compared(concepts):
        holding = [one for one in usable if one.alone.get(concept.surface, 0.0) >= 0.7]
        if holding and all(not _same_place(holding[0], other) for other in found):
            found.append(holding[0])
    return found


def _overlap(one: frozenset[str], other: frozenset[str]) -> float:
    return len(one & other) / max(1, min(len(one), len(other)))


def fitted(quotes: Sequence[Quote], last: int) -> tuple[Quote, ...]:
    """The quotes within what a chat reader reads; the `last` ones stay whole, and those before them make room."""
    if not last:
        return tuple(quotes)
    kept = quotes[len(quotes) - last :]
    return (*_within(quotes[: len(quotes) - last], MAX_LENGTH - sum(quote.length for quote in kept)), *kept)


def _within(quotes: Sequence[Quote], room: int = MAX_LENGTH) -> tuple[Quote, ...]:
    """As much as a chat reader reads; the first unit always stays, cut where it alone is longer than that.

    A list loses items from its end only.
    """
    if quotes and len(quotes[0].pieces[0].text) + 5 > MAX_LENGTH:
        first = quotes[0].pieces[0]
        return (Quote(quotes[0].passage, (replace(first, text=_beginning(first.text)),), is_cut=True),)
    kept: list[Quote] = []
    left = room
    for quote in quotes:
        pieces: list[Piece] = []
        for piece in quote.pieces:
            left -= len(piece.text) + 5
            if left < 0 and (pieces or kept):
                break
            pieces.append(piece)
        if pieces:
            kept.append(Quote(quote.passage, tuple(pieces)))
        if left < 0:
            break
    return tuple(kept)


_LAST_FIGURES = re.compile(r"(?:\s+\S*\d\S*)+$")


def _beginning(text: str) -> str:
    """As many whole words as an answer holds. Figures at the end go: `12` of `12 873` is another number."""
    whole = text[: MAX_LENGTH - 10]
    head, space, _ = whole.rpartition(" ")
    return _LAST_FIGURES.sub("", head if space else whole).rstrip(" ,;:–-")
