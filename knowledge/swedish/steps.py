"""The steps of the Swedish analysis, each of which can be switched off to measure what it brings."""

from __future__ import annotations

from enum import StrEnum


class Step(StrEnum):
    """One step; its value is the name that settings and reports use."""

    STEMS = "stems"
    """Word forms fall together: `kommunens` is `kommun`."""
    COMPOUNDS = "compounds"
    """Compounds also count as their parts, by the words of the texts themselves."""
    LEXICON = "lexicon"
    """Compounds are also split by a word list of the language; nothing without COMPOUNDS."""
    SYNONYMS = "synonyms"
    """Everyday words and the glossary's other names mean the words of the texts."""
    ABBREVIATIONS = "abbreviations"
    """Short forms mean their long ones and the other way round: `infosäk`, `AI Act`, `IMY`, `bl.a.`."""
    SPELLING = "spelling"
    """A word that no text holds may be a misspelling, or lack its dots and hyphens."""
    ENGLISH = "english"
    """English words mean the Swedish ones."""


Steps = frozenset[Step]

ALL: Steps = frozenset(Step)
AT_INGEST: Steps = frozenset((Step.STEMS, Step.COMPOUNDS, Step.LEXICON))
"""What shapes the index itself: an index made with other ones of these is made anew; the rest acts on questions."""


def at_ingest(steps: Steps) -> tuple[str, ...]:
    """The names of those steps that shape the index, in fixed order: what a manifest records and compares."""
    return tuple(step.value for step in Step if step in steps & AT_INGEST)
