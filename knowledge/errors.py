"""The exceptions of the knowledge package.

KnowledgeError
├── IndexUnavailable      no generation is published, or it cannot be read
│   ├── IndexDamaged      a file differs from its checksum, or is missing
│   └── IndexMismatch     the vectors come from another embedding model
├── EmbeddingFailed       the embedding engine or server did not answer as agreed
├── ModelFailed           the language model gave no answer that can be used, or may not be asked
└── LibraryInvalid        a data file of the knowledge base breaks its schema
"""


class KnowledgeError(Exception):
    """Root of all that this package raises on purpose."""


class IndexUnavailable(KnowledgeError):
    """There is no generation to serve from."""


class IndexDamaged(IndexUnavailable):
    """A file of the generation differs from what its manifest recorded."""


class IndexMismatch(IndexUnavailable):
    """The generation's vectors were made by another embedding model than the configured one."""


class EmbeddingFailed(KnowledgeError):
    """No vectors could be made: the engine cannot run here, or the server failed."""


class ModelFailed(KnowledgeError):
    """The language model gave nothing usable. `reason` says why in one word, for logs and for the answer's label:

    `unavailable`, `slow`, `busy`, `refused`, `filtered`, `cut`, `invalid`, `budget`, `budget_unknown`.
    """

    def __init__(self, message: str, reason: str) -> None:
        super().__init__(message)
        self.reason = reason


class LibraryInvalid(KnowledgeError):
    """A data file (survey, glossary) does not follow its schema; the message names file and field."""
