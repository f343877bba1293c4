"""A report in words: everything that matters on the terminal, all of it in Markdown, and nothing that is markup."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Literal

import pytest

from bot.cli.console import Console
from bot.cli.evaluation_files import markdown, write_report
from bot.cli.evaluation_sections import Section, sections
from bot.cli.progress import question_progress
from bot.cli.table import table
from bot.conversation.texts import LANGUAGES, Texts
from knowledge.evaluation import MODEL_MEASURES, ModelScores, NotRun, Report, Result, baseline_of, data, report
from knowledge.evaluation.intervals import Interval
from tests.fakes.evaluation import answerable, bare, refusable

RESULTS = [
    *[answerable(f"a{number}", part="report") for number in range(8)],
    answerable("wrong", cited=False, rank=3, context=["Vad hände först?"]),
    answerable("lost", contains=False, rank=None),
    answerable("silent", refused=True),
    refusable("no", reason="related"),
    refusable("oops", refused=False, reason="unknowable"),
]


def console(language: str = "sv") -> Console:
    return Console(Texts.load(), json=False, language=language)


def told(report: Report, language: str = "sv", *, brief: bool = True) -> dict[str, Section]:
    """The sections by their titles."""
    return {section.title: section for section in sections(report, console(language), brief=brief)}


def rows(section: Section) -> dict[str, tuple[str, ...]]:
    return {row[0]: row[1:] for row in section.rows}


def test_every_score_stands_with_its_interval() -> None:
    found = rows(told(report(RESULTS))["Alla frågor"])
    assert found["rätt faktum i svaret"][0] == "0.818"  # 9 of 11
    assert " … " in found["rätt faktum i svaret"][1]
    assert found["rätt avböjda"][0] == "0.500"
    assert "avböjda" not in found  # of interest only where nothing else is known


def test_groups_leave_out_what_applies_to_none_of_theirs() -> None:
    groups = told(report(RESULTS))["Grupper"]
    assert rows(groups)["refuse"] == ("2", "–", "–", "–", "–", "0.500", "–", "1.0")
    assert [row[0] for row in groups.rows] == ["all", "answerable", "refuse", "report", "related", "unknowable"]
    wide = told(report(RESULTS), brief=False)["Grupper"]
    assert "träff@1" in wide.head
    assert " … " in rows(wide)["report"][1]


def test_misses_say_what_was_expected_said_and_found_the_worst_first() -> None:
    items = told(report(RESULTS))["Värsta missarna"].items
    assert [item.title for item in items] == [
        *("oops (refuse): oops", "wrong (answerable): wrong"),
        *("lost (answerable): lost", "silent (answerable): silent"),
    ]
    oops, wrong, lost, silent = (dict(item.said) for item in items)
    assert (oops["miss"], oops["väntat"]) == ("besvarad fast den ska avböjas", "att frågan avböjs")
    assert "rätt stycke" not in oops
    assert (wrong["efter"], wrong["rätt stycke"]) == ("Vad hände först?", "plats 3")
    assert wrong["väntat"] == "”18 personer”, ur statusrapport-2024, s. 12"
    assert wrong["källor"] == "statusrapport-2024 s. 12"
    assert lost["rätt stycke"] == "inte bland de tio första"
    assert "källor" not in silent


def test_a_long_answer_is_shortened() -> None:
    asked = RESULTS[8]
    long = Result(asked.question, type(asked.answer)("q", asked.answer.status, "sv", "ord " * 500), asked.judgement)
    [item] = told(report([long]))["Värsta missarna"].items
    assert len(dict(item.said)["sagt"]) <= 301
    assert dict(item.said)["sagt"].endswith("…")


def test_a_set_of_bare_questions_tells_refusals_times_and_answers() -> None:
    found = told(report([bare("Vad hände?"), bare("Vem?")]))
    assert list(found) == ["Alla frågor", "Språkmodellens omdöme om svaren", "Frågor utan facit"]
    assert set(rows(found["Alla frågor"])) == {*("avböjda", "millisekunder, median", "millisekunder, 95:e percentilen")}
    assert found["Frågor utan facit"].items[0].title == "Vad hände?: Vad hände?"
    assert "18 personer" in dict(found["Frågor utan facit"].items[0].said)["sagt"]


def test_a_comparison_names_scores_and_questions() -> None:
    before = baseline_of([*[answerable(f"q{number}") for number in range(20)], answerable("gone")])
    now = [*[answerable(f"q{number}", contains=number > 9) for number in range(20)], answerable("new")]
    found = told(report(now, baseline=before))["Jämförelse med den sparade körningen"]
    assert rows(found)["rätt faktum i svaret"][:3] == ("1.000", "0.500", "-0.500")
    assert rows(found)["rätt faktum i svaret"][-1] == "sämre"
    assert rows(found)["rätt källa i svaret"][-1] == "inom slumpen"
    text = " ".join(found.sentences)
    assert "20 frågor är jämförda" in text
    assert "q0 (rätt faktum), q1 (rätt faktum)" in text
    assert "inte jämförda: new" in text
    assert "inte bland frågorna: gone" in text


def test_questions_that_need_no_looking_into_are_not_all_named_on_the_terminal() -> None:
    now = [answerable(f"new{number}") for number in range(25)]
    found = report(now, baseline=baseline_of([answerable("gone")]))
    brief, whole = (told(found, brief=short)["Jämförelse med den sparade körningen"] for short in (True, False))
    assert brief.sentences[1].endswith("new19 och 5 till.")
    assert whole.sentences[1].endswith("new24.")


def test_reliability_is_told_as_a_table_too() -> None:
    results = [answerable("a", confidence=0.9), refusable("b", confidence=0.2)]
    brief, whole = (told(report(results), brief=short) for short in (True, False))
    assert brief["Hur väl sannolikheten stämmer"].sentences == ("2 frågor: ECE 0.050, Brier 0.025, AUC 1.000",)
    assert len(brief["Hur väl sannolikheten stämmer"].rows) == 3
    assert "Sannolikhet och utfall" not in brief
    assert whole["Sannolikhet och utfall"].rows == (("0.20–0.90", "2", "0.550", "0.500"),)


@pytest.mark.parametrize("language", LANGUAGES)
def test_both_languages_can_say_all_of_it(language: str) -> None:
    results = [*RESULTS, bare("b"), answerable("s", confidence=0.9), refusable("t", confidence=0.2)]
    found = report(results, baseline=baseline_of(RESULTS))
    assert len(told(found, language, brief=False)) == 8


@pytest.mark.parametrize(("reason", "word"), [("extractive", "--generator llm"), ("no_model", "FYREN_MODEL_PROVIDER")])
def test_scores_of_a_model_that_was_not_asked_are_not_run(reason: Literal["extractive", "no_model"], word: str) -> None:
    found = told(report(RESULTS, model=NotRun(reason)))["Språkmodellens omdöme om svaren"]
    assert len(found.rows) == len(MODEL_MEASURES)
    assert {row[1] for row in found.rows} == {"ej körd"}
    assert word in found.sentences[0]


def test_scores_of_a_model_come_with_intervals_and_with_what_failed() -> None:
    scores = dict.fromkeys(MODEL_MEASURES, 0.75) | {"relevance": None}
    intervals = dict.fromkeys(MODEL_MEASURES, Interval(0.5, 1.0)) | {"relevance": None}
    model = ModelScores("openai/small", (), scores, intervals, {"slow": 2}, {"openai/small": 3, "extractive": 1})
    found = told(report(RESULTS, model=model))["Språkmodellens omdöme om svaren"]
    assert found.rows[0][1:] == ("0.750", "0.500 … 1.000")
    assert found.rows[-1][1:] == ("–", "–")
    text = " ".join(found.sentences)
    assert "slow 2" in text
    assert "openai/small 3, extractive 1" in text


def test_what_a_question_or_an_answer_holds_is_no_markup() -> None:
    asked = answerable("a", cited=False, question="Vad är <b>|*x*|</b> [y](z)?\n# Rubrik")
    [section] = [one for one in sections(report([asked]), console(), brief=False) if one.items]
    text = "\n".join(markdown(section))
    assert r"### a (answerable): Vad är \<b\>\|\*x\*\|\</b\> \[y\](z)? \# Rubrik" in text
    assert "\n# Rubrik" not in text


def test_a_report_is_written_as_markdown_and_json(tmp_path: Path) -> None:
    (tmp_path / "reliability.png").write_bytes(b"of an earlier run")
    found = report(RESULTS, generation="g1")
    write_report(tmp_path, "Kvalitet", found, data(found), console())
    text = (tmp_path / "report.md").read_text(encoding="utf-8")
    assert text.startswith("# Kvalitet\n\n## Alla frågor\n\n13 frågor, index g1.")
    assert "| rätt faktum i svaret | 0.818 | " in text
    assert json.loads((tmp_path / "report.json").read_text(encoding="utf-8")) == json.loads(json.dumps(data(found)))
    assert not (tmp_path / "reliability.png").exists()  # nothing is known of reliability


def test_without_a_picture_the_report_is_written_all_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "executable", str(tmp_path / "no-python"))
    found = report([answerable("a", confidence=0.9)])
    write_report(tmp_path, "Kvalitet", found, data(found), console())
    assert "Bilden kunde inte ritas" in capsys.readouterr().err
    assert "![" not in (tmp_path / "report.md").read_text(encoding="utf-8")


def test_progress_is_told_only_of_what_takes_time(capsys: pytest.CaptureFixture[str]) -> None:
    with question_progress(console(), 3) as quick:
        quick(1)
    assert capsys.readouterr().err == ""
    with question_progress(console(), 3, patience=0.0) as slow:
        for done in (1, 2, 3):
            slow(done)
    assert capsys.readouterr().err == "Ställer frågor\n"


def test_columns_of_texts_can_stand_to_the_right() -> None:
    assert table(("a", "b"), [("x", "1.0"), ("y", "–")], right=(1,)) == ["a    b", "x  1.0", "y    –"]
