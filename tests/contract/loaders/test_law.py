"""Acts: every provision is found under the number by which it is cited, whatever the publisher's format."""

from __future__ import annotations

import random
from contextlib import suppress
from pathlib import Path

import pytest

from bot.teams.cards.citations import source_name
from ingest.errors import DocumentRejected, Reason
from ingest.loaders.base import choose
from ingest.loaders.law.acts import act_facts
from ingest.loaders.law.blocks import LawBlocks
from ingest.loaders.registry import all_loaders, load_file
from ingest.model import Block, BlockKind, LoadedDocument
from ingest.passages import cut
from knowledge.acts import load_acts
from knowledge.errors import LibraryInvalid
from knowledge.model import DocumentKind, Origin, Passage, PassageKind
from tests.fakes import law_files
from tests.fakes.mutations import mutated

ACT_FORMATS = {
    "oj": ("act.html", law_files.journal()),
    "older oj": ("act.html", law_files.journal(prefix="")),
    "formex": ("act.xml", law_files.FORMEX),
}
STATUTE_FORMATS = {
    "text": ("lag.txt", law_files.STATUTE_TEXT),
    "government": ("lag.html", law_files.government_page()),
    "parliament": ("lag.html", law_files.parliament_page()),
}


def read(folder: Path, name: str, text: str, encoding: str = "utf-8") -> LoadedDocument:
    path = folder / name
    path.write_bytes(text.encode(encoding))
    return load_file(path, name, all_loaders())


def passages(document: LoadedDocument) -> dict[str, Passage]:
    """Passages by what a citation calls them in Teams."""
    return {source_name(each, ""): each for each in cut(document, path="a", origin=Origin.INGESTED)}


@pytest.mark.parametrize(("name", "text"), ACT_FORMATS.values(), ids=ACT_FORMATS)
class TestEveryFormatOfAnAct:
    @pytest.fixture
    def document(self, name: str, text: str, tmp_path: Path) -> LoadedDocument:
        return read(tmp_path, name, text)

    def test_is_named_as_people_name_it(self, document: LoadedDocument) -> None:
        assert (document.id, document.title, document.kind) == (
            "celex-32024r1689",
            "AI-förordningen",
            DocumentKind.REGULATION,
        )
        assert document.url == "https://eur-lex.europa.eu/eli/reg/2024/1689/oj"
        assert document.as_of == "2024-06-13"
        assert {"2024/1689", "32024R1689", "AI Act"} <= set(document.aliases)
        assert document.source == "EUR-Lex, Europaparlamentets och rådets förordning (EU) 2024/1689"

    def test_a_paragraph_is_cited_by_article_and_number(self, document: LoadedDocument) -> None:
        found = passages(document)
        assert found["AI-förordningen, artikel 26.2"].text == law_files.DUTY
        assert found["AI-förordningen, artikel 26.2"].headings == (
            "Kapitel III",
            "Artikel 26 Användarens skyldigheter",
            "artikel 26.2",
        )

    def test_points_stand_under_their_lead_in_with_the_points_inside_them(self, document: LoadedDocument) -> None:
        first, second, third = law_files.POINTS
        one, two = law_files.INNER
        assert passages(document)["AI-förordningen, artikel 26.1"].text.split("\n") == [
            f"{law_files.LEAD_IN}:",
            f"- a) {first}",
            f"- b) {second}",
            f"  - i) {one}",
            f"  - ii) {two}",
            f"- c) {third}",
            law_files.AFTER,
        ]

    def test_recitals_count_less_than_what_binds(self, document: LoadedDocument) -> None:
        found = passages(document)
        assert [found[f"AI-förordningen, skäl {number}"].text for number in (1, 2)] == list(law_files.RECITALS)
        weights = {each.weight for name, each in found.items() if "skäl" not in name}
        assert weights == {1.0}
        assert found["AI-förordningen, skäl 2"].weight == 0.6

    def test_a_definition_is_a_passage_of_its_own_under_its_term(self, document: LoadedDocument) -> None:
        found = passages(document)[f"AI-förordningen, artikel 3.1 {law_files.TERM}"]
        assert (found.kind, found.text) == (PassageKind.DEFINITION, f"”{law_files.TERM}”: {law_files.MEANING}")

    def test_an_annex_is_cited_by_its_points(self, document: LoadedDocument) -> None:
        found = [each for each in document.blocks if each.kind is not BlockKind.HEADING][-2:]
        assert found == [
            Block(BlockKind.LIST, "Utbildning:\n- a) antagning."),
            Block(BlockKind.TABLE, "| År | Antal |\n| 2024 | 7 |"),
        ]
        headings = [each.text for each in document.blocks if each.kind is BlockKind.HEADING]
        assert headings[-2:] == ["Bilaga III Viktiga områden", "bilaga III punkt 1"]

    def test_visas_signatures_and_footnotes_are_left_out(self, document: LoadedDocument) -> None:
        text = "\n".join(block.text for block in document.blocks)
        for left_out in ("med beaktande", "HÄRIGENOM", "Utfärdad", "noter", "( )", "officiella"):
            assert left_out not in text


class TestEurLex:
    def test_a_consolidated_version_has_its_own_day_and_place(self, tmp_path: Path) -> None:
        document = read(tmp_path, "a.html", law_files.CONSOLIDATED)
        assert (document.id, document.title, document.as_of) == (
            "celex-02024r1689-20260727",
            "AI-förordningen",
            "2026-07-27",
        )
        assert document.url == "https://eur-lex.europa.eu/eli/reg/2024/1689/2026-07-27"
        found = passages(document)
        assert found["AI-förordningen, artikel 26.1"].text.split("\n") == [
            f"{law_files.LEAD_IN}:",
            f"- a) {law_files.POINTS[0]}",
            f"- b) {law_files.POINTS[2]}",
        ]
        assert found["AI-förordningen, artikel 26.2a"].text == law_files.DUTY
        assert found["AI-förordningen, Bilaga I Förteckning"].text == "Allt som räknas."
        assert not any("►" in each.text or "M1" in each.text for each in document.blocks)

    def test_a_long_title_leaves_room_for_the_act_s_name(self) -> None:
        out = LawBlocks(swedish=True)
        out.article("Artikel 71", "Databas för kloka system med hög risk som förtecknas i en bilaga till förordningen")
        out.text("Kommissionen inrättar en databas.")
        out.annex("BILAGA IV", "Teknisk dokumentation som ska finnas enligt artikel 11.1 i denna förordning")
        out.text("Dokumentationen är kort.")
        document = LoadedDocument("a", "AI-förordningen", out.blocks)
        assert list(passages(document)) == ["AI-förordningen, artikel 71", "AI-förordningen, bilaga IV"]

    def test_a_definition_in_a_paragraph_and_points_set_as_text(self, tmp_path: Path) -> None:
        page = (
            "<html><body><p class='oj-ti-art'>Artikel 2</p><p class='oj-sti-art'>Definitioner</p>"
            "<p class='oj-normal'>1.   I denna förordning avses med</p><p class='oj-normal'>1) fyr: ett ljus,</p>"
            "<p class='oj-ti-art'>Artikel 3</p><p class='oj-normal'>Var och en ska</p>"
            "<p class='oj-normal'>a) se\n <i>ljuset</i>\n ,</p><p class='oj-normal'>b) styra</p></body></html>"
        )
        found = cut(read(tmp_path, "a.html", page), path="a", origin=Origin.INGESTED)
        assert [(each.headings[-1], each.text) for each in found] == [
            ("artikel 2.1", "I denna förordning avses med"),
            ("artikel 2.1.1 fyr", "fyr: ett ljus,"),
            ("Artikel 3", "Var och en ska\n- a) se ljuset,\n- b) styra"),
        ]

    def test_the_site_around_a_saved_act_is_left_out(self, tmp_path: Path) -> None:
        saved = law_files.journal().replace("<body>", "<body><nav>Mina favoriter</nav><div id='docHtml'>")
        document = read(tmp_path, "a.html", saved.replace("</body>", "</div><p>Hjälp oss bli bättre</p></body>"))
        assert not any("favoriter" in each.text or "Hjälp" in each.text for each in document.blocks)

    def test_english_acts_are_cited_in_the_english_way(self, tmp_path: Path) -> None:
        document = read(tmp_path, "a.html", law_files.journal(swedish=False))
        found = [each.headings[-1] for each in cut(document, path="a", origin=Origin.INGESTED)]
        assert document.title == "AI Act"
        assert {"recital 2", "Article 26(2)", f"Article 3(1) {law_files.TERM}", "Annex III point 1"} <= set(found)

    def test_quoted_articles_are_text_of_the_article_that_quotes_them(self, tmp_path: Path) -> None:
        quoted = law_files.FORMEX.replace(
            f"<ALINEA>{law_files.DUTY}</ALINEA>",
            "<ALINEA><P>Följande ska införas:</P><QUOT.S><ARTICLE><TI.ART>Artikel 99</TI.ART><ALINEA>Nytt.</ALINEA>"
            "</ARTICLE></QUOT.S></ALINEA>",
        )
        headings = [each.text for each in read(tmp_path, "a.xml", quoted).blocks if each.kind is BlockKind.HEADING]
        assert not any("99" in heading for heading in headings)

    def test_an_annex_file_belongs_to_its_act(self, tmp_path: Path) -> None:
        start, end = law_files.FORMEX.index("<ANNEX>"), law_files.FORMEX.index("</ACT>")
        head = '<BIB.INSTANCE><DOCUMENT.REF FILE="L_202401689SV.000201.fmx.xml"/><LG.DOC>SV</LG.DOC></BIB.INSTANCE>'
        annex = law_files.FORMEX[start:end].replace("<ANNEX>", f"<ANNEX>{head}")
        document = read(tmp_path, "bilaga.xml", annex)
        assert (document.id, document.title) == ("celex-32024r1689", "AI-förordningen")
        assert "AI-förordningen, bilaga III punkt 1" in passages(document)

    def test_i02_entities_of_a_file_s_own_are_not_followed(self, tmp_path: Path) -> None:
        canary = tmp_path / "hemlig.txt"
        canary.write_text("kanariefågel", encoding="utf-8")
        doctype = f'<!DOCTYPE ACT [<!ENTITY x SYSTEM "file://{canary}">]><ACT '
        text = law_files.FORMEX.replace("<ACT ", doctype, 1).replace(law_files.DUTY, f"{law_files.DUTY} &x;")
        whole = "".join(block.text for block in read(tmp_path, "a.xml", text).blocks)
        assert law_files.DUTY in whole
        assert "kanariefågel" not in whole

    def test_i02_entities_that_grow_are_refused(self, tmp_path: Path) -> None:
        bomb = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 12))
        text = law_files.FORMEX.replace("<ACT ", f'<!DOCTYPE ACT [<!ENTITY a0 "lol">{bomb}]><ACT ', 1)
        with pytest.raises(DocumentRejected) as caught:
            read(tmp_path, "a.xml", text.replace(law_files.DUTY, "&a11;"))
        assert caught.value.reason is Reason.UNREADABLE

    def test_i01_deep_formex_is_refused(self, tmp_path: Path) -> None:
        deep = "<ACT><ENACTING.TERMS>" + "<DIVISION>" * 5000 + "</DIVISION>" * 5000 + "</ENACTING.TERMS></ACT>"
        with pytest.raises(DocumentRejected) as caught:
            read(tmp_path, "a.xml", deep)
        assert caught.value.reason is Reason.UNREADABLE

    @pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
    def test_i07_formex_in_other_encodings(self, tmp_path: Path, encoding: str) -> None:
        text = law_files.FORMEX.replace(' encoding="UTF-8"', "")
        assert read(tmp_path, "a.xml", text, encoding).title == "AI-förordningen"

    @pytest.mark.parametrize(
        ("title", "reference", "expected"),
        [
            (
                "Kommissionens genomförandeförordning (EU) 2024/2690 av den 17 oktober 2024 om tekniska krav",
                "",
                ("celex-32024r2690", "Genomförandeförordning (EU) 2024/2690 om tekniska krav", "reg_impl/2024/2690/oj"),
            ),
            (
                "EUROPAPARLAMENTETS OCH RÅDETS FÖRORDNING (EU) nr 910/2014 av den 23 juli 2014 om identifiering",
                "",
                ("celex-32014r0910", "eIDAS-förordningen", "reg/2014/910/oj"),
            ),
            (
                "Europaparlamentets och rådets direktiv (EU) 2022/2555 av den 14 december 2022 om åtgärder",
                "",
                ("celex-32022l2555", "NIS 2-direktivet", "dir/2022/2555/oj"),
            ),
            (
                "Rådets direktiv 93/13/EEG av den 5 april 1993 om oskäliga villkor",
                "",
                ("", "Rådets direktiv 93/13/EEG av den 5 april 1993 om oskäliga villkor", None),
            ),
            (
                "Europaparlamentets och rådets direktiv 2014/24/EU av den 26 februari 2014 om offentlig upphandling "
                "och om upphävande av direktiv 2004/18/EG",
                "",
                ("celex-32014l0024", "Direktiv 2014/24/EU om offentlig upphandling", "dir/2014/24/oj"),
            ),
            ("", "2009L0065 — SV — 20.06.2013", ("celex-02009l0065-20130620", "", "dir/2009/65/2013-06-20")),
        ],
    )
    def test_numbers_give_id_name_and_address(
        self, title: str, reference: str, expected: tuple[str, str, str | None]
    ) -> None:
        facts = act_facts(title, reference, swedish=True)
        address = facts.url.removeprefix("https://eur-lex.europa.eu/eli/") if facts.url else None
        assert (facts.id, facts.title, address) == expected


@pytest.mark.parametrize(("name", "text"), STATUTE_FORMATS.values(), ids=STATUTE_FORMATS)
class TestEveryFormatOfAStatute:
    @pytest.fixture
    def document(self, name: str, text: str, tmp_path: Path) -> LoadedDocument:
        return read(tmp_path, name, text)

    def test_is_named_with_its_number(self, document: LoadedDocument) -> None:
        assert (document.id, document.title) == ("sfs-2018-218", "Dataskyddslagen (2018:218)")
        assert document.source == f"Svensk författningssamling, {law_files.STATUTE_TITLE}, ändrad till och med 2024:123"
        assert document.url is not None
        assert document.url.endswith("/sfs-2018-218")

    def test_a_section_is_cited_by_chapter_and_number(self, document: LoadedDocument) -> None:
        found = cut(document, path="a", origin=Origin.INGESTED)
        assert [each.headings[-1] for each in found] == [
            "1 kap. 1 §",
            "1 kap. 5 a §",
            "2 kap. 5 §",
            "2 kap. 6 §",
            "2018:218",
            "2024:123",
        ]
        assert found[0].headings == ("1 kap. Inledande bestämmelser", "Lagens innehåll", "1 kap. 1 §")
        assert found[0].text.split("\n") == [
            "Denna lag kompletterar förordningen om skydd för uppgifter.",
            "Nämnden får behandla uppgifter om",
            "- 1) den enskilde,",
            "- 2) den enskildes barn när barnet är under tolv år, och",
            "- 3) andra.",
        ]

    def test_what_is_no_law_is_left_out_and_coming_wordings_say_when(self, document: LoadedDocument) -> None:
        found = {each.headings[-1]: each for each in cut(document, path="a", origin=Origin.INGESTED)}
        assert found["2 kap. 5 §"].text.endswith("anges i 1 kap. 5 a §.")
        assert found["2 kap. 6 §"].text.split("\n") == [
            "(Lydelsen gäller till 2027-01-01.) Nämnden utser ett ombud.",
            "(Lydelsen gäller från 2027-01-01.) Nämnden utser två ombud.",
        ]
        assert found["2024:123"].headings == ("Övergångsbestämmelser", "2024:123")
        text = "\n".join(block.text for block in document.blocks)
        for left_out in ("Lag (20", "Justitiedepartementet", "SFS", "Rättelseblad", "rättsdatabaser"):
            assert left_out not in text


class TestStatutes:
    def test_a_statute_without_chapters_is_cited_by_section_alone(self, tmp_path: Path) -> None:
        text = (
            "Förordning (2031:77) om fyrar\n\nSFS nr: 2031:77\nUtfärdad: 2031-03-04\n\n"
            "Tillämpningsområde\n\n1 § Fyrar ska lysa.\n\n2 § Var och en får titta.\n"
        )
        document = read(tmp_path, "f.txt", text)
        assert (document.title, document.as_of) == ("Förordning (2031:77) om fyrar", "2031-03-04")
        assert "Förordning (2031:77) om fyrar, 2 §" in passages(document)

    def test_parts_have_their_headings_and_references_begin_no_section(self, tmp_path: Path) -> None:
        text = (
            "Skattelag (2031:78)\n\nSFS nr: 2031:78\nUtfärdad: 2031-03-04\n\nFÖRSTA AVDELNINGEN\n\n"
            "Materiella regler\n\n1 kap. Inledning\n\n1 § Skatt betalas av\n\n1. den som säljer, om denne är\n\n"
            "– en firma, eller\n\n"
            "– en person,\n\n1 a. den som köper.\n\n3 kap. 2 § gäller inte. Det gör inte heller 4 §.\n\n"
            "4 § första stycket gäller alltid.\n\n2 § Har upphävts genom lag (2031:90).\n\nBilaga 1\n\nListan.\n"
        )
        found = cut(read(tmp_path, "f.txt", text), path="a", origin=Origin.INGESTED)
        assert [each.section for each in found] == [
            "Första avdelningen Materiella regler > 1 kap. Inledning > 1 kap. 1 §",
            "Första avdelningen Materiella regler > 1 kap. Inledning > 1 kap. 2 §",
            "Bilaga 1",
        ]
        assert found[0].text.split("\n") == [
            "Skatt betalas av",
            "- 1) den som säljer, om denne är",
            "  - en firma, eller",
            "  - en person,",
            "- 1 a) den som köper.",
            "3 kap. 2 § gäller inte. Det gör inte heller 4 §.",
            "4 § första stycket gäller alltid.",
        ]

    def test_a_page_that_only_lists_a_statute_stays_a_page(self, tmp_path: Path) -> None:
        text = "<html><body><h1>Regler</h1><p>SFS nr: 2018:218. Utfärdad 2018-04-19. Se 1 §.</p></body></html>"
        assert read(tmp_path, "a.html", text).title == "Regler"

    def test_a_repealed_statute_says_so(self, tmp_path: Path) -> None:
        text = law_files.STATUTE_TEXT.replace("Övrigt:", "Upphävd: 2030-01-01\nÖvrigt:")
        assert read(tmp_path, "f.txt", text).notes == ("Författningen är upphävd från och med den 2030-01-01.",)
        assert read(tmp_path, "g.txt", law_files.STATUTE_TEXT).notes == ()

    @pytest.mark.parametrize("encoding", ["cp1252", "utf-16", "utf-8-sig", "mac_roman"])
    def test_i07_statutes_in_other_encodings(self, tmp_path: Path, encoding: str) -> None:
        document = read(tmp_path, "lag.txt", law_files.STATUTE_TEXT, encoding)
        assert "Övergångsbestämmelser" in [block.text for block in document.blocks]

    def test_a_text_that_only_names_a_law_is_no_statute(self, tmp_path: Path) -> None:
        path = tmp_path / "a.txt"
        path.write_text("Rutin\n\nEnligt lag (2018:218) får nämnden behandla uppgifter.\n", encoding="utf-8")
        assert choose(path, all_loaders()).name == "text"


class TestNames:
    def test_every_act_of_the_library_has_a_name(self) -> None:
        acts = load_acts()
        assert len(acts) == 20
        assert acts["2024/1689"].names[:2] == ("AI-förordningen", "AI Act")

    def test_a_broken_file_names_what_is_wrong(self, tmp_path: Path) -> None:
        path = tmp_path / "acts.yaml"
        path.write_text("- {number: ett, name: A}", encoding="utf-8")
        with pytest.raises(LibraryInvalid, match="number"):
            load_acts(path)


@pytest.mark.parametrize(
    "seeds",
    [
        [*ACT_FORMATS.values(), ("a.html", law_files.CONSOLIDATED)][::3],
        [ACT_FORMATS["formex"]],
        [*STATUTE_FORMATS.values()],
    ],
    ids=["pages", "formex", "statutes"],
)
def test_i17_mutated_acts_are_read_or_refused_and_nothing_else(seeds: list[tuple[str, str]], tmp_path: Path) -> None:
    chance = random.Random(2026)
    for number in range(40):
        name, text = seeds[number % len(seeds)]
        path = tmp_path / name
        path.write_bytes(mutated(text.encode(), chance))
        with suppress(DocumentRejected):
            assert load_file(path, name, all_loaders()).blocks
