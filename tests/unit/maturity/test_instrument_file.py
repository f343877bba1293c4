"""A file that breaks a rule is refused with the line that breaks it; nothing else ever comes out of a broken file."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.maturity.errors import DataInvalid
from bot.maturity.instrument import Condition, Instrument, Kind, Wording
from bot.maturity.instrument_file import INSTRUMENTS, load_folder, parse
from bot.maturity.instrument_options import RESERVED
from tests.unit.maturity.broken_instruments import ALL, WHOLE, Broken


def line_of(text: str, part: str) -> int:
    return text.count("\n", 0, text.index(part)) + 1


class TestAWholeFile:
    def test_is_read_with_everything_in_it(self) -> None:
        instrument = parse(WHOLE, "prov.yaml")
        assert (instrument.id, instrument.version, instrument.minutes) == ("prov", "1.10", 5)
        assert instrument.title == Wording("Prov", "Trial")
        assert [role.id for role in instrument.roles] == ["inne", "ute"]
        assert instrument.roles[1].help == Wording("Du är ute.", "You are out.")
        assert [role.official for role in instrument.roles] == [True, False]
        municipalities = [organisation.municipalities for organisation in instrument.organisations]
        assert municipalities == [("orust",), ("tanum",), ("orust", "tanum")]
        assert [operation.title.sv for operation in instrument.operations] == ["Skola"]
        assert [item.kind for item in instrument.items] == [Kind.LEVEL, Kind.CHOICES, Kind.CHOICE, Kind.TEXT]

    def test_has_items_with_all_that_an_item_can_have(self) -> None:
        first, second, *_ = parse(WHOLE, "prov.yaml").items
        assert first.question == Wording("Trivs du på jobbet?", "Do you like it here?")
        assert first.help == Wording("Svara fritt.", "Answer freely.")
        assert (first.security, first.baseline) == (True, "trivsel")
        assert (second.security, second.baseline) == (False, "")
        assert second.roles == {"inne"}
        assert second.when == Condition("trivs", frozenset({"1"}))
        assert [option.exclusive for option in second.options] == [False, False, True]
        assert second.options[0].forms == ("pengar",)

    def test_says_what_stands_there_even_where_yaml_reads_something_else(self) -> None:
        no, yes = parse(WHOLE, "prov.yaml").items[0].options
        assert (no.label.sv, yes.label.en, yes.code) == ("No", "Yes", "1")

    def test_takes_the_scales_sentence_where_an_item_has_none_of_its_own(self) -> None:
        own = '    levels:\n      1: {sv: "Jag trivs.", en: I like it.}\n'
        assert parse(WHOLE, "prov.yaml").items[0].options[1].level == Wording("Jag trivs.", "I like it.")
        general = parse(WHOLE.replace(own, ""), "prov.yaml").items[0].options[1].level
        assert general == Wording("Det stämmer.", "It does.")

    @pytest.mark.parametrize(
        ("roles", "official"), [("", False), ("[inne]", True), ("[ute]", False), ("[inne, ute]", False)]
    )
    def test_an_answer_is_official_where_only_official_roles_are_asked(self, roles: str, official: bool) -> None:
        line = f"    roles: {roles}\n" if roles else ""
        instrument = parse(WHOLE.replace("    roles: [inne]\n", line), "prov.yaml")
        assert instrument.is_official(instrument.items[1]) is official
        assert instrument.official_roles == {"inne"}

    def test_comes_back_from_its_source(self) -> None:
        instrument = parse(WHOLE, "prov.yaml")
        assert parse(instrument.source, "another name") == instrument

    def test_needs_no_roles_organisations_operations_or_scales(self) -> None:
        instrument = parse(
            "id: liten\nversion: 1\ntitle: {sv: L, en: S}\nminutes: 1\nareas: [{id: a, title: {sv: A, en: A}}]\n"
            "items: [{id: i, area: a, kind: text, topic: {sv: T, en: T}, question: {sv: F, en: Q}}]\n",
            "liten.yaml",
        )
        assert (instrument.roles, instrument.organisations, instrument.operations) == ((), (), ())

    def test_keeps_letters_in_one_form_however_they_were_typed(self) -> None:
        decomposed = WHOLE.replace("sv: Lön", "sv: Lo\u0308n")
        assert parse(decomposed, "prov.yaml").items[1].options[0].label.sv == "Lön"


class TestABrokenFile:
    @pytest.mark.parametrize("broken", ALL, ids=lambda broken: broken.rule)
    def test_is_refused_with_its_line(self, broken: Broken) -> None:
        assert broken.old in WHOLE
        text = WHOLE.replace(broken.old, broken.new, 1)
        with pytest.raises(DataInvalid) as refused:
            parse(text, "prov.yaml")
        assert broken.says in refused.value.what
        assert (refused.value.file, refused.value.line) == ("prov.yaml", line_of(text, broken.at))

    def test_is_refused_where_an_item_depends_on_words(self) -> None:
        text = WHOLE + (
            "  - id: till\n    area: vardag\n    kind: text\n    topic: {sv: A, en: A}\n    question: {sv: A, en: A}\n"
            "    when:\n      item: ord\n      codes: [a]\n"
        )
        with pytest.raises(DataInvalid, match="answered in words") as refused:
            parse(text, "prov.yaml")
        assert refused.value.line == line_of(text, "item: ord")

    @pytest.mark.parametrize("word", sorted(RESERVED))
    def test_is_refused_where_an_option_is_called_what_people_write_for_something_else(self, word: str) -> None:
        with pytest.raises(DataInvalid, match="something else"):
            parse(WHOLE.replace("[pengar]", f'["{word.upper()}"]'), "prov.yaml")

    @pytest.mark.parametrize("opening", ["[", "{", "{a: ", "- "])
    def test_is_refused_where_its_brackets_never_end(self, opening: str) -> None:
        with pytest.raises(DataInvalid) as refused:
            parse(opening * 700, "prov.yaml")
        assert refused.value.line == 1


class TestFolders:
    def test_give_the_highest_version_of_every_id(self, tmp_path: Path) -> None:
        here, there = tmp_path / "here", tmp_path / "there"
        here.mkdir()
        there.mkdir()
        (here / "a.yaml").write_text(WHOLE.replace("1.10", "1.9"), encoding="utf-8")
        (here / "b.yml").write_text(WHOLE, encoding="utf-8-sig")
        (here / "c.yaml").write_text(WHOLE.replace("id: prov", "id: annan"), encoding="utf-8")
        (there / "a.yaml").write_text(WHOLE.replace("1.10", "1.2"), encoding="utf-8")
        (there / "notes.txt").write_text("not an instrument", encoding="utf-8")
        found = load_folder(here, there)
        assert {name: each.version for name, each in found.items()} == {"prov": "1.10", "annan": "1.10"}
        assert found["prov"].source == WHOLE

    def test_that_are_missing_are_empty(self, tmp_path: Path) -> None:
        assert load_folder(tmp_path / "nowhere") == {}
        assert load_folder() == {}

    def test_given_twice_are_read_as_one(self, tmp_path: Path) -> None:
        (tmp_path / "a.yaml").write_text(WHOLE, encoding="utf-8")
        assert list(load_folder(tmp_path, tmp_path)) == ["prov"]

    def test_refuse_two_files_with_one_id_and_version(self, tmp_path: Path) -> None:
        (tmp_path / "a.yaml").write_text(WHOLE, encoding="utf-8")
        (tmp_path / "b.yaml").write_text(f"# a copy\n{WHOLE}", encoding="utf-8")
        with pytest.raises(DataInvalid, match=r"^b\.yaml:3: .*a\.yaml has the id prov and this version"):
            load_folder(tmp_path)

    def test_refuse_a_file_that_is_not_utf8(self, tmp_path: Path) -> None:
        (tmp_path / "a.yaml").write_bytes(WHOLE.encode("latin-1"))
        with pytest.raises(DataInvalid, match="save it anew as UTF-8") as refused:
            load_folder(tmp_path)
        assert refused.value.line == line_of(WHOLE, "Du är ute")

    def test_name_the_file_that_is_broken(self, tmp_path: Path) -> None:
        (tmp_path / "a.yaml").write_text(WHOLE, encoding="utf-8")
        (tmp_path / "b.yaml").write_text("id: b\n", encoding="utf-8")
        with pytest.raises(DataInvalid) as refused:
            load_folder(tmp_path)
        assert (refused.value.file, refused.value.line) == ("b.yaml", 1)


# ------------------------------------------------------------------------------------------ What is shipped, mutated

LONG, SHORT = (
    (INSTRUMENTS / name).read_text(encoding="utf-8").splitlines() for name in ("fyrbodal-2026.yaml", "kort-2026.yaml")
)
VALUES = (
    *("", "~", "[]", "{}", "[", "{", '"', "'", "- a", "*a", "&a b", "!a b", "!!int x", "|", "> x", "0", "-1", "1.5"),
    *("vet ej", "true", "it_nara", "level", "choices", "text", "{sv: a, en: b}", "{sv: a}", "[a, a]", "[0, 1]", "<<"),
    *('"\\UFFFFFFFF"', "? a", "---", "...", "%YAML 9", "\t", "\x00", "\u2028", "# a"),
)


def deleted(lines: Sequence[str], at: int, _: str) -> list[str]:
    return [*lines[:at], *lines[at + 1 :]]


def doubled(lines: Sequence[str], at: int, _: str) -> list[str]:
    return [*lines[: at + 1], *lines[at:]]


def changed(lines: Sequence[str], at: int, value: str) -> list[str]:
    name, colon, _ = lines[at].partition(":")
    return [*lines[:at], f"{name}{colon} {value}", *lines[at + 1 :]]


def moved_in(lines: Sequence[str], at: int, _: str) -> list[str]:
    return [*lines[:at], f" {lines[at]}", *lines[at + 1 :]]


def cut_off(lines: Sequence[str], at: int, value: str) -> list[str]:
    return [*lines[:at], value]


def read(text: str) -> Instrument | DataInvalid:
    try:
        return parse(text, "mutated.yaml")
    except DataInvalid as refused:
        return refused


def check(text: str) -> None:
    outcome = read(text)
    if isinstance(outcome, DataInvalid):
        assert outcome.file == "mutated.yaml"
        assert 1 <= outcome.line <= max(1, len(text.splitlines()))
        assert outcome.what
    else:
        assert parse(outcome.source, "again.yaml") == outcome
        assert all(item.fingerprint for item in outcome.items)


MUTATIONS = st.sampled_from([deleted, doubled, changed, moved_in, cut_off])
PLACES = st.floats(0, 1, exclude_max=True)
MUTATED_VALUES = st.sampled_from(VALUES) | st.text(max_size=12)
Mutation = Callable[[Sequence[str], int, str], list[str]]


class TestAMutatedFileIsAnInstrumentOrNamesALineOfItsOwn:
    @settings(max_examples=60, deadline=None)
    @given(mutate=MUTATIONS, place=PLACES, value=MUTATED_VALUES)
    def test_where_it_is_short(self, mutate: Mutation, place: float, value: str) -> None:
        check("\n".join(mutate(SHORT, int(place * len(SHORT)), value)))

    @pytest.mark.slow
    @settings(max_examples=20, deadline=None)
    @given(mutate=MUTATIONS, place=PLACES, value=MUTATED_VALUES)
    def test_where_it_is_long(self, mutate: Mutation, place: float, value: str) -> None:
        check("\n".join(mutate(LONG, int(place * len(LONG)), value)))
