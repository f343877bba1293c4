"""A report on a question set in the reader's words: sections that the terminal and a Markdown file both can show."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bot.cli.console import Console
from bot.cli.evaluation_items import NOTHING, Item, miss, number, unjudged
from knowledge.evaluation import MEASURES, MODEL_MEASURES, ModelScores, NotRun, Report, Scores
from knowledge.evaluation.baseline import Change, Comparison, Moved
from knowledge.evaluation.intervals import Interval
from knowledge.evaluation.reliability import Reliability

NAMED = 20
"""Most questions that the terminal names of those that need no looking into; the files name all."""
BRIEF = ("recall_at_5", "ndcg_at_10", "contains", "cited", "refusal_recall", "false_refusals")
"""The measures of a group that a line of the terminal has room for."""


@dataclass(frozen=True, slots=True)
class Section:
    """A title, with sentences, a table (numbers from its second column on) and items below; each may be empty."""

    title: str
    sentences: tuple[str, ...] = ()
    head: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()
    items: tuple[Item, ...] = ()


def sections(report: Report, console: Console, *, brief: bool) -> Iterator[Section]:
    """All there is to tell; `brief` leaves out what does not fit on a terminal's line, or is detail."""
    yield _overall(report, console)
    yield _model(report.model, console)
    if report.comparison is not None:
        yield _comparison(report.comparison, console, brief=brief)
    if len(report.scores) > 1:
        yield _groups(report, console, brief=brief)
    if report.reliability is not None:
        yield _points(report.reliability, console)
        if not brief:
            yield _bins(report.reliability, console)
    if report.misses:
        items = tuple(miss(one, console) for one in report.misses)
        yield Section(console.say("cli.eval.title.misses"), items=items)
    if report.unjudged:
        items = tuple(unjudged(one, console) for one in report.unjudged)
        yield Section(console.say("cli.eval.title.unjudged"), items=items)


def reliability_words(found: Reliability, console: Console) -> str:
    """The reliability in one line."""
    return console.say(
        "cli.eval.reliability",
        questions=found.questions,
        ece=number(found.ece),
        brier=number(found.brier),
        auc=number(found.auc),
    )


def _overall(report: Report, console: Console) -> Section:
    scores, intervals = report.scores["all"], report.intervals["all"]
    told = [name for name in MEASURES if name != "refused" or report.unjudged]
    rows = [
        (_measure(name, console), number(value), _interval(intervals[name]))
        for name in told
        if (value := getattr(scores, name)) is not None
    ]
    times = [(_measure(name, console), f"{getattr(scores, name):.1f}", NOTHING) for name in ("ms_p50", "ms_p95")]
    count = console.say("cli.eval.questions", count=scores.questions, generation=report.generation or NOTHING)
    head = _columns(console, "measure", "value", "interval")
    return Section(console.say("cli.eval.title.all"), (count,), head, (*rows, *times))


def _model(found: ModelScores | NotRun, console: Console) -> Section:
    """What a language model says of the answers, or that none was asked, and why."""
    title = console.say("cli.eval.title.model")
    head = _columns(console, "measure", "value", "interval")
    if isinstance(found, NotRun):
        not_run = console.say("cli.eval.judge.not_run")
        rows = tuple((_measure(name, console), not_run, NOTHING) for name in MODEL_MEASURES)
        return Section(title, (console.say(f"cli.eval.judge.reason.{found.reason}"),), head, rows)
    rows = tuple(
        (_measure(name, console), number(found.scores[name]), _interval(found.intervals[name]))
        for name in MODEL_MEASURES
    )
    told = [console.say("cli.eval.judge.judged", judge=found.judge, count=len(found.judgements))]
    lists = {"generators": found.generators, "failures": found.failures}
    for name, counts in lists.items():
        if counts:
            told.append(
                console.say(f"cli.eval.judge.{name}", counts=", ".join(f"{key} {n}" for key, n in counts.items()))
            )
    return Section(title, tuple(told), head, rows)


def _groups(report: Report, console: Console, *, brief: bool) -> Section:
    wanted = BRIEF if brief else [name for name in MEASURES if name != "refused"]
    names = [name for name in wanted if getattr(report.scores["all"], name) is not None]
    times = ("ms_p50",) if brief else ("ms_p50", "ms_p95")

    def cell(group: str, name: str, scores: Scores) -> str:
        interval = report.intervals[group][name]
        value = number(getattr(scores, name))
        return value if brief or interval is None else f"{value} ({_interval(interval)})"

    rows = tuple(
        (
            group,
            str(scores.questions),
            *(cell(group, name, scores) for name in names),
            *(f"{getattr(scores, name):.1f}" for name in times),
        )
        for group, scores in report.scores.items()
    )
    head = _columns(console, "group", "questions", *names, *times)
    return Section(console.say("cli.eval.title.groups"), (), head, rows)


def _comparison(found: Comparison, console: Console, *, brief: bool) -> Section:
    rows = tuple(
        (
            _measure(change.score, console),
            number(change.before),
            number(change.now),
            f"{change.difference:+.3f}",
            _interval(change.interval, sign="+"),
            console.say(f"cli.eval.verdict.{_verdict(change)}"),
        )
        for change in found.changes
    )
    most = NAMED if brief else None
    lists = {
        "worse": ([_moved(one, console) for one in found.worse], None),
        "better": ([_moved(one, console) for one in found.better], most),
        "unknown": (found.unknown, most),
        "gone": (found.gone, most),
    }
    told = [
        console.say(f"cli.eval.{name}", ids=_listed(ids, cut, console)) for name, (ids, cut) in lists.items() if ids
    ]
    counted = console.say("cli.eval.compared", count=found.compared)
    head = _columns(console, "measure", "before", "now", "difference", "interval", "verdict")
    return Section(console.say("cli.eval.title.comparison"), (counted, *told), head, rows)


def _listed(ids: Sequence[str], most: int | None, console: Console) -> str:
    shown = ", ".join(ids[:most])
    more = 0 if most is None else len(ids) - most
    return console.say("cli.eval.more", ids=shown, count=more) if more > 0 else shown


def _verdict(change: Change) -> str:
    return "fell" if change.fell else "rose" if change.rose else "noise"


def _moved(moved: Moved, console: Console) -> str:
    return f"{moved.id} ({', '.join(console.say(f'cli.eval.column.{name}') for name in moved.scores)})"


def _points(found: Reliability, console: Console) -> Section:
    rows = tuple(
        (
            number(point.budget, 2),
            number(point.false_refusals),
            number(point.refusal_recall),
            number(point.threshold),
        )
        for point in found.points
    )
    head = _columns(console, "budget", "false_refusals", "refusal_recall", "threshold") if rows else ()
    return Section(console.say("cli.eval.title.reliability"), (reliability_words(found, console),), head, rows)


def _bins(found: Reliability, console: Console) -> Section:
    rows = tuple(
        (
            f"{number(one.low, 2)}{NOTHING}{number(one.high, 2)}",
            str(one.count),
            number(one.confidence),
            number(one.answerable),
        )
        for one in found.bins
    )
    head = _columns(console, "bin", "questions", "confidence", "answerable")
    return Section(console.say("cli.eval.title.bins"), (), head, rows)


def _columns(console: Console, *names: str) -> tuple[str, ...]:
    return tuple(console.say(f"cli.eval.column.{name}") for name in names)


def _measure(name: str, console: Console) -> str:
    return console.say(f"cli.eval.measure.{name}")


def _interval(interval: Interval | None, sign: str = "") -> str:
    return NOTHING if interval is None else f"{interval.low:{sign}.3f} … {interval.high:{sign}.3f}"
