"""The list of metrics: bounded, named alike, and silent about people."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.observing.recorder import Recorder
from bot.telemetry.metric import OTHER, Kind, Metric
from bot.telemetry.metrics import JOBS, METRICS, REQUESTS, TURNS

NOBODYS = {"user", "person", "tenant", "conversation", "activity", "file", "path", "name", "question", "address"}
COUNTED = [each for each in METRICS if each.kind is not Kind.GAUGE]


def test_metrics_are_named_alike_and_told_what_they_are() -> None:
    assert len({each.name for each in METRICS}) == len(METRICS)
    for each in METRICS:
        assert each.name.startswith("fyren_")
        assert each.help.endswith(".")
        assert (each.kind is Kind.HISTOGRAM) == bool(each.buckets)
        assert list(each.buckets) == sorted(each.buckets)


def test_no_label_is_about_a_person_a_file_or_an_address_and_all_are_closed_lists() -> None:
    for each in METRICS:
        assert not NOBODYS & set(each.labels)
        # Only what there is one of at a time goes without a list: a version, a publication.
        assert each.kind is Kind.GAUGE or None not in each.labels.values()
    assert sum(each.most for each in METRICS) < 2000


@settings(max_examples=25)
@given(st.sampled_from(COUNTED), st.lists(st.text(), min_size=30, max_size=30))
def test_whatever_is_told_the_number_of_series_is_bounded(metric: Metric, told: list[str]) -> None:
    recorder = Recorder()
    width = len(metric.labels)
    for at in range(0, len(told) - width, max(1, width)):
        labels = told[at : at + width]
        if metric.kind is Kind.COUNTER:
            recorder.count(metric, *labels)
        else:
            recorder.observe(metric, 1.0, *labels)
    for family in recorder.registry.collect():
        if family.name == metric.name:
            series = {tuple(v for k, v in each.labels.items() if k != "le") for each in family.samples}
            assert len(series) <= metric.most


def test_what_is_on_no_list_is_counted_as_other() -> None:
    recorder = Recorder()
    recorder.count(JOBS, "sent", "anna@example.se")
    recorder.observe(TURNS, 0.1, "message", "done")
    recorder.observe(REQUESTS, 0.1, "teams", "418")
    assert recorder.registry.get_sample_value("fyren_document_jobs_total", {"kind": "sent", "state": OTHER}) == 1
    labels = {"kind": "message", "outcome": "done"}
    assert recorder.registry.get_sample_value("fyren_turn_duration_seconds_count", labels) == 1
    labels = {"area": "teams", "status": OTHER}
    assert recorder.registry.get_sample_value("fyren_request_duration_seconds_count", labels) == 1


def test_every_value_that_the_code_has_is_on_its_list() -> None:
    from bot.documents.jobs import JobKind, JobState
    from bot.documents.ports import GATE
    from bot.measuring.requests import REASONS
    from bot.measuring.turns import KINDS
    from bot.telemetry.metrics import JOB_PHASES, QUESTIONS, REFUSED
    from ingest.model import Phase
    from knowledge.model import Status

    assert {each.value for each in JobKind} <= listed(JOBS, "kind")
    assert {each.value for each in JobState} == listed(JOBS, "state")
    assert {*(each.value for each in Phase), GATE} == listed(JOB_PHASES, "phase")
    assert set(REASONS.values()) == listed(REFUSED, "reason")
    assert set(KINDS.values()) == listed(TURNS, "kind")
    assert {each.value for each in Status} <= listed(QUESTIONS, "outcome")


def listed(metric: Metric, label: str) -> set[str]:
    return set(metric.labels[label] or ())
