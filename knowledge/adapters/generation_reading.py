"""Finding and opening generations on disk; `generation` says how they lie there."""

from __future__ import annotations

from pathlib import Path

from knowledge.adapters import embedding_cache, generation_files, older_files
from knowledge.adapters.contents import Contents, contents_of
from knowledge.adapters.draft_files import DraftFiles
from knowledge.adapters.history import History, Publication
from knowledge.adapters.manifest import Manifest, read_manifest, refuse_newer
from knowledge.adapters.open_generation import OpenGeneration
from knowledge.adapters.pointer import Pointer, is_name
from knowledge.adapters.search_server import SearchServer
from knowledge.adapters.server_rows import Held, ServerRows
from knowledge.errors import IndexDamaged, IndexMismatch, IndexUnavailable
from knowledge.retention import Retention
from knowledge.swedish.steps import ALL, Steps, at_ingest

FORMAT = 4
"""Raised whenever the files' layout or the Swedish analysis changes; `GenerationStore.refresh` rewrites older ones."""


class GenerationReading:
    """Opens generations below `root`, analysed by `steps`. For `retention` and `server` see GenerationStore."""

    def __init__(
        self,
        root: Path,
        steps: Steps = ALL,
        retention: Retention = Retention(),  # noqa: B008 - a frozen value
        server: SearchServer | None = None,
    ) -> None:
        self.root = root
        self.steps = steps
        self.retention = retention
        self.server = server
        self.drafts = DraftFiles(root / "drafts")
        self._pointer = Pointer(root)
        self._history = History(root)
        self._generations = root / "generations"
        self._embeddings = root / embedding_cache.FILE

    def current(self) -> str | None:
        """The published generation's id, or None. Raises IndexDamaged where the pointer is not readable."""
        published = self._pointer.read()
        return published.generation if published is not None else None

    def manifest(self, generation: str | None = None) -> Manifest:
        """The manifest of a generation or draft, or the published one's. Raises IndexUnavailable, IndexDamaged."""
        if generation is not None:
            return self._manifest(generation)
        published = self._pointer.read()
        if published is None:
            raise IndexUnavailable("no generation is published")
        return self._manifest(published.generation, published.checksum)

    def contents(self, generation: str | None = None) -> Contents:
        """All that a generation or draft was made of, the published one by default; empty where none is.

        Raises IndexDamaged, and IndexUnavailable for a format that only a newer version of the program knows.
        """
        if generation is None and self._pointer.read() is None:
            return contents_of(None, None, (), (), None)
        manifest = self.manifest(generation)
        refuse_newer(manifest, FORMAT)
        read = older_files.read_contents if manifest.format <= older_files.LAST else generation_files.read_contents
        return read(self._directory(manifest.generation), manifest)

    def open(self, model: str | None, generation: str | None = None) -> OpenGeneration:
        """A generation or draft, the published one by default, for questions embedded by `model`.

        None: lexical search only. Raises IndexUnavailable (none, or made by another version or with other steps of the
        analysis), IndexDamaged, and IndexMismatch where its vectors come from another model: comparing vectors of two
        models gives numbers without meaning. Raises IndexUnavailable, too, where the server of searches does not
        answer, or does not hold the published generation.
        """
        manifest = self.manifest(generation)
        if manifest.format != FORMAT:
            raise IndexUnavailable(f"generation {manifest.generation} has format {manifest.format}, not {FORMAT}")
        if manifest.steps != at_ingest(self.steps):
            made, wanted = ", ".join(manifest.steps or ()) or "none", ", ".join(at_ingest(self.steps)) or "none"
            raise IndexUnavailable(f"generation {manifest.generation} was analysed by the steps {made}, not {wanted}")
        if model is not None and manifest.model is not None and model != manifest.model:
            raise IndexMismatch(
                f"generation {manifest.generation} was embedded with {manifest.model}, the service is set to {model}"
            )
        server = self.server if generation is None else None
        if server is not None and not server.holds(self._held(manifest)):
            raise IndexUnavailable(f"the search server does not hold generation {manifest.generation}")
        return generation_files.open_files(self._directory(manifest.generation), manifest, self.steps, server)

    def is_older(self) -> bool:
        """Whether the published generation has to be rewritten before it can be opened.

        Raises IndexDamaged, and IndexUnavailable for a format that only a newer version of the program knows.
        """
        if self._pointer.read() is None:
            return False
        manifest = self.manifest()
        refuse_newer(manifest, FORMAT)
        return manifest.format != FORMAT or manifest.steps != at_ingest(self.steps)

    def is_held(self) -> bool:
        """Whether the server of searches, where there is one, holds the published generation, where there is one.

        Raises IndexDamaged, and IndexUnavailable where the server does not answer.
        """
        if self.server is None or self._pointer.read() is None or self.is_older():
            return True
        return self.server.holds(self._held(self.manifest()))

    def generations(self) -> list[str]:
        """Ids of all complete generations but drafts, oldest first."""
        if not self._generations.is_dir():
            return []
        waiting = {*self.drafts.names()} - {self._readable_current()}
        names = (path.name for path in self._generations.iterdir() if path.is_dir() and not path.name.startswith("."))
        return sorted(name for name in names if name not in waiting)

    def history(self) -> tuple[Publication, ...]:
        """Every publication since there is a history, oldest first; also of generations that are gone."""
        return self._history.read()

    def _readable_current(self) -> str | None:
        """None also where the pointer is damaged: that must not keep anybody from publishing what is whole."""
        try:
            return self.current()
        except IndexDamaged:
            return None

    def _directory(self, name: str) -> Path:
        """Where a generation's files are: a draft's move when it is published."""
        if not is_name(name):
            raise IndexUnavailable(f"generation {name!r} does not exist")
        return self.drafts.directory(name) or self._generations / name

    def _held(self, manifest: Manifest) -> Held:
        return generation_files.held(self._directory(manifest.generation), manifest)

    def _rows(self, manifest: Manifest) -> ServerRows:
        return generation_files.server_rows(self._directory(manifest.generation), manifest)

    def _manifest(self, name: str, checksum: str | None = None) -> Manifest:
        return read_manifest(self._directory(name), name, checksum)
