"""Mends what text extraction broke, on evidence only: text in, text and counts out.

A wrong mend is worse than a missed one, because answers quote this text. So a pair of word pieces is joined only if
the whole is a known word, a piece is none, and the pair does not occur more often than the whole.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import pairwise

from ingest.cleaning.lines import SPLIT
from ingest.cleaning.short_words import GLUE_PRONE
from ingest.cleaning.vocabulary import WORD, Vocabulary


@dataclass(frozen=True, slots=True)
class Mended:
    """How much was mended. `joined` lists every join of word pieces as `first|second`, in reading order."""

    broken_words: int = 0
    hyphenated: int = 0
    hyphen_spaces: int = 0
    punctuation: int = 0
    ligatures: int = 0
    footnote_marks: int = 0
    running_lines: int = 0
    joined: tuple[str, ...] = field(default=(), repr=False)


@dataclass(frozen=True, slots=True)
class Cleaned:
    """The mended text and the counts."""

    text: str
    mended: Mended


_LIGATURE = re.compile("[ﬀ-ﬆ]")
_LIGATURES = str.maketrans({"ﬀ": "ff", "ﬁ": "fi", "ﬂ": "fl", "ﬃ": "ffi", "ﬄ": "ffl", "ﬅ": "st", "ﬆ": "st"})
# What they begin with stands in front, as most words do not.
_SPACED_ABBREVIATION = re.compile(
    r"\b(?=(?:fr|bl|[defhimnopstuv]) )"
    r"(?:fr o m|t o m|d v s|o s v|p g a|i o m|s a s|m a o|i st f|i f m|f v b|t ex|bl a|m m|m fl|s k|e d|f d|f n|f ö|"
    r"n b|o d|u å|t v|h t|v t|d ä|e dyl|o dyl|e kr|f kr)\b",
    re.IGNORECASE,
)
_RUN = re.compile(rf"(?<![\w:’'-]){WORD}(?: {WORD})+(?![\w-])")
_SPACE_BEFORE_MARK = re.compile(r"(?<=[\w)”\"%]) +(?=[.,;:!?)](?:\s|$))")
_BLANK_AND_MARK = tuple(f" {mark}" for mark in ".,;:!?)")
_HYPHEN_COORDINATION = re.compile(
    rf"(?<=[^\W\d_]{{2}}) - (?=(?:och|eller|samt|respektive|till|and|or) )(?={WORD} {WORD})"
)
_HYPHEN_LEADING = re.compile(rf"({WORD}) -({WORD})")
_HYPHEN_TRAILING = re.compile(rf"({WORD}) -[ \t]*\n[ \t]*({WORD})")
_HYPHEN_AT_END = re.compile(r"-[ \t]*\n")
_LINE_END_HYPHEN = re.compile(rf"({WORD})-[ \t]*\n[ \t]*({WORD})")
_SPLIT_WORD = re.compile(rf"({WORD}){SPLIT}({WORD})")
_LABELS_WORDS = """
punkt led artikel paragraf bilaga alternativ kommun grupp klass kategori nivå steg fas del plan vitamin typ
figur tabell avsnitt kapitel stycke moment person bolag part hus linje variant
"""
_LABELS = frozenset(_LABELS_WORDS.split())
_HYPHENED = frozenset(["icke", "ex", "it", "ai"])
"""First parts that are always written with a hyphen behind them."""
_COORDINATORS = frozenset(["och", "eller", "samt", "respektive", "men", "till", "and", "or", "und"])


def mend(text: str, vocabulary: Vocabulary) -> Cleaned:
    """Mend one paragraph. Its lines are joined, over hyphens at their ends too, and blanks collapse."""
    counts = dict.fromkeys(("ligatures", "hyphenated", "hyphen_spaces", "punctuation"), 0)

    def counted(name: str, pattern: re.Pattern[str], replacement: str, value: str) -> str:
        result, times = pattern.subn(replacement, value)
        counts[name] += times
        return result

    if SPLIT in text:
        text = _SPLIT_WORD.sub(lambda match: _unsplit(match[1], match[2], vocabulary), text)
    counts["ligatures"] = ligature_count(text)
    if counts["ligatures"]:
        text = without_ligatures(text)
    text = text.replace("\u00ad", "")
    if "-" in text:
        text = _join_hyphens(text, vocabulary, counts)
    text = " ".join(text.split())
    if any(map(text.__contains__, _BLANK_AND_MARK)):
        text = counted("punctuation", _SPACE_BEFORE_MARK, "", text)
    if " - " in text:
        text = counted("hyphen_spaces", _HYPHEN_COORDINATION, "- ", text)
    text, joined = _join_pieces(text, vocabulary)
    return Cleaned(
        text,
        Mended(
            broken_words=len(joined),
            hyphenated=counts["hyphenated"],
            hyphen_spaces=counts["hyphen_spaces"],
            punctuation=counts["punctuation"],
            ligatures=counts["ligatures"],
            joined=tuple(joined),
        ),
    )


def ligature_count(text: str) -> int:
    """How many ligatures a text has."""
    return 0 if text.isascii() else len(_LIGATURE.findall(text))


def without_ligatures(text: str) -> str:
    """`ﬁ` as `fi`, and the like."""
    return text.translate(_LIGATURES)


def total(parts: Iterable[Mended]) -> Mended:
    """The sum of several counts, for instance over the paragraphs of a document."""
    parts = tuple(parts)
    return Mended(
        broken_words=sum(part.broken_words for part in parts),
        hyphenated=sum(part.hyphenated for part in parts),
        hyphen_spaces=sum(part.hyphen_spaces for part in parts),
        punctuation=sum(part.punctuation for part in parts),
        ligatures=sum(part.ligatures for part in parts),
        footnote_marks=sum(part.footnote_marks for part in parts),
        running_lines=sum(part.running_lines for part in parts),
        joined=tuple(join for part in parts for join in part.joined),
    )


def _join_hyphens(text: str, vocabulary: Vocabulary, counts: dict[str, int]) -> str:
    """End-of-line hyphens: dropped, kept (`SML-IT`), or kept with a blank (`it- och`), as the vocabulary says."""

    def at_line_end(match: re.Match[str]) -> str:
        first, second = match.groups()
        counts["hyphenated"] += 1
        if second.lower() in _COORDINATORS:
            return f"{first}- {second}"
        return first + _link(first, second, vocabulary) + second

    def spaced(match: re.Match[str]) -> str:
        first, second = match.groups()
        if not (first.isupper() or _is_prefix(first, second, vocabulary)):
            return match.group()
        counts["hyphen_spaces"] += 1
        return f"{first}-{second}"

    # Looking for the words first is slow where no such hyphen follows any of them.
    if _HYPHEN_AT_END.search(text):
        text = _LINE_END_HYPHEN.sub(at_line_end, text)
    if " -" in text:
        text = _HYPHEN_LEADING.sub(spaced, _HYPHEN_TRAILING.sub(spaced, text))
    return text


def _unsplit(first: str, second: str, vocabulary: Vocabulary) -> str:
    """Two halves of a word, or two words where both are known and what they would make is not."""
    known = vocabulary.attested(first.lower()) and vocabulary.attested(second.lower())
    return f"{first} {second}" if known and not vocabulary.attested((first + second).lower()) else first + second


def _link(first: str, second: str, vocabulary: Vocabulary) -> str:
    """What stands between two halves of a word divided at a line end: nothing, or the hyphen that belongs there."""
    if second[0].isupper() or first.isupper() or len(first) == 1:
        return "-"
    whole, hyphened = (first + second).lower(), f"{first}-{second}".lower()
    if (vocabulary.hyphened(hyphened) or first.lower() in _HYPHENED) and not vocabulary.attested(whole):
        return "-"
    return ""


def _is_prefix(first: str, second: str, vocabulary: Vocabulary) -> bool:
    """Whether `icke -existerande` or `e -tjänster` is written with a hyphen elsewhere in the text."""
    return vocabulary.hyphened(f"{first}-{second}".lower()) or first.lower() in ("e", *_HYPHENED)


def _join_pieces(text: str, vocabulary: Vocabulary) -> tuple[str, list[str]]:
    joined: list[str] = []

    def run(match: re.Match[str]) -> str:
        before = match.string[: match.start()].rstrip()[-1:]
        return _mend_run(match.group(), vocabulary, joined, labelled=before.isdigit() or before in ("§", "("))

    pieces: list[str] = []
    position = 0
    for abbreviation in _SPACED_ABBREVIATION.finditer(text):
        pieces += [_RUN.sub(run, text[position : abbreviation.start()]), abbreviation.group()]
        position = abbreviation.end()
    pieces.append(_RUN.sub(run, text[position:]))
    return "".join(pieces), joined


def _mend_run(run: str, vocabulary: Vocabulary, joined: list[str], *, labelled: bool) -> str:
    """Join pieces within words separated by single blanks; the most certain joins first.

    `labelled`: a number stands before the run, so that a single letter in front is its label (`5.1 a`).
    """
    words = run.split(" ")
    # Nothing is joined without one of these, which are few: most runs of a clean text end here.
    doubtful = {place for place, word in enumerate(words) if vocabulary.is_doubtful(word)}
    if not doubtful:
        return run
    found: list[tuple[float, int, int]] = []
    for start in range(len(words) - 1):
        if doubtful.isdisjoint((start, start + 1, start + 2)):
            continue
        for length in (2, 3):
            pieces = words[start : start + length]
            before = words[start - 1].lower() if start else ""
            if len(pieces[0]) == 1 and (before in _LABELS or (start == 0 and labelled)):
                continue
            certainty = _certainty(pieces, vocabulary) if len(pieces) == length else 0.0
            if certainty > 0:
                found.append((-certainty, start, length))
    taken: dict[int, int] = {}
    used: set[int] = set()
    for _, start, length in sorted(found):
        places = set(range(start, start + length))
        if not places & used:
            used |= places
            taken[start] = length
    if not taken:
        return run
    result: list[str] = []
    index = 0
    while index < len(words):
        length = taken.get(index, 1)
        result.append("".join(words[index : index + length]))
        if length > 1:
            joined.append("|".join(words[index : index + length]))
        index += length
    return " ".join(result)


def _certainty(pieces: list[str], vocabulary: Vocabulary) -> float:
    """How sure it is that the pieces are one word; 0 means: leave them alone."""
    if any(not piece.islower() for piece in pieces[1:]) or (not pieces[0][1:].islower() and len(pieces[0]) > 1):
        return 0.0
    lowered = [piece.lower() for piece in pieces]
    whole = "".join(lowered)
    fragments = [piece for piece in lowered if vocabulary.is_fragment(piece)]
    if not vocabulary.attested(whole):
        unsupported = all(vocabulary.is_unsupported(piece) for piece in lowered)
        return 0.5 if unsupported and len(pieces) == 2 and vocabulary.plausible(*lowered) else 0.0
    if not fragments or (len(pieces) == 3 and len(fragments) < 2):
        return 0.0
    certain = [piece for piece in fragments if vocabulary.is_certain_fragment(piece)]
    seen = vocabulary.counts[whole]
    if len(pieces) == 2 and vocabulary.pairs[lowered[0], lowered[1]] > max(seen, 1) and not certain:
        return 0.0
    if len(fragments) == 1 and len(fragments[0]) == 1 and any(piece in GLUE_PRONE for piece in lowered):
        return 0.0
    if not certain and any(piece in GLUE_PRONE for piece in lowered):
        return 0.0
    if len(pieces) == 3 and any(vocabulary.attested(a + b) for a, b in pairwise(lowered)):
        return 0.0
    return len(fragments) + len(certain) + min(seen, 100) / 100 + len(whole) / 100
