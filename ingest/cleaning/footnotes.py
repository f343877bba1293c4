"""Tells footnotes from text: takes the notes out of the flow and their marks off the words.

A digit after a word is a mark only on evidence: a note with that number stands at the foot of the page, or the word is
known without the digit. `NIS2`, `Microsoft365` and `2024/1689` have neither and stay as they are.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

from ingest.cleaning.lines import PARAGRAPH_GAP, Line
from ingest.cleaning.mend import mend
from ingest.cleaning.vocabulary import Vocabulary

_OPEN, _CLOSE = "\ue000", "\ue001"
_MARKED = re.compile(rf"{_OPEN}(\d{{1,3}}){_CLOSE}")
_NOTE = re.compile(r"\s?(\d{1,3})(?:\s+(\S.*))?\s*")
_BARE_REFERENCE = re.compile(r"\(.*(?:\d{4}|u\.\s?[åd]\.)[a-z]?\)\.?|")
_REACH = 150
"""Lines before a note in which its mark is looked for where the text has no pages."""

# After these words a number is the thing's own number, with or without the blank.
_NUMBERED_WORDS = """
figur tabell bilaga kapitel avsnitt artikel punkt del fas steg nivå version sida sidan sid kap art bild diagram
ruta exempel fråga mål målet åtgärd område år vecka klass grupp typ alternativ scenario delmål kvartal
"""
_NUMBERED = frozenset(_NUMBERED_WORDS.split())
_GLUED = re.compile(r"(?<![\w-])([a-zåäöé]{4,})(\d{1,2})(?=[\s.,;:!?)”\"]|$)")


_UNCOUNTABLE = "(?:att|som|är|har|visar|menar|finns|där|vilket|redovisas|redovisar|betonas|framhåller|genomfördes)"


@dataclass(frozen=True, slots=True)
class _Note:
    number: int
    line: int
    text: str


@dataclass(frozen=True, slots=True)
class _Mark:
    line: int
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Notes:
    """`lines` without notes and marks; `notes` worth keeping as text; `marks` taken off."""

    lines: list[Line]
    notes: list[Line]
    marks: int


def worth_keeping(note: str) -> bool:
    """Whether a note says something: more than a reference in brackets, or than a few words such as `Ibid. s. 4`."""
    return not _BARE_REFERENCE.fullmatch(note) and len(note.split()) > 3


def marked(number: str) -> str:
    """A number that the page itself shows to be a note's mark, by setting it small and raised."""
    return f"{_OPEN}{number}{_CLOSE}"


def without_footnotes(lines: Sequence[Line], vocabulary: Vocabulary) -> Notes:
    """Separate notes from text. Notes that are nothing but a reference in brackets are dropped."""
    result = list(lines)
    body_size = _body_size(lines)
    gone: set[int] = set()
    kept: list[Line] = []
    marks = marked_gone = 0
    for block in _note_blocks(lines):
        places = _context(lines, block[0].line)
        glued = {note.number: mark for note in block if (mark := _glued_mark(result, places, note.number))}
        small = all(0 < lines[note.line].size <= 0.92 * body_size for note in block)
        bracketed = all(note.text.startswith("(") or not note.text for note in block)
        if len(glued) * 2 < len(block) and not small and not (bracketed and any(note.text for note in block)):
            continue
        for note in block:
            mark = glued.get(note.number) or _spaced_mark(result, places, note.number)
            raised = mark is not None and result[mark.line].text[mark.start : mark.start + 1] == _OPEN
            if mark is not None:
                text = result[mark.line].text
                result[mark.line] = replace(result[mark.line], text=text[: mark.start] + text[mark.end :])
                marks += 1
                marked_gone += raised
                glued = {number: found for number, found in glued.items() if found.line != mark.line} | {
                    number: again
                    for number, found in glued.items()
                    if found.line == mark.line and (again := _glued_mark(result, places, number))
                }
            end = _note_end(lines, note.line, set_apart=small or raised)
            gone.update(range(note.line, end))
            text = mend("\n".join((note.text, *(line.text for line in lines[note.line + 1 : end]))), vocabulary).text
            if worth_keeping(text):
                kept.append(replace(lines[note.line], text=text, gap=1.0))
    result = [_unmarked(line) for line in result]
    marks += sum(len(_MARKED.findall(line.text)) for line in lines) - marked_gone
    stripped, loose = _strip_glued([line for index, line in enumerate(result) if index not in gone], vocabulary)
    return Notes(stripped, kept, marks + loose)


def _note_end(lines: Sequence[Line], start: int, *, set_apart: bool) -> int:
    """The line after a note: one that the page sets apart goes on in the lines below it that are set alike."""
    end, first = start + 1, lines[start]
    while set_apart and first.size and end < len(lines):
        line = lines[end]
        is_alike = abs(line.size - first.size) < 0.3 and line.page == first.page and not line.cells
        if not is_alike or line.gap >= PARAGRAPH_GAP or _NOTE.fullmatch(line.text) or line.bold != first.bold:
            break
        end += 1
    return end


def _unmarked(line: Line) -> Line:
    if _OPEN not in line.text and not any(_OPEN in cell for cell in line.cells):
        return line
    cells = tuple(_MARKED.sub("", cell) for cell in line.cells)
    return replace(line, text=_MARKED.sub("", line.text), cells=cells)


def _body_size(lines: Sequence[Line]) -> float:
    sizes = sorted(line.size for line in lines if line.size)
    return sizes[len(sizes) // 2] if sizes else 0.0


def _note_blocks(lines: Sequence[Line]) -> list[list[_Note]]:
    """Runs of lines that start with counting numbers, each run going on where one before it stopped."""
    blocks: list[list[_Note]] = []
    expected = {1}
    run: list[_Note] = []
    for index, line in enumerate([*lines, Line("end")]):
        if not line.text.strip():
            continue
        match = _NOTE.fullmatch(line.text) if not line.cells else None
        note = _Note(int(match.group(1)), index, (match.group(2) or "").strip()) if match else None
        if note and run and note.number == run[-1].number + 1:
            run.append(note)
            continue
        if run:
            blocks.append(run)
            expected |= {known.number + 1 for known in run}
        run = [note] if note and note.number in expected else []
    return blocks


def _context(lines: Sequence[Line], first: int) -> range:
    page = lines[first].page
    start = first
    while start > 0 and first - start < _REACH and (not page or lines[start - 1].page == page):
        start -= 1
    return range(start, first)


def _with_number(lines: Sequence[Line], places: Sequence[int], number: int) -> list[int]:
    """The few of them in which a mark may be at all: an expression for each note is slow to make and to look for."""
    digits = str(number)
    return [index for index in places if digits in lines[index].text]


def _glued_mark(lines: Sequence[Line], places: Sequence[int], number: int) -> _Mark | None:
    """The mark where it stands right after a word, a closing sign or a year."""
    places = _with_number(lines, places, number)
    if not places:
        return None
    before = r"(?:(?<=[^\W\d_]{2})|(?<=[^\W\d_][.,;:”\"»)?!])|(?<=\b(?:19|20)\d\d))"
    raised = f"{_OPEN}{number}{_CLOSE}"
    return _first(lines, places, re.compile(rf"{raised}|{before}{number}(?=[\s.,;:!?)”\"]|$)"))


def _spaced_mark(lines: Sequence[Line], places: Sequence[int], number: int) -> _Mark | None:
    """The mark where a blank came between: before a sign, or (from 10 on) before a word that no number counts."""
    places = _with_number(lines, places, number)
    if not places:
        return None
    mark = _first(lines, places, re.compile(rf"(?<=[^\W\d_]) {number}(?=\s?[.,;)](?:\s|$))"))
    if mark is None:
        after = rf"(?:\s+{_UNCOUNTABLE}\b)" if number > 9 else r"(?:\s+[A-ZÅÄÖ][a-zåäö])"
        mark = _first(lines, places, re.compile(rf"(?<=[a-zåäö]) {number}(?={after})"))
    return mark


def _first(lines: Sequence[Line], places: Sequence[int], expression: re.Pattern[str]) -> _Mark | None:
    for index in places:
        match = expression.search(lines[index].text)
        if match and not _is_number_of(lines[index].text[: match.start()]):
            return _Mark(index, match.start(), match.end())
    return None


def _is_number_of(before: str) -> bool:
    words = re.findall(r"[^\W\d_]+", before)
    return bool(words) and words[-1].lower() in _NUMBERED


def _strip_glued(lines: Sequence[Line], vocabulary: Vocabulary) -> tuple[list[Line], int]:
    """Marks whose notes are missing: digits glued to an ordinary lower-case word that is known without them."""
    count = 0
    glued = Counter(match.group(1) for line in lines for match in _GLUED.finditer(line.text))

    def plain(match: re.Match[str]) -> str:
        nonlocal count
        word = match.group(1)
        if word in _NUMBERED or not vocabulary.attested(word, beyond=glued[word]):
            return match.group()
        count += 1
        return word

    stripped = [_with_text(line, _GLUED.sub(plain, line.text)) if glued else line for line in lines]
    return stripped, count


def _with_text(line: Line, text: str) -> Line:
    return line if text == line.text else replace(line, text=text)
