"""How the index grows: building, opening and searching it from a thousand to a hundred thousand passages.

`python -m tests.bench.scale [FOLDER] [--texts FILE.jsonl]` (`make bench-scale`). The texts and vectors are those of the
index in the data folder, and of further texts (a JSON object with `text` a line) where they are given: real ones,
multiplied with variation (see `multiplied`). Only what is given is embedded, once: its vectors are kept in FOLDER. The
questions are those that weights are chosen on. On a busy machine a search waits longer than it works; both are told.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from bot.knowledge_base import embedding_config
from bot.settings import Settings
from ingest.pipeline import ingest
from knowledge.adapters import embedding_cache
from knowledge.adapters.embeddings import build_embedder
from knowledge.adapters.generation import GenerationStore
from tests.bench.bars import Bar, at_most
from tests.bench.scale_plot import draw
from tests.program import FYREN, ROOT, environment

SIZES = (1_000, 3_000, 10_000, 30_000, 100_000)
QUESTIONS = ROOT / "tests" / "evals" / "development.jsonl"
ASKED = 160
"""Questions that are asked, taken evenly from the file."""
DOCUMENTS = 100
"""Files of the folder that is ingested twice."""
_HEAD = "passages  terms   build s  build MB  index MB  open s  search ms p50/p95  embedding too p50/p95"


def main(argv: Sequence[str] | None = None) -> int:
    """Print the table and the bars, and write both with a plot to the folder; 1 where a bar is missed."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("folder", nargs="?", type=Path, default=Path("var/bench"))
    parser.add_argument("--texts", type=Path, help="further texts: a JSON object with `text` a line")
    parser.add_argument("--sizes", type=int, nargs="+", default=SIZES)
    given = parser.parse_args(argv)
    given.folder.mkdir(parents=True, exist_ok=True)
    base = _base(given.folder, given.texts)
    print(_HEAD)
    rows = []
    for size in given.sizes:
        rows.append(_measured(base, given.folder / "scaled", size))
        print(_line(rows[-1]), flush=True)
    bars = [*_bars(rows), _unchanged(given.folder, base)]
    for bar in bars:
        print(bar)
    report = {"sizes": rows, "bars": [_as_data(bar) for bar in bars]}
    (given.folder / "scale.json").write_text(json.dumps(report, ensure_ascii=False, indent=1), encoding="utf-8")
    (given.folder / "scale.png").write_bytes(draw(rows))
    return 0 if all(bar.is_held for bar in bars) else 1


def _base(folder: Path, texts: Path | None) -> Path:
    """A copy of the data folder's index, with the given texts taken in; vectors of an earlier run are kept."""
    base = folder / "base"
    kept = shutil.ignore_patterns(embedding_cache.FILE)
    for old in (base / "generations", base / "current"):
        shutil.rmtree(old) if old.is_dir() else old.unlink(missing_ok=True)
    shutil.copytree(Settings.read().index_dir, base, ignore=kept, dirs_exist_ok=True)
    if texts is not None:
        files = folder / "texts"
        files.mkdir(exist_ok=True)
        for number, line in enumerate(texts.read_text(encoding="utf-8").splitlines()):
            (files / f"{number:04}.txt").write_text(json.loads(line)["text"], encoding="utf-8")
        embedder = build_embedder(embedding_config(Settings.read()))
        asyncio.run(ingest([files], store=GenerationStore(base), embedder=embedder, prune=True))
    return base


def _measured(base: Path, target: Path, size: int) -> dict[str, Any]:
    """Everything about one size, each half in a process of its own."""
    shutil.rmtree(target, ignore_errors=True)
    built = _run("build", str(base), str(target), str(size))
    measured = _run("measure", str(target), given=json.dumps(_questions()))
    shutil.rmtree(target)
    return {"passages": size, **built, **measured}


def _run(*arguments: str, given: str = "") -> dict[str, Any]:
    command = [sys.executable, "-m", "tests.bench.scale_run", *arguments]
    done = subprocess.run(command, input=given, stdout=subprocess.PIPE, text=True, check=True)
    result: dict[str, Any] = json.loads(done.stdout)
    return result


def _questions() -> list[str]:
    lines = [json.loads(line) for line in QUESTIONS.read_text(encoding="utf-8").splitlines()]
    alone = [line["question"] for line in lines if not line["context"]]
    return alone[:: max(1, len(alone) // ASKED)][:ASKED]


def _line(row: Mapping[str, Any]) -> str:
    search, both = row["search_ms"], row["with_embedding_ms"]
    return (
        f"{row['passages']:>8}  {row['terms']:>6}  {row['build_seconds']:>7.1f}  {row['build_mb']:>8.0f}  "
        f"{row['size_mb']:>8.1f}  {row['open_seconds']:>6.3f}  {search['p50']:>8.1f} /{search['p95']:>6.1f}  "
        f"{both['p50']:>13.1f} /{both['p95']:>6.1f}"
    )


def _bars(rows: Sequence[Mapping[str, Any]]) -> Iterator[Bar]:
    last = rows[-1]
    search, both = last["search_ms"], last["with_embedding_ms"]
    of = f"{last['passages']} passages, {last['questions']} questions; at work {search['processor_p95']:.1f} ms"
    yield Bar("hybrid search, 95th percentile", search["p95"], 60, "ms", at_most, of)
    of = f"at work {both['processor_p95']:.1f} ms"
    yield Bar("the same with the question's vector", both["p95"], 90, "ms", at_most, of)
    yield Bar("memory while building", last["build_mb"], 1500, "MB", at_most)
    yield Bar("opening the index", last["open_seconds"], 1, "s", at_most)
    if len(rows) >= 3:
        yield Bar("index size: cost of a late passage, of an early one", _growth(rows, "size_mb"), 1.1, "", at_most)
        yield Bar(
            "build time: cost of a late passage, of an early one", _growth(rows, "build_seconds"), 1.3, "", at_most
        )


def _growth(rows: Sequence[Mapping[str, Any]], figure: str) -> float:
    """What a passage adds between the last two sizes, of what one adds between the two before: 1 where it is linear."""
    early, middle, late = rows[-3:]
    before = (middle[figure] - early[figure]) / (middle["passages"] - early["passages"])
    after = (late[figure] - middle[figure]) / (late["passages"] - middle["passages"])
    return float(after / before)


def _unchanged(folder: Path, base: Path) -> Bar:
    """The whole command on a folder of a hundred documents that it knows."""
    data, files = folder / "hundred-data", folder / "hundred"
    shutil.rmtree(files, ignore_errors=True)
    files.mkdir()
    passages = GenerationStore(base).contents().passages
    for number in range(DOCUMENTS):
        text = "\n\n".join(passage.text for passage in passages[number :: len(passages) // 2 or 1])
        suffix = "md" if number % 2 else "txt"
        (files / f"{number:03}.{suffix}").write_text(f"# Dokument {number}\n\n{text}\n", encoding="utf-8")
    _ingest(data, files)
    started = time.perf_counter()
    report = _ingest(data, files)
    seconds = time.perf_counter() - started
    unchanged = sum(each["status"] == "unchanged" for each in report["documents"])
    detail = f"{unchanged} unchanged, {report['embedded']} embedded"
    whole = seconds if (unchanged, report["embedded"]) == (DOCUMENTS, 0) else float("inf")
    return Bar(f"fyren ingest of {DOCUMENTS} unchanged documents", whole, 2, "s", at_most, detail)


def _ingest(data: Path, files: Path) -> dict[str, Any]:
    command = [*FYREN, "ingest", "--json", str(files)]
    done = subprocess.run(command, env=environment(data), stdout=subprocess.PIPE, text=True, check=True)
    report: dict[str, Any] = json.loads(done.stdout)
    return report


def _as_data(bar: Bar) -> dict[str, Any]:
    return {"name": bar.name, "measured": bar.measured, "limit": bar.limit, "unit": bar.unit, "held": bar.is_held}


if __name__ == "__main__":
    sys.exit(main())
