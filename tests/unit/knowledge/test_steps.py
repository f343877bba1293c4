"""The steps of the analysis have names that settings and manifests use."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from knowledge.swedish.steps import ALL, AT_INGEST, Step, at_ingest


def test_all_steps_are_taken_unless_told() -> None:
    assert frozenset(Step) == ALL
    assert at_ingest(ALL) == ("stems", "compounds", "lexicon")


@given(st.frozensets(st.sampled_from(Step)))
def test_what_shapes_an_index_is_told_in_fixed_order_and_nothing_else(steps: frozenset[Step]) -> None:
    told = at_ingest(steps)
    assert set(told) == steps & AT_INGEST
    assert told == tuple(step for step in Step if step in told)
