"""The survey and the glossary: data in, sentences that can be quoted alone out."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import knowledge
from ingest.loaders.registry import TEXT_LOADERS, load_file
from ingest.model import BlockKind
from knowledge import glossary
from knowledge.errors import LibraryInvalid
from knowledge.model import Unit
from knowledge.survey.loading import load
from knowledge.survey.model import Item
from knowledge.survey.wording import text
from knowledge.swedish.tokens import sentences

LIBRARY = Path(knowledge.__file__).parent / "library"
SURVEY = LIBRARY / "enkat-2024.yaml"
GLOSSARY = LIBRARY / "ordlista.yaml"


@pytest.fixture(scope="module")
def items() -> dict[str, Item]:
    return {item.id: item for item in load(SURVEY).items}


class TestSurvey:
    def test_has_every_figure_of_the_report_from_2_to_24(self, items: dict[str, Item]) -> None:
        numbers = {int(item.number) for item in items.values() if item.number}
        assert numbers == set(range(2, 25))

    def test_a_distribution_reads_in_one_sentence(self, items: dict[str, Item]) -> None:
        assert sentences(text(items["portfoljstyrning"]))[0] == (
            "I enkäten 2024 svarade 17 procent att portföljstyrningen i kommunen är icke-existerande, "
            "28 procent ostrukturerad, 33 procent i utvecklingsfas, 6 procent delvis etablerad och "
            "2 procent väl fungerande (figur 3)."
        )

    def test_every_printed_share_is_stated_and_none_that_is_not(self, items: dict[str, Item]) -> None:
        for item in items.values():
            if item.findings:
                continue
            stated = {match.replace(",", ".") for match in re.findall(r"(\d+(?:,\d+)?) procent", text(item))}
            printed = {f"{option.percent:g}" for option in item.options if option.percent}
            printed |= {f"{group.percent:g}" for group in item.combined}
            assert stated == printed, item.id

    def test_shares_are_never_worded_as_shares_of_municipalities(self, items: dict[str, Item]) -> None:
        for item in items.values():
            assert not re.search(r"procent av kommunerna", text(item)), item.id
            if item.figure is not None:
                unit = "kryss" if item.unit is Unit.TICK else "svar"
                assert f"gäller {unit}" in text(item)
                assert "inte kommuner" in text(item)

    def test_sentences_are_short_and_name_their_subject(self, items: dict[str, Item]) -> None:
        for item in items.values():
            for sentence in (*sentences(text(item)), *item.errors):
                assert len(sentence) <= 260, (item.id, sentence)
                assert sentence.endswith((".", "”.")), (item.id, sentence)
                assert not re.match(r"(?:Den|Det|De|Han|Hon) (?:är|var|har|kan|ska|visar|gäller|kräver)\b", sentence)
                assert not re.match(r"(?:Detta|Dessa|Här|Där)\b", sentence), sentence

    def test_sums_agree_with_the_errors_that_name_them(self, items: dict[str, Item]) -> None:
        for item in items.values():
            named = [re.search(r"summerar till (\d+(?:,\d+)?)", error) for error in item.errors]
            for match in filter(None, named):
                total = sum(option.percent or 0 for option in item.options) + sum(g.percent for g in item.combined)
                assert f"{total:g}".replace(".", ",") == match.group(1), item.id

    def test_a_correction_is_only_given_beside_a_printed_number(self, items: dict[str, Item]) -> None:
        corrected = [
            (item.id, option.percent, option.corrected)
            for item in items.values()
            for option in item.options
            if option.corrected is not None
        ]
        assert corrected == [("portfoljstyrning", 2, 11), ("arkitekturstyrning", 1, 10)]

    def test_a_figure_has_a_name_of_its_own_and_says_where_it_stands(self, items: dict[str, Item]) -> None:
        figures = [item.figure for item in items.values() if item.figure is not None]
        assert len({figure.id for figure in figures}) == len(figures)
        assert len({figure.number for figure in figures}) < len(figures)
        one = next(figure for figure in figures if figure.id == "portfoljstyrning")
        assert (one.title, one.pages) == ("Portföljstyrning", (28, 29))
        assert one.source == "Status för digitalisering i Fyrbodals kommuner"
        assert [(bar.percent, bar.corrected) for bar in one.bars if bar.corrected is not None] == [(2, 11)]

    def test_a_figure_shows_shares_printed_together_as_one_bar(self, items: dict[str, Item]) -> None:
        figure = items["digital_mognad"].figure
        assert figure is not None
        assert [(bar.label, bar.percent) for bar in figure.bars] == [
            ("Mycket låg", None),
            ("Låg till medel + Medel", 70),
            ("Medel till hög", 24),
            ("Hög eller banbrytande", 4),
        ]

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
            ("percent: 17, count: 3", "percent: 170, count: 3", "items[2].options[0].percent"),
            ("percent: 17, count: 3", "procent: 17, count: 3", "items[2].options[0]"),
            ("as_of: 2024-05-17", "as_of: i våras", "survey.as_of"),
            ("pages: [28, 29]", "pages: 28-29", "items[2].pages"),
            ("id: samv_ledning", "id: samv_erfarenhet", "items[1].id"),
            ("percent: 17, count: 3", "percent: 17, count: -3", "items[2].options[0].count"),
            ("percent: 17, count: 3", "percent: 17, count: 2.5", "items[2].options[0].count"),
            ("percent: 17, count: 3", "percent: 17, count: 13", "items[2].respondents: the counts sum to 27"),
            ("    respondents: 18\n", "", "items[2].respondents"),
            (
                "Digitaliseringsråd, says: digitaliseringsråd, percent: 33",
                "R, says: r, percent: 33, count: 1",
                "].count",
            ),
            ("baseline: caveat", "baseline: kanske", "items[2].baseline"),
            ("scale: etablering6", "scale: etablering7", "items[2].scale: 'etablering7'"),
            (
                'code: "1", label: Ostrukturerad, says',
                'code: "1", label: Utan struktur, says',
                "items[2].options[1].label",
            ),
            (
                'code: "2", label: Utvecklingsfas, says',
                'code: "6", label: Utvecklingsfas, says',
                "items[2].options: the codes",
            ),
            ("percent: 17, count: 3", "percent: 17, differs: Så är det.", "items[2].options[0].differs"),
            ("  mognad:", "  mognad: nej\n  annan:", "scales.mognad"),
            ('{code: "1", label: Låg till medel}', '{code: "0", label: Låg till medel}', "scales.mognad[1].code"),
            ('codes: ["1", "2"]', 'codes: ["1", "9"]', "combined[0].codes"),
            ("    claim: portföljstyrningen i kommunen är\n", "", "items[2].claim"),
            ("items:", "items: [", "YAML"),
        ],
    )
    def test_names_the_field_that_is_wrong(self, tmp_path: Path, old: str, new: str, named: str) -> None:
        path = tmp_path / "enkat.yaml"
        path.write_text(SURVEY.read_text(encoding="utf-8").replace(old, new, 1), encoding="utf-8")
        with pytest.raises(LibraryInvalid, match=re.escape(named)):
            load(path)


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
