"""Plain text becomes headings, paragraphs, lists and tables, however it is wrapped and spaced."""

from __future__ import annotations

import pytest

from ingest.cleaning.clean import clean_lines, text_lines
from ingest.cleaning.lines import Line
from ingest.model import BlockKind

PARAGRAPH = (
    "Kommunen samlar sina digitala initiativ i en portfölj och prioriterar mellan",
    "dem utifrån de mål som fullmäktige har beslutat om för hela mandatperioden i",
    "kommunen och dess bolag.",
)
OTHER = (
    "Nämnderna redovisar varje år vilka initiativ som har startats, vilka som har",
    "avslutats och vilken nytta de har gjort för invånarna.",
)


def shapes(text: str) -> list[tuple[str, str]]:
    """Kind (and level) and text of every block."""
    done = clean_lines(text_lines(text), frozenset())
    return [(f"h{block.level}" if block.level else block.kind.value, block.text) for block in done.blocks]


@pytest.mark.parametrize(
    "text",
    [
        "\n".join((*PARAGRAPH, "", *OTHER)),
        "\n".join((*PARAGRAPH, *OTHER)),
        "\n\n".join((*PARAGRAPH, *OTHER, *PARAGRAPH)),
        f"{' '.join(PARAGRAPH)}\n{' '.join(OTHER)}",
    ],
    ids=["empty lines between", "no empty lines", "double spaced", "one line each"],
)
def test_paragraphs_are_told_apart_and_joined(text: str) -> None:
    assert shapes(text)[:2] == [("paragraph", " ".join(PARAGRAPH)), ("paragraph", " ".join(OTHER))]


def test_numbered_capital_and_short_headings_nest() -> None:
    text = "\n".join(
        (
            "3 Resultat",
            "3.1 Styrning",
            "KOMMUNERNAS PORTFÖLJSTYRNING",
            *PARAGRAPH,
            "Socialtjänst, vård och omsorg",
            *OTHER,
            "3.2 Mycket långa rubriker som",
            "fortsätter på nästa rad",
            *PARAGRAPH,
        )
    )
    assert [shape for shape in shapes(text) if shape[0] != "paragraph"] == [
        ("h1", "3 Resultat"),
        ("h2", "3.1 Styrning"),
        ("h3", "KOMMUNERNAS PORTFÖLJSTYRNING"),
        ("h4", "Socialtjänst, vård och omsorg"),
        ("h2", "3.2 Mycket långa rubriker som fortsätter på nästa rad"),
    ]


@pytest.mark.parametrize("bullet", ["•", "▪", "-", "–", "*", "\uf0b7"])
def test_a_list_has_its_lead_in_and_whole_items(bullet: str) -> None:
    text = "\n".join(
        (
            *PARAGRAPH,
            "Arbetet har tre delar:",
            f"{bullet} att samla alla initiativ som pågår eller planeras i förvaltningarna och",
            "i bolagen",
            f"{bullet} att välja",
            f"{bullet} att följa upp.",
            *OTHER,
        )
    )
    assert shapes(text)[1:] == [
        (
            "list",
            "Arbetet har tre delar:\n- att samla alla initiativ som pågår eller planeras i förvaltningarna och "
            "i bolagen\n- att välja\n- att följa upp.",
        ),
        ("paragraph", " ".join(OTHER)),
    ]


def test_counted_items_keep_their_numbers_and_a_lone_number_is_no_list() -> None:
    assert shapes("Gör så här:\n1. Öppna e-tjänsten.\n2. Logga in.\n3. Skicka.")[0] == (
        "list",
        "Gör så här:\n- 1) Öppna e-tjänsten.\n- 2) Logga in.\n- 3) Skicka.",
    )
    assert "list" not in [kind for kind, _ in shapes("Planen antogs 2019.\n3. Därefter hände inget mer i frågan alls.")]


def test_a_bullet_on_a_line_of_its_own_belongs_to_the_next() -> None:
    assert shapes("Delar:\n•\nen plan\n•\nett mål")[0] == ("list", "Delar:\n- en plan\n- ett mål")


def test_a_dash_in_running_text_is_no_bullet() -> None:
    text = "Kommunen har en plan som gäller hela perioden och som omfattar alla nämnder\n- även bolag - och följs upp."
    assert [kind for kind, _ in shapes(text)] == ["paragraph"]


def test_rows_with_tabs_or_bars_are_a_table() -> None:
    expected = ("table", "| År | Antal |\n| 2024 | 12 |")
    assert shapes("År\tAntal\n2024\t12")[0] == expected
    assert shapes("| År | Antal |\n|----|-------|\n| 2024 | 12 |")[0] == expected


def test_captions_stand_alone() -> None:
    text = "\n".join((*PARAGRAPH, "Figur 3: Portföljstyrning i kommunerna.", *OTHER))
    assert ("paragraph", "Figur 3: Portföljstyrning i kommunerna.") in shapes(text)


def test_short_lines_after_a_colon_are_items_where_every_line_is_a_paragraph() -> None:
    long = " ".join((*PARAGRAPH, *OTHER))
    items = "barn under 6 år\nskolelever\nforskare"
    text = f"Avgifter\nVem som betalar\n{long}\nFöljande behöver inte betala:\n{items}\n{long}"
    assert shapes(text) == [
        ("h1", "Avgifter"),
        ("h1", "Vem som betalar"),
        ("paragraph", long),
        ("list", "Följande behöver inte betala:\n- barn under 6 år\n- skolelever\n- forskare"),
        ("paragraph", long),
    ]


def test_form_feeds_separate_pages() -> None:
    text = "\n".join(PARAGRAPH) + "\f" + "\n".join(OTHER)
    done = clean_lines(text_lines(text), frozenset())
    assert [block.pages for block in done.blocks] == [(1,), (2,)]


def test_a_heading_is_known_by_size_and_weight_where_the_source_tells_them() -> None:
    lines = [
        Line("Plan för digitalisering", 1, gap=1, size=20),
        Line("i hela kommunen", 1, size=20),
        Line("Syfte.", 1, gap=1, size=14, bold=True),
        *(Line(text, 1, size=11, gap=1.0 * (number == 0)) for number, text in enumerate(PARAGRAPH)),
        Line("Vem gör vad?", 1, gap=1, size=11, bold=True),
        *(Line(text, 1, size=11) for text in OTHER),
    ]
    blocks = clean_lines(lines, frozenset()).blocks
    assert [(block.text, block.level) for block in blocks if block.kind is BlockKind.HEADING] == [
        ("Plan för digitalisering i hela kommunen", 1),
        ("Syfte.", 2),
        ("Vem gör vad?", 3),
    ]
    assert [block.text for block in blocks if not block.level] == [" ".join(PARAGRAPH), " ".join(OTHER)]
