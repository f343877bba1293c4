"""Sees to it that an XML part declares no document type, and with it no entities."""

from __future__ import annotations

from xml.parsers import expat

from ingest.errors import DocumentRejected, Reason


class Opening:
    """What stands before the first element of an XML part, which is where document types and entities are declared.

    The parser is the one that reads the part afterwards, so that no encoding shows it anything else.
    """

    def __init__(self, name: str) -> None:
        self._name = name
        self._over = False
        self._parser = expat.ParserCreate()
        self._parser.StartDoctypeDeclHandler = self._declared
        self._parser.StartElementHandler = self._first_element

    def feed(self, piece: bytes) -> None:
        """Raises DocumentRejected(UNSAFE) for a document type. Broken XML is left to whoever parses the part."""
        if not self._over:
            try:
                self._parser.Parse(piece)
            except (expat.ExpatError, StopIteration, LookupError, ValueError):
                self._over = True

    def _declared(self, *_: object) -> None:
        raise DocumentRejected(Reason.UNSAFE, f"{self._name}: declares a document type, which may declare entities")

    def _first_element(self, *_: object) -> None:
        raise StopIteration
