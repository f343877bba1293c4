"""The long table says what the edition says, to the last digit, and nothing that it does not."""

from __future__ import annotations

import csv
import io
from dataclasses import fields

import pandas as pd
import pytest

from bot.exports.csv_file import COLUMNS, Dialect, csv_file
from bot.exports.material import Material
from bot.exports.rows import ExportRow, Group, rows
from bot.results.model import State
from tests.fakes import materials
from tests.fakes.editions import VISIBILITY
from tests.fakes.materials import contact, federation, public

TOLD = ("count", "share", "median", "lowest", "highest", "index", "index_if_unknown_absent", "quartile_low")


def table(material: Material) -> list[ExportRow]:
    return list(rows(material.view, material.round, "sv"))


def test_every_cell_of_the_edition_is_a_row_with_its_options_below() -> None:
    material = federation()
    found = table(material)
    whole = {
        (each.item, each.role, each.group, each.municipality, each.operation): each for each in found if not each.option
    }
    assert len(whole) == sum(not each.option for each in found)
    for result in material.view.edition.results:
        key = (result.item, result.role)
        pooled = whole[*key, Group.PERSONS, "", ""]
        assert (pooled.answered, pooled.index, pooled.median) == (
            result.pooled.answered,
            result.pooled.index,
            result.pooled.median,
        )
        for place, one in result.municipalities.items():
            row = whole[*key, Group.MUNICIPALITY, place, ""]
            assert (row.state, row.answered, row.index) == (one.persons.state, one.persons.answered, one.persons.index)
            stated = whole.get((*key, Group.STATEMENT, place, ""))
            assert (stated is None) is (one.statement is None)
        counts = [each for each in found if each.option and (each.item, each.role) == key]
        persons = [each for each in counts if each.group is Group.PERSONS]
        assert [(each.option, each.count) for each in persons] == [(o.code, o.count) for o in result.pooled.options]


@pytest.mark.parametrize("make", [federation, contact, public])
def test_d10_what_is_not_shown_has_no_number_in_any_row(make: object) -> None:
    material: Material = make()  # type: ignore[operator]  # one of the three functions above
    hidden = [each for each in table(material) if each.state in (State.SUPPRESSED, State.EMPTY)]
    assert hidden
    for each in hidden:
        assert [getattr(each, name) for name in TOLD] == [None] * len(TOLD), each
    for each in table(material):
        if each.share is not None:
            assert (each.answered or 0) >= 20


def test_a_contact_has_one_municipality_and_no_statement_of_others() -> None:
    found = table(contact("orust"))
    assert {each.municipality for each in found} == {"", "orust"}
    assert not {each.group for each in found} & {Group.OPERATION}
    assert any(each.group is Group.STATEMENT for each in found)


def test_open_data_hold_neither_security_nor_statements_that_are_not_public() -> None:
    material = public()
    security = {each.id for each in material.round.instrument.items if each.security}
    found = table(material)
    assert security
    assert not security & {each.item for each in found}
    stated = {each.municipality for each in found if each.group is Group.STATEMENT}
    assert stated == {place for place, how in VISIBILITY.items() if how == "public"} - {"mellerud"}
    assert not [each for each in found if each.kind == "text"]


@pytest.mark.parametrize(("dialect", "delimiter", "decimal"), [(Dialect.RFC4180, ",", "."), (Dialect.SV, ";", ",")])
def test_a_csv_file_read_back_is_the_table(dialect: Dialect, delimiter: str, decimal: str) -> None:
    found = table(federation())
    file = csv_file(found, dialect)
    assert file.startswith(b"\xef\xbb\xbf")
    text = file.decode("utf-8-sig")
    assert text.count("\r\n") == len(found) + 1
    read = pd.read_csv(io.BytesIO(file), sep=delimiter, decimal=decimal, dtype={"option": str, "codes": str})
    assert tuple(read.columns) == COLUMNS == tuple(each.name for each in fields(ExportRow))
    for name in ("index", "share", "median", "share_low", "count", "level"):
        wanted = [getattr(each, name) for each in found]
        assert [None if pd.isna(value) else value for value in read[name]] == wanted, name
    texts = next(csv.DictReader(io.StringIO(text), delimiter=delimiter))
    assert (texts["item_name"], texts["census"], texts["municipality"]) == ("Erfarenhet av samverkan", "false", "")


def test_names_are_in_the_language_and_columns_in_none() -> None:
    material = materials.public()
    english = list(rows(material.view, material.round, "en"))
    assert english[0].area_name == "Cooperation"
    assert csv_file(english).decode("utf-8-sig").startswith("round,edition,")
