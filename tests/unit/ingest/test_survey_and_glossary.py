"""The survey and the glossary: data in, sentences that can be quoted alone out."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import knowledge
from ingest.loaders.registry import TEXT_LOADERS, load_file
from ingest.model import BlockKind
from knowledge import glossary, survey
from knowledge.errors import LibraryInvalid
from knowledge.model import Unit
from knowledge.swedish.tokens import sentences

LIBRARY = Path(knowledge.__file__).parent / "library"
SURVEY = LIBRARY / "enkat-2024.yaml"
GLOSSARY = LIBRARY / "ordlista.yaml"


@pytest.fixture(scope="module")
def items() -> dict[str, survey.Item]:
    return {item.id: item for item in survey.load(SURVEY).items}


class TestSurvey:
    def test_has_every_figure_of_the_report_from_2_to_24(self, items: dict[str, survey.Item]) -> None:
        numbers = {int(item.number) for item in items.values() if item.number}
        assert numbers == set(range(2, 25))

    def test_a_distribution_reads_in_one_sentence(self, items: dict[str, survey.Item]) -> None:
        assert sentences(items["portfoljstyrning"].text)[0] == (
            "I enkäten 2024 svarade 17 procent att portföljstyrningen i kommunen är icke-existerande, "
            "28 procent ostrukturerad, 33 procent i utvecklingsfas, 6 procent delvis etablerad och "
            "2 procent väl fungerande (figur 3)."
        )

    def test_every_printed_share_is_stated_and_none_that_is_not(self, items: dict[str, survey.Item]) -> None:
        for item in items.values():
            if item.findings:
                continue
            stated = {match.replace(",", ".") for match in re.findall(r"(\d+(?:,\d+)?) procent", item.text)}
            printed = {f"{option.percent:g}" for option in item.options if option.percent}
            printed |= {f"{group.percent:g}" for group in item.combined}
            assert stated == printed, item.id

    def test_shares_are_never_worded_as_shares_of_municipalities(self, items: dict[str, survey.Item]) -> None:
        for item in items.values():
            assert not re.search(r"procent av kommunerna", item.text), item.id
            if item.figure is not None:
                unit = "kryss" if item.unit is Unit.TICK else "svar"
                assert f"gäller {unit}" in item.text
                assert "inte kommuner" in item.text

    def test_sentences_are_short_and_name_their_subject(self, items: dict[str, survey.Item]) -> None:
        for item in items.values():
            for sentence in (*sentences(item.text), *item.errors):
                assert len(sentence) <= 260, (item.id, sentence)
                assert sentence.endswith((".", "”.")), (item.id, sentence)
                assert not re.match(r"(?:Den|Det|De|Han|Hon) (?:är|var|har|kan|ska|visar|gäller|kräver)\b", sentence)
                assert not re.match(r"(?:Detta|Dessa|Här|Där)\b", sentence), sentence

    def test_sums_agree_with_the_errors_that_name_them(self, items: dict[str, survey.Item]) -> None:
        for item in items.values():
            named = [re.search(r"summerar till (\d+(?:,\d+)?)", error) for error in item.errors]
            for match in filter(None, named):
                total = sum(option.percent or 0 for option in item.options) + sum(g.percent for g in item.combined)
                assert f"{total:g}".replace(".", ",") == match.group(1), item.id

    def test_a_correction_is_only_given_beside_a_printed_number(self, items: dict[str, survey.Item]) -> None:
        corrected = [
            (item.id, option.percent, option.corrected)
            for item in items.values()
            for option in item.options
            if option.corrected is not None
        ]
        assert corrected == [("portfoljstyrning", 2, 11), ("arkitekturstyrning", 1, 10)]

    def test_becomes_one_figure_block_an_item_under_section_topic_and_figure(self) -> None:
        document = load_file(SURVEY, "enkat-2024.yaml", TEXT_LOADERS)
        place = next(i for i, block in enumerate(document.blocks) if block.text == "Portföljstyrning")
        section, topic, figure, block = document.blocks[place - 1 : place + 3]
        assert (section.level, topic.level, figure.level, figure.text) == (1, 2, 3, "Figur 3")
        assert section.text.startswith("3.2.2 ")
        assert block.kind is BlockKind.FIGURE
        assert block.pages == (28, 29)
        assert block.figure is not None
        assert [bar.percent for bar in block.figure.bars] == [17, 28, 33, 6, 2, None, None]
        assert any("tryckfel" in note for note in block.notes)
        assert (document.id, document.as_of) == ("statusrapport-2024", "2024-05-17")

    @pytest.mark.parametrize(
        ("old", "new", "named"),
        [
            ("unit: respondent", "unit: person", "items[0].unit"),
            ("percent: 17, level", "percent: 170, level", "items[2].options[0].percent"),
            ("percent: 17, level", "procent: 17, level", "items[2].options[0]"),
            ("as_of: 2024-05-17", "as_of: i våras", "survey.as_of"),
            ("pages: [28, 29]", "pages: 28-29", "items[2].pages"),
            ("id: samv_ledning", "id: samv_erfarenhet", "items[1].id"),
            ("    claim: portföljstyrningen i kommunen är\n", "", "items[2].claim"),
            ("items:", "items: [", "YAML"),
        ],
    )
    def test_names_the_field_that_is_wrong(self, tmp_path: Path, old: str, new: str, named: str) -> None:
        path = tmp_path / "enkat.yaml"
        path.write_text(SURVEY.read_text(encoding="utf-8").replace(old, new, 1), encoding="utf-8")
        with pytest.raises(LibraryInvalid, match=re.escape(named)):
            survey.load(path)


class TestGlossary:
    def test_a_term_becomes_a_definition_with_its_other_names(self) -> None:
        term = glossary.Term("digital mognad", "Digital mognad är X.", ("mognad",), "DM", ("digital maturity",))
        assert term.heading == "Digital mognad"
        assert term.text == (
            "Digital mognad är X. Digital mognad kallas också mognad eller DM. "
            "På engelska heter digital mognad digital maturity."
        )

    def test_every_term_of_the_library_is_a_block_of_its_own(self) -> None:
        known = glossary.load(GLOSSARY)
        document = load_file(GLOSSARY, "ordlista.yaml", TEXT_LOADERS)
        assert [block.text for block in document.blocks if block.kind is BlockKind.DEFINITION] == [
            term.text for term in known.terms
        ]

    @pytest.mark.parametrize(
        ("question", "found", "other"),
        [
            ("Vad är portföljstyrningen bra för?", "portföljstyrningen", "portföljhantering"),
            ("What is digital maturity?", "digital maturity", "digital mognad"),
            ("hur går det med SDK", "sdk", "säker digital kommunikation"),
        ],
    )
    def test_finds_other_names_of_what_a_question_says(self, question: str, found: str, other: str) -> None:
        assert other in glossary.load(GLOSSARY).alternatives(question)[found]

    def test_a_broader_word_does_not_stand_for_a_narrower_term(self) -> None:
        known = glossary.load(GLOSSARY)
        assert "drift" not in known.alternatives("Vad kostar drift?")
        assert "hinder" not in known.alternatives("Vilka hinder finns?")

    def test_names_the_field_that_is_wrong(self, tmp_path: Path) -> None:
        path = tmp_path / "ordlista.yaml"
        path.write_text(
            "document: o\ntitle: O\nkind: guide\nterms:\n  - {term: a, definition: [b]}\n", encoding="utf-8"
        )
        with pytest.raises(LibraryInvalid, match=re.escape("terms[0].definition")):
            glossary.load(path)
