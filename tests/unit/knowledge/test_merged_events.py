"""Events of a model's answer are merged without a letter more or less, and those that end a claim wait for nothing."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Sequence

import httpx2
import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.adapters.merged_events import MergedEvents


def event(text: str, **more: object) -> bytes:
    chunk = {"id": "1", "choices": [{"index": 0, "delta": {"content": text}, "finish_reason": None, **more}]}
    return b"data: " + json.dumps(chunk).encode() + b"\n\n"


STOP = b'data: {"choices":[{"delta":{},"finish_reason":"stop"}]}\n\n'
DONE = b"data: [DONE]\n\n"


class Bytes(httpx2.AsyncByteStream):
    """Gives these bytes one after the other, and then breaks off where it has an error for that."""

    def __init__(self, pieces: Sequence[bytes], error: Exception | None = None) -> None:
        self.pieces, self.error, self.closed = pieces, error, False

    async def __aiter__(self) -> AsyncIterator[bytes]:
        for piece in self.pieces:
            yield piece
        if self.error is not None:
            raise self.error

    async def aclose(self) -> None:
        self.closed = True


async def merged(pieces: Sequence[bytes], clock: Sequence[float] = ()) -> list[bytes]:
    times = iter(clock)
    return [out async for out in MergedEvents(Bytes(pieces), lambda: next(times, 0.0))]


def texts(events: Sequence[bytes]) -> list[str]:
    lines = [each.removeprefix(b"data: ") for each in b"".join(events).split(b"\n\n") if each]
    chunks = [json.loads(line) for line in lines if line.startswith(b"{")]
    return [chunk["choices"][0]["delta"].get("content", "") for chunk in chunks]


async def test_neighbours_become_one_after_the_first_which_tells_that_the_server_answers() -> None:
    out = await merged([event("En"), event(" fy"), event("r lys"), event("er"), STOP, DONE])
    assert texts(out) == ["En", " fyr lyser", ""]
    assert out[-2:] == [STOP, DONE]


async def test_the_end_of_an_object_is_handed_on_at_once() -> None:
    out = await merged([event("a"), event("b"), event('"}'), event("c"), event("d"), DONE])
    assert texts(out) == ["a", 'b"}', "cd"]


async def test_nothing_is_held_longer_than_until_the_next_event_after_a_quarter_of_a_second() -> None:
    # The clock is looked at when text is first held, and to tell how long it has been.
    out = await merged([event("a"), event("b"), event("c"), event("d"), DONE], [0.0, 1.0, 1.0, 1.3, 2.0, 2.0])
    assert texts(out) == ["a", "bc", "d"]


async def test_what_came_before_a_break_is_handed_on() -> None:
    stream = MergedEvents(Bytes([event("a"), event("b")], httpx2.ReadError("gone")))
    coming = aiter(stream)
    assert texts([await anext(coming), await anext(coming)]) == ["a", "b"]
    with pytest.raises(httpx2.ReadError):
        await anext(coming)


async def test_closing_closes_what_is_beneath() -> None:
    beneath = Bytes([])
    await MergedEvents(beneath).aclose()
    assert beneath.closed


@pytest.mark.parametrize(
    "odd",
    [
        b": keep-alive\n\n",
        b"event: x\ndata: {}\n\n",
        b"data: {broken\n\n",
        b'data: {"choices":[]}\n\n',
        b'data: {"choices":[],"usage":{"prompt_tokens":1}}\n\n',
        event("x", finish_reason="length"),
        event("a").replace(b'"content"', b'"refusal"'),
        b"data: []\n\n",
    ],
)
async def test_whatever_else_comes_goes_through_as_it_is_and_in_its_place(odd: bytes) -> None:
    out = await merged([event("a"), event("b"), odd, event("c"), DONE])
    assert out[2] == odd
    assert b"".join(out).endswith(DONE)


@given(st.lists(st.text(st.characters(exclude_categories=["Cs"]), min_size=1), max_size=12), st.data())
async def test_however_the_bytes_are_cut_the_text_is_the_same(said: list[str], data: st.DataObject) -> None:
    whole = b"".join(map(event, said)) + STOP + DONE
    cuts = sorted(data.draw(st.lists(st.integers(0, len(whole)), max_size=6)))
    pieces = [whole[start:end] for start, end in zip([0, *cuts], [*cuts, len(whole)], strict=True)]
    out = await merged(pieces)
    assert "".join(texts(out)) == "".join(said)
    assert b"".join(out).endswith(STOP + DONE)
