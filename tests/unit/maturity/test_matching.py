"""Typed answers: what counts as pressing a button, what is proposed, and what is better asked again.

The phrases of `data/typed_answers.yaml` tell how well free wording is read. A wrong proposal is worse than none, and
the opposite of what somebody said is worst.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

import hypothesis.strategies as st
import pytest
import yaml
from hypothesis import given, settings

from bot.maturity.errors import DataInvalid
from bot.maturity.instrument import Item, Kind, Null, Option, Wording
from bot.maturity.instrument_file import INSTRUMENTS, load_folder
from bot.maturity.matching import Exact, Matcher, NotUnderstood, OutOfScale, Proposed, Reading
from bot.maturity.phrasebook import PHRASEBOOK, Phrasebook
from bot.maturity.session import Given
from bot.maturity.typed import LONGEST, words

BOOK = Phrasebook.load()
MATCHER = Matcher(BOOK)
DATA = yaml.safe_load((Path(__file__).parent / "data" / "typed_answers.yaml").read_text(encoding="utf-8"))

CORRECT_AT_LEAST = 67
WRONG_AT_MOST = 1
"""Of the 83 phrases that were held back: what was reached when they were counted for the first time."""


def option(code: str, sv: str, en: str = "", *, level: Sequence[str] = (), exclusive: bool = False) -> Option:
    return Option(code, Wording(sv, en or sv), Wording(*level) if level else None, exclusive=exclusive)


def item(kind: Kind, *options: Option, name: str = "fraga") -> Item:
    return Item(name, "omrade", kind, Wording("Ämne", "Topic"), Wording("Fråga?", "Question?"), options)


def scale(name: str) -> Item:
    rows = enumerate(DATA["scales"][name])
    options = [option(str(number), sv, en, level=level) for number, (sv, en, *level) in rows]
    return item(Kind.LEVEL, *options, name=name)


SCALES = {name: scale(name) for name in DATA["scales"]}
ESTABLISHED = SCALES["etablering"]
FORUMS = item(
    Kind.CHOICES,
    option("rad", "Digitaliseringsråd", "Digitalisation council"),
    option("it", "IT-råd", "IT council"),
    option("data", "Datasäkerhet och integritet", "Data security and privacy"),
    option("ledning", "Bristande ledarskap, och styrning", "Lack of leadership, and governance"),
    option("inget", "Inget av detta", "None of these", exclusive=True),
)
METHOD = item(
    Kind.CHOICE, option("itil", "ITIL"), option("esm", "ESM"), option("egen", "Egen modell", "A model of our own")
)
OPEN = item(Kind.TEXT)


def read(asked: Item, text: str, language: str = "sv") -> Reading:
    return MATCHER.read(asked, text, language)


def exactly(asked: Item, text: str) -> Given:
    """What a text that counts as pressing a button gives."""
    reading = read(asked, text)
    assert isinstance(reading, Exact)
    return reading.given


def code_of(reading: Reading) -> str:
    """The one code or null that was read, `none` where nothing was."""
    if not isinstance(reading, Exact | Proposed):
        return "none"
    return reading.given.null or ",".join(reading.given.codes)


# ----------------------------------------------------------------------------------------- as good as pressing a button


@pytest.mark.parametrize(
    ("text", "code"),
    [
        *(("4", "3"), ("4.", "3"), (" 4 ", "3"), ("nr 4", "3"), ("nummer 4", "3"), ("alternativ 4", "3"), ("4?", "3")),
        *(("fyra", "3"), ("Fyran", "3"), ("4:an", "3"), ("den fjärde", "3"), ("det fjärde alternativet", "3")),
        *(
            ("option 4", "3"),
            ("four", "3"),
            ("the fourth one", "3"),
            ("４", "3"),
            ("(4)", "3"),
            ("ett", "0"),
            ("1", "0"),
        ),
        *(("det andra alternativet", "1"), ("sexan", "5"), ("6", "5"), ("ja, 4", "3")),
        *(
            ("Delvis etablerad", "3"),
            ("delvis etablerad.", "3"),
            ("DELVIS  ETABLERAD", "3"),
            ("Partly established", "3"),
        ),
        *(("Ostrukturerad", "1"), ("ostrukturerat", "1"), ("Ostrukturerade", "1"), ("delvis etablerat", "3")),
        *(("icke existerande", "0"), ("Icke–existerande", "0"), ("ickeexisterande", "0"), ("non existent", "0")),
        *(("val fungerande", "4"), ("välfungerande", "4"), ("Väl-fungerande!", "4"), ("fullt etablerade", "5")),
        *(("ostruktrerad", "1"), ("utvecklingfas", "2"), ("väl fungernade", "4"), ("delvis etablead", "3")),
        *(("ja, utvecklingsfas", "2"), ("utvecklingsfasen", "2"), ("Ja Fullt etablerad", "5")),
    ],
)
def test_what_names_an_option_counts_as_pressing_its_button(text: str, code: str) -> None:
    reading = read(ESTABLISHED, text)
    assert isinstance(reading, Exact)
    assert reading.given.codes == (code,)
    assert reading.given.fingerprint == ESTABLISHED.fingerprint


@pytest.mark.parametrize(
    ("text", "null"),
    [
        *(
            (each, Null.DONT_KNOW)
            for each in ("vet ej", "Vet inte.", "jag vet inte", "ingen aning", "don't know", "dont know")
        ),
        *((each, Null.DONT_KNOW) for each in ("don’t know", "i have no idea", "VET EJ")),
        *(
            (each, Null.NOT_APPLICABLE)
            for each in ("ej aktuellt", "inte aktuellt", "Ej relevant", "not applicable", "n/a")
        ),
        *((each, Null.NOT_APPLICABLE) for each in ("ej akutellt", "gäller inte oss")),
        *(
            (each, Null.SKIPPED)
            for each in ("hoppa över", "hoppa over", "Hoppa över frågan", "skip", "pass", "nästa fråga")
        ),
    ],
)
@pytest.mark.parametrize("asked", [ESTABLISHED, FORUMS, METHOD, OPEN], ids=lambda asked: str(asked.kind))
def test_the_three_reasons_for_no_answer_are_told_apart_on_every_kind_of_item(
    asked: Item, text: str, null: Null
) -> None:
    reading = read(asked, text)
    assert isinstance(reading, Exact)
    assert (reading.given.null, reading.given.codes) == (null, ())


@pytest.mark.parametrize("text", ["7", "0", "13", "nr 9", "tio", "the tenth"])
def test_a_position_that_the_item_lacks_is_out_of_scale(text: str) -> None:
    assert read(ESTABLISHED, text) == OutOfScale(6)


@pytest.mark.parametrize(
    "text",
    [
        *(
            "",
            "   ",
            "?",
            "👍",
            "4-5",
            "4,5",
            "4.5",
            "4 %",
            "4/5",
            "1 och 2",
            "3 eller 4",
            "mellan 3 och 4",
            "2024-05-01",
        ),
        *(
            "1234567890123",
            "ja",
            "nej",
            "etablerad",
            "strukturerad",
            "etabl",
            "andra",
            "nivå",
            "fråga it-chefen",
            "x" * 400,
        ),
    ],
)
def test_what_says_nothing_certain_is_not_understood(text: str) -> None:
    assert read(ESTABLISHED, text) == NotUnderstood()


@pytest.mark.parametrize(
    ("text", "sv"),
    [
        ("tillräckligt stöd", "Otillräckligt stöd"),
        ("strukturerad", "Ostrukturerad"),
        ("existerande", "Icke-existerande"),
    ],
)
def test_a_slip_never_adds_what_makes_a_word_its_opposite(text: str, sv: str) -> None:
    asked = item(Kind.LEVEL, option("0", sv), option("1", "Något helt annat"))
    assert read(asked, text) == NotUnderstood()


def test_a_slip_that_is_as_near_to_another_option_is_not_guessed() -> None:
    asked = item(Kind.LEVEL, option("0", "Kontor"), option("1", "Konton"), option("2", "Lager"))
    assert read(asked, "kontox") == NotUnderstood()
    assert read(asked, "Konton") == Exact(exactly(asked, "2"))


def test_the_language_decides_where_the_same_words_name_two_options() -> None:
    asked = item(Kind.CHOICE, option("a", "Chef", "Manager"), option("b", "Kock", "Chef"))
    assert code_of(read(asked, "chef", "sv")) == "a"
    assert code_of(read(asked, "chef", "en")) == "b"


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        *(
            ("1, 3 och 4", "rad,data,ledning"),
            ("1,3", "rad,data"),
            ("1 3 4", "rad,data,ledning"),
            ("3 + 1", "rad,data"),
        ),
        *(
            ("nr 1 & 2", "rad,it"),
            ("1 samt 2", "rad,it"),
            ("2; 1", "rad,it"),
            ("1 and 2", "rad,it"),
            ("2", "it"),
            ("1:an och 2:an", "rad,it"),
        ),
        *(("IT-råd och digitaliseringsråd", "rad,it"), ("it råd, 3", "it,data"), ("Digitaliseringsrådet", "rad")),
        *(("datasäkerhet och integritet", "data"), ("IT-råd, datasäkerhet och integritet och 1", "rad,it,data")),
        *(("bristande ledarskap, och styrning; it-råd", "it,ledning"), ("inget av detta", "inget"), ("inga", "inget")),
        *(("none of these", "inget"), ("5", "inget"), ("1, 1 och 1", "rad")),
    ],
)
def test_several_options_are_named_in_one_go(text: str, codes: str) -> None:
    reading = read(FORUMS, text)
    assert isinstance(reading, Exact)
    assert code_of(reading) == codes


@pytest.mark.parametrize("text", ["1 och 9", "0, 2", "6"])
def test_a_list_with_a_position_that_is_lacking_is_out_of_scale(text: str) -> None:
    assert read(FORUMS, text) == OutOfScale(5)


@pytest.mark.parametrize(
    "text",
    [
        "1 och inget av detta",
        "IT-råd och inget av detta",
        "alla utom 3",
        "vi har inget it-råd",
        "it-råd saknas",
        "1-3",
        "1 " * 60,
    ],
)
def test_a_list_that_contradicts_itself_or_takes_back_is_not_understood(text: str) -> None:
    assert read(FORUMS, text) == NotUnderstood()


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        *(("vi har både IT-råd och digitaliseringsråd", "rad,it"), ("alla", "rad,it,data,ledning")),
        *(("all of them", "rad,it,data,ledning"), ("jag tror att vi har ett it-råd", "it")),
    ],
)
def test_options_named_in_a_sentence_are_proposed(text: str, codes: str) -> None:
    reading = read(FORUMS, text)
    assert isinstance(reading, Proposed)
    assert code_of(reading) == codes


def test_options_without_an_order_are_proposed_by_their_own_words_only() -> None:
    assert read(METHOD, "vi kör en egen modell") == Proposed(exactly(METHOD, "3"))
    assert read(METHOD, "egen modell, nej") == NotUnderstood()
    assert read(METHOD, "fungerar väldigt bra") == NotUnderstood()


@pytest.mark.parametrize("text", ["4", "Delvis etablerad", "vi vill ha fler e-tjänster", "väldigt bra"])
def test_to_an_open_item_everything_else_is_left_to_be_the_answer(text: str) -> None:
    assert read(OPEN, text) == NotUnderstood()


@pytest.mark.parametrize("text", ["väl fungerande " * 700, "4" * 10_000, " 1, 2 och 3" * 1000, "\ufdfa" * 10_000])
def test_more_than_can_be_an_answer_is_not_read_at_all(text: str) -> None:
    assert all(read(asked, text) == NotUnderstood() for asked in (ESTABLISHED, FORUMS, METHOD, OPEN))


def test_spaces_around_an_answer_do_not_make_it_long() -> None:
    assert code_of(read(ESTABLISHED, " " * LONGEST + "4" + "\n" * LONGEST)) == "3"


# -------------------------------------------------------------------------------------------------- shipped instruments


def shipped() -> Iterator[tuple[str, Item]]:
    for instrument in load_folder(INSTRUMENTS).values():
        for each in instrument.items:
            if each.options:
                yield f"{instrument.id}/{each.id}", each


SHIPPED = dict(shipped())


@pytest.mark.parametrize("asked", SHIPPED.values(), ids=SHIPPED.keys())
def test_every_option_of_the_shipped_instruments_can_be_typed(asked: Item) -> None:
    for number, each in enumerate(asked.options, start=1):
        for said in (each.label.sv, each.label.en, *each.forms):
            for text in (said, said.upper(), f"{said.lower()}.", f"  {said}  "):
                assert read(asked, text) == Exact(exactly(asked, str(number))), text


# --------------------------------------------------------------------------------------------------------- free wording


def counted(part: str) -> tuple[Counter[str], list[str]]:
    """How the phrases of a part are read: correct, wrong or nothing; and those taken for their opposite."""
    found: Counter[str] = Counter()
    opposite = []
    for phrase in DATA[part]:
        code = code_of(read(SCALES[phrase["scale"]], phrase["say"]))
        wanted = str(phrase["level"])
        found["correct" if code == wanted else "nothing" if code == "none" else "wrong"] += 1
        if code in phrase.get("never", ()):
            opposite.append(phrase["say"])
    return found, opposite


def test_the_phrases_worked_on_are_all_read_right() -> None:
    found, opposite = counted("development")
    print(dict(found))
    assert not opposite
    assert found["correct"] == len(DATA["development"])


def test_the_phrases_held_back_are_read_as_well_as_when_they_were_first_counted() -> None:
    found, opposite = counted("held_back")
    print(dict(found))
    assert not opposite
    assert found["correct"] >= CORRECT_AT_LEAST
    assert found["wrong"] <= WRONG_AT_MOST


def test_there_are_phrases_enough_and_none_stands_in_both_parts() -> None:
    said = [
        [words(phrase["say"] + " " + phrase["scale"]) for phrase in DATA[part]] for part in ("development", "held_back")
    ]
    assert sum(map(len, said)) >= 150
    assert not set(said[0]) & set(said[1])
    assert all(len(part) == len(set(part)) for part in said)


def test_every_phrase_that_denies_something_says_what_it_must_never_be_taken_for() -> None:
    unguarded = [
        phrase["say"]
        for part in ("development", "held_back")
        for phrase in DATA[part]
        if not BOOK.negations.isdisjoint(words(phrase["say"]))
        and phrase["level"] not in set(Null)
        and "never" not in phrase
    ]
    assert unguarded == []


DENYING = (
    *(
        "inte {}",
        "det är inte {}",
        "{} är det inte",
        "{}, nej",
        "knappast {}",
        "aldrig {}",
        "jag tycker inte att det är {}",
    ),
    *("{} kan man inte säga att det är", "not {}", "it's not {}", "inte alls {}", "långt ifrån {}", "ej {}", "icke {}"),
    *(
        "{}? nej, inte direkt",
        "{} - absolut inte",
        "det är varken {} eller något annat",
        "inte så himla {}",
        "hardly {}",
    ),
    *("det har aldrig varit {}", "vi har inte {}", "det finns inte {}", "vet inte om det är {}", "it isn't {}"),
)
POSITIVE = (
    *(
        "väl fungerande",
        "fungerar bra",
        "bra",
        "fullt etablerad",
        "fullt ut",
        "delvis",
        "delvis etablerad",
        "på gång",
        "helt",
    ),
    *("i utvecklingsfas", "utmärkt", "hög", "mycket bra", "tillfredsställande", "stämmer bra", "stämmer helt", "god"),
    *("works well", "fully established", "under development", "good", "partly true", "high", "excellent", "hyfsat bra"),
)


@pytest.mark.parametrize("denying", DENYING)
@pytest.mark.parametrize("asked", SCALES.values(), ids=SCALES.keys())
def test_what_is_denied_is_never_taken_for_what_is_said(asked: Item, denying: str) -> None:
    labels = [label for each in asked.options for label in (each.label.sv.lower(), each.label.en.lower())]
    for said in (*POSITIVE, *labels):
        plain, denied = read(asked, said), read(asked, denying.format(said))
        assert code_of(denied) == "none" or code_of(denied) != code_of(plain) or _denies_itself(said), said


def _denies_itself(said: str) -> bool:
    """`inte stöder inte alls` is no sentence."""
    return not BOOK.negations.isdisjoint(words(said)) or words(said)[0] in {"saknar", "non"}


@pytest.mark.parametrize(
    ("wording", "english"),
    [("Nya ord för inget", "Nothing yet"), ("Ingen plan alls", "No plan"), ("Obefintlig", "Absent")],
)
def test_a_scale_gets_its_meanings_from_its_own_words(wording: str, english: str) -> None:
    asked = item(
        Kind.LEVEL,
        *(
            option("0", wording, english),
            option("1", "På gång", "Under way"),
            option("2", "Delvis klart", "Partly done"),
        ),
        *(option("3", "Fungerar bra", "Works well"), option("4", "Fullt ut", "Fully")),
    )
    assert code_of(read(asked, "vi håller på att bygga upp det")) == "1"
    assert code_of(read(asked, "det funkar riktigt bra")) == "3"
    assert code_of(read(asked, "mitt emellan")) == "2"


@pytest.mark.parametrize(
    "text", ["en trea av sex kanske", "kanske en 3", "jag säger trean", "lutar åt 3", "3 av 6", "nivå 3"]
)
def test_a_number_in_a_sentence_is_a_proposal(text: str) -> None:
    assert read(ESTABLISHED, text) == Proposed(exactly(ESTABLISHED, "3"))


# ----------------------------------------------------------------------------------------------------------- properties

ITEMS = st.sampled_from([*SCALES.values(), FORUMS, METHOD, OPEN])
SPOKEN = st.lists(
    st.sampled_from(
        sorted({word for part in ("development", "held_back") for each in DATA[part] for word in each["say"].split()})
    ),
    max_size=12,
).map(" ".join)


@settings(deadline=None)
@given(
    ITEMS,
    st.one_of(st.text(alphabet=st.characters(codec=None), max_size=500), SPOKEN),
    st.sampled_from(["sv", "en", ""]),
)
def test_any_text_is_read_and_what_is_read_belongs_to_the_item(asked: Item, text: str, language: str) -> None:
    reading = read(asked, text, language)
    if isinstance(reading, Exact | Proposed):
        given_codes = reading.given.codes
        assert (reading.given.null is None) == bool(given_codes)
        assert all(asked.option(code) is not None for code in given_codes)
        assert len(given_codes) <= 1 or asked.kind is Kind.CHOICES
        assert reading.given.text == ""
    assert reading == read(asked, text, language)


@settings(deadline=None)
@given(SPOKEN)
def test_case_spaces_and_a_full_stop_change_nothing(text: str) -> None:
    assert code_of(read(ESTABLISHED, text)) == code_of(read(ESTABLISHED, f"  {text.upper()} ."))


@settings(deadline=None)
@given(st.integers(0, 10**12), st.sampled_from(["{}", "nr {}", "alternativ {}", "{}.", "option {}"]))
def test_a_figure_is_an_option_or_out_of_scale(number: int, form: str) -> None:
    reading = read(ESTABLISHED, form.format(number))
    if 1 <= number <= 6:
        assert code_of(reading) == str(number - 1)
    else:
        assert reading in (OutOfScale(6), NotUnderstood())


NUMBERS = (
    ("ett", "två", "tre", "fyra", "fem", "sex", "sju", "åtta", "nio", "tio"),
    ("ettan", "tvåan", "trean", "fyran", "femman", "sexan", "sjuan", "åttan", "nian", "tian"),
    ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"),
)


@pytest.mark.parametrize("number", range(1, 11))
def test_every_number_is_read_as_a_word_too(number: int) -> None:
    asked = item(Kind.LEVEL, *(option(str(place), f"Steg{'abcdefghij'[place]}") for place in range(10)))
    spelt = [words_of[number - 1] for words_of in NUMBERS]
    assert {code_of(read(asked, word)) for word in (*spelt, str(number))} == {str(number - 1)}


# ------------------------------------------------------------------------------------------------------- the phrasebook


@pytest.mark.parametrize(
    ("old", "new", "what"),
    [
        ("meanings:\n", "meanings:\n  mystery: {family: mood, degree: 1}\n", "'mood' is not one of"),
        ("    degree: 100\n", "    degree: 200\n", "not a whole number between 0 and 100"),
        ("    negated: limited\n", "    negated: unlimited\n", "'unlimited' is not one of"),
        ("  halfway:\n", "  midway:\n", "'halfway' is missing"),
        ("cues: [minimal*]", "cues: [minimal*, utmärkt*]", "stands in the file already"),
        ("cues: [minimal*]", "cues: [m*]", "letters stand before a star"),
        ("cues: [minimal*]", 'cues: ["... minimal"]', "begins and ends with a word"),
        ("fillers:\n", "filler:\n", "is not known here"),
    ],
)
def test_a_phrasebook_with_a_mistake_is_refused_with_its_line(old: str, new: str, what: str) -> None:
    text = PHRASEBOOK.read_text(encoding="utf-8")
    assert old in text
    with pytest.raises(DataInvalid, match=rf"^phrasebook\.yaml:\d+: .*{what}"):
        Phrasebook.parse(text.replace(old, new, 1), "phrasebook.yaml")


def test_a_phrasebook_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DataInvalid, match="cannot be read"):
        Phrasebook.load(tmp_path / "phrasebook.yaml")
