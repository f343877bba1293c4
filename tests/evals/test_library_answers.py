"""What the library promises as a whole: changed states told twice, figures drawn, suggestions that can be answered."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.knowledge_base import LIBRARY
from knowledge import relations
from tests.program import FYREN, environment

OUTLINE = Path(__file__).parents[1] / "unit" / "library" / "report_outline.yaml"

pytestmark = pytest.mark.slow


def run(library: Path, command: Sequence[str], lines: Sequence[dict[str, Any]], tmp_path: Path) -> list[dict[str, Any]]:
    """What `fyren ask` or `fyren search` says to a batch, as JSON."""
    batch = tmp_path / "batch.jsonl"
    batch.write_text("".join(f"{json.dumps(line)}\n" for line in lines), encoding="utf-8")
    done = subprocess.run(
        [*FYREN, *command, "--batch", str(batch), "--json"],
        env=environment(library),
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    return [json.loads(line) for line in done.stdout.splitlines()]


def ask(library: Path, questions: Sequence[str], tmp_path: Path) -> list[dict[str, Any]]:
    lines = [{"id": str(number), "question": question} for number, question in enumerate(questions)]
    return run(library, ["ask"], lines, tmp_path)


def test_of_what_has_changed_both_states_are_told_with_their_dates(library: Path, tmp_path: Path) -> None:
    questions = [
        "Är Millennium infört i regionen nu?",
        "Gäller AI-förordningen redan?",
        "Är cyberresiliensförordningen beslutad?",
        "Vad säger rapporten om NIS 2?",
        "Vad säger rapporten om EHDS?",
        "Vilken myndighet är Digg i dag?",
    ]
    for question, answer in zip(questions, ask(library, questions, tmp_path), strict=True):
        assert answer["status"] == "answered", question
        assert "rapport" in answer["answer"], question
        assert "maj 2024" in answer["answer"] or "statusrapport-2024" in str(answer["citations"]), question
        assert "november 2026" in answer["answer"], question


def test_law_is_told_with_its_day_and_as_guidance(library: Path, tmp_path: Path) -> None:
    swedish, english = ask(library, ["Vad kräver NIS 2 av kommunen?", "What does NIS 2 require?"], tmp_path)
    assert "Läget per 2026-11-23." in swedish["notes"]
    assert "Det här är vägledning, inte juridisk rådgivning." in swedish["notes"]
    assert "This is guidance, not legal advice." in english["notes"]


@pytest.mark.parametrize(
    ("question", "figure"),
    [
        ("hur många har väl fungerande portföljstyrning", ("3", "Portföljstyrning")),
        ("Hur ser det ut med projektstyrningen i kommunerna?", ("4", "Projektstyrning")),
        ("Vilka tekniska hinder är vanligast?", ("24", "Tekniska hinder")),
        ("Hur stor andel av kryssen gällde digitaliseringsråd?", ("9", "Forum för digitalisering")),
    ],
)
def test_a_survey_answer_names_its_figure(
    library: Path, tmp_path: Path, question: str, figure: tuple[str, str]
) -> None:
    (answer,) = ask(library, [question], tmp_path)
    assert (answer["figure"]["number"], answer["figure"]["title"]) == figure
    assert answer["figure"]["bars"]


def test_what_helps_against_each_challenge_is_answered_from_the_connections(library: Path, tmp_path: Path) -> None:
    """These questions are suggested under answers, so every one of them must lead somewhere."""
    names = [one.name for one in relations.load(LIBRARY / "samband.yaml").challenges]
    answers = ask(library, [f"Vad hjälper mot {name[:1].lower()}{name[1:]}?" for name in names], tmp_path)
    missed = [
        name
        for name, answer in zip(names, answers, strict=True)
        if "utmaningar-och-stod" not in {citation["document"] for citation in answer["citations"]}
    ]
    assert missed == []


def test_headings_of_the_report_lead_to_their_pages(library: Path, tmp_path: Path) -> None:
    """Words of a heading that say where it belongs, since `Ekonomi` alone stands in the report five times."""
    sections = yaml.safe_load(OUTLINE.read_text(encoding="utf-8"))["sections"]
    asked = [one for one in sections if len(one["heading"].split()) > 1]
    lines = [{"id": one["id"], "question": one["heading"]} for one in asked]
    found = run(library, ["search", "--k", "5"], lines, tmp_path)
    missed = [
        one["id"]
        for one, answer in zip(asked, found, strict=True)
        if not any(
            hit["document"] == "statusrapport-2024"
            and set(hit["page"] or ()) & set(range(one["pages"][0], one["pages"][1] + 1))
            for hit in answer["hits"]
        )
    ]
    assert len(missed) <= 0.1 * len(asked), missed
