"""The systems that are compared, on a corpus of three texts with vectors that count words."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from langchain_core.embeddings import Embeddings

from knowledge.adapters.embedding_cache import VectorCache
from knowledge.evaluation import EvaluationQuestion
from knowledge.model import Asked, Document, DocumentKind, Hit, Origin, Passage, PassageKind, embedded_texts
from knowledge.swedish.steps import ALL, Step
from tests.bench.retrieval import ablation, report
from tests.bench.retrieval.ablation import Variant, changed, measure, open_index
from tests.bench.retrieval.baseline import CHUNK_SIZE, as_found, chunks
from tests.bench.retrieval.corpora import HELD_BACK, Case, Corpus, Found, Texts, right_document
from tests.bench.retrieval.plain import Plain, as_markdown
from tests.bench.retrieval.report import Measured
from tests.bench.retrieval.settings import Places
from tests.bench.retrieval.systems import BM25, DENSE, FUSION, HYBRID, LANGCHAIN, LEXICAL, Engine, defaults, fused, ours
from tests.bench.retrieval.vectors import KeptEmbeddings
from tests.fakes.knowledge import RecordingEmbedder, vector_of, vectors_of

TEXTS = {
    "pass": "Polisen utfärdar pass. Ett pass gäller i fem år.",
    "visum": "Migrationsverket prövar ansökan om visum. Avgiften betalas i förväg.",
    "arkiv": "Arkivmyndigheten gallrar handlingar efter tio år.",
}


class CountingEmbeddings(Embeddings):
    """Vectors that count words; remembers how many texts it was given."""

    def __init__(self) -> None:
        self.passages: list[str] = []
        self.questions: list[str] = []

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        self.passages += texts
        return [vector_of(text).tolist() for text in texts]

    def embed_query(self, text: str) -> list[float]:
        return self.embed_queries([text])[0]

    def embed_queries(self, texts: list[str]) -> list[list[float]]:
        self.questions += texts
        return [vector_of(text).tolist() for text in texts]


def passage(name: str, text: str, **more: object) -> Passage:
    whole = Passage(name, name, f"{name}.txt", Origin.INGESTED, name.title(), (), (), PassageKind.TEXT, text)
    return replace(whole, **more)  # type: ignore[arg-type]  # fields of a passage, named by each test


def corpus(passages: Sequence[Passage]) -> Corpus:
    documents = tuple(
        Document(one.document, one.path, one.title, DocumentKind.OTHER, Origin.INGESTED, "") for one in passages
    )
    asked = {"pass": "Hur länge gäller ett pass?", "visum": "Vem prövar en ansökan om visum?", "arkiv": "Vem gallrar?"}
    cases = [
        Case(EvaluationQuestion.model_validate({"id": name, "question": question, "documents": [name]}), "alla")
        for name, question in asked.items()
    ]
    return Corpus(
        name="library",
        title="Tre texter",
        texts=Texts(documents, tuple(passages), vectors_of(embedded_texts(passages)), "fake/words"),
        plain=tuple(Plain(one.path, one.document, one.text) for one in passages),
        cases=tuple(cases),
        judges={"document": right_document},
        found=lambda one: Found(one.document, one.text),
    )


@pytest.fixture
def small() -> Corpus:
    return corpus([passage(name, text) for name, text in TEXTS.items()])


@pytest.fixture(scope="module")
def engine() -> Engine:
    return Engine.load(RecordingEmbedder())


async def test_the_default_recipe_finds_what_is_nearest(small: Corpus) -> None:
    embeddings = CountingEmbeddings()
    found = await defaults(small, embeddings)
    assert [hits[0].document for hits in found[LANGCHAIN]] == ["pass", "visum", "arkiv"]
    assert [len(hits) for hits in found[LANGCHAIN]] == [3, 3, 3]
    assert embeddings.passages == list(TEXTS.values())
    assert [hits[0].document for hits in found[BM25]] == ["pass", "visum", "arkiv"]
    assert [len(hits) for hits in found[BM25]] == [1, 1, 1]


def test_pieces_are_those_of_the_recipe_and_know_their_pages() -> None:
    words = " ".join(f"ord{number}" for number in range(400))
    plain = Plain("lång.txt", "lång", words, lambda start, text: frozenset({start // 1000, len(text)}))
    pieces = chunks([plain])
    assert len(pieces) > 2
    assert all(len(piece.page_content) <= CHUNK_SIZE for piece in pieces)
    assert pieces[1].page_content.split()[0] in pieces[0].page_content
    assert [one.body for one in as_found(pieces, [plain])] == [piece.page_content for piece in pieces]
    assert as_found(pieces, [plain])[0].pages == {0, len(pieces[0].page_content)}


def test_a_file_becomes_markdown_and_a_piece_of_it_is_on_every_page_that_it_cuts() -> None:
    parts = [
        passage("a", "Ett.", headings=("Mål", "Delmål"), pages=(3,)),
        passage("b", "Två.", headings=("Mål", "Annat"), pages=(4, 5)),
        passage("c", "Tre.", headings=("Mål", "Annat")),
    ]
    plain = as_markdown(parts)
    assert plain.text == "# A\n\n## Mål\n\n### Delmål\n\nEtt.\n\n### Annat\n\nTvå.\n\nTre.\n"
    assert (plain.path, plain.document) == ("a.txt", "a")
    assert plain.pages(plain.text.index("Ett."), "Ett.") == {3}
    assert plain.pages(0, plain.text) == {3, 4, 5}
    assert plain.pages(plain.text.index("Tre."), "Tre.") == frozenset()


def test_fusion_adds_reciprocal_ranks() -> None:
    a, b, c = (Hit(1, 0.0, passage(name, name)) for name in "abc")
    # a: 1/61, b: 1/62 + 1/61, c: 1/62
    assert [hit.passage.id for hit in fused([a, b], [b, c])] == ["b", "a", "c"]


async def test_our_searches_are_asked_by_the_service_s_own_door(small: Corpus, engine: Engine, tmp_path: Path) -> None:
    index = await asyncio.to_thread(open_index, small.texts, tmp_path)
    found = await ours(small, index, engine)
    assert set(found) == {HYBRID, LEXICAL, DENSE, FUSION}
    assert [hits[0].document for hits in found[HYBRID]] == ["pass", "visum", "arkiv"]
    assert [len(hits) for hits in found[DENSE]] == [3, 3, 3]
    assert [len(hits) for hits in found[LEXICAL]] == [1, 1, 1]


async def test_a_part_that_is_off_is_missed_where_it_matters(engine: Engine, tmp_path: Path) -> None:
    """`kommuns` is found in a text with `kommuner` by its stem alone."""
    whole = corpus([passage("pass", "Varje kommuner beslutar."), passage("visum", "Alla andra väntar.")])
    asked = EvaluationQuestion.model_validate({"id": "1", "question": "Vilken kommuns?", "documents": ["pass"]})
    whole = replace(whole, cases=(Case(asked, "alla"),))
    index = await asyncio.to_thread(open_index, whole.texts, tmp_path)
    known = await ours(whole, index, engine)
    without = await measure(whole, Variant("", ALL - {Step.STEMS, Step.SPELLING}), engine, index, known)
    assert [hits[0].document for hits in known[LEXICAL]] == ["pass"]
    assert without[LEXICAL] == [[]]


async def test_questions_that_are_read_alike_are_not_asked_again(small: Corpus, engine: Engine, tmp_path: Path) -> None:
    index = await asyncio.to_thread(open_index, small.texts, tmp_path)
    known = await ours(small, index, engine)
    marked = {name: [[Found("känt", "")] for _ in hits] for name, hits in known.items()}
    alike = await measure(small, Variant("", ALL - {Step.ENGLISH}), engine, index, marked)
    assert alike == {HYBRID: marked[HYBRID], LEXICAL: marked[LEXICAL]}
    same_texts = Variant("", change=lambda one: replace(one, headings=()))
    assert await measure(small, same_texts, engine, index, marked) == alike
    again = await measure(small, Variant("", ALL - {Step.STEMS}), engine, index, marked)
    assert [hits[0].document for hits in again[HYBRID]] == ["pass", "visum", "arkiv"]


async def test_a_step_that_reads_questions_is_off_in_their_synonyms_too(engine: Engine, tmp_path: Path) -> None:
    whole = corpus([passage("pass", "Läget för digital mognad."), passage("visum", "Alla andra väntar.")])
    asked = EvaluationQuestion.model_validate({"id": "1", "question": "What about maturity?", "documents": ["pass"]})
    whole = replace(whole, cases=(Case(asked, "alla"),))
    index = await asyncio.to_thread(open_index, whole.texts, tmp_path)
    known = await ours(whole, index, engine)
    without = await measure(whole, Variant("", ALL - {Step.ENGLISH}), engine, index, known)
    assert [hits[0].document for hits in known[LEXICAL]] == ["pass"]
    assert without[LEXICAL] == [[]]


def test_taking_questions_away_takes_their_vectors_too() -> None:
    texts = corpus([passage("pass", TEXTS["pass"], questions=(Asked("Hur länge?"), Asked("Vem?")))]).texts
    assert len(texts.vectors) == 3
    without = changed(texts, lambda one: replace(one, questions=()))
    assert len(without.vectors) == 1
    assert len(changed(texts, lambda one: replace(one, title="")).vectors) == 3


def test_every_step_has_a_row() -> None:
    off = [ALL - variant.steps for variant in ablation.variants()]
    assert [steps for steps in off if len(steps) == 1] == [frozenset({step}) for step in Step]


def test_a_text_is_embedded_once_and_kept(tmp_path: Path) -> None:
    engines: list[CountingEmbeddings] = []

    def start() -> CountingEmbeddings:
        engines.append(CountingEmbeddings())
        return engines[-1]

    first = KeptEmbeddings(start, VectorCache(tmp_path / "vectors.sqlite3"))
    made = first.embed_documents(["ett pass", "ett visum", "ett pass"])
    assert engines[0].passages == ["ett pass", "ett visum"]
    assert first.embed_query("ett pass") == made[0]
    assert (engines[0].questions, first.embedded) == (["ett pass"], 3)

    second = KeptEmbeddings(start, VectorCache(tmp_path / "vectors.sqlite3"))
    assert second.embed_documents(["ett visum", "ett pass"]) == [made[1], made[0]]
    assert len(engines) == 1


def test_missing_data_is_left_out_and_said(tmp_path: Path) -> None:
    places = Places.read(
        ["--data", str(tmp_path), "--report", str(tmp_path / "rapport.txt"), "--results", str(tmp_path)]
    )
    missing = list(places.left_out())
    assert len(missing) == 2
    assert (
        f"texts of authorities (swequad_train_passages.jsonl or swequad_train_questions.jsonl is not in {tmp_path})"
        in (missing[0])
    )
    assert f"(rapport.txt or pages.csv is not in {tmp_path})" in missing[1]
    for name in ("swequad_train_passages.jsonl", "swequad_train_questions.jsonl", "rapport.txt", "pages.csv"):
        (tmp_path / name).touch()
    assert list(places.left_out()) == []


def test_the_report_names_the_better_leg_and_judges_the_bars(small: Corpus) -> None:
    right = [[Found(name, "")] for name in TEXTS]
    wrong: list[list[Found]] = [[], [], []]
    ranked = {HYBRID: right, LEXICAL: wrong, DENSE: [right[0], *wrong[1:]], LANGCHAIN: right}
    cases = tuple(replace(case, group=HELD_BACK) for case in small.cases)
    one = Measured(replace(small, name="authority", cases=cases, groups=(HELD_BACK,)), ranked)
    assert one.better_leg("document") == DENSE
    bars = [str(bar) for bar in report.bars([one])]
    assert bars[:2] == [
        "authority, held back: nDCG@10 of hybrid, against dense only: 1.000 ≥ 0.353 ok",
        "authority, held back: hit@5 of hybrid, against LangChain's default: 1.000 ≥ 1.050 MISSED",
    ]
    lines = list(report.section(one))
    assert "| hybrid | 1.000 (1.000-1.000) | 1.000 (1.000-1.000) | 1.000 (1.000-1.000) | 1.000 (1.000-1.000) |" in lines
    data = report.data([one])["authority"]["document"]["all"]
    assert data["questions"] == 3
    assert data["hybrid less"][DENSE]["hit@1"]["value"] == pytest.approx(2 / 3)
