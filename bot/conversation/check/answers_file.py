"""A person's own answers as a file that opens in a spreadsheet: every question with its answer and comment."""

from __future__ import annotations

import csv
import io
import re

from bot.conversation.card import FileReply
from bot.conversation.check import wording
from bot.conversation.check.presses import PREFIX
from bot.conversation.texts import Texts
from bot.maturity.rounds import Round
from bot.maturity.routing import items_of
from bot.maturity.session import Phase, Session, Source

FORMULA = ("=", "+", "-", "@", "\t", "\r", "\N{FULLWIDTH EQUALS SIGN}")
"""What a spreadsheet takes for the beginning of a formula (CWE-1236)."""
CSV = "text/csv"


def answers_file(session: Session, held: Round, texts: Texts) -> FileReply:
    """Semicolons and a byte order mark, as spreadsheets in Sweden expect them."""
    language, say = session.language, texts.say
    sheet = io.StringIO(newline="")
    writer = csv.writer(sheet, delimiter=";", lineterminator="\r\n")
    for row in _about(session, held, texts):
        writer.writerow([_safe(cell) for cell in row])
    writer.writerow([])
    writer.writerow(say("check.file.head", language).split(";"))
    for item in items_of(session, held.instrument):
        answer = wording.whole_answer(item, session.answers.get(item.id), texts, language)
        comment = session.comments.get(item.id, "")
        writer.writerow([_safe(cell) for cell in (item.question.say(language), answer, comment)])
    name = say("check.file.name", language, label=re.sub(r"[^\w.-]+", "-", held.label))
    description = say("check.file.description", language, label=held.label)
    key = f"{PREFIX}file:{session.id}"
    return FileReply(name, CSV, ("\ufeff" + sheet.getvalue()).encode("utf-8"), description, key)


def _about(session: Session, held: Round, texts: Texts) -> list[tuple[str, str]]:
    language, say = session.language, texts.say
    sent = session.phase is Phase.SUBMITTED
    source = "check.file.source_consensus" if session.source is Source.CONSENSUS else "check.file.source_individual"
    said = {
        "label": wording.heading(held, language),
        "source": say(source, language),
        **wording.of_background(session.background, held.instrument, language),
    }
    rows = [(say(f"check.file.fields.{name}", language), value) for name, value in said.items()]
    status = say("check.file.status_sent" if sent else "check.file.status_draft", language)
    return [*rows, (say("check.file.status", language), status)]


def _safe(cell: str) -> str:
    return f"'{cell}" if cell.startswith(FORMULA) else cell
