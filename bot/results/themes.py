"""What people wrote in their own words, grouped by the words they share; nothing here is made up by a model.

The word that most texts share makes the first theme and takes all of them; the word that most of the others share makes
the next; and so on. So every text is in one theme only, and what is shown adds up to nothing that is not shown.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from math import log
from typing import Final

from bot.results.model import Theme, Themes
from bot.results.quotable import ADDRESS, LENGTHS, Gate
from knowledge.swedish.analysis import Term, term_of
from knowledge.swedish.compounds import CompoundSplitter
from knowledge.swedish.lexicon import Lexicon, load_lexicon
from knowledge.swedish.stems import stem
from knowledge.swedish.tokens import Token, TokenKind, normalise, sentences, tokenize

MOST: Final = 12
"""Themes of an item; more are not read."""
QUOTES: Final = 3
_TRIED = 1_000
"""Sentences of a theme that are looked at for quotes, the shortest."""
_WORDS = 3
"""Words that a theme is named by."""
_TELLING = 4
"""Letters of a word that is seen again in a longer one."""
_COMMON = 2
"""A word that more than one text in so many has is left for last: it says little of what sets them apart."""
_ALIKE = 0.6
"""The share of two sentences' words that they have in common, from which on one is enough."""
_LITTLE = """
    aktivitet aktuell aktuellt all alla allmänt andra annan annat använda användas arbeta arbete arbeten arbetar behov
    behöva behövs behöver bidra bli blir bra bygga bättre börja del dela delar digital digitalisera digitaliserad
    digitaliserade digitalisering digitalt egen enda enklare enkel enkelt exempel exempelvis fler flera flest framför
    framtid framåt få får fortsatt fortsätta förbättra förbättrad förbättring förvaltning förändring genomföra gemensam
    gemensamt ge ger gå går gälla gäller gärna göra gör göras hantera hel hela hitta hjälp hjälpa hålla hög högre höja
    införa införande initiativ inriktning insats inte jobba just kommun kommunal kommuner kunna lite lika lösa lösning
    lösningar lägga lång många med mer minska mindre minst mål målet möjlig möjlighet möjligheter möjliggöra mycket nu
    nya ny nytt nästa nå ofta ordning område områden olika person personal plats projekt rätt rätta samma se sig sikt
    själv skapa smart snabb snabbt snabbare stor stora större största sätt säkerställa ta tid tillsammans tror tycka
    tycker tydlig tänka utifrån utveckla utveckling uppnå vara verksamhet verksamheten verksamheter viktig viktigast
    viktiga vilja välja vår år åren öka ökad ökade önska övrig
    borde ej fungera fungerar ingen inga ja komma kommit lyssna mejla mejl nej prata redan ring ringa slippa slipper
    ställe tala tror vet veta
    also and better digitalisation digitalization goal important make more municipality need needs new use using work
    """
_SAYS_LITTLE = frozenset(stem(word) for word in _LITTLE.split())
"""Stems that say nothing of what somebody wants, in answers to questions on goals and initiatives."""


def themes_of(
    texts: Sequence[tuple[str, str]], item: str, role: str, threshold: int, lexicon: Lexicon | None = None
) -> Themes:
    """The themes of an item's answers, each a response's id and its text, largest first; the order given does not
    matter.

    Nothing is told where fewer than `threshold` have written. A theme has at least so many, and the rest (`other`) has
    too, or is nobody: else the smallest theme joins it. Quotes are whole sentences, three at most, of different people
    and not alike, and point at nobody (see `quotable`).

    Call it for one division of an item's answers only, for everybody or for roles apart: themes of both could be held
    against each other. Reads the dictionary where no `lexicon` is given, and blocks for some seconds.
    """
    written: defaultdict[str, list[str]] = defaultdict(list)
    for response, text in texts:
        if text.strip():
            written[response].append(normalise(text))
    if len(written) < threshold:
        return Themes(item, role, None)
    corpus = _Corpus(
        ["\n".join(sorted(written[each])) for each in sorted(written)], load_lexicon() if lexicon is None else lexicon
    )
    groups = sorted(_groups(corpus, threshold), key=lambda group: -len(group[1]))
    other = len(corpus.texts) - sum(len(members) for _, members in groups)
    while groups and 0 < other < threshold:
        other += len(groups.pop()[1])
    named = [Theme(_name(corpus, *each, threshold), len(each[1]), _quotes(corpus, *each)) for each in groups]
    return Themes(item, role, len(corpus.texts), tuple(named), other)


def grouped(
    texts: Sequence[str], least: int, lexicon: Lexicon | None = None, *, ignored: frozenset[str] = frozenset()
) -> Sequence[tuple[tuple[str, ...], frozenset[int]]]:
    """Texts by the words they share: of every group the words that name it, and the places of its texts, largest first.

    A text is in one group at most; a group has at least so many. `ignored` are stems that make no group either. It is
    the grouping of themes without their disclosure control, for texts that whoever reads the groups may read one by
    one. Blocks as `themes_of` does.
    """
    corpus = _Corpus([normalise(text) for text in texts], load_lexicon() if lexicon is None else lexicon, ignored)
    groups = sorted(_groups(corpus, least), key=lambda group: -len(group[1]))
    return [(_name(corpus, seed, members, least), members) for seed, members in groups]


@dataclass(frozen=True)
class _Corpus:
    """Texts, and what is looked up in them; a text goes by its place."""

    texts: Sequence[str]
    lexicon: Lexicon
    ignored: frozenset[str] = frozenset()

    @cached_property
    def tokens(self) -> Sequence[Sequence[Token]]:
        """Of every text; what follows a person's name is taken for a surname and left out with it."""
        return [list(self._unnamed(tokens)) for tokens in self._tokens]

    @cached_property
    def _tokens(self) -> Sequence[Sequence[Token]]:
        plain = (" ".join(word for word in text.split() if not ADDRESS.search(word)) for text in self.texts)
        return [tokenize(text) for text in plain]

    @cached_property
    def splitter(self) -> CompoundSplitter:
        """Splits by the dictionary and by the texts' own words."""
        words = {token.text for tokens in self._tokens for token in tokens}
        return CompoundSplitter({stem(word) for word in words if word.isalpha()}, lexicon=self.lexicon)

    @cached_property
    def gate(self) -> Gate:
        """What may be quoted, and what is a name."""
        return Gate(self.lexicon, self.splitter.split)

    @cached_property
    def terms(self) -> Sequence[frozenset[str]]:
        """Of every text, the terms that a theme can be about."""
        return [frozenset(term for token in tokens for term in self.telling(token)) for tokens in self.tokens]

    @cached_property
    def holding(self) -> Mapping[str, frozenset[int]]:
        """The texts that have a term."""
        found: defaultdict[str, set[int]] = defaultdict(set)
        for place, terms in enumerate(self.terms):
            for term in terms:
                found[term].add(place)
        return {term: frozenset(places) for term, places in found.items()}

    @cached_property
    def _told(self) -> dict[str, tuple[str, ...]]:
        """What `telling` has found out so far."""
        return {}

    def telling(self, token: Token) -> tuple[str, ...]:
        """The terms of a token and of a compound's parts, but for those that say little."""
        if token.text not in self._told:
            term = term_of(token, self.splitter.split) if token.kind in (TokenKind.WORD, TokenKind.CODE) else None
            self._told[token.text] = () if term is None else self._telling(term)
        return self._told[token.text]

    def _telling(self, term: Term) -> tuple[str, ...]:
        every = dict.fromkeys((term.main, *term.parts))
        return tuple(each for each in every if len(each) > 1 and each not in _SAYS_LITTLE and each not in self.ignored)

    def _unnamed(self, tokens: Sequence[Token]) -> Iterator[Token]:
        named = False
        for token in tokens:
            is_name = token.kind is TokenKind.WORD and (self.gate.is_name(token.text) or (named and token.capital))
            if not is_name:
                yield token
            named = is_name


def _groups(corpus: _Corpus, threshold: int) -> Iterator[tuple[str, frozenset[int]]]:
    """The term of each theme, and its texts, in the order in which they are found."""
    left = frozenset(range(len(corpus.texts)))
    most_texts = len(left) // _COMMON
    rare = {term for term, places in corpus.holding.items() if len(places) <= most_texts}
    found = 0
    for candidates in (rare, corpus.holding.keys() - rare):
        sizes = {term: len(corpus.holding[term]) for term in candidates}
        while found < MOST:
            # Of those that take the same number, the longest word says most.
            sizes = {term: size for term in sizes if (size := len(corpus.holding[term] & left)) >= threshold}
            if not sizes:
                break
            best = min(sizes, key=lambda term: (-sizes[term], -len(term), term))
            yield best, corpus.holding[best] & left
            left -= corpus.holding[best]
            found += 1


def _name(corpus: _Corpus, seed: str, members: frozenset[int], threshold: int) -> tuple[str, ...]:
    """The theme's word, and those that stand in it more than elsewhere, as most have written them.

    A further word has been used by half the threshold at least, so that it is nobody's own.
    """
    inside = Counter(term for place in members for term in corpus.terms[place])
    everywhere = len(corpus.texts)

    def weight(term: str) -> float:
        return inside[term] * log(inside[term] * everywhere / (len(members) * len(corpus.holding[term])))

    least = max(threshold / 2, len(members) / 10)
    further = [term for term, count in inside.items() if count >= least and term != seed and weight(term) > 0]
    words: list[str] = []
    for term in (seed, *sorted(further, key=lambda term: (-weight(term), term))):
        word = _written(corpus, term, members)
        if not any(_one_in_the_other(word, each) for each in words):
            words.append(word)
        if len(words) == _WORDS:
            break
    return tuple(words)


def _one_in_the_other(word: str, other: str) -> bool:
    """`system` and `verksamhetssystem`, but not `ai` and `mail`."""
    return min(len(word), len(other)) >= _TELLING and (word in other or other in word)


def _written(corpus: _Corpus, term: str, members: frozenset[int]) -> str:
    """The form of a term that most texts have; a word that it is the whole of goes before one that it is a part of."""
    whole: Counter[str] = Counter()
    part: Counter[str] = Counter()
    for place in members & corpus.holding[term]:
        for word, terms in {token.text: corpus.telling(token) for token in corpus.tokens[place]}.items():
            if term in terms:
                (whole if terms[0] == term else part)[word] += 1
    forms = whole or part
    return min(forms, key=lambda word: (-forms[word], len(word), word))


def _quotes(corpus: _Corpus, seed: str, members: frozenset[int]) -> tuple[str, ...]:
    """The shortest sentences about the theme's word that may be shown; of those that are alike, one."""
    people: dict[str, set[int]] = defaultdict(set)
    for place in members:
        for sentence in sentences(corpus.texts[place]):
            if len(sentence) in LENGTHS:
                people[" ".join(sentence.split())].add(place)
    chosen: list[str] = []
    said: list[frozenset[str]] = []
    quoted: set[int] = set()
    for sentence in sorted(people, key=lambda one: (len(one), one))[:_TRIED]:
        tokens = tokenize(sentence)
        words = frozenset(stem(token.text) for token in tokens)
        about = any(seed in corpus.telling(token) for token in tokens)
        if not about or people[sentence] <= quoted or any(_alike(words, other) for other in said):
            continue
        if corpus.gate.quotable(sentence):
            chosen.append(sentence)
            said.append(words)
            quoted |= people[sentence]
        if len(chosen) == QUOTES:
            break
    return tuple(chosen)


def _alike(one: frozenset[str], other: frozenset[str]) -> bool:
    return len(one & other) >= _ALIKE * len(one | other)
