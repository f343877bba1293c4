"""The command line as a contract: exit codes, pure standard output, and JSON of the agreed shape."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import time
import urllib.error
import urllib.request
from pathlib import Path

import pytest

from tests.integration.app.commands import Finished, Fyren
from tests.program import FYREN

pytestmark = pytest.mark.slow  # every command is a process of its own

REPORT = """---
document: hamnrapport
title: Rapport om hamnarna
kind: report
source: Provkommunen
---

## Gästhamnar

Gästhamnen i Lysekil har plats för 400 båtar. Avgiften är 250 kronor per dygn.

## Fyrar

Fyren på Hållö tändes år 1842. Fyren drivs med solceller sedan 1998.
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "documents"
    (folder / "rapporter").mkdir(parents=True)
    (folder / "rapporter" / "hamnar.md").write_text(REPORT, encoding="utf-8")
    return folder


@pytest.fixture
def fyren(tmp_path: Path) -> Fyren:
    return Fyren(tmp_path / "var")


@pytest.fixture
def filled(fyren: Fyren, folder: Path) -> Fyren:
    assert fyren("ingest", folder).code == 0
    return fyren


def clean(finished: Finished, code: int = 0) -> Finished:
    assert finished.code == code, finished.err
    return finished


def test_pruning_keeps_the_replies_that_became_documents(filled: Fyren, folder: Path, tmp_path: Path) -> None:
    answers = tmp_path / "var" / "answers"
    answers.mkdir()
    (answers / "fraga-1.md").write_text("---\ntitle: Vem hjälper oss?\n---\n\nSML-IT hjälper till.\n", encoding="utf-8")
    clean(filled("ingest", answers))
    (folder / "rapporter" / "hamnar.md").rename(folder / "hamnar.md")
    told = clean(filled("ingest", folder, "--prune", "--json")).data
    assert {each["path"]: each["status"] for each in told["documents"]} == {
        "fraga-1.md": "unchanged",
        "hamnar.md": "added",
        "rapporter/hamnar.md": "removed",
    }


def test_an_empty_knowledge_base_refuses_politely_and_finds_nothing(fyren: Fyren) -> None:
    answer = clean(fyren("ask", "Hur många båtar har Lysekils gästhamn plats för?", "--json"))
    assert answer.data["status"] == "refused"
    assert answer.data["answer"]
    assert answer.data["citations"] == []
    assert answer.err == ""
    found = clean(fyren("search", "båtar", "--json"))
    assert found.data["hits"] == []
    assert clean(fyren("documents", "list", "--json")).data["documents"] == []


def test_what_is_ingested_is_answered_from_with_the_agreed_fields(filled: Fyren) -> None:
    answer = clean(filled("ask", "Hur många båtar har gästhamnen i Lysekil plats för?", "--json")).data
    assert {"id", "status", "language", "answer", "citations", "notes", "generator", "timing_ms"} <= set(answer)
    assert (answer["id"], answer["status"], answer["language"]) == ("q1", "answered", "sv")
    assert "400 båtar" in answer["answer"]
    citation = answer["citations"][0]
    assert set(citation) == {"n", "document", "title", "section", "page", "quote"}
    assert (citation["document"], citation["page"]) == ("hamnrapport", None)
    shown = clean(filled("ask", "Hur många båtar har gästhamnen i Lysekil plats för?"))
    assert "Källor:\n[1] Rapport om hamnarna, Gästhamnar" in shown.out


SURVEY = """survey: {document: enkat, title: Enkät om hamnar, source: Provkommunen, as_of: 2024-05-17}
items:
  - id: brygga
    figure: "1"
    section: 1 Bryggor
    topic: Bryggornas skick
    pages: [7]
    area: hamn
    form: question
    question: Hur väl fungerar bryggorna i kommunen?
    claim: bryggorna i kommunen är
    baseline: ok
    unit: respondent
    options:
      - {code: "0", label: Trasiga, says: trasiga, percent: 40}
      - {code: "1", label: Hela, says: hela, percent: 6, corrected: 60}
      - {code: dk, label: Vet ej, says: vet inte, percent: null}
"""
FIGURE = {
    "number": "1",
    "title": "Bryggornas skick",
    "question": "Hur väl fungerar bryggorna i kommunen?",
    "unit": "respondent",
    "bars": [
        {"label": "Trasiga", "percent": 40.0},
        {"label": "Hela", "percent": 6.0},
        {"label": "Vet ej", "percent": None},
    ],
    "alt": "Stapeldiagram. Figur 1. Hur väl fungerar bryggorna i kommunen? Procent av svaren. "
    "Trasiga: 40 %; Hela: 6 % (troligen 60 %); Vet ej: anges inte i källan.",
}
BARS = """Figur 1. Hur väl fungerar bryggorna i kommunen? Procent av svaren.
  Trasiga  ████████████████ 40 %
  Hela     ██▍ 6 % (troligen 60 %)
  Vet ej   anges inte i källan
"""


def test_an_answer_about_a_figure_names_it_and_draws_its_bars(fyren: Fyren, folder: Path) -> None:
    (folder / "enkat.yaml").write_text(SURVEY, encoding="utf-8")
    clean(fyren("ingest", folder))
    question = "Hur många har trasiga bryggor?"
    assert clean(fyren("ask", question, "--json")).data["figure"] == FIGURE
    assert BARS in clean(fyren("ask", question)).out
    assert BARS in clean(fyren("chat", stdin=f"{question}\n")).out
    told = clean(fyren("chat", "--json", stdin=f"{question}\n")).lines
    assert [line["type"] for line in told] == ["text", "answer", "figure"]
    assert told[1]["figure"] == told[2]["figure"] == FIGURE
    assert clean(fyren("ask", "När tändes fyren på Hållö?", "--json")).data["figure"] is None


def test_search_tells_the_path_relative_to_the_ingested_folder(filled: Fyren) -> None:
    found = clean(filled("search", "när tändes fyren på Hållö", "--k", "1", "--json")).data
    [hit] = found["hits"]
    assert set(hit) == {"rank", "score", "document", "path", "title", "section", "page", "passage", "text"}
    assert (hit["rank"], hit["path"], hit["section"]) == (1, "rapporter/hamnar.md", "Fyrar")
    assert found["timing_ms"]["total"] > 0


def test_a_batch_streams_in_order_and_a_bad_line_costs_only_itself(filled: Fyren, tmp_path: Path) -> None:
    batch = tmp_path / "batch.jsonl"
    lines = [
        {"id": "a", "question": "När tändes fyren på Hållö?"},
        {"id": "b", "question": "Och hur drivs den?", "context": ["När tändes fyren på Hållö?"]},
        "broken",
        {"id": "c", "question": "fråga " * 10_000},
        {"id": "d", "question": ""},
    ]
    batch.write_text("\n".join(each if isinstance(each, str) else json.dumps(each) for each in lines), encoding="utf-8")
    done = clean(filled("ask", "--batch", batch), 1)
    assert [line["id"] for line in done.lines] == ["a", "b", "c", "d"]
    assert [line["status"] for line in done.lines][2:] == ["refused", "refused"]
    assert "Rad 3 " in done.err
    found = clean(filled("search", "--batch", batch), 1)
    assert [line["id"] for line in found.lines] == ["a", "b", "c", "d"]


def test_a_rejected_document_is_told_with_its_reason_and_the_rest_is_taken_in(fyren: Fyren, folder: Path) -> None:
    (folder / "tom.md").write_bytes(b"")
    done = clean(fyren("ingest", folder, "--json"), 1)
    assert set(done.data) == {"generation", "documents", "passages", "embedded", "seconds"}
    by_path = {each["path"]: each for each in done.data["documents"]}
    assert by_path["tom.md"]["status"] == "rejected"
    assert by_path["tom.md"]["reason"]
    assert by_path["rapporter/hamnar.md"]["status"] == "added"
    assert by_path["rapporter/hamnar.md"]["reason"] is None
    table = clean(fyren("ingest", folder), 1)
    assert "tom.md" in table.out
    assert "avvisat" in table.out
    assert "oförändrat" in table.out


def test_a_dry_run_changes_nothing(fyren: Fyren, folder: Path) -> None:
    done = clean(fyren("ingest", folder, "--dry-run", "--json"))
    assert done.data["documents"][0]["status"] == "added"
    assert clean(fyren("documents", "list", "--json")).data["documents"] == []


def test_documents_are_shown_removed_and_brought_back(filled: Fyren) -> None:
    [document] = clean(filled("documents", "list", "--json")).data["documents"]
    assert (document["document"], document["path"], document["origin"]) == (
        "hamnrapport",
        "rapporter/hamnar.md",
        "ingested",
    )
    shown = clean(filled("documents", "show", "hamnrapport", "--json")).data
    assert [passage["section"] for passage in shown["passages"]] == ["Gästhamnar", "Fyrar"]
    assert "Gästhamnar" in clean(filled("documents", "show", "rapporter/hamnar.md")).out
    assert clean(filled("documents", "remove", "hamnrapport", "--json")).data["passages"] == 0
    assert clean(filled("search", "båtar", "--json")).data["hits"] == []
    history = clean(filled("documents", "history", "--json")).data["generations"]
    assert [each["published"] for each in history] == [True, False]
    back = clean(filled("documents", "rollback", "--json")).data["generation"]
    assert back == history[1]["generation"]
    assert len(clean(filled("search", "båtar", "--json")).data["hits"]) > 0
    for arguments in (("show", "none"), ("remove", "none"), ("rollback", "none"), ("rollback",)):
        failed = clean(filled("documents", *arguments), 1)
        assert failed.out == ""
        assert failed.err


def test_a_conversation_through_a_pipe(filled: Fyren) -> None:
    question = "Hur många båtar har gästhamnen i Lysekil plats för?"
    talk = clean(filled("chat", stdin=f"hej\n{question}\n+ bra svar\n\nsluta\nx\n"))
    assert "AI-assistent" in talk.out
    assert "400 båtar" in talk.out
    assert "Tummen är sparad." in talk.out
    assert "tomt meddelande" in talk.out
    assert talk.err == ""
    [rating] = clean(filled("feedback", "--json")).data["feedback"]
    assert (rating["liked"], rating["comment"]) == (True, "bra svar")
    assert rating["question"] == question
    as_json = clean(filled("chat", "--json", stdin="hjälp\n1\n"))
    assert [line["type"] for line in as_json.lines] == ["text", "menu", "done", "answer"]


def test_wrong_settings_are_named_and_end_every_command(tmp_path: Path) -> None:
    wrong = Fyren(tmp_path / "var", PORT="http", TEAMS_APP_ID="0f8fad5b-d9cb-469f-a165-70867728950e")
    for command in (("ask", "Vad?"), ("serve",), ("documents", "list")):
        done = clean(wrong(*command), 1)
        assert done.out == ""
        assert "FYREN_PORT: värdet är inget heltal" in done.err
    told = clean(wrong("doctor", "--json"), 1).data
    assert (told["status"], told["checks"][0]["setting"]) == ("error", "FYREN_PORT")


def test_the_doctor_says_what_works_and_what_to_do(filled: Fyren, tmp_path: Path) -> None:
    told = clean(filled("doctor", "--json")).data
    checks = {check["check"]: check["status"] for check in told["checks"]}
    assert checks["index"] == "ok"
    assert checks["embedding"] == checks["teams"] == "warning"
    assert checks["pictures"] == checks["instruments"] == checks["identity"] == "ok"
    assert "contacts" not in checks
    assert told["status"] == "warning"
    public = clean(Fyren(tmp_path / "other", HOST="0.0.0.0", DATABASE_URL="no-url", TEMAS_APP_ID="x")("doctor"), 1)
    assert "FYREN_TEAMS_APP_ID" in public.out
    assert "FYREN_DATABASE_URL" in public.out
    assert "Något måste rättas" in public.out
    assert not (tmp_path / "other").exists()


def test_the_doctor_asks_for_contacts_where_real_people_are_asked(tmp_path: Path) -> None:
    guid = "00000000-0000-4000-8000-000000000001"
    teams = {"TEAMS_APP_ID": guid, "TEAMS_APP_PASSWORD": "en-riktig-hemlighet", "TEAMS_TENANT_ID": guid}
    told = Fyren(tmp_path / "a", **teams)("doctor", "--json").data
    assert {check["check"]: check["status"] for check in told["checks"]}["contacts"] == "warning"
    set_ = {"CONTACT": "0522-00 00 00", "DATA_PROTECTION_CONTACT": "ombud@example.se"}
    told = Fyren(tmp_path / "b", **teams, **set_)("doctor", "--json").data
    assert {check["check"]: check["status"] for check in told["checks"]}["contacts"] == "ok"


def test_a_damaged_index_is_told_in_one_line_with_a_way_out(filled: Fyren, tmp_path: Path) -> None:
    [passages] = (tmp_path / "var" / "index" / "generations").glob("*/passages.jsonl")
    passages.write_bytes(passages.read_bytes() + b" ")
    done = clean(filled("ask", "Hur många båtar?"), 1)
    assert done.err.count("\n") == 1
    assert "documents rollback" in done.err
    assert clean(filled("doctor", "--json"), 1).data["status"] == "error"


@pytest.mark.parametrize("arguments", [("ingest", "no/such/folder"), ("ask",), ("search", "x", "--k", "0")])
def test_wrong_usage_is_two(fyren: Fyren, arguments: tuple[str, ...]) -> None:
    done = clean(fyren(*arguments), 2)
    assert done.out == ""
    assert done.err


def test_a_public_address_without_an_app_id_is_refused_with_what_to_write(fyren: Fyren) -> None:
    done = clean(fyren("serve", "--host", "0.0.0.0"), 1)
    assert "FYREN_HOST" in done.err
    assert "127.0.0.1" in done.err
    assert "FYREN_TEAMS_APP_ID" in done.err


def test_w02_the_service_starts_signs_in_by_its_link_reloads_and_stops(
    filled: Fyren, folder: Path, tmp_path: Path
) -> None:
    with subprocess.Popen(
        [*FYREN, "serve", "--port", "0", "--json"],
        env=filled.env,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as service:
        assert service.stdout
        assert service.stderr
        try:
            told = json.loads(service.stdout.readline())
            before = _ready(told["health"])
            assert told["endpoint"] == told["url"] + "/api/messages"
            page, _, code = told["sign_in"].partition("#")
            assert page == told["url"] + "/sign-in/local"
            # W02: the printed link signs in once.
            assert [_signed_in(told["url"], page, code) for _ in range(2)] == [200, 403]
            (folder / "mer.md").write_text("# Slussar\n\nSlussen i Trollhättan har fyra kammare.\n", encoding="utf-8")
            assert filled("ingest", folder).code == 0
            deadline = time.monotonic() + 20
            while _ready(told["health"]) == before and time.monotonic() < deadline:
                time.sleep(0.2)
            assert _ready(told["health"]) != before
            taken = clean(filled("serve", "--port", told["url"].rsplit(":", 1)[1]), 1)
            assert "--port" in taken.err
        finally:
            os.kill(service.pid, signal.SIGTERM)
        assert service.wait(20) == 0
        noted = service.stderr.read()
        assert "bara på den här datorn" in noted
        assert noted.count(code) == 1, "it is printed, and stands in no line of the log"


def test_a_reader_that_stops_reading_is_no_error_to_shout_about(filled: Fyren, tmp_path: Path) -> None:
    batch = tmp_path / "many.jsonl"
    batch.write_text('{"question": "När tändes fyren på Hållö?"}\n' * 400, encoding="utf-8")
    with subprocess.Popen(
        [*FYREN, "ask", "--batch", str(batch)],
        env=filled.env,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as asking:
        assert asking.stdout
        assert asking.stderr
        assert json.loads(asking.stdout.readline())["id"] == "q1"
        asking.stdout.close()
        assert asking.stderr.read() == ""
        assert asking.wait(60) == 1


def _signed_in(origin: str, page: str, code: str) -> int:
    """The status that a browser ends at with this code."""
    form = urllib.request.Request(page, f"code={code}".encode(), {"Origin": origin})  # noqa: S310 - the same
    try:
        with urllib.request.urlopen(form, timeout=10) as response:  # noqa: S310 - the same
            status: int = response.status
            return status
    except urllib.error.HTTPError as refused:
        refused.close()
        return refused.code


def _ready(address: str) -> str:
    with urllib.request.urlopen(address, timeout=10) as response:  # noqa: S310 - an address of this test's own making
        generation: str = json.load(response)["generation"]
        return generation
