"""Programs that are called `tesseract` and behave as one might: scripts, found where the environment says."""

from __future__ import annotations

from pathlib import Path

WITH_SWEDISH = "List of available languages (3):\neng\nosd\nswe"
WITHOUT_SWEDISH = "List of available languages (2):\neng\nosd"


def install(folder: Path, reading: str, languages: str = WITH_SWEDISH) -> Path:
    """A program in a folder of its own, to be the only one found; `reading` is what it does with a picture, in sh."""
    folder.mkdir(exist_ok=True)
    program = folder / "tesseract"
    told = "\n".join(f"echo '{line}'" for line in languages.split("\n"))
    program.write_text(
        f'#!/bin/sh\nif [ "$1" = --list-langs ]; then\n{told}\nexit 0\nfi\n{reading}\n', encoding="utf-8"
    )
    program.chmod(0o755)
    return folder


def answer(*lines: str, confidence: int = 95, resolution: int = 300) -> str:
    """hOCR of an A4 page with these lines below each other."""
    spans = []
    for number, line in enumerate(lines):
        top = 400 + 70 * number
        words = "".join(
            f"<span class='ocrx_word' title='bbox {200 + 150 * place} {top} {330 + 150 * place} {top + 40};"
            f" x_wconf {confidence}'>{word}</span> "
            for place, word in enumerate(line.split())
        )
        title = f"bbox 200 {top} 2200 {top + 44}; baseline 0 -10; x_size 44; x_descenders 10; x_ascenders 9"
        spans.append(f"<span class='ocr_line' title=\"{title}\">{words}</span>")
    return (
        "<?xml version='1.0' encoding='UTF-8'?><!DOCTYPE html PUBLIC '-//W3C//DTD XHTML 1.0 Transitional//EN'"
        " 'http://www.w3.org/TR/xhtml1/DTD/xhtml1-transitional.dtd'><html xmlns='http://www.w3.org/1999/xhtml'><body>"
        f"<div class='ocr_page' title='image \"x\"; bbox 0 0 2480 3508; ppageno 0; scan_res {resolution} {resolution}'>"
        f"<div class='ocr_carea'><p class='ocr_par'>{''.join(spans)}</p></div></div></body></html>"
    )


def answering(*lines: str) -> str:
    """What a program does that finds these lines on every page."""
    return f"echo {_quoted(answer(*lines))}"


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "'\\''") + "'"
