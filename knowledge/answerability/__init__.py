"""Whether the evidence answers the question: a calibrated probability, and the point from which an answer is given."""

from knowledge.answerability.decision import ANY_MODEL, Answerability, Weights, is_outside, texts_of
from knowledge.answerability.features import Features, features
from knowledge.model import OPERATING_POINT

__all__ = [
    "ANY_MODEL",
    "OPERATING_POINT",
    "Answerability",
    "Features",
    "Weights",
    "features",
    "is_outside",
    "texts_of",
]
