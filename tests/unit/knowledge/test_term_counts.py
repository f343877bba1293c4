"""An index of words counted in one reading is what reading every passage with its compounds split would give."""

from __future__ import annotations

from collections import defaultdict

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.adapters.lexical import LexicalArrays, LexicalIndex, check
from knowledge.adapters.term_counts import ASKED_WEIGHT, HEADING_WEIGHT, K1, TITLE_WEIGHT, B, counted
from knowledge.model import Document, Passage
from knowledge.swedish.analysis import analyse, weights
from knowledge.swedish.compounds import CompoundSplitter
from knowledge.swedish.stems import stem
from knowledge.swedish.steps import ALL, Step, Steps
from tests.fakes.knowledge import DOCUMENTS, PASSAGES, document, passage

WORDS = st.sampled_from(
    ["enkät", "enkäten", "portfölj", "styrning", "portföljstyrningen", "digitaliseringsarbete", "arbete", "digital",
     "digitaliserings", "SML-IT", "NIS", "2", "17", "%", "och", "e-arkiv", "arkiv", "kommun-it-strateg", "strateg"]
)  # fmt: skip
TEXTS = st.lists(WORDS, max_size=12).map(" ".join)


def naive(
    passages: list[Passage], documents: list[Document], splitter: CompoundSplitter, steps: Steps
) -> dict[str, dict[int, float]]:
    """Term -> passage -> impact, computed as plainly as it can be."""
    aliases = {one.path: one.aliases for one in documents}
    frequencies: list[dict[str, float]] = []
    for one in passages:
        frequency: dict[str, float] = defaultdict(float)
        for share, text in (
            (1.0, one.text),
            (HEADING_WEIGHT, " ; ".join(one.headings)),
            (TITLE_WEIGHT, one.title),
            (TITLE_WEIGHT, " ; ".join(aliases.get(one.path, ()))),
            (ASKED_WEIGHT, " ; ".join(asked.text for asked in one.questions)),
        ):
            for term, weight in weights(analyse(text, splitter.split, steps)).items():
                frequency[term] += share * weight
        frequencies.append(frequency)
    average = sum(sum(one.values()) for one in frequencies) / max(len(frequencies), 1)
    found: dict[str, dict[int, float]] = defaultdict(dict)
    for position, frequency in enumerate(frequencies):
        norm = K1 * (1 - B + B * sum(frequency.values()) / max(average, 1e-6))
        for term, count in frequency.items():
            found[term][position] = count * (K1 + 1) / (count + norm)
    return found


def as_dictionary(arrays: LexicalArrays) -> dict[str, dict[int, float]]:
    rows = zip(arrays.terms, arrays.starts[:-1].tolist(), arrays.starts[1:].tolist(), strict=True)
    return {
        term: dict(zip(arrays.positions[start:end].tolist(), arrays.impacts[start:end].tolist(), strict=True))
        for term, start, end in rows
    }


def agree(arrays: LexicalArrays, expected: dict[str, dict[int, float]]) -> None:
    check(arrays)
    assert list(arrays.terms) == sorted(expected)
    for term, postings in as_dictionary(arrays).items():
        assert list(postings) == sorted(expected[term]), term
        np.testing.assert_allclose(list(postings.values()), [expected[term][at] for at in postings], rtol=1e-4)


@pytest.mark.parametrize("steps", [ALL, ALL - {Step.COMPOUNDS}, ALL - {Step.STEMS}], ids=["all", "whole", "unstemmed"])
def test_a_real_library_is_counted_as_read_plainly(steps: Steps) -> None:
    counts = counted(PASSAGES, DOCUMENTS, steps)
    splitter = CompoundSplitter(counts.standalone_words(), steps=steps)
    agree(counts.arrays(splitter.split), naive(list(PASSAGES), list(DOCUMENTS), splitter, steps))


@given(st.lists(st.tuples(TEXTS, TEXTS, TEXTS), max_size=8))
def test_any_texts_are_counted_as_read_plainly(texts: list[tuple[str, str, str]]) -> None:
    passages = [
        passage(body, heading, title=title, questions=(title, heading), path="a.md") for body, heading, title in texts
    ]
    documents = [document(path="a.md", aliases=("NIS 2", "portföljstyrning"))]
    counts = counted(passages, documents)
    splitter = CompoundSplitter(counts.standalone_words())
    agree(counts.arrays(splitter.split), naive(passages, documents, splitter, ALL))


def test_many_passages_are_counted_across_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("knowledge.adapters.term_counts._BLOCK", 3)
    test_a_real_library_is_counted_as_read_plainly(ALL)


def test_words_that_stand_on_their_own_are_what_compounds_are_split_into() -> None:
    passages = [
        passage("Portföljen behöver styrning. NIS2 och it.", questions=("Vad är en fiskmås?",)),
        passage("Portföljstyrningen."),
    ]
    counts = counted(passages, [document(aliases=("Lägesbild",))])
    words = counts.standalone_words()
    assert {"portfölj", "styrning", "portföljstyrning"} <= set(words)
    assert not {"nis2", "och", stem("fiskmås"), stem("lägesbild")} & set(words)
    assert "portföljstyrningen" in counts.long_words()
    assert "fiskmås" not in counts.long_words()


def test_headings_titles_and_other_names_of_the_document_are_searched_too() -> None:
    named = document("lag", title="Dataakten", aliases=("dataförordningen", "NIS 2"))
    passages = [passage("texten", "Bredband", document="lag", title="Dataakten"), passage("texten")]
    index = LexicalIndex(counted(passages, [named, document()]).arrays(lambda word: ()))
    for word in ("bredband", "dataakten", "dataförordningen", "nis2"):
        assert [position for position, _ in index.search({stem(word): 1.0}, 5)] == [0], word
