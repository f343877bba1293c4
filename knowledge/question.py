"""What is asked: language, kind of answer wanted, the concepts it is about, and what a follow-up leaves unsaid."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Protocol

from knowledge.kinds import Kind, kind_of
from knowledge.language import Language, language_of
from knowledge.swedish.analysis import Term, analyse
from knowledge.swedish.stems import STOP_WORDS, stem
from knowledge.swedish.tokens import TokenKind, fold, normalise, tokenize


class Synonyms(Protocol):
    """Other forms of a word or phrase; implemented by the glossary."""

    def alternatives(self, text: str) -> Mapping[str, tuple[str, ...]]:
        """Surface forms found in the text -> other surface forms that mean the same."""


@dataclass(frozen=True, slots=True)
class Question:
    """One question, resolved against the conversation.

    `text` is what the person wrote; `standalone` adds what a follow-up leaves unsaid and is what gets embedded.
    `terms` are its own content terms; `background` those carried over from earlier turns, which count less. `topic`
    holds the main terms in `standalone` that the next follow-up exchanges (`och projektstyrning då?`).
    """

    text: str
    standalone: str
    language: Language
    kind: Kind
    terms: tuple[Term, ...]
    background: tuple[Term, ...] = field(default=())
    topic: frozenset[str] = frozenset()

    @property
    def is_empty(self) -> bool:
        """Whether nothing is asked about: no content word at all."""
        return not self.terms and not self.background


# Words that steer a question without being what it is about; they neither identify a follow-up's topic nor have to
# be covered by an answer. A list of words reads better as text than as one quoted word a line.
_STEERING = """
    berätta beskriv beskriva betyda betyder exempel finns finnas fråga frågan fungera fungerar få får gäller gälla
    handla handlar hjälpa hjälp hända händer hända heter innebär innebära information kallas kommun kommunen kommuner
    kommunerna fyrbodal fyrbodals litet lite menas mening många nämn nämns ordet rapport rapporten säga säger sak saker
    skriva skriver sätt sånt tala typ undrar veta vet visste viktig viktigt visa visar vanlig olika behöver behöva
    använda används innehåller står ser gör stor stora hålla håller del ungefär egentligen idag just precis vanligt
    samma kort snabbt liksom grej grejen skillnad skillnaden skiljer jämför jämföra jämfört sort sorts slag slags
    arbeta arbetar avses bero beror bestå består bidra bidrar bita blivit bra börja började börjar bör borde dra drar
    drömma drömmer enas enats enligt ens finna fixa fixar flesta folk fram framför följa följer föra först första
    försöka försöker förstå gammal gamla ganska gång gånger gå går gick gått helst hela hel hinna hinner hitta hittar
    hur höra hör igång igen ihop ingå ingår inne innan istället ifrån jobba jobbar kika klara klarar klok klokt kolla
    kollar komma kommit kom köra kör körs känna känner leda ledde leder ligga ligger låg låga låta låter lägga läggs
    läggas löpa lösa löser mest mycket mynna nere ner ny nya nytt nyligen nå nämna någons någonting närmare ofta ordna
    pengar pågick pågå pågår pratar prata påverka redan redo riktig riktigt rätt se sett ses sist sista sitta sitter
    sjätte sköta sköter sluta slutar sorters ställa ställs stå största starta startade synas synade syn tog ta tar tas
    tagit tanken tanke tillhöra titta tittade tittar tro tror träda trädde träffa tycka tycker tyckte tänka uppe ute
    vanliga vara vanligaste varje vad va verka verkar vilja vänta väntar välja ytterligare ändå även året åka
    gor ar far pa nar for att och vilka mkt nån nåt nåt dom nga asså alltså ba
    difference compare compared between versus
    report municipality municipalities say says tell mean means explain many much work works kind example use used
    need needs exist exists happen happens called following one two well how often get gets keep before after several
    set new whether say under already first last
    """
GENERIC = frozenset(stem(fold(word)) for word in _STEERING.split())


_ELLIPSIS = re.compile(
    r"^\W*(?:och|men|samt|eller|and|but|or)\b(?! (?:vad|hur|när|vem|varför|what|how|when|who|why)\b.{25,})|\bdå\W*$|"
    r"^\W*(?:hur är det med|hur ser det ut (?:för|med)|vad gäller|vad säger den om|what about|how about)\b",
    re.IGNORECASE,
)
_SWAP = re.compile(
    r"^\W*(?:(?:och|men|samt|and|but)\W+)?"
    r"(?:(?:hur är det med|hur ser det ut (?:för|med)|vad gäller(?: för)?|vad säger den om|för|what about|how about|"
    r"i|inom|om)\b)?"
    r"\W*(?P<focus>[^?]{2,60}?)\W*(?:\bdå)?\W*$",
    re.IGNORECASE,
)
# Before an adjective and its noun `de` is an article (`de största utmaningarna`); anywhere else it points back.
_ANAPHOR = re.compile(
    r"\b(?:de[nt]?)\b(?!\s+\w+(?:a|e|sta|ste)\s+\w{3,}(?:na|en|et|an|n|t|or|ar|er)\b)|"
    r"\b(?:dem|dom|dess|deras|denna|detta|dessa|där|dit|då|sådan\w*|it|its|that|those|they|them|this|these|there)\b",
    re.IGNORECASE,
)
_EXPLETIVE = re.compile(
    r"\b(?:finns det|är det (?:någon|några|något|så|vanligt|möjligt|sant|krav|okej|ok)|hur (?:ser|går) det|"
    r"när det gäller|vad är det för|kan det|det finns|de som|den som|det som|att det|"
    r"there (?:is|are)|is there|are there|is it)\b",
    re.IGNORECASE,
)
_ASKING_VERB = re.compile(r"^\W*(?:vad|hur|när|var|vem|varför)\s+(?P<verb>\w+)", re.IGNORECASE)
"""Swedish has the verb right after these question words: `vad kostar`, `vem ansvarar`."""
_QUESTION_WORD = re.compile(
    r"\b(?:vad|hur|när|var|vem|vems|vilka|vilken|vilket|varför|what|how|when|where|who|which|why)\b", re.IGNORECASE
)


def understand(text: str, context: Sequence[str] = (), language: Language | None = None) -> Question:
    """Analyse `text`; `context` holds the person's earlier turns, oldest first, and resolves a follow-up."""
    resolved: Question | None = None
    for turn in (*context[-4:], text):
        resolved = _resolve(turn, resolved)
    assert resolved is not None  # noqa: S101 - the loop runs at least once, for `text`
    return replace(resolved, language=language) if language is not None else resolved


def _resolve(text: str, previous: Question | None) -> Question:
    clean = normalise(text).strip()
    own = tuple(analyse(_uncapitalised(clean)))
    plain = Question(clean, clean, language_of(clean), kind_of(clean), own, topic=_topic(clean, own))
    if previous is None or previous.is_empty:
        return plain
    topical = [term for term in own if term.main not in GENERIC]
    if _ELLIPSIS.search(clean) and len(topical) <= 3 and len(clean) <= 90:
        return _elliptic(plain, previous, asks=_QUESTION_WORD.search(clean) is not None)
    anaphoric = _ANAPHOR.search(_EXPLETIVE.sub(" ", clean)) is not None
    if (anaphoric and len(topical) <= 3) or not topical:
        return _with_topic(plain, previous)
    return plain


def _elliptic(plain: Question, previous: Question, *, asks: bool) -> Question:
    """`Och projektstyrning då?`: the earlier question with its topic exchanged for the new one."""
    if asks and plain.kind not in (Kind.OTHER, Kind.STATE):
        return _with_topic(plain, previous)
    match = _SWAP.match(plain.text)
    focus = match["focus"].strip() if match else plain.text
    kept = tuple(term for term in (*previous.terms, *previous.background) if term.main not in previous.topic)
    exchanged = [term for term in analyse(_uncapitalised(previous.standalone)) if term.main in previous.topic]
    return Question(
        text=plain.text,
        standalone=_exchange(previous.standalone, exchanged, focus)
        if exchanged
        else f"{previous.standalone} {plain.text}",
        language=plain.language if plain.terms and plain.language == "en" else previous.language,
        kind=previous.kind,
        terms=plain.terms or previous.terms,
        background=kept,
        topic=frozenset(term.main for term in analyse(focus)) or previous.topic,
    )


def _with_topic(plain: Question, previous: Question) -> Question:
    """`Vem ansvarar för det?`: the new question, about what the earlier one was about."""
    carried = tuple(term for term in (*previous.terms, *previous.background) if term.main not in GENERIC)
    named = frozenset(term.main for term in plain.terms if _is_name(term))
    return replace(
        plain,
        standalone=f"{previous.standalone.rstrip(' ?')}: {plain.text}",
        background=carried,
        topic=named or previous.topic or plain.topic,
    )


def _topic(text: str, terms: Sequence[Term]) -> frozenset[str]:
    """The content words that a question is about: its names or, without any, its longest word that is not its verb."""
    asking = _ASKING_VERB.match(text)
    verb = asking.start("verb") if asking else -1
    candidates = [term for term in terms if term.main not in GENERIC and term.token.start != verb]
    if not candidates:
        return frozenset()
    named = [term for term in candidates if _is_name(term)]
    chosen = named or [max(candidates, key=lambda term: len(term.token.text))]
    return frozenset(term.main for term in chosen)


def _is_name(term: Term) -> bool:
    return term.token.kind is TokenKind.CODE or (term.token.capital and term.token.start > 0)


def _exchange(text: str, topic: Sequence[Term], focus: str) -> str:
    first = min(topic, key=lambda term: term.token.start)
    rest = [term for term in topic if term is not first]
    out = text
    for term in sorted(rest, key=lambda term: -term.token.start):
        out = out[: term.token.start] + out[term.token.end :]
    return out[: first.token.start] + focus + out[first.token.end :]


def _uncapitalised(text: str) -> str:
    """A text in capitals all over, in small letters: its capitals say nothing. Places of words stay as they are."""
    small = text.lower()
    return small if text.isupper() and len(small) == len(text) else text


_YEAR = re.compile(r"\b(?:19|20)\d{2}\b(?![/:])")


def years(text: str) -> frozenset[str]:
    """Years named in a text; law numbers such as 2024/1689 are none."""
    return frozenset(_YEAR.findall(text))


# English writes the names of laws and peoples with capitals; a Swedish text holds them in other words.
_NO_NAMES = STOP_WORDS | frozenset(
    ("act", "regulation", "directive", "agreement", "swedish", "sweden", "european", "digital", "data", "cyber")
)


def names(text: str) -> tuple[str, ...]:
    """Words written with a capital inside a sentence, folded: the proper names of a question."""
    if _uncapitalised(text) != text:
        return ()
    found: list[str] = []
    for token in tokenize(normalise(text)):
        # A capital in a compound (`EU-plånbok`) marks an abbreviation, not a name that a text must repeat.
        plain = token.kind is TokenKind.WORD and "-" not in token.text and token.text not in _NO_NAMES
        if plain and token.capital and token.start > 0:
            before = text[: token.start].rstrip()
            if before and before[-1] not in ".!?":
                found.append(token.text)
    return tuple(dict.fromkeys(found))
