"""Sentences in clauses: the parts that each say one thing, so that a figure is held to what it is said of.

A sentence is cut where both sides say something by themselves: each has a verb, or a figure. A row of a table becomes
one clause a cell, of the row's label, the column's header and the cell.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from knowledge.composing.stated import OF_AMOUNTS, Stated, read, stated
from knowledge.composing.words import has_content
from knowledge.model import Passage
from knowledge.pieces import Analysed, Piece, PieceReader, Role
from knowledge.swedish.tokens import sentences

_CUT = re.compile(
    r"[,;:]\s|\s[-–—]\s|(?<!-)\s(?=(?:och|medan|men|samt|när|om(?=\s+(?:\w+\s+){1,3}?(?:inte|är|har|hade|ska|kan|får|måste|bör|\w{3,}(?:ar|er)\b))|eftersom|innan|while|and|but|whereas|when|if|because|unless)\b"
    r"(?!\s+\d+\s?[a-z]?\s*(?:§|kap)))",
    re.IGNORECASE,
)
_VERBS = """
    har hade är var ska skall skulle kan kunde får fick måste bör borde vill blir blev finns fanns gäller gällde
    saknar saknas ansvarar samordnar lämnar lämnas anmäler anmäls anmälas tar tog ger gav gör gjorde går gick kommer
    kom innehåller omfattar omfattas krävs kräver beslutar beslutade använder används säger anger visar uppger
    svarar väntar minskar ökar börjar upphör börjat mäter följer leder äger driver stödjer kostar besvarades
    besvarade nämner nämns innebär betyder heter sker pågår ansluter erbjuder tillhandahåller införde inför infört
    granskar utövar rapporterar publicerar behandlar sparar gallras godkänns godkänner hanterar utser ersätter
    beräknas uppgår motiverar redovisar skickar skickas sprider säljer köper ställer påverkar utfärdar föreslår
    rekommenderar delar bedömer övervakar informerar låses öppnas begär avslår täcker deltar reserverar bestämmer
    bestämde betalar betalade utfärdades trädde antogs avslogs beviljades bevaras grants grant beviljar is are was
    were has have had must may can could shall should will would apply applies applied lack lacks use uses cost
    costs take takes took include includes cover covers require requires supervise supervises coordinate coordinates
    own owns lead leads run runs offers provide provides contain contains increase increases decrease decreases
    begin begins began start starts answered mention mentions become becomes became joined wait waits do does did
"""
"""Finite verbs that municipal texts have, Swedish and English; a list reads better as text."""
VERB = re.compile(
    rf"\b(?:{'|'.join(_VERBS.split())}|\w{{3,}}(?:ades?|andes?)|\w{{2,}}(?:ttes?|ddes?))\b", re.IGNORECASE
)
"""What is taken for a finite verb."""
_GOES_ON = re.compile(
    r"(?:och|medan|men|samt|mot|jämfört med|and|while|but|compared (?:with|to)|against)\b", re.IGNORECASE
)
_ONE_MORE = re.compile(r"(?:(?:och|samt|and)\s+)?[A-ZÅÄÖ][\w-]+\s+(?:över|för|till|om|med|av|i)\s")
"""`Energimyndigheten över energi`: a name of which the same is said as of the one before."""
_CONTRAST = re.compile(
    r"(?:,\s*(?:och\s+|and\s+)?(?:inte|not)\s|\s(?:i\s?stället för|snarare än|instead of|rather than)\s)", re.IGNORECASE
)
"""Where a sentence turns to what it is not about."""
_PERCENT = re.compile(r"\s?(?:%|procent\b)")
_EACH = re.compile(
    r"(?P<a>[\w-]+) och (?P<b>[\w-]+)(?P<mid>[^.]*?)(?P<x>\d[\d.,]*)(?P<unit>\s?%|\s?procent)? (?:respektive|resp\.?) "
    r"(?P<y>\d[\d.,]*)(?P<rest>.*)",
    re.IGNORECASE,
)
"""`A och B har 3 respektive 2 procent`."""
_BACK = re.compile(
    r"^\W*(?:den(?!\s+\d)|det|de|dessa|detta|denna|då|där|här|dessutom|samma|därefter|sådana?|it|they|this|these|that|those|there)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Clause:
    """A part of a text that says one thing, its figures, and what stands around it.

    `frame` is what it is said under: the other clauses of its sentence, the lead-in or header, headings and title;
    `heading` leaves the other clauses out, and `whole` is the sentence, item or row. `unit` tells which unit of the
    passages it is a part of, and `begins` whether it is the first of it; `is_row` that it is a cell of a table, and
    `is_contrast` that it says what is not meant.
    """

    text: str
    figures: tuple[Stated, ...]
    frame: str = ""
    heading: str = ""
    whole: str = ""
    unit: tuple[str, int] = ("", 0)
    begins: bool = True
    is_row: bool = False
    is_contrast: bool = False
    around: tuple[str, ...] = field(default=(), compare=False)
    """The parts that `frame` is joined of, by spaces; many clauses share them."""

    @property
    def framed(self) -> tuple[str, ...]:
        """The text and what it is said under, in parts."""
        return (self.text, *(self.around or (self.frame,)))


@lru_cache(maxsize=4096)
def clauses(text: str) -> tuple[str, ...]:
    """The clauses of a text, in order; together they are the text."""
    return tuple(
        part for sentence in sentences(text) for each in _each(read(sentence)) for part in _merged(_CUT.split(each))
    )


def _each(sentence: str) -> tuple[str, ...]:
    match = _EACH.search(sentence)
    if match is None:
        return (sentence,)
    before, unit = sentence[: match.start()], match["unit"] or (" procent" if _PERCENT.match(match["rest"]) else "")
    return (
        f"{before}{match['a']}{match['mid']}{match['x']}{unit}{_PERCENT.sub('', match['rest'])}",
        f"{match['b']}{match['mid']}{match['y']}{match['rest']}",
    )


def _merged(parts: Sequence[str]) -> Iterator[str]:
    """A part that says nothing by itself belongs to the next one; where it goes on from one before, to that."""
    whole: list[str] = []
    begun = ""
    for part in (part.strip() for part in parts if part and part.strip()):
        if whole and not begun and _GOES_ON.match(part) and not _says_something(part):
            whole[-1] = f"{whole[-1]} {part}"
            continue
        begun = f"{begun}, {part}" if begun else part
        if _says_something(begun, first=not whole):
            whole.append(begun)
            begun = ""
    if begun:
        if whole:
            whole[-1] = f"{whole[-1]}, {begun}"
        else:
            whole.append(begun)
    yield from whole


def _says_something(part: str, *, first: bool = False) -> bool:
    """Whether it has a verb, or a figure and what that is of, or goes on from the clause before with a figure."""
    if VERB.search(part) or _ONE_MORE.match(part):
        return True
    if first:
        return False
    figures = any(one.kind in OF_AMOUNTS for one in stated(part))
    return figures and (has_content(part) or _GOES_ON.match(part) is not None)


def claimed(text: str) -> tuple[Clause, ...]:
    """The clauses of a claim."""
    parts = clauses(text)
    return tuple(Clause(part, stated(part), unit=("", n)) for n, part in enumerate(parts))


class ClauseReader:
    """Cuts passages into the clauses of their units; results are kept, as several claims cite one passage."""

    def __init__(self, reader: PieceReader, keep: int = 1024) -> None:
        self._reader = reader
        self.read: Callable[[Passage], tuple[tuple[Clause, ...], ...]] = lru_cache(maxsize=keep)(self._read)
        """Passage -> the clauses of each unit, in the units' order."""

    def _read(self, passage: Passage) -> tuple[tuple[Clause, ...], ...]:
        analysed = self._reader.read(passage)
        return tuple(tuple(_of_piece(passage, analysed, piece)) for piece in analysed.pieces)


def _of_piece(passage: Passage, analysed: Analysed, piece: Piece) -> Iterator[Clause]:
    number = (passage.id, piece.position)
    heading = " ".join((passage.title, *passage.headings))
    lead = analysed.lead(piece).text if piece.role in (Role.ITEM, Role.ROW) else ""
    if lead == piece.text:
        lead = ""
    if piece.role is Role.ROW:
        yield from _of_row(analysed, piece, (lead, heading), number)
        return
    before = analysed.pieces[piece.position - 1].text if piece.position and _BACK.search(piece.text) else ""
    parts = clauses(piece.text)
    for n, part in enumerate(parts):
        around = (*((*parts[:n], *parts[n + 1 :]) or ("",)), before, lead, heading)
        frame = " ".join(around)
        main, contrast = _turned(part)
        yield Clause(main, stated(main), frame, f"{lead} {heading}", piece.text, number, n == 0, around=around)
        if contrast:
            above = f"{lead} {heading}"
            yield Clause(
                contrast, stated(contrast), frame, above, piece.text, number, False, is_contrast=True, around=around
            )


def _turned(part: str) -> tuple[str, str]:
    """A clause, and what it says that is not meant; '' where it says no such thing."""
    match = _CONTRAST.search(part)
    if match is None or match.start() < 8:
        return part, ""
    return part[: match.start()], part[match.end() :]


def _of_row(analysed: Analysed, piece: Piece, above: tuple[str, str], number: tuple[str, int]) -> Iterator[Clause]:
    frame, heading = " ".join(above), above[1]
    cells = _cells(piece.text)
    rows = [other for other in analysed.pieces if other.role is Role.ROW]
    header = _cells(rows[0].text) if rows and rows[0] is not piece else ()
    if not header or len(cells) < 2:
        text = " ".join(cells)
        yield Clause(text, stated(text), frame, heading, text, number, around=above)
        return
    whole = " ".join(cells)
    for n, cell in enumerate(cells[1:], start=1):
        name = header[n] if n < len(header) else ""
        if cell.casefold() in name.casefold():
            name = ""  # `Bevaras eller gallras` above `Bevaras` says nothing of its own
        text = read(f"{name} {cells[0]} {cell}")
        around = (whole, header[0], *above)
        yield Clause(
            text,
            stated(text),
            " ".join(around),
            f"{header[0]} {heading}",
            whole,
            number,
            is_row=True,
            around=around,
        )


def _cells(row: str) -> tuple[str, ...]:
    return tuple(cell.strip() for cell in row.strip().strip("|").split("|"))
