"""Holds one claim of a model against the passages that it names; what does not hold is not sent."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from knowledge.composing import municipalities, plain, support
from knowledge.composing.clauses import ClauseReader
from knowledge.composing.model import Claim, Source
from knowledge.composing.words import translated, words_of
from knowledge.language import language_of
from knowledge.model import Passage
from knowledge.pieces import Piece, PieceReader
from knowledge.question import Question
from knowledge.swedish.stems import stem
from knowledge.swedish.tokens import TokenKind, fold, sentences, tokenize

QUOTE_WORDS = 3
"""Words that a quote needs, unless it is a whole sentence, item or row."""
LONGEST = 1200
"""Characters of a claim; more is no claim."""
_THOUSANDS = re.compile(r"(?<=\d),(?=\d{3}(?!\d))")
"""The comma of English thousands."""
_UNUSUAL = re.compile(r"[^\x00-\x7fåäöÅÄÖéÉüÜ–—§€”“’•]")
"""Other characters may be written in several ways, or not be seen."""
_EDGES = " .…\"'”“»«,;:-–•*|"


@dataclass(frozen=True, slots=True)
class Checked:
    """A claim after it was checked: it holds where there are no problems.

    `text` is one plain line without markers; `sources` are those whose quote stands in the passage. A problem is a
    short word and what it concerns, never what the person wrote.
    """

    text: str
    sources: tuple[Source, ...]
    problems: tuple[str, ...]


class Verifier:
    """Checks claims. `reader` cuts passages as the index does; `secrets` must never leave, such as a prompt's mark."""

    def __init__(self, reader: PieceReader, secrets: Collection[str] = ()) -> None:
        self._reader = reader
        self._secrets = tuple(secrets)
        self._words = words_of(reader.split)
        self._clauses = ClauseReader(reader)

    def check(self, claim: Claim, given: Mapping[int, Passage], question: Question) -> Checked:
        """What of the claim holds; `given` are the passages by the numbers the prompt gave them. Takes milliseconds."""
        text = plain.plain(claim.text)
        if not text or len(claim.text) > LONGEST:
            return Checked(text[:LONGEST], (), ("length",))
        if plain.gives_away(claim.text, self._secrets):
            return Checked("", (), ("secret",))
        known = [source for source in claim.sources if source.passage in given]
        if not known:
            return Checked(text, (), ("source",))
        sources = tuple(source for source in known if self._quoted(source.quote, given[source.passage]))
        if not sources:
            return Checked(text, (), ("quote",))
        passages = list({source.passage: given[source.passage] for source in sources}.values())
        context = "\n".join(passage.context for passage in passages)
        body = "\n".join(passage.text for passage in passages)
        problems = list(plain.unwelcome(claim.text, text, body))
        # Problems are logged: whom or what the claim names is not told, as a model may repeat what a person wrote.
        problems += ["municipality"] * bool(municipalities.named(text) - municipalities.named(context))
        problems += ["name"] * bool(_names(text, [passage.context for passage in passages], question))
        problems += self._support(text, sources, given, question)
        return Checked(text, sources, tuple(dict.fromkeys(problems)))

    def _support(
        self, text: str, sources: Sequence[Source], given: Mapping[int, Passage], question: Question
    ) -> list[str]:
        passages = list({source.passage: given[source.passage] for source in sources}.values())
        every = [clause for passage in passages for unit in self._clauses.read(passage) for clause in unit]
        quoted = [
            clause
            for source in sources
            for unit in self._units(source, given[source.passage])
            for clause in self._clauses.read(given[source.passage])[unit.position]
        ]
        if not quoted:
            return ["quote"]
        said = self._beyond_quotes(text, sources, given)
        if not said:
            return []
        language = _language(said, question)
        foreign = language == "en" and language_of(" ".join(one.text for one in passages)) != "en"
        read = _THOUSANDS.sub("", said) if language == "en" else said
        return support.problems(
            read, list(dict.fromkeys(quoted)), every, self._words, question.standalone, foreign=foreign
        )

    def _quoted(self, quote: str, passage: Passage) -> bool:
        wanted = _flat(quote).strip(_EDGES)
        if not wanted or wanted not in _flat(passage.text):
            return False
        pieces = self._reader.read(passage).pieces
        return len(wanted.split()) >= QUOTE_WORDS or any(_flat(one.text).strip(_EDGES) == wanted for one in pieces)

    def _beyond_quotes(self, text: str, sources: Sequence[Source], given: Mapping[int, Passage]) -> str:
        """The claim without those sentences that a quoted unit has word for word, which say what it says."""
        units = {
            _flat(unit.text).strip(_EDGES)
            for source in sources
            for unit in self._units(source, given[source.passage])
            if not unit.text.rstrip().endswith("?")
        }
        return " ".join(sentence for sentence in sentences(text) if _flat(sentence).strip(_EDGES) not in units)

    def _units(self, source: Source, passage: Passage) -> list[Piece]:
        """The sentences, items and rows that a quote lies in, or that lie in it."""
        wanted = _flat(source.quote).strip(_EDGES)
        pieces = self._reader.read(passage).pieces
        return [one for one in pieces if wanted in (flat := _flat(one.text)) or flat.strip(_EDGES) in wanted]


def _language(text: str, question: Question) -> str:
    """A claim without small words is in the language of its question."""
    plainly = language_of(text) == "en" or not re.search(r"[åäöÅÄÖ]|\b(?:och|är|av|har|som|inte|ska)\b", text)
    return "en" if plainly and "en" in (language_of(text), language_of(question.text)) else "sv"


def _names(text: str, contexts: Sequence[str], question: Question) -> list[str]:
    """Names and abbreviations of a claim that neither its passages nor the question hold."""
    held: frozenset[str] = frozenset().union(*map(_all_forms, (*contexts, question.standalone)))
    lowered = " ".join(("\n".join(map(_folded, contexts)), fold(question.standalone)))
    found: list[str] = []
    for token in tokenize(text):
        raw = text[token.start : token.end]
        before = text[: token.start].rstrip()
        inside = bool(before) and before[-1] not in ".!?:"
        is_code = len(raw) > 1 and any(letter.isupper() for letter in raw[1:])
        if not is_code and not (token.capital and inside):
            continue
        if token.text in _ENGLISH or _forms(token.text) & held or (len(raw) > 3 and token.text in lowered):
            continue
        if token.kind is TokenKind.WORD and any(form in lowered for form in translated(token.text) if len(form) > 3):
            continue
        found.append(token.text)
    return list(dict.fromkeys(found))


_ENGLISH = frozenset(
    (
        "january",
        "february",
        "march",
        "april",
        "may",
        "june",
        "july",
        "august",
        "september",
        "october",
        "november",
        "december",
        "sek",
        "eur",
        "usd",
        "swedish",
        "sweden",
        "english",
        "european",
        "act",
        "directive",
        "regulation",
        "article",
        "union",
        "eu",
        "ai",
        "i",
    )
)


@lru_cache(maxsize=1024)
def _all_forms(text: str) -> frozenset[str]:
    return frozenset(form for token in tokenize(text) for form in _forms(token.text))


@lru_cache(maxsize=1024)
def _folded(text: str) -> str:
    return fold(text)


@lru_cache(maxsize=8192)
def _forms(word: str) -> frozenset[str]:
    parts = [word, *word.split("-")] if "-" in word else [word]
    return frozenset(form for part in parts for form in (part, stem(part), part.removesuffix("s")))


@lru_cache(maxsize=8192)
def _flat(text: str) -> str:
    folded = text
    if _UNUSUAL.search(text):
        folded = unicodedata.normalize("NFKC", text)
        folded = "".join(char for char in folded if unicodedata.category(char) != "Cf")
    folded = re.sub(r"[\u2010-\u2015\u2212]", "-", re.sub(r"[“”„«»]", '"', re.sub(r"[‘’‚`´]", "'", folded)))
    return " ".join(folded.casefold().split())
