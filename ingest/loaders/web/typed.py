"""Lists whose numbers or letters an author typed, each item a paragraph of its own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from ingest.cleaning.bullets import count_mark, item_text, neighbour, split_lead_in
from ingest.model import Block, BlockKind


def with_typed_lists(blocks: Sequence[Block]) -> list[Block]:
    """Paragraphs whose marks count on from one to the next become a list, under the sentence that announces it."""
    marks = [count_mark(block.text) if block.kind is BlockKind.PARAGRAPH else "" for block in blocks]
    result: list[Block] = []
    for index, block in enumerate(blocks):
        if not marks[index] or not _counts(marks, index):
            result.append(block)
            continue
        row = f"- {item_text(block.text)}"
        last = result[-1] if result else None
        if last is not None and last.kind is BlockKind.LIST:
            result[-1] = replace(last, text=f"{last.text}\n{row}")
            continue
        rest, lead = split_lead_in(last.text) if last is not None and last.kind is BlockKind.PARAGRAPH else ("", "")
        if lead and last is not None:
            result[-1:] = [replace(last, text=rest)] if rest else []
            row = f"{lead}\n{row}"
        result.append(Block(BlockKind.LIST, row))
    return result


def _counts(marks: Sequence[str], index: int) -> bool:
    near = {*marks[max(0, index - 1) : index], *marks[index + 1 : index + 2]}
    return neighbour(marks[index], 1) in near or neighbour(marks[index], -1) in near
