"""Quality as numbers: a question set is asked, and retrieval, answers, citations and refusals are scored.

Pure: whoever calls brings what is asked (`Answering`), and decides where a report goes.
"""

from knowledge.evaluation.baseline import Baseline, Comparison, baseline_of, compare
from knowledge.evaluation.judging import Judgement, Result
from knowledge.evaluation.metrics import MEASURES, Scores, groups, score
from knowledge.evaluation.misses import Why, right, why, worst
from knowledge.evaluation.model_judging import MODEL_MEASURES, ModelJudge, ModelScores, NotRun
from knowledge.evaluation.questions import EvaluationQuestion, load
from knowledge.evaluation.reliability import Reliability, reliability
from knowledge.evaluation.report import Report, data, report
from knowledge.evaluation.running import Answering, evaluate

__all__ = [
    "MEASURES",
    "MODEL_MEASURES",
    "Answering",
    "Baseline",
    "Comparison",
    "EvaluationQuestion",
    "Judgement",
    "ModelJudge",
    "ModelScores",
    "NotRun",
    "Reliability",
    "Report",
    "Result",
    "Scores",
    "Why",
    "baseline_of",
    "compare",
    "data",
    "evaluate",
    "groups",
    "load",
    "reliability",
    "report",
    "right",
    "score",
    "why",
    "worst",
]
