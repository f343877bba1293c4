"""One hit a thing: copies fall together, the newer of two editions speaks, and figures that differ stay apart."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.editions import FIRST, Editions
from knowledge.model import Document, Hit, Passage
from knowledge.question import Question, understand
from tests.fakes.knowledge import document, passage

QUESTION = understand("Vem ansvarar för arkivet?")
TEXT = "Kommunstyrelsen ansvarar för arkivet och tillsätter en arkivarie som varje år redovisar arbetet."
REWORDED = "Kommunstyrelsen ansvarar för arkivet och utser en arkivarie som årligen redovisar arbetet."


def hits(*passages: Passage) -> list[Hit]:
    """Best first, a tenth apart."""
    return [Hit(rank, 2.0 - rank / 10, one) for rank, one in enumerate(passages, start=1)]


def of(text: str, name: str) -> Passage:
    return passage(text, document=name, title=name, id=f"{name}:{text[:60]}")


def plan(year: int, text: str = TEXT) -> tuple[Document, Passage]:
    """An edition of the archive plan."""
    name = f"arkivplan-{year}"
    return document(name, title=f"Arkivplan {year}"), passage(text, document=name, title=f"Arkivplan {year}")


OLD_PLAN, OLD = plan(2022)
NEW_PLAN, NEW = plan(2024, REWORDED)
PLANS = Editions([OLD_PLAN, NEW_PLAN])


def texts(found: list[Hit]) -> list[str]:
    return [hit.passage.title for hit in found]


# --------------------------------------------------------------------------------------------------------------- copies


def test_a_copy_in_another_document_is_said_once() -> None:
    found = Editions([]).distinct(QUESTION, hits(of(TEXT, "a"), of("Något annat helt.", "b"), of(TEXT, "c")))
    assert texts(found) == ["a", "b"]


@pytest.mark.parametrize("length", [9, 10, 19, 20, 40])
def test_which_of_two_copies_is_longer_makes_no_difference(length: int) -> None:
    words = " ".join(f"ord{'abcdefghijklmnopqrstuvwxyzåäö'[n % 29]}{'x' * (n // 29)}" for n in range(length))
    one, other = of(words, "a"), of(f"{words} tillägg", "b")
    counts = {len(Editions([]).distinct(QUESTION, hits(*pair))) for pair in ((one, other), (other, one))}
    assert counts == {1 if length >= 9 else 2}


OTHERS = [of(f"Text om {word} i kommunen.", word) for word in ("hamnar", "broar", "skolor", "vägar", "parker")]


def test_in_a_list_of_results_copies_of_a_document_stand_behind_the_first_five() -> None:
    """Whether it was saved under another name, which the bytes tell, or in another format, which the title tells."""
    same_bytes = [document("a", title="Arkivplan"), document("kopia", title="Hyllor och lådor")]
    same_title = [document("a", title="Arkivplan"), document("kopia", title="Arkivplan")]
    for documents in (same_bytes, same_title):
        found = Editions(documents).spread(QUESTION, hits(of(TEXT, "a"), of(TEXT, "kopia"), *OTHERS))
        assert texts(found)[:FIRST] == ["a", "hamnar", "broar", "skolor", "vägar"]
        assert texts(found)[FIRST:] == ["kopia", "parker"]  # by what they score


def test_a_paragraph_that_documents_share_stands_twice_among_the_first_five_at_most() -> None:
    shared = [of(TEXT, "a"), of(TEXT, "b"), of(TEXT, "c")]
    found = Editions([]).spread(QUESTION, hits(*shared, *OTHERS))
    assert texts(found)[:FIRST] == ["a", "b", "hamnar", "broar", "skolor"]
    assert texts(found)[FIRST:] == ["c", "vägar", "parker"]


def test_where_there_is_little_else_copies_follow_at_once() -> None:
    found = Editions([]).spread(QUESTION, hits(*(of(TEXT, name) for name in "abc"), of("Något annat helt.", "d")))
    assert texts(found) == ["a", "b", "d", "c"]


@pytest.mark.parametrize(("one", "other"), [("17 procent", "18 procent"), ("år 2022", "år 2024"), ("kl. 10", "kl. 11")])
def test_texts_that_differ_in_a_figure_are_no_copies(one: str, other: str) -> None:
    long = f"{TEXT} Rapporten läggs fram för nämnden i maj, som beslutar om pengar till lokaler, hyllor och personal."
    found = Editions([]).distinct(QUESTION, hits(of(f"{long} {one}", "a"), of(f"{long} {other}", "b")))
    assert texts(found) == ["a", "b"]
    reworded = hits(of(f"{long} {one}", "a"), of(f"{long} {one}".replace("lokaler", "hus"), "b"))
    assert texts(Editions([]).distinct(QUESTION, reworded)) == ["a"]


def test_passages_without_text_are_no_copies_of_each_other() -> None:
    assert len(Editions([]).distinct(QUESTION, hits(of("", "a"), of("", "b")))) == 2


# ------------------------------------------------------------------------------------------------------------- editions


@pytest.mark.parametrize("found", [hits(OLD, NEW), hits(NEW, OLD)], ids=["older better", "newer better"])
def test_the_newer_edition_takes_the_older_one_s_place_and_score(found: list[Hit]) -> None:
    other = Hit(9, 0.1, of("Något annat helt.", "annat"))
    for kept in (PLANS.distinct(QUESTION, [*found, other]), PLANS.spread(QUESTION, [*found, other])):
        assert [hit.passage for hit in kept] == [NEW, other.passage]
        assert kept[0].score == found[0].score


@pytest.mark.parametrize("found", [hits(OLD, NEW), hits(NEW, OLD)], ids=["older better", "newer better"])
def test_a_question_that_names_the_older_year_keeps_that_edition(found: list[Hit]) -> None:
    asked = understand("Vem ansvarade för arkivet 2022?")
    assert [hit.passage for hit in PLANS.distinct(asked, found)] == [OLD]
    assert [hit.passage for hit in PLANS.distinct(understand("Vem ansvarar för arkivet 2024?"), found)] == [NEW]


def test_a_question_that_names_both_years_keeps_both_editions() -> None:
    asked = understand("Vad skiljer arkivet 2022 från arkivet 2024?")
    assert [hit.passage for hit in PLANS.distinct(asked, hits(OLD, NEW))] == [OLD, NEW]


def test_a_year_of_no_edition_leaves_the_newer_one() -> None:
    asked = understand("Vem ansvarade för arkivet 1998?")
    assert [hit.passage for hit in PLANS.distinct(asked, hits(OLD, NEW))] == [NEW]


def test_of_three_editions_the_newest_is_left_whatever_the_order() -> None:
    middle_plan, middle = plan(2023)
    editions = Editions([OLD_PLAN, middle_plan, NEW_PLAN])
    for order in ((OLD, middle, NEW), (middle, NEW, OLD), (NEW, OLD, middle), (OLD, NEW, middle)):
        assert [hit.passage for hit in editions.distinct(QUESTION, hits(*order))] == [NEW]


def test_what_an_edition_says_that_the_other_does_not_stays() -> None:
    only_old = passage("Arkivet flyttar till Kungälv.", document=OLD.document, title=OLD.title)
    assert [hit.passage for hit in PLANS.distinct(QUESTION, hits(NEW, only_old))] == [NEW, only_old]


def test_a_copy_of_the_newer_edition_below_the_older_one_is_no_further_hit() -> None:
    """The newer edition comes last, in the older one's place; what stood between is its copy."""
    brochure = of(REWORDED, "broschyr")
    found = PLANS.distinct(QUESTION, hits(OLD, brochure, NEW))
    assert [hit.passage for hit in found] == [NEW]
    assert [hit.passage for hit in PLANS.spread(QUESTION, hits(OLD, brochure, NEW))] == [NEW, brochure]


@pytest.mark.parametrize("place", range(3))
def test_an_older_edition_is_gone_though_a_copy_of_the_newer_one_stands_for_it(place: int) -> None:
    brochure = of(REWORDED, "broschyr")
    order = [brochure, NEW]
    order.insert(place, OLD)
    [first] = PLANS.distinct(QUESTION, hits(*order))
    assert first.passage in (NEW, brochure)
    assert first.score == hits(OLD)[0].score
    assert {hit.passage for hit in PLANS.spread(QUESTION, hits(*order))} == {NEW, brochure}


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Arkivplan 2022", "Arkivplan 2024"),
        ("Arkivplan_2022-05", "arkivplan_2024-01-31"),
        ("Arkivplan 2022 (utkast)", "Arkivplan 2024, slutlig"),
        ("Arkivplan_v1_2022", "Arkivplan_v2_2024"),
        ("Arkivplan rev. 2 2022", "Arkivplan reviderad 2024"),
    ],
)
def test_editions_are_told_from_their_titles(one: str, other: str) -> None:
    old, new = passage(TEXT, document="a", title=one), passage(REWORDED, document="b", title=other)
    editions = Editions([document("a", title=one), document("b", title=other)])
    assert [hit.passage for hit in editions.distinct(QUESTION, hits(old, new))] == [new]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Arkivplan 2022", "Gallringsplan 2024"),
        ("Revisionsrapport 2022", "Revisionsplan 2024"),
        ("Nyköping 2022", "Köping 2024"),
        ("Arkivplan", "Arkivplan"),
    ],
)
def test_other_works_and_parts_of_the_same_date_are_no_editions(one: str, other: str) -> None:
    first, second = passage(TEXT, document="a", title=one), passage(REWORDED, document="b", title=other)
    editions = Editions([document("a", title=one), document("b", title=other)])
    assert len(editions.distinct(QUESTION, hits(first, second))) == 2


def test_the_day_that_a_document_states_goes_before_the_year_of_its_name() -> None:
    late = document("a", path="2019/plan.md", title="Arkivplan", as_of="2025-03-01")
    early = document("b", path="2024/plan.md", title="Arkivplan")
    newest = passage(TEXT, document="a", path=late.path)
    older = passage(REWORDED, document="b", path=early.path)
    assert [hit.passage for hit in Editions([late, early]).distinct(QUESTION, hits(older, newest))] == [newest]


@pytest.mark.parametrize("days", [("2024-05-01", "2024-05-01"), ("2022-05-01", "2024-05-01"), (None, "2024-05-01")])
def test_parts_of_one_document_are_never_editions(days: tuple[str | None, str]) -> None:
    parts = [document("plan", path=f"del{n}.md", title="Arkivplan", as_of=day) for n, day in enumerate(days)]
    one = passage(TEXT, document="plan", path="del0.md", title="Arkivplan")
    other = passage(REWORDED, document="plan", path="del1.md", title="Arkivplan")
    assert len(Editions(parts).distinct(QUESTION, hits(one, other))) == 2


def test_documents_of_one_path_and_two_origins_are_told_apart() -> None:
    assert len(PLANS.distinct(QUESTION, hits(passage("Ny text.", document="okänd"), NEW))) == 2


# --------------------------------------------------------------------------------------------------- whatever is found


@dataclass(frozen=True)
class Drawn:
    """Some passages of a few works in several years, with texts that overlap more or less, best first."""

    editions: Editions
    hits: list[Hit]


_VOCABULARY = ["arkiv", "plan", "nämnd", "styrelse", "kommun", "ansvar", "digital", "register", "beslut", "17", "18"]


@st.composite
def drawn(draw: st.DrawFn) -> Drawn:
    found, documents = [], []
    for number in range(draw(st.integers(1, 8))):
        work = draw(st.sampled_from(["Arkivplan", "Handbok"]))
        year = draw(st.sampled_from(["", "2022", "2023", "2024"]))
        name = draw(st.sampled_from([f"d{number}", "gemensam"]))
        words = draw(st.lists(st.sampled_from(_VOCABULARY), min_size=1, max_size=6, unique=True))
        title, path = f"{work} {year}".strip(), f"{number}.md"
        documents.append(document(name, path=path, title=title))
        found.append(passage(" ".join(words), document=name, path=path, title=title, id=f"p{number}"))
    return Drawn(Editions(documents), hits(*found))


QUESTIONS = st.sampled_from(["Vem ansvarar?", "Vem ansvarade 2022?", "Vad skiljer 2022 från 2024?"]).map(understand)


@given(drawn(), QUESTIONS)
def test_every_hit_that_is_left_says_something_else(found: Drawn, asked: Question) -> None:
    kept = found.editions.distinct(asked, found.hits)
    for at, one in enumerate(kept):
        for other in kept[at + 1 :]:
            for pair in ([one, other], [other, one]):
                assert len(found.editions.distinct(asked, pair)) == 2


@given(drawn(), QUESTIONS)
def test_the_best_hit_is_never_lost_and_the_order_stays(found: Drawn, asked: Question) -> None:
    kept = found.editions.distinct(asked, found.hits)
    best = found.hits[0]
    assert kept[0].score == best.score
    # Of a work that was edited twice, the newest edition may hold little of the oldest one.
    assert kept[0].passage == best.passage or kept[0].passage.title.split()[0] == best.passage.title.split()[0]
    assert [hit.score for hit in kept] == sorted((hit.score for hit in kept), reverse=True)
    assert {hit.passage.id for hit in kept} <= {hit.passage.id for hit in found.hits}
    assert found.editions.distinct(asked, kept) == kept


@given(drawn(), QUESTIONS)
def test_results_are_the_distinct_ones_first_and_nothing_twice(found: Drawn, asked: Question) -> None:
    kept, several = (
        [hit.passage.id for hit in listed]
        for listed in (
            found.editions.distinct(asked, found.hits),
            found.editions.spread(asked, found.hits),
        )
    )
    assert several[:FIRST][: len(kept)] == kept[:FIRST]
    assert len(several) == len(set(several))
    assert set(kept) <= set(several)
