"""Does the evidence cover what is asked? A calibrated probability instead of a similarity threshold.

Similarity alone accepts any question that is about the right subject. What separates `hur många kommuner deltog` from
`hur många invånare har Tanum` is whether one place in the text holds all that the question demands: its words, the
names and years in it, the attribute asked for, and a number where a number is asked for; and whether the question is of
a sort that such texts answer at all, which its vector tells.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from importlib.resources import files
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, TypeAdapter

from knowledge.answerability.features import Features
from knowledge.concepts import Concept
from knowledge.retrieval import Retrieval

Texts = Literal["asked", "plain"]
"""Texts that tell which questions they answer, as those of the built-in library do, and texts that do not."""
ANY_MODEL = ""
"""Names the weights for embedding models that were not fitted: they leave out what rests on cosines and vectors."""
JUDGED = 5
"""How many of the best hits tell which texts a question is answered from."""
OUTSIDE = 0.6
"""Share of meaning in unknown words from which a refused question counts as outside the subject."""
SUREST = 30.0
"""Log odds that are not exceeded: nothing is certain, so that an operating point of 1 refuses whatever is asked."""


class Weights(BaseModel):
    """Logistic regression: the intercept, one weight a feature, and one a number of the question's vector."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    intercept: float
    features: Mapping[str, float]
    vector: tuple[float, ...] = ()


_WEIGHTS = TypeAdapter(dict[str, dict[Texts, Weights]])


@dataclass(frozen=True, slots=True)
class _Fitted:
    intercept: float
    features: Mapping[str, float]
    vector: NDArray[np.float32] | None


class Answerability:
    """The decision, with the weights of one embedding model."""

    def __init__(self, fitted: Mapping[str, Mapping[Texts, Weights]]) -> None:
        """`fitted` maps an embedding model's name, or ANY_MODEL, to the weights for each sort of texts.

        Raises ValueError for weights of features that there are not.
        """
        named = {name for sorts in fitted.values() for one in sorts.values() for name in one.features}
        unknown = named - {field.name for field in fields(Features)}
        if unknown:
            raise ValueError(f"there are no features of the name {', '.join(sorted(unknown))}")
        self._fitted = {
            (model, texts): _Fitted(
                one.intercept, one.features, np.asarray(one.vector, dtype=np.float32) if one.vector else None
            )
            for model, sorts in fitted.items()
            for texts, one in sorts.items()
        }

    @classmethod
    def load(cls) -> Answerability:
        """With the weights that were fitted on the development questions (`make fit`)."""
        content = files("knowledge.answerability").joinpath("weights.json").read_bytes()
        return cls(_WEIGHTS.validate_json(content))

    def probability(self, found: Features | None, retrieval: Retrieval) -> float:
        """Probability (0-1) that the evidence answers the question; 0 where nothing was found."""
        if found is None:
            return 0.0
        fitted, vector = self._weights(retrieval)
        values = asdict(found)
        z = fitted.intercept + sum(weight * values[name] for name, weight in fitted.features.items())
        if fitted.vector is not None and vector is not None:
            z += float(fitted.vector @ vector)
        return 1.0 / (1.0 + math.exp(-min(SUREST, max(-SUREST, z))))

    def _weights(self, retrieval: Retrieval) -> tuple[_Fitted, NDArray[np.float32] | None]:
        """The weights that fit what was found, and the question's vector where they rest on it.

        A vector of another width than the weights' is of another model, whatever its name.
        """
        texts = texts_of(retrieval)
        own = self._fitted.get((retrieval.model or ANY_MODEL, texts))
        if own is None or retrieval.vector is None:
            return self._fitted[ANY_MODEL, texts], None
        vector = retrieval.vector.ravel()
        if own.vector is not None and own.vector.size != vector.size:
            return self._fitted[ANY_MODEL, texts], None
        return own, vector


def texts_of(retrieval: Retrieval) -> Texts:
    """Which sort of texts most of the best hits are of."""
    best = retrieval.hits[:JUDGED]
    return "asked" if 2 * sum(bool(hit.passage.questions) for hit in best) >= len(best) else "plain"


def is_outside(concepts: Sequence[Concept]) -> bool:
    """Whether a question is about something else altogether, so that no topic of the index is near to it.

    Judged by its own words only: what an earlier turn was about says nothing of `vad blir det för lunch`.
    """
    own = [concept for concept in concepts if not concept.generic and not concept.carried]
    total = sum(concept.weight for concept in own)
    return total > 0 and sum(concept.weight for concept in own if not concept.known) >= OUTSIDE * total
