"""Splits Swedish compounds into the words they are made of.

A part helps retrieval only where it is a term of the index, so the texts' own words go first: `portföljstyrningen`
gives `portfölj` and `styrning` as soon as both occur on their own somewhere. Where an index is built, a dictionary
helps: it knows further parts, and which words are none. What it found is stored, so that a question is split without.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache

from knowledge.swedish.lexicon import NO_LEXICON, SHORTEST, Lexicon
from knowledge.swedish.stems import LONGEST, STOP_WORDS, root, stem
from knowledge.swedish.steps import ALL, Step, Steps

MIN_PART = 3
"""Letters of a term that may be a part."""
MIN_WORD = 8
MAX_PARTS = 4
_MIN_PIECE = 4
"""Letters; shorter parts (`is`, `tal`, `ort`) split words that are no compounds, unless the dictionary names them."""
_LINKS = ("", "s", "e", "o", "a", "u")
_LINKS_BY_S = re.compile(r"(?:het|ing|ion|itet|skap|nad)$")
"""What begins a compound with an `s` only: `säkerhets|lag` and never `säkerhet|slag`."""
_VOWELS = frozenset("aeiouyåäö")
# Final elements that are words of their own yet act as suffixes; splitting them off adds noise only.
_NOT_LAST = frozenset(
    stem(word) for word in ("ning", "else", "skap", "ande", "ende", "mässig", "aktig", "heten", "liga", "lighet")
)
_SUFFIXES = {"ring": "e", "nation": "i", "rad": "e", "tion": "a", "het": "g"}
"""Words that end as a suffix does after a certain letter: `finansie|ring`, `kombi|nation`."""
# What a verb or noun begins with says nothing of its own: `under|håll`, `till|syn`, `över|lämna`.
_BEFORE = """
    anti bak bort efter emot fort fram framför förbi före igenom ihop innan inne kring kvar miss nedan ned ner omkring
    ovan samman sam själv tillbaka upp ute vidare åter över
    """
_PARTICLES = STOP_WORDS | frozenset(_BEFORE.split())
_NOT_NAMED = 5
"""Letters from which on a word is a part that the texts hold and the dictionary does not; shorter ones are names."""
_ROOT = 3
"""Letters of the last part that no ending of the whole word may hold: `ambassad|ens` is none."""
_FOREIGN = 0.6
"""What a part costs more that the texts do not hold on its own: a little less than one part more."""
_UNHELD = 5
"""Letters of a term from which on it is a part though the texts do not hold it on its own."""
_SHORT = 0.5
"""What a part of three letters costs more."""


@dataclass(frozen=True, slots=True)
class Piece:
    """One part of a word: how it stands there, with its linking letter, and its term."""

    text: str
    term: str
    cost: float = 1.0


@dataclass(frozen=True, slots=True)
class _Word:
    """A word that is being split: where its last part begins at the latest, and what has been found out so far."""

    text: str
    last_start: int
    best: dict[tuple[int, int], tuple[Piece, ...] | None] = field(default_factory=dict)
    heads: dict[int, list[tuple[int, Piece]]] = field(default_factory=dict)


class CompoundSplitter:
    """Splits words into known parts. `words` are analysed terms (stems) that stand on their own in the texts."""

    def __init__(
        self,
        words: Collection[str],
        splits: Mapping[str, tuple[str, ...]] | None = None,
        lexicon: Lexicon = NO_LEXICON,
        steps: Steps = ALL,
    ) -> None:
        """`splits` holds what is known already, so that a reopened index need not split its own words again.

        Their parts are trusted in other words, too. `lexicon` is for building an index: with it, a word that the
        dictionary knows as no part of compounds is none.
        """
        self._on = Step.COMPOUNDS in steps
        self._stem = stem if Step.STEMS in steps else str
        # The dictionary's parts are stems, which mean nothing among unstemmed words.
        self._lexicon = lexicon if {Step.LEXICON, Step.STEMS} <= steps else NO_LEXICON
        self._splits = dict(splits or {})
        self._trusted = _proven(self._splits.values())
        self._known = frozenset(word for word in words if len(word) >= MIN_PART and word.isalpha())
        self._own = frozenset(word for word in self._known if len(word) >= _MIN_PIECE)
        if self._lexicon:
            self._own = frozenset(word for word in self._known if self._is_part(word))
        self._split = lru_cache(maxsize=16_384)(self._split_uncached)

    def split(self, word: str) -> tuple[str, ...]:
        """The stems of the parts of a folded word, in order; empty where it is no compound of known words."""
        if not self._on or not MIN_WORD <= len(word) <= LONGEST or not word.isalpha():
            return ()
        known = self._splits.get(word)
        return self._split(word) if known is None else known

    def pieces(self, word: str) -> tuple[Piece, ...]:
        """The parts as they stand in the word; of three equal consonants, of which one is written less, both get two.

        Empty where it is no compound.
        """
        if not MIN_WORD <= len(word) <= LONGEST or not word.isalpha():
            return ()
        if stem(word) in self._lexicon.names and word not in self._lexicon.whole:
            return ()
        found = self._best(_Word(word, len(root(word)) - _ROOT), 0, MAX_PARTS)
        return found if found is not None and len(found) > 1 else ()

    def _split_uncached(self, word: str) -> tuple[str, ...]:
        terms = tuple(piece.term for piece in self.pieces(word))
        # A short term of no text is likely to meet another word: `hav` of `vårdnadshavare`.
        safe = (len(term) >= _UNHELD or term in self._known or term in self._trusted for term in terms)
        return terms if all(safe) else ()

    def _best(self, word: _Word, start: int, parts: int) -> tuple[Piece, ...] | None:
        """The cheapest way to read the word from a letter on; among equals the longest last part, which is its head."""
        if (start, parts) not in word.best:
            word.best[start, parts] = min(self._readings(word, start, parts), key=_worth, default=None)
        return word.best[start, parts]

    def _readings(self, word: _Word, start: int, parts: int) -> Iterator[tuple[Piece, ...]]:
        if start:
            whole = self._last(word.text[start:])
            if whole is not None and not _is_suffix(whole, word.text[start - 1]):
                yield (whole,)
        if parts == 1:
            return
        if start not in word.heads:
            word.heads[start] = list(self._heads(word, start))
        for following, head in word.heads[start]:
            rest = self._best(word, following, parts - 1)
            if rest is not None:
                yield (head, *rest)

    def _heads(self, word: _Word, start: int) -> Iterator[tuple[int, Piece]]:
        """What may stand at a letter before another part, and where that one would begin."""
        for cut in range(start + SHORTEST, min(len(word.text) - SHORTEST, word.last_start + 1) + 1):
            head = self._first(word.text[start:cut])
            if head is not None:
                for following in (cut, cut - 1) if _doubled(word.text, cut) else (cut,):
                    if following <= word.last_start:
                        yield following, head

    def _last(self, piece: str) -> Piece | None:
        term = self._stem(piece)
        if term in _NOT_LAST:
            return None
        if len(piece) >= _MIN_PIECE and (term in self._own or piece in self._own):
            return Piece(piece, term if term in self._own else piece)
        if term in self._trusted or self._ends_by_lexicon(piece, term):
            return self._priced(piece, term)
        return None

    def _ends_by_lexicon(self, piece: str, term: str) -> bool:
        lexicon = self._lexicon
        if term in lexicon.last:
            return True
        return term in self._known and (term in lexicon.short or lexicon.first.get(piece) == term)

    def _first(self, piece: str) -> Piece | None:
        """A leading part may end in a linking letter: `säkerhets-`, `gatu-`, `människo-`."""
        if piece in _PARTICLES:
            return None
        listed = self._lexicon.first.get(piece)
        if listed is not None:
            return self._priced(piece, listed)
        for link in _LINKS:
            if link and not piece.endswith(link):
                continue
            bare = piece[: len(piece) - len(link)] if link else piece
            if len(bare) < _MIN_PIECE or bare in _PARTICLES:
                continue
            if not link and _LINKS_BY_S.search(bare):
                continue
            term = self._stem(bare)
            if term in self._own or bare in self._own:
                return Piece(piece, term if term in self._own else bare)
            if term in self._trusted:
                return self._priced(piece, term)
        return None

    def _is_part(self, term: str) -> bool:
        """Whether a term of the texts is a part: one that ends compounds, or that the dictionary does not know."""
        if len(term) < _NOT_NAMED or term in self._lexicon.names:
            return False
        if term in self._lexicon.last:
            return len(term) > _NOT_NAMED
        return not any(f"{term}{ending}" in self._lexicon.whole for ending in ("", "a", "e", "era", "ad", "ig", "isk"))

    def _priced(self, piece: str, term: str) -> Piece:
        cost = 1.0 if term in self._known else 1.0 + _FOREIGN
        return Piece(piece, term, cost + (_SHORT if len(piece) <= SHORTEST else 0.0))


def _proven(splits: Collection[tuple[str, ...]]) -> frozenset[str]:
    """Parts of several words: a word that gave but one may be an accident."""
    counts = Counter(part for parts in splits for part in parts)
    return frozenset(part for part, count in counts.items() if count > 1)


def _worth(pieces: tuple[Piece, ...]) -> tuple[float, int]:
    return sum(piece.cost for piece in pieces), -len(pieces[-1].text)


def _doubled(word: str, cut: int) -> bool:
    """Whether two equal consonants stand before the cut, which may be three: `topp|prestation`, `tull|lag`."""
    return word[cut - 1] == word[cut - 2] and word[cut - 1] not in _VOWELS


def _is_suffix(piece: Piece, before: str) -> bool:
    return piece.term in _SUFFIXES and _SUFFIXES[piece.term] == before
