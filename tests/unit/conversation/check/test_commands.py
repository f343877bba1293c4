"""Whatever a button of the check does can be typed, and no ordinary question is taken for it."""

from __future__ import annotations

from pathlib import Path

import hypothesis.strategies as st
import pytest
from hypothesis import given, settings

from bot.conversation.check.commands import Command, Commands, Verb
from bot.conversation.texts import CATALOGUE, CatalogueInvalid

FILE = CATALOGUE / "check_commands.yaml"
COMMANDS = Commands.load()

WHOLE = {
    Verb.START: (
        "mognadskoll",
        "Mognadskollen!",
        "starta mognadskollen",
        "gör mognadskollen",
        "maturity check",
        "mognadskolen",
    ),
    Verb.START_GROUP: ("gruppsvar", "konsensus", "vi svarar som grupp", "svara som grupp", "answer as a group"),
    Verb.CONTINUE: ("fortsätt", "fortsätta", "fortsäta", "fortsatt", "Continue", "återuppta", "ateruppta", "resume"),
    Verb.PAUSE: ("paus", "PAUS.", "pausa", "pause", "ta en paus"),
    Verb.BACK: ("tillbaka", "bakåt", "bakat", "back", "föregående", "foregaende", "go back"),
    Verb.STOP: ("avbryt", "avsluta mognadskollen", "stop", "cancel", "avsluta"),
    Verb.EDIT: ("ändra", "edit", "change question"),
    Verb.EDIT_BACKGROUND: (
        "ändra kommun",
        "ändra roll",
        "ändra verksamhetsområde",
        "byt kommun",
        "change municipality",
    ),
    Verb.REVIEW: ("visa mina svar hittills", "sammanfattning", "summary", "visa svaren", "sammanfatning"),
    Verb.MY_ANSWERS: ("mina svar", "my answers", "hämta mina svar", "Mina svar?"),
    Verb.ERASE: ("radera mina svar", "ta bort mina svar", "delete my answers"),
    Verb.SUBMIT: ("skicka in", "submit", "lämna in", "lamna in", "skicka  in!"),
    Verb.EXPLAIN: ("vad menas med frågan", "Vad menas med frågan?", "förklara frågan", "what does the question mean?"),
    Verb.RESULT: ("mitt resultat", "Resultatet", "visa min profil", "show my result"),
    Verb.COMPARE: ("fråga för fråga", "Visa fråga för fråga", "jämför med 2024", "question by question"),
    Verb.LEVELS: ("vad betyder nivåerna", "Vad betyder nivåerna?", "förklara nivåerna", "what do the levels mean?"),
    Verb.YES: ("ja", "Japp", "stämmer", "det stämmer", "ok", "yes", "Ja, radera mina svar"),
    Verb.NO: ("nej", "nä", "nej, visa alla", "Nej, visa alla nivåer", "no", "behåll som det är"),
    Verb.ACCEPT: (
        "jag har läst, starta",
        "jag har läst",
        "starta",
        "I have read this, start",
        "Jag har läst, fortsätt",
    ),
    Verb.COMMENT: ("kommentar", "lägg till en kommentar", "comment"),
    Verb.INFORMATION: ("visa hela informationen", "show all the information"),
    Verb.REPEAT: ("visa frågan igen", "upprepa", "repeat", "upprepa frågan"),
    Verb.SKIP_REST: ("hoppa över resten", "skip the rest"),
    Verb.REMIND: ("påminn mig", "Påminn mig!", "paminn mig", "jag vill bli påmind", "remind me"),
    Verb.REFUSE_REMINDERS: ("påminn mig inte", "Sluta påminna", "inga påminnelser", "don't remind me", "no reminders"),
}


@pytest.mark.parametrize(("verb", "text"), [(verb, text) for verb, texts in WHOLE.items() for text in texts])
def test_a_button_can_be_typed(verb: Verb, text: str) -> None:
    command = COMMANDS.read(text)
    assert command is not None
    assert (command.verb, command.number) == (verb, None)


def test_every_verb_can_be_typed() -> None:
    assert WHOLE.keys() == set(Verb)


@pytest.mark.parametrize(
    ("text", "number", "words"),
    [
        *(("ändra 4", 4, ""), ("ändra fråga 4", 4, ""), ("Ändra fråga 4.", 4, ""), ("ändra svaret på fråga 4", 4, "")),
        *(("ändra nr 4", 4, ""), ("ändra fråga fyra", 4, ""), ("andra fraga 4", 4, ""), ("fråga 12", 12, "")),
        *(("change question 4", 4, ""), ("change 4", 4, ""), ("edit 4", 4, ""), ("go to question 4", 4, "")),
        *(
            ("change my answer to question 4", 4, ""),
            ("ändra 4 till delvis etablerad", 4, ""),
            ("ändra fråga 99", 99, ""),
        ),
        *(("ändra portföljstyrning", None, "portföljstyrning"), ("ändra IT-råd", None, "IT-råd")),
        *(("ändra svaret på Digital mognad.", None, "Digital mognad"), ("ändra roller", None, "roller")),
        *(("edit technical debt", None, "technical debt"), ("change my answer about roles", None, "roles")),
    ],
)
def test_which_question_to_change_is_said_by_number_or_by_name(text: str, number: int | None, words: str) -> None:
    command = COMMANDS.read(text)
    assert command is not None
    assert (command.verb, command.number, command.words) == (Verb.EDIT, number, words)


@pytest.mark.parametrize(
    ("text", "field"),
    [
        *(("ändra kommun", "organisation"), ("byt kommun", "organisation"), ("change municipality", "organisation")),
        *(("ändra roll", "roles"), ("ändra min roll", "roles"), ("ändra verksamhetsområde", "operation")),
        ("ändra verksamhetsområdet", "operation"),
    ],
)
def test_which_part_of_the_background_to_change_is_said(text: str, field: str) -> None:
    command = COMMANDS.read(text)
    assert command is not None
    assert (command.verb, command.words) == (Verb.EDIT_BACKGROUND, field)


@pytest.mark.parametrize(
    ("text", "number", "words"),
    [
        *(("kommentar: Vi har en NY modell.", None, "Vi har en NY modell."), ("Kommentera: nej", None, "nej")),
        *(
            ("comment: ok", None, "ok"),
            ("kommentar fråga 4: bättre nu", 4, "bättre nu"),
            ("kommentar 4: bättre", 4, "bättre"),
        ),
        *(("kommentar till fråga 4 den är oklar", 4, "den är oklar"), ("comment to question 4: unclear", 4, "unclear")),
        *(("kommentar 4 personer jobbar med det", None, "4 personer jobbar med det"), ("kommentar:", None, "")),
        *(
            ("kommentar vi har en ny modell", None, "vi har en ny modell"),
            ("kommentar: varför så?", None, "varför så?"),
        ),
        ("kommentar:\nrad ett\nrad två", None, "rad ett\nrad två"),
    ],
)
def test_a_comment_is_kept_as_it_was_written(text: str, number: int | None, words: str) -> None:
    command = COMMANDS.read(text)
    assert command is not None
    assert (command.verb, command.number, command.words) == (Verb.COMMENT, number, words)


def test_a_comment_of_any_length_is_handed_on_whole() -> None:
    long = "å" * 50_000
    assert COMMANDS.read(f"kommentar: {long}") == Command(Verb.COMMENT, words=long, language="sv")


@pytest.mark.parametrize(
    "text",
    [
        *(
            "hur avbryter man ett avtal?",
            "vad är en paus i larmet",
            "vad är en paus",
            "kan jag ändra fråga 4?",
            "ändra fråga 4?",
        ),
        *(
            "avbryt?",
            "paus?",
            "skicka in?",
            "radera mina svar?",
            "hur raderar jag mina svar",
            "vad händer när jag skickar in",
        ),
        *(
            "vad säger rapporten om mognad",
            "fortsätter projektet nästa år",
            "tillbaka till verksamheten",
            "stoppa hackare",
        ),
        *(
            "change management",
            "change management in municipalities",
            "ändra till delvis etablerad",
            "andra",
            "andra 4",
            "na",
        ),
        *(
            "ändra arbetssätt i kommunen hur gör vi då",
            "kommentarer i rapporten",
            "kommentera portföljstyrning",
            "kommentar finns?",
        ),
        *(
            "delvis etablerad",
            "4",
            "vet ej",
            "vet inte",
            "hoppa över",
            "ej aktuellt",
            "ja men inte helt",
            "nej det finns inte",
        ),
        *(
            "stämmer bra",
            "stämmer inte alls",
            "det stämmer ganska bra",
            "fråga it-chefen",
            "fråga",
            "question",
            "change",
            "",
        ),
        *(
            "radera mian svar",
            "mina syar",
            "pasua",
            "starta om datorn",
            "levels of maturity",
            "submit a ticket",
            "ok vi kör",
        ),
        *("mognadskoll " * 50, "x" * 10_000, "ändra " * 3_000),
    ],
)
def test_other_words_are_no_command(text: str) -> None:
    assert COMMANDS.read(text) is None


@pytest.mark.parametrize(
    ("text", "language"),
    [
        *(
            ("mognadskoll", "sv"),
            ("maturity check", "en"),
            ("ok", None),
            ("ändra 4", "sv"),
            ("change 4", "en"),
            ("comment: x", "en"),
        )
    ],
)
def test_a_command_tells_its_language_where_it_has_one(text: str, language: str | None) -> None:
    command = COMMANDS.read(text)
    assert command is not None
    assert command.language == language


@settings(deadline=None)
@given(st.text(alphabet=st.characters(codec=None), max_size=300))
def test_any_text_is_read(text: str) -> None:
    command = COMMANDS.read(text)
    assert command is None or command.verb in Verb


@settings(deadline=None)
@given(
    st.sampled_from([text for verb, texts in WHOLE.items() for text in texts if "?" not in text]),
    st.sampled_from(["hur fungerar ", "vad betyder ", "varför ", "what is ", "kan jag "]),
)
def test_asking_about_a_command_is_not_giving_it(text: str, before: str) -> None:
    command = COMMANDS.read(before + text)
    assert command is None or command.verb is Verb.LEVELS


@settings(deadline=None)
@given(
    st.sampled_from([text for texts in WHOLE.values() for text in texts]), st.sampled_from(["", ".", "!", " …", " :)"])
)
def test_case_spaces_and_punctuation_change_nothing(text: str, after: str) -> None:
    plain, other = COMMANDS.read(text), COMMANDS.read(f"  {text.upper()}{'' if text.endswith('?') else after} ")
    assert plain is not None
    assert other is not None
    assert plain.verb is other.verb


@pytest.mark.parametrize(
    ("old", "new", "what"),
    [
        ('"yes", yep', "yes, yep", "put it in quotes"),
        ('  "no":\n', "  nope:\n", "'nope'"),
        ("sv: [paus, pausa,", "sv: [paus, avbryt,", "'avbryt' means"),
        ("may_be_asked:", "may_ask:", "may_be_asked"),
        ("phrases:", "phrases: [", ""),
    ],
)
def test_a_file_with_a_mistake_is_refused(old: str, new: str, what: str, tmp_path: Path) -> None:
    text = FILE.read_text(encoding="utf-8")
    assert old in text
    broken = tmp_path / FILE.name
    broken.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(CatalogueInvalid, match=rf"(?s)^check_commands\.yaml: .*{what}"):
        Commands.load(broken)


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(CatalogueInvalid, match=r"check_commands\.yaml"):
        Commands.load(tmp_path / FILE.name)
