"""However far a machine came before it died, what all others see is whole: the last publication or the one before."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from knowledge.adapters.history import Action
from knowledge.adapters.shared_generations import SharedGenerations
from knowledge.retention import Retention
from tests.fakes.archive import Died, Held, MemoryArchive
from tests.fakes.knowledge import document, passage

KEEP = Retention(generations=1)
DEEDS = ("publish", "draft", "publish a draft", "discard", "go back", "prune", "erase")


def write(store: SharedGenerations, text: str, *, draft: bool = False) -> str:
    passages = [passage(text, id="p0")]
    return store.write(documents=[document()], passages=passages, vectors=None, model=None, draft=draft)


class Writer:
    """A machine that writes, and what it knows to be done: every generation's text, and what was published last."""

    def __init__(self, store: SharedGenerations) -> None:
        self.store = store
        self.texts: dict[str, str] = {}
        self.published: str | None = None
        self.trying: str | None = None

    def do(self, deed: str, text: str) -> None:
        deeds: dict[str, Callable[[str], None]] = {
            "publish": self._publish,
            "draft": self._draft,
            "publish a draft": self._publish_a_draft,
            "discard": self._discard,
            "go back": self._go_back,
            "prune": lambda _: self.store.prune(KEEP),
            "erase": lambda _: self.store.erase(),
        }
        with self.store.writing(0):
            self.store.settle()
            deeds[deed](text)

    def _point(self, generation: str, action: Action = Action.PUBLISHED) -> None:
        self.trying = generation
        self.store.publish(generation, action=action)
        self.published, self.trying = generation, None

    def _publish(self, text: str) -> None:
        generation = write(self.store, text)
        self.texts[generation] = text
        self._point(generation)

    def _draft(self, text: str) -> None:
        draft = write(self.store, text, draft=True)
        self.texts[draft] = text
        self.store.drafts.keep(draft, text.encode())

    def _publish_a_draft(self, _: str) -> None:
        for draft in self.store.drafts.names()[:1]:
            self._point(draft)

    def _discard(self, _: str) -> None:
        for draft in self.store.drafts.names()[:1]:
            self.store.discard(draft)

    def _go_back(self, _: str) -> None:
        for generation in self.store.generations()[:1]:
            self._point(generation, Action.ROLLED_BACK)


@settings(max_examples=25, deadline=None)
@given(
    deeds=st.lists(st.tuples(st.sampled_from(DEEDS), st.sampled_from(["enkät", "arkiv"])), min_size=1, max_size=5),
    steps=st.integers(0, 60),
)
def test_a_machine_that_dies_leaves_the_old_or_the_new_publication(deeds: list[tuple[str, str]], steps: int) -> None:
    held = Held()
    with tempfile.TemporaryDirectory() as folder:
        writer = Writer(SharedGenerations(Path(folder, "one"), MemoryArchive(held, steps)))
        with suppress(Died):
            for deed, text in deeds:
                writer.do(deed, text)
        other = SharedGenerations(Path(folder, "other"), MemoryArchive(held))

        def is_whole() -> None:
            current, history = other.current(), other.history()
            assert current in {writer.published, writer.trying}
            assert (history[-1].generation if history else None) == current
            if current is not None:
                assert [each.text for each in other.open(None).passages] == [writer.texts[current]]
            for name in (*other.drafts.names(), *other.generations()):
                assert [each.text for each in other.open(None, name).passages] == [writer.texts[name]]
            assert not set(other.drafts.names()) & set(other.generations())

        is_whole()
        with other.writing(0):
            other.settle()
            other.prune(KEEP)
            is_whole()
            assert held.files.keys() == held.kept.keys(), "nothing is left that nobody can see"
            latest = write(other, "bredband")
            other.publish(latest)
        again = SharedGenerations(Path(folder, "one"), MemoryArchive(held))  # the machine that died is back
        assert [each.text for each in again.open(None).passages] == ["bredband"]
        with again.writing(0):
            again.settle()
        assert not list(Path(folder, "one", "shared").glob("written/*"))
