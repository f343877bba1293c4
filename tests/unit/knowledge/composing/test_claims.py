"""Claims out of streamed JSON: the same however it is cut, each as soon as it is whole, and nothing odd."""

from __future__ import annotations

import json
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from knowledge.composing.claims import LONGEST, ClaimReader
from knowledge.composing.model import Claim, Source
from knowledge.errors import ModelFailed
from tests.fakes.chat_model import claims_json

TWO = [('Ett "citat" med } och ]\\.', [(1, "{[a]}")]), ("Två.", [(2, "b"), (3, "c")])]
CLAIMS = [Claim(text, tuple(Source(*source) for source in sources)) for text, sources in TWO]


def read(text: str, size: int = 1) -> list[Claim]:
    reader = ClaimReader()
    found = [claim for start in range(0, len(text), size) for claim in reader.feed(text[start : start + size])]
    reader.close()
    return found


@settings(max_examples=60)
@given(
    claims=st.lists(
        st.tuples(st.text(max_size=12), st.lists(st.tuples(st.integers(0, 9), st.text(max_size=9)), max_size=3)),
        max_size=3,
    ),
    cuts=st.lists(st.integers(0, 300), max_size=8),
    indent=st.sampled_from([None, 2]),
    escaped=st.booleans(),
)
def test_however_the_text_is_cut_the_same_claims_come_out(
    claims: list[tuple[str, list[tuple[int, str]]]], cuts: list[int], indent: int | None, escaped: bool
) -> None:
    text = json.dumps(json.loads(claims_json(claims)), indent=indent, ensure_ascii=escaped)
    places = [0, *sorted(min(cut, len(text)) for cut in cuts), len(text)]
    reader = ClaimReader()
    found = [claim for start, end in pairwise(places) for claim in reader.feed(text[start:end])]
    reader.close()
    assert found == [Claim(said, tuple(Source(*one) for one in sources)) for said, sources in claims]


def test_a_claim_comes_with_the_brace_that_closes_it() -> None:
    text = claims_json(TWO)
    reader = ClaimReader()
    # Up to the brace that closes the first claim.
    head = text[: text.index(', {"text": "Två')]
    assert reader.feed(head[:-1]) == []
    assert reader.feed(head[-1]) == CLAIMS[:1]


@pytest.mark.parametrize(
    "frame", ["```json\n{}\n```", "Här är svaret:\n\n{}", '{{"x": [1, {{}}], {}', "<think>hm</think>{} Klart."]
)
def test_what_stands_around_the_list_is_passed_over(frame: str) -> None:
    body = claims_json(TWO)
    text = frame.replace("{{", "\0").replace("}}", "\1").replace("{}", body).replace("\0", "{").replace("\1", "}")
    assert read(text) == CLAIMS
    assert read(text, 1000) == CLAIMS


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Jag vet inte.",
        '{"claims": "none"}',
        '{"claims": [1]}',
        '{"claims": ["text"]}',
        '{"claims": [{"text": 1, "sources": []}]}',
        '{"claims": [{"text": "a", "sources": {}}]}',
        '{"claims": [{"sources": []}]}',
        '{"claims": [{text: "a"}]}',
        '{"claims": [{"text": "a", "sources": [' + "[" * 20,
        '{"claims": [{"text": "a", "sources": [{"passage": ' + "9" * 5000 + ', "quote": "b"}]}]}',
        '{"claims": [' + " " * LONGEST,
    ],
)
def test_r12_what_is_no_list_of_claims_is_invalid(text: str) -> None:
    with pytest.raises(ModelFailed) as failed:
        read(text, 997)
    assert failed.value.reason == "invalid"


def test_r12_a_list_that_does_not_end_is_cut() -> None:
    with pytest.raises(ModelFailed) as failed:
        read(claims_json(TWO)[:-20])
    assert failed.value.reason == "cut"


def test_sources_that_name_no_passage_are_left_out_and_halves_of_characters_too() -> None:
    sources = (
        '[{"passage": "1", "quote": "a"}, {"passage": true, "quote": "a"}, 7, {"passage": 2, "quote": "b\\ud800"}]'
    )
    assert read('{"claims": [{"text": "a\\udfff", "sources": ' + sources + "}]}") == [Claim("a", (Source(2, "b"),))]
