"""Fields in Word text: what a reader sees is their result, and of tables of contents and indexes not even that."""

from __future__ import annotations

from dataclasses import dataclass, field

_LISTINGS = ("TOC", "INDEX", "TOA", "BIBLIOGRAPHY")


@dataclass(slots=True)
class _Field:
    instruction: list[str] = field(default_factory=list)
    in_result: bool = False


class Fields:
    """Follows the marks that begin, divide and end fields; they may lie paragraphs apart and stand in one another."""

    def __init__(self) -> None:
        self._open: list[_Field] = []

    def mark(self, kind: str) -> None:
        """Take a mark: `begin`, `separate` or `end`."""
        if kind == "begin":
            self._open.append(_Field())
        elif kind == "separate" and self._open:
            self._open[-1].in_result = True
        elif kind == "end" and self._open:
            self._open.pop()

    def instruct(self, text: str) -> None:
        """Take a part of a field's instruction."""
        if self._open:
            self._open[-1].instruction.append(text)

    @property
    def silent(self) -> bool:
        """Whether what comes now is an instruction, or an entry of a table of contents."""
        return any(not field.in_result or is_listing("".join(field.instruction)) for field in self._open)


def is_listing(instruction: str) -> bool:
    """Whether a field's result repeats what stands elsewhere, as a table of contents does."""
    return instruction.strip().upper().startswith(_LISTINGS)
