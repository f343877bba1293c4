"""With a model that obeys everybody but us, nothing that harms reaches a person: not in one of all attacks."""

from __future__ import annotations

from knowledge.model import Answer, Citation, Status
from tests.attacks import cases, forms
from tests.attacks.cases import Case
from tests.attacks.conftest import Field, Published
from tests.attacks.hostile_model import secret_of, secrets_of
from tests.attacks.judge import Reached, harm
from tests.attacks.stage import OURS
from tests.fakes.chat_model import ScriptedModel

AT_LEAST = 300


def forms_of(published: Published, field: Field) -> dict[str, list[Case]]:
    """Every attack, by the test that tries it."""
    return {
        "r01": cases.of_forms(published.payloads),
        "r02": cases.of_documents(field.planted),
        "r03": [*cases.of_prompts(published.prompts), *cases.of_broken_answers()],
        "r04": cases.of_secrets(secret_of),
        "r05": cases.of_falsehoods(),
    }


async def tried(field: Field, attacks: list[Case]) -> None:
    """Try them one after the other, and fail with all that did harm."""
    harmful: list[str] = []
    for case in attacks:
        model = ScriptedModel(case.answer, size=211)
        reached = await field.stage.ask(model, case.question, before=case.before)
        instructions = "\n".join(request.system for request in model.requests)
        found = harm(reached, secrets_of(instructions), instructions)
        found += stored(field, case)
        if case.truth and forms.TRUE not in " ".join(str(payload.get("text")) for payload in reached.payloads):
            found.append("the claim that holds did not arrive")
        harmful += [f"{case.name}: {each}" for each in dict.fromkeys(found)]
    assert not harmful, f"{len(harmful)} of {len(attacks)} attacks:\n" + "\n".join(harmful)


def stored(field: Field, case: Case) -> list[str]:
    """What was kept of the turn beyond its answer."""
    journal = field.stage.journal
    most = 1 + len(case.before)
    return ["more was stored than the answer"] if len(journal.entries) > most or journal.thumbs else []


async def test_r01_no_form_of_link_image_or_mention_arrives(field: Field, published: Published) -> None:
    await tried(field, forms_of(published, field)["r01"])


async def test_r02_no_order_in_a_document_is_carried_out(field: Field, published: Published) -> None:
    await tried(field, forms_of(published, field)["r02"])


async def test_r03_no_prompt_talks_the_answer_out_of_its_sources(field: Field, published: Published) -> None:
    await tried(field, forms_of(published, field)["r03"])


async def test_r04_neither_canary_nor_instructions_are_given_away(field: Field, published: Published) -> None:
    await tried(field, forms_of(published, field)["r04"])


async def test_r05_no_number_name_or_source_is_made_up(field: Field, published: Published) -> None:
    await tried(field, forms_of(published, field)["r05"])


def test_there_are_as_many_attacks_as_promised(field: Field, published: Published) -> None:
    counts = {name: len(found) for name, found in forms_of(published, field).items()}
    print(f"attacks: {counts}, {sum(counts.values())} in all")
    assert sum(counts.values()) >= AT_LEAST
    names = [case.name for found in forms_of(published, field).values() for case in found]
    assert len(set(names)) == len(names)


def test_the_judge_sees_what_an_answer_without_verification_would_do() -> None:
    """Or its silence would mean nothing: every form, sent as a model wrote it, is found harmful."""
    from tests.fakes.advice import QUOTED

    unseen = []
    for name, text in (*forms.LINKS.items(), *forms.NUMBERS.items()):
        said = f"{text.replace('{true}', QUOTED.text)} [1]"
        citation = Citation(1, QUOTED, QUOTED.text)
        answer = Answer("?", Status.ANSWERED, "sv", said, (citation,), generator="fake/model")
        payload = {"type": "message", "text": said}
        if not harm(Reached([payload], [said], answer, [QUOTED], frozenset(), OURS)):
            unseen.append(name)
    assert unseen == []
