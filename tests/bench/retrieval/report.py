"""What was measured, as Markdown for reading and as data for comparing runs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from knowledge.evaluation.metrics import Values
from knowledge.question import understand
from tests.bench.retrieval import scoring
from tests.bench.retrieval.corpora import DEVELOPING, HELD_BACK, Corpus
from tests.bench.retrieval.scoring import HIT_AT_5, NDCG, SHOWN, Bar, Score
from tests.bench.retrieval.systems import DENSE, HYBRID, LANGCHAIN, LEXICAL, Ranked

ALL = "all"
LEGS = (LEXICAL, DENSE)
OVER_LEG = 0.02
"""nDCG@10 that fusion must bring beside the better leg."""
OVER_DEFAULT = 0.05
"""hit@5 that it must bring beside LangChain's default."""
ON_REPORT = 0.97
"""hit@5 that it must reach on the report as plain text."""
ABLATED = (ALL, "english", "noisy")
"""Groups of questions for which parts are switched off one by one."""


@dataclass(frozen=True, slots=True)
class Measured:
    """A corpus with every system's hits."""

    corpus: Corpus
    ranked: Mapping[str, Ranked]

    def values(self, system: str, judge: str, group: str = ALL) -> Values:
        """The measures of a group's questions."""
        every = scoring.values(self.corpus.cases, self.ranked[system], self.corpus.judges[judge])
        return every[[group in (ALL, case.group) for case in self.corpus.cases]]

    def better_leg(self, judge: str, group: str = ALL) -> str:
        """The leg with the higher nDCG@10."""
        return max(LEGS, key=lambda leg: float(self.values(leg, judge, group)[:, NDCG].mean()))

    def count(self, group: str) -> int:
        """How many questions a group has."""
        return sum(group in (ALL, case.group) for case in self.corpus.cases)

    @property
    def groups(self) -> tuple[str, ...]:
        """All questions together, then each group of them."""
        return (ALL, *self.corpus.groups)


def bars(measured: Sequence[Measured]) -> Iterator[Bar]:
    """What must hold, of those corpora that are there."""
    for one in measured:
        if one.corpus.name == "authority":
            for group in (HELD_BACK, ALL):
                yield from _beside_others(one, "document", group)
        if one.corpus.name == "report":
            found = float(one.values(HYBRID, "page")[:, HIT_AT_5].mean())
            yield Bar("report as plain text, page: hit@5 of hybrid", found, ON_REPORT)


def _beside_others(one: Measured, judge: str, group: str) -> Iterator[Bar]:
    leg = one.better_leg(judge, group)
    systems = (HYBRID, leg, LANGCHAIN)
    hybrid, best, default = (one.values(system, judge, group).mean(axis=0).tolist() for system in systems)
    name = f"{one.corpus.name}, {group}"
    yield Bar(f"{name}: nDCG@10 of hybrid, against {leg}", hybrid[NDCG], best[NDCG] + OVER_LEG)
    yield Bar(f"{name}: hit@5 of hybrid, against {LANGCHAIN}", hybrid[HIT_AT_5], default[HIT_AT_5] + OVER_DEFAULT)


def section(one: Measured) -> Iterator[str]:
    """The tables of one corpus, line by line."""
    corpus = one.corpus
    yield from (f"## {corpus.title}", "")
    texts = corpus.texts
    counts = f"{len(corpus.cases)} questions, {len(texts.documents)} documents, {len(texts.passages)} passages"
    yield f"{counts}." if corpus.located is None else f"{counts}; {corpus.located:.1%} of these found on their pages."
    halves = DEVELOPING in corpus.groups
    for judge in corpus.judges:
        for group in one.groups if halves else (ALL,):
            yield from ("", f"### Right {judge}, {group} ({one.count(group)})", "")
            yield from _table(one, judge, group)
        if not halves:
            yield from ("", f"### Right {judge}, by how it is asked: nDCG@10 (hit@5)", "")
            yield from _by_group(one, judge)
    if halves:
        yield from ("", f"### By kind of question, {DEVELOPING}: nDCG@10, and how often hybrid ranks lower", "")
        yield from _by_kind(one)
    yield ""


def _table(one: Measured, judge: str, group: str) -> Iterator[str]:
    yield from _header(SHOWN.values())
    for system in one.ranked:
        yield _row(system, [_with_interval(score) for score in scoring.scores(one.values(system, judge, group))])
    hybrid = one.values(HYBRID, judge, group)
    for other in (one.better_leg(judge, group), LANGCHAIN):
        brought = scoring.differences(one.values(other, judge, group), hybrid)
        yield _row(f"*hybrid less {other}*", [_signed(score) for score in brought])


def _by_group(one: Measured, judge: str) -> Iterator[str]:
    yield from _header(f"{group} ({one.count(group)})" for group in one.corpus.groups)
    for system in one.ranked:
        means = [one.values(system, judge, group).mean(axis=0) for group in one.corpus.groups]
        yield _row(system, [f"{mean[NDCG]:.3f} ({mean[HIT_AT_5]:.3f})" for mean in means])


def _by_kind(one: Measured) -> Iterator[str]:
    """Where hybrid is beaten by a leg; of the half that may be read."""
    judge = next(iter(one.corpus.judges))
    developing = [case for case in one.corpus.cases if case.group == DEVELOPING]
    kinds = [understand(case.asked.question).kind.value for case in developing]
    gains = {system: one.values(system, judge, DEVELOPING)[:, NDCG] for system in (HYBRID, *LEGS)}
    yield from _header(("questions", *gains, *(f"behind {leg}" for leg in LEGS)), "kind")
    for kind in sorted(set(kinds), key=lambda one: -kinds.count(one)):
        at = [place for place, name in enumerate(kinds) if name == kind]
        behind = [int((gains[HYBRID][at] < gains[leg][at]).sum()) for leg in LEGS]
        means = [f"{gains[system][at].mean():.3f}" for system in gains]
        yield _row(kind, [str(len(at)), *means, *map(str, behind)])


def ablation(whole: Sequence[Measured], without: Mapping[str, Sequence[Measured]]) -> Iterator[str]:
    """nDCG@10 of the lexical leg and of hybrid search with everything on, and the difference that each part makes."""
    columns = [
        (one, group, system)
        for one in whole
        for group in one.groups
        if one.corpus.name != "report" and group in ABLATED
        for system in (LEXICAL, HYBRID)
    ]
    yield from ("## What each part brings", "")
    yield from ("nDCG@10, and below it the difference when one part is off, in bold where it is beyond noise.", "")
    yield from _header([f"{one.corpus.name}, {group}: {system}" for one, group, system in columns], "")
    before = [_main(one, system, group) for one, group, system in columns]
    yield _row("everything on", [f"{found.mean():.3f}" for found in before])
    for name, found in without.items():
        by_corpus = {one.corpus.name: one for one in found}
        now = [_main(by_corpus[one.corpus.name], system, group) for one, group, system in columns]
        brought = (scoring.differences(*pair)[0] for pair in zip(before, now, strict=True))
        yield _row(name, [_difference(score) for score in brought])
    yield ""


def _main(one: Measured, system: str, group: str) -> Values:
    """nDCG@10 by the corpus's first way of being right."""
    return one.values(system, next(iter(one.corpus.judges)), group)[:, [NDCG]]


def data(measured: Sequence[Measured]) -> dict[str, Any]:
    """Every score, by corpus, way of being right and group, and what hybrid search brings beside each system."""
    return {
        one.corpus.name: {
            judge: {group: _group(one, judge, group) for group in one.groups} for judge in one.corpus.judges
        }
        for one in measured
    }


def _group(one: Measured, judge: str, group: str) -> dict[str, Any]:
    values = {system: one.values(system, judge, group) for system in one.ranked}
    return {
        "questions": len(values[HYBRID]),
        "scores": {system: _named(scoring.scores(found)) for system, found in values.items()},
        "hybrid less": {
            system: _named(scoring.differences(found, values[HYBRID]))
            for system, found in values.items()
            if system != HYBRID
        },
    }


def _named(found: Sequence[Score]) -> dict[str, dict[str, float]]:
    return {name: asdict(score) for name, score in zip(SHOWN.values(), found, strict=True)}


def _header(columns: Iterable[str], first: str = "system") -> Iterator[str]:
    columns = tuple(columns)
    yield _row(first, columns)
    yield _row("---", ["---:"] * len(columns))


def _row(first: str, cells: Sequence[str]) -> str:
    return f"| {' | '.join((first, *cells))} |"


def _with_interval(score: Score) -> str:
    return f"{score.value:.3f} ({score.low:.3f}-{score.high:.3f})"


def _signed(score: Score) -> str:
    return _marked(f"{score.value:+.3f} ({score.low:+.3f} to {score.high:+.3f})", score)


def _difference(score: Score) -> str:
    return _marked(f"{score.value:+.3f}", score)


def _marked(shown: str, score: Score) -> str:
    return f"**{shown}**" if score.is_beyond_noise else shown
