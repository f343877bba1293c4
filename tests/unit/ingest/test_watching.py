"""What a watch over folders hands out, look by look."""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.watching import Batch, Watch

Change = Callable[[], object]


class Looks:
    """A sleep between two looks, in which something happens."""

    def __init__(self, *changes: Change) -> None:
        self._changes = list(changes)

    async def __call__(self, seconds: float) -> None:
        if not self._changes:
            raise TimeoutError("nothing happens any more")
        await asyncio.to_thread(self._changes.pop(0))


def nothing() -> None:
    """Happens."""


def names(batch: Batch) -> list[str]:
    return [source.relative for source in batch.files]


def writes(path: Path, text: str) -> Change:
    return lambda: path.write_text(text, encoding="utf-8")


async def test_what_is_there_comes_first_and_then_what_changes(tmp_path: Path) -> None:
    a, b = tmp_path / "a.md", tmp_path / "b.md"
    await asyncio.to_thread(writes(a, "A"))
    watch = Watch([tmp_path], sleep=Looks(nothing, nothing, writes(b, "B"), nothing, b.unlink, nothing))
    first = await watch.next()
    watch.done(first)
    second = await watch.next()
    watch.done(second)
    third = await watch.next()
    watch.done(third)
    assert [names(first), names(second), names(third)] == [["a.md"], ["a.md", "b.md"], ["a.md"]]
    assert [first.whole, second.whole, third.whole] == [True, True, True]
    with pytest.raises(TimeoutError):
        await watch.next()


async def test_a_file_that_is_being_written_is_left_until_it_is_done(tmp_path: Path) -> None:
    a, slow = tmp_path / "a.md", tmp_path / "slow.pdf"
    grows = [writes(slow, "x" * length) for length in (1, 2, 3)]
    await asyncio.to_thread(writes(a, "A"))
    watch = Watch([tmp_path], sleep=Looks(grows[0], grows[1], grows[2], nothing))
    first = await watch.next()
    watch.done(first)
    second = await watch.next()
    assert (names(first), first.whole) == (["a.md"], False)
    assert (names(second), second.whole) == (["a.md", "slow.pdf"], True)


async def test_what_is_gone_is_told_again_once_everything_is_written(tmp_path: Path) -> None:
    a, b, slow = tmp_path / "a.md", tmp_path / "b.md", tmp_path / "slow.pdf"
    for path in (a, b):
        await asyncio.to_thread(writes(path, "text"))

    def goes_while_another_comes() -> None:
        b.unlink()
        slow.write_text("x", encoding="utf-8")

    watch = Watch([tmp_path], sleep=Looks(nothing, goes_while_another_comes, writes(slow, "xx"), nothing))
    watch.done(await watch.next())
    later = await watch.next()
    assert (names(later), later.whole) == (["a.md", "slow.pdf"], True)


async def test_a_batch_that_failed_comes_again(tmp_path: Path) -> None:
    await asyncio.to_thread(writes(tmp_path / "a.md", "A"))
    watch = Watch([tmp_path], sleep=Looks(nothing, nothing))
    assert names(await watch.next()) == names(await watch.next()) == ["a.md"]


class Worked:
    """A sleep in which one file grows, or goes with 0; then two in which nothing happens."""

    def __init__(self, folder: Path, steps: list[tuple[str, int]]) -> None:
        self._folder = folder
        self._steps = [*steps, ("", 0), ("", 0)]
        self.touched = ""

    async def __call__(self, seconds: float) -> None:
        if not self._steps:
            raise TimeoutError
        self.touched, more = self._steps.pop(0)
        await asyncio.to_thread(self._change, self._folder / (self.touched or "none"), more)

    def _change(self, path: Path, more: int) -> None:
        if more:
            with path.open("ab") as file:
                file.write(b"x" * more)
        else:
            path.unlink(missing_ok=True)


@settings(max_examples=25, deadline=None)
@given(st.lists(st.tuples(st.sampled_from("abc"), st.integers(0, 2)), max_size=12))
def test_whatever_happens_no_half_file_is_handed_out_and_in_the_end_all_are(steps: list[tuple[str, int]]) -> None:
    async def run(folder: Path) -> None:
        worked = Worked(folder, steps)
        watch = Watch([folder], sleep=worked)
        taken: dict[str, int] = {}
        try:
            while True:
                batch = await watch.next()
                assert worked.touched not in names(batch)
                sizes = await asyncio.to_thread(sizes_in, folder)
                kept = {} if batch.whole else taken
                taken = kept | {name: size for name, size in sizes.items() if name in names(batch)}
                watch.done(batch)
        except TimeoutError:
            pass
        assert taken == await asyncio.to_thread(sizes_in, folder)

    with tempfile.TemporaryDirectory() as folder:
        asyncio.run(run(Path(folder)))


def sizes_in(folder: Path) -> dict[str, int]:
    return {path.name: path.stat().st_size for path in folder.iterdir()}
