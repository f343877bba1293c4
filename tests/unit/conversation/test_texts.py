"""The message catalogue is complete in both languages, and never lets a half-filled text out."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.conversation.texts import CatalogueInvalid, TextMissing, Texts
from bot.conversation.texts_check import main, problems, usage_of


def catalogue(directory: Path, swedish: str, english: str | None = None) -> Path:
    for language, content in (("sv", swedish), ("en", swedish if english is None else english)):
        (directory / language).mkdir(exist_ok=True)
        (directory / language / "talk.yaml").write_text(content, encoding="utf-8")
    return directory


def test_a_text_is_found_by_its_dotted_key_and_filled_in(tmp_path: Path) -> None:
    texts = Texts.load(catalogue(tmp_path, "a:\n  b: Hej {name}\n", "a:\n  b: Hello {name}\n"))
    assert texts.say("a.b", "sv", name="Kim") == "Hej Kim"
    assert texts.say("a.b", "en", name="{name}") == "Hello {name}"


@pytest.mark.parametrize("values", [{}, {"name": "Kim", "other": 1}, {"other": 1}])
def test_values_must_be_exactly_the_placeholders(tmp_path: Path, values: dict[str, object]) -> None:
    texts = Texts.load(catalogue(tmp_path, "a: Hej {name}\n"))
    with pytest.raises(TextMissing, match="a takes"):
        texts.say("a", "sv", **values)


def test_an_unknown_key_or_language_is_an_error_and_not_an_empty_text(tmp_path: Path) -> None:
    texts = Texts.load(catalogue(tmp_path, "a: Hej\nlist:\n  - ett\n"))
    for key, language in (("b", "sv"), ("a", "de"), ("list", "sv")):
        with pytest.raises(TextMissing):
            texts.say(key, language)
    with pytest.raises(TextMissing):
        texts.lines("a", "sv")
    assert texts.lines("list", "sv") == ("ett",)


@pytest.mark.parametrize(
    "broken",
    [
        "false: x\n",
        "a: x\na: y\n",
        "a: '{'\n",
        "a: '{0}'\n",
        "a: '{x!r}'\n",
        "a: 5\n",
        "a:\n",
        "- x\n- 1\n",
        "a: [",
        "a: '   '\n",
    ],
)
def test_a_broken_catalogue_is_refused_with_the_file_name(tmp_path: Path, broken: str) -> None:
    with pytest.raises(CatalogueInvalid, match=r"sv/talk\.yaml"):
        Texts.load(catalogue(tmp_path, broken, "a: x\n"))


def test_a_section_in_two_files_is_refused_with_both_names(tmp_path: Path) -> None:
    catalogue(tmp_path, "a:\n  b: x\n")
    (tmp_path / "sv" / "web.yaml").write_text("a:\n  c: y\n", encoding="utf-8")
    with pytest.raises(CatalogueInvalid, match=r"sv/web\.yaml: a is in talk\.yaml already"):
        Texts.load(tmp_path)


def test_a_language_without_texts_is_refused(tmp_path: Path) -> None:
    with pytest.raises(CatalogueInvalid, match="sv holds no texts"):
        Texts.load(tmp_path)


def test_the_check_sees_every_kind_of_gap(tmp_path: Path) -> None:
    swedish = "a: Hej\nb: Kom {x}\nonly: Ja\nunused: Nej\nfamily:\n  one: Ett\nloud: Hej!\n"
    english = "a: Hi\nb: Come {y}\nunused: Not\nfamily:\n  one: One\nloud: Hi\n"
    source = 't.say("a", l)\nt.say("b", l)\nt.say(f"family.{n}", l)\nt.say("no.such", l)\nx = "loud"\nt.say("a.x", l)\n'
    found = "\n".join(problems(Texts.load(catalogue(tmp_path, swedish, english)), usage_of([("code.py", source)])))
    assert "only: missing in en" in found
    assert "b: the languages differ in placeholders" in found
    assert "unused: nothing in the code asks for it" in found
    assert "family.one" not in found
    assert "loud: holds an exclamation mark" in found
    assert "code.py:4: asks for no.such, which does not exist" in found


def test_the_check_sees_a_call_with_the_wrong_values(tmp_path: Path) -> None:
    texts = Texts.load(catalogue(tmp_path, "a:\n  b: Kom {x}\n"))
    wrong = list(problems(texts, usage_of([("code.py", 't.say("a.b", l, y=1)')])))
    right = list(problems(texts, usage_of([("code.py", 't.say("a.b", language=l, x=1)')])))
    assert wrong == ["code.py:1: a.b takes ['x'], not ['y']"]
    assert right == []


def test_the_shipped_catalogue_is_complete(capsys: pytest.CaptureFixture[str]) -> None:
    assert main() == 0, capsys.readouterr().err
