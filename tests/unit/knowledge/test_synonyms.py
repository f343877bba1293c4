"""What people write finds what texts say: names for one another, everyday and English words, abbreviations."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

import knowledge
from knowledge.concepts import concepts, search_terms
from knowledge.errors import LibraryInvalid
from knowledge.glossary import Term
from knowledge.question import understand
from knowledge.swedish.steps import ALL, Step, Steps
from knowledge.synonyms import SynonymTable, from_everyday, from_glossary
from tests.fakes.knowledge import MemoryIndex, passage

EVERYDAY = Path(knowledge.__file__).parent / "swedish" / "everyday.yaml"
TABLE = SynonymTable(from_everyday(EVERYDAY))
TEXTS = (
    "AI Act delar in system efter risk.",
    "Enligt dataskyddsförordningen krävs en rättslig grund.",
    "Direktivet (EU) 2022/2555 ställer krav på riskhantering.",
    "Cyber Resilience Act gäller produkter med digitala delar.",
    "Förordning (EU) 2022/2065 rör onlineplattformar.",
    "Integritetsskyddsmyndigheten tar emot klagomål.",
    "PTS fördelar frekvenser.",
    "Inspektionen för vård och omsorg granskar boenden.",
    "Västra Götalandsregionen driver sjukhusen.",
    "Arbetet med informationssäkerhet leds av en samordnare.",
    "En e-legitimation krävs för att logga in.",
    "Den som söker bygglov betalar en avgift enligt 3 kap. 5 §.",
    "Kommunen lämnar ut allmänna handlingar på begäran.",
    "Upphandling inom försörjningssektorerna följer egna regler.",
)
INDEX = MemoryIndex([passage(text, id=text) for text in TEXTS])


def first(question: str, table: SynonymTable = TABLE, index: MemoryIndex = INDEX) -> str:
    terms = search_terms(concepts(understand(question), index, table))
    found = index.lexical(terms, 1)
    return index.passages[found[0][0]].text if found else ""


@pytest.mark.parametrize(
    ("question", "beginning"),
    [
        ("Vad säger AI-förordningen?", "AI Act"),
        ("Vad säger AI-lagen?", "AI Act"),
        ("Vad står i 2024/1689?", "AI Act"),
        ("Vad kräver GDPR?", "Enligt dataskydd"),
        ("Vad kräver 2016/679?", "Enligt dataskydd"),
        ("Vad är NIS2?", "Direktivet (EU) 2022/2555"),
        ("Vad är NIS 2?", "Direktivet (EU) 2022/2555"),
        ("Vad är cybersäkerhetslagen?", "Direktivet (EU) 2022/2555"),
        ("Vad omfattas av CRA?", "Cyber Resilience"),
        ("Vem omfattas av DSA?", "Förordning (EU) 2022/2065"),
        ("Vad gör IMY?", "Integritetsskydds"),
        ("Vad gör Post- och telestyrelsen?", "PTS"),
        ("Vad gör IVO?", "Inspektionen"),
        ("Vad gör VGR?", "Västra Götaland"),
        ("Vem leder infosäk?", "Arbetet med informations"),
        ("Behövs e-leg?", "En e-legitimation"),
        ("Vad kostar det enligt kapitel 3?", "Den som söker bygglov"),
        ("Gäller LUF?", "Upphandling inom"),
        ("Who pays a fee for a building permit?", "Den som söker bygglov"),
        ("Can I see a public record?", "Kommunen lämnar ut"),
    ],
)
def test_a_question_in_one_form_finds_the_text_in_the_other(question: str, beginning: str) -> None:
    assert first(question).startswith(beginning)


@pytest.mark.parametrize("group", yaml.safe_load(EVERYDAY.read_text(encoding="utf-8"))["abbreviations"], ids=str)
def test_every_form_of_an_abbreviation_means_every_other_one(group: list[str]) -> None:
    for form in group:
        [meant] = TABLE.alternatives(f"Vad är {form}?").values()
        assert set(group) - {form} <= set(meant)


@pytest.mark.parametrize(
    ("step", "said", "means"),
    [
        (Step.SYNONYMS, "äldrevård", "äldreomsorg"),
        (Step.ABBREVIATIONS, "IMY", "Integritetsskyddsmyndigheten"),
        (Step.ENGLISH, "municipality", "kommun"),
    ],
)
def test_each_kind_of_meaning_is_a_step_of_its_own(step: Step, said: str, means: str) -> None:
    def meant(steps: Steps) -> set[str]:
        found = SynonymTable(from_everyday(EVERYDAY, steps)).alternatives(said)
        return {form for forms in found.values() for form in forms}

    assert means in meant(ALL)
    assert means not in meant(ALL - {step})
    assert means in meant(frozenset((step,)))


def test_names_of_a_glossary_term_mean_one_another() -> None:
    table = SynonymTable(
        from_glossary([Term("e-legitimation", "", ("e-id",), "e-leg", ("electronic identification",))])
    )
    assert set(table.alternatives("e-id")["e-id"]) == {"e-legitimation", "e-leg", "electronic identification"}
    assert "e-id" in table.alternatives("En e-legitimation")["e-legitimation"]


def test_what_stands_in_brackets_is_no_part_of_a_name() -> None:
    table = SynonymTable(from_glossary([Term("volym (ärenden)", "", ("ärendevolym",))]))
    assert table.alternatives("volymen") == {"volymen": ("ärendevolym",)}
    assert table.alternatives("ärendevolymen") == {"ärendevolymen": ("volym",)}


def test_a_name_of_two_entries_means_neither() -> None:
    entries = [Term("förvaltning (kommun)", "", ("kontor",)), Term("förvaltning (IT)", "", ("systemskötsel", "drift"))]
    table = SynonymTable(from_glossary(entries))
    assert table.alternatives("förvaltning") == {}
    assert table.alternatives("systemskötsel") == {"systemskötsel": ("drift",)}


def test_an_example_means_the_term_and_the_term_not_the_example() -> None:
    table = SynonymTable(from_glossary([Term("e-legitimation", "", ("BankID (ett exempel)", "e-id"))]))
    assert set(table.alternatives("bankid")["bankid"]) == {"e-legitimation", "e-id"}
    assert table.alternatives("e-id") == {"e-id": ("e-legitimation",)}


def test_glossary_names_are_left_out_with_their_step() -> None:
    entry = Term("maskininlärning", "", ("självlärande system",), "ML", ("machine learning",))

    def names(steps: Steps) -> set[str]:
        return {name for name, forms in from_glossary([entry], steps) if forms}

    assert names(ALL) == {"maskininlärning", "självlärande system", "ML", "machine learning"}
    assert names(ALL - {Step.ABBREVIATIONS, Step.ENGLISH}) == {"maskininlärning", "självlärande system"}
    assert names(ALL - {Step.SYNONYMS, Step.ENGLISH, Step.ABBREVIATIONS}) == set()


@pytest.mark.parametrize("group", ["[IMY]", "[IMY, 5]", "IMY"])
def test_a_group_that_is_none_is_named(tmp_path: Path, group: str) -> None:
    file = tmp_path / "ord.yaml"
    file.write_text(f"everyday: []\nabbreviations:\n  - {group}\n", encoding="utf-8")
    with pytest.raises(LibraryInvalid, match=r"ord\.yaml.*IMY"):
        from_everyday(file)


def test_the_longest_phrase_wins() -> None:
    table = SynonymTable([("digital post", ["brev"]), ("digital", ["elektronisk"])])
    assert table.alternatives("Digital post i dag") == {"digital post": ("brev",)}


@given(st.text(max_size=80))
def test_any_text_is_looked_up(text: str) -> None:
    assert all(forms for forms in TABLE.alternatives(text).values())
