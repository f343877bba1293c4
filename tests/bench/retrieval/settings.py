"""Where the data lies that the project does not hold, and where results go."""

from __future__ import annotations

import argparse
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from bot.settings import Settings
from tests.program import ROOT

BESIDE = ROOT.parent / "shared"
VARIABLE = "FYREN_EVAL_DATA"


@dataclass(frozen=True, slots=True)
class Places:
    """Folders and files of one run. `data` and `report` may be missing."""

    data: Path
    report: Path
    results: Path
    ablation: bool = True

    @classmethod
    def read(cls, arguments: Sequence[str] | None = None) -> Places:
        """From the command line and, for the folder of texts, the environment."""
        parser = argparse.ArgumentParser(prog="python -m tests.bench.retrieval", description=__doc__)
        parser.add_argument(
            "--data",
            type=Path,
            default=Path(os.environ.get(VARIABLE) or BESIDE / "eval"),
            help=f"folder with texts of authorities and questions to them (default: {VARIABLE}, else %(default)s)",
        )
        parser.add_argument(
            "--report",
            type=Path,
            default=BESIDE / "report" / "status-report-2024.txt",
            help="the status report as plain text, with pages.csv beside it (default: %(default)s)",
        )
        parser.add_argument("--results", type=Path, help="folder for results (default: bench in the data folder)")
        parser.add_argument(
            "--no-ablation", dest="ablation", action="store_false", help="leave out the switched-off parts"
        )
        given = parser.parse_args(arguments)
        return cls(given.data, given.report, given.results or Settings.read().data_dir / "bench", given.ablation)

    @property
    def passages(self) -> Path:
        """Texts of authorities, a JSON object a line."""
        return self.data / "swequad_train_passages.jsonl"

    @property
    def questions(self) -> Path:
        """Questions to them."""
        return self.data / "swequad_train_questions.jsonl"

    @property
    def pages(self) -> Path:
        """The line of the report at which each page starts."""
        return self.report.with_name("pages.csv")

    @property
    def has_authorities(self) -> bool:
        """Whether the texts of authorities and their questions are there."""
        return self.passages.is_file() and self.questions.is_file()

    @property
    def has_report(self) -> bool:
        """Whether the report and its pages are there."""
        return self.report.is_file() and self.pages.is_file()

    def left_out(self) -> Iterator[str]:
        """What cannot be measured, and which files are missing for it."""
        if not self.has_authorities:
            files = f"{self.passages.name} or {self.questions.name}"
            yield f"Left out: the texts of authorities ({files} is not in {self.data})."
        if not self.has_report:
            files = f"{self.report.name} or {self.pages.name}"
            yield f"Left out: the report as plain text ({files} is not in {self.report.parent})."
