"""Every metric of the service; the dashboard and the alert rules in deploy/observability name no other."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from bot.telemetry.metric import Kind, Metric

_QUICK: Final = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
_TURN: Final = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 1.5, 2.5, 5.0, 10.0, 20.0, 40.0)
_LONG: Final = (0.1, 0.5, 1.0, 5.0, 15.0, 60.0, 300.0, 900.0, 3600.0)


def _values(words: str) -> frozenset[str]:
    return frozenset(words.split())


def _seconds(name: str, told: str, buckets: Sequence[float] = _QUICK, **labels: str) -> Metric:
    return Metric(
        f"fyren_{name}_seconds",
        Kind.HISTOGRAM,
        told,
        "s",
        {key: _values(each) for key, each in labels.items()},
        buckets,
    )


def _count(name: str, told: str, **labels: str) -> Metric:
    return Metric(f"fyren_{name}", Kind.COUNTER, told, "", {key: _values(each) for key, each in labels.items()})


def _gauge(name: str, told: str, unit: str = "", **labels: str | None) -> Metric:
    lists = {key: None if each is None else _values(each) for key, each in labels.items()}
    return Metric(f"fyren_{name}", Kind.GAUGE, told, unit, lists)


STATUSES: Final = "200 202 400 401 403 404 405 408 412 413 415 429 500 502 503 504"

TURNS: Final = _seconds(
    "turn_duration",
    "Time from a turn to its replies, before they are sent, by what the person did and how it ended.",
    _TURN,
    kind="message action feedback joined file_consent files_sent",
    outcome="done failed stopped",
)
TURNS_RUNNING: Final = _gauge("turns_running", "Turns that are being answered now.")
REQUESTS: Final = _seconds(
    "request_duration",
    "Time of a request, by whether it is from Teams, for a page or about health, and by its status.",
    _TURN,
    area="teams pages health",
    status=f"{STATUSES} 302 303 304 307",
)
REFUSED: Final = _count(
    "requests_refused",
    "Requests to the Teams endpoint that were turned away, by reason.",
    reason="malformed unauthenticated forbidden too_large media_type slow too_many broken unavailable",
)
LIMITED: Final = _count(
    "rate_limited",
    "Turns that were put off as somebody asked too fast, or too many did at once.",
    what="questions turns busy",
)
QUESTIONS: Final = _seconds(
    "question_duration",
    "Time of a question to the knowledge base, by outcome and by who worded the answer.",
    _TURN,
    outcome="answered refused unavailable failed",
    generator="quoted model none",
)
RETRIEVAL: Final = _seconds("question_retrieval", "The part of it that finding passages took.")
MODEL_CALLS: Final = _seconds(
    "model_call_duration",
    "Time of a request to the language model, by what it was for and how it ended.",
    _TURN,
    purpose="interpret compose judge",
    outcome="done abandoned busy unavailable cut filtered refused invalid",
)
MODEL_TOKENS: Final = _count(
    "model_tokens", "Tokens sent to the language model and received.", kind="prompt completion"
)
MODEL_BREAKER: Final = _gauge(
    "model_breaker",
    "1 for the state of the way to the language model: closed while it is asked, open while it is left alone.",
    state="closed open half-open",
)
BUDGET_USED: Final = _gauge("budget_used_tokens", "Tokens used or set aside of this month's budget of everybody.")
BUDGET_LIMIT: Final = _gauge("budget_limit_tokens", "This month's budget of everybody in tokens; 0 is no limit.")
SENDS: Final = _seconds(
    "send_duration",
    "Time of a call to the Teams connector, with its further tries, by what it did and how it ended.",
    method="send begin update delete",
    status="ok 400 401 403 404 412 413 429 500 502 503 504 timeout unreachable credentials stopped",
)
SEND_RETRIES: Final = _count(
    "send_retries", "Further tries of a call to the Teams connector, by why.", status="412 429 502 504 unreachable"
)
JOBS: Final = _count(
    "document_jobs",
    "Steps of jobs on documents, by what the job does and what became of it.",
    kind="sent removal facts address",
    state="queued reading draft published discarded failed cancelled undone",
)
JOB_PHASES: Final = _seconds(
    "document_job_phase",
    "Time of a phase of reading documents.",
    _LONG,
    phase="fetch load recognise embed write publish gate",
)
GENERATIONS: Final = _count(
    "generations_opened", "Publications of the knowledge base taken into service.", result="served failed"
)
GENERATION: Final = _gauge(
    "generation_info", "1 for the publication that is served, and how it is searched.", generation=None, mode=None
)
DOCUMENTS: Final = _gauge("documents", "Documents of the publication that is served.")
PASSAGES: Final = _gauge("passages", "Passages of the publication that is served.")
CHECK_SAVES: Final = _count(
    "check_saves",
    "What was stored of the maturity check: steps of a session, and responses sent in.",
    what="step response",
)
WEB_SESSIONS: Final = _gauge("web_sessions", "People signed in to the web pages.")
TRANSACTIONS: Final = _seconds(
    "database_duration",
    "Time of a database transaction with its further tries.",
    database="main identity",
    work="read write",
    outcome="done failed",
)
TRANSACTION_RETRIES: Final = _count(
    "database_retries", "Further tries of a database transaction.", database="main identity", work="read write"
)
READY: Final = _gauge("ready", "1 where questions can be answered and answers kept, as /readyz says, else 0.")
LOOP_LAG: Final = _gauge(
    "loop_lag_seconds", "The longest that the event loop kept others waiting in the last minute.", "s"
)
LOOP_BLOCKED: Final = _count("loop_blocked", "How often the event loop kept others waiting for longer than 200 ms.")
LOG_LINES: Final = _count("log_lines", "Lines in the log from warnings up.", level="warning error critical")
BUILD: Final = _gauge("build_info", "1 for the version that runs.", version=None)

METRICS: Final = tuple(each for each in list(globals().values()) if isinstance(each, Metric))
"""All of them."""
