"""Who can read what: drafts nobody but their owner, answers about security nobody in the database, names nobody."""

from __future__ import annotations

import json
import logging
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, DateTime, Select, delete, insert, literal_column, select, text, update

from bot.maturity.errors import StoreFailed
from bot.maturity.instrument import Null
from bot.maturity.ports import Draft, Person
from bot.maturity.responses import ItemAnswer
from bot.maturity.session import Given, Source
from bot.storage.check.draft_seal import OwnDraft
from bot.storage.check.sessions_json import session_from_json, session_to_json
from bot.storage.database import Database, open_database
from bot.storage.errors import SealBroken, StorageError
from bot.storage.schema.base import main
from bot.storage.schema.check import drafts, response_answers, responses
from bot.storage.schema.identity import round_keys
from bot.storage.sealing import seal
from tests.contract.storage.checks import (
    ANNA,
    BO,
    NAMESAKE,
    Calendar,
    a_response,
    a_round,
    a_session,
    read,
    with_answer,
)

WHO = Person("8f6c2c0e-tenant", "29:bengt-ohlsson")
ALONE = Source.INDIVIDUAL


@pytest.fixture
async def database(urls: tuple[str, str]) -> AsyncIterator[Database]:
    database = await open_database(*urls, today=Calendar(), read=read)
    await database.check.add(a_round())
    yield database
    await database.close()


async def rows(database: Database, table: str) -> list[tuple[Any, ...]]:
    def everything(connection: Connection) -> list[tuple[Any, ...]]:
        return [tuple(row) for row in connection.execute(text(f"SELECT * FROM {table}"))]  # noqa: S608 - our own names

    engine = database.identity.engine if table == "round_keys" else database.main.engine
    return await engine.read(everything)


async def key_of(database: Database, purpose: str) -> bytes:
    query = select(round_keys.c.key).where(round_keys.c.purpose == purpose)
    key: bytes = await database.identity.engine.read(lambda connection: connection.execute(query).scalar_one())
    return key


async def test_the_main_database_holds_no_person_no_draft_in_clear_and_no_time_of_day(database: Database) -> None:
    session = with_answer(a_session(comments={"hinder": "vi har ont om folk"}), "portfolj", "kod-i-utkast")
    await database.check.submit(WHO, session, a_response(), 0)
    await database.check.save(WHO, session, 1)
    tables = [name for name in main.tables if name not in ("schema_versions", "answers", "deliveries", "feedback")]
    told = repr([await rows(database, name) for name in tables])
    for secret in (WHO.tenant, WHO.user, "bengt", "ont om folk", "kod-i-utkast", "svampsoppa", "hemligt ord"):
        assert secret not in told
    assert "på gång" in told  # A comment on an item that is not about security is one of the response's answers.
    moments = [column for name in tables for column in main.tables[name].columns if isinstance(column.type, DateTime)]
    assert moments == []


async def test_answers_about_security_are_stored_only_sealed(database: Database) -> None:
    await database.check.submit(WHO, a_session(), a_response(), 0)
    query = select(response_answers).where(response_answers.c.item.in_(("sakerhet", "skuld")))
    stored = await database.main.engine.read(lambda connection: connection.execute(query).mappings().all())
    assert [(row["codes"], row["null"], row["text"], row["comment"]) for row in stored] == [([], None, "", "")] * 2
    assert all(row["sealed"] for row in stored)


async def test_pseudonyms_differ_from_round_to_round(database: Database) -> None:
    await database.check.add(a_round("r2"))
    for name in ("r1", "r2"):
        await database.check.submit(WHO, a_session(round=name), a_response(round=name), 0)
    assert len({row[1] for row in await rows(database, "drafts")}) == 2
    assert len({row[0] for row in await rows(database, "responses")}) == 2


@pytest.mark.parametrize("name", ["responses", "response_answers", "consensus_municipalities"])
async def test_the_rows_of_responses_do_not_tell_in_which_order_they_came(
    sqlite_url: str, sqlite_identity_url: str, name: str
) -> None:
    database = await open_database(sqlite_url, sqlite_identity_url, today=Calendar(), read=read)
    numbers: Select[Any] = select(literal_column("rowid")).select_from(main.tables[name])
    with pytest.raises(StorageError, match="no such column"):
        await database.main.read("no number", lambda connection: connection.execute(numbers).all())
    await database.close()


async def test_responses_come_in_the_order_of_their_random_ids_however_many_are_read_at_once(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(9):
        answer = (ItemAnswer("nummer", (str(number),)),)
        await database.check.submit(Person("t", f"u{number}"), a_session(), a_response(answer), 0)
    query = select(responses.c.id, response_answers.c.codes).join(response_answers).order_by(responses.c.id)
    by_id = await database.main.engine.read(lambda connection: [row.codes[0] for row in connection.execute(query)])
    for at_once in (250, 10, 9, 3, 2):
        for module in ("responses", "response_rows"):
            monkeypatch.setattr(f"bot.storage.check.{module}.AT_ONCE", at_once)
        assert [response.answers[0].codes[0] for response in await database.check.of_round("r1")] == by_id


async def assert_broken(database: Database, person: Person, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.ERROR), pytest.raises(SealBroken):
        await database.check.load(person, "r1", ALONE)
    with pytest.raises(StoreFailed):
        await database.check.mine(person)
    assert "a draft of round r1 cannot be opened" in caplog.text
    assert "kod-i-utkast" not in caplog.text


async def test_a_changed_draft_does_not_open(database: Database, caplog: pytest.LogCaptureFixture) -> None:
    await database.check.save(ANNA, with_answer(a_session(), "portfolj", "kod-i-utkast"), 0)
    [(*_, sealed)] = await rows(database, "drafts")
    for changed in (sealed[:-1] + bytes([sealed[-1] ^ 1]), sealed[:5], b""):
        await database.main.engine.write(lambda connection: connection.execute(update(drafts).values(sealed=changed)))  # noqa: B023 - called at once
        await assert_broken(database, ANNA, caplog)


async def test_a_draft_in_anothers_place_does_not_open(database: Database, caplog: pytest.LogCaptureFixture) -> None:
    await database.check.save(ANNA, with_answer(a_session(), "portfolj", "kod-i-utkast"), 0)
    [(*_, sealed)] = await rows(database, "drafts")
    await database.check.save(NAMESAKE, a_session(), 0)
    await database.main.engine.write(lambda connection: connection.execute(update(drafts).values(sealed=sealed)))
    await assert_broken(database, NAMESAKE, caplog)
    assert await database.check.load(ANNA, "r1", ALONE) is not None


async def test_an_earlier_state_of_a_draft_does_not_open(database: Database, caplog: pytest.LogCaptureFixture) -> None:
    await database.check.save(ANNA, with_answer(a_session(), "portfolj", "kod-i-utkast"), 0)
    [(*_, earlier)] = await rows(database, "drafts")
    await database.check.save(ANNA, a_session(), 1)
    await database.main.engine.write(lambda connection: connection.execute(update(drafts).values(sealed=earlier)))
    await assert_broken(database, ANNA, caplog)


async def test_a_sealed_answer_in_anothers_place_does_not_open(database: Database) -> None:
    for person in (ANNA, BO):
        await database.check.submit(person, a_session(), a_response(), 0)
    is_sealed = response_answers.c.item == "sakerhet"
    query = select(response_answers.c.sealed).where(is_sealed).limit(1)
    sealed = await database.main.engine.read(lambda connection: connection.scalar(query))
    change = update(response_answers).where(is_sealed).values(sealed=sealed)
    await database.main.engine.write(lambda connection: connection.execute(change))
    with pytest.raises(SealBroken):
        await database.check.of_round("r1")


CRAFTED: tuple[object, ...] = (
    {"py/object": "os.system", "args": ["touch crafted"]},
    {"format": 1, "session": {"py/reduce": [{"py/function": "os.system"}, {"py/tuple": ["touch crafted"]}]}},
    {"format": 2, "session": {}},
    [],
    "!!python/object/apply:os.system ['touch crafted']",
)


@pytest.mark.parametrize("crafted", CRAFTED)
async def test_d16_a_crafted_state_is_refused_even_from_who_has_the_keys(
    database: Database, crafted: object, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    await database.check.save(ANNA, a_session(), 0)
    own = OwnDraft(await key_of(database, "identity"), ANNA, "r1", ALONE)
    sealed = seal(own._secret, json.dumps(crafted).encode(), *own._place(1))
    await database.main.engine.write(lambda connection: connection.execute(update(drafts).values(sealed=sealed)))
    with pytest.raises(StorageError, match="not of the form"):
        await database.check.load(ANNA, "r1", ALONE)
    assert not (tmp_path / "crafted").exists()


@pytest.mark.parametrize("place", ["", "background", "answers/a", "pending"])
def test_d16_fields_that_sessions_have_not_are_refused_wherever_they_stand(place: str) -> None:
    stored = json.loads(session_to_json(replace(with_answer(a_session(), "a", "1"))))
    stored["session"]["pending"] = {"kind": "words", "item": "a", "text": "ord"}
    target = stored["session"]
    for step in filter(None, place.split("/")):
        target = target[step]
    assert session_from_json(json.dumps(stored).encode()).answers["a"].codes == ("1",)
    target["py/object"] = "builtins.eval"
    with pytest.raises(StorageError, match="not of the form"):
        session_from_json(json.dumps(stored).encode())


def test_a_session_of_an_earlier_program_that_lacks_a_newer_field_is_read() -> None:
    stored = json.loads(session_to_json(a_session()))
    del stored["session"]["submissions"]
    assert session_from_json(json.dumps(stored).encode()) == a_session()


async def test_half_a_character_cannot_be_stored_and_is_told_as_such(database: Database) -> None:
    half = replace(a_session(), answers={"a": Given(text="å\ud800")})
    with pytest.raises(StorageError, match="characters that cannot be stored"):
        await database.check.save(ANNA, half, 0)
    assert list(await database.check.mine(ANNA)) == []


async def test_a_person_may_be_named_by_anything(database: Database) -> None:
    odd = Person("tenant\0\ud800", "'; DROP TABLE drafts;--")
    await database.check.save(odd, a_session(), 0)
    assert list(await database.check.mine(odd)) == [Draft(a_session(), 1)]


async def test_a_failing_statement_tells_none_of_its_values(database: Database) -> None:
    await database.main.engine.write(lambda connection: connection.execute(text("DROP TABLE response_answers")))
    answers = (ItemAnswer("hinder", text="ont om folk", null=Null.SKIPPED),)
    with pytest.raises(StorageError) as caught:
        await database.check.submit(ANNA, a_session(), a_response(answers), 0)
    error: BaseException | None = caught.value
    while error is not None:
        assert "ont om folk" not in str(error)
        error = error.__cause__


async def test_without_its_key_a_round_that_is_open_is_an_error_and_others_go_on(
    database: Database, urls: tuple[str, str], caplog: pytest.LogCaptureFixture
) -> None:
    await database.check.add(a_round("r2"))
    for name in ("r1", "r2"):
        await database.check.save(ANNA, a_session(round=name), 0)
    gone = delete(round_keys).where(round_keys.c.round == "r1")
    await database.identity.engine.write(lambda connection: connection.execute(gone))
    restarted = await open_database(*urls, today=Calendar(), read=read)
    with caplog.at_level(logging.ERROR):
        assert [draft.session.round for draft in await restarted.check.mine(ANNA)] == ["r2"]
    assert "identity key of round r1 is missing" in caplog.text
    with pytest.raises(StorageError, match="identity key of round r1 is missing"):
        await restarted.check.save(ANNA, a_session(), 1)
    await restarted.close()


async def test_without_its_sealing_key_sealed_answers_are_an_error(database: Database) -> None:
    await database.check.submit(ANNA, a_session(), a_response(), 0)
    gone = delete(round_keys).where(round_keys.c.purpose == "sealing")
    await database.identity.engine.write(lambda connection: connection.execute(gone))
    with pytest.raises(StorageError, match="sealing key is missing"):
        await database.check.of_round("r1")


async def test_an_instrument_that_cannot_be_read_is_an_error_with_its_name(database: Database) -> None:
    await database.main.engine.write(
        lambda connection: connection.execute(
            insert(main.tables["rounds"]).values(
                id="r2",
                label="2027:1",
                instrument="nonsense",
                digest="d",
                status="open",
                opens=a_round().opens,
                practice=False,
            )
        )
    )
    with pytest.raises(StorageError, match="round 2027:1"):
        await database.check.rounds()
