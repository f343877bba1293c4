"""Holds one claim of a model against the passages that it names; what does not hold is not sent."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from knowledge.composing import grounding, municipalities, plain
from knowledge.composing.model import Claim, Source
from knowledge.composing.stated import Stated, read, stated
from knowledge.language import language_of
from knowledge.model import Passage
from knowledge.pieces import Piece, PieceReader, Role
from knowledge.question import GENERIC, Question
from knowledge.swedish.analysis import analyse
from knowledge.swedish.stems import stem
from knowledge.swedish.tokens import fold, tokenize

QUOTE_WORDS = 3
"""Words that a quote needs, unless it is a whole sentence, item or row."""
LONGEST = 1200
"""Characters of a claim; more is no claim."""
_CLAUSE = re.compile(r"[,;:|()]|\b(?:och|medan|men|samt|while|and|but|whereas)\b", re.IGNORECASE)
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
        # Markers are not markup; anything else is looked for in what the model wrote, before it was cleaned.
        problems = list(plain.unwelcome(text, body))
        problems += self._figures(text, sources, given)
        # Problems are logged: whom or what the claim names is not told, as a model may repeat what a person wrote.
        problems += ["municipality"] * bool(municipalities.named(text) - municipalities.named(context))
        problems += ["name"] * bool(_names(text, context, question))
        problems += self._grounding(text, passages, sources, question)
        return Checked(text, sources, tuple(dict.fromkeys(problems)))

    def _quoted(self, quote: str, passage: Passage) -> bool:
        wanted = _flat(quote).strip(_EDGES)
        if not wanted or wanted not in _flat(passage.text):
            return False
        pieces = self._reader.read(passage).pieces
        return len(wanted.split()) >= QUOTE_WORDS or any(_flat(one.text).strip(_EDGES) == wanted for one in pieces)

    def _figures(self, text: str, sources: Sequence[Source], given: Mapping[int, Passage]) -> list[str]:
        """Figures that do not stand where the claim's quotes do, or stand there for something else."""
        passages = list({source.passage: given[source.passage] for source in sources}.values())
        figures = [one for one in stated(text) if not (one.kind == "roman" and _is_place(one, stated(text)))]
        if not figures:
            return []
        held = {
            (one.kind, one.value)
            for source in sources
            for part in self._around(source, given[source.passage])
            for one in stated(part)
        }
        values = {value for kind, value in held if kind not in _OF_THEIR_OWN}
        problems: list[str] = []
        for one in figures:
            there = (one.kind, one.value) in held or (one.kind == "number" and one.value in values)
            if not there:
                problems.append(f"number: {one.kind} {one.value}")
            elif one.kind not in ("year", "month", "code", "reference") and not self._bound(one, text, passages):
                problems.append(f"number: {one.kind} {one.value} elsewhere")
        return problems

    def _around(self, source: Source, passage: Passage) -> Iterator[str]:
        """The sentences, items and rows that a quote lies in, their lead-in or header, and the headings above."""
        analysed = self._reader.read(passage)
        rows = [piece for piece in analysed.pieces if piece.role is Role.ROW]
        for unit in self._units(source, [passage]):
            yield unit.text
            yield analysed.lead(unit).text
            if unit.role is Role.ROW:
                yield rows[0].text
        yield from (*passage.headings, passage.title)

    def _bound(self, one: Stated, text: str, passages: Sequence[Passage]) -> bool:
        """Whether the figure stands with what the claim ties it to, and no other figure of its kind stands nearer."""
        clause = _terms(_clause_at(read(text), one.start))
        if not clause or language_of(text) == "en":
            return True
        best: dict[str, int] = {}
        shared = False
        whole = {term for term in _terms(text) if term not in GENERIC}
        for passage in passages:
            analysed = self._reader.read(passage)
            for piece in analysed.pieces:
                for other in stated(piece.text):
                    same = other.value == one.value and (other.kind == one.kind or one.kind == "number")
                    if not same and (one.kind != "percent" or other.kind != "percent"):
                        continue
                    near = _terms(_clause_at(read(piece.text), other.start))
                    value = one.value if same else f"not {other.value}"
                    best[value] = max(best.get(value, 0), len(clause & near))
                    around = piece.terms | analysed.near(piece) | analysed.headings | analysed.title
                    shared = shared or (same and (not whole or bool(whole & around)))
        mine = best.pop(one.value, 0)
        return shared and all(count <= mine for count in best.values())

    def _grounding(
        self, text: str, passages: Sequence[Passage], sources: Sequence[Source], question: Question
    ) -> list[str]:
        held: set[str] = set()
        for passage in passages:
            analysed = self._reader.read(passage)
            held |= analysed.headings | analysed.title
            for piece in analysed.pieces:
                held |= piece.terms
        foreign = language_of(text) == "en" and language_of(" ".join(one.text for one in passages)) != "en"
        own = grounding.own_terms(analyse(text, self._reader.split), question)
        problems = [] if grounding.grounded(own, held, foreign=foreign) else ["grounding"]
        units = [unit for source in sources for unit in self._units(source, passages)]
        denied = [grounding.negated(unit.text) for unit in units]
        refused = [grounding.says_not(unit.text) for unit in units]
        denies, twice = grounding.negated(text), grounding.says_not(text) and grounding.lacks(text)
        turned = twice and not any(refused)
        if not foreign:
            turned |= denies and not any(denied)
            turned |= not denies and all(refused) and _shared(text, units)
        if units and turned:
            problems.append("negation")
        return problems

    def _units(self, source: Source, passages: Sequence[Passage]) -> list[Piece]:
        wanted = _flat(source.quote).strip(_EDGES)
        pieces = [piece for passage in passages for piece in self._reader.read(passage).pieces]
        return [one for one in pieces if wanted in (flat := _flat(one.text)) or flat.strip(_EDGES) in wanted]


_OF_THEIR_OWN = frozenset(("percent", "page", "article", "date", "month", "paragraph", "chapter", "share", "code"))


def _is_place(one: Stated, others: Sequence[Stated]) -> bool:
    return any(other.kind != "roman" and other.value == one.value for other in others)


def _clause_at(text: str, start: int) -> str:
    begin = max((match.end() for match in _CLAUSE.finditer(text, 0, start)), default=0)
    end = next((match.start() for match in _CLAUSE.finditer(text, start + 1)), len(text))
    return text[begin:end]


def _terms(text: str) -> frozenset[str]:
    return frozenset(term.main for term in analyse(text) if term.main not in GENERIC and not term.main[0].isdigit())


def _shared(text: str, units: Sequence[Piece]) -> bool:
    """Whether a claim says nearly the same as the one sentence that denies it."""
    own = _terms(text)
    said = _terms(units[0].text) if len(units) == 1 else frozenset()
    return bool(own) and bool(said) and len(own & said) / max(len(own), len(said)) >= 0.75


def _names(text: str, context: str, question: Question) -> list[str]:
    """Names and abbreviations of a claim that neither its passages nor the question hold."""
    held = {form for token in tokenize(f"{context}\n{question.standalone}") for form in _forms(token.text)}
    lowered = fold(f"{context} {question.standalone}")
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
        found.append(token.text)
    return list(dict.fromkeys(found))


_ENGLISH = frozenset(
    ("swedish", "sweden", "english", "european", "act", "directive", "regulation", "article", "union", "eu", "ai", "i")
)


def _forms(word: str) -> frozenset[str]:
    parts = [word, *word.split("-")] if "-" in word else [word]
    return frozenset(form for part in parts for form in (part, stem(part), part.removesuffix("s")))


def _flat(text: str) -> str:
    folded = unicodedata.normalize("NFKC", text)
    folded = "".join(char for char in folded if unicodedata.category(char) != "Cf")
    folded = re.sub(r"[\u2010-\u2015\u2212]", "-", re.sub(r"[“”„«»]", '"', re.sub(r"[‘’‚`´]", "'", folded)))
    return " ".join(folded.casefold().split())
