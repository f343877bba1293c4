"""What Tesseract answers becomes lines in their places, or nothing where it is guesswork."""

from __future__ import annotations

import math
from pathlib import Path

import pytest

from ingest.errors import DocumentRejected, PageNotRead, Reason
from ingest.recognition.answers import answer_on, answers_in
from ingest.recognition.hocr import evened, page_of
from ingest.recognition.pictures import MAX_PIXELS, RESOLUTION, resolution_for
from tests.fakes.tesseracts import answer

A4 = (595.0, 842.0)
FIRST, SECOND = "Ärenden ska registreras samma dag", "och få ett diarienummer"


def test_lines_have_their_text_and_place_in_points() -> None:
    page = page_of(answer(FIRST, SECOND).encode())
    assert [line.text for line in page.lines] == [FIRST, SECOND]
    assert page.height == pytest.approx(3508 * 72 / 300)
    first, second = page.lines
    assert first.x == pytest.approx(48.0)
    assert first.y - second.y == pytest.approx(70 * 72 / 300)
    assert 10 < first.size < 12


@pytest.mark.parametrize(("read", "meant"), [("e", "•"), (":", "•"), ("-", "-"), ("i", "i")])
def test_bullets_are_what_bullets_are_taken_for(read: str, meant: str) -> None:
    (line,) = page_of(answer(f"{read} besluta om en plan").encode()).lines
    assert line.text == f"{meant} besluta om en plan"


def test_the_resolution_is_that_of_the_picture() -> None:
    assert page_of(answer(FIRST, resolution=150).encode()).height == pytest.approx(3508 * 72 / 150)


@pytest.mark.parametrize(
    ("hocr", "why"),
    [
        (answer(), "no words"),
        (answer("— . ~", "1 2"), "no words"),
        (answer(FIRST, confidence=30), "no words"),
        (answer(FIRST)[:300], "damaged"),
        ("", "damaged"),
        (answer(FIRST).replace("bbox", "box"), "damaged"),
        ("<!DOCTYPE html [<!ENTITY a 'aaa'>]><html><body><p>&a;</p></body></html>", "damaged"),
    ],
)
def test_what_is_no_text_beyond_doubt_is_none(hocr: str, why: str) -> None:
    with pytest.raises(PageNotRead, match=why):
        page_of(hocr.encode())


def test_a_page_that_is_mostly_guessed_is_not_read() -> None:
    sure, guessed = answer("Kommun").split("<body>")[1], answer(FIRST, SECOND, confidence=40)
    line = sure[sure.index("<span class='ocr_line'") : sure.index("</p>")]
    with pytest.raises(PageNotRead, match="certain"):
        page_of(guessed.replace("</p>", f"{line}</p>").encode())


@pytest.mark.parametrize(
    ("angle", "boxes", "size"),
    [
        (0, ("200 400 900 444", "200 470 900 514"), 3508),
        (180, ("1580 3064 2280 3108", "1580 2994 2280 3038"), 3508),
        (90, ("400 2580 444 3308", "470 2580 514 3308"), 2480),
        (270, ("2036 200 2080 900", "1966 200 2010 900"), 2480),
    ],
)
def test_a_page_on_its_side_or_head_is_turned(angle: int, boxes: tuple[str, str], size: int) -> None:
    spans = "".join(
        f"<span class='ocr_line' title='bbox {box}; textangle {angle}; x_size 44; x_descenders 10; x_ascenders 9'>"
        f"<span class='ocrx_word' title='bbox {box}; x_wconf 90'>{word}</span></span>"
        for box, word in zip(boxes, ("Första", "Andra"), strict=True)
    )
    facts = "bbox 0 0 2480 3508; scan_res 300 300"
    page = page_of(f"<html><body><div class='ocr_page' title='{facts}'>{spans}</div></body></html>".encode())
    first, second = page.lines
    assert page.height == pytest.approx(size * 72 / 300)
    assert first.x == pytest.approx(200 * 72 / 300)
    assert first.y == pytest.approx((size - 444) * 72 / 300)
    assert first.y - second.y == pytest.approx(70 * 72 / 300)


def test_letter_heights_that_are_nearly_the_same_become_the_same() -> None:
    body, ring, title = (answer(FIRST), answer(SECOND), answer("Riktlinje"))
    pages = {
        1: page_of(body.encode()),
        2: page_of(ring.replace("x_size 44", "x_size 46").encode()),
        3: page_of(title.replace("x_size 44", "x_size 70").encode()),
    }
    sizes = [evened(pages)[number].lines[0].size for number in (1, 2, 3)]
    assert sizes[0] == sizes[1] < sizes[2] / 1.3


def test_pages_that_could_not_be_read_are_left_out(tmp_path: Path) -> None:
    answer_on(tmp_path, 2).write_text(answer(FIRST), encoding="utf-8")
    answer_on(tmp_path, 11).write_text(answer(SECOND), encoding="utf-8")
    answer_on(tmp_path, 3).write_text("no answer", encoding="utf-8")
    assert set(answers_in(tmp_path)) == {2, 11}


def test_pages_are_drawn_as_finely_as_their_size_allows() -> None:
    assert resolution_for(*A4) == RESOLUTION
    wide = resolution_for(2480, 3508)
    assert wide < RESOLUTION
    assert 2480 * 3508 * (wide / 72) ** 2 == pytest.approx(MAX_PIXELS)


@pytest.mark.parametrize("size", [(14_400_000.0, 14_400_000.0), (1.0, 1e12)])
def test_i03_a_page_of_a_kilometre_is_not_drawn(size: tuple[float, float]) -> None:
    with pytest.raises(DocumentRejected) as caught:
        resolution_for(*size)
    assert caught.value.reason is Reason.TOO_LARGE


@pytest.mark.parametrize("size", [(0.0, 842.0), (math.nan, 842.0), (math.inf, 842.0), (-5.0, 842.0)])
def test_a_page_without_a_size_is_not_drawn(size: tuple[float, float]) -> None:
    with pytest.raises(DocumentRejected) as caught:
        resolution_for(*size)
    assert caught.value.reason is Reason.UNREADABLE
