"""Whose documents may be read: decided by the tenant, where it is one municipality's alone, and by who else listens."""

from __future__ import annotations

import logging

import pytest

from bot.conversation.readership import Readership
from bot.conversation.service import FyrenConversation
from bot.conversation.turn import Scope, Sender
from bot.municipalities import load_municipalities, readership
from bot.settings import Settings
from knowledge.access import EVERYBODY, OPERATOR, Audience, people_of
from tests.fakes.advice import FakeAdvice
from tests.fakes.check_talk import Client, conversation, store_with

TENANTS = [f"00000000-0000-0000-0000-00000000000{digit}" for digit in "abcde"]
MUNICIPALITIES = {"uddevalla": "Uddevalla", "dals-ed": "Dals-Ed", "fargelanda": "Färgelanda"}


@pytest.fixture
def advice() -> FakeAdvice:
    return FakeAdvice()


@pytest.fixture
def fyren(advice: FakeAdvice) -> FyrenConversation:
    return conversation(store_with(), advice, readership=Readership({TENANTS[0]: people_of("uddevalla")}))


def settings(**values: object) -> Settings:
    known = {"teams_app_id": TENANTS[0], "teams_app_password": "x" * 20, "teams_tenant_id": TENANTS[0]}
    return Settings(_env_file=None, **(known | values))  # type: ignore[arg-type,call-arg]  # each is one of its fields


def test_an_audience_reads_everybodys_and_its_own() -> None:
    assert [people_of("uddevalla").may_read(owner) for owner in ("", "uddevalla", "tanum")] == [True, True, False]
    assert [EVERYBODY.may_read(owner) for owner in ("", "uddevalla")] == [True, False]
    assert OPERATOR.among(("uddevalla", "tanum")) == {"uddevalla", "tanum"}
    assert people_of("") == EVERYBODY
    assert Audience(frozenset(("",))).among(("uddevalla",)) == frozenset()


def test_r07_a_tenant_opens_what_is_its_one_municipalitys() -> None:
    named = f"{TENANTS[0]}=Uddevalla,{TENANTS[1]}=fargelanda+SML-IT,{TENANTS[2]}=Färgelanda+Dals-Ed,{TENANTS[3]}=SML-IT"
    found = readership(settings(tenant_organisations=named), MUNICIPALITIES)
    assert found.of(TENANTS[0].upper(), personal=True) == people_of("uddevalla")
    assert found.of(TENANTS[1], personal=True) == people_of("fargelanda")
    for other in (TENANTS[2], TENANTS[3], TENANTS[4], "", "uddevalla"):
        assert found.of(other, personal=True) == EVERYBODY
    assert found.of(TENANTS[0], personal=False) == EVERYBODY


def test_r07_a_tenant_that_is_shared_opens_nothing_and_says_so(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.WARNING)
    readership(settings(tenant_organisations=f"{TENANTS[2]}=Färgelanda+Dals-Ed"), MUNICIPALITIES)
    assert TENANTS[2] in caplog.text


def test_r07_where_nobody_is_authenticated_no_tenant_opens_anything() -> None:
    found = readership(Settings(_env_file=None, tenant_organisations=f"{TENANTS[0]}=Uddevalla"), MUNICIPALITIES)  # type: ignore[call-arg,arg-type]  # pydantic-settings' own, and text as in a variable
    assert found.of(TENANTS[0], personal=True) == EVERYBODY


def test_the_municipalities_are_those_of_the_questionnaires() -> None:
    known = load_municipalities(settings())
    assert known["dals-ed"] == "Dals-Ed"
    assert len(known) == 14
    assert "sml-it" not in known


@pytest.mark.parametrize("scope", list(Scope))
async def test_r07_the_knowledge_base_is_told_for_whom_it_answers(
    fyren: FyrenConversation, advice: FakeAdvice, scope: Scope
) -> None:
    for tenant in (TENANTS[0], TENANTS[1]):
        await Client(fyren, Sender(tenant, "anna"), chat=tenant, scope=scope).say("Hur är läget i kommunerna?")
    own = people_of("uddevalla") if scope is Scope.PERSONAL else EVERYBODY
    assert advice.audiences == [own, EVERYBODY]


async def test_r07_a_question_in_the_middle_of_a_check_is_answered_for_the_same_people(
    fyren: FyrenConversation, advice: FakeAdvice
) -> None:
    me = Client(fyren, Sender(TENANTS[0], "anna"))
    await me.say("mognadskoll")
    await me.press("Jag har läst, starta")
    await me.press("Fortsätt", organisation="uddevalla", roles="ledning", operation="social")
    await me.say("Vad är portföljstyrning?")
    assert advice.audiences == [people_of("uddevalla")]
    assert advice.quoted == [True]
