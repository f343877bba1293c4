"""The dashboard and the alert rules: right in themselves, and about nothing but what the service tells."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import promql_parser
import yaml

from bot.telemetry.metric import OTHER, Metric
from bot.telemetry.metrics import METRICS

FOLDER = Path(__file__).resolve().parents[2] / "deploy" / "observability"
HANDBOOK = FOLDER.parent / "handbook.md"
OF_PROMETHEUS = {"up", "process_resident_memory_bytes", "process_cpu_seconds_total"}
"""Series that Prometheus, or its library in the service, makes by itself."""
EXPOSED = {name: each for each in METRICS for name in each.exposed}


def panels() -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads((FOLDER / "grafana-dashboard.json").read_text(encoding="utf-8"))["panels"]
    return found


def rules() -> list[dict[str, Any]]:
    groups = yaml.safe_load((FOLDER / "alerts.yaml").read_text(encoding="utf-8"))["groups"]
    return [rule for group in groups for rule in group["rules"]]


def queries() -> list[str]:
    """Grafana's own variables stand for a time and for any replica."""
    shown = [target["expr"] for panel in panels() for target in panel.get("targets", ())]
    plain = [each.replace("$__rate_interval", "5m").replace("$instance", ".*") for each in shown]
    return [*plain, *(rule["expr"] for rule in rules())]


def selected(query: str) -> list[promql_parser.VectorSelector]:
    found: list[promql_parser.VectorSelector] = []

    def visit(expression: promql_parser.Expr) -> None:
        if isinstance(expression, promql_parser.VectorSelector):
            found.append(expression)

    promql_parser.walk(promql_parser.parse(query), visit)
    return found


def test_every_query_is_right_and_about_metrics_and_labels_that_there_are() -> None:
    for query in queries():
        for selector in selected(query):
            metric = EXPOSED.get(selector.name or "")
            assert metric is not None or selector.name in OF_PROMETHEUS, selector.name
            for matcher in selector.matchers.matchers:
                if metric is not None and matcher.name != "instance":
                    known(metric, matcher.name, matcher.value)


def known(metric: Metric, label: str, value: str) -> None:
    """A rule on a value that is never told would never fire."""
    assert label in metric.labels, f"{metric.name} has no label {label}"
    allowed = metric.labels[label]
    assert allowed is None or set(value.split("|")) <= {*allowed, OTHER}, f"{metric.name}: {label}={value}"


def test_every_panel_has_a_title_a_description_and_a_unit_and_none_lies_on_another() -> None:
    shown = [each for each in panels() if each["type"] != "row"]
    assert len(shown) > 25
    taken: set[tuple[int, int]] = set()
    for each in shown:
        assert each["title"]
        assert each["description"].endswith(".")
        assert each["fieldConfig"]["defaults"]["unit"]
        place = each["gridPos"]
        cells = {
            (x, y)
            for x in range(place["x"], place["x"] + place["w"])
            for y in range(place["y"], place["y"] + place["h"])
        }
        assert max(x for x, _ in cells) < 24
        assert not cells & taken
        taken |= cells
    assert len({each["id"] for each in panels()}) == len(panels())


def test_every_alert_says_how_urgent_it_is_and_what_it_means() -> None:
    names = [each["alert"] for each in rules()]
    assert len(set(names)) == len(names) > 15
    handbook = HANDBOOK.read_text(encoding="utf-8")
    for each in rules():
        assert each["labels"] == {"severity": each["labels"]["severity"]}
        assert each["labels"]["severity"] in ("page", "ticket")
        assert each["annotations"]["summary"]
        assert each["annotations"]["description"].endswith(".")
        assert f"`{each['alert']}`" in handbook


def test_every_metric_that_something_is_counted_in_is_looked_at_by_somebody() -> None:
    named = {selector.name for query in queries() for selector in selected(query)}
    assert [each.name for each in METRICS if not named & set(each.exposed)] == []
