"""What somebody may not read has no part in a search: it is as if it had never been taken in."""

from __future__ import annotations

import asyncio
import tempfile
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from knowledge.access import EVERYBODY, OPERATOR, Audience, people_of
from knowledge.adapters.search_server import SearchServer
from knowledge.advisor import Advisor, AdvisorOptions
from knowledge.model import Timing
from knowledge.ports import Index
from knowledge.retrieval import Mode
from knowledge.swedish.stems import stem
from tests.fakes.collections import Content, opened, owned, readable
from tests.fakes.knowledge import RecordingEmbedder, ShownKeys, WordList, judged_by_coverage, vector_of
from tests.fakes.search_servers import IN_MEMORY

pytestmark = pytest.mark.filterwarnings(IN_MEMORY)
OWNERS = ("", "uddevalla", "tanum", "amal")
WORDS = (
    *("avgift", "bygglov", "altan", "kommun", "nämnd", "beslut", "kronor", "styrning", "portfölj", "portföljstyrning"),
    *("bygglovsavgift", "altanbygge", "projektstyrning", "nämndbeslut", "hemligheten", "skogsvägen", "skog", "väg"),
    *("it-drift", "4711", "nis2"),
)
QUERIES = (
    "Vad kostar bygglov för altan?",
    "portfoljstyrning",
    "bygglovsavgfit",
    "styrning",
    "skogsvägen 4711",
    "nis 2",
)
SENTENCES = st.lists(st.sampled_from(WORDS), min_size=1, max_size=7).map(lambda words: " ".join(words).capitalize())
TEXTS = st.tuples(SENTENCES, st.lists(SENTENCES, min_size=1, max_size=3).map(lambda said: ". ".join(said) + "."))
DOCUMENTS = st.lists(
    st.tuples(st.sampled_from(OWNERS), st.lists(TEXTS, min_size=1, max_size=3), st.lists(SENTENCES, max_size=2)),
    min_size=1,
    max_size=6,
)
AUDIENCES = (EVERYBODY, *map(people_of, OWNERS[1:]), Audience(frozenset(("uddevalla", "amal"))), OPERATOR)
MODES: tuple[Mode, ...] = ("hybrid", "lexical", "dense")


def contents_of(drawn: list[tuple[str, list[tuple[str, str]], list[str]]]) -> list[Content]:
    return [owned(owner, f"d{number}", texts, asked) for number, (owner, texts, asked) in enumerate(drawn)]


def seen(index: Index, query: str, k: int) -> tuple[object, ...]:
    """All that an index says on a query, scores to the last digit."""
    words = [*WORDS, *map(str.lower, query.split())]
    terms = {stem(word): 1.0 / (1 + place) for place, word in enumerate(words)}
    vector = vector_of(query)
    return (
        index.lexical({stem(word): 1.0 for word in query.lower().split()}, k),
        index.lexical(terms, k),
        index.dense(vector, k),
        index.asked(vector, k),
        [(index.document_frequency(term), index.idf(term)) for term in terms],
        [index.split(word) for word in (*words, "altanbyggeavgift", "skogsvägsbeslut")],
        [index.vocabulary.corrections(word) for word in words],
        [index.vocabulary.longer(word) for word in words],
    )


def told(index: Index) -> tuple[object, ...]:
    return (
        tuple(index.passages),
        tuple(index.documents),
        tuple(index.changes),
        tuple(index.figures),
        tuple(index.vocabulary),
        index.owners,
        [index.is_asked(position) for position in range(len(index.passages))],
    )


@example([("", [("A", "Bygglov.")], []), ("amal", [("B", "Skogsvägen.")], ["Skogsvägen"])], EVERYBODY, "skogsvägen", 1)
@given(DOCUMENTS, st.sampled_from(AUDIENCES), st.sampled_from(QUERIES), st.integers(1, 9))
@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_r07_an_index_is_as_if_the_documents_of_others_had_never_been_taken_in(
    drawn: list[tuple[str, list[tuple[str, str]], list[str]]], audience: Audience, query: str, k: int
) -> None:
    is_as_if_alone(drawn, audience, query, k, None)


@example([("", [("A", "Bygglov.")], []), ("amal", [("B", "Skogsvägen.")], ["Skogsvägen"])], EVERYBODY, "skogsvägen", 1)
@given(DOCUMENTS, st.sampled_from(AUDIENCES), st.sampled_from(QUERIES), st.integers(1, 9))
@settings(
    max_examples=3,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
def test_r07_searched_by_a_server_it_is_as_if_they_had_never_been_taken_in(
    server: SearchServer,
    drawn: list[tuple[str, list[tuple[str, str]], list[str]]],
    audience: Audience,
    query: str,
    k: int,
) -> None:
    is_as_if_alone(drawn, audience, query, k, server)


def is_as_if_alone(
    drawn: list[tuple[str, list[tuple[str, str]], list[str]]],
    audience: Audience,
    query: str,
    k: int,
    server: SearchServer | None,
) -> None:
    contents = contents_of(drawn)
    with tempfile.TemporaryDirectory() as folder:
        whole = opened(Path(folder) / "whole", contents, server=server)
        part = whole.readable_by(audience)
        alone = opened(Path(folder) / "alone", readable(contents, audience), server=server)
        assert told(part) == told(alone)
        assert seen(part, query, k) == seen(alone, query, k)
        assert told(part.readable_by(EVERYBODY)) == told(whole.readable_by(EVERYBODY))


def test_r07_answers_and_searches_are_those_of_an_index_without_the_others(
    tmp_path: Path, searcher: SearchServer | None
) -> None:
    subject = "Avgift för bygglov"
    contents = [
        owned("", "taxa", [(subject, "Avgiften för bygglov beslutas av byggnadsnämnden i varje kommun.")]),
        owned("uddevalla", "taxa", [(subject, "Avgiften för bygglov av en altan är 4711 kronor.")], ["Vad kostar det"]),
        owned("tanum", "taxa", [(subject, "Avgiften för bygglov av en altan är 6543 kronor.")], ["Vad kostar altan"]),
        owned("tanum", "mer", [(f"Mer {n}", f"Bygglov, altan, avgift, kronor {n}.") for n in range(30)]),
    ]
    whole = opened(tmp_path / "whole", contents, server=searcher)
    for audience in (EVERYBODY, people_of("uddevalla")):
        part = advisor(whole.readable_by(audience))
        alone = advisor(opened(tmp_path / str(len(audience.owners)), readable(contents, audience), server=searcher))
        for question in ("Vad är avgiften för bygglov av en altan?", "avgiftne bygglov", "Tanum", "6543"):
            assert asyncio.run(asked(part, question)) == asyncio.run(asked(alone, question))


def advisor(index: Index) -> Advisor:
    always = AdvisorOptions(operating_point=0.0)
    return Advisor(index, RecordingEmbedder(), WordList(), ShownKeys(), always, answerability=judged_by_coverage())


async def asked(held: Advisor, question: str) -> tuple[object, ...]:
    """What every search finds, and the answer; without how long it took, and which generation it came from."""
    found = [await held.search(question, 5, mode) for mode in MODES]
    answer = await held.ask(question)
    return *found, replace(answer, timing=Timing(0, 0, 0), generation="")


def test_where_everything_is_everybodys_an_audience_gets_the_index_itself(tmp_path: Path) -> None:
    index = opened(tmp_path, [owned("", "a", [("A", "Bygglov.")])])
    assert all(index.readable_by(audience) is index for audience in AUDIENCES)
    assert not list(tmp_path.rglob("owned.json"))


def test_r07_the_best_places_are_filled_from_what_may_be_read(tmp_path: Path, searcher: SearchServer | None) -> None:
    """However much nearer everything else is: nothing is cut off first and left out afterwards."""
    others = owned("tanum", "b", [(f"B{n}", "Bygglov altan avgift.") for n in range(40)], ["Bygglov altan avgift"])
    mine = owned("uddevalla", "a", [(f"A{n}", f"Bygglov och annat {n}.") for n in range(4)], ["Hur är det med annat"])
    index = opened(tmp_path, [others, mine], server=searcher).readable_by(people_of("uddevalla"))
    vector = vector_of("Bygglov altan avgift")
    assert len(index.lexical({stem("bygglov"): 1.0}, 4)) == len(index.dense(vector, 4)) == 4
    assert [position for position, _, _ in index.asked(vector, 9)] == [0]
    assert {index.passages[position].document for position, _ in index.dense(vector, 40)} == {"uddevalla-a"}


def test_r07_an_audience_of_nothing_finds_nothing(tmp_path: Path, searcher: SearchServer | None) -> None:
    whole = opened(tmp_path, [owned("tanum", "b", [("B", "Bygglov.")], ["Bygglov"])], server=searcher)
    index = whole.readable_by(EVERYBODY)
    vector = vector_of("Bygglov")
    assert told(index) == ((), (), (), (), (), frozenset(), [])
    assert not index.lexical({stem("bygglov"): 1.0}, 3)
    assert not index.dense(vector, 3)
    assert not index.asked(vector, 3)


def test_r07_many_threads_at_once_search_in_what_is_theirs(tmp_path: Path, searcher: SearchServer | None) -> None:
    whole = opened(tmp_path, [owned(owner, "a", [("A", f"Bygglov {owner}.")] * 3) for owner in OWNERS], server=searcher)

    def found(owner: str) -> set[str]:
        index = whole.readable_by(people_of(owner))
        positions = [*index.dense(vector_of("Bygglov"), 12), *index.lexical({stem("bygglov"): 1.0}, 12)]
        return {index.passages[position].document for position, _ in positions}

    searched = [owner for _ in range(15) for owner in OWNERS]
    with ThreadPoolExecutor(50) as pool:
        for owner, documents in zip(searched, pool.map(found, searched), strict=True):
            assert documents == {"alla-a", f"{owner or 'alla'}-a"}
