"""A kill -9 before any change on disk of a publication, a discarding or a rollback leaves a state to go on from."""

from __future__ import annotations

import asyncio
import os
import shutil
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from ingest.drafts import discard, drafts, prepare, publish, rollback
from ingest.errors import NoSuchGeneration
from ingest.upkeep import tidy
from knowledge.adapters.generation import GenerationStore
from tests import forks
from tests.fakes.library import publish_generation

CHANGES = ("os.rename", "os.remove", "os.rmdir", "os.mkdir", "shutil.rmtree")
"""What the interpreter tells of before it happens, besides files that are opened to be written."""
MOST = 60


def die_before(change: int) -> None:
    """Kill this process right before its so-many-th change on disk; irrevocable, so for a process of its own."""
    done = 0

    def hook(event: str, arguments: tuple[Any, ...]) -> None:
        nonlocal done
        writes = event == "open" and isinstance(arguments[2], int) and arguments[2] & (os.O_WRONLY | os.O_RDWR)
        if event in CHANGES or (writes and not str(arguments[0]).endswith(".lock")):
            done += 1
            if done == change:
                os.kill(os.getpid(), signal.SIGKILL)

    sys.addaudithook(hook)


def _publish(root: Path, draft: str, change: int) -> None:
    die_before(change)
    asyncio.run(publish(GenerationStore(root), draft, author="Bo"))


def _discard(root: Path, draft: str, change: int) -> None:
    die_before(change)
    asyncio.run(discard(GenerationStore(root), draft))


def _roll_back(root: Path, base: str, change: int) -> None:
    die_before(change)
    asyncio.run(rollback(GenerationStore(root), base, author="Bo"))


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str, str]:
    """A store with a published generation and a draft that removes its only document."""
    root = tmp_path_factory.mktemp("prepared") / "index"
    base = publish_generation(root)
    draft = asyncio.run(
        prepare([], store=GenerationStore(root), embedder=None, author="Anna", removed=["prov.md"])
    ).generation
    assert draft is not None
    return root, base, draft


def killed_everywhere(
    act: Callable[[Path, str, int], None], start: Path, name: str, check: Callable[[Path], None]
) -> int:
    """Do it on copies of a store, killed one change later each time until it is not; how many changes there are."""
    for change in range(1, MOST):
        root = start.parent / f"{act.__name__}-{change}"
        shutil.copytree(start, root)
        process = forks.context().Process(target=act, args=(root, name, change), daemon=True)
        process.start()
        process.join(60)
        code = process.exitcode
        assert code in (0, -signal.SIGKILL)
        check(root)
        if code == 0:
            return change - 1
    raise AssertionError("there is no end of changes")


def clean(root: Path) -> list[str]:
    """What a writer has left behind."""
    return [
        str(path.relative_to(root))
        for path in root.rglob("*")
        if path.name.startswith(".tmp-") or path.suffix == ".new"
    ]


def test_i09_a_publication_that_is_killed_can_be_tried_again(prepared: tuple[Path, str, str]) -> None:
    start, base, draft = prepared

    def check(root: Path) -> None:
        store = GenerationStore(root)
        current = store.current()
        assert current in (base, draft)
        assert store.open(None).generation == current
        waiting = [each.generation for each in drafts(store)]
        assert waiting == ([draft] if current == base else [])
        assert base in store.generations()
        assert draft in store.generations() or current == base
        asyncio.run(publish(store, draft, author="Bo"))
        asyncio.run(tidy(store))
        assert store.open(None).generation == draft
        assert (drafts(store), store.generations(), clean(root)) == ([], [base, draft], [])
        assert not list((root / "drafts").iterdir())
        told = [(each.generation, each.replaced) for each in store.history()]
        assert told == [(base, None), (draft, base)]
        assert store.history()[-1].author in ("Bo", "Anna")

    assert killed_everywhere(_publish, start, draft, check) >= 4


def test_i09_a_discarding_that_is_killed_can_be_tried_again(prepared: tuple[Path, str, str]) -> None:
    start, base, draft = prepared

    def check(root: Path) -> None:
        store = GenerationStore(root)
        assert store.open(None).generation == base
        try:
            asyncio.run(discard(store, draft))
        except NoSuchGeneration:
            assert drafts(store) == []
        asyncio.run(tidy(store))
        assert not list((root / "drafts").iterdir())
        assert store.generations() == [base]

    assert killed_everywhere(_discard, start, draft, check) >= 2


def test_i09_a_rollback_that_is_killed_can_be_tried_again(prepared: tuple[Path, str, str], tmp_path: Path) -> None:
    start, base, draft = prepared
    root = tmp_path / "index"
    shutil.copytree(start, root)
    asyncio.run(publish(GenerationStore(root), draft, author="Bo"))

    def check(root: Path) -> None:
        store = GenerationStore(root)
        assert store.open(None).generation in (base, draft)
        asyncio.run(rollback(store, base, author="Bo"))
        assert store.open(None).generation == base
        assert [each.generation for each in store.history()] == [base, draft, base]

    assert killed_everywhere(_roll_back, root, base, check) >= 2
