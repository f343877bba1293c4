"""A Word file and what LibreOffice makes of it: whichever of them is taken in, the same text is found."""

from __future__ import annotations

import difflib
import shutil
import subprocess
from pathlib import Path

import pytest

from ingest.model import BlockKind, LoadedDocument
from tests.contract.loaders.reading import read, texts, whole
from tests.fakes import office_files

SIMILAR = 0.97
FORMATS = ("odt", "pdf", "html")


@pytest.fixture(scope="module")
def printed(tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest) -> dict[str, LoadedDocument]:
    """The report as Word file, and converted."""
    folder = tmp_path_factory.mktemp("printed")
    source = office_files.report_docx(folder / "rapport.docx")
    office = shutil.which("soffice")
    if office is not None and all(converted(office, source, ending) for ending in FORMATS):
        return {ending: read(folder / f"rapport.{ending}") for ending in ("docx", *FORMATS)}
    if request.config.getoption("--require-client"):
        pytest.fail("LibreOffice's word processor is missing; `make browser` installs it")
    pytest.skip("LibreOffice's word processor is not installed; `make browser` installs it")


def converted(office: str, source: Path, ending: str) -> bool:
    """Convert a file beside itself; False where this LibreOffice has no word processor."""
    command = [office, "--headless", f"-env:UserInstallation=file://{source.parent / 'profile'}"]
    command += ["--convert-to", ending, "--outdir", str(source.parent), str(source)]
    subprocess.run(command, check=True, capture_output=True, timeout=120)
    return source.with_suffix(f".{ending}").exists()


@pytest.mark.slow
@pytest.mark.parametrize("ending", FORMATS)
def test_a_word_file_and_its_print_have_the_same_text(printed: dict[str, LoadedDocument], ending: str) -> None:
    original, other = whole(printed["docx"]).split(), whole(printed[ending]).split()
    assert difflib.SequenceMatcher(None, original, other, autojunk=False).ratio() >= SIMILAR


@pytest.mark.slow
@pytest.mark.parametrize("ending", FORMATS)
def test_tables_survive_with_the_order_of_their_cells(printed: dict[str, LoadedDocument], ending: str) -> None:
    assert texts(printed[ending], BlockKind.TABLE) == texts(printed["docx"], BlockKind.TABLE)
