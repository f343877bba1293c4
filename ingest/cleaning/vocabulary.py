"""Evidence about which runs of letters are words: a document's own vocabulary, and a reference vocabulary."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable
from functools import cache, lru_cache
from importlib import resources

from ingest.cleaning.short_words import SHORT
from knowledge.swedish.stems import stem

WORD = r"[^\W\d_]+"
_WORD = re.compile(WORD)
# From where a word begins, and without giving letters back: else a page without blanks takes the square of its length.
_HYPHENED = re.compile(rf"(?<![^\W\d_]){WORD}+-{WORD}")
_MARKUP = re.compile(r"^(?:[a-z_]+:|---)", re.MULTILINE)


class Vocabulary:
    """What is known about words while one document is mended. `reference` holds lower-case words known to be right."""

    def __init__(self, text: str, reference: Collection[str] = ()) -> None:
        self._reference = reference
        self.counts: Counter[str] = Counter(map(str.lower, _WORD.findall(text)))
        self.pairs: Counter[tuple[str, str]] = _adjacent(text)
        self._hyphened = frozenset(match.lower() for match in _HYPHENED.findall(text))
        leaning_left: Counter[str] = Counter()
        leaning_right: Counter[str] = Counter()
        for (first, second), times in self.pairs.items():
            if self.attested(first + second):
                leaning_right[first] += times
                leaning_left[second] += times
        self._dependent = {
            word: max(leaning_left[word], leaning_right[word]) for word in (leaning_left.keys() | leaning_right.keys())
        }
        self._stems = _stems_of(frozenset(reference))
        self._own_stems = frozenset(stem(word) for word, times in self.counts.items() if len(word) > 4 and times > 1)
        self.is_doubtful = cache(self._is_doubtful)
        """Whether a run of letters may be a part of a broken word; most words of a text are asked for often."""

    def attested(self, word: str, beyond: int = 0) -> bool:
        """Whether the run of letters occurs whole, in the reference or here more than `beyond` times."""
        return self.counts[word] > beyond or word in self._reference

    def hyphened(self, word: str) -> bool:
        """Whether a word with a hyphen inside occurs on one line of this document."""
        return word in self._hyphened

    def plausible(self, first: str, second: str) -> bool:
        """Whether the pieces spell an inflection of a known word, or a compound that is not joined between them."""
        return self._inflected(first + second) or self._compound(first + second, len(first))

    def standing(self, word: str) -> int:
        """How often the word occurs where it does not look like half of a broken one."""
        return self.counts[word] - self._dependent.get(word, 0)

    def is_fragment(self, word: str) -> bool:
        """Whether a run of letters is no word for all that is known. Certain for short ones, a guess for long ones."""
        if len(word) == 1:
            return word not in ("i", "å", "ö")
        if word in self._reference:
            return False
        if len(word) <= 3:
            return word not in SHORT and self.standing(word) < 2
        genitive = word.endswith("s") and self._known(word[:-1])
        return self.standing(word) < 1 and not genitive and not self._is_inflection(word)

    def _is_doubtful(self, word: str) -> bool:
        lowered = word.lower()
        return self.is_fragment(lowered) or self.is_unsupported(lowered)

    def is_certain_fragment(self, word: str) -> bool:
        """A fragment that cannot be a rare but correct word: too short, without a vowel, or with an unheard start."""
        if not self.is_fragment(word):
            return False
        return len(word) <= 3 or not any(letter in "aeiouyåäöé" for letter in word) or self._unheard(word)

    def is_unsupported(self, word: str) -> bool:
        """Whether a run of letters stands here once, and nowhere in the reference."""
        if len(word) <= 3:
            return self.is_fragment(word)
        return word not in self._reference and self.counts[word] < 2

    def _known(self, word: str) -> bool:
        return word in self._reference or self.standing(word) > 1

    def _unheard(self, word: str) -> bool:
        """No word of the reference starts with the same consonants."""
        consonants = re.match(r"[^aeiouyåäöé]*", word)
        start = consonants.group() if consonants else ""
        return len(start) > 1 and bool(self._reference) and start not in _onsets_of(frozenset(self._reference))

    def _is_inflection(self, word: str) -> bool:
        """Whether a known word has the same stem. A run that is a bare stem is no evidence: `kvalit` is one."""
        root = stem(word)
        return root != word and root in self._stems

    def _inflected(self, word: str) -> bool:
        root = stem(word)
        return len(root) > 3 and (root in self._stems or root in self._own_stems)

    def _compound(self, word: str, boundary: int) -> bool:
        """Two known parts of four letters or more, the first perhaps with a linking s: `kapital|investeringar`."""
        for cut in range(4, len(word) - 3):
            last = word[cut:]
            if cut == boundary or not (self._known(last) or self._inflected(last)):
                continue
            first = word[:cut]
            if self._known(first) or (first.endswith("s") and self._known(first[:-1])):
                return True
        return False


def reference_words() -> frozenset[str]:
    """The words of the built-in library's texts, in lower case: written by hand, so without damage."""
    return _library_words()


@lru_cache(maxsize=1)
def _library_words() -> frozenset[str]:
    counts: Counter[str] = Counter()
    library = resources.files("knowledge") / "library"
    for text in _texts(library):
        counts.update(word.lower() for word in _WORD.findall(_MARKUP.sub("", text)))
    return frozenset(word for word in counts if len(word) > 3 or word in SHORT)


def _texts(folder: resources.abc.Traversable) -> Iterable[str]:
    if not folder.is_dir():
        return
    for entry in sorted(folder.iterdir(), key=lambda item: item.name):
        if entry.is_dir():
            yield from _texts(entry)
        elif entry.name.endswith(".md"):
            yield entry.read_text(encoding="utf-8")


@lru_cache(maxsize=4)
def _stems_of(words: frozenset[str]) -> frozenset[str]:
    return frozenset(stem(word) for word in words if len(word) > 3)


@lru_cache(maxsize=4)
def _onsets_of(words: frozenset[str]) -> frozenset[str]:
    return frozenset(match.group() for word in words if (match := re.match(r"[^aeiouyåäöé]*", word)))


class _Part(dict[str, str]):
    """The word with which a run of characters between two blanks begins, or ends: in lower case, empty for none."""

    def __init__(self, pattern: re.Pattern[str]) -> None:
        super().__init__()
        self._pattern = pattern

    def __missing__(self, run: str) -> str:
        match = self._pattern.search(run)
        word = self[run] = match.group().lower() if match else ""
        return word


_FIRST = re.compile(rf"\A{WORD}(?![\w-])")
_LAST = re.compile(rf"(?<![\w-]){WORD}\Z")


def _adjacent(text: str) -> Counter[tuple[str, str]]:
    """Pairs of words with one blank or line end between them, neither of them part of a hyphenated word."""
    runs = text.split()
    before, after = map(_Part(_LAST).__getitem__, runs), map(_Part(_FIRST).__getitem__, runs[1:])
    pairs = Counter(zip(before, after, strict=False))
    return Counter({pair: times for pair, times in pairs.items() if all(pair)})
