"""What a Markdown file says of its own validity."""

from __future__ import annotations

from pathlib import Path

import pytest

from ingest.errors import DocumentRejected, Reason
from ingest.loaders.markdown import MarkdownLoader


def load(folder: Path, front: str) -> tuple[str | None, ...]:
    path = folder / "plan.md"
    path.write_text(f"---\n{front}\n---\n# Plan\n\nPlanen gäller.\n", encoding="utf-8")
    loaded = MarkdownLoader().load(path, "plan.md")
    return loaded.valid_from, loaded.valid_until, loaded.review_by, loaded.responsible


def test_validity_and_who_looks_it_over_are_read(tmp_path: Path) -> None:
    front = "valid_from: 2026-01-01\nvalid_until: '2027-12-31'\nreview_by: 2027-06-30\nresponsible: Kansliet"
    assert load(tmp_path, front) == ("2026-01-01", "2027-12-31", "2027-06-30", "Kansliet")
    assert load(tmp_path, "title: Plan") == (None, None, None, None)


@pytest.mark.parametrize("front", ["valid_until: i juni", "review_by: '2027-13-01'", "responsible: ''"])
def test_what_is_no_day_is_refused_by_name(tmp_path: Path, front: str) -> None:
    with pytest.raises(DocumentRejected) as refused:
        load(tmp_path, front)
    assert refused.value.reason is Reason.FRONT_MATTER
    assert front.partition(":")[0] in refused.value.detail


def test_a_day_that_the_calendar_does_not_have_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DocumentRejected, match="month"):
        load(tmp_path, "review_by: 2027-13-01")
