"""What the library promises as a whole: changed states told twice, figures drawn, suggestions that can be answered."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.knowledge_base import LIBRARY
from knowledge import relations
from tests.program import FYREN, environment

OUTLINE = Path(__file__).parents[1] / "unit" / "library" / "report_outline.yaml"

pytestmark = pytest.mark.slow


CHANGED = (
    "Är Millennium infört i regionen nu?",
    "Gäller AI-förordningen redan?",
    "Är cyberresiliensförordningen beslutad?",
    "Vad säger rapporten om NIS 2?",
    "Vad säger rapporten om EHDS?",
    "Vilken myndighet är Digg i dag?",
)
LAW = ("Vad kräver NIS 2 av kommunen?", "What does NIS 2 require?")
FIGURES = {
    "hur många har väl fungerande portföljstyrning": ("3", "Portföljstyrning"),
    "Hur ser det ut med projektstyrningen i kommunerna?": ("4", "Projektstyrning"),
    "Vilka tekniska hinder är vanligast?": ("24", "Tekniska hinder"),
    "Hur stor andel av kryssen gällde digitaliseringsråd?": ("9", "Forum för digitalisering"),
}
Answers = Mapping[str, dict[str, Any]]


def run(library: Path, command: Sequence[str], lines: Sequence[dict[str, Any]], folder: Path) -> list[dict[str, Any]]:
    """What `fyren ask` or `fyren search` says to a batch, as JSON."""
    batch = folder / "batch.jsonl"
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


def challenges() -> dict[str, str]:
    """What is asked about each challenge, by its name. These questions are suggested under answers."""
    names = [one.name for one in relations.load(LIBRARY / "samband.yaml").challenges]
    return {name: f"Vad hjälper mot {name[:1].lower()}{name[1:]}?" for name in names}


@pytest.fixture(scope="module")
def answers(library: Path, tmp_path_factory: pytest.TempPathFactory) -> Answers:
    """Everything asked here, each question on its own, by one process that opens the library once."""
    questions = [*CHANGED, *LAW, *FIGURES, *challenges().values()]
    lines = [{"id": str(number), "question": question} for number, question in enumerate(questions)]
    found = run(library, ["ask"], lines, tmp_path_factory.mktemp("asked"))
    return dict(zip(questions, found, strict=True))


@pytest.mark.parametrize("question", CHANGED)
def test_of_what_has_changed_both_states_are_told_with_their_dates(answers: Answers, question: str) -> None:
    answer = answers[question]
    assert answer["status"] == "answered"
    assert "rapport" in answer["answer"]
    assert "maj 2024" in answer["answer"] or "statusrapport-2024" in str(answer["citations"])
    assert "november 2026" in answer["answer"]


def test_law_is_told_with_its_day_and_as_guidance(answers: Answers) -> None:
    swedish, english = (answers[question] for question in LAW)
    assert "Läget per 2026-11-23." in swedish["notes"]
    assert "Det här är vägledning, inte juridisk rådgivning." in swedish["notes"]
    assert "This is guidance, not legal advice." in english["notes"]


@pytest.mark.parametrize(("question", "figure"), FIGURES.items())
def test_a_survey_answer_names_its_figure(answers: Answers, question: str, figure: tuple[str, str]) -> None:
    found = answers[question]["figure"]
    assert (found["number"], found["title"]) == figure
    assert found["bars"]


def test_what_helps_against_each_challenge_is_answered_from_the_connections(answers: Answers) -> None:
    """Every one of the suggested questions must lead somewhere."""
    missed = [
        name
        for name, question in challenges().items()
        if "utmaningar-och-stod" not in {citation["document"] for citation in answers[question]["citations"]}
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
