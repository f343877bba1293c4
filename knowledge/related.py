"""What an answer leads on to: the challenges that it is about, what helps against them, and questions close by."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from knowledge.language import Language
from knowledge.model import Hit, Passage
from knowledge.places import same_question
from knowledge.ports import Phrases
from knowledge.relations import Challenge, Relations

SUGGESTIONS = 3
RELATED = 2
"""Suggestions under one answer, and how many of them may come from the connections between challenges and support."""


class Related:
    """Suggests what to ask next; immutable, made once an index.

    `titles` are the titles of the index's documents by id: what is not in the index is never suggested.
    """

    def __init__(self, relations: Relations | None, titles: Mapping[str, str], phrases: Phrases) -> None:
        self._relations = relations
        self._titles = titles
        self._phrases = phrases

    def after(self, asked: str, quoted: Sequence[Passage], hits: Sequence[Hit], language: Language) -> tuple[str, ...]:
        """Questions that go on from an answer: connections first, then what stands near and was not quoted.

        What was just asked is not suggested again.
        """
        connected = [
            each for each in dict.fromkeys(self._connected(quoted, language)) if not same_question(each, asked)
        ]
        near = [each for each in self.near(hits, quoted, language) if not same_question(each, asked)]
        return tuple(dict.fromkeys((*connected[:RELATED], *near)))[:SUGGESTIONS]

    def near(self, hits: Sequence[Hit], besides: Sequence[Passage], language: Language) -> tuple[str, ...]:
        """What the nearest passages answer, in readers' words; for an English reader their subjects instead."""
        seen = {passage.section for passage in besides}
        found: list[str] = []
        for hit in hits:
            if hit.passage.section in seen or not hit.passage.headings:
                continue
            seen.add(hit.passage.section)
            if hit.asked and language == "sv":
                found.append(hit.asked[0][0].text[:1].upper() + hit.asked[0][0].text[1:])
            else:
                found.append(self._phrases.say("answer.suggestion", language, topic=topic(hit.passage)))
        return tuple(dict.fromkeys(found))[:SUGGESTIONS]

    def _connected(self, quoted: Sequence[Passage], language: Language) -> Iterator[str]:
        for passage in quoted:
            for challenge in self._challenges(passage):
                yield self._phrases.say("answer.related.challenge", language, challenge=challenge.named)
            for document in self._helping(passage):
                yield self._phrases.say("answer.related.document", language, title=self._titles[document])

    def _challenges(self, passage: Passage) -> tuple[Challenge, ...]:
        """The challenges that a survey figure measures, that a heading names, or that a sheet's subject touches."""
        relations = self._relations
        if relations is None or relations.document not in self._titles or passage.document == relations.document:
            return ()
        if passage.figure is not None:
            return relations.of_item(passage.figure.id)
        headed = " ".join(passage.headings).lower()
        named = tuple(one for one in relations.challenges if one.name.lower() in headed)
        return named or relations.of_document(passage.document)[:1]

    def _helping(self, passage: Passage) -> Iterator[str]:
        """The initiatives that help directly against the challenge which a passage of the connections is about."""
        if self._relations is None or passage.document != self._relations.document:
            return
        for challenge in self._relations.challenges:
            if passage.headings and passage.headings[0].startswith(f"{challenge.name}:"):
                yield from (one.document for one in challenge.direct if one.document in self._titles)


def topic(passage: Passage) -> str:
    """What a passage is about, as a heading says it; `Figur 3` alone says nothing, so the heading above it does."""
    named = [heading for heading in passage.headings if not heading.startswith("Figur ")]
    return named[-1] if named else passage.title


def topics(hits: Sequence[Hit]) -> tuple[str, ...]:
    """The nearest subjects that the knowledge base does hold, as their headings say them."""
    return tuple(dict.fromkeys(topic(hit.passage) for hit in hits if hit.passage.headings))[:SUGGESTIONS]
