"""Question sets are read line by line, as people write them, and what is wrong is told with its line."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from knowledge.errors import LibraryInvalid
from knowledge.evaluation import EvaluationQuestion, load

GOOD = json.dumps({"id": "q1", "class": "followup", "question": "och då?", "context": ["Hur många?"]})


def written(path: Path, *lines: str) -> Path:
    file = path / "set.jsonl"
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return file


def test_a_question_set_is_read_line_by_line(tmp_path: Path) -> None:
    [one] = load(written(tmp_path, "", GOOD, "   "))
    assert (one.id, one.kind, one.question, one.context) == ("q1", "followup", "och då?", ("Hur många?",))
    assert one.pages is None
    assert one.must_refuse is False


def test_an_id_and_a_question_are_enough(tmp_path: Path) -> None:
    [one] = load(written(tmp_path, '{"id": 7, "question": "Vad?"}'))
    assert (one.id, one.kind, one.must_refuse) == ("7", "", None)


@pytest.mark.parametrize("target", [{"facts": ["18"]}, {"documents": ["rapport"]}, {"passage": "p1"}])
def test_what_a_right_answer_holds_makes_a_question_answerable(target: dict[str, object]) -> None:
    one = EvaluationQuestion.model_validate({"id": "q", "question": "Vad?", **target})
    assert one.kind == "answerable"


def test_lists_of_one_may_be_written_without_brackets() -> None:
    line = {"id": "q", "question": "Vad?", "facts": "18 personer", "documents": "rapport", "context": "Och?"}
    one = EvaluationQuestion.model_validate(line)
    assert (one.facts, one.documents, one.context) == ((("18 personer",),), ("rapport",), ("Och?",))
    two = EvaluationQuestion.model_validate(line | {"facts": ["18 personer", ["2024", "tjugofyra"]]})
    assert two.facts == (("18 personer",), ("2024", "tjugofyra"))


def test_unknown_fields_are_kept_aside() -> None:
    one = EvaluationQuestion.model_validate({"id": "q", "question": "Vad?", "difficulty": 3})
    assert one.unknown_fields == ("difficulty",)
    assert EvaluationQuestion.model_validate({"id": "q", "question": "Vad?"}).unknown_fields == ()


@pytest.mark.parametrize(
    ("bad", "told"),
    [
        ("{", "EOF"),
        ("[]", "object|dictionary"),
        ('{"id": "q2"}', "question: "),
        ('{"id": "", "question": "?"}', "id: "),
        ('{"id": "q2", "class": "odd", "question": "?"}', "class: "),
        ('{"id": "q2", "class": "refuse", "question": "?", "fact": []}', "fact: .* is facts meant"),
        ('{"id": "q2", "class": "refuse", "question": "?", "pages": ["tolv"]}', r"pages\.0: "),
        ('{"id": "q1", "question": "?"}', "the id q1 stands on line 1 too"),
    ],
)
def test_a_bad_line_is_named_with_what_is_wrong(tmp_path: Path, bad: str, told: str) -> None:
    with pytest.raises(LibraryInvalid, match=rf"set\.jsonl, line 3: .*({told})"):
        load(written(tmp_path, GOOD, "", bad, GOOD))


@pytest.mark.parametrize("content", [b"\xff\xfe\n", None])
def test_a_set_that_cannot_be_read_is_invalid(tmp_path: Path, content: bytes | None) -> None:
    file = tmp_path / "set.jsonl"
    if content is not None:
        file.write_bytes(content)
    with pytest.raises(LibraryInvalid, match=r"set\.jsonl"):
        load(file)


def test_a_line_separator_inside_a_question_is_part_of_it(tmp_path: Path) -> None:
    file = tmp_path / "set.jsonl"
    file.write_text('\ufeff{"id": "q", "class": "refuse", "question": "a\u2028b"}\n', encoding="utf-8")
    assert load(file)[0].question == "a\u2028b"


def test_the_mark_is_that_of_the_question_and_its_right_answer() -> None:
    line = {"id": "q", "question": "Vad?", "facts": [["18"]], "note": "a"}
    mark = EvaluationQuestion.model_validate(line).mark
    assert EvaluationQuestion.model_validate(line | {"id": "r", "note": "b", "part": "report"}).mark == mark
    for change in ({"question": "Vem?"}, {"facts": [["19"]]}, {"documents": ["d"]}, {"context": ["Hur?"]}):
        assert EvaluationQuestion.model_validate(line | change).mark != mark
