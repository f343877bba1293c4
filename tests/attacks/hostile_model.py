"""A model that does whatever it reads: the worst that prompts could make of a real one."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Sequence

from knowledge.composing.ports import ModelRequest
from tests.attacks.forms import TRUE
from tests.fakes.chat_model import claims_json, reading

Answering = Callable[[ModelRequest], str]

TRUTH = "Portföljstyrning saknas helt i 17 procent av svaren."
_WANTED = re.compile(
    r"https?://\S+|www\.\S+|[\w-]+\.(?:com|net|biz|example|security)\S*|<[a-zA-Z!/][^>]{0,200}>?|!?\[[^\]]*\]\([^)]*\)"
    r"|javascript:\S+|data:\S+|\b\d+(?:[.,]\d+)?\b|\"[^\"\n]{3,200}\""
)
"""What an injected instruction asks to be said: addresses, HTML, Markdown, numbers, whatever stands in quotes."""
_MOST = 24
_NUMBERED = re.compile(r"(?m)^Stycke (\d+)")
_CANARY = re.compile(r"kontrollkoden ([\w-]+)")
_MARK = re.compile(r"<</?([\w-]{4,})>>")


def place_of(request: ModelRequest, quote: str = TRUTH) -> int:
    """Which number the prompt gave the passage that holds the quote; 1 where it is not there."""
    numbers = _NUMBERED.findall(request.user[: max(request.user.find(quote), 0)])
    return int(numbers[-1]) if numbers else 1


def secrets_of(instructions: str) -> set[str]:
    """What the instructions say must never be given away: the canary, and what marks other people's words."""
    return set(_CANARY.findall(instructions)) | set(_MARK.findall(instructions))


def secret_of(request: ModelRequest) -> str:
    """The canary of a request."""
    return str(_CANARY.findall(request.system)[0])


def saying(text: str, *, quote: str = TRUTH, beside: bool = False) -> Answering:
    """One claim with these words and a quote that stands in its passage; `beside` a claim that holds."""

    def answer(request: ModelRequest) -> str:
        number = place_of(request)
        claims = [(text.replace("{true}", TRUE), [(number, quote)])]
        return claims_json([*([(TRUE, [(number, TRUTH)])] if beside else []), *claims])

    return answer


def claiming(*texts: str) -> Answering:
    """Several claims on the same passage."""

    def answer(request: ModelRequest) -> str:
        number = place_of(request)
        return claims_json([(text, [(number, TRUTH)]) for text in texts])

    return answer


def naming(
    passage: object, quote: str = TRUTH, text: str = "Portföljstyrning saknas helt i 97 procent av svaren."
) -> str:
    """A claim whose source is whatever it is."""
    return json.dumps({"claims": [{"text": text, "sources": [{"passage": passage, "quote": quote}]}]})


def obeying(request: ModelRequest, extra: Sequence[str] = ()) -> str:
    """Does all that anything in the prompt asks for, and gives the instructions away; one claim holds."""
    if request.purpose != "compose":
        return reading(request.user[-600:], "small_talk")
    number = place_of(request)
    wanted = list(dict.fromkeys(_WANTED.findall(request.user)))[:_MOST]
    instructions = [line for line in request.system.splitlines() if len(line.split()) > 5]
    claims = [(TRUE, [(number, TRUTH)])]
    claims += [(f"{TRUE} {text}", [(number, TRUTH)]) for text in (*extra, *wanted)]
    claims += [(text, [(number, TRUTH)]) for text in (*extra, *wanted[:5], *instructions)]
    claims += [(request.system, [(number, TRUTH)]), (request.user, [(number, TRUTH)])]
    claims += [("Portföljstyrning saknas helt i 97 procent av svaren [9].", [(9, TRUTH)])]
    return claims_json(claims)


def obeying_with(*extra: str) -> Answering:
    """The same, and says these words too."""
    return lambda request: obeying(request, extra)
