"""The three kinds of activities that make a stream, and the texts in them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.conversation.texts import Texts
from bot.teams.cards.citations import MOST, label
from bot.teams.cards.markdown import markdown
from bot.teams.sending.replies import TEXT_LIMIT, Json, units
from knowledge.composing.ports import Advance, Reading, Written
from knowledge.links import without_links

INFORMATIVE_LIMIT = 1000
MARKER_LIMIT = 1000

# The composer counts markers from one without gaps, so the final message's positions are the markers themselves.
_POSITIONS = {number: number if number <= MOST else None for number in range(1, MARKER_LIMIT)}


def shown(advance: Advance, texts: Texts, language: str) -> str:
    """An advance as the message shows it; empty where it is longer than a message may be."""
    if isinstance(advance, Written):
        text = markdown(without_links(advance.text), _POSITIONS)
        return text if units(text) <= TEXT_LIMIT else ""
    if not isinstance(advance, Reading):
        told = texts.say("stream.searching", language)
    elif advance.passages == 1:
        told = texts.say("stream.reading_one", language)
    else:
        told = texts.say("stream.reading", language, count=advance.passages)
    return told[:INFORMATIVE_LIMIT]


def update(text: str, sequence: int, stream: str, *, informative: bool) -> Json:
    """A step of a stream; `stream` is its id, empty in the first step."""
    info: Json = {"type": "streaminfo", "streamType": "informative" if informative else "streaming"}
    if stream:
        info["streamId"] = stream
    return {"type": "typing", "text": text, "entities": [{**info, "streamSequence": sequence}]}


def final(payload: Mapping[str, Any], stream: str) -> Json:
    """A message as the end of a stream: the only step without a number."""
    info = {"type": "streaminfo", "streamId": stream, "streamType": "final"}
    return {**payload, "entities": [info, *payload.get("entities", ())]}


def stopped_after(payload: Mapping[str, Any], text: str) -> Json:
    """The line that an answer was stopped, under what was sent of it; that much is labelled as generated."""
    if not text:
        return dict(payload)
    return {**payload, "text": f"{text}\n\n{payload['text']}", "entities": [label(generated=True)]}
