"""Distributions beside 2024: percent from twenty on, numbers below, ticks never as people, misprints told as such."""

from __future__ import annotations

import pytest

from bot.maturity.instrument import Item
from bot.results.model import ItemResult, OptionCount
from bot.web.dashboard.distribution import Spread, bars_of, description_of, spread_of
from bot.web.dashboard.scene import Scene
from tests.fakes.editions import IT, OVERALL, SERVICES, edition
from tests.unit.web.dashboard.scenes import scene, with_cell


def spread(name: str, role: str, held: Scene | None = None) -> tuple[Scene, Item, ItemResult, Spread]:
    held = held or scene()
    item = held.instrument.item(name)
    result = held.edition.result(name, role)
    assert item is not None
    assert result is not None
    return held, item, result, spread_of(held, item, result)


def test_with_twenty_answers_on_both_sides_shares_are_told() -> None:
    held, item, _, told = spread("processorientering", SERVICES)
    assert told.shares
    assert told.now_name.startswith("2026:1, 92")
    assert told.before_name == "2024, ungefär 51 svar"
    lines = {each.label: each for each in told.lines}
    assert lines["Ostrukturerad"].before == "35\N{NO-BREAK SPACE}%"
    assert "%" in lines["Ostrukturerad"].now
    assert "(" in lines["Ostrukturerad"].now
    assert lines["Ostrukturerad"].sure.endswith("%")
    chart = bars_of(told, "", held.voice)
    assert chart.shares
    assert len(chart.rows) == len(told.lines)
    assert "Ostrukturerad" in description_of(told, item, held.voice)


@pytest.mark.parametrize(("name", "role"), [("portfoljstyrning", OVERALL), ("systemforvaltning", IT)])
def test_below_twenty_on_either_side_numbers_are_told_and_no_percent(name: str, role: str) -> None:
    held, item, _, told = spread(name, role)
    assert not told.shares
    words = [word for each in told.lines for word in (each.now, each.before)]
    assert not any("%" in word for word in words)
    assert any(" av " in word for word in words)
    assert not any(each.sure for each in told.lines)
    chart = bars_of(told, "", held.voice)
    assert not chart.shares
    assert "%" not in description_of(told, item, held.voice)


def test_a_misprint_of_2024_is_told_beside_its_number() -> None:
    _, _, _, told = spread("portfoljstyrning", OVERALL)
    notes = {each.label: each.note for each in told.lines if each.note}
    assert list(notes) == ["Väl fungerande"]
    assert told.beside is not None
    assert told.beside.caveats


def test_ticks_are_shares_of_ticks() -> None:
    held, _, _, told = spread("tekniska_hinder", SERVICES)
    assert told.ticks
    assert told.now_name.endswith("kryss")
    assert bars_of(told, "", held.voice).axis == "Andel av kryssen"


def test_those_who_do_not_know_are_outside_the_shares_where_2024_did_not_count_them() -> None:
    _, _, result, told = spread("processorientering", SERVICES)
    unknown = told.lines[-1]
    assert unknown.label == "Vet ej"
    assert unknown.share is None
    assert unknown.now == str(result.pooled.unknown)


def test_an_item_that_2024_did_not_have_stands_alone() -> None:
    _, _, _, told = spread("systemforvaltning_modell", IT)
    assert told.beside is None
    assert told.before_name == ""
    assert told.drawable


def test_what_is_not_told_is_a_range_or_nothing() -> None:
    options = (OptionCount("itil", band=(0, 2)), OptionCount("esm"), OptionCount("egen", 6), OptionCount("annan", 4))
    held = scene(told=with_cell(edition(), "systemforvaltning_modell", IT, options=options))
    _, _, _, told = spread("systemforvaltning_modell", IT, held)
    assert [each.now for each in told.lines] == ["0–2 av 10", "visas inte", "6 av 10", "4 av 10"]
    assert [each.share for each in told.lines] == [None, None, 0.6, 0.4]
    hidden = scene(told=with_cell(edition(), "systemforvaltning_modell", IT, options=()))
    assert not spread("systemforvaltning_modell", IT, hidden)[3].drawable


def test_ticks_that_cannot_be_added_up_are_told_as_shares_of_persons_and_2024_only_in_the_table() -> None:
    hidden = tuple(
        OptionCount(each.code, band=(0, 4)) if number == 0 else each
        for number, each in enumerate(edition_options("tekniska_hinder"))
    )
    held = scene(told=with_cell(edition(), "tekniska_hinder", SERVICES, options=hidden))
    _, item, result, told = spread("tekniska_hinder", SERVICES, held)
    assert told.beside is not None
    assert (told.ticks, told.alike, told.before_name) == (False, False, "2024, andel av alla kryss")
    assert told.lines[1].share == (hidden[1].count or 0) / (result.pooled.answered or 1)
    assert told.lines[1].before.endswith("%")
    chart = bars_of(told, "", held.voice)
    assert chart.before == ""
    assert all(each.before is None for each in chart.rows)
    assert "2024" not in description_of(told, item, held.voice)


def edition_options(name: str) -> tuple[OptionCount, ...]:
    result = edition().result(name, SERVICES)
    assert result is not None
    return result.pooled.options
