"""Passages follow headings, lose nothing, keep order, and stay within their limits."""

from __future__ import annotations

import re
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from ingest.model import Block, BlockKind, LoadedDocument
from ingest.passages import HARD_MAX, cut, words
from knowledge.model import Asked, Bar, Figure, Origin, Passage, PassageKind, Unit

TEXT_KINDS = (BlockKind.PARAGRAPH, BlockKind.LIST, BlockKind.TABLE)


def passages(*blocks: Block, section: str = "") -> tuple[Passage, ...]:
    document = LoadedDocument(id="plan", title="Plan", blocks=blocks, section=section)
    return cut(document, path="plan.md", origin=Origin.INGESTED)


def heading(text: str, level: int = 1) -> Block:
    return Block(BlockKind.HEADING, text, level=level)


def paragraph(count: int, word: str = "ord", pages: tuple[int, ...] = ()) -> Block:
    """Sentences of ten words each."""
    sentence = " ".join([word.capitalize(), *[word] * 9]) + "."
    return Block(BlockKind.PARAGRAPH, " ".join([sentence] * (count // 10)), pages=pages)


class TestHeadings:
    def test_the_path_has_the_section_first_and_forgets_closed_headings(self) -> None:
        found = passages(
            heading("A"), heading("B", 2), paragraph(10), heading("C", 2), paragraph(10), heading("D"), paragraph(10),
            section="3.2 Styrning",
        )  # fmt: skip
        assert [passage.headings for passage in found] == [
            ("3.2 Styrning", "A", "B"),
            ("3.2 Styrning", "A", "C"),
            ("3.2 Styrning", "D"),
        ]

    def test_a_heading_without_text_gives_no_passage(self) -> None:
        assert passages(heading("A"), heading("B")) == ()

    def test_nothing_is_joined_over_a_heading(self) -> None:
        assert len(passages(heading("A"), paragraph(10), heading("B"), paragraph(10))) == 2


class TestWeights:
    def test_blocks_of_different_weight_are_never_joined_and_passages_have_their_block_s_weight(self) -> None:
        found = passages(paragraph(20), replace(paragraph(20), weight=0.6), replace(paragraph(10), weight=0.6))
        assert [(each.weight, words(each.text)) for each in found] == [(1.0, 20), (0.6, 30)]


class TestParagraphs:
    def test_short_neighbours_are_joined_and_have_the_pages_of_both(self) -> None:
        (passage,) = passages(paragraph(30, pages=(4,)), paragraph(40, "till", pages=(5,)))
        assert passage.pages == (4, 5)
        assert passage.text.count("\n") == 1

    def test_a_list_is_joined_with_the_paragraphs_around_it(self) -> None:
        items = Block(BlockKind.LIST, "Så här:\n- ett\n- två", questions=(Asked("hur"), Asked("när")))
        before = replace(paragraph(20), questions=(Asked("varför"), Asked("hur")))
        (passage,) = passages(before, items, paragraph(20, "efter"))
        assert passage.kind is PassageKind.LIST
        assert passage.text.count("Så här:\n- ett\n- två\nEfter") == 1
        assert [asked.text for asked in passage.questions] == ["varför", "hur", "när"]

    def test_a_question_answered_in_two_joined_blocks_has_both_answers(self) -> None:
        one = replace(paragraph(10), questions=(Asked("hur", ("Ord.",)),))
        other = replace(paragraph(10), questions=(Asked("hur", ("Två.", "Ord.")), Asked("när")))
        (passage,) = passages(one, other)
        assert passage.questions == (Asked("hur", ("Ord.", "Två.")), Asked("när"))

    def test_two_lists_and_what_has_notes_of_its_own_stay_apart(self) -> None:
        one, other = Block(BlockKind.LIST, "- ett"), Block(BlockKind.LIST, "- två")
        assert len(passages(one, other)) == 2
        assert len(passages(paragraph(10), replace(one, notes=("Osäkert.",)))) == 2
        assert len(passages(paragraph(150), one, paragraph(150))) == 2

    def test_full_ones_stay_apart(self) -> None:
        assert [words(passage.text) for passage in passages(paragraph(120), paragraph(120, "till"))] == [120, 120]

    def test_a_long_one_is_divided_between_sentences_into_similar_parts(self) -> None:
        found = passages(paragraph(400))
        assert [words(passage.text) for passage in found] == [140, 140, 120]
        assert all(passage.text.endswith(".") for passage in found)

    def test_paragraphs_with_different_reservations_stay_apart(self) -> None:
        noted = Block(BlockKind.PARAGRAPH, "Två procent.", notes=("Troligen fel.",))
        found = passages(paragraph(10), noted)
        assert [passage.notes for passage in found] == [(), ("Troligen fel.",)]


class TestListsAndTables:
    def test_a_short_list_stays_whole(self) -> None:
        text = "Gör så:\n- ett\n  - inre\n- två"
        (passage,) = passages(Block(BlockKind.LIST, text))
        assert (passage.text, passage.kind) == (text, PassageKind.LIST)

    def test_a_long_list_is_divided_between_items_with_its_lead_in_on_each(self) -> None:
        items = [f"- punkt {number} {'ord ' * 28}".strip() for number in range(20)]
        found = passages(Block(BlockKind.LIST, "\n".join(["Kraven är:", *items])))
        assert len(found) > 2
        assert all(passage.text.startswith("Kraven är:\n- ") for passage in found)
        assert [line for passage in found for line in passage.text.split("\n")[1:]] == items

    def test_a_long_table_is_divided_between_rows_with_its_header_on_each(self) -> None:
        rows = [f"| {number} | {'ord ' * 20}|" for number in range(30)]
        found = passages(Block(BlockKind.TABLE, "\n".join(["| Nr | Text |", *rows])))
        assert all(passage.text.startswith("| Nr | Text |\n") for passage in found)
        assert [line for passage in found for line in passage.text.split("\n")[1:]] == rows

    def test_figures_and_definitions_are_passages_of_their_own(self) -> None:
        figure = Figure("3", "Hur?", Unit.RESPONDENT, (Bar("Ja", 17.0),))
        found = passages(
            Block(BlockKind.DEFINITION, "Portfölj är en samling."),
            Block(BlockKind.FIGURE, "17 procent.", figure=figure, notes=("Fel.",)),
            Block(BlockKind.DEFINITION, "Mål är något."),
        )
        assert [passage.kind for passage in found] == [
            PassageKind.DEFINITION,
            PassageKind.FIGURE,
            PassageKind.DEFINITION,
        ]
        assert (found[1].figure, found[1].notes) == (figure, ("Fel.",))


class TestIdentity:
    def test_an_edit_elsewhere_leaves_an_id_alone(self) -> None:
        before = passages(heading("A"), paragraph(120), heading("B"), paragraph(120, "till"))
        after = passages(heading("A"), paragraph(110, "nytt"), paragraph(90), heading("B"), paragraph(120, "till"))
        assert before[-1].id == after[-1].id
        assert before[0].id not in {passage.id for passage in after}

    def test_equal_passages_have_different_ids(self) -> None:
        found = passages(heading("A"), paragraph(120), paragraph(120))
        assert len({passage.id for passage in found}) == 2


SENTENCES = st.lists(
    st.integers(1, 40).map(lambda count: " ".join(["Ord", *["ord"] * (count - 1)]) + "."), min_size=1, max_size=12
)
PAGES = st.integers(1, 9)
ITEMS = st.lists(st.integers(1, 60).map(lambda count: " ".join(["punkt"] * count)), min_size=1, max_size=15)
BLOCKS = st.lists(
    st.one_of(
        st.builds(lambda text, level: heading(f"Rubrik {text}", level), st.integers(0, 99), st.integers(1, 4)),
        st.builds(lambda parts, page: Block(BlockKind.PARAGRAPH, " ".join(parts), pages=(page,)), SENTENCES, PAGES),
        st.builds(lambda items: Block(BlockKind.LIST, "\n".join(["Lista:", *(f"- {item}" for item in items)])), ITEMS),
        st.builds(lambda items: Block(BlockKind.TABLE, "\n".join(f"| {item} |" for item in ["Huvud", *items])), ITEMS),
    ),
    max_size=14,
)  # fmt: skip


def content(texts: list[str]) -> list[str]:
    """Every word in order; lead-ins and headers count once, since they may be repeated."""
    return [word for text in texts for word in re.findall(r"\w+", text) if word not in ("Lista", "Huvud")]


@given(BLOCKS)
def test_no_word_is_lost_or_moved_and_the_limits_hold(blocks: list[Block]) -> None:
    found = passages(*blocks)
    given_text = [block.text for block in blocks if block.kind is not BlockKind.HEADING]
    assert content([passage.text for passage in found]) == content(given_text)
    assert all(words(passage.text) <= HARD_MAX for passage in found)
    assert len({passage.id for passage in found}) == len(found)
    pages = {page for block in blocks if block.kind is not BlockKind.HEADING for page in block.pages}
    assert {page for passage in found for page in passage.pages} == pages


@given(BLOCKS)
def test_cutting_twice_gives_the_same(blocks: list[Block]) -> None:
    assert passages(*blocks) == passages(*blocks)
