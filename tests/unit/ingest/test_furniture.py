"""Running heads, page numbers, tables of contents and footnotes are told from text."""

from __future__ import annotations

import pytest

from ingest.cleaning.clean import clean, clean_lines, text_lines
from ingest.cleaning.footnotes import marked, without_footnotes
from ingest.cleaning.furniture import without_furniture
from ingest.cleaning.lines import Line
from ingest.cleaning.vocabulary import Vocabulary

BODY = (
    "Nämnden följer upp planen varje år.",
    "Kommunen samlar sina initiativ i en plan.",
    "Förvaltningen rapporterar till styrelsen.",
    "Invånarna ska kunna lämna synpunkter.",
    "Avgiften beslutas av fullmäktige.",
)


def texts(lines: list[Line]) -> list[str]:
    return [line.text for line in lines]


class TestOnPages:
    def pages(self, count: int, head: str, foot: str) -> list[Line]:
        lines: list[Line] = []
        for page in range(1, count + 1):
            lines.append(Line(head.format(page=page), page, edge=True, y=800))
            lines += [Line(f"{text} Stycke {chr(96 + page)}.", page, y=600) for text in BODY]
            lines.append(Line(foot.format(page=page), page, edge=True, y=30))
        return lines

    @pytest.mark.parametrize("count", [2, 3, 12])
    def test_heads_and_feet_that_repeat_are_dropped(self, count: int) -> None:
        kept, dropped = without_furniture(self.pages(count, "Plan för Ed | {page}", "Sida {page} av 12"))
        assert dropped == 2 * count
        assert all(line.text.endswith(".") for line in kept)

    def test_different_heads_on_odd_and_even_pages_are_dropped(self) -> None:
        lines = [
            Line(text or ("Kommunen" if page % 2 else "Planen"), page, edge=not text, y=600 if text else 800, size=10)
            for page in range(1, 9)
            for text in ("", *(f"{text} Stycke {chr(96 + page)}." for text in BODY))
        ]
        kept, dropped = without_furniture(lines)
        assert dropped == 8
        assert {"Kommunen", "Planen"}.isdisjoint(texts(kept))

    def test_numbered_headings_in_large_letters_stay(self) -> None:
        lines = [
            Line(text or f"Bilaga {page}", page, edge=not text, y=600 if text else 790, size=10 if text else 16)
            for page in range(1, 7)
            for text in ("", *(f"{text} Stycke {chr(96 + page)}." for text in BODY))
        ]
        assert without_furniture(lines)[1] == 0

    def test_a_lone_page_number_in_the_margin_is_dropped_and_one_in_the_text_is_not(self) -> None:
        lines = [Line("7", 7, edge=True), Line("Antalet var", 7), Line("7", 7), Line("under året.", 7)]
        kept, _ = without_furniture(lines)
        assert texts(kept) == ["Antalet var", "7", "under året."]


class TestWithoutPages:
    def test_lines_around_printed_page_numbers_are_dropped(self) -> None:
        head = "Datum\n2024-05-17\nSida {page} (9)\nTitel\nPlanen"
        bodies = [[f"{text} Stycke {name}." for text in BODY] for name in "abc"]
        parts = ["\n".join([head.format(page=page), *body]) for page, body in enumerate(bodies, start=1)]
        kept, dropped = without_furniture(text_lines("\n".join(parts)))
        assert dropped == 15
        assert texts(kept) == [text for body in bodies for text in body]

    def test_bare_numbers_count_only_when_they_count(self) -> None:
        def numbered(*numbers: int) -> list[Line]:
            bodies = ["\n".join(f"{text} {number}{letter}." for letter in "abc" for text in BODY) for number in numbers]
            return text_lines("\n".join(f"{number}\n{body}" for number, body in zip(numbers, bodies, strict=True)))

        assert without_furniture(numbered(4, 5, 6))[1] == 3
        assert without_furniture(numbered(4, 9, 2))[1] == 0


def test_a_table_of_contents_is_dropped() -> None:
    contents = "Innehåll\n\n1 Inledning ........ 3\n1.1 Syfte ....... 4\n2 Mål ...... 5\n\nPlanen gäller hela kommunen."
    assert clean(contents).text == "Innehåll\n\nPlanen gäller hela kommunen."
    plain = "Inledning 3\nSyfte med planen 4\nMål 7\nUppföljning 9\n\nPlanen gäller hela kommunen."
    assert clean(plain).text == "Planen gäller hela kommunen."


class TestFootnotes:
    def test_marks_and_bare_references_go_and_real_notes_stay_at_the_end(self) -> None:
        text = (
            "Förstudien om samverkan1 visar stora vinster. Enligt utredningen2 är den framtida kostnaden 12 miljoner.\n"
            "Kommunerna lär av varandra 3. Arbetet pågår fortfarande under NIS2 och eIDAS2.\n"
            "1 (Ek, 2020)\n2 Uppgiften avser endast kommuner som svarade på enkäten.\n3 (SKR, u.å.)\n"
        )
        done = clean_lines(text_lines(text), frozenset())
        assert done.mended.footnote_marks == 3
        assert [block.text for block in done.blocks] == [
            "Förstudien om samverkan visar stora vinster. Enligt utredningen är den framtida kostnaden 12 miljoner. "
            "Kommunerna lär av varandra. Arbetet pågår fortfarande under NIS2 och eIDAS2.",
            "Fotnoter",
            "Uppgiften avser endast kommuner som svarade på enkäten.",
        ]

    def test_numbered_headings_are_no_notes(self) -> None:
        text = "1 Inledning\n\nPlanen gäller.\n\n2 Mål\n\nMålen är tre.\n\n3 Uppföljning\n\nPlanen följs upp.\n"
        assert clean(text).text.count("\n\n") == 5

    @pytest.mark.parametrize(
        ("text", "expected"),
        [
            ("Rapporten om samverkan17 är klar.", "Rapporten om samverkan är klar."),
            ("Se figur3, bilaga2 och tabell 4.", "Se figur3, bilaga2 och tabell 4."),
            ("NIS2, eIDAS2, Microsoft365, covid19 och 2024/1689 gäller.", None),
            ("Beslutet gäller år2025.", None),
        ],
    )
    def test_a_glued_number_goes_only_from_a_known_word(self, text: str, expected: str | None) -> None:
        vocabulary = Vocabulary(text, {"samverkan", "rapporten", "figur", "bilaga"})
        result = without_footnotes([Line(text)], vocabulary)
        assert texts(result.lines) == [expected or text]

    def test_a_raised_number_always_goes(self) -> None:
        result = without_footnotes([Line(f"Enligt Kommunutredningen{marked('9')} är det så.")], Vocabulary("", ()))
        assert texts(result.lines) == ["Enligt Kommunutredningen är det så."]
        assert result.marks == 1
