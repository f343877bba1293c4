"""What every loader promises, whatever the format."""

from __future__ import annotations

from pathlib import Path

import pytest

from ingest.loaders.base import choose, slug
from ingest.loaders.registry import all_loaders
from ingest.model import BlockKind
from tests.contract.loaders import files
from tests.contract.loaders.formats import FORMATS, Format
from tests.contract.loaders.reading import of_kind, read


@pytest.mark.parametrize("format_", FORMATS, ids=lambda format_: format_.name)
class TestEveryLoader:
    @pytest.fixture
    def path(self, format_: Format, tmp_path: Path) -> Path:
        return format_.make(tmp_path / f"Ärendehantering 2025{format_.suffix}")

    def test_is_chosen_for_its_file(self, format_: Format, path: Path) -> None:
        assert choose(path, all_loaders()).name == format_.name

    def test_finds_the_title_and_does_not_repeat_it_as_a_heading(self, path: Path) -> None:
        document = read(path)
        assert document.title == files.TITLE
        assert files.TITLE not in [block.text for block in document.blocks]

    def test_makes_the_id_from_the_path(self, path: Path) -> None:
        assert read(path).id == "arendehantering-2025"

    def test_finds_the_headings_with_their_levels(self, format_: Format, path: Path) -> None:
        headings = of_kind(read(path), BlockKind.HEADING)
        assert [heading.text for heading in headings] == [
            "1 Registrering",
            "1.1 Nämndens ansvar",
            "2 Omfattning",
            "3 Uppföljning",
        ]
        first, inner, second, third = (heading.level for heading in headings)
        assert first == second == third == inner if format_.sheets else first == second == third < inner

    def test_joins_the_lines_of_a_paragraph(self, path: Path) -> None:
        assert [block.text for block in of_kind(read(path), BlockKind.PARAGRAPH)] == [files.FIRST, files.LAST]

    def test_keeps_a_list_whole_under_its_lead_in(self, path: Path) -> None:
        (block,) = of_kind(read(path), BlockKind.LIST)
        assert block.text.split("\n") == [files.LEAD_IN, *(f"- {item}" for item in files.ITEMS)]

    def test_keeps_a_table_whole_with_its_header_first(self, path: Path) -> None:
        (block,) = of_kind(read(path), BlockKind.TABLE)
        assert block.text.split("\n") == [f"| {' | '.join(row)} |" for row in files.ROWS]

    def test_knows_the_pages_where_the_format_has_them(self, format_: Format, path: Path) -> None:
        blocks = {block.text[:12]: block.pages for block in read(path).blocks}
        expected: tuple[tuple[int, ...], ...] = ((1,), (2,), (3,)) if format_.pages else ((), (), ())
        expected = ((1,), (3,), (4,)) if format_.sheets else expected
        assert (blocks[files.FIRST[:12]], blocks["2 Omfattning"], blocks[files.LAST[:12]]) == expected

    def test_leaves_running_heads_and_page_numbers_out(self, path: Path) -> None:
        text = "\n".join(block.text for block in read(path).blocks)
        assert "Sjöbo kommun |" not in text
        assert "Sida" not in text


class TestNames:
    @pytest.mark.parametrize(
        ("relative", "expected"),
        [
            ("Råd & Öl/IT-policy 2026.pdf", "rad-ol-it-policy-2026"),
            ("../../etc/passwd.txt", "etc-passwd"),
            ("A\u0308rende.md", "arende"),
            ("会議.txt", "dokument"),
            ("x" * 300 + ".txt", "x" * 100),
        ],
    )
    def test_i04_ids_are_plain_whatever_the_name(self, relative: str, expected: str) -> None:
        assert slug(relative) == expected
